/** Parsed bars on disk: the same columns again, or none at all. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  barCache,
  CACHED_FROM_BYTES,
  cacheBytes,
  columnsOfCache,
} from '../../../src/cli/commands/bar-cache.ts';
import {
  type BarColumns,
  columnsOf,
  factsOf,
  narrowed,
  widened,
} from '../../../src/sim/bar-columns.ts';
import { wandering } from '../../sim/backtest-history.ts';
import { waitFor } from '../../support/wait-for.ts';

function barsOf(seed: string, firstLine: number): BarColumns {
  const columns = columnsOf(wandering(seed, 300, 5));
  return { ...columns, firstLine, facts: factsOf(columns) };
}
const BARS = barsOf('cache', 2);
let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bar-cache-'));
});
afterEach(() => {
  rmSync(place, { recursive: true, force: true });
});

/** A file of one byte many times over. */
function fileOf(fill: number, size = CACHED_FROM_BYTES): string {
  const file = join(place, `${fill}.csv`);
  writeFileSync(file, new Uint8Array(size).fill(fill));
  return file;
}
const cacheOf = (fill: number, reading = '') => barCache(fileOf(fill), place, reading);
const files = (ending: string): string[] =>
  readdirSync(join(place, 'cache')).filter((name) => name.endsWith(ending));

describe('cached bars', () => {
  it.each([
    ['eight', BARS],
    ['four', narrowed(BARS)],
  ])('come back as they were parsed, in the memory that was read: %s bytes a price', (_, bars) => {
    const bytes = cacheBytes(bars);
    const found = columnsOfCache(bytes);
    expect(found).toEqual(bars);
    expect(found?.open.buffer).toBe(bytes.buffer);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(columnsOfCache(shifted.subarray(1))).toEqual(bars);
  });

  it('have prices of four bytes where all fit, and are otherwise left as they are', () => {
    const narrow = narrowed(BARS);
    for (const name of ['open', 'high', 'low', 'close'] as const) {
      expect(narrow[name]).toBeInstanceOf(Int32Array);
      expect([...narrow[name]]).toEqual([...BARS[name]]);
      expect(widened(narrow[name])).toEqual(BARS[name]);
    }
    const dear = { ...BARS, high: BARS.high.slice() };
    dear.high[7] = 2 ** 31;
    expect(narrowed(dear)).toBe(dear);
    expect(cacheBytes(narrow).length).toBe(cacheBytes(BARS).length - BARS.count * 16);
  });

  it('are none when a bit, the format or the length is not as it was written', () => {
    const bytes = cacheBytes(BARS);
    for (const at of [0, 20, 41, 50, 52, 70, bytes.length - 1]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(columnsOfCache(damaged)).toBeUndefined();
    }
    for (const length of [0, 10, 64, bytes.length - 8]) {
      expect(columnsOfCache(bytes.subarray(0, length))).toBeUndefined();
    }
  });

  it('are found by the content, by what else shapes them, and by nothing else', () => {
    cacheOf(1).keep(BARS);
    expect(cacheOf(1).find()).toEqual(BARS);
    expect(cacheOf(2).find()).toBeUndefined();
    expect(cacheOf(1, '+02:00').find()).toBeUndefined();
    const [name = ''] = files('.bin');
    const file = join(place, 'cache', name);
    writeFileSync(file, readFileSync(file).subarray(8));
    expect(cacheOf(1).find()).toBeUndefined();
  });

  it('of a file that has rested are found without reading it', async () => {
    const file = fileOf(1);
    barCache(file, place, '').keep(BARS);
    // A change right after would not show in the times of the file: nothing is noted yet.
    expect(files('.note')).toEqual([]);
    await waitFor('a note about the rested file', () => {
      expect(barCache(file, place, '').find()).toEqual(BARS);
      return files('.note').length === 1;
    });
    // What the note points at is taken without a look at the content.
    const other = barsOf('other', 1);
    const before = files('.bin');
    cacheOf(9).keep(other);
    const [added = ''] = files('.bin').filter((name) => !before.includes(name));
    const [note = ''] = files('.note');
    writeFileSync(join(place, 'cache', note), added.slice(5, -4));
    expect(barCache(file, place, '').find()).toEqual(other);
    // Another content of the same size and with the same time of change set by hand.
    const { atime, mtime } = statSync(file);
    writeFileSync(file, new Uint8Array(CACHED_FROM_BYTES).fill(3));
    utimesSync(file, atime, mtime);
    expect(barCache(file, place, '').find()).toBeUndefined();
  });

  it('of small files are not kept, and of large ones only the newest (A11)', () => {
    barCache(fileOf(1, CACHED_FROM_BYTES - 1), place, '').keep(BARS);
    expect(readdirSync(place)).toEqual(['1.csv']);
    for (let fill = 0; fill < 12; fill += 1) cacheOf(fill).keep(BARS);
    expect(files('.bin')).toHaveLength(8);
  });

  it('that cannot be written are only missed', () => {
    writeFileSync(join(place, 'cache'), 'a file where the directory would be');
    const cache = cacheOf(1);
    expect(() => cache.keep(BARS)).not.toThrow();
    expect(cache.find()).toBeUndefined();
  });
});
