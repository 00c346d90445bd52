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

const TONES: Readonly<Record<Tone, Role>> = {
  plain: 'text',
  good: 'good',
  warn: 'warn',
  bad: 'bad',
};

export function whyPanel(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const items = decisionItems(snapshot, ui.filter);
  if (items.length === 0) return [[span('dim', emptyWords('no bar has closed yet', ui))]];
  return window(items, ui.anchor.why, area).map(({ item }) => decisionLine(item, area));
}

export function activityPanel(snapshot: Snapshot, ui: UiState, area: Area): readonly Line[] {
  const items = activityItems(snapshot, ui.filter);
  if (items.length === 0) return [[span('dim', emptyWords('nothing happened yet', ui))]];
  return window(items, ui.anchor.activity, area).map(({ item }) => activityLine(item, area));
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
