// The hand-moved clock: order of callbacks, cancelling, and time that only moves when told.
import { describe, expect, it } from 'vitest';
import { mono, wall } from '../../src/engine/index.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const START = wall(1_736_130_600_000);

describe('virtual clock', () => {
  it('runs callbacks by due time, and among equals by the order of asking', () => {
    const clock = createVirtualClock(START);
    const seen: string[] = [];
    for (const [delay, name] of [
      [30, 'c'],
      [10, 'a1'],
      [20, 'b'],
      [10, 'a2'],
      [10, 'a3'],
    ] as const) {
      clock.after(delay, () => seen.push(`${name}@${clock.mono()}`));
    }
    while (clock.nextDue() !== undefined) clock.runNext();
    expect(seen).toEqual(['a1@10', 'a2@10', 'a3@10', 'b@20', 'c@30']);
    expect(clock.wall()).toBe(START + 30);
  });

  it('never runs a callback inside after, not even with delay 0 or less', () => {
    const clock = createVirtualClock(START);
    let ran = 0;
    clock.after(0, () => ran++);
    clock.after(-5, () => ran++);
    expect(ran).toBe(0);
    expect(clock.nextDue()).toBe(0);
    clock.advanceTo(mono(0));
    expect(ran).toBe(2);
  });

  it('advances over callbacks that ask for more, and stands at the asked instant', () => {
    const clock = createVirtualClock(START);
    const seen: number[] = [];
    const again = (): void => {
      seen.push(clock.mono());
      clock.after(25, again);
    };
    clock.after(25, again);
    clock.advanceTo(mono(90));
    expect(seen).toEqual([25, 50, 75]);
    expect(clock.mono()).toBe(90);
    expect(clock.nextDue()).toBe(100);
  });

  it('forgets cancelled timers; cancelling twice or too late is harmless', () => {
    const clock = createVirtualClock(START);
    let ran = 0;
    const first = clock.after(5, () => ran++);
    const second = clock.after(6, () => ran++);
    first.cancel();
    first.cancel();
    expect(clock.nextDue()).toBe(6);
    clock.advanceBy(10);
    second.cancel();
    expect(ran).toBe(1);
    expect(clock.nextDue()).toBeUndefined();
    expect(() => clock.runNext()).toThrow('nothing is due');
  });

  it('rounds fractions of a millisecond up and refuses to go back', () => {
    const clock = createVirtualClock(START);
    clock.after(1.2, () => undefined);
    expect(clock.nextDue()).toBe(2);
    clock.advanceTo(mono(5));
    expect(() => clock.advanceTo(mono(4))).toThrow('cannot go back');
  });

  it('keeps a thousand timers in order', () => {
    const clock = createVirtualClock(START);
    const seen: number[] = [];
    for (let at = 0; at < 1_000; at++) {
      const delay = (at * 7_919) % 997;
      const timer = clock.after(delay, () => seen.push(delay));
      if (at % 3 === 0) timer.cancel();
    }
    clock.advanceTo(mono(1_000));
    expect(seen).toHaveLength(666);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
