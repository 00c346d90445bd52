/**
 * What the word list says: drivers, negation, strength, topics; and how often it is right (F107).
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  isOnTopic,
  isSpam,
  NEUTRAL_BAND,
  scoreHeadline,
} from '../../src/sentiment/headline-score.ts';
import { golden } from '../support/golden.ts';

const side = (text: string): string => {
  const { score } = scoreHeadline(text);
  return Math.abs(score) < NEUTRAL_BAND ? 'neutral' : score > 0 ? 'bullish' : 'bearish';
};

describe('the drivers of palm oil', () => {
  it.each([
    ['Palm oil stocks fall for a third month', 'bullish', 'stocks'],
    ['Malaysian palm inventories rise in July', 'bearish', 'stocks'],
    ['Palm oil exports jump 12% in first 15 days', 'bullish', 'exports'],
    ['Palm oil exports drop', 'bearish', 'exports'],
    ['Palm oil output falls on floods', 'bullish', 'output'],
    ['Output in Sabah rises sharply', 'bearish', 'output'],
    ['Ringgit strengthens', 'bearish', 'ringgit'],
    ['A weaker ringgit', 'bullish', 'ringgit'],
    ['Soybean oil climbs', 'bullish', 'rival-oils'],
    ['Brent slumps', 'bearish', 'crude'],
    ['Biodiesel mandate raised', 'bullish', 'biodiesel'],
    ['India cuts imports of palm oil', 'bearish', 'demand'],
  ])('%s is %s', (text, expected, driver) => {
    expect(side(text)).toBe(expected);
    expect(scoreHeadline(text).drivers).toContain(driver);
  });
});

describe('what fools counters of words (F107)', () => {
  it.each([
    ['A short-term view on palm oil', 'neutral'],
    ['Open a support ticket for the palm oil app', 'neutral'],
    ['Palm oil not bullish, not bearish: range 4,250-4,450', 'neutral'],
    ['Palm oil is not bullish', 'bearish'],
    ['Palm oil exports did not fall', 'bullish'],
    ['Palm prices', 'neutral'],
    ['', 'neutral'],
  ])('%s is %s', (text, expected) => {
    expect(side(text)).toBe(expected);
  });

  it('counts a quoted headline, a question and a concession less than the plain word', () => {
    const plain = scoreHeadline('Palm oil falls').score;
    for (const text of ['"Palm oil falls"', 'Palm oil falls?', 'despite palm oil falls']) {
      expect(Math.abs(scoreHeadline(text).score)).toBeLessThan(Math.abs(plain));
    }
  });

  it('hears strength', () => {
    const score = (text: string) => scoreHeadline(text).score;
    expect(score('Palm oil slightly higher')).toBeLessThan(score('Palm oil higher'));
    expect(score('Palm oil sharply higher')).toBeGreaterThan(score('Palm oil higher'));
    expect(score(`Palm oil ${'higher '.repeat(500)}`)).toBeLessThanOrEqual(100);
  });

  it('is the same forwards in every case of letters', () => {
    expect(scoreHeadline('PALM OIL FUTURES FALL 2.1%')).toEqual(
      scoreHeadline('palm oil futures fall 2.1%'),
    );
  });
});

describe('the topic', () => {
  it.each([
    ['FCPO third month settles higher', true],
    ['Harga sawit naik', true],
    ['棕榈油 上涨', true],
    ['Palm ends higher on Dalian', true],
    ['A savings bank called Royal Palm', false],
    ['Is this peanut butter palm oil free?', false],
    ['Palm Beach prices rise', false],
    ['Napalm and palmistry', false],
    ['Gold rallies', false],
  ])('%s: %s', (text, expected) => {
    expect(isOnTopic(text)).toBe(expected);
  });

  it('is not advertising', () => {
    expect(isSpam('FCPO 1000% PROFIT JOIN NOW t.me/xxxx palm oil bullish')).toBe(true);
    expect(isSpam('Traders join the rally now as palm gains 2%')).toBe(false);
  });
});

describe('agreement with labelled headlines', () => {
  const rows: readonly Record<string, string>[] = parse(
    readFileSync(new URL('./fixtures/headlines.csv', import.meta.url)),
    { columns: true },
  );
  const judged = rows.map((row) => {
    const text = row['headline'] ?? '';
    const said = isOnTopic(text) ? side(text) : 'irrelevant';
    return { label: row['label'] ?? '', said, score: scoreHeadline(text).score, text };
  });

  it('is reported, and hardly ever on the wrong side', () => {
    const all = judged.length;
    const same = judged.filter(({ label, said }) => label === said).length;
    const sided = judged.filter(({ label, said }) =>
      [label, said].every((one) => one === 'bullish' || one === 'bearish'),
    );
    const right = sided.filter(({ label, said }) => label === said).length;
    const lines = judged.map(({ label, said, score, text }) =>
      [
        label === said ? ' ' : 'x',
        label.padEnd(10),
        said.padEnd(10),
        String(score).padStart(4),
        text,
      ]
        .join(' ')
        .trimEnd(),
    );
    const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
    golden(
      'sentiment/headline-report.txt',
      [
        'Agreement of the word list with the labelled headlines (x marks a difference)',
        'The word list was written with these headlines in sight: read it as an upper bound.',
        '',
        `same label                 ${same} of ${all} (${percent(same, all)})`,
        `same side if both take one ${right} of ${sided.length} (${percent(right, sided.length)})`,
        '',
        '  label      said      score headline',
        ...lines,
        '',
      ].join('\n'),
    );
    expect(right / sided.length).toBeGreaterThan(0.85);
    expect(same / all).toBeGreaterThan(0.6);
  });
});
