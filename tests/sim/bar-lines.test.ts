/** Our own lines are read back as what they were. */
import { expect, it } from 'vitest';
import { price, wall } from '../../src/engine/index.ts';
import { BAR_HEADER, barLine, TICK_HEADER, tickLine } from '../../src/sim/bar-lines.ts';
import { readBars, readTicks } from '../../src/sim/recording.ts';

it('a bar and a tick survive their line, to the last digit', () => {
  const openTime = wall(Date.UTC(2024, 9, 16, 2, 30));
  const prices = {
    open: price(114_814),
    high: price(400_000_000),
    low: price(1),
    close: price(10),
  };
  const line = barLine({ openTime, ...prices, ticks: 17 });
  expect(line).toBe('2024-10-16T02:30:00Z,1.14814,4000,0.00001,0.0001,17\n');
  expect(barLine({ openTime, ...prices, ticks: 0 })).toMatch(/,\n$/);
  expect(readBars(BAR_HEADER + line)).toMatchObject({ ok: true, rows: [{ openTime, ...prices }] });
  const tick = { time: wall(1_729_045_800_123), bid: price(114_814), ask: price(114_820) };
  expect(readTicks(TICK_HEADER + tickLine(tick))).toEqual({ ok: true, rows: [tick] });
});
