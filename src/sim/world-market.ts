/**
 * A quick market for worlds by seed: phases that trend up, down or nowhere, in whole ringgit.
 * Deliberately cruder than `market.ts`: signals, stops and targets must happen in minutes, cheaply.
 */
import { type Bar, type Price, price, type Wall, wall } from '../engine/index.ts';
import type { Prng } from './prng.ts';

const TICK = 100_000;
const LOWEST = 3_200;
const HIGHEST = 6_200;
const WARM_UP_BARS = 170;
const KEPT_BARS = 320;

export interface WorldTick {
  readonly bid: Price;
  readonly ask: Price;
}

export interface WorldMarket {
  /** Moves on by one price. */
  move(at: Wall): WorldTick;
  /** Where it stands. */
  now(): WorldTick;
  /** A jump of that many basis points with the next price. */
  jump(bps: number): void;
  /** Twenty times the usual spread, or the usual one. */
  widen(isWide: boolean): void;
  /** Direction of the phase: what the news would support. */
  drift(): number;
  /** The last bars of the bid that opened at or before `to`; the newest may be forming. */
  history(count: number, to: Wall): Bar[];
}

interface Phase {
  readonly drift: number;
  left: number;
}

export function createWorldMarket(prng: Prng, start: Wall, timeframeMs: number): WorldMarket {
  const bars: Bar[] = [];
  let level = prng.integer(3_900, 5_200);
  let spread = 1;
  let isWide = false;
  let phase: Phase = { drift: 0, left: 0 };
  const tick = (): WorldTick => ({
    bid: price(level * TICK),
    ask: price((level + (isWide ? 20 * spread : spread)) * TICK),
  });
  const walk = (steps: number): void => {
    if (phase.left <= 0) phase = drawPhase(prng, level);
    phase.left -= steps;
    const noise = prng.integer(-2, 2) + prng.integer(-1, 1);
    const push = prng.uniform() < Math.abs(phase.drift) ? Math.sign(phase.drift) : 0;
    level = Math.max(LOWEST, Math.min(HIGHEST, level + noise + push * Math.min(4, steps)));
  };
  const keep = (at: Wall): void => {
    const openTime = wall(Math.floor(at / timeframeMs) * timeframeMs);
    const bid = price(level * TICK);
    const last = bars.at(-1);
    if (last === undefined || last.openTime < openTime) {
      bars.push({ openTime, open: bid, high: bid, low: bid, close: bid, ticks: 1 });
      if (bars.length > KEPT_BARS) bars.shift();
      return;
    }
    const high = bid > last.high ? bid : last.high;
    const low = bid < last.low ? bid : last.low;
    bars[bars.length - 1] = { ...last, high, low, close: bid, ticks: last.ticks + 1 };
  };
  for (let back = WARM_UP_BARS * 8; back > 0; back -= 1) {
    walk(2);
    keep(wall(start - Math.ceil((back * timeframeMs) / 8)));
  }
  return {
    move: (at) => {
      spread = prng.chance(800) ? 1 : 2;
      walk(1);
      keep(at);
      return tick();
    },
    now: tick,
    jump: (bps) => {
      const to = level + Math.trunc((level * bps) / 10_000);
      level = Math.max(LOWEST, Math.min(HIGHEST, to));
    },
    widen: (wide) => {
      isWide = wide;
    },
    drift: () => phase.drift,
    history: (count, to) => bars.filter((bar) => bar.openTime <= to).slice(-count),
  };
}

/** Near the edges of its range the market turns back. */
function drawPhase(prng: Prng, level: number): Phase {
  const left = prng.integer(40, 300);
  if (level < LOWEST + 300) return { drift: 0.5, left };
  if (level > HIGHEST - 300) return { drift: -0.5, left };
  const kind = prng.integer(0, 4);
  const drift = kind === 0 ? 0 : (kind % 2 === 0 ? 1 : -1) * (prng.integer(20, 70) / 100);
  return { drift, left };
}
