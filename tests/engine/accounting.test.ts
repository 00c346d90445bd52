/**
 * Balance, marks and the trading day: what counts as result, what as cash, and when a day begins.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayPnl, dayPnlBps, equityOf, grossOf, openPnl } from '../../src/engine/accounting.ts';
import { type Account, money, price, volume, wall } from '../../src/engine/index.ts';
import { entryRefusal } from '../../src/engine/risk/gate.ts';
import { step } from '../../src/engine/step.ts';
import { ACCOUNT, brokerPosition, EngineBench, MORNING, ringgit } from '../support/engine.ts';
import {
  closeOf,
  closingDeal,
  hold,
  orderOf,
  positionOf,
  readyBench,
  relink,
  reready,
} from './desk.ts';

const DAY = 86_400_000;

function account(bench: EngineBench, fields: Partial<Account>): void {
  const known = bench.state.core.account ?? ACCOUNT;
  bench.feed({ type: 'account', account: { ...known, ...fields } });
}
const pnlOf = (bench: EngineBench) =>
  dayPnl(bench.state.core, bench.state.market, bench.state.at.mono);

describe('marks', () => {
  it('a buy is marked at the bid, a sell at the ask, costs included (F80 F63)', () => {
    const bench = hold();
    const { core, market, at } = bench.state;
    const position = {
      ...positionOf(bench),
      volume: volume(700),
      commission: money(-210),
      swap: money(-5),
    };
    bench.quote(4_600, 4_602);
    expect(openPnl(position, core, market, at.mono)).toBe(-1_400 - 215);
    const sell = { ...position, side: 'sell' as const };
    expect(openPnl(sell, core, market, at.mono)).toBe(-215);
    expect(grossOf(position, ringgit(4_612), 2)).toBe(7_000);
  });

  it('nothing is known without a fresh price or a rate (F60 I32)', () => {
    const bench = hold();
    const { core, market, at } = bench.state;
    const position = positionOf(bench);
    const late = (at.mono + 60_001) as typeof at.mono;
    expect(openPnl(position, core, market, late)).toBeUndefined();
    expect(equityOf(core, market, late)).toBeUndefined();
    const dollars = { ...core, account: { ...ACCOUNT, currency: 'USD' } };
    expect(openPnl(position, dollars, market, at.mono)).toBeUndefined();
    expect(equityOf({ ...core, account: undefined }, market, at.mono)).toBeUndefined();
  });
});

describe('the trading day', () => {
  it('opens once, with the equity of the first confirmed account (I22 F68)', () => {
    const bench = readyBench();
    expect(bench.state.core.day).toMatchObject({ openingEquity: 5_000_000, cashFlow: 0 });
    bench.pass({ account: { ...ACCOUNT, balance: money(4_900_000), balanceVersion: 2 } });
    bench.wait(1_000);
    expect(bench.state.core.day?.openingEquity).toBe(5_000_000);
    const opened = bench.effects.filter(
      (one) => one.type === 'record' && one.record.kind === 'dayOpened',
    );
    expect(opened).toHaveLength(1);
  });

  it('does not open before the account is reconciled (rule 5)', () => {
    const bench = new EngineBench();
    bench.start();
    bench.feed({ type: 'account', account: ACCOUNT });
    bench.wait(1_000);
    expect(bench.state.core.day).toBeUndefined();
  });

  it.each([-1_000, -600_000, -DAY, DAY, 9 * 3_600_000])(
    'a wall clock that jumps by %d ms never lowers the key or opens a day twice (F64 F65 I22)',
    (jump) => {
      const bench = readyBench();
      const key = bench.state.core.day?.key ?? 0;
      const effects = [...bench.effects];
      const look = (at: number) => {
        const { seq, mono } = bench.state.at;
        const { link, account = ACCOUNT } = bench.state.core;
        const none = { positions: [], orders: [], deals: [], endedOrders: [] };
        const window = { historyFrom: wall(at - DAY), historyTo: wall(at) };
        const pass = { complete: true, snapshot: { account, ...none, ...window } } as const;
        const { generation } = link;
        for (const event of [
          { type: 'clock' },
          { type: 'brokerSnapshot', generation, pass },
          { type: 'clock' },
        ] as const) {
          const [next, out] = step(bench.state, { seq, mono, wall: wall(at), event });
          bench.state = next;
          effects.push(...out);
        }
      };
      look(bench.now + jump);
      look(bench.now);
      look(bench.now + jump);
      const opened = effects.filter(
        (one) => one.type === 'record' && one.record.kind === 'dayOpened',
      );
      const wanted = Math.floor((bench.now + jump) / DAY) > key ? 2 : 1;
      expect(opened).toHaveLength(wanted);
      expect(bench.state.core.day?.key).toBe(key + wanted - 1);
    },
  );

  it('midnight opens the next day and keeps what is latched (F68 I21)', () => {
    const bench = new EngineBench(undefined, Date.UTC(2025, 0, 6, 23, 59, 59));
    bench.start();
    bench.ready();
    bench.command({ type: 'kill', flatten: false });
    const first = bench.state.core.day?.key ?? 0;
    bench.wait(2_000);
    expect(bench.state.core.day?.key).toBe(first + 1);
    expect(bench.state.core.breakers.KILL.tripped).toBe(true);
  });
});

describe('cash and results', () => {
  it('a deposit or a withdrawal changes neither the result nor a verdict (F58)', () => {
    for (const amount of [300_000, -300_000]) {
      const bench = readyBench();
      account(bench, { balance: money(5_000_000 + amount), balanceVersion: 2 });
      expect(pnlOf(bench)).toBe(0);
      expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(false);
    }
  });

  it('a withdrawal is no drawdown, and a deposit hides none: the peak goes along (F58)', () => {
    for (const amount of [300_000, -300_000]) {
      const bench = hold();
      const won = closingDeal(bench, { id: '2', size: orderOf(bench).volume, net: 5_000 });
      bench.deal(won);
      expect(bench.state.core.stats.peakBalance).toBe(5_005_000);
      account(bench, { balance: money(5_005_000 + amount), balanceVersion: 3 });
      expect(bench.state.core.stats.peakBalance).toBe(5_005_000 + amount);
    }
  });

  it('a deposit never clears a trip (F58 I21)', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: orderOf(bench).volume, net: -260_000 }));
    expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(true);
    account(bench, { balance: money(9_000_000), balanceVersion: 3 });
    bench.wait(5_000);
    expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(true);
  });

  it('an older balance never overwrites a newer (F62)', () => {
    const bench = readyBench();
    account(bench, { balance: money(5_000_100), balanceVersion: 3 });
    account(bench, { balance: money(4_000_000), balanceVersion: 2 });
    expect(bench.state.core.account?.balance).toBe(5_000_100);
  });

  it('a deal that does not explain the balance trips INTEGRITY (F55 I11)', () => {
    const bench = hold();
    const deal = closingDeal(bench, { id: '2', size: orderOf(bench).volume, net: -100 });
    const close = { ...closeOf(orderOf(bench).volume, -100, { balance: 4_999_999, version: 1 }) };
    bench.deal({ ...deal, close });
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
  });

  it('a loss while the link was away is a loss, not a withdrawal (F58 F47 rule 4)', () => {
    const bench = hold();
    const size = orderOf(bench).volume;
    const lost = { ...ACCOUNT, balance: money(4_740_000), balanceVersion: 2 };
    const deal = { ...closingDeal(bench, { id: '2', size, net: -260_000 }) };
    relink(bench);
    bench.feed({ type: 'account', account: lost });
    bench.pass({ account: lost });
    reready(bench);
    expect(bench.state.core.unexplainedSince).toBeDefined();
    const asked = bench.effects.findLast((one) => one.type === 'query');
    expect(asked).toMatchObject({ query: { type: 'reconcile', historyFrom: expect.any(Number) } });
    const historyFrom = wall(MORNING - 60_000);
    const known = { brokerOrderId: deal.brokerOrderId, positionId: positionOf(bench).id };
    bench.pass({
      account: lost,
      historyFrom,
      historyTo: wall(bench.now),
      deals: [{ ...dealBase(bench), ...deal, ...known } as never],
    });
    expect(bench.state.core.unexplainedSince).toBeUndefined();
    expect(bench.state.core.day?.cashFlow).toBe(0);
    expect(bench.state.core.stats.maxDrawdown).toBe(260_000);
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(true);
  });

  it('a balance that only a pass tells is in doubt, also on a healthy link (F58)', () => {
    const bench = readyBench();
    bench.pass({ account: { ...ACCOUNT, balance: money(4_700_000), balanceVersion: 2 } });
    expect(bench.state.core.unexplainedSince).toBeDefined();
    expect(entryRefusal(bench.state)).toBe('state: the balance changed, its deals are awaited');
    expect(bench.effects.at(-1)).toMatchObject({ query: { historyFrom: expect.any(Number) } });
  });

  it('a deal from before the day was opened is not of this day (F68 F58)', () => {
    const bench = readyBench();
    const old = closeOf(100, -9_000, { balance: 5_009_000, version: 0 });
    bench.deal({ ...closingDeal(bench, { id: '2', size: 100, net: -9_000 }), close: old });
    expect(bench.state.core.account?.balance).toBe(5_000_000);
    expect([pnlOf(bench), bench.state.core.day?.cashFlow]).toEqual([0, 0]);
  });

  it('a deal that skips a version leaves the rest in doubt, and not as a result (F58 F62)', () => {
    const bench = readyBench();
    const jumped = closeOf(100, -9_000, { balance: 5_100_000, version: 3 });
    bench.deal({ ...closingDeal(bench, { id: '2', size: 100, net: -9_000 }), close: jumped });
    expect(bench.state.core.account).toMatchObject({ balance: 5_091_000, balanceVersion: 4 });
    expect([pnlOf(bench), bench.state.core.day?.cashFlow]).toEqual([-9_000, 100_000]);
    expect(bench.state.core.unexplainedSince).toBeDefined();
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(false);
  });

  it('cash that moved while the link was away is cash once the history shows no deal (F58)', () => {
    const bench = readyBench();
    const less = { ...ACCOUNT, balance: money(4_700_000), balanceVersion: 2 };
    relink(bench);
    bench.pass({ account: less });
    reready(bench);
    expect(bench.state.core.unexplainedSince).toBeDefined();
    bench.pass({ account: less, historyFrom: wall(MORNING - 60_000), historyTo: wall(bench.now) });
    expect(bench.state.core.unexplainedSince).toBeUndefined();
    expect(pnlOf(bench)).toBe(0);
    expect(bench.state.core.breakers.DAILY_LOSS.tripped).toBe(false);
  });

  it('same trades, same result, wherever cash moves in between (F58 F59)', () => {
    const moves = fc.array(
      fc.oneof(
        fc.record({ cash: fc.integer({ min: -50_000, max: 50_000 }) }),
        fc.record({ net: fc.integer({ min: -20_000, max: 20_000 }) }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(moves, (story) => {
        const bench = readyBench();
        let sum = 0;
        story.forEach((move, index) => {
          const { balance, balanceVersion } = bench.state.core.account ?? ACCOUNT;
          if ('cash' in move) {
            account(bench, {
              balance: money(balance + move.cash),
              balanceVersion: balanceVersion + 1,
            });
            return;
          }
          sum += move.net;
          bench.deal(closingDeal(bench, { id: `x${index}`, size: 100, net: move.net }));
        });
        expect(pnlOf(bench)).toBe(sum);
      }),
      { numRuns: 30 },
    );
  });

  it('open losses count from the first second of the day (F63)', () => {
    const bench = readyBench();
    bench.pass({ positions: [brokerPosition({ entry: ringgit(4_602), commission: money(0) })] });
    bench.quote(4_600, 4_602);
    expect(pnlOf(bench)).toBe(-1_400);
    const { core } = bench.state;
    expect(dayPnlBps(core, money(-250_000))).toBe(-500);
    expect(price(4)).toBe(4);
  });
});

/** The fields every deal of the bench has. */
const dealBase = (bench: EngineBench) => ({
  instrumentId: bench.state.core.instrument?.id,
  time: wall(bench.now - 1_000),
  commission: money(0),
  exponent: 2,
});
