/** Copies: every field as it was, the named ones changed, the record itself untouched. */
import { describe, expect, it } from 'vitest';
import {
  copyOfBreaker,
  copyOfBreakers,
  copyOfCore,
  orderWith,
  positionWith,
} from '../../src/engine/copies.ts';
import { volume } from '../../src/engine/index.ts';
import { hold } from './desk.ts';

const core = () => hold().state.core;

/** A copy made anew: the same fields in the same order, and nothing of the other's. */
function isCopy<T extends object>(made: T, of: T): void {
  expect(made).not.toBe(of);
  expect(Object.entries(made)).toEqual(Object.entries(of));
}

describe('a copy', () => {
  it('has every field of an order, a position, a breaker and the core', () => {
    const { orders, positions } = core();
    expect([orders.length, positions.length]).toEqual([1, 1]);
    for (const order of orders) isCopy(orderWith(order, {}), order);
    for (const position of positions) isCopy(positionWith(position, {}), position);
    const whole = core();
    isCopy(copyOfCore(whole), whole);
    isCopy(copyOfBreakers(whole.breakers), whole.breakers);
    isCopy(copyOfBreaker(whole.breakers.KILL), whole.breakers.KILL);
  });

  it('differs in what was named, and the record is as it was', () => {
    const [order] = core().orders;
    if (order === undefined) throw new Error('no order');
    const before = structuredClone(order);
    const made = orderWith(order, { state: 'UNKNOWN', dealt: volume(0) });
    expect(made).toEqual({ ...before, state: 'UNKNOWN', dealt: 0 });
    expect(order).toEqual(before);
  });
});
