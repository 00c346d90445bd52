/**
 * The point-in-time rows out as text and back, strictly.
 */
import { describe, expect, it } from 'vitest';
import { untrusted, wall } from '../../src/engine/index.ts';
import {
  exportSentimentCsv,
  importSentimentCsv,
  type StoredSentiment,
} from '../../src/sentiment/store.ts';

const AT = Date.UTC(2025, 0, 15, 9);
const ROW: StoredSentiment = {
  ...{ role: 'used', askedAt: wall(AT), knownAt: wall(AT + 2_500), source: 'perplexity+nitter' },
  ...{ score: -45, confidence: 70, asOf: wall(AT - 60_000), costMicros: 5_294 },
  citations: [untrusted('https://example.org/a,b'), untrusted('https://example.org/c')],
  sha256: 'ab'.repeat(32),
};

describe('the stored readings', () => {
  it('come back as they were', () => {
    const bare = { ...ROW, asOf: undefined, costMicros: undefined, sha256: undefined };
    const rows = [
      ROW,
      { ...bare, role: 'source' as const, citations: [], knownAt: wall(AT + 9_000) },
    ];
    expect(importSentimentCsv(exportSentimentCsv(rows))).toEqual({ rows, faults: [] });
  });

  it('can be a plain table with time, score and confidence', () => {
    const read = importSentimentCsv('time,score,confidence\n2025-01-15T17:00:00+08:00,30,60\n');
    expect(read.faults).toEqual([]);
    expect(read.rows[0]).toMatchObject({
      ...{ role: 'used', askedAt: AT, knownAt: AT, source: 'import', score: 30, confidence: 60 },
      ...{ sha256: undefined, costMicros: undefined },
    });
  });

  it('are sorted by when they were known', () => {
    const text = 'time,score,confidence\n2025-01-16T00:00Z,1,1\n2025-01-15T00:00Z,2,2\n';
    expect(importSentimentCsv(text).rows.map((row) => row.score)).toEqual([2, 1]);
  });

  it.each([
    ['time without a zone', '2025-01-15T09:00:00,1,1', 'zone'],
    ['a date alone', '2025-01-15,1,1', 'zone'],
    ['a score out of range', '2025-01-15T09:00Z,101,1', 'score'],
    ['a fraction', '2025-01-15T09:00Z,0.5,1', 'score'],
    ['an empty score', '2025-01-15T09:00Z,,1', 'score'],
    ['a confidence out of range', '2025-01-15T09:00Z,1,-1', 'confidence'],
  ])('refuse %s and say where', (_, line, word) => {
    const read = importSentimentCsv(`time,score,confidence\n${line}\n`);
    expect(read.rows).toEqual([]);
    expect(read.faults[0]).toContain('line 2');
    expect(read.faults[0]).toContain(word);
  });

  it('refuse knowledge from before the question, strange columns and missing ones', () => {
    const early = 'asked_at,known_at,score,confidence\n2025-01-15T09:00Z,2025-01-15T08:59Z,1,1\n';
    expect(importSentimentCsv(early).faults[0]).toContain('before it was asked');
    expect(importSentimentCsv('time,score,confidence,price\n').faults[0]).toContain('price');
    expect(importSentimentCsv('time,score\n').faults[0]).toContain('confidence');
  });
});
