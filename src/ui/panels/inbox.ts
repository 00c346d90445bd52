/**
 * The reconciliation inbox as a dialog: ours beside the broker's, the row, the proposed action; and
 * the question for a verdict.
 * Deliberately names the side that is missing instead of leaving it blank.
 */
import {
  assertNever,
  type DifferenceView,
  priceText,
  type Ruling,
  type SideView,
  type Snapshot,
  volumeText,
} from '../../engine/index.ts';
import { SIDES } from '../dialogs.ts';
import { type InboxItem, inboxItems, optionsFor } from '../inbox.ts';
import { type Area, type Line, span } from '../lines.ts';
import { age, fitWords, printable } from '../text.ts';
import type { Dialog } from '../ui-state.ts';
import { around, type Box, fact, factLines, gap, keysLine, words } from './box.ts';

const LIST_ROWS = 5;
/** What stands around the list and the matter: when compared, what one may do, the keys. */
const OTHER_ROWS = 4;

export function inboxBox(index: number, snapshot: Snapshot, area: Area): Box {
  const items = inboxItems(snapshot);
  const chosen = items[Math.min(index, items.length - 1)];
  const close = keysLine(['Esc', 'closes']);
  const looked = lookedWords(snapshot);
  if (chosen === undefined) {
    const lines = [
      ...words('The broker shows what we believe.', area.width),
      ...looked,
      gap,
      close,
    ];
    return { title: 'Inbox', alarming: false, lines };
  }
  const details = body(chosen, snapshot, area.width);
  // Where rows are few the chosen matter keeps them: the others are a key away.
  const spare = area.height - details.length - OTHER_ROWS;
  const room = Math.max(1, Math.min(LIST_ROWS, spare));
  const shown = around(items, Math.min(index, items.length - 1), room);
  const list = shown.map(
    (item): Line => [
      item === chosen ? span('focus', `${area.look.glyphs.pointer} `) : span('text', '  '),
      span('text', fitWords(printable(summary(item)), area.width - 2)),
    ],
  );
  const { ruling, cancel, words: may } = optionsFor(chosen);
  const keys = [
    ...(items.length > 1 ? [['j k', 'choose'] as const] : []),
    ...(ruling === undefined ? [] : [['v', 'verdict'] as const]),
    ...(cancel === undefined ? [] : [['c', 'cancel'] as const]),
    ['Esc', 'closes'] as const,
  ];
  return {
    title: `Inbox: matter ${items.indexOf(chosen) + 1} of ${items.length}`,
    alarming: items.some((one) => one.type === 'order'),
    lines: [
      ...list,
      ...(spare < 1 ? [] : looked),
      gap,
      ...details,
      ...words(`You: ${may}.`, area.width, ruling || cancel ? 'focus' : 'dim'),
      gap,
      keysLine(...keys),
    ],
  };
}

function lookedWords({ reconciliation: { ageMs } }: Snapshot): readonly Line[] {
  const text =
    ageMs === undefined ? 'not compared with the broker yet' : `compared ${age(ageMs)} ago`;
  return [[span('dim', text)]];
}

function summary(item: InboxItem): string {
  if (item.type === 'order') return `order ${item.order.id}: ${item.order.state}, no proof`;
  const { row, subject, action } = item.difference;
  return `${row} ${subject}: ${action}`;
}

function body(item: InboxItem, snapshot: Snapshot, width: number): readonly Line[] {
  switch (item.type) {
    case 'order': {
      const { order } = item;
      const held = `${SIDES[order.side]} ${volumeText(order.volume)}`;
      return [
        fact('ours', `${held}, executed ${volumeText(order.executed)}, ${order.state}`),
        ...factLines('broker', 'no proof that it has it, and none that it has not', width),
        ...factLines('since', `${age(order.ageMs)}: ${order.reason}`, width),
        ...factLines('program', SEARCHES, width),
      ];
    }
    case 'difference':
      return difference(item.difference, snapshot, width);
    default:
      return assertNever(item, 'inbox item');
  }
}

const SEARCHES = 'looks for it among positions, orders and deals, and never sends it again';
const COLUMN_MAX = 22;
const ROW_CELLS = 9;
const DIFFERS = 'differs';

function difference(
  { row, subject, ours, broker, action }: DifferenceView,
  snapshot: Snapshot,
  width: number,
): readonly Line[] {
  const digits = snapshot.instrument?.digits;
  const price = (value: SideView['stop']) =>
    value === undefined ? 'none' : digits === undefined ? 'unknown' : priceText(value, digits);
  const rows: readonly (readonly [string, (side: SideView) => string])[] = [
    ['side', (side) => SIDES[side.side]],
    ['volume', (side) => volumeText(side.volume)],
    ['stop', (side) => price(side.stop)],
    ['target', (side) => price(side.target)],
    ['state', (side) => side.state],
  ];
  const column = Math.min(COLUMN_MAX, (width - ROW_CELLS - DIFFERS.length) >> 1);
  const values = rows.map(([label, value]): Line => {
    const [mine, theirs] = [ours, broker].map((side) => (side === undefined ? '-' : value(side)));
    const differs = mine !== theirs;
    return [
      span('dim', fitWords(label, ROW_CELLS)),
      span(differs ? 'warn' : 'text', fitWords(mine ?? '', column)),
      span(differs ? 'warn' : 'text', fitWords(theirs ?? '', column)),
      span('warn', differs ? DIFFERS : ''),
    ];
  });
  const heading: Line = [
    span('title', fitWords(row, ROW_CELLS)),
    span('title', fitWords(ours === undefined ? 'ours: not known' : 'ours', column)),
    span('title', fitWords(broker === undefined ? "broker's: gone" : "broker's", column)),
  ];
  return [heading, ...values, ...words(`${subject}: ${action}.`, width)];
}

export function verdictBox(dialog: Extract<Dialog, { type: 'verdict' }>, area: Area): Box {
  return {
    title: 'Verdict',
    alarming: true,
    lines: [
      ...rulingWords(dialog.ruling).flatMap((one) => words(one, area.width)),
      gap,
      [span('dim', 'reason: '), span('strong', `${dialog.typed}_`)],
      gap,
      keysLine(['Enter', 'rules'], ['Esc', 'cancels']),
    ],
  };
}

function rulingWords(ruling: Ruling): readonly string[] {
  if (ruling.type === 'absent') {
    return [
      `Order ${ruling.orderId} counts as never executed.`,
      'Look at the account of the broker first. What is found there later still wins.',
      'Its slot is free again. The reason is kept in the journal.',
    ];
  }
  return [
    `Position ${ruling.positionId} is ours from now on.`,
    'The program guards its stop and may close it. The reason is kept in the journal.',
  ];
}
