/**
 * The two ledgers: why (one decision per closed bar) and activity (what happened), newest first.
 * Deliberately anchored: while one reads further down, new lines do not move the text.
 */
import type { ActivityView, Decision, Snapshot, Tone } from '../../engine/index.ts';
import { activityItems, decisionItems, type LedgerItem, topIndex } from '../book.ts';
import { type Area, type Line, lineWidth, sentence, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { clockMinutes, clockText, fitWords } from '../text.ts';
import type { UiState } from '../ui-state.ts';
import { tallyChart, tallyLine } from './explain.ts';

const TONES: Readonly<Record<Tone, Role>> = {
  plain: 'text',
  good: 'good',
  warn: 'warn',
  bad: 'bad',
};

export function whyPanel(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const items = decisionItems(snapshot, ui.filter);
  if (items.length === 0) return [[span('dim', emptyWords('no bar has closed yet', ui))]];
  const top = tallyLines(snapshot, ui, area);
  const rest = { ...area, height: area.height - top.length };
  const lines = window(items, ui.anchor.why, rest).map(({ item }) => decisionLine(item, area));
  return [...top, ...pointed(lines, ui.focus === 'why', area)];
}

export function activityPanel(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const items = activityItems(snapshot, ui.filter);
  if (items.length === 0) return [[span('dim', emptyWords('nothing happened yet', ui))]];
  const lines = window(items, ui.anchor.activity, area).map(({ item }) => activityLine(item, area));
  return pointed(lines, ui.focus === 'activity', area);
}

/** Enter opens the top line of the ledger that has focus: it is pointed at. */
function pointed(lines: readonly Line[], focused: boolean, { look }: Area): readonly Line[] {
  const [first, ...rest] = lines;
  if (!focused || first === undefined) return lines;
  const [head, ...pieces] = first;
  const text = head === undefined ? '' : look.glyphs.pointer + head.text.slice(1);
  return [[span('focus', text), ...pieces], ...rest];
}

/** Below this every row is for decisions; above the chart of the day is not missed by anybody. */
const TALLY_FROM = 5;
const CHART_FROM = 15;

/** What blocked today: a row, or bars where there is room; a filtered list is left alone. */
function tallyLines(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const { height } = area;
  if (ui.filter !== '' || height < TALLY_FROM || snapshot.dayDecisions.bars === 0) return [];
  if (height < CHART_FROM) return [tallyLine(snapshot, area.width - 1)];
  const chart = tallyChart(snapshot, area);
  return [...chart.slice(0, Math.floor(height / 2) - 1), []];
}

const emptyWords = (words: string, { filter }: UiState): string =>
  filter === '' ? ` ${words}` : ` nothing matches the filter “${filter}”`;

function window<T>(
  items: readonly LedgerItem<T>[],
  anchor: number | undefined,
  { height }: Area,
): readonly LedgerItem<T>[] {
  const top = topIndex(items, anchor);
  return items.slice(top, top + Math.max(0, height));
}

/** One decision in words, as in the ledger. */
export function decisionLine(decision: Decision, { width, look }: Area): Line {
  const entered = decision.blockedBy === undefined;
  const head = [
    span('dim', ` ${clockMinutes(decision.barTime)} `),
    entered ? span('good', `${look.glyphs.yes} `) : span('dim', `${look.glyphs.dot} `),
  ];
  const role: Role = entered ? 'strong' : 'text';
  return [...head, ...sentence(role, decision.sentence, width - lineWidth(head) - 1)];
}

const KIND_CELLS = 10;

function activityLine(item: ActivityView, { width, look }: Area): Line {
  const { glyphs } = look;
  const marks: Readonly<Record<Tone, string>> = {
    plain: glyphs.dot,
    good: glyphs.yes,
    warn: glyphs.warn,
    bad: glyphs.no,
  };
  const role = TONES[item.tone];
  const head = [
    span('dim', ` ${clockText(item.wall)} `),
    span(item.tone === 'plain' ? 'dim' : role, `${marks[item.tone]} `),
    span('dim', fitWords(item.kind, KIND_CELLS)),
  ];
  const said = item.outside === undefined ? '' : ` “${item.outside}”`;
  // The column on the left has said the kind already: no "link link READY".
  const own = `${item.kind} `;
  const text = (item.text.startsWith(own) ? item.text.slice(own.length) : item.text) + said;
  return [
    ...head,
    ...sentence(item.tone === 'plain' ? 'text' : role, text, width - lineWidth(head) - 1),
  ];
}
