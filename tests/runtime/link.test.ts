/** The in-process link and its rate. */
import { describe, expect, it } from 'vitest';
import { mono, wall } from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { createLink } from '../../src/runtime/link.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { EngineBench, MORNING } from '../support/engine.ts';

function linkBench() {
  const clock = createVirtualClock(wall(MORNING));
  const bench = new EngineBench();
  bench.start();
  bench.ready();
  const now = { mono: mono(1), wall: wall(MORNING) };
  const link = createLink({
    picture: () => snapshot(bench.state, now),
    post: (command) => bench.feed({ type: 'command', command }),
    after: (delayMs, callback) => clock.after(delayMs, callback),
  });
  return { clock, bench, link };
}

describe('link', () => {
  it('shows the latest at once, then at most eight pictures a second and at least one', () => {
    const { clock, bench, link } = linkBench();
    let seen = 0;
    link.subscribe(() => {
      seen += 1;
    });
    expect(seen).toBe(1);
    for (let index = 0; index < 100; index += 1) {
      link.changed(bench.state.core.commands, false);
      clock.advanceBy(10);
    }
    expect(seen).toBeGreaterThanOrEqual(8);
    expect(seen).toBeLessThanOrEqual(10);
    const busy = seen;
    clock.advanceBy(5_000);
    expect(seen - busy).toBeGreaterThanOrEqual(4);
  });

  it('shows the answer to a command at once, several together, and then keeps its rate', () => {
    const { clock, bench, link } = linkBench();
    const seen: number[] = [];
    link.subscribe(({ commands }) => seen.push(commands.length));
    link.changed(bench.state.core.commands, false);
    clock.advanceBy(1_000);
    seen.length = 0;
    // The market moved and is waiting for its picture when two commands are answered.
    link.changed(bench.state.core.commands, false);
    clock.advanceBy(20);
    for (const state of ['reducing', 'active'] as const) {
      bench.command({ type: 'setTradingState', state });
      link.changed(bench.state.core.commands, false);
    }
    clock.advanceBy(5);
    expect(seen).toEqual([2]);
    link.changed(bench.state.core.commands, false);
    clock.advanceBy(100);
    expect(seen).toEqual([2]);
    clock.advanceBy(25);
    expect(seen).toEqual([2, 2]);
  });

  it('shows at once that the connection became ready, or is no more', () => {
    const { clock, bench, link } = linkBench();
    let seen = 0;
    link.subscribe(() => {
      seen += 1;
    });
    link.changed(bench.state.core.commands, false);
    clock.advanceBy(1_000);
    for (const isReady of [true, false]) {
      seen = 0;
      link.changed(bench.state.core.commands, isReady);
      clock.advanceBy(5);
      expect(seen).toBe(1);
      link.changed(bench.state.core.commands, isReady);
      clock.advanceBy(100);
      expect(seen).toBe(1);
    }
  });

  it('carries only what survives JSON (A6)', () => {
    const { link } = linkBench();
    link.subscribe((picture) => {
      expect(JSON.stringify(JSON.parse(JSON.stringify(picture)))).toBe(JSON.stringify(picture));
    });
  });

  it('tells a listener nothing after it left or the link stopped', () => {
    const { clock, bench, link } = linkBench();
    let seen = 0;
    const leave = link.subscribe(() => {
      seen += 1;
    });
    leave();
    link.changed(bench.state.core.commands, false);
    clock.advanceBy(3_000);
    expect(seen).toBe(1);
    link.stop();
    clock.advanceBy(3_000);
    expect(clock.nextDue()).toBeUndefined();
  });
});
