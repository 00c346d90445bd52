/** The reconciliation table for positions: strangers, and what became of ours. */

import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  clientOrderId,
  dealId,
  instrumentId,
  money,
  positionId,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { labelOf } from '../../src/engine/orders.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { brokerPosition, FCPO, MORNING, ringgit } from '../support/engine.ts';
import {
  closeOf,
  closingDeal,
  hold,
  orderOf,
  positionOf,
  readyBench,
  sent,
  shownAs,
  unanswered,
  waitQuoted,
} from './desk.ts';
import { closes, deal, integrity, update, window } from './reconcile-desk.ts';

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

  it('R08 a label that opened another position already counts as a stranger (F88)', () => {
    const bench = hold();
    bench.wait(4_000);
    const mine = shownAs(orderOf(bench), {});
    const twin = brokerPosition({
      id: positionId('777'),
      label: untrusted(labelOf(orderOf(bench).id)),
    });
    bench.pass({ positions: [mine, twin] });
    const found = bench.state.core.positions.find((one) => one.id === '777');
    expect(found).toMatchObject({ ours: false, orderId: undefined });
    expect(integrity(bench)).toBe(true);
    expect(bench.state.core.differences).toMatchObject([{ row: 'R08', subject: '777' }]);
    bench.pass({ ...window(bench), positions: [mine, twin] });
    bench.wait(10_000);
    bench.durable();
    expect(bench.requests.filter((one) => one.type !== 'submitOrder')).toEqual([]);
    expect(bench.state.core.positions.find((one) => one.id === '500')?.ours).toBe(true);
  });

  it('R08 the one of two positions with our label that our order opened is ours', () => {
    const bench = hold();
    bench.wait(4_000);
    const twin = brokerPosition({
      id: positionId('777'),
      label: untrusted(labelOf(orderOf(bench).id)),
    });
    bench.pass({ positions: [twin, shownAs(orderOf(bench), {})] });
    const owners = bench.state.core.positions.map(({ id, ours }) => [id, ours]);
    expect(new Map(owners as [string, boolean][])).toEqual(
      new Map([
        ['500', true],
        ['777', false],
      ]),
    );
  });

  it('R09 one on another instrument is never marked with our quote (F48 I33)', () => {
    const bench = readyBench();
    const elsewhere = brokerPosition({ instrumentId: instrumentId('42'), entry: ringgit(1) });
    bench.pass({ positions: [elsewhere] });
    bench.quote(4_600, 4_602);
    const shown = snapshot(bench.state, { mono: bench.state.at.mono, wall: wall(bench.now) });
    expect(shown.positions).toMatchObject([{ current: undefined, openPnl: undefined }]);
    expect(shown.account?.equity).toBeUndefined();
    bench.bar(4_600);
    bench.durable();
    expect(bench.requests).toEqual([]);
    const { generation } = bench.state.core.link;
    const positions = [{ id: elsewhere.id, net: money(-1_234) }];
    bench.feed({ type: 'brokerPnl', generation, positions });
    const told = snapshot(bench.state, { mono: bench.state.at.mono, wall: wall(bench.now) });
    expect(told.positions).toMatchObject([{ openPnl: -1_234 }]);
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
    expect(newestOf(bench.state.core.decisions)?.blockedBy).toBe('slot');
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
    const told = bench.state.core.activity;
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(bench.state.core.activity).toBe(told);
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
    unanswered(bench);
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

  it('R23 shown on another instrument: halted, INTEGRITY, nothing taken over', () => {
    const bench = hold();
    const before = positionOf(bench);
    unanswered(bench);
    bench.wait(4_000);
    bench.pass({ positions: [shownAs(orderOf(bench), { instrumentId: instrumentId('999') })] });
    expect(bench.state.core.tradingState).toBe('halted');
    expect(integrity(bench)).toBe(true);
    expect(positionOf(bench)).toMatchObject({ volume: before.volume, stop: before.stop });
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

  it('R26 brought back, then gone, its deals counted before: booked once (I11 I12)', () => {
    const bench = hold();
    const { volume: size } = positionOf(bench);
    const closing = closingDeal(bench, { id: '2', size, net: -500 });
    bench.deal(closing);
    bench.wait(4_000);
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    const net = bench.state.core.stats.netProfit;
    bench.wait(4_000);
    const told = { deals: [deal(bench), deal(bench, closing)], ...window(bench) };
    bench.pass(told);
    expect(positionOf(bench).state).toBe('UNSETTLED');
    bench.pass(told);
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.stats).toMatchObject({ trades: 1, netProfit: net });
  });

  it('R12 a story that does not end at nothing settles nothing (R11 I11)', () => {
    const bench = hold();
    const { volume: size } = positionOf(bench);
    bench.wait(4_000);
    bench.pass({});
    bench.deal(closingDeal(bench, { id: '2', size: size - 100, net: -500 }));
    bench.pass({ deals: [deal(bench)], ...window(bench) });
    bench.wait(4_000);
    bench.pass({ deals: [deal(bench)], ...window(bench) });
    expect(positionOf(bench)).toMatchObject({ volume: 100, state: 'UNSETTLED' });
  });

  it('a difference younger than 3 s is looked at again before acting (6 d P07)', () => {
    const smaller = hold();
    smaller.pass({ positions: [shownAs(orderOf(smaller), { volume: volume(300) })] });
    expect(integrity(smaller)).toBe(false);
    const missing = hold();
    missing.pass({});
    expect(positionOf(missing).state).toBe('PROTECTED');
    const closed = hold();
    closed.deal(closingDeal(closed, { id: '2', size: positionOf(closed).volume, net: 1 }));
    closed.pass({ positions: [shownAs(orderOf(closed))] });
    expect(closed.state.core.positions).toEqual([]);
    expect(integrity(closed)).toBe(false);
  });

  it('a stop that a pass shows again gives the next alarm all its tries (F37 F38)', () => {
    const bench = hold();
    const { stop: _stop, ...naked } = shownAs(orderOf(bench));
    unanswered(bench);
    bench.pass({ positions: [naked] });
    bench.wait(4_500);
    expect(positionOf(bench).amendsSent).toBe(3);
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', amendsSent: 0 });
  });

  it('a close that still waits for the journal is taken back by its successor (F42 I13)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    waitQuoted(bench, 6_000);
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
    bench.pass({ positions: [shownAs(orderOf(bench))] });
    bench.durable();
    expect(closes(bench).map((one) => one.requestId)).toEqual(['close-500-2']);
  });
});
