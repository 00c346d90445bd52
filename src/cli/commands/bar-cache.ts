/**
 * Parsed bars of large files, kept as columns of numbers beside the state for the next run.
 * Deliberately found by the hash of the file's content, so that they can never be stale; a cache
 * that is damaged, foreign or cannot be written is as good as none.
 */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Bar, type Price, type Wall, wall } from '../../engine/index.ts';

/** Smaller files are parsed faster than they are worth a copy on disk. */
export const CACHED_FROM_BYTES = 1_000_000;
/** The newest so many are kept. */
const KEPT = 8;
/** Changes with the columns, and with what the parser makes of a line. */
const FORMAT = 'palm-oil-tui bars 1\n';
const COLUMNS = ['openTime', 'open', 'high', 'low', 'close'] as const;
const HEAD_BYTES = FORMAT.length + 32;

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The bytes of a cache file: format, hash of the columns, the columns one after the other. */
export function cacheBytes(bars: readonly Bar[]): Uint8Array {
  const values = new Float64Array(bars.length * COLUMNS.length);
  for (const [column, name] of COLUMNS.entries()) {
    const begin = column * bars.length;
    for (let at = 0; at < bars.length; at += 1) values[begin + at] = bars[at]?.[name] ?? 0;
  }
  const columns = new Uint8Array(values.buffer);
  return Buffer.concat([Buffer.from(FORMAT), digestOf(columns), columns]);
}

/** The bars again, or nothing when a single bit is not as it was written. */
export function barsOfCache(bytes: Uint8Array): readonly Bar[] | undefined {
  const format = Buffer.from(bytes.subarray(0, FORMAT.length)).toString('latin1');
  // A copy, because columns of numbers must begin at a multiple of eight.
  const columns = Uint8Array.from(bytes.subarray(HEAD_BYTES));
  const width = COLUMNS.length * Float64Array.BYTES_PER_ELEMENT;
  if (format !== FORMAT || columns.length === 0 || columns.length % width !== 0) return undefined;
  if (!digestOf(columns).equals(bytes.subarray(FORMAT.length, HEAD_BYTES))) return undefined;
  const count = columns.length / width;
  const values = new Float64Array(columns.buffer, columns.byteOffset, count * COLUMNS.length);
  const bars: Bar[] = new Array(count);
  for (let at = 0; at < count; at += 1) {
    bars[at] = {
      openTime: wall(values[at] as number) as Wall,
      open: values[count + at] as Price,
      high: values[2 * count + at] as Price,
      low: values[3 * count + at] as Price,
      close: values[4 * count + at] as Price,
      ticks: 0,
    };
  }
  return bars;
}

export interface BarCache {
  find(): readonly Bar[] | undefined;
  keep(bars: readonly Bar[]): void;
}

const NONE: BarCache = { find: () => undefined, keep: () => undefined };

/** The place of one file's bars below a state directory; nothing for small files. */
export function barCache(content: Uint8Array, dataDir: string): BarCache {
  if (content.length < CACHED_FROM_BYTES) return NONE;
  const place = join(dataDir, 'cache');
  const file = join(place, `bars-${digestOf(content).toString('hex').slice(0, 32)}.bin`);
  return {
    find: () => attempt(() => barsOfCache(readFileSync(file))),
    keep: (bars) => {
      attempt(() => {
        mkdirSync(place, { recursive: true, mode: 0o700 });
        const draft = `${file}.part`;
        writeFileSync(draft, cacheBytes(bars), { mode: 0o600 });
        renameSync(draft, file);
        dropOld(place);
      });
    },
  };
}

function attempt<T>(deed: () => T): T | undefined {
  try {
    return deed();
  } catch {
    return undefined;
  }
}

function dropOld(place: string): void {
  const files = readdirSync(place).filter((name) => /^bars-[0-9a-f]{32}\.bin$/.test(name));
  const aged = files.map((name) => ({ name, at: statSync(join(place, name)).mtimeMs }));
  aged.sort((a, b) => b.at - a.at);
  for (const { name } of aged.slice(KEPT)) rmSync(join(place, name), { force: true });
}
