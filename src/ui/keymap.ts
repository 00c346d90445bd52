/**
 * Every key as data: footer, help, documentation and dispatch read this one table.
 * Deliberately no effects: what a binding does is in `update.ts`, under the same id.
 */
import type { Snapshot } from '../engine/index.ts';
import {
  activityItems,
  bookRows,
  copyText,
  decisionItems,
  openOrders,
  selectedRow,
} from './book.ts';
import { cancelOf, inboxItems } from './inbox.ts';
import type { PlaybackWish } from './playback.ts';
import type { UiState } from './ui-state.ts';

export type BindingId =
  | PlaybackWish
  | 'entries'
  | 'close'
  | 'flatten'
  | 'mode'
  | 'ladder'
  | 'breakers'
  | 'inbox'
  | 'login'
  | 'diagnostics'
  | 'palette'
  | 'why'
  | 'news'
  | 'details'
  | 'filter'
  | 'copy'
  | 'zoom'
  | 'theme'
  | 'focusNext'
  | 'focusPrevious'
  | 'focusNumber'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'newest'
  | 'repaint'
  | 'help'
  | 'quit';

export type Enabled = true | string;

export interface Binding {
  readonly id: BindingId;
  /** Names of key presses, as `keys.ts` gives them. */
  readonly keys: readonly string[];
  /** How a person reads the key. */
  readonly label: string;
  readonly group: 'trade' | 'replay' | 'look' | 'move' | 'program';
  readonly words: string;
  /** Short form for the footer; absent keeps it out of there. */
  readonly short: string | undefined;
  /** True, or the reason why not, in words. */
  readonly enabled: (snapshot: Snapshot | undefined, ui: UiState) => Enabled;
}

type Rule = Binding['enabled'];

const always: Rule = () => true;

/** The reason for which no key commands anything there. */
const RECORDING = 'this is a recording';

const operates: Rule = (snapshot, ui) => {
  if (ui.playback !== undefined) return RECORDING;
  if (ui.role === 'observer') return 'this screen only watches';
  return snapshot === undefined ? 'the engine has not answered yet' : true;
};

const inFlight = (ui: UiState, target: string): boolean =>
  ui.pending.some((pending) => pending.target === target);

const canToggleEntries: Rule = (snapshot, ui) => {
  const may = operates(snapshot, ui);
  if (may !== true) return may;
  return inFlight(ui, 'entries') ? 'the last change is on its way' : true;
};

const canClose: Rule = (snapshot, ui) => {
  const may = operates(snapshot, ui);
  if (may !== true) return may;
  const row = selectedRow(snapshot, ui);
  if (row === undefined) return 'there is no position';
  if (inFlight(ui, row.id)) return 'it is on its way';
  if (row.type === 'order') {
    return cancelOf(row.order) === undefined
      ? 'the broker has not named this order yet, so nothing can be cancelled'
      : true;
  }
  if (row.position.state === 'CLOSING') return 'this position is closing already';
  return row.position.state === 'CLOSE_UNKNOWN'
    ? 'its close is unknown and being reconciled'
    : true;
};

const canFlatten: Rule = (snapshot, ui) => {
  const may = operates(snapshot, ui);
  if (may !== true || snapshot === undefined) return may;
  if (snapshot.positions.length === 0 && openOrders(snapshot).length === 0) {
    return 'there is nothing to flatten';
  }
  return inFlight(ui, 'flatten') ? 'the last flatten is on its way' : true;
};

const canAskNews: Rule = (snapshot, ui) => {
  const may = operates(snapshot, ui);
  if (may !== true) return may;
  return inFlight(ui, 'news') ? 'the last question is on its way' : true;
};

const hasDetails: Rule = (snapshot, ui) => {
  if (ui.focus === 'why') {
    return decisionItems(snapshot, ui.filter).length > 0 ? true : 'no decision is shown';
  }
  if (ui.focus === 'activity') {
    return activityItems(snapshot, ui.filter).length > 0 ? true : 'nothing is shown';
  }
  if (ui.focus === 'breakers' || ui.focus === 'account') return true;
  return bookRows(snapshot).length > 0 ? true : 'there is no position or order';
};

const hasDifferences: Rule = (snapshot) =>
  inboxItems(snapshot).length > 0 ? true : 'the broker shows what we believe';

const canCopy: Rule = (snapshot, ui) => {
  if (!ui.canCopy) return 'this terminal has no clipboard for it';
  return copyText(snapshot, ui) === undefined ? 'there is nothing to copy' : true;
};

const canArm: Rule = (snapshot, ui) => {
  if (ui.playback !== undefined) return RECORDING;
  if (snapshot === undefined) return 'the engine has not answered yet';
  return inFlight(ui, 'arming') ? 'the last change is on its way' : true;
};

const plays: Rule = (_snapshot, { playback }) =>
  playback?.state === 'ended' ? 'the recording ends here' : true;

const binding = (
  id: BindingId,
  keys: readonly string[],
  label: string,
  group: Binding['group'],
  words: string,
  short?: string,
  enabled: Rule = always,
): Binding => ({ id, keys, label, group, words, short, enabled });

/** In the order in which help and documentation show them. */
export const KEYMAP: readonly Binding[] = [
  binding('entries', ['p'], 'p', 'trade', 'pause or resume entries', 'pause', canToggleEntries),
  binding(
    'close',
    ['c'],
    'c',
    'trade',
    'close the selected position, cancel the selected order',
    'close',
    canClose,
  ),
  binding('mode', ['m'], 'm', 'trade', 'mode: arm a live run, disarm', 'arm', canArm),
  binding('flatten', ['f'], 'f', 'trade', 'close everything', 'flatten', canFlatten),
  binding(
    'ladder',
    ['K'],
    'K',
    'trade',
    'panic ladder: stop entries, reduce only, cancel, flatten',
    'panic',
    operates,
  ),
  binding('play', [' '], 'Space', 'replay', 'pause the recording, or go on', 'pause', plays),
  binding('nextBar', ['.'], '.', 'replay', 'go to the next closed bar, wait there', 'bar', plays),
  binding('faster', ['+', '='], '+', 'replay', 'speed: twice as fast', 'faster', plays),
  binding('slower', ['-'], '-', 'replay', 'speed: half as fast', 'slower', plays),
  binding('breakers', ['b'], 'b', 'look', 'circuit breakers: details and reset', 'breakers'),
  binding(
    'inbox',
    ['i'],
    'i',
    'look',
    'inbox: what the broker shows otherwise, and verdicts',
    undefined,
    hasDifferences,
  ),
  binding('login', ['l'], 'l', 'look', 'account and login', undefined),
  binding('diagnostics', ['d'], 'd', 'look', 'diagnostics: what the screen and the line cost'),
  binding('why', ['w'], 'w', 'look', 'why: the decision of every bar', 'why'),
  binding('news', ['s'], 's', 'look', 'ask for the news sentiment now', 'news', canAskNews),
  binding(
    'details',
    ['enter'],
    'Enter',
    'look',
    'details of the selected row',
    undefined,
    hasDetails,
  ),
  binding('filter', ['/'], '/', 'look', 'filter the ledgers', undefined),
  binding(
    'copy',
    ['y'],
    'y',
    'look',
    'copy the selected id; in Why, the explanation',
    undefined,
    canCopy,
  ),
  binding('zoom', ['z'], 'z', 'look', 'zoom the focused panel', 'zoom'),
  binding('theme', ['t'], 't', 'look', 'next colour theme', undefined),
  binding('focusNext', ['tab'], 'Tab', 'move', 'focus the next panel', 'panel'),
  binding('focusPrevious', ['shift-tab'], 'Shift-Tab', 'move', 'focus the previous panel'),
  binding(
    'focusNumber',
    ['1', '2', '3', '4', '5', '6', '7', '8'],
    '1 to 8',
    'move',
    'focus a panel by its number',
  ),
  binding('up', ['up', 'k'], '↑ k', 'move', 'one row up'),
  binding('down', ['down', 'j'], '↓ j', 'move', 'one row down'),
  binding('pageUp', ['pageup'], 'PgUp', 'move', 'a page up'),
  binding('pageDown', ['pagedown'], 'PgDn', 'move', 'a page down'),
  binding('newest', ['home'], 'Home', 'move', 'back to the newest'),
  binding('palette', [':'], ':', 'program', 'command palette: find an action by its words', 'all'),
  binding('repaint', ['ctrl-l'], 'Ctrl-L', 'program', 'paint the whole screen again'),
  binding('help', ['?'], '?', 'program', 'this help', 'help'),
  binding('quit', ['q', 'ctrl-c'], 'q', 'program', 'leave', 'quit'),
];

const BY_KEY = new Map(KEYMAP.flatMap((entry) => entry.keys.map((key) => [key, entry] as const)));

/** What a key means on this screen; one of a recording means nothing on that of an engine. */
export function bindingOf(key: string, { playback }: UiState): Binding | undefined {
  const found = BY_KEY.get(key);
  return found?.group === 'replay' && playback === undefined ? undefined : found;
}

/** The keys a screen tells of: those of a recording only there, and there none that commands. */
export const bindingsOn = (snapshot: Snapshot | undefined, ui: UiState): readonly Binding[] =>
  KEYMAP.filter(({ group, enabled }) =>
    ui.playback === undefined ? group !== 'replay' : enabled(snapshot, ui) !== RECORDING,
  );

const GROUPS: readonly (readonly [Binding['group'], string])[] = [
  ['trade', 'Trading'],
  ['replay', 'Replay'],
  ['look', 'Looking'],
  ['move', 'Moving'],
  ['program', 'Program'],
];
export const KEY_GROUPS = GROUPS;

/** The key table of the documentation, between its markers. */
export function keysMarkdown(): string {
  const lines = ['| key | does |', '|---|---|'];
  for (const [group, title] of GROUPS) {
    lines.push(`| **${title}** | |`);
    for (const entry of KEYMAP.filter((one) => one.group === group)) {
      lines.push(`| \`${entry.label}\` | ${entry.words} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
