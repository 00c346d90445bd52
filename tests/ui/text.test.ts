// Text on the screen: harmless, exactly as wide as it says, numbers whole or not at all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, price, wall } from '../../src/engine/index.ts';
import {
  age,
  clip,
  clockText,
  displayWidth,
  firstFit,
  fitNumber,
  fitNumberLeft,
  fitWords,
  grouped,
  printable,
  signedMoney,
  signedPercent,
  signedPrice,
  wrapWords,
} from '../../src/ui/text.ts';

const FORBIDDEN = /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\x1b[2J',
      '\x1b]0;x\x07',
      '\x1b',
      '\x9b',
      '\u202e',
      '\u200b',
      '\u0301',
      '油',
      'é',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});

describe('printable', () => {
  it.each([
    ['a title change', 'A\x1b]0;hacked\x07B', 'AB'],
    ['a clipboard write', 'A\x1b]52;c;aGk=\x1b\\B', 'AB'],
    ['a clear', '\x1b[2J\x1b[HB', 'B'],
    ['an 8-bit introducer', 'A\x9b31mB', 'AB'],
    ['a device string', 'A\x1bP1;2q###\x1b\\B', 'AB'],
    ['line breaks', 'A\r\nB\tC', 'A  B C'],
    ['a bell', 'A\x07B', 'A\ufffdB'],
    ['a turned direction', 'SELL\u202e 1\u202c', 'SELL 1'],
    ['zero-width joiners', 'a\u200b\u200db', 'ab'],
    ['a stack of marks', 'e\u0301\u0302\u0303\u0304', 'e\u0301\u0302'],
    ['right-to-left letters', 'a\u05d0', 'a\ufffd'],
    ['a lone surrogate', 'a\ud800', 'a\ufffd'],
  ])('makes %s harmless (F109 F110)', (_name, given, wanted) => {
    expect(printable(given)).toBe(wanted);
  });

  it('lets nothing through that moves a cursor, for any text (I24)', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(FORBIDDEN);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});

describe('widths', () => {
  it.each([
    ['FCPO', 4],
    ['棕榈油', 6],
    ['é', 1],
    ['e\u0301', 1],
    ['🌴', 2],
    ['─█┃✓', 4],
  ])('%s takes %i cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });

  it('words fill exactly the asked cells, never half of a wide character', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 40 }), (text, width) => {
        expect(displayWidth(fitWords(printable(text), width))).toBe(width);
        expect(displayWidth(clip(printable(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('a number is whole or replaced, never cut (F113)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 12 }), (value, width) => {
        for (const text of [fitNumber(String(value), width), fitNumberLeft(String(value), width)]) {
          expect(text.length).toBe(width);
          expect([String(value), '#'.repeat(width)]).toContain(text.trim());
        }
      }),
    );
    expect(firstFit(['1,234.00 MYR', '1,234.00'], 8)).toBe('1,234.00');
    expect(firstFit(['1,234.00 MYR', '1,234.00'], 7)).toBe('#######');
  });

  it('wraps at words, and breaks only what is longer than a line', () => {
    expect(wrapWords('no entry today', 8)).toEqual(['no entry', 'today']);
    expect(wrapWords('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrapWords('油', 1)).toEqual(['#']);
  });
});

describe('figures', () => {
  it('groups and signs money, and gives zero no sign', () => {
    expect(grouped('1234567.89')).toBe('1,234,567.89');
    expect(grouped('-123456')).toBe('-123,456');
    expect(signedMoney(money(125_000), 2)).toBe('+1,250.00');
    expect(signedMoney(money(-1), 2)).toBe('-0.01');
    expect(signedMoney(money(0), 2)).toBe('0.00');
    expect(signedPrice(price(300_000), 0)).toBe('+3');
    expect(signedPercent(-504)).toBe('-5.04 %');
  });

  it.each([
    [0, '0 s'],
    [4_900, '4 s'],
    [130_000, '2 m 10 s'],
    [3 * 3_600_000 + 300_000, '3 h 05 m'],
    [12 * 86_400_000, '12 d 00 h'],
    [400 * 86_400_000, '400 d'],
    [-5, '0 s'],
    [Number.NaN, 'unknown'],
  ])('an age of %d ms reads %s', (ms, wanted) => {
    expect(age(ms)).toBe(wanted);
  });

  it('shows a nonsense clock as unknown, in the same width', () => {
    expect(clockText(wall(Date.UTC(2026, 0, 2, 3, 4, 5)))).toBe('03:04:05');
    expect(clockText(wall(-1))).toHaveLength(8);
    expect(clockText(wall(9e15))).toBe('????????');
  });
});
