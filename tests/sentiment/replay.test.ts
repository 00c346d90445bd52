/**
 * Replay shows a reading when it was known, never earlier, and no dead one.
 */
import { describe, expect, it } from 'vitest';
import { mono, type SentimentReading, type Wall, wall } from '../../src/engine/index.ts';
import { createSentimentReplay } from '../../src/sentiment/replay.ts';
import { importSentimentCsv } from '../../src/sentiment/store.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

const NINE = Date.UTC(2025, 0, 15, 9);
const { rows } = importSentimentCsv(
  [
    'role,asked_at,known_at,source,score,confidence',
    'used,2025-01-15T09:00:00Z,2025-01-15T09:00:05Z,perplexity,10,50',
    'source,2025-01-15T09:01:00Z,2025-01-15T09:01:05Z,nitter,99,50',
    'used,2025-01-15T09:04:00Z,2025-01-15T09:04:02Z,perplexity,20,50',
    'used,2025-01-15T10:00:00Z,2025-01-15T10:09:00Z,perplexity,30,50',
  ].join('\n'),
);

function play(start: Wall, untilMs: number) {
  const clock = createVirtualClock(start);
  const seen: (readonly [number, number])[] = [];
  const source = createSentimentReplay({ rows, simulated: true }, clock);
  source.start((reading: SentimentReading | undefined) => {
    if (reading !== undefined) seen.push([clock.wall() - NINE, reading.score]);
  });
  clock.advanceTo(mono(untilMs));
  source.stop();
  return { seen, clock };
}

describe('a replay', () => {
  it('emits at the moment of knowing, with the moment of asking', () => {
    expect(play(wall(NINE - 1_000), 1_000_000).seen).toEqual([
      [5_000, 10],
      [242_000, 20],
    ]);
  });

  it('begins with what is already known and alive, and leaves out what is dead', () => {
    expect(play(wall(NINE + 60_000), 10).seen).toEqual([[60_000, 10]]);
    expect(play(wall(NINE + 3_000_000), 10).seen).toEqual([]);
    // Asked at ten, known nine minutes later: it was never usable.
    expect(play(wall(NINE + 3_000_000), 10_000_000).seen).toEqual([]);
  });

  it('leaves no timer behind', () => {
    expect(play(wall(NINE - 1_000), 10).clock.nextDue()).toBeUndefined();
  });
});
