/**
 * A made-up opinion about the news for simulated worlds: wanders around zero, by seed, and says it
 * is simulated.
 * Deliberately knows nothing of the market: agreement with prices is chance.
 */
import type { SentimentListener, SentimentSource, Timer } from '../engine/index.ts';
import type { Clock } from '../engine/ports.ts';
import { createPrng } from './prng.ts';

export const SENTIMENT_REFRESH_MS = 60_000;

/** Pull towards zero per refresh, and step: the score's deviation is about 44, half beyond ±30. */
const KEEP = 0.95;
const STEP = 13.8;

/** First reading at once after `start`, then every minute of the clock, or sooner on `refresh`. */
export function createSimulatedSentiment(options: {
  readonly seed: string;
  readonly clock: Clock;
}): SentimentSource {
  const { clock } = options;
  const prng = createPrng(options.seed).stream('sentiment');
  let level = 30 * prng.normal();
  let emit: SentimentListener | undefined;
  let timer: Timer | undefined;

  const schedule = (delayMs: number): void => {
    timer?.cancel();
    timer = clock.after(delayMs, read);
  };
  const read = (): void => {
    level = Math.min(100, Math.max(-100, level * KEEP + STEP * prng.normal()));
    schedule(SENTIMENT_REFRESH_MS);
    emit?.({
      score: Math.round(level) + 0,
      confidence: prng.integer(40, 90),
      source: 'simulated',
      simulated: true,
      askedAt: clock.wall(),
      citations: [],
    });
  };
  return {
    start: (listener) => {
      emit = listener;
      schedule(0);
    },
    refresh: () => {
      if (emit === undefined) return { asked: false, reason: 'the made-up news are not running' };
      schedule(0);
      return { asked: true, reason: 'the made-up news are asked' };
    },
    stop: () => {
      timer?.cancel();
      emit = undefined;
    },
  };
}
