/** The sign of life: counted, timed and passed on. */
import { expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import { createPulse } from '../../src/runtime/pulse.ts';
import { createTimings } from '../../src/runtime/timings.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

it('beats twice a second from its start to its stop, and 0 means nobody watches (F123)', () => {
  const clock = createVirtualClock(wall(1_000_000));
  const timings = createTimings();
  let beats = 0;
  const pulse = createPulse({
    clock,
    timings,
    onBeat: () => {
      beats += 1;
    },
  });
  const count = new Int32Array(pulse.beat);
  expect(count[0]).toBe(0);
  pulse.start();
  expect(count[0]).toBe(1);
  clock.advanceBy(5_000);
  expect([count[0], beats]).toEqual([11, 10]);
  expect(timings.counts('loopDelay').buckets[0]).toBe(10);
  pulse.stop();
  clock.advanceBy(5_000);
  expect([count[0], beats]).toEqual([0, 10]);
});
