// Bars from ticks, written a second time and differently, to check those of the market against.
// Only bids make a bar; both sides of its minute count.
import { type Bar, wall } from '../../src/engine/index.ts';
import type { MarketTick } from '../../src/sim/market-types.ts';

export function rebuild(ticks: readonly MarketTick[], timeframeMs: number): Bar[] {
  const groups = new Map<number, MarketTick[]>();
  for (const tick of ticks) {
    const openTime = Math.floor(tick.time / timeframeMs) * timeframeMs;
    const group = groups.get(openTime);
    if (group === undefined) groups.set(openTime, [tick]);
    else group.push(tick);
  }
  return [...groups].flatMap(([openTime, group]) => {
    const bids = group.flatMap((tick) => (tick.bid === undefined ? [] : [tick.bid]));
    const [open] = bids;
    const close = bids.at(-1);
    if (open === undefined || close === undefined) return [];
    const asks = group.filter((tick) => tick.ask !== undefined).length;
    const high = bids.reduce((a, b) => (b > a ? b : a));
    const low = bids.reduce((a, b) => (b < a ? b : a));
    return [{ openTime: wall(openTime), open, high, low, close, ticks: bids.length + asks }];
  });
}
