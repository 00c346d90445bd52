/**
 * Positions from deals: every order of arrival, partial closes, protection, and the booked trade.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/engine/config.ts';
import type { Deal, OrderUpdate } from '../../src/engine/index.ts';
import {
  brokerOrderId,
  dealId,
  money,
  positionId,
  price,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { plannedStop } from '../../src/engine/positions.ts';
import { sizeOf } from '../../src/engine/trail.ts';
import { beginTurn } from '../../src/engine/turn.ts';
import { type EngineBench, ringgit } from '../support/engine.ts';
import {
  closeOf,
  closingDeal,
  fly,
  hold,
  idsOf,
  orderOf,
  positionOf,
  protect,
  readyBench,
} from './desk.ts';

type Fact =
  | { readonly kind: 'update'; readonly fields: Partial<OrderUpdate> }
  | { readonly kind: 'deal'; readonly fields: Partial<Deal> }
  | { readonly kind: 'protection' };

const PID = positionId('500');
const update = (executed: number, status: OrderUpdate['status'] = 'working'): Fact => ({
  kind: 'update',
  fields: { positionId: PID, executed: volume(executed), status },
});
const opening = (id: string, filled: number, at: number): Fact => ({
  kind: 'deal',
  fields: {
    id: dealId(id),
    filled: volume(filled),
    price: ringgit(at),
    commission: money(-filled),
  },
});
const closing = (
  id: string,
  closed: number,
  net: number,
  version: number,
  balance: number,
): Fact => ({
  kind: 'deal',
  fields: {
    id: dealId(id),
    brokerOrderId: brokerOrderId(`8${id}`),
    side: 'sell',
    filled: volume(closed),
    price: ringgit(4_610),
    cause: 'target',
    close: closeOf(closed, net, { balance: balance - net, version: version - 1 }),
  },
});

function tell(bench: EngineBench, fact: Fact): void {
  if (fact.kind === 'update') bench.orderUpdate({ ...idsOf(orderOf(bench)), ...fact.fields });
  else if (fact.kind === 'deal') bench.deal(fact.fields);
  else protect(bench);
}

/** What must not depend on the order in which the facts came. */
function outcome(bench: EngineBench) {
  const { core } = bench.state;
  const order = orderOf(bench);
  return {
    order: [order.state, order.executed, order.dealt, order.positionId],
    positions: core.positions.map(
      ({ id, ours, orderId, side, volume: size, stop, target, state, realised }) => ({
        id,
        ours,
        orderId,
        side,
        size,
        stop,
        target,
        state,
        realised,
      }),
    ),
    early: core.early,
    streak: core.lossStreak,
    stats: core.stats,
    balance: core.account?.balance,
    cash: core.day?.cashFlow,
    integrity: core.breakers.INTEGRITY.tripped,
  };
}

const base = fly();
const SIZE = orderOf(base).volume;

function play(story: readonly Fact[]): EngineBench {
  const bench = fly();
  for (const fact of story) tell(bench, fact);
  return bench;
}

const STORIES: Readonly<Record<string, readonly Fact[]>> = {
  'one fill': [
    update(0),
    update(SIZE, 'filled'),
    opening('1', SIZE, 4_602),
    { kind: 'protection' },
  ],
  'many fills': [
    update(0),
    update(200),
    update(SIZE, 'filled'),
    opening('1', 200, 4_602),
    opening('2', 100, 4_603),
    opening('3', SIZE - 300, 4_605),
    { kind: 'protection' },
  ],
  'a cancelled rest': [
    update(0),
    update(300, 'cancelled'),
    opening('1', 100, 4_602),
    opening('2', 200, 4_603),
    { kind: 'protection' },
  ],
  'a filled event for a part': [update(0), update(300, 'filled'), opening('1', 300, 4_602)],
  'opened and closed': [
    update(0),
    update(SIZE, 'filled'),
    opening('1', SIZE, 4_602),
    { kind: 'protection' },
    closing('9', SIZE, -700, 2, 4_999_300),
  ],
  'closed in two parts': [
    update(0),
    update(SIZE, 'filled'),
    opening('1', SIZE, 4_602),
    closing('8', 200, -300, 2, 4_999_700),
    closing('9', SIZE - 200, -400, 3, 4_999_300),
  ],
};

describe('any order, any repetition, the same end', () => {
  for (const [name, facts] of Object.entries(STORIES)) {
    it(`${name} (F29 F30 F31 F32 F57 I12)`, () => {
      const plain = outcome(play(facts));
      expect(plain.integrity).toBe(false);
      const indexes = facts.map((_, index) => index);
      const shuffles = fc.shuffledSubarray([...indexes, ...indexes], {
        minLength: 2 * facts.length,
      });
      fc.assert(
        fc.property(shuffles, (story) => {
          // A balance told out of order is cash until its deal comes: compared once all are told.
          expect(outcome(play(story.flatMap((index) => facts[index] ?? [])))).toEqual(plain);
        }),
        { numRuns: 40 },
      );
    });
  }

  it('the balance told before its deal is not cash once the deal is known (F58 F62)', () => {
    const bench = hold();
    const account = bench.state.core.account;
    if (account === undefined) throw new Error('no account');
    const deal = closingDeal(bench, { id: '9', size: SIZE, net: -20_000 });
    const balance = money(account.balance - 20_000);
    bench.feed({ type: 'account', account: { ...account, balance, balanceVersion: 2 } });
    bench.deal(deal);
    expect(bench.state.core.day?.cashFlow).toBe(0);
    expect(bench.state.core.account?.balance).toBe(balance);
    expect(bench.state.core.lossStreak).toBe(1);
  });
});

describe('more deals than are remembered', () => {
  it('a history that tells all of them again applies none twice (I12 I27 F57)', () => {
    const bench = readyBench();
    const count = LIMITS.deals + 100;
    const story = Array.from({ length: count }, (_, index) => ({
      id: dealId(`d${index}`),
      brokerOrderId: brokerOrderId('7'),
      positionId: positionId(`p${index % 10}`),
      time: wall(bench.now + index),
    }));
    for (const one of story) bench.deal(one);
    const applied = () =>
      bench.effects.filter((one) => one.type === 'record' && one.record.kind === 'deal').length;
    expect(applied()).toBe(count);
    for (const one of story) bench.deal(one);
    expect(applied()).toBe(count);
    expect(sizeOf(bench.state.core.deals)).toBe(LIMITS.deals);
  });
});

describe('opening', () => {
  it('several deals merge at the mean price, to the wire unit (F31 I13)', () => {
    const bench = play([update(0), opening('1', 100, 4_600), opening('2', 200, 4_603)]);
    expect(positionOf(bench)).toMatchObject({
      volume: 300,
      entry: ringgit(4_602),
      commission: -300,
    });
  });

  it('a deal of an order that is not ours makes a stranger, never a guess (F19 F48 I33)', () => {
    const bench = play([opening('1', SIZE, 4_602)]);
    expect(positionOf(bench)).toMatchObject({ ours: false, orderId: undefined });
    tell(bench, update(SIZE, 'filled'));
    expect(positionOf(bench)).toMatchObject({ ours: true, orderId: orderOf(bench).id });
  });

  it('strangers are counted but their results are not our streak (F48 F61)', () => {
    const bench = readyBench();
    bench.deal({ id: dealId('1'), brokerOrderId: brokerOrderId('77') });
    bench.deal(closingDeal(bench, { id: '2', size: 700, net: -5_000 }));
    const { core } = bench.state;
    expect(core.positions).toEqual([]);
    expect([core.lossStreak, core.stats.trades]).toEqual([0, 0]);
    expect(core.account?.balance).toBe(4_995_000);
  });
});

describe('closing', () => {
  it('a partial close leaves the rest, protected, and books nothing yet (F61 I13)', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: 200, net: -900 }));
    expect(positionOf(bench)).toMatchObject({
      volume: SIZE - 200,
      state: 'PROTECTED',
      realised: -900,
    });
    expect(bench.state.core.stats.trades).toBe(0);
    bench.deal(closingDeal(bench, { id: '3', size: SIZE - 200, net: 300 }));
    expect(bench.state.core.stats).toMatchObject({ trades: 1, losses: 1, netProfit: -600 });
    expect(bench.state.core.lossStreak).toBe(1);
  });

  it('exactly zero changes no streak; a win ends it (F61)', () => {
    const results: [number, number][] = [
      [-100, 1],
      [0, 1],
      [50, 0],
    ];
    let streak = 0;
    for (const [net, wanted] of results) {
      const bench = hold();
      bench.state = { ...bench.state, core: { ...bench.state.core, lossStreak: streak } };
      bench.deal(closingDeal(bench, { id: '2', size: SIZE, net }));
      streak = bench.state.core.lossStreak;
      expect(streak).toBe(wanted);
    }
  });

  it('more than is open is kept aside and never goes below zero (I13)', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: SIZE + 100, net: 10 }));
    expect(positionOf(bench).volume).toBe(SIZE);
    expect(bench.state.core.early.deals).toHaveLength(1);
  });

  it('a stop-out is booked, counted and trips INTEGRITY (F45)', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: SIZE, net: -90_000, cause: 'stop-out' }));
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.lossStreak).toBe(1);
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
  });

  it('prices and results are those of the deals, not of our quotes (F54)', () => {
    const bench = hold();
    expect(positionOf(bench).entry).toBe(ringgit(4_602));
    bench.deal(closingDeal(bench, { id: '2', size: SIZE, net: 12_345 }));
    expect(bench.state.core.stats.netProfit).toBe(12_345);
    expect(bench.state.core.marks.map((mark) => mark.net)).toEqual([undefined, 12_345]);
  });
});

describe('protection', () => {
  it('follows what the broker shows: confirmed, removed, restored (F37 F38)', () => {
    const bench = hold();
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', nakedSince: undefined });
    bench.feed({
      type: 'protection',
      generation: bench.state.core.link.generation,
      positionId: PID,
      stop: undefined,
      target: ringgit(4_694),
    });
    expect(positionOf(bench)).toMatchObject({ state: 'NAKED', stop: undefined });
    expect(bench.effects.at(-1)).toMatchObject({ type: 'alert', level: 'critical' });
    protect(bench, 4_540);
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', stop: ringgit(4_540) });
  });

  it('plans the stop away from the market and on the grid, for both sides (F40)', () => {
    const bench = hold();
    const turn = beginTurn(bench.state, bench.state.at);
    const position = { ...positionOf(bench), orderId: undefined, entry: price(460_250_000) };
    const buy = plannedStop(turn, position) ?? 0;
    const sell = plannedStop(turn, { ...position, side: 'sell' }) ?? 0;
    expect([buy % 100_000, sell % 100_000]).toEqual([0, 0]);
    expect(buy).toBe(ringgit(4_533));
    expect(sell).toBe(ringgit(4_672));
  });

  it('word of levels after the end brings nothing back (F32)', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: SIZE, net: 1 }));
    protect(bench);
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.early.levels).toEqual([]);
  });
});
