// The picture of a screen: every character at its cell, nothing of it read as markup.
import { expect, it } from 'vitest';
import { INK, PAPER, type SvgCell, svgOf } from './support/svg.ts';

const cell = (text: string, extra: Partial<SvgCell> = {}): SvgCell => ({
  text,
  colour: INK,
  background: PAPER,
  bold: false,
  ...extra,
});

it('joins cells of one style, keeps places, and escapes', () => {
  const row = [cell('a'), cell('<'), cell('&', { colour: '#ff0000', bold: true }), cell(' ')];
  const svg = svgOf([row, [cell(' ', { background: '#00ff00' })]], 'a & b');
  expect(svg).toContain('<title>a &amp; b</title>');
  expect(svg).toMatch(/<text x="10" y="23" textLength="16" xml:space="preserve">a&lt;<\/text>/);
  expect(svg).toMatch(/<text x="26" [^>]*fill="#ff0000" font-weight="bold"[^>]*>&amp;<\/text>/);
  expect(svg).toContain('<rect x="10" y="27" width="8" height="17" fill="#00ff00"/>');
  expect(svg.match(/<text/g)).toHaveLength(2);
});
