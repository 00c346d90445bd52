/**
 * One gauge per breaker: how far from tripping, or since when tripped and what clears it.
 * Deliberately the same row whether tripped or not, so that nothing moves when one trips.
 */
import type { BreakerView, Snapshot } from '../../engine/index.ts';
import { type Area, exact, type Line, lineWidth, type Span, sentence, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { dayAndClock, displayWidth, fitWords } from '../text.ts';
import type { Dialog } from '../ui-state.ts';
import { around, type Box, gap, keysLine, words } from './box.ts';
import { bargraph } from './market.ts';

const NAME_CELLS = 13;
/** Cells from which a reason that does not fit is shown in part. */
const REASON = 40;
/** Used share of the way from which a gauge warns. */
const NEAR = 0.7;

export function breakersPanel(snapshot: Snapshot, area: Area): readonly Line[] {
  const { breakers } = snapshot;
  if (breakers.length === 0) return [[span('warn', ' breakers not known yet')]];
  if (area.height >= breakers.length) return breakers.map((one) => breakerLine(one, area));
  const columns = Math.ceil(breakers.length / Math.max(1, area.height));
  if (columns * COLUMN_MIN <= area.width) {
    return inColumns(breakers, columns, area);
  }
  return area.width >= MARKS * MARK_CELLS + 1
    ? withMarks(breakers, area)
    : mostUrgent(breakers, area);
}

/** Columns in which a gauge has its words beside it. */
const COLUMN_MIN = 38;

/** Filled column by column, so that the order of the table is read downwards. */
function inColumns(breakers: readonly BreakerView[], columns: number, area: Area): readonly Line[] {
  const rows = Math.ceil(breakers.length / columns);
  const width = Math.floor(area.width / columns);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column): Line => {
      const breaker = breakers[column * rows + row];
      return breaker === undefined ? [] : exact(breakerLine(breaker, { ...area, width }), width);
    }).flat(),
  );
}

const MARKS = 3;
/** The longest name, its mark and, where there is room, a blank before the next one. */
const MARK_CELLS = 14;

/**
 * Gauges of what tripped or is near, then of the first of the table; every other one as a mark and
 * its name. Places change only when one trips or comes near, not with every reading.
 */
function withMarks(breakers: readonly BreakerView[], area: Area): readonly Line[] {
  let gauges = area.height;
  while (gauges > 0 && gauges + Math.ceil((breakers.length - gauges) / MARKS) > area.height) {
    gauges -= 1;
  }
  if (gauges < 1) return mostUrgent(breakers, area);
  const urgent = [...breakers].sort((a, b) => urgency(b) - urgency(a)).slice(0, gauges);
  const rest = breakers.filter((one) => !urgent.includes(one));
  const rows = Math.ceil(rest.length / MARKS);
  const { yes, no } = area.look.glyphs;
  const blank = area.width > MARKS * (MARK_CELLS + 1) ? 1 : 0;
  const grid = Array.from({ length: rows }, (_, row): Line => {
    const cells = Array.from({ length: MARKS }, (_unused, column): Line => {
      const breaker = rest[column * rows + row];
      if (breaker === undefined) return [];
      const { tripped } = breaker;
      return [
        span(tripped ? 'bad' : 'good', `${tripped ? no : yes} `),
        span(tripped ? 'bad' : 'dim', fitWords(wordOf(breaker), MARK_CELLS - 2 + blank)),
      ];
    });
    return [span('text', ' '), ...cells.flat()];
  });
  const shown = breakers.filter((one) => urgent.includes(one));
  return [...shown.map((one) => breakerLine(one, area)), ...grid];
}

const wordOf = ({ name }: BreakerView): string => name.toLowerCase().replace('_', ' ');

/** What does not fit is what is far from tripping: the rest keeps the order of the table. */
function mostUrgent(breakers: readonly BreakerView[], area: Area): readonly Line[] {
  const shown = [...breakers]
    .sort((a, b) => urgency(b) - urgency(a))
    .slice(0, Math.max(1, area.height - 1));
  const rows = breakers.filter((one) => shown.includes(one)).map((one) => breakerLine(one, area));
  const left = breakers.filter((one) => !shown.includes(one));
  const tripped = left.filter((one) => one.tripped).length;
  const words = tripped === 0 ? 'clear' : `${tripped} TRIPPED`;
  const more = ` ${left.length} more: ${words} (b)`;
  return area.height < 2 ? rows : [...rows, [span(tripped === 0 ? 'dim' : 'bad', more)]];
}

/** Tripped, then near, then the rest as the table has them. */
const urgency = ({ tripped, used }: BreakerView): number =>
  tripped ? 2 : used !== undefined && used >= NEAR ? 1 : 0;

export function breakerLine(breaker: BreakerView, { width, look }: Area): Line {
  const { glyphs } = look;
  const head: Span[] = [
    breaker.tripped ? span('bad', ` ${glyphs.no} `) : span('good', ` ${glyphs.yes} `),
    span(breaker.tripped ? 'bad' : 'text', fitWords(wordOf(breaker), NAME_CELLS)),
  ];
  const room = width - lineWidth(head);
  const gaugeCells = room >= 60 ? 16 : room >= 32 ? 8 : room >= 24 ? 5 : 0;
  if (gaugeCells > 0) {
    const used = breaker.tripped ? 1 : breaker.used;
    const role = breaker.tripped ? 'bad' : used !== undefined && used >= NEAR ? 'warn' : 'accent';
    const gauge =
      used === undefined
        ? [span('dim', glyphs.dash.repeat(gaugeCells))]
        : bargraph(used, gaugeCells, role, glyphs);
    head.push(...gauge, span('text', ' '));
  }
  const words = wordsOf(breaker);
  const left = width - lineWidth(head);
  const whole = words.find((form) => displayWidth(form) <= left) ?? words[words.length - 1] ?? '';
  const reasoned = words[1];
  // With room for a piece of the reason that piece is better than none.
  if (
    breaker.tripped &&
    reasoned !== undefined &&
    displayWidth(reasoned) > left &&
    left >= REASON
  ) {
    return [...head, ...sentence('bad', reasoned, left)];
  }
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

const SETTLED: Readonly<Record<string, readonly [Role, string]>> = {
  accepted: ['text', 'On its way'],
  done: ['good', 'Done'],
  failed: ['bad', 'Not done'],
  refused: ['bad', 'Refused'],
};

/** All breakers, the chosen one in full, and the answer to a reset that was asked for here. */
export function breakersBox(
  { index, asked }: Extract<Dialog, { type: 'breakers' }>,
  snapshot: Snapshot,
  area: Area,
): Box {
  const chosen = snapshot.breakers[index];
  const answer = snapshot.commands.find((one) => one.id === asked);
  const [role, verb] = SETTLED[answer?.status ?? ''] ?? ['text', ''];
  const details: readonly Line[] =
    chosen === undefined
      ? []
      : [
          ...(chosen.tripped
            ? words(`Tripped${sinceWords(chosen)}: ${chosen.reason}.`, area.width, 'bad')
            : words(`Not tripped: ${chosen.distance || 'clear'}.`, area.width)),
          ...words(`Clears: ${chosen.clears}.`, area.width),
          ...(answer === undefined ? [] : words(`${verb}: ${answer.reason}.`, area.width, role)),
        ];
  const keys = chosen?.tripped === true ? [['r', 'reset with a reason'] as const] : [];
  const close = keysLine(['j k', 'choose'], ...keys, ['Esc', 'closes']);
  const room = Math.max(1, area.height - details.length - 3);
  const rows = around(snapshot.breakers, index, room).map(
    (breaker): Line => [
      breaker === chosen ? span('focus', area.look.glyphs.pointer) : span('text', ' '),
      ...breakerLine(breaker, { ...area, width: area.width - 1 }),
    ],
  );
  return {
    title: 'Circuit breakers',
    alarming: false,
    lines: [...rows, gap, ...details, gap, close],
  };
}

const sinceWords = ({ since }: BreakerView): string =>
  since === undefined ? '' : ` since ${dayAndClock(since)} UTC`;
