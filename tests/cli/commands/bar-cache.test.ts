/** Parsed bars on disk: the same bars again, or none at all. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  barCache,
  barsOfCache,
  CACHED_FROM_BYTES,
  cacheBytes,
} from '../../../src/cli/commands/bar-cache.ts';
import { wandering } from '../../sim/backtest-history.ts';

const BARS = wandering('cache', 300, 5);
let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bar-cache-'));
});
afterEach(() => {
  rmSync(place, { recursive: true, force: true });
});

const content = (fill: number): Uint8Array => new Uint8Array(CACHED_FROM_BYTES).fill(fill);
const files = (): string[] => readdirSync(join(place, 'cache'));

describe('cached bars', () => {
  it('come back as they were parsed', () => {
    expect(barsOfCache(cacheBytes(BARS))).toEqual(BARS);
  });

  it('are none when a bit, the format or the length is not as it was written', () => {
    const bytes = cacheBytes(BARS);
    for (const at of [0, 25, 60, bytes.length - 1]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(barsOfCache(damaged)).toBeUndefined();
    }
    for (const length of [0, 10, 52, bytes.length - 8]) {
      expect(barsOfCache(bytes.subarray(0, length))).toBeUndefined();
    }
  });

  it('are found by the content of the file and by nothing else', () => {
    barCache(content(1), place).keep(BARS);
    expect(barCache(content(1), place).find()).toEqual(BARS);
    expect(barCache(content(2), place).find()).toBeUndefined();
    const [name = ''] = files();
    const file = join(place, 'cache', name);
    writeFileSync(file, readFileSync(file).subarray(8));
    expect(barCache(content(1), place).find()).toBeUndefined();
  });

  it('of small files are not kept, and of large ones only the newest (A11)', () => {
    barCache(content(1).subarray(1), place).keep(BARS);
    expect(readdirSync(place)).toEqual([]);
    for (let fill = 0; fill < 12; fill += 1) barCache(content(fill), place).keep(BARS);
    expect(files()).toHaveLength(8);
  });

  it('that cannot be written are only missed', () => {
    writeFileSync(join(place, 'cache'), 'a file where the directory would be');
    const cache = barCache(content(1), place);
    expect(() => cache.keep(BARS)).not.toThrow();
    expect(cache.find()).toBeUndefined();
  });
});
