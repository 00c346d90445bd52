/** Evidence out of order is kept within bounds and told again when its order is known. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/engine/config.ts';
import {
  brokerOrderId,
  clientOrderId,
  dealId,
  positionId,
  untrusted,
  volume,
} from '../../src/engine/index.ts';
import { labelOf } from '../../src/engine/orders.ts';
import { brokerPosition, ringgit } from '../support/engine.ts';
import {
  closingDeal,
  fly,
  idsOf,
  orderOf,
  protect,
  readyBench,
  reready,
  shownAs,
  unanswered,
  waitQuoted,
} from './desk.ts';
import { deal, integrity, unknown, update, window } from './reconcile-desk.ts';

describe('early', () => {
  it('keeps at most 50 strange deals and 50 strange levels (I27 A11)', () => {
    const bench = readyBench();
    const generation = bench.state.core.link.generation;
    for (let index = 0; index < LIMITS.early + 20; index += 1) {
      const id = positionId(`p${index}`);
      bench.deal({ id: dealId(`d${index}`), brokerOrderId: brokerOrderId('7'), positionId: id });
      const levels = { stop: ringgit(4_500), target: undefined };
      const other = positionId(`q${index}`);
      bench.feed({ type: 'protection', generation, positionId: other, ...levels });
    }
    expect(bench.state.core.early.deals).toHaveLength(LIMITS.early);
    expect(bench.state.core.early.levels).toHaveLength(LIMITS.early);
    expect(bench.state.core.positions.length).toBeLessThanOrEqual(LIMITS.positions);
  });

  it('fill, stop and close before the accept: one trade of ours, one loss (F32 F61)', () => {
    const bench = fly();
    const order = orderOf(bench);
    bench.deal({ filled: order.volume });
    protect(bench);
    bench.deal(closingDeal(bench, { id: '2', size: order.volume, net: -500 }));
    expect(bench.state.core.lossStreak).toBe(0);
    bench.orderUpdate({ ...idsOf(order), positionId: positionId('500') });
    expect(orderOf(bench)).toMatchObject({ state: 'FILLED', dealt: order.volume });
    expect(bench.state.core.positions).toEqual([]);
    expect(bench.state.core.lossStreak).toBe(1);
    expect(bench.state.core.early.deals).toEqual([]);
  });

  it('what the broker showed of the stranger stays: its stop was confirmed (F32 F37)', () => {
    const bench = fly();
    const order = orderOf(bench);
    bench.deal({ filled: order.volume });
    protect(bench, 4_540);
    bench.orderUpdate({ ...idsOf(order), positionId: positionId('500') });
    expect(bench.state.core.positions).toMatchObject([
      { ours: true, state: 'PROTECTED', stop: ringgit(4_540), volume: order.volume },
    ]);
  });

  it('more fills than an ended order was said to have: adopted, and INTEGRITY (T15 F34)', () => {
    const bench = fly();
    const ids = { ...idsOf(orderOf(bench)), positionId: positionId('500') };
    bench.orderUpdate({ ...ids, executed: volume(300), status: 'cancelled' });
    bench.deal({ id: dealId('1'), filled: volume(300) });
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(false);
    bench.deal({ id: dealId('2'), filled: volume(200) });
    expect(orderOf(bench)).toMatchObject({ state: 'DONE_PARTIAL', executed: 500 });
    expect(bench.state.core.breakers.INTEGRITY.tripped).toBe(true);
  });

  it('a close of what nobody saw open, and an absent order: looked up (F34 T15 I11)', () => {
    const bench = unknown();
    bench.pass(window(bench));
    reready(bench);
    waitQuoted(bench, 61_000);
    bench.pass(window(bench));
    waitQuoted(bench, 11_000);
    bench.pass(window(bench));
    expect(orderOf(bench).state).toBe('ABSENT');
    const { volume: size } = orderOf(bench);
    const opening = deal(bench, { filled: size });
    const closing = closingDeal(bench, { id: '2', size, net: -500 });
    bench.deal(closing);
    unanswered(bench);
    bench.effects.length = 0;
    waitQuoted(bench, 11_000);
    const asked = bench.effects.flatMap((one) => (one.type === 'query' ? [one.query] : []));
    expect(asked[0]).toMatchObject({ historyFrom: (orderOf(bench).sentWall ?? 0) - 60_000 });
    bench.pass({
      endedOrders: [update(bench, { executed: size, status: 'filled' })],
      deals: [opening, deal(bench, closing)],
      ...window(bench),
    });
    expect(orderOf(bench).state).toBe('FILLED');
    expect(bench.state.core.stats).toMatchObject({ trades: 1, netProfit: -500 });
    expect(integrity(bench)).toBe(true);
    expect(bench.state.core.early.deals).toEqual([]);
  });

  it.each(['never', 'as a deal first', 'as an update first'] as const)(
    'a part closed before its opening is told %s belongs to the trade (I11 F32 R03)',
    (opening) => {
      const bench = unknown();
      const { volume: size } = orderOf(bench);
      bench.deal(closingDeal(bench, { id: '2', size: 200, net: -640 }));
      const rest = volume(size - 200);
      bench.pass({ positions: [shownAs(orderOf(bench), { volume: rest })], ...window(bench) });
      expect(bench.state.core.early.deals).toEqual([]);
      reready(bench);
      const told = update(bench, { executed: size, status: 'filled' });
      if (opening === 'as an update first') bench.orderUpdate(told);
      if (opening !== 'never') bench.deal({ filled: size });
      if (opening === 'as a deal first') bench.orderUpdate(told);
      expect(bench.state.core.positions).toMatchObject([{ volume: rest, ours: true }]);
      bench.deal(closingDeal(bench, { id: '3', size: rest, net: 900 }));
      expect(bench.state.core.positions).toEqual([]);
      expect(bench.state.core.stats).toMatchObject({ trades: 1, netProfit: 260 });
      expect(bench.state.core.early.deals).toEqual([]);
      if (opening !== 'never')
        expect(orderOf(bench)).toMatchObject({ state: 'FILLED', dealt: size });
    },
  );

  it.each(['by the history (R07)', 'by a verdict (R08)'])(
    'and of a stranger that becomes ours %s (I11 F46)',
    (by) => {
      const bench = readyBench();
      const clientId = clientOrderId('b-301-1736100000000');
      const label = untrusted(labelOf(clientId));
      bench.deal(closingDeal(bench, { id: '2', size: 200, net: -640 }));
      bench.pass({ positions: [brokerPosition({ label, volume: volume(500) })] });
      bench.deal(closingDeal(bench, { id: '3', size: 100, net: -60 }));
      bench.wait(4_000);
      const positions = [brokerPosition({ label, volume: volume(400) })];
      if (by.includes('R07')) {
        const order = update(fly(), { clientOrderId: clientId, executed: volume(700) });
        bench.pass({ ...window(bench), positions, endedOrders: [{ ...order, status: 'filled' }] });
      } else {
        const ruling = { type: 'adopt', positionId: positionId('500') } as const;
        bench.command({ type: 'verdict', ruling, reason: untrusted('it is mine, from before') });
      }
      const { positions: ours } = bench.state.core;
      expect(ours).toMatchObject([{ ours: true, volume: 400, realised: -700, unexplained: 700 }]);
      bench.deal(closingDeal(bench, { id: '4', size: 400, net: 900 }));
      expect(bench.state.core.stats).toMatchObject({ trades: 1, netProfit: 200 });
      expect(bench.state.core.early.deals).toEqual([]);
    },
  );

  it('a close that the history gives to nobody of ours is let go (F48 I27)', () => {
    const bench = unknown();
    bench.pass({ endedOrders: [update(bench, { status: 'cancelled' })], ...window(bench) });
    reready(bench);
    expect(orderOf(bench).state).toBe('CANCELLED');
    bench.deal(closingDeal(bench, { id: '2', size: 700, net: -500 }));
    expect(bench.state.core.early.deals).toHaveLength(1);
    waitQuoted(bench, 11_000);
    bench.pass(window(bench));
    expect(bench.state.core.early.deals).toEqual([]);
  });

  it('somebody else fills meanwhile: theirs stays theirs (F19 I33)', () => {
    const bench = fly();
    bench.deal({
      id: dealId('77'),
      brokerOrderId: brokerOrderId('77'),
      positionId: positionId('7'),
    });
    bench.orderUpdate({ ...idsOf(orderOf(bench)), positionId: positionId('500') });
    expect(bench.state.core.positions).toMatchObject([{ id: '7', ours: false }]);
    expect(orderOf(bench).executed).toBe(0);
  });
});
