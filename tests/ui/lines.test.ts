// Spans become lines of exact width, harmless whatever the spans held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cut,
  exact,
  lineWidth,
  plainText,
  renderLine,
  sentence,
  slice,
  span,
  spread,
} from '../../src/ui/lines.ts';
import { makeLook } from '../../src/ui/look.ts';

const look = makeLook({ colour: '256', theme: 'dark', ascii: false });
const ascii = makeLook({ colour: '256', theme: 'dark', ascii: true });
const spans = fc.array(
  fc.record({
    role: fc.constantFrom('text', 'bad', 'badge', 'dim'),
    text: fc.string({
      unit: fc.oneof(
        fc.constantFrom('油', '\x1b[2J', '7', ' '),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    }),
  }),
);

describe('lines', () => {
  it('are exactly as wide as asked and hold no bytes but text and SGR (I24)', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 60 }), (line, width) => {
        const finished = exact(line, width);
        expect(lineWidth(finished)).toBe(width);
        for (const one of [look, ascii]) {
          const text = plainText(renderLine(finished, one));
          expect(text).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
        }
        expect(plainText(renderLine(finished, ascii))).toMatch(/^[\x20-\x7e]*$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leave numbers out rather than cut them (F113)', () => {
    expect(
      plainText(renderLine(cut([span('text', 'P&L '), span('good', '+1,250.00')], 9), look)),
    ).toBe('P&L      ');
    expect(plainText(renderLine(cut([span('text', 'a long word')], 6), look))).toBe('a lon…');
  });

  it('open styles from the reset state and close them', () => {
    expect(renderLine([span('good', 'up'), span('text', ' '), span('bad', 'x')], look)).toBe(
      `\x1b[${look.sgr.good}mup \x1b[0;${look.sgr.bad}mx\x1b[0m`,
    );
  });

  it('the left side gives way to the right', () => {
    const line = spread([span('text', 'words and words')], [span('text', '12:00')], 12);
    expect(plainText(renderLine(line, look))).toBe('words… 12:00');
  });

  it('a slice has its width even through wide characters', () => {
    const line = exact([span('text', '油油油油')], 8);
    expect(plainText(renderLine(slice(line, 1, 7), look))).toBe(' 油油 ');
  });

  it('a sentence ends at a word', () => {
    const short = sentence('text', 'RSI 41.2 not below 30', 14);
    expect(plainText(renderLine(short, look))).toBe('RSI 41.2 not …');
  });
});
