/** The reconciliation table: what is ours, what the broker shows, and what follows; row by row. */
import { describe, expect, it } from 'vitest';
import {
  type BrokerSnapshot,
  brokerOrderId,
  clientOrderId,
  type Deal,
  dealId,
  money,
  type OrderUpdate,
  positionId,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { labelOf } from '../../src/engine/orders.ts';
import { brokerPosition, type EngineBench, FCPO, MORNING, ringgit } from '../support/engine.ts';
import {
  closeOf,
  closingDeal,
  fly,
  hold,
  idsOf,
  intend,
  orderOf,
  positionOf,
  readyBench,
  relink,
  reready,
  sent,
  shownAs,
  waitQuoted,
} from './desk.ts';

/** An order whose outcome is unknown, connected again. */
function unknown(): EngineBench {
  const bench = fly();
  relink(bench);
  expect(orderOf(bench).state).toBe('UNKNOWN');
  return bench;
}

function update(bench: EngineBench, fields: Partial<OrderUpdate> = {}): OrderUpdate {
  const order = orderOf(bench);
  return {
    brokerOrderId: brokerOrderId('900'),
    positionId: positionId('500'),
    instrumentId: FCPO.id,
    side: 'buy',
    executed: volume(0),
    status: 'working',
    closing: false,
    protective: false,
    time: wall(bench.now),
    ...idsOf(order),
    ...fields,
  };
}

const deal = (bench: EngineBench, fields: Partial<Deal> = {}): Deal => ({
  id: dealId('1'),
  brokerOrderId: brokerOrderId('900'),
  positionId: positionId('500'),
  instrumentId: FCPO.id,
  side: 'buy',
  filled: orderOf(bench).volume,
  price: ringgit(4_602),
  time: wall(bench.now - 4_000),
  commission: money(-210),
  exponent: 2,
  cause: 'request',
  ...fields,
});

const window = (bench: EngineBench): Pick<BrokerSnapshot, 'historyFrom' | 'historyTo'> => ({
  historyFrom: wall(MORNING - 60_000),
  historyTo: wall(bench.now),
});

const integrity = (bench: EngineBench) => bench.state.core.breakers.INTEGRITY.tripped;
const closes = (bench: EngineBench) =>
  bench.requests.flatMap((one) => (one.type === 'closePosition' ? [one] : []));

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

  it('R03 with the history of the fill: the position is ours, not a stranger, and counts once', () => {
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

  it('R03 the deal comes by history after the position was adopted: not added again (I12 F57)', () => {
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

describe('strangers', () => {
  it('R07 our label, and the history knows its order: ours, INTEGRITY, stop restored (F46)', () => {
    const bench = readyBench();
    const id = clientOrderId('b-301-1736100000000');
    const orphan = { ...brokerPosition({ label: untrusted(labelOf(id)) }) };
    const naked = (({ stop: _stop, ...rest }) => rest)(orphan);
    bench.pass({ positions: [naked] });
    expect(integrity(bench)).toBe(true);
    const asked = bench.effects.findLast((one) => one.type === 'query');
    expect(asked).toMatchObject({ query: { historyFrom: MORNING - 60_000 } });
    expect(positionOf(bench).ours).toBe(false);
    const order = {
      brokerOrderId: brokerOrderId('900'),
      clientOrderId: id,
      positionId: orphan.id,
      instrumentId: FCPO.id,
      side: 'buy',
      volume: volume(700),
      executed: volume(700),
      status: 'filled',
      closing: false,
      protective: false,
      time: wall(MORNING),
    } as const;
    bench.pass({ ...window(bench), positions: [naked], endedOrders: [order] });
    expect(positionOf(bench)).toMatchObject({ ours: true, state: 'NAKED' });
    bench.wait(2_500);
    bench.durable();
    expect(bench.requests).toMatchObject([{ type: 'amendProtection', stop: ringgit(4_532) }]);
  });

  it('R08 our label without such an order: shown, never touched, INTEGRITY (F88)', () => {
    const bench = readyBench();
    const suspect = brokerPosition({ label: untrusted(labelOf(clientOrderId('b-301-1'))) });
    bench.pass({ positions: [suspect] });
    const queries = () => bench.effects.filter((one) => one.type === 'query').length;
    const before = queries();
    bench.pass({ ...window(bench), positions: [suspect] });
    bench.pass({ ...window(bench), positions: [suspect] });
    expect(queries()).toBe(before);
    expect(positionOf(bench).ours).toBe(false);
    bench.wait(10_000);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(integrity(bench)).toBe(true);
  });

  it('R09 no label of ours: shown and counted, never changed (F48 I33)', () => {
    const bench = readyBench();
    const { stop: _stop, ...naked } = brokerPosition();
    bench.pass({ positions: [naked] });
    bench.wait(10_000);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(positionOf(bench)).toMatchObject({ ours: false, state: 'NAKED' });
    expect(integrity(bench)).toBe(false);
    bench.bar(4_600);
    expect(bench.state.core.decisions.at(-1)?.blockedBy).toBe('slot');
  });
});

describe('a position of ours', () => {
  it('R10 gone, and deals cover it: closed with their reason and result', () => {
    const bench = hold();
    const size = positionOf(bench).volume;
    bench.wait(4_000);
    const stop = deal(bench, { ...closingDeal(bench, { id: '2', size, net: -900 }), side: 'sell' });
    const account = bench.state.core.account;
    if (account === undefined) throw new Error('no account');
    bench.pass({
      ...window(bench),
      account: { ...account, balance: money(account.balance - 900), balanceVersion: 2 },
      deals: [deal(bench), stop],
    });
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.stats.netProfit).toBe(-900);
    expect(integrity(bench)).toBe(false);
  });

  it('R12 gone without deals: UNSETTLED, history asked, INTEGRITY after 5 min (F47)', () => {
    const bench = hold();
    waitQuoted(bench, 4_000);
    bench.pass({});
    expect(positionOf(bench).state).toBe('UNSETTLED');
    waitQuoted(bench, 11_000);
    const asked = bench.effects.findLast((one) => one.type === 'query');
    const opened = positionOf(bench).openedWall;
    expect(asked).toMatchObject({ query: { historyFrom: opened - 60_000 } });
    bench.bar(4_600);
    expect(integrity(bench)).toBe(true);
    expect(bench.state.core.positions).toHaveLength(1);
  });

  it('R12 shown again by the next pass: as the broker says', () => {
    const bench = hold();
    waitQuoted(bench, 4_000);
    bench.pass({});
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(positionOf(bench).state).toBe('PROTECTED');
  });

  it('R13 all equal: nothing is said, nothing changes', () => {
    const bench = hold();
    const told = bench.state.core.activity.length;
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(bench.state.core.activity).toHaveLength(told);
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', ours: true });
    expect(integrity(bench)).toBe(false);
  });

  it('R15 R16 R17 another volume or side without a deal: taken over, INTEGRITY', () => {
    for (const fields of [
      { volume: volume(100) },
      { volume: volume(900) },
      { side: 'sell' },
    ] as const) {
      const bench = hold();
      bench.wait(4_000);
      bench.pass({ positions: [shownAs(orderOf(bench), fields)] });
      expect(positionOf(bench)).toMatchObject(fields);
      expect(integrity(bench)).toBe(true);
    }
  });

  it('R15 the deals of a taken volume come later: not taken away again (I12)', () => {
    const bench = hold();
    const size = positionOf(bench).volume;
    bench.wait(4_000);
    const part = closingDeal(bench, { id: '2', size: size - 200, net: -100 });
    bench.pass({ positions: [shownAs(orderOf(bench), { volume: volume(200) })] });
    bench.deal(part);
    expect(positionOf(bench)).toMatchObject({ volume: 200, realised: -100, unexplained: 0 });
  });

  it('R18 no stop at the broker: amended at two seconds, not closed (F37 I09)', () => {
    const bench = hold();
    const { stop: _stop, ...naked } = shownAs(orderOf(bench));
    bench.pass({ positions: [naked] });
    expect(positionOf(bench).state).toBe('NAKED');
    bench.requests.length = 0;
    bench.wait(2_500);
    bench.durable();
    const stop = ringgit(4_602) - orderOf(bench).stopDistance;
    expect(bench.requests).toMatchObject([
      { type: 'amendProtection', stop, target: ringgit(4_694) },
    ]);
  });

  it('R24 a close that did not happen is asked for again, with the confirmed volume (F42)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    bench.durable();
    sent(bench, closes(bench)[0]?.requestId ?? '');
    waitQuoted(bench, 6_000);
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
    bench.pass({ positions: [shownAs(orderOf(bench), { volume: volume(300) })] });
    bench.durable();
    expect(closes(bench).map((one) => [one.requestId, one.volume])).toEqual([
      ['close-500-1', orderOf(bench).volume],
      ['close-500-2', 300],
    ]);
  });

  it('R24 a closing order that still works is left to work (F42)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    bench.durable();
    waitQuoted(bench, 6_000);
    const working = update(bench, { brokerOrderId: brokerOrderId('950'), closing: true });
    const { clientOrderId: _id, ...order } = working;
    bench.pass({ positions: [shownAs(orderOf(bench))], orders: [order] });
    bench.durable();
    expect(closes(bench)).toHaveLength(1);
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
  });

  it('R25 a close in doubt whose deals are there: closed, one trade (F42 F43)', () => {
    const bench = hold();
    const size = positionOf(bench).volume;
    bench.command({ type: 'flatten' });
    bench.durable();
    waitQuoted(bench, 6_000);
    const account = bench.state.core.account;
    if (account === undefined) throw new Error('no account');
    const close = closeOf(size, 500, { balance: account.balance, version: 1 });
    bench.pass({
      ...window(bench),
      account: { ...account, balance: close.balance, balanceVersion: 2 },
      deals: [deal(bench, { id: dealId('2'), side: 'sell', cause: 'stop', close })],
    });
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.stats).toMatchObject({ trades: 1, netProfit: 500 });
    bench.durable();
    expect(closes(bench)).toHaveLength(1);
  });

  it('R26 closed here, open again there: back, and INTEGRITY', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 1 }));
    bench.wait(4_000);
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(positionOf(bench).id).toBe('500');
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
