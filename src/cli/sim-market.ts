/**
 * Which market the simulator plays: a recording that was named, a seed, or the bundled sample.
 * Reads the file and says in one sentence what is wrong with it; the parsing itself is
 * `sim/recording`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Bar, PRICE_SCALE, price, type Wall, wall } from '../engine/index.ts';
import { DEFAULT_START, sessionsBetween } from '../sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_HISTORY_MINUTES, DEFAULT_LEVEL } from '../sim/market.ts';
import type { Market } from '../sim/market-types.ts';
import { faultText, readBars, readTicks, TICK_COLUMNS } from '../sim/recording.ts';
import { createReplayMarket, createTickReplay, fcpoReplay } from '../sim/replay.ts';

export interface SimMarket {
  readonly market: Market;
  /** Digits; other markets never share a journal. */
  readonly account: string;
  /** When a recording is over, the end of its last bar included; absent for an endless market. */
  readonly endsAt: Wall | undefined;
}

/** A recording that cannot be played; the message is for a person. Exit code 64. */
export class UnplayableRecording extends Error {
  override readonly name = 'UnplayableRecording';
}

export interface MarketWish {
  /** Present when a person named a file. */
  readonly replayFile: string | undefined;
  /** Present when a person named a seed. */
  readonly seed: number | undefined;
  readonly defaultSeed: number;
}

const SAMPLE = 'fcpo-1m-sample.csv.gz';
/** Its beginning as numbers, made by the build: reading text is a tenth of a start. */
const SAMPLE_IMAGE = 'fcpo-1m-start.i32';
const SAMPLE_HISTORY_BARS = 2_400;
/** Two weeks, history included: reading the whole sample would be a tenth of the start. */
const SAMPLE_BARS = 4_400;
const IMAGE_WIDTH = 5;
const BYTES_MAX = 256 * 1024 * 1024;

/** Throws {@link UnplayableRecording}. */
export function simMarket(wish: MarketWish): SimMarket {
  if (wish.replayFile !== undefined) return recorded(wish.replayFile, wish);
  if (wish.seed === undefined) return sample(wish.defaultSeed);
  const market = createSyntheticMarket({
    seed: String(wish.seed),
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: DEFAULT_HISTORY_MINUTES,
  });
  return { market, account: String(7_000_000_000 + wish.seed), endsAt: undefined };
}

function sample(seed: number): SimMarket {
  const market = createReplayMarket(
    startOfSample(),
    fcpoReplay({
      name: 'FCPO, October 2024',
      seed: String(seed),
      historyBars: SAMPLE_HISTORY_BARS,
      continueWith: String(seed),
    }),
  );
  return { market, account: String(7_100_000_000 + seed), endsAt: undefined };
}

/** Beside the bundle, or in the repository. */
const shipped = (name: string): URL | undefined =>
  ['./data/', '../../data/']
    .map((place) => new URL(place + name, import.meta.url))
    .find((one) => existsSync(one));

function startOfSample(): readonly Bar[] {
  const image = shipped(SAMPLE_IMAGE);
  return (image && barsOfImage(readFileSync(image))) ?? barsOfText();
}

/**
 * How many, then of each bar its minute since 1970 and its four prices, in the machine's order;
 * undefined for an image of another length, as it seems from the other end of its integers.
 */
export function barsOfImage(bytes: Uint8Array): readonly Bar[] | undefined {
  const whole = new Int32Array(Uint8Array.from(bytes).buffer, 0, bytes.length >> 2);
  const cells = whole.subarray(1);
  if (whole[0] !== SAMPLE_BARS || cells.length !== SAMPLE_BARS * IMAGE_WIDTH) return undefined;
  const cell = (bar: number, column: number): number => cells[bar * IMAGE_WIDTH + column] ?? 0;
  return Array.from({ length: SAMPLE_BARS }, (_, bar) => ({
    openTime: wall(cell(bar, 0) * 60_000),
    open: price(cell(bar, 1) * PRICE_SCALE),
    high: price(cell(bar, 2) * PRICE_SCALE),
    low: price(cell(bar, 3) * PRICE_SCALE),
    close: price(cell(bar, 4) * PRICE_SCALE),
    ticks: 0,
  }));
}

/** The same from the recording itself; throws {@link UnplayableRecording}. */
export function barsOfText(): readonly Bar[] {
  const place = shipped(SAMPLE);
  if (place === undefined)
    throw new UnplayableRecording(`The bundled sample ${SAMPLE} is missing.`);
  const lines = gunzipSync(readFileSync(place)).toString('utf8').split('\n');
  const reading = readBars(lines.slice(0, SAMPLE_BARS + 1).join('\n'));
  if (!reading.ok) throw new UnplayableRecording(`${SAMPLE}: ${faultText(reading.fault)}.`);
  return reading.rows;
}

function recorded(file: string, wish: MarketWish): SimMarket {
  const text = textOf(file);
  const seed = String(wish.seed ?? wish.defaultSeed);
  const account = accountOf(text, seed);
  const name = basename(file);
  const broken = (why: string): never => {
    throw new UnplayableRecording(
      `The recording ${file} cannot be played, ${why}. Nothing was started.`,
    );
  };
  if (text.startsWith(TICK_COLUMNS.join(','))) {
    const ticks = readTicks(text);
    if (!ticks.ok) return broken(faultText(ticks.fault));
    const lastTick = ticks.rows.at(-1);
    if (lastTick === undefined) return broken('it holds no tick');
    const market = createTickReplay(ticks.rows, { name, calendar: sessionsBetween });
    return { market, account, endsAt: after(lastTick.time) };
  }
  const bars = readBars(text);
  if (!bars.ok) return broken(faultText(bars.fault));
  const lastBar = bars.rows.at(-1);
  if (lastBar === undefined) return broken('it holds no bar');
  const options = fcpoReplay({ name, seed, historyBars: 0, continueWith: undefined });
  const endsAt = after(wall(lastBar.openTime + options.timeframeMs));
  return { market: createReplayMarket(bars.rows, options), account, endsAt };
}

/** Long enough for the last bar to be closed by the end of its session. */
const after = (instant: Wall): Wall => wall(instant + 10_000);

function textOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > BYTES_MAX) throw new Error('it is larger than 256 MiB');
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isZipped ? gunzipSync(bytes, { maxOutputLength: BYTES_MAX }) : bytes).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'it does not exist' : (error as Error).message;
    throw new UnplayableRecording(`The recording ${file} cannot be read: ${why}.`);
  }
}

/** Ten digits from the recording itself: the same file goes on with its own journal. */
function accountOf(text: string, seed: string): string {
  const hash = createHash('sha256').update(seed).update(text).digest();
  return String(7_200_000_000 + (hash.readUInt32BE(0) % 700_000_000));
}
