/**
 * One gauge per breaker: how far from tripping, or since when tripped and what clears it.
 * Deliberately the same row whether tripped or not, so that nothing moves when one trips.
 */
import type { BreakerView, Snapshot } from '../../engine/index.ts';
import { type Area, type Line, lineWidth, type Span, span } from '../lines.ts';
import { dayAndClock, displayWidth, fitWords } from '../text.ts';
import { bargraph } from './market.ts';

const NAME_CELLS = 12;

export function breakersPanel(snapshot: Snapshot, area: Area): readonly Line[] {
  if (snapshot.breakers.length === 0) return [[span('warn', ' breakers not known yet')]];
  // Tripped ones first only when not all fit: otherwise every breaker keeps its row.
  const fits = area.height >= snapshot.breakers.length;
  const rows = fits
    ? snapshot.breakers
    : [...snapshot.breakers].sort((a, b) => Number(b.tripped) - Number(a.tripped));
  return rows.map((breaker) => breakerLine(breaker, area));
}

export function breakerLine(breaker: BreakerView, { width, look }: Area): Line {
  const { glyphs } = look;
  const name = breaker.name.toLowerCase().replace('_', ' ');
  const head: Span[] = [
    breaker.tripped ? span('bad', ` ${glyphs.no} `) : span('good', ` ${glyphs.yes} `),
    span(breaker.tripped ? 'bad' : 'text', fitWords(name, NAME_CELLS)),
  ];
  const room = width - lineWidth(head);
  const gaugeCells = room >= 60 ? 16 : room >= 26 ? 8 : 0;
  if (gaugeCells > 0) {
    const used = breaker.tripped ? 1 : breaker.used;
    const role = breaker.tripped ? 'bad' : used !== undefined && used >= 0.7 ? 'warn' : 'accent';
    const gauge =
      used === undefined
        ? [span('dim', glyphs.dash.repeat(gaugeCells))]
        : bargraph(used, gaugeCells, role, glyphs);
    head.push(...gauge, span('text', ' '));
  }
  const words = wordsOf(breaker);
  const left = width - lineWidth(head);
  const whole = words.find((form) => displayWidth(form) <= left) ?? words[words.length - 1] ?? '';
  return [...head, span(breaker.tripped ? 'bad' : 'dim', whole)];
}

/** Longest first; the last one holds no number that could be cut. */
function wordsOf({ tripped, since, reason, clears, distance }: BreakerView): readonly string[] {
  if (!tripped) {
    return distance === '' ? ['clear'] : [distance, distance.replace(/ x median$/, ' x'), 'clear'];
  }
  const at = since === undefined ? '' : ` ${dayAndClock(since)}`;
  return [
    `TRIPPED${at}: ${reason}; clears: ${clears}`,
    `TRIPPED${at}: ${reason}`,
    `TRIPPED${at}`,
    'TRIPPED',
  ];
}
