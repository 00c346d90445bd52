/**
 * Measures now and then how much space is free where the journal is (F85).
 * Deliberately judges nothing: what is too little is said by the breaker PERSISTENCE.
 */
import { statfs } from 'node:fs/promises';
import type { Event } from '../engine/index.ts';
import type { Clock, Timer } from '../engine/ports.ts';

const EVERY_MS = 30_000;
const MIB = 1024 * 1024;

export interface SpaceParts {
  readonly directory: string;
  readonly clock: Clock;
  readonly post: (event: Event) => void;
  /** Where it cannot be measured nothing is told; why is said once. */
  readonly note: (text: string) => void;
}

export interface SpaceWatch {
  start(): void;
  stop(): void;
}

/** Tells a `host` event at once and every 30 s, in whole MiB, rounded down. */
export function createSpaceWatch({ directory, clock, post, note }: SpaceParts): SpaceWatch {
  let timer: Timer | undefined;
  let isRunning = false;
  let isSilent = false;
  const measure = async (): Promise<void> => {
    try {
      const { bavail, bsize } = await statfs(directory);
      if (isRunning) post({ type: 'host', freeMib: Math.floor((bavail * bsize) / MIB) });
    } catch (error) {
      if (!isSilent) note(`free space is not known: ${String(error)}`);
      isSilent = true;
    }
    if (isRunning) timer = clock.after(EVERY_MS, () => void measure());
  };
  return {
    start: () => {
      if (isRunning) return;
      isRunning = true;
      void measure();
    },
    stop: () => {
      isRunning = false;
      timer?.cancel();
    },
  };
}
