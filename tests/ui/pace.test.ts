// Ten pictures a second while the line takes them, one a second at worst, and back.
import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/ui/pace.ts';

/** Asks ten times a second for so long; answers how many pictures were drawn. */
function drawn(pace: Pace, fromMs: number, forMs: number, busy: boolean): number {
  let count = 0;
  for (let at = fromMs; at < fromMs + forMs; at += 100) if (pace.due(at, busy)) count += 1;
  return count;
}

describe('pace', () => {
  it('draws every tenth of a second on a line that takes everything', () => {
    expect(drawn(new Pace(), 0, 5_000, false)).toBe(50);
  });

  it('draws nothing on a busy line, asks ever more rarely, and counts what it left out', () => {
    const pace = new Pace();
    expect(drawn(pace, 0, 10_000, true)).toBe(0);
    expect(pace.everyMs).toBe(1_000);
    expect(pace.skipped).toBeLessThan(15);
    expect(pace.skipped).toBeGreaterThan(8);
  });

  it('comes back to the full pace once the line is calm', () => {
    const pace = new Pace();
    drawn(pace, 0, 10_000, true);
    expect(drawn(pace, 10_000, 4_000, false)).toBeLessThanOrEqual(4);
    drawn(pace, 14_000, 20_000, false);
    expect(pace.everyMs).toBe(100);
    expect(drawn(pace, 34_000, 1_000, false)).toBe(10);
  });

  it('tells bytes and pictures of the last ten seconds, and none before there are any', () => {
    const pace = new Pace();
    expect(pace.cost(0, 9_000, 5)).toMatchObject({ bytesPerSecond: 0, framesPerSecond: 0 });
    for (let at = 100; at <= 30_000; at += 100) pace.cost(at, 9_000 + at * 2, 5 + at / 200);
    const moving = pace.cost(30_100, 9_000 + 60_200, 155);
    expect(moving).toMatchObject({ bytesPerSecond: 2_000, framesPerSecond: 5 });
    for (let at = 30_200; at <= 42_000; at += 100) pace.cost(at, 69_200, 155);
    expect(pace.cost(42_100, 69_200, 155)).toMatchObject({ bytesPerSecond: 0, framesPerSecond: 0 });
  });

  it('remembers the longest delay for ten seconds', () => {
    const pace = new Pace();
    for (const at of [0, 100, 540, 640]) pace.cost(at, 0, 0);
    expect(pace.cost(740, 0, 0).delayMs).toBe(340);
    let delayMs = 0;
    for (let at = 840; at <= 12_000; at += 100) ({ delayMs } = pace.cost(at, 0, 0));
    expect(delayMs).toBe(0);
  });
});
