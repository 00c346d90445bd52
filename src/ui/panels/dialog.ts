/**
 * The one dialog that may lie over the panels: help, details, breakers, confirmations, quit.
 * Deliberately only words and a frame; what keys do in it is in `update.ts`.
 */
import { priceText, type Snapshot, volumeText } from '../../engine/index.ts';
import { bookRows, openOrders } from '../book.ts';
import { count, dangerWords } from '../dialogs.ts';
import { KEY_GROUPS, KEYMAP } from '../keymap.ts';
import { type Area, type Line, type Span, span } from '../lines.ts';
import { modeWords } from '../look.ts';
import { age, dayAndClock, fitWords, printable, signedMoney, wrapWords } from '../text.ts';
import { CONFIRM_MS, CONFIRM_WORD, type Dialog, type UiState } from '../ui-state.ts';
import { breakerLine } from './breakers.ts';

export interface Box {
  readonly title: string;
  readonly alarming: boolean;
  readonly lines: readonly Line[];
}

const words = (text: string, width: number): readonly Line[] =>
  wrapWords(printable(text), width).map((line) => [span('text', line)]);
const gap: Line = [];
const keysLine = (...pairs: readonly (readonly [string, string])[]): Line =>
  pairs.flatMap(([key, does]): Span[] => [span('focus', key), span('dim', ` ${does}   `)]);

/** What the box says; `area` is the room inside it. The filter is drawn in the footer. */
export function dialogBox(
  dialog: Dialog,
  snapshot: Snapshot | undefined,
  ui: UiState,
  area: Area,
): Box | undefined {
  switch (dialog.type) {
    case 'filter':
      return undefined;
    case 'help':
      return helpBox(snapshot, ui, dialog.top, area);
    case 'quit':
      return quitBox(snapshot, area);
    case 'confirm':
      return snapshot === undefined ? undefined : confirmBox(dialog, snapshot, ui, area);
    case 'details':
      return snapshot === undefined ? undefined : detailsBox(dialog.row, snapshot, area);
    case 'breakers':
      return snapshot === undefined ? undefined : breakersBox(dialog.index, snapshot, area);
    case 'reset':
      return {
        title: `Reset ${dialog.breaker.toLowerCase().replace('_', ' ')}`,
        alarming: true,
        lines: [
          ...words('Entries may follow at once. The reason is kept in the journal.', area.width),
          gap,
          [span('dim', 'reason: '), span('strong', `${dialog.typed}_`)],
          gap,
          keysLine(['Enter', 'resets'], ['Esc', 'cancels']),
        ],
      };
  }
}

function helpBox(snapshot: Snapshot | undefined, ui: UiState, top: number, area: Area): Box {
  const lines: Line[] = [];
  for (const [group, title] of KEY_GROUPS) {
    if (lines.length > 0) lines.push(gap);
    lines.push([span('title', title)]);
    for (const entry of KEYMAP.filter((one) => one.group === group)) {
      const enabled = entry.enabled(snapshot, ui);
      const why = enabled === true ? [] : [span('warn', `  not now: ${enabled}`)];
      lines.push([span('focus', fitWords(entry.label, 10)), span('text', entry.words), ...why]);
    }
  }
  const room = Math.max(1, area.height - 2);
  const from = Math.max(0, Math.min(top, lines.length - room));
  const more =
    lines.length > room
      ? keysLine(['j k', 'scroll'], ['Esc', 'closes'])
      : keysLine(['Esc', 'closes']);
  return { title: 'Keys', alarming: false, lines: [...lines.slice(from, from + room), gap, more] };
}

function quitBox(snapshot: Snapshot | undefined, { width }: Area): Box {
  const open = snapshot?.positions ?? [];
  const orders = snapshot === undefined ? [] : openOrders(snapshot);
  const naked = open.some((one) => one.stop === undefined);
  const positions = count(open.length, 'position');
  const where =
    snapshot === undefined ? '' : ` in ${modeWords(snapshot.environment, snapshot.mode)}`;
  const state =
    open.length === 0 && orders.length === 0
      ? `Nothing is open${where}.`
      : `What stays open${where}: ${positions}, ${count(orders.length, 'order')}.`;
  return {
    title: 'Leave?',
    alarming: naked,
    lines: [
      ...words(state, width),
      ...(naked ? words('A position has NO STOP: nothing protects it.', width) : []),
      gap,
      keysLine(['y', 'leaves'], ['Esc', 'stays']),
    ],
  };
}

function confirmBox(
  dialog: Extract<Dialog, { type: 'confirm' }>,
  snapshot: Snapshot,
  ui: UiState,
  { width, height }: Area,
): Box {
  const { title, consequence } = dangerWords(dialog.danger, snapshot);
  const left = Math.max(0, CONFIRM_MS - (ui.now - dialog.openedAt));
  const word = CONFIRM_WORD[dialog.danger.type];
  const prompt: Line = [
    span('dim', 'type '),
    span('focus', word),
    span('dim', ': '),
    span('strong', `${dialog.typed}_`),
  ];
  const lines = [
    ...consequence.flatMap((sentence) => words(sentence, width)),
    gap,
    prompt,
    gap,
    [
      ...keysLine(['Enter', 'does it'], ['Esc', 'cancels']),
      span('dim', `ends in ${String(Math.ceil(left / 1_000)).padStart(2)} s`),
    ],
  ];
  // With a single row of room that row is the one that is typed into.
  return { title, alarming: true, lines: height < 2 ? [prompt] : lines };
}

function detailsBox(rowId: string, snapshot: Snapshot, { width }: Area): Box {
  const row = bookRows(snapshot).find((one) => one.id === rowId);
  const digits = snapshot.instrument?.digits;
  const exponent = snapshot.account?.exponent;
  const fact = (label: string, value: string): Line => [
    span('dim', fitWords(label, 12)),
    span('text', value),
  ];
  const price = (value: Parameters<typeof priceText>[0] | undefined) =>
    value === undefined || digits === undefined ? 'none' : priceText(value, digits);
  const close = keysLine(['Esc', 'closes']);
  if (row === undefined) {
    return {
      title: 'Details',
      alarming: false,
      lines: [...words('It is gone.', width), gap, close],
    };
  }
  if (row.type === 'order') {
    const { order } = row;
    const lines = [
      fact('order', order.id),
      fact('side', order.side.toUpperCase()),
      fact('volume', `${volumeText(order.volume)}, executed ${volumeText(order.executed)}`),
      fact('state', order.state),
      fact('since', age(order.ageMs)),
      ...words(order.reason, width),
    ];
    return { title: 'Order', alarming: false, lines: [...lines, gap, close] };
  }
  const { position } = row;
  const lines = [
    fact('position', position.id),
    fact('side', position.side.toUpperCase()),
    fact('volume', volumeText(position.volume)),
    fact('opened', `${dayAndClock(position.openedAt)} UTC, ${age(position.ageMs)} ago`),
    fact('entry', price(position.entry)),
    fact('stop', position.stop === undefined ? 'NONE' : price(position.stop)),
    fact('target', price(position.target)),
    fact(
      'P&L now',
      position.openPnl === undefined || exponent === undefined
        ? 'unknown'
        : signedMoney(position.openPnl, exponent),
    ),
    fact('state', position.state),
    fact('owner', position.ours ? 'this program' : 'somebody else on this account'),
  ];
  return {
    title: 'Position',
    alarming: position.stop === undefined,
    lines: [...lines, gap, close],
  };
}

function breakersBox(index: number, snapshot: Snapshot, area: Area): Box {
  const chosen = snapshot.breakers[index];
  const lines: Line[] = snapshot.breakers.map((breaker, at) => [
    at === index ? span('focus', area.look.glyphs.pointer) : span('text', ' '),
    ...breakerLine(breaker, { ...area, width: area.width - 1 }),
  ]);
  const details =
    chosen === undefined
      ? []
      : [
          ...words(chosen.tripped ? chosen.reason : 'Not tripped.', area.width),
          ...words(`Clears: ${chosen.clears}.`, area.width),
        ];
  return {
    title: 'Circuit breakers',
    alarming: false,
    lines: [
      ...lines,
      gap,
      ...details,
      gap,
      keysLine(['j k', 'choose'], ['r', 'reset'], ['Esc', 'closes']),
    ],
  };
}
