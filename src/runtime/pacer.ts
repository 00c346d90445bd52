/**
 * Moves a virtual clock at a multiple of real time and turns the loop after every callback.
 * Deliberately waits for the journal's answers before time goes on: the event log must not depend
 * on how fast the disk is (A10, I30), and nothing becomes visible that is not durable.
 */
import type { Mono, Wall } from '../engine/index.ts';
import type { Loop } from './loop.ts';

/** What the pacer needs of a virtual clock. */
export interface VirtualTime {
  mono(): Mono;
  wall(): Wall;
  nextDue(): Mono | undefined;
  runNext(): void;
}

export interface PacerParts {
  readonly time: VirtualTime;
  readonly loop: Pick<Loop, 'turn'> & Partial<Pick<Loop, 'waits'>>;
  /** Barriers without an answer, and the promise of their answers. */
  readonly journal: { pending(): boolean; settled(): Promise<void> };
  /** Simulated seconds per real second. */
  readonly speed: number;
  /** True while nothing can happen, e.g. outside trading hours. */
  readonly idle: () => boolean;
  /** How much faster idle time passes. */
  readonly idleFactor: number;
  /** Simulated instant at which to stop by itself. */
  readonly until: Wall | undefined;
  /** Called once, when `until` was reached or nothing is left to happen. */
  readonly onEnd: () => void;
  readonly onDefect: (error: unknown) => void;
}

export interface Pacer {
  start(): void;
  /** Something came from outside: it is handled without waiting for time to move. */
  wake(): void;
  /** Stops time; resolves when no callback is running any more. */
  stop(): Promise<void>;
}

/** Nothing is looked at more often; what falls due meanwhile runs together. */
const REAL_TICK_MS = 16;
/** Nor less often, whatever is due when. */
const REST_MS = 100;
/** Keys and signals get a chance at least this often. */
const SLICE_MS = 25;
/** Debt beyond this is dropped: a slow machine runs slower instead of bursting. */
const DEBT_MS = 250;

export function createPacer(parts: PacerParts): Pacer {
  let running: Promise<void> | undefined;
  let stopped = false;
  let wake: () => void = () => undefined;
  const rest = (spentMs: number, credit: number): Promise<void> =>
    new Promise((resolve) => {
      const due = (toNextDue(parts) - credit) / parts.speed;
      const pause = Math.max(REAL_TICK_MS - spentMs, Math.min(due, REST_MS), 1);
      const timer = setTimeout(resolve, pause);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    let real = performance.now();
    /** Simulated milliseconds that may still pass. */
    let credit = 0;
    while (!stopped) {
      const now = performance.now();
      credit += Math.min(now - real, DEBT_MS) * parts.speed;
      real = now;
      // A command of the person does not wait for the next thing to happen in the market.
      if (parts.loop.waits?.() === true) await settle(parts);
      credit = await slice(parts, credit, () => stopped);
      if (credit < 0) {
        stopped = true;
        parts.onEnd();
        return;
      }
      await rest(performance.now() - now, credit);
    }
  };
  return {
    start: () => {
      running = run().catch((error: unknown) => {
        stopped = true;
        parts.onDefect(error);
      });
    },
    wake: () => wake(),
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}

/** Credit that the next thing to happen will cost; none when nothing ever will. */
function toNextDue({ time, idle, idleFactor }: PacerParts): number {
  const due = time.nextDue();
  return due === undefined ? 0 : (due - time.mono()) / (idle() ? idleFactor : 1);
}

/** Runs callbacks while there is credit; returns what is left of it, or -1 at the end. */
async function slice(parts: PacerParts, credit: number, isStopped: () => boolean): Promise<number> {
  const { time } = parts;
  let left = credit;
  const began = performance.now();
  while (!isStopped()) {
    const due = time.nextDue();
    if (due === undefined) return -1;
    const cost = toNextDue(parts);
    if (cost > left) return left;
    if (parts.until !== undefined && time.wall() + (due - time.mono()) > parts.until) return -1;
    left -= cost;
    time.runNext();
    await settle(parts);
    if (performance.now() - began > SLICE_MS) return Math.min(left, DEBT_MS * parts.speed);
  }
  return left;
}

async function settle(parts: PacerParts): Promise<void> {
  let more = parts.loop.turn();
  while (more || parts.journal.pending()) {
    if (parts.journal.pending()) await parts.journal.settled();
    more = parts.loop.turn();
  }
}
