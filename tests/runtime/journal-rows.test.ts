/** The chain: every field of a row and everything before it is in its hash. */
import { describe, expect, it } from 'vitest';
import { type Entry, entryHash, GENESIS } from '../../src/runtime/journal-rows.ts';

const ROW: Entry = { seq: 7, kind: 'input', mono: 12, wall: 345, payload: '{"type":"clock"}' };

describe('journal rows', () => {
  it('have a hash that covers every field and the hash before (I17)', () => {
    const changed: readonly Entry[] = [
      { ...ROW, seq: 8 },
      { ...ROW, kind: 'record' },
      { ...ROW, mono: 13 },
      { ...ROW, wall: 346 },
      { ...ROW, payload: '{"type":"clock" }' },
      // The same characters, differently divided between fields.
      { ...ROW, mono: 1, wall: 2_345 },
    ];
    const hashes = [ROW, ...changed].map((row) => entryHash(GENESIS.hash, row));
    hashes.push(entryHash(hashes[0] ?? '', ROW));
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('have the same hash on every machine and in every release', () => {
    expect(entryHash(GENESIS.hash, ROW)).toBe(
      '0a133562c503535a46382fe44189c13ba3e17288d1ff3cbf9eb2734233ffe98a',
    );
  });
});
