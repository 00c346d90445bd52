// The made-up opinion: deterministic, bounded, marked as simulated, on the clock it is given.
import { describe, expect, it } from 'vitest';
import { type SentimentReading, wall } from '../../src/engine/index.ts';
import { createSimulatedSentiment } from '../../src/sim/simulated-sentiment.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';

function listen(seed: string, minutes: number): SentimentReading[] {
  const clock = createVirtualClock(wall(1_000_000));
  const source = createSimulatedSentiment({ seed, clock });
  const readings: SentimentReading[] = [];
  source.start((reading) => {
    if (reading !== undefined) readings.push(reading);
  });
  clock.advanceBy(minutes * 60_000);
  source.stop();
  expect(clock.nextDue()).toBeUndefined();
  return readings;
}

describe('simulated sentiment', () => {
  it('reads every minute from the start on, the same for the same seed (A10)', () => {
    const readings = listen('3', 5);
    expect(readings.map(({ askedAt }) => askedAt - 1_000_000)).toEqual([
      0, 60_000, 120_000, 180_000, 240_000, 300_000,
    ]);
    expect(listen('3', 5)).toEqual(readings);
    expect(listen('4', 5)).not.toEqual(readings);
  });

  it('is bounded, says that it is simulated, and is beyond ±30 about half of the time', () => {
    const readings = listen('long', 20_000);
    for (const { score, confidence, simulated, source } of readings) {
      expect(Number.isInteger(score) && Math.abs(score) <= 100).toBe(true);
      expect(confidence >= 40 && confidence <= 90).toBe(true);
      expect([simulated, source]).toEqual([true, 'simulated']);
    }
    const strong = readings.filter(({ score }) => Math.abs(score) > 30).length / readings.length;
    expect(strong).toBeGreaterThan(0.4);
    expect(strong).toBeLessThan(0.6);
  });

  it('answers a refresh at once and restarts its minute', () => {
    const clock = createVirtualClock(wall(0));
    const source = createSimulatedSentiment({ seed: '1', clock });
    const times: number[] = [];
    source.start(() => times.push(clock.mono()));
    clock.advanceBy(30_000);
    source.refresh();
    clock.advanceBy(60_000);
    expect(times).toEqual([0, 30_000, 90_000]);
  });
});
