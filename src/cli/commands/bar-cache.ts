/**
 * Parsed bars of large files, kept as the image of their columns beside the state for the next run.
 * Deliberately found by the content of the file, so that they can never be stale: by its hash, or
 * by what the file system says about a file that was hashed before and cannot have changed since. A
 * cache that is damaged, foreign or cannot be written is as good as none.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { endianness } from 'node:os';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { type BarColumns, factsOf, type Prices } from '../../sim/bar-columns.ts';

/** Smaller files are parsed faster than they are worth a copy on disk. */
export const CACHED_FROM_BYTES = 1_000_000;
/** The newest so many are kept. */
const KEPT = 8;
/** Changes with the columns, and with what the parser makes of a line. */
const FORMAT = `palm-oil-tui bars 5 ${endianness()}`;
/**
 * Format, then from here on: bars, line of the first, check sum of what follows the head, and how
 * many bytes a price has.
 */
const NUMBERS_AT = 40;
/** What a walk over all bars told, before the columns. */
const FACT_NAMES = ['step', 'grid', 'digits', 'largestJump'] as const;
const HEAD_BYTES = 64;
const CHUNK_BYTES = 1 << 20;
/** The coarsest clock of a file system: a younger change may not show. */
const SETTLED_MS = 2_000;

const PRICE_NAMES = ['open', 'high', 'low', 'close'] as const;
const FACT_BYTES = FACT_NAMES.length * 8;

/** Bytes of an image with so many bars: facts, times, prices. */
const sizeOf = (count: number, width: number): number => FACT_BYTES + count * (8 + 4 * width);

/** The bytes of a cache file: the head, facts, then the columns one after the other. */
export function cacheBytes(columns: BarColumns): Uint8Array {
  const { count, firstLine, open } = columns;
  const facts = columns.facts ?? factsOf(columns);
  const width = open.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(HEAD_BYTES + sizeOf(count, width));
  const image = bytes.subarray(HEAD_BYTES);
  const own = imageOf(image, count, width);
  own.facts.set(FACT_NAMES.map((name) => facts[name]));
  own.openTime.set(columns.openTime);
  for (const name of PRICE_NAMES) own[name].set(columns[name]);
  bytes.set(Buffer.from(FORMAT));
  const head = Uint32Array.of(count, firstLine, crc32(image), width);
  bytes.set(new Uint8Array(head.buffer), NUMBERS_AT);
  return bytes;
}

/** The parts of an image, in its own memory. */
function imageOf({ buffer, byteOffset }: Uint8Array, count: number, width: number) {
  const pricesAt = byteOffset + FACT_BYTES + count * 8;
  const prices = (nth: number): Prices =>
    width === 4
      ? new Int32Array(buffer, pricesAt + nth * count * 4, count)
      : new Float64Array(buffer, pricesAt + nth * count * 8, count);
  return {
    facts: new Float64Array(buffer, byteOffset, FACT_NAMES.length),
    openTime: new Float64Array(buffer, byteOffset + FACT_BYTES, count),
    open: prices(0),
    high: prices(1),
    low: prices(2),
    close: prices(3),
  };
}

/** The columns again, in the same memory, or nothing when a single bit is not as written. */
export function columnsOfCache(bytes: Uint8Array): BarColumns | undefined {
  if (bytes.length <= HEAD_BYTES) return undefined;
  const name = Buffer.from(bytes.subarray(0, NUMBERS_AT)).toString('latin1');
  if (name.replace(/\0+$/, '') !== FORMAT) return undefined;
  const head = Uint8Array.from(bytes.subarray(NUMBERS_AT, NUMBERS_AT + 16));
  const [count = 0, firstLine = 0, sum = 0, width = 0] = new Uint32Array(head.buffer);
  const image = bytes.subarray(HEAD_BYTES);
  if (width !== 4 && width !== 8) return undefined;
  if (image.length !== sizeOf(count, width) || crc32(image) !== sum) return undefined;
  // Columns of numbers must begin at a multiple of eight; what is read from a file does.
  const own = image.byteOffset % 8 === 0 ? image : Uint8Array.from(image);
  const { facts, ...columns } = imageOf(own, count, width);
  const [step = 0, grid = 0, digits = 0, largestJump = 0] = facts;
  return { count, ...columns, firstLine, facts: { step, grid, digits, largestJump } };
}

export interface BarCache {
  find(): BarColumns | undefined;
  keep(columns: BarColumns): void;
}

const NONE: BarCache = { find: () => undefined, keep: () => undefined };

/**
 * The place of one file's bars below a state directory; nothing for small files. `reading` stands
 * for everything beside the content that changes what is read. The file must be there.
 */
export function barCache(file: string, dataDir: string, reading: string): BarCache {
  if (statSync(file).size < CACHED_FROM_BYTES) return NONE;
  const place = join(dataDir, 'cache');
  const nameOf = (hash: string): string => join(place, `bars-${hash}.bin`);
  const note = join(place, `bars-${identityOf(file, reading)}.note`);
  let hash: string | undefined;
  const hashed = (): string => {
    hash ??= contentHash(file, reading);
    return hash;
  };
  const known = (): BarColumns | undefined => {
    const noted = attempt(() => readFileSync(note, 'latin1'));
    const isHash = noted !== undefined && /^[0-9a-f]{32}$/.test(noted);
    return isHash ? attempt(() => columnsOfCache(readFileSync(nameOf(noted)))) : undefined;
  };
  return {
    find: () => {
      const at = known();
      if (at !== undefined) return at;
      const found = attempt(() => columnsOfCache(readFileSync(nameOf(hashed()))));
      if (found !== undefined) attempt(() => writeNote(note, hashed(), file));
      return found;
    },
    keep: (columns) => {
      attempt(() => {
        mkdirSync(place, { recursive: true, mode: 0o700 });
        writeDraft(nameOf(hashed()), cacheBytes(columns));
        dropOld(place);
        writeNote(note, hashed(), file);
      });
    },
  };
}

/** Equal only while nobody has written to the file: change time and place cannot be set. */
function identityOf(file: string, reading: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  const facts = [resolve(file), dev, ino, size, mtimeNs, ctimeNs, reading];
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 32);
}

function contentHash(file: string, reading: string): string {
  const hash = createHash('sha256').update(`${reading}\n`);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const handle = openSync(file, 'r');
  try {
    for (let size = -1; size !== 0; ) {
      size = readSync(handle, chunk);
      hash.update(chunk.subarray(0, size));
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Only about a file that has rested: the next change to it will have another time. */
function writeNote(note: string, hash: string, file: string): void {
  writeDraft(note, hash);
  // By the clock that the file's own times come from.
  if (statSync(note).ctimeMs - statSync(file).ctimeMs < SETTLED_MS) rmSync(note, { force: true });
}

function writeDraft(file: string, content: Uint8Array | string): void {
  const draft = `${file}.part`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}

function attempt<T>(deed: () => T): T | undefined {
  try {
    return deed();
  } catch {
    return undefined;
  }
}

function dropOld(place: string): void {
  for (const kind of [/^bars-[0-9a-f]{32}\.bin$/, /^bars-[0-9a-f]{32}\.note$/]) {
    const files = readdirSync(place).filter((name) => kind.test(name));
    const aged = files.map((name) => ({ name, at: statSync(join(place, name)).mtimeMs }));
    aged.sort((a, b) => b.at - a.at);
    for (const { name } of aged.slice(KEPT)) rmSync(join(place, name), { force: true });
  }
}
