/** The reconciliation table: what is ours, what the broker shows, and what follows; row by row. */
import { describe, expect, it } from 'vitest';
import { money, untrusted, volume, wall } from '../../src/engine/index.ts';
import { MORNING } from '../support/engine.ts';
import {
  closingDeal,
  failed,
  fly,
  hold,
  idsOf,
  intend,
  orderOf,
  positionOf,
  readyBench,
  relink,
  reready,
  shownAs,
  waitQuoted,
} from './desk.ts';
import { deal, integrity, unknown, update, window } from './reconcile-desk.ts';

describe('an order in doubt', () => {
  it('R01 nothing here, nothing there: free', () => {
    const bench = readyBench();
    bench.pass({});
    expect(bench.state.core).toMatchObject({ reconciled: true, positions: [], orders: [] });
    expect(integrity(bench)).toBe(false);
  });

  it('R02 an unsent intent is aborted by a restart and nothing leaves', () => {
    const bench = intend();
    bench.start();
    expect(orderOf(bench).state).toBe('ABORTED');
    bench.ready({ generation: 2 });
    bench.durable();
    expect(bench.requests).toEqual([]);
  });

  it('R03 our label on a position: FILLED, ours, protected (F02 F46 T11)', () => {
    const bench = unknown();
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench)).toMatchObject({ ours: true, state: 'PROTECTED' });
    expect(integrity(bench)).toBe(false);
  });

  it('R03 with the history of the fill: ours, not a stranger, and counted once (F46 I12)', () => {
    const bench = unknown();
    const size = orderOf(bench).volume;
    bench.pass({
      ...window(bench),
      positions: [shownAs(orderOf(bench))],
      endedOrders: [update(bench, { executed: size, status: 'filled' })],
      deals: [deal(bench)],
    });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench)).toMatchObject({ ours: true, volume: size, state: 'PROTECTED' });
    expect(integrity(bench)).toBe(false);
  });

  it('R03 a part only: DONE_PARTIAL with the executed volume (F30)', () => {
    const bench = unknown();
    bench.pass({ positions: [shownAs(orderOf(bench), { volume: volume(200) })] });
    expect(orderOf(bench)).toMatchObject({ state: 'DONE_PARTIAL', executed: 200 });
    expect(positionOf(bench).volume).toBe(200);
  });

  it('R03 the deal comes after the position was adopted: not added again (I12 F57)', () => {
    const bench = unknown();
    const size = orderOf(bench).volume;
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    const fill = update(bench, { executed: size, status: 'filled' });
    bench.pass({
      ...window(bench),
      positions: [shownAs(orderOf(bench))],
      endedOrders: [fill],
      deals: [deal(bench)],
    });
    expect(positionOf(bench)).toMatchObject({ volume: size, unexplained: 0 });
    expect(integrity(bench)).toBe(false);
  });

  it('R03 its deal told live after the adoption is not added either (I12 6 b)', () => {
    const bench = unknown();
    const order = orderOf(bench);
    bench.pass({ positions: [shownAs(order)] });
    bench.orderUpdate({ ...update(bench), executed: order.volume, status: 'filled' });
    bench.deal({ filled: order.volume });
    expect(positionOf(bench)).toMatchObject({ volume: order.volume, unexplained: 0 });
    expect(integrity(bench)).toBe(false);
  });

  it('R04 still pending: ACCEPTED, and no absence is counted (T11)', () => {
    const bench = unknown();
    bench.pass({ ...window(bench), orders: [update(bench)] });
    expect(orderOf(bench)).toMatchObject({ state: 'ACCEPTED', absences: 0 });
  });

  it.each([
    ['rejected', 'REJECTED'],
    ['cancelled', 'CANCELLED'],
    ['expired', 'EXPIRED'],
  ] as const)('R05 ended as %s without execution: %s (T11)', (status, state) => {
    const bench = unknown();
    bench.pass({ ...window(bench), endedOrders: [update(bench, { status })] });
    expect(orderOf(bench).state).toBe(state);
  });

  it('R06 filled and closed meanwhile: one trade, its loss, its streak (F45 rule 4)', () => {
    const bench = unknown();
    const size = orderOf(bench).volume;
    const closed = deal(bench, {
      ...closingDeal(bench, { id: '2', size, net: -70_000 }),
      side: 'sell',
      cause: 'stop',
    });
    const account = bench.state.core.account;
    if (account === undefined) throw new Error('no account');
    bench.pass({
      ...window(bench),
      account: { ...account, balance: money(account.balance - 70_000), balanceVersion: 2 },
      endedOrders: [update(bench, { executed: size, status: 'filled' })],
      deals: [deal(bench), closed],
    });
    const { core } = bench.state;
    expect(orderOf(bench).state).toBe('FILLED');
    expect(core.positions).toEqual([]);
    expect(core).toMatchObject({ lossStreak: 1, day: { cashFlow: 0 } });
    expect(core.stats).toMatchObject({ trades: 1, netProfit: -70_000 });
    expect(integrity(bench)).toBe(false);
  });

  it('two clean passes, apart and late enough, prove absence; one does not (T12 F28)', () => {
    const bench = unknown();
    reready(bench);
    const look = () => bench.pass(window(bench));
    look();
    expect(orderOf(bench).absences).toBe(0);
    waitQuoted(bench, 61_000);
    look();
    look();
    expect(orderOf(bench)).toMatchObject({ state: 'UNKNOWN', absences: 1 });
    waitQuoted(bench, 9_000);
    look();
    expect(orderOf(bench).state).toBe('UNKNOWN');
    waitQuoted(bench, 2_000);
    look();
    expect(orderOf(bench).state).toBe('ABSENT');
    expect(bench.requests.filter((one) => one.type === 'submitOrder')).toHaveLength(1);
  });

  it('a pass without history, or with one that misses the send, proves nothing (I08 5.3)', () => {
    const bench = unknown();
    reready(bench);
    const late = { historyFrom: wall(bench.now - 1_000), historyTo: wall(bench.now) };
    const early = { historyFrom: wall(MORNING - 120_000), historyTo: wall(MORNING) };
    for (const part of [{}, late, early, {}, late, early]) {
      waitQuoted(bench, 61_000 - 30_000);
      bench.pass(part);
      expect(orderOf(bench).absences).toBe(0);
    }
  });

  it('what executed in part is never absent (I08 F30)', () => {
    const bench = fly();
    bench.orderUpdate({ ...idsOf(orderOf(bench)), executed: volume(100) });
    relink(bench);
    bench.pass(window(bench));
    expect(orderOf(bench)).toMatchObject({ state: 'DONE_PARTIAL', executed: 100 });
  });

  it('R29 ended without a fill, and the history knows one: adopted, INTEGRITY (T15 F34)', () => {
    const bench = unknown();
    bench.pass({ endedOrders: [update(bench, { status: 'rejected' })], ...window(bench) });
    expect(orderOf(bench).state).toBe('REJECTED');
    const { volume: size } = orderOf(bench);
    bench.pass({
      positions: [shownAs(orderOf(bench))],
      endedOrders: [update(bench, { status: 'filled', executed: size })],
      deals: [deal(bench)],
      ...window(bench),
    });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench)).toMatchObject({ ours: true, volume: size, state: 'PROTECTED' });
    expect(integrity(bench)).toBe(true);
  });

  it('late evidence after ABSENT wins and trips INTEGRITY (T15 F34)', () => {
    const bench = unknown();
    reready(bench);
    for (const pause of [61_000, 11_000]) {
      waitQuoted(bench, pause);
      bench.pass(window(bench));
    }
    expect(orderOf(bench).state).toBe('ABSENT');
    const size = orderOf(bench).volume;
    bench.orderUpdate({ ...update(bench), executed: size, status: 'filled' });
    bench.deal(deal(bench));
    expect(orderOf(bench).state).toBe('FILLED');
    expect(positionOf(bench).ours).toBe(true);
    expect(integrity(bench)).toBe(true);
  });
});

describe('the pass itself', () => {
  it('R28 a void pass changes nothing and is asked again (I08)', () => {
    const bench = hold();
    const { positions, orders, reconciledAt } = bench.state.core;
    bench.feed({
      type: 'brokerSnapshot',
      generation: bench.state.core.link.generation,
      pass: { complete: false, reason: untrusted('page 2 timed out') },
    });
    expect(bench.state.core.positions).toBe(positions);
    expect(bench.state.core.orders).toBe(orders);
    expect(bench.state.core.reconciledAt).toBe(reconciledAt);
    const queries = () => bench.effects.filter((one) => one.type === 'query').length;
    const before = queries();
    waitQuoted(bench, 61_000);
    expect(queries()).toBe(before + 1);
  });

  it('a pass of an older generation is worthless (F19)', () => {
    const bench = hold();
    const { positions } = bench.state.core;
    bench.wait(4_000);
    const old = bench.state.core.link.generation;
    relink(bench);
    bench.pass({}, old);
    expect(bench.state.core.positions.map((one) => one.state)).toEqual(['PROTECTED']);
    expect(positions).toHaveLength(1);
    expect(bench.state.core.reconciled).toBe(false);
  });

  it('a fill that overtakes the pass is not undone by it (P07 6 b)', () => {
    const bench = fly();
    waitQuoted(bench, 4_000);
    bench.orderUpdate(update(bench));
    waitQuoted(bench, 60_000);
    const asked = bench.state.core.reconcileAskedAt;
    expect(asked).toBeDefined();
    bench.wait(250);
    bench.deal({ filled: orderOf(bench).volume });
    bench.pass({});
    expect(positionOf(bench)).toMatchObject({ ours: true, state: 'OPENING' });
  });

  it('a close that overtakes the pass is not undone by it (P07 6 b)', () => {
    const bench = hold();
    waitQuoted(bench, 60_500);
    expect(bench.state.core.reconcileAskedAt).toBeDefined();
    bench.wait(250);
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 5 }));
    bench.wait(4_000);
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(bench.state.core.positions).toEqual([]);
    expect(integrity(bench)).toBe(false);
  });

  it('an answer that a later one overtook brings nothing back, however late (P07 R26 6 b)', () => {
    const bench = hold();
    waitQuoted(bench, 60_500);
    const open = shownAs(orderOf(bench));
    bench.command({ type: 'flatten' });
    bench.durable();
    failed(bench, 'close-500-1', { definitive: false });
    expect(bench.state.core.passesAsked.length).toBeGreaterThanOrEqual(2);
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 5 }));
    bench.wait(4_000);
    bench.pass({});
    bench.pass({ positions: [open] });
    expect(bench.state.core.positions).toEqual([]);
    expect(integrity(bench)).toBe(false);
  });

  it('a question without an answer is forgotten after 60 s, and with the link (P07 I27)', () => {
    const bench = hold();
    waitQuoted(bench, 70_000);
    const [first] = bench.state.core.passesAsked;
    expect(first).toBeDefined();
    waitQuoted(bench, 60_000);
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(bench.state.core.passesAsked).not.toContain(first);
    relink(bench);
    expect(bench.state.core.passesAsked).toEqual([]);
  });

  it('is asked every 60 s, every 10 s while something is open, and with history then (5.3)', () => {
    const bench = readyBench();
    const asked = () =>
      bench.effects.flatMap((one) =>
        one.type === 'query' && one.query.type === 'reconcile' ? [one.query] : [],
      );
    waitQuoted(bench, 180_000);
    expect(asked().map((one) => one.historyFrom)).toEqual([undefined, undefined, undefined]);
    const doubtful = unknown();
    doubtful.effects.length = 0;
    doubtful.pass({});
    reready(doubtful);
    waitQuoted(doubtful, 30_000);
    const queries = doubtful.effects.filter((one) => one.type === 'query');
    expect(queries.length).toBeGreaterThanOrEqual(2);
    const from = (orderOf(doubtful).sentWall ?? 0) - 60_000;
    for (const one of queries) expect(one).toMatchObject({ query: { historyFrom: from } });
  });
});
