// The simulated exchange against accounts computed by hand and event sequences seen at a broker.
import { describe, expect, it } from 'vitest';
import { brokerOrderId, money, positionId, price, volume, wall } from '../../src/engine/index.ts';
import { listOf } from '../../src/engine/trail.ts';
import { FIRST_IDS, seedExchange, stepExchange } from '../../src/sim/exchange.ts';
import { equityOf, freeMarginOf, usedMarginOf } from '../../src/sim/exchange-money.ts';
import type { ExchangeOutput } from '../../src/sim/exchange-types.ts';
import { FCPO_ID, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { golden } from '../support/golden.ts';
import { createDesk, NIGHT, NOW, openListing, ringgit, stamp, tonnes } from './exchange-desk.ts';

function refusal(output: ExchangeOutput | undefined): string {
  return output?.type === 'refused' ? `${output.code} ${output.description}` : `not refused`;
}

function quoted() {
  const desk = createDesk();
  desk.quote(4600, 4603);
  return desk;
}

describe('event sequences', () => {
  it('match the recorded rows 1, 2, 13 to 19', () => {
    const rows: string[] = [];
    const scene = (name: string, play: (desk: ReturnType<typeof quoted>) => void): void => {
      const desk = quoted();
      play(desk);
      rows.push(`# ${name}`, desk.text(), '');
    };
    scene('1 market, no levels; 18 full close of a bare position', (desk) => {
      desk.open('buy', 25);
      desk.close(25);
    });
    scene('2 market with relative levels; 17 full close with protection', (desk) => {
      desk.open('buy', 25, { stop: 60, target: 90 });
      desk.close(25);
    });
    scene('13 levels changed; 15 both removed; 14 set on a bare position', (desk) => {
      desk.open('sell', 25, { stop: 60, target: 90 });
      desk.amend({ stop: 4650 });
      desk.amend({});
      desk.amend({ stop: 4640, target: 4500 });
    });
    scene('16 partial close', (desk) => {
      desk.open('buy', 25, { stop: 60, target: 90 });
      desk.close(10);
    });
    scene('19 stop hit, and beyond its level in a gap', (desk) => {
      desk.open('buy', 25, { stop: 60, target: 90 });
      desk.quote(4543, 4546);
      desk.open('sell', 25, { stop: 60, target: 90 });
      desk.quote(4700, 4704);
    });
    scene('19 target hit, at the level or better', (desk) => {
      desk.open('buy', 25, { stop: 60, target: 90 });
      desk.quote(4700, 4703);
    });
    scene('refusals change nothing', (desk) => {
      desk.open('buy', 0);
      desk.open('buy', 2501);
      desk.open('buy', 300);
    });
    golden('sim/exchange-sequences.txt', `${rows.join('\n')}`);
  });
});

describe('a hand-computed account', () => {
  it('buys 25 tonnes at the ask and loses exactly the stop distance plus two commissions', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60, target: 90 });
    const [held] = desk.state().positions;
    expect(held).toMatchObject({
      entry: ringgit(4603),
      stop: ringgit(4543),
      target: ringgit(4693),
      commission: -1_500,
      usedMargin: 575_375,
    });
    // Opening does not touch the balance; equity shows spread and opening commission.
    expect(desk.state().account.balance).toBe(5_000_000);
    expect(equityOf(desk.state())).toBe(5_000_000 - 3 * 25 * 100 - 1_500);
    expect(usedMarginOf(desk.state())).toBe(575_375);
    expect(freeMarginOf(desk.state())).toBe(5_000_000 - 7_500 - 1_500 - 575_375);
    desk.quote(4543);
    expect(desk.state().account).toMatchObject({
      balance: 5_000_000 - 60 * 25 * 100 - 3_000,
      balanceVersion: 2,
    });
    expect(desk.state().positions).toEqual([]);
    expect(usedMarginOf(desk.state())).toBe(0);
  });

  it('sells at the bid, is marked at the ask, and its stop watches the ask', () => {
    const desk = quoted();
    desk.open('sell', 50, { stop: 40 });
    expect(desk.state().positions[0]).toMatchObject({ entry: ringgit(4600), stop: ringgit(4640) });
    desk.quote(4639);
    expect(desk.state().positions).toHaveLength(1);
    desk.quote(undefined, 4641);
    expect(desk.state().positions).toHaveLength(0);
    expect(desk.state().account.balance).toBe(5_000_000 - 41 * 50 * 100 - 6_000);
  });

  it('splits commission and margin over a partial close, entry unchanged', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60 });
    desk.quote(4613, 4616);
    desk.close(10);
    expect(desk.state().account.balance).toBe(5_000_000 + 10 * 10 * 100 - 600 - 600);
    expect(desk.state().positions[0]).toMatchObject({
      volume: tonnes(15),
      entry: ringgit(4603),
      commission: -900,
      usedMargin: 345_225,
    });
    desk.close(15);
    expect(desk.state().account.balance).toBe(5_000_000 + 25 * 10 * 100 - 3_000);
  });

  it('carries swap to the balance only at the close, and cash at once', () => {
    const desk = quoted();
    desk.open('buy', 25);
    const id = desk.state().positions[0]?.id ?? positionId('0');
    desk.apply({ type: 'swap', time: NOW, positionId: id, amount: money(-701) });
    expect(desk.state().account.balance).toBe(5_000_000);
    desk.apply({ type: 'cash', time: NOW, amount: money(10_000) });
    expect(desk.state().account).toMatchObject({ balance: 5_010_000, balanceVersion: 2 });
    desk.close(25);
    expect(desk.state().account.balance).toBe(5_010_000 - 7_500 - 3_000 - 701);
  });

  it('splits swap over partial closes without losing a sen', () => {
    const desk = quoted();
    desk.open('buy', 25);
    const id = desk.state().positions[0]?.id ?? positionId('0');
    desk.apply({ type: 'swap', time: NOW, positionId: id, amount: money(-701) });
    desk.close(10);
    expect(desk.state().positions[0]?.swap).toBe(-421);
    desk.close(15);
    expect(listOf(desk.state().deals).map((deal) => deal.close?.swap)).toEqual([
      undefined,
      -280,
      -421,
    ]);
    expect(desk.state().account.balance).toBe(5_000_000 - 7_500 - 3_000 - 701);
  });

  it('averages the entry over several fills', () => {
    const desk = quoted();
    const [accepted] = desk.apply({
      type: 'submit',
      ...stamp,
      instrumentId: FCPO_ID,
      side: 'buy',
      volume: tonnes(25),
      stopDistance: ringgit(60),
    });
    const orderId = accepted?.type === 'execution' ? accepted.order.id : brokerOrderId('0');
    const [first] = desk.apply({ type: 'fill', ...stamp, orderId, volume: tonnes(10) });
    expect(first).toMatchObject({ execution: 'PARTIAL_FILL', due: { type: 'fill' } });
    desk.quote(4602, 4605);
    const [second] = desk.apply({ type: 'fill', ...stamp, orderId });
    expect(second).toMatchObject({ execution: 'FILLED', due: { type: 'protect' } });
    const [held] = desk.state().positions;
    expect(held).toMatchObject({ volume: tonnes(25), entry: (4603 * 10 + 4605 * 15) * 4_000 });
    desk.apply({ type: 'protect', time: NOW, positionId: held?.id ?? positionId('0') });
    // 4604.2 - 60 = 4544.2: off the grid, so the tighter 4545.
    expect(desk.state().positions[0]?.stop).toBe(ringgit(4545));
  });
});

describe('stops and targets', () => {
  it('stay quiet on an initial, possibly old price (F72) and outside the session', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60 });
    const low = { type: 'quote', instrumentId: FCPO_ID, bid: ringgit(4000) } as const;
    expect(desk.apply({ ...low, time: NOW, initial: true })).toEqual([]);
    expect(desk.apply({ ...low, time: wall(NOW + 3 * 3_600_000), initial: false })).toEqual([]);
    expect(desk.apply({ ...low, time: NIGHT, initial: false })).toMatchObject([
      { deal: { price: ringgit(4000), cause: 'stop' } },
    ]);
  });

  it('do not exist between the fill and the protective order (F37)', () => {
    const desk = quoted();
    const [accepted] = desk.apply({
      type: 'submit',
      ...stamp,
      instrumentId: FCPO_ID,
      side: 'buy',
      volume: tonnes(25),
      stopDistance: ringgit(10),
    });
    const orderId = accepted?.type === 'execution' ? accepted.order.id : brokerOrderId('0');
    desk.apply({ type: 'fill', ...stamp, orderId });
    expect(desk.quote(4500, 4503)).toEqual([]);
    const id = desk.state().positions[0]?.id ?? positionId('0');
    const outputs = desk.apply({ type: 'protect', time: NOW, positionId: id });
    expect(outputs).toMatchObject([
      { execution: 'ACCEPTED', serverEvent: true },
      { execution: 'FILLED', serverEvent: true, deal: { price: ringgit(4500), cause: 'stop' } },
    ]);
  });

  it('slip by the listing’s rule, targets never', () => {
    const listing = openListing();
    const costs = { ...listing.costs, slippage: ringgit(2) };
    const desk = createDesk({ ...listing, costs });
    desk.quote(4600, 4603);
    desk.open('buy', 25, { stop: 60, target: 50 });
    expect(desk.state().positions[0]?.entry).toBe(ringgit(4605));
    desk.quote(4545);
    expect(desk.last()).toMatchObject({ deal: { price: ringgit(4543), cause: 'stop' } });
    desk.open('buy', 25, { target: 50 });
    desk.quote(4655);
    expect(desk.last()).toMatchObject({ deal: { price: ringgit(4655), cause: 'target' } });
  });

  it('win the race against a close that was already accepted (F43)', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60 });
    const id = desk.state().positions[0]?.id ?? positionId('0');
    const [accepted] = desk.apply({ type: 'close', ...stamp, positionId: id, volume: tonnes(25) });
    const orderId = accepted?.type === 'execution' ? accepted.order.id : brokerOrderId('0');
    desk.quote(4540);
    expect(desk.apply({ type: 'fill', ...stamp, orderId })).toMatchObject([
      { execution: 'CANCELLED', deal: undefined, position: { id, status: 'CLOSED', volume: 0 } },
    ]);
    expect(listOf(desk.state().deals).filter((deal) => deal.close !== undefined)).toHaveLength(1);
    const late = desk.apply({ type: 'close', ...stamp, positionId: id, volume: tonnes(25) });
    expect(refusal(late[0])).toBe(`POSITION_NOT_FOUND Position not found with id ${id}`);
  });
});

describe('refusals', () => {
  const submit = { type: 'submit', ...stamp, instrumentId: FCPO_ID, side: 'buy' } as const;
  const cases: readonly (readonly [string, Parameters<typeof stepExchange>[1], string])[] = [
    [
      'too small',
      { ...submit, volume: volume(0) },
      'TRADING_BAD_VOLUME Order volume = 0.00 is smaller than minimum allowed volume = 1.00.',
    ],
    [
      'too big',
      { ...submit, volume: tonnes(2_600) },
      'TRADING_BAD_VOLUME Order volume = 2600.00 is bigger than maximum allowed volume = 2500.00.',
    ],
    [
      'off step',
      { ...submit, volume: volume(150) },
      'TRADING_BAD_VOLUME Order volume = 1.50 is not a multiple of step volume = 1.00.',
    ],
    [
      'stop off grid',
      { ...submit, volume: tonnes(1), stopDistance: price(150_000) },
      'INVALID_REQUEST Relative stop loss has invalid precision',
    ],
    [
      'target off grid',
      { ...submit, volume: tonnes(1), targetDistance: price(1) },
      'INVALID_REQUEST Relative take profit has invalid precision',
    ],
    [
      'closed market',
      { ...submit, time: wall(NOW + 3 * 3_600_000), volume: tonnes(1) },
      'MARKET_CLOSED Trading is not available: Market is closed.',
    ],
    ['no money', { ...submit, volume: tonnes(300) }, 'NOT_ENOUGH_MONEY Not enough money'],
    [
      'unknown position',
      { type: 'amend', ...stamp, positionId: positionId('1') },
      'POSITION_NOT_FOUND Position not found with id 1',
    ],
    [
      'unknown order',
      { type: 'cancel', ...stamp, orderId: brokerOrderId('1') },
      'ORDER_NOT_FOUND Order not found with id 1',
    ],
  ];
  for (const [name, input, expected] of cases) {
    it(`${name}: ${expected.split(' ')[0]}`, () => {
      const desk = quoted();
      const before = desk.state();
      expect(refusal(desk.apply(input)[0])).toBe(expected);
      expect(desk.state()).toBe(before);
    });
  }

  it('margin of positions and of entries still in flight is not free for another', () => {
    const filled = quoted();
    filled.open('buy', 150);
    filled.open('buy', 100);
    expect(refusal(filled.last())).toBe('NOT_ENOUGH_MONEY Not enough money');
    filled.open('buy', 50);
    expect(filled.state().positions).toHaveLength(2);
    const flying = quoted();
    const entry = { type: 'submit', ...stamp, instrumentId: FCPO_ID, side: 'buy' } as const;
    flying.apply({ ...entry, volume: tonnes(150) });
    expect(usedMarginOf(flying.state())).toBe(150 * 4603 * 5);
    const [second] = flying.apply({ ...entry, volume: tonnes(100) });
    expect(refusal(second)).toBe('NOT_ENOUGH_MONEY Not enough money');
  });

  it('an amend with one bad level changes neither', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60 });
    const before = desk.state();
    expect(refusal(desk.amend({ stop: 4550, target: 4599 })[0])).toBe(
      'TRADING_BAD_STOPS New TP for BUY position should be >= current BID price. ' +
        'current BID: 4600, TP: 4599',
    );
    expect(refusal(desk.amend({ stop: 4601 })[0])).toContain(
      'New SL for BUY position should be <=',
    );
    for (const absurd of [0, -1, -4550]) {
      expect(refusal(desk.amend({ stop: absurd })[0])).toContain('Invalid stopLoss price');
      expect(refusal(desk.amend({ stop: 4550, target: absurd })[0])).toContain('takeProfit');
    }
    expect(refusal(desk.amend({ stop: 4550.5 })[0])).toBe(
      'INVALID_REQUEST Order price = 4550.5 has more digits than symbol allows. Allowed 0 digits',
    );
    expect(desk.state()).toBe(before);
  });

  it('an amend of nothing on a bare position', () => {
    const desk = quoted();
    desk.open('buy', 25);
    expect(refusal(desk.amend({})[0])).toBe('INVALID_REQUEST Nothing to amend.');
  });

  it('without a price on the needed side, and after the feed was lost (F71)', () => {
    const desk = createDesk();
    desk.quote(4600);
    desk.open('buy', 25);
    expect(refusal(desk.last())).toBe('NO_QUOTES No quotes');
    desk.quote(undefined, 4603);
    desk.apply({ type: 'quotesLost', time: NOW });
    desk.open('buy', 25);
    expect(refusal(desk.last())).toBe('NO_QUOTES No quotes');
  });

  it('of an instrument that is close-only: closing stays possible (F52)', () => {
    const listing = openListing();
    const desk = quoted();
    desk.open('buy', 25);
    const instrument = { ...listing.instrument, status: 'close-only' } as const;
    desk.apply({ type: 'list', time: NOW, listing: { ...listing, instrument } });
    desk.open('buy', 25);
    expect(refusal(desk.last())).toContain('TRADING_DISABLED');
    desk.close(25);
    expect(desk.state().positions).toEqual([]);
  });
});

describe('restart', () => {
  it('continues with balance, positions and levels, and never gives an id twice', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60, target: 90 });
    const [held] = desk.state().positions;
    if (held === undefined) throw new Error('position expected');
    const { status: _s, updatedAt: _u, protectiveOrderId: _p, label: _l, ...kept } = held;
    const seed = {
      account: desk.state().account,
      ids: desk.state().ids,
      positions: [{ ...kept, openedAt: NOW }],
      time: NOW,
    };
    const restored = seedExchange(seed);
    expect(restored.positions[0]).toMatchObject({ ...kept, status: 'OPEN' });
    const listed = stepExchange(restored, { type: 'list', listing: openListing(), time: NOW })[0];
    const low = { type: 'quote', instrumentId: FCPO_ID, bid: ringgit(4500) } as const;
    const [after, outputs] = stepExchange(listed, { ...low, time: NOW, initial: false });
    expect(outputs).toMatchObject([{ deal: { cause: 'stop', id: '9000002' } }]);
    expect(after.account.balance).toBe(5_000_000 - 103 * 25 * 100 - 3_000);
    expect(() => seedExchange({ ...seed, ids: FIRST_IDS })).toThrow('given out again');
  });

  it('keeps its whole state through JSON', () => {
    const desk = quoted();
    desk.open('buy', 25, { stop: 60 });
    desk.close(10);
    expect(JSON.parse(JSON.stringify(desk.state()))).toEqual(desk.state());
    expect(desk.state().account.id).toBe(SIMULATED_ACCOUNT.id);
  });
});
