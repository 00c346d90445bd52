/** The same market at another time: everything equal but the instants. */
import { describe, expect, it } from 'vitest';
import { wall } from '../../src/engine/index.ts';
import { DEFAULT_START, HOUR_MS } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../../src/sim/market.ts';
import { shiftMarket } from '../../src/sim/shifted-market.ts';

const BY = 16_000 * HOUR_MS;
const fresh = () =>
  createSyntheticMarket({
    seed: '7',
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: 300,
  });

describe('a shifted market', () => {
  it('plays the same ticks, bars, quotes and sessions, so much later', () => {
    const [plain, moved] = [fresh(), shiftMarket(fresh(), BY)];
    expect(moved.liveFrom).toBe(plain.liveFrom + BY);
    for (let count = 0; count < 500; count += 1) {
      const tick = plain.next();
      expect(moved.next()).toEqual({ ...tick, time: (tick?.time ?? 0) + BY });
    }
    const to = wall(DEFAULT_START + 60_000);
    const bars = plain.history(300_000, 20, to);
    expect(bars).toHaveLength(20);
    expect(moved.history(300_000, 20, wall(to + BY))).toEqual(
      bars.map((bar) => ({ ...bar, openTime: bar.openTime + BY })),
    );
    const quote = plain.quoteAt(to);
    expect(moved.quoteAt(wall(to + BY))).toEqual({ ...quote, time: (quote?.time ?? 0) + BY });
    const end = wall(to + 100 * HOUR_MS);
    expect(moved.sessions(wall(to + BY), wall(end + BY))).toEqual(
      plain.sessions(to, end).map(({ open, close }) => ({ open: open + BY, close: close + BY })),
    );
  });

  it('can be moved on to an instant of its own time', () => {
    const [plain, moved] = [fresh(), shiftMarket(fresh(), BY)];
    plain.fastForward(wall(DEFAULT_START + HOUR_MS));
    moved.fastForward(wall(DEFAULT_START + HOUR_MS + BY));
    expect(moved.next()?.time).toBe((plain.next()?.time ?? 0) + BY);
  });
});
