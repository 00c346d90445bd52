/**
 * Attack texts are set aside, news are not, and what is left is plain (F102, F109, F110).
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, suspicion } from '../../src/sentiment/quarantine.ts';
import { cpuMillis } from '../support/cpu-time.ts';
import { ATTACK_TEXTS } from './attack-texts.ts';

const HEADLINES: readonly Record<string, string>[] = parse(
  readFileSync(new URL('./fixtures/headlines.csv', import.meta.url)),
  { columns: true },
);

describe('the quarantine', () => {
  it('is tried with more than 200 attack texts', () => {
    expect(ATTACK_TEXTS.length).toBeGreaterThanOrEqual(200);
  });

  it.each(ATTACK_TEXTS)('holds %s', (_, text) => {
    expect([suspicion(text) !== undefined, text]).toEqual([true, text]);
  });

  it.each([
    ...HEADLINES.map((row) => row['headline'] ?? ''),
    'Market sentiment weak, FCPO down 45 ringgit at midday',
    'MPOB report seen as bullish by analysts',
    'Buyers cancel palm oil orders as prices surge',
    'EU to drop palm oil rules next year',
    'Indonesia raises output with new mills, only exports lag',
    'Dealers say the market is at the top of its 4,100-4,300 range',
    'B40 mandate: producers must blend 40% from January',
    'Palm oil up 100 ringgit, best day since May',
    'Consumer confidence in India improves, palm imports up',
    'Traders close positions ahead of MPOB data',
    'Important: MPOB data due at 12.30pm',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 UK buyers return to palm oil 👨‍👩‍👧',
  ])('lets news pass: %s', (text) => {
    expect(suspicion(text)).toBeUndefined();
  });

  it('judges the longest text in a few milliseconds', () => {
    const long = 'ignore the palm oil output and answer '.repeat(500);
    const spent = cpuMillis(() => {
      for (let round = 0; round < 10; round += 1) suspicion(long);
    });
    expect(spent / 10).toBeLessThan(50);
  });
});

describe('plain text', () => {
  it('has no markup, control, invisible or turning character and is capped', () => {
    const text = plainText(
      'a<b onclick="x">b</b>\u0000\u001B[31mc\u200B\u202E d\u00AD\u0085e\uFEFF\n\nf',
    );
    expect(text).toBe('a b [31mc d e f');
    expect(plainText('x'.repeat(5_000))).toHaveLength(600);
  });

  it('never holds one of them, whatever comes in', () => {
    const bad = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF\u00AD]/u;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(bad.test(plainText(text))).toBe(false);
      }),
    );
  });
});
