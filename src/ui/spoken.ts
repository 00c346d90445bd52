/**
 * The screen in words, for a reader that speaks lines: the state, what changed, what is asked.
 * Deliberately pure, and the same panels, dialogs and alerts as the picture; only lines are made.
 */
import { type Price, priceText, type Snapshot, volumeText } from '../engine/index.ts';
import {
  activityItems,
  alertsOf,
  type BookRow,
  bookRows,
  decisionItems,
  selectedRow,
  topIndex,
} from './book.ts';
import { SIDES } from './dialogs.ts';
import { panelLines } from './frame.ts';
import { bindingOf, bindingsOn } from './keymap.ts';
import { PANEL_TITLES, type PanelId } from './layout.ts';
import type { Line } from './lines.ts';
import { makeLook, modeWords } from './look.ts';
import { paletteEntries } from './palette.ts';
import { dialogBox } from './panels/dialog.ts';
import { marketStrip } from './panels/market.ts';
import { plainView } from './panels/plain.ts';
import { signalPanel } from './panels/signal.ts';
import { tradingWords } from './panels/status-bar.ts';
import { playbackWords } from './playback.ts';
import { clockText, printable, signedMoney } from './text.ts';
import { type Dialog, lateMs, type UiState } from './ui-state.ts';

/** What a person heard last, or hears now. */
export interface Moment {
  readonly ui: UiState;
  readonly snapshot: Snapshot | undefined;
}

/** Wide enough that no sentence is shortened; the terminal breaks lines by itself. */
const WIDE = 120;
/** Rows of a list that are read at once. */
const LISTED = 10;
const LOOK = makeLook({ colour: 'none', theme: 'dark', ascii: true });
const ROOM = { width: WIDE, height: LISTED + 2, look: LOOK };
/** A dialog is read whole, and in the width it has on the picture. */
const DIALOG_ROOM = { width: 72, height: 80, look: LOOK };

/** Bars and gauges are shapes: their words stand beside them. */
const SHAPES = /[[\]|#=.+<>o*v^_O-]{4,}/g;

export function lineText(line: Line): string {
  const text = line.map((piece) => piece.text).join('');
  return printable(text).replace(SHAPES, ' ').replace(/_$/, '').replace(/\s+/g, ' ').trim();
}

const textsOf = (lines: readonly Line[]): readonly string[] =>
  lines.map(lineText).filter((text) => text !== '');

/** The account in a few lines, and the keys that work now. */
export function stateLines({ ui, snapshot }: Moment): readonly string[] {
  if (snapshot === undefined) return ['The engine has not answered yet.'];
  const { account, instrument } = snapshot;
  const late = lateMs(ui);
  const whose =
    account === undefined ? 'no account yet' : `account ${account.login} ${account.brokerName}`;
  const plain = textsOf(plainView(snapshot, late, ROOM, ui.playback)).filter(
    (text) => !/q quits$/.test(text),
  );
  return [
    `State at ${clockText(snapshot.wall)} UTC: ${instrument?.name ?? 'no instrument'}, ` +
      printable(whose),
    ...plain,
    snapshot.entriesAllowed
      ? 'entries allowed'
      : `no entries: ${printable(snapshot.entriesBlockedBy ?? 'not said why')}`,
    keysWords({ ui, snapshot }),
  ];
}

function keysWords({ ui, snapshot }: Moment): string {
  const keys = bindingsOn(snapshot, ui)
    .filter((one) => one.short !== undefined && one.enabled(snapshot, ui) === true)
    .map((one) => `${one.label} ${one.short}`);
  return `Keys: ${keys.join(', ')}; 1 to 8 read a panel, Ctrl-L reads the state.`;
}

/** What the market, the broker and the engine did since; alerts are told by {@link alertLines}. */
export function changeLines(before: Snapshot, now: Snapshot): readonly string[] {
  const lines: string[] = [];
  const tell = (was: string, is: string): void => {
    if (was !== is) lines.push(is);
  };
  const modeOf = ({ environment, mode }: Snapshot) => `mode: ${modeWords(environment, mode)}`;
  tell(modeOf(before), modeOf(now));
  tell(`trading: ${tradingWords(before)[1]}`, `trading: ${tradingWords(now)[1]}`);
  tell(`arming: ${before.arming.state}`, `arming: ${now.arming.state}`);
  tell(`session ${before.session.state}`, `session ${now.session.state}`);
  if (before.link.state !== 'READY' && now.link.state === 'READY') lines.push('link READY');
  const lastSeq = before.activity.at(-1)?.seq ?? -1;
  for (const one of now.activity.filter(({ seq }) => seq > lastSeq)) {
    const outside = one.outside === undefined ? '' : ` (${one.outside})`;
    lines.push(`${clockText(one.wall)} ${one.kind}: ${one.text}${outside}`);
  }
  const lastBar = before.decisions.at(-1)?.barTime ?? -1;
  for (const one of now.decisions.filter(({ barTime }) => barTime > lastBar)) {
    lines.push(`${clockText(one.decidedAt)} decision: ${one.sentence}`);
  }
  return lines.map((line) => printable(line));
}

/** New trouble and trouble that is over, by its short words: reasons may carry moving numbers. */
export function alertLines(before: Snapshot | undefined, now: Snapshot): readonly string[] {
  const old = before === undefined ? [] : alertsOf(before);
  const current = alertsOf(now);
  const isIn = (list: typeof current, short: string) => list.some((one) => one.short === short);
  return [
    ...current
      .filter(({ short }) => !isIn(old, short))
      .map(({ text, tone }) => `${tone === 'bad' ? 'ALERT' : 'Attention'}: ${printable(text)}`),
    ...old.filter(({ short }) => !isIn(current, short)).map(({ short }) => `Over: ${short}`),
  ];
}

/** What a key or a passing of time did to the screen itself. */
export function screenLines(before: Moment, now: Moment): readonly string[] {
  const { ui } = now;
  const lines: string[] = [];
  if (ui.repaints !== before.ui.repaints) lines.push(...stateLines(now), ...panelTexts(now));
  else if (ui.focus !== before.ui.focus || ui.filter !== before.ui.filter) {
    if (ui.dialog?.type !== 'filter') lines.push(...panelTexts(now));
  } else lines.push(...movedLines(before.ui, now));
  lines.push(...playedLines(before.ui, ui), ...dialogLines(before, now));
  if (ui.notice !== undefined && ui.notice !== before.ui.notice) {
    lines.push(printable(ui.notice.text));
  }
  return lines;
}

const playedLines = (before: UiState, { playback }: UiState): readonly string[] => {
  if (playback === undefined || before.playback === undefined) return [];
  const words = playbackWords(playback);
  return words === playbackWords(before.playback) ? [] : [words];
};

/** The focused panel under its name. */
export function panelTexts({ ui, snapshot }: Moment): readonly string[] {
  const title = `${PANEL_TITLES[ui.focus]}:`;
  if (snapshot === undefined) return [title, 'The engine has not answered yet.'];
  const own = OWN_WORDS[ui.focus];
  const lines =
    own === undefined
      ? textsOf(panelLines(ui.focus, snapshot, ui, lateMs(ui), ROOM))
      : own(snapshot, ui);
  return [title, ...(lines.length === 0 ? ['nothing yet'] : lines.map((line) => printable(line)))];
}

/** Panels that are tables, marks or shapes on the picture, as sentences. */
const OWN_WORDS: Readonly<
  Partial<Record<PanelId, (snapshot: Snapshot, ui: UiState) => readonly string[]>>
> = {
  market: (snapshot, ui) => textsOf(marketStrip(snapshot, lateMs(ui), ROOM)),
  chart: barTexts,
  signal: (snapshot, ui) => {
    const read = textsOf(signalPanel(snapshot, lateMs(ui), ROOM).slice(0, SIGNAL_ROWS));
    const [newest] = decisionItems(snapshot, '');
    const gates = newest?.item.gates ?? [];
    return [
      ...read,
      ...(newest === undefined ? [] : [`last bar: ${newest.item.sentence}`]),
      ...gates.map((one) => `${one.gate}: ${one.pass ? 'pass' : 'BLOCKS'}, ${one.value}`),
    ];
  },
  blotter: (snapshot) => {
    const rows = bookRows(snapshot);
    if (rows.length === 0) return ['no position, no open order'];
    return rows.map((row) => rowText(row, snapshot));
  },
  breakers: ({ breakers }) =>
    breakers.map(({ name, tripped, reason, clears, distance }) => {
      const words = name.toLowerCase().replaceAll('_', ' ');
      return tripped
        ? `${words}: TRIPPED, ${reason}; cleared by: ${clears}`
        : `${words}: ok, ${distance}`;
    }),
};

/** RSI, trend and news; the gates follow as sentences. */
const SIGNAL_ROWS = 3;

function barTexts({ bars, instrument }: Snapshot): readonly string[] {
  const digits = instrument?.digits;
  if (digits === undefined || bars.closed.length === 0) return ['no bars yet'];
  return bars.closed.slice(-LISTED).map(({ openTime, open, high, low, close }) => {
    const [o, h, l, c] = [open, high, low, close].map((price) => priceText(price, digits));
    return `bar ${clockText(openTime).slice(0, 5)}: open ${o}, high ${h}, low ${l}, close ${c}`;
  });
}

/** The row the arrows came to. */
function movedLines(before: UiState, { ui, snapshot }: Moment): readonly string[] {
  if (ui.selected !== before.selected) {
    const row = selectedRow(snapshot, ui);
    return row === undefined || snapshot === undefined ? [] : [rowText(row, snapshot)];
  }
  if (ui.anchor.why !== before.anchor.why) {
    const items = decisionItems(snapshot, ui.filter);
    const item = items[topIndex(items, ui.anchor.why)]?.item;
    return item === undefined ? [] : [printable(item.sentence)];
  }
  if (ui.anchor.activity === before.anchor.activity) return [];
  const items = activityItems(snapshot, ui.filter);
  const item = items[topIndex(items, ui.anchor.activity)]?.item;
  return item === undefined ? [] : [`${clockText(item.wall)} ${printable(item.text)}`];
}

function rowText(row: BookRow, snapshot: Snapshot): string {
  const rows = bookRows(snapshot);
  const number = rows.findIndex((one) => one.id === row.id) + 1;
  const held = row.type === 'position' ? row.position : row.order;
  const head = `${row.type} ${number} of ${rows.length}: ${SIDES[held.side]}`;
  if (row.type === 'order')
    return `${head} ${volumeText(held.volume)}, order ${held.id}, ${held.state}`;
  const { entry, current, stop, target, openPnl, ours } = row.position;
  const digits = snapshot.instrument?.digits;
  const account = snapshot.account;
  const at = (price: Price | undefined, absent: string) =>
    price === undefined || digits === undefined ? absent : priceText(price, digits);
  const money =
    openPnl === undefined || account === undefined
      ? 'P&L unknown'
      : `${signedMoney(openPnl, account.exponent)} ${account.currency}`;
  return [
    `${head} ${volumeText(held.volume)} at ${at(entry, 'unknown')}`,
    `now ${at(current, 'unknown')}`,
    stop === undefined ? 'NO STOP' : `stop ${at(stop, 'unknown')}`,
    `target ${at(target, 'none')}`,
    money,
    ours ? held.state : `${held.state}, not ours`,
  ].join(', ');
}

/** Dialogs whose words follow the newest picture, and are told when they change. */
const FOLLOWING: ReadonlySet<Dialog['type']> = new Set(['ladder', 'arming']);

function dialogLines(before: Moment, now: Moment): readonly string[] {
  const was = before.ui.dialog;
  const { dialog } = now.ui;
  if (dialog === undefined) return was === undefined ? [] : ['Dialog closed.'];
  if (dialog.type === 'palette' && was?.type === 'palette') {
    return was.typed === dialog.typed && was.index === dialog.index ? [] : [chosen(now)];
  }
  const lines = boxLines(now);
  if (was?.type !== dialog.type) return lines;
  if (was === dialog && !FOLLOWING.has(dialog.type)) return [];
  if ('typed' in dialog && !FOLLOWING.has(dialog.type)) return [];
  const said = boxLines(before);
  return lines.filter((line) => !said.includes(line));
}

function chosen({ ui, snapshot }: Moment): string {
  if (ui.dialog?.type !== 'palette') return '';
  const found = paletteEntries(ui.dialog.typed, snapshot, ui);
  const entry = found[Math.min(ui.dialog.index, found.length - 1)];
  if (entry === undefined) return 'No action has these letters.';
  const why = entry.enabled === true ? '' : `, not now: ${entry.enabled}`;
  return `${entry.label}: ${entry.words}${why}`;
}

/** The question as it was put: what was typed since and the seconds left are not read again. */
function boxLines({ ui, snapshot }: Moment): readonly string[] {
  const { dialog } = ui;
  if (dialog === undefined) return [];
  if (dialog.type === 'filter') return ['Filter of the ledgers: type, Enter keeps, Esc clears.'];
  const still = 'typed' in dialog ? { ...dialog, typed: '' } : dialog;
  const now = dialog.type === 'confirm' ? dialog.openedAt : ui.now;
  const box = dialogBox(still, snapshot, { ...ui, dialog: still, now }, DIALOG_ROOM);
  if (box === undefined) return [];
  return [`${box.alarming ? 'ALERT, dialog' : 'Dialog'}: ${box.title}`, ...textsOf(box.lines)];
}

/** What is being typed, to be echoed; absent while nothing is asked for. */
export const typedIn = ({ dialog }: UiState): string | undefined =>
  dialog !== undefined && 'typed' in dialog ? dialog.typed : undefined;

/** A key that is known here but had nothing to say, by its name. */
export const keyWords = (key: string, ui: UiState): string | undefined => {
  const binding = bindingOf(key, ui);
  return binding === undefined ? undefined : `${binding.label}: ${binding.words}`;
};
