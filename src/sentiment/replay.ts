/**
 * The stored readings again, each at the moment it was known, never earlier (point in time).
 * Deliberately asks nobody: a backtest sees exactly what the engine could have seen.
 */
import {
  type Clock,
  DEADLINES,
  type SentimentReading,
  type SentimentSource,
} from '../engine/index.ts';
import type { StoredSentiment } from './store.ts';

export interface ReplaySettings {
  /** Rows with role `source` are ignored. */
  readonly rows: readonly StoredSentiment[];
  /** Whether the readings are shown as simulated. */
  readonly simulated: boolean;
}

/** A row that is already known at the start is given at once if it is still alive. */
export function createSentimentReplay(settings: ReplaySettings, clock: Clock): SentimentSource {
  const rows = settings.rows
    .filter((row) => row.role === 'used')
    .sort((a, b) => a.knownAt - b.knownAt || a.askedAt - b.askedAt);
  let next = 0;
  let timer: ReturnType<Clock['after']> | undefined;

  const play = (emit: (reading: SentimentReading | undefined) => void): void => {
    const now = clock.wall();
    let due: StoredSentiment | undefined;
    while ((rows[next]?.knownAt ?? Number.POSITIVE_INFINITY) <= now) {
      due = rows[next];
      next += 1;
    }
    const waiting = rows[next];
    timer =
      waiting === undefined
        ? undefined
        : clock.after(Math.max(1, waiting.knownAt - now), () => play(emit));
    if (due !== undefined && now - due.askedAt <= DEADLINES.sentimentLifetimeMs) {
      emit(readingOf(due, settings.simulated));
    }
  };
  return {
    start: (emit) => {
      timer = clock.after(0, () => play(emit));
    },
    refresh: () => ({ asked: false, reason: 'a replay shows only what was known' }),
    stop: () => timer?.cancel(),
  };
}

export function readingOf(row: StoredSentiment, simulated: boolean): SentimentReading {
  const { score, confidence, source, askedAt, citations } = row;
  return { score, confidence, source, simulated, askedAt, citations };
}
