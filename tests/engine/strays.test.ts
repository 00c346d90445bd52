/** Orders that wait at the broker: stale, unwanted or unknown; cancelled or shown. */
import { describe, expect, it } from 'vitest';
import { brokerOrderId, untrusted, volume } from '../../src/engine/index.ts';
import { LABEL_TAG, labelOf } from '../../src/engine/orders.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import type { EngineBench } from '../support/engine.ts';
import { failed, fly, orderOf, readyBench, reready, waitQuoted } from './desk.ts';
import { integrity, unknown, update, window } from './reconcile-desk.ts';

const cancels = (bench: EngineBench) =>
  bench.requests.flatMap((one) => (one.type === 'cancelOrder' ? [one.brokerOrderId] : []));

function stranger(bench: EngineBench, label: string) {
  const { clientOrderId: _id, positionId: _position, ...bare } = update(bench);
  const id = brokerOrderId('777');
  return { ...bare, brokerOrderId: id, label: untrusted(label), volume: volume(300) };
}

describe('an order found pending', () => {
  it('R04 pending after an unknown outcome: ACCEPTED, cancelled after 10 s, once in 10 s', () => {
    const bench = unknown();
    bench.pass({ orders: [update(bench)], ...window(bench) });
    reready(bench);
    bench.durable();
    expect(orderOf(bench).state).toBe('ACCEPTED');
    expect(cancels(bench)).toEqual([]);
    waitQuoted(bench, 6_000);
    bench.pass({ orders: [update(bench)], ...window(bench) });
    bench.pass({ orders: [update(bench)], ...window(bench) });
    bench.durable();
    expect(cancels(bench)).toEqual(['900']);
    waitQuoted(bench, 10_000);
    bench.pass({ orders: [update(bench)], ...window(bench) });
    bench.durable();
    expect(cancels(bench)).toEqual(['900', '900']);
    bench.orderUpdate({ ...update(bench), status: 'cancelled' });
    expect(orderOf(bench).state).toBe('CANCELLED');
  });

  it('R04 F29 one that was never in doubt waits as long as it takes', () => {
    const bench = fly();
    const id = brokerOrderId('901');
    bench.orderUpdate({ ...update(bench), brokerOrderId: id });
    expect(orderOf(bench)).toMatchObject({ state: 'ACCEPTED', unknownSince: undefined });
    waitQuoted(bench, 30_000);
    bench.pass({ orders: [update(bench, { brokerOrderId: id })] });
    bench.durable();
    expect(cancels(bench)).toEqual([]);
  });

  it('R27 F53 ended here and still pending there: looked at again, cancelled, proven', () => {
    const bench = unknown();
    const order = orderOf(bench);
    bench.pass({ endedOrders: [update(bench, { status: 'cancelled' })], ...window(bench) });
    reready(bench);
    const waiting = stranger(bench, labelOf(order.id));
    bench.pass({ orders: [waiting] });
    bench.durable();
    expect(bench.state.core.strays).toMatchObject([{ id: '777', orderId: order.id }]);
    expect(cancels(bench)).toEqual([]);
    const picture = snapshot(bench.state, bench.state.at);
    expect(picture.entriesBlockedBy).toContain('waits at the broker');
    waitQuoted(bench, 4_000);
    bench.pass({ orders: [waiting] });
    bench.durable();
    expect(cancels(bench)).toEqual(['777']);
    expect(integrity(bench)).toBe(false);
    bench.pass({});
    expect(bench.state.core.strays).toEqual([]);
  });

  it('R27 F53 unknown here with our label: shown, INTEGRITY, cancelled on command only', () => {
    const bench = readyBench();
    bench.bar(4_600);
    const before = bench.requests.length;
    const waiting = stranger(bench, `${LABEL_TAG}b-301-1`);
    bench.pass({ orders: [waiting] });
    waitQuoted(bench, 20_000);
    bench.pass({ orders: [waiting] });
    bench.durable();
    expect(bench.requests.slice(before).filter((one) => one.type === 'cancelOrder')).toEqual([]);
    expect(integrity(bench)).toBe(true);
    bench.command({ type: 'cancelOrder', brokerOrderId: brokerOrderId('777') });
    bench.durable();
    expect(cancels(bench)).toEqual(['777']);
    expect(bench.state.core.commands.at(-1)).toMatchObject({ status: 'accepted' });
    bench.pass({});
    expect(bench.state.core.commands.at(-1)).toMatchObject({ status: 'done' });
  });

  it('R27 a pending order of a stranger is none of ours (F48 I33)', () => {
    const bench = fly();
    bench.pass({ orders: [stranger(bench, 'somebody')] });
    expect(bench.state.core.strays).toEqual([]);
    expect(integrity(bench)).toBe(false);
  });

  it('a refused cancel says why and looks again (R27 F19)', () => {
    const bench = unknown();
    bench.pass({ orders: [update(bench)], ...window(bench) });
    reready(bench);
    bench.command({ type: 'cancelOrder', brokerOrderId: brokerOrderId('900') });
    bench.durable();
    bench.effects.length = 0;
    failed(bench, 'cancel-900-1', { definitive: true, code: 'ORDER_NOT_FOUND' });
    expect(bench.effects).toContainEqual(expect.objectContaining({ type: 'query' }));
    expect(bench.state.core.commands.at(-1)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('ORDER_NOT_FOUND'),
    });
    bench.command({ type: 'cancelOrder', brokerOrderId: brokerOrderId('5') });
    expect(bench.state.core.commands.at(-1)).toMatchObject({ status: 'refused' });
  });
});
