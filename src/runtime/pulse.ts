/**
 * The sign of life of the main thread, twice a second in real time: counted for the guard in the
 * other thread, timed for the metrics, and passed on to whoever supervises.
 * Deliberately judges nothing; health.ts does.
 */
import type { Clock, Timer } from '../engine/ports.ts';
import type { Timings } from './timings.ts';

const EVERY_MS = 500;

export interface PulseParts {
  /** Real time, in a simulation too. */
  readonly clock: Pick<Clock, 'mono' | 'after'>;
  readonly timings: Timings;
  readonly onBeat: () => void;
}

export interface Pulse {
  /** Handed to the guard; counts up. */
  readonly beat: SharedArrayBuffer;
  start(): void;
  /** Ends the guard's watch too. */
  stop(): void;
}

export function createPulse({ clock, timings, onBeat }: PulseParts): Pulse {
  const beat = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const beats = new Int32Array(beat);
  let timer: Timer | undefined;
  const plan = (): void => {
    const due = clock.mono() + EVERY_MS;
    timer = clock.after(EVERY_MS, () => {
      timings.observe('loopDelay', Math.max(0, clock.mono() - due));
      // It must not come round to 0, which means "not watched".
      if (Atomics.add(beats, 0, 1) > 1e9) Atomics.store(beats, 0, 1);
      plan();
      onBeat();
    });
  };
  return {
    beat,
    start: () => {
      if (timer !== undefined) return;
      Atomics.store(beats, 0, 1);
      plan();
    },
    stop: () => {
      timer?.cancel();
      timer = undefined;
      Atomics.store(beats, 0, 0);
    },
  };
}
