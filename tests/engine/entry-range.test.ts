/** Entries that give up beyond a few ticks: the same state machine, nothing beside it. */
import { describe, expect, it } from 'vitest';
import { tickSize, volume } from '../../src/engine/index.ts';
import { workingOrders } from '../../src/engine/orders.ts';
import { FCPO } from '../support/engine.ts';
import { EAGER, failed, fly, idsOf, orderOf } from './desk.ts';

describe('an entry with a range (T07 T09)', () => {
  const limited = { ...EAGER, entrySlippageTicks: 3 };
  const ended = (executed: number) => {
    const bench = fly(limited);
    const order = orderOf(bench);
    bench.orderUpdate({ status: 'working', ...idsOf(order) });
    bench.orderUpdate({ status: 'cancelled', ...idsOf(order), executed: volume(executed) });
    return { bench, order: orderOf(bench) };
  };

  it('leaves with the price decided on and the ticks it may be worse', () => {
    const bench = fly(limited);
    const { decidedPrice: base } = orderOf(bench);
    const tick = tickSize(FCPO.digits);
    expect(bench.requests).toMatchObject([{ range: { base, slippage: 3 * tick } }]);
    expect(fly().requests[0]).not.toHaveProperty('range');
  });

  it('beyond it is cancelled: T09, no refusal is counted, and the slot is free', () => {
    const { bench, order } = ended(0);
    expect(order).toMatchObject({ state: 'CANCELLED', executed: 0 });
    expect(bench.state.core.breakers.REJECTS.tripped).toBe(false);
    expect(workingOrders(bench.state.core.orders)).toEqual([]);
  });

  it('filled in part ends as such: T07', () => {
    expect(ended(100).order).toMatchObject({ state: 'DONE_PARTIAL', executed: 100 });
  });

  it('refused by the broker is rejected: T08', () => {
    const bench = fly(limited);
    failed(bench, orderOf(bench).id, { definitive: true, code: 'TRADING_BAD_PRICES' });
    expect(orderOf(bench).state).toBe('REJECTED');
  });
});
