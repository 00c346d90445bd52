/**
 * The one dialog that may lie over the panels: help, details, breakers, confirmations, quit.
 * Deliberately only words and a frame; what keys do in it is in `update.ts`.
 */
import { assertNever, money, priceText, type Snapshot, volumeText } from '../../engine/index.ts';
import { openOrders } from '../book.ts';
import { count, dangerWords, SIDES } from '../dialogs.ts';
import { bindingsOn, KEY_GROUPS } from '../keymap.ts';
import { type Area, type Line, lineWidth, signRole, span } from '../lines.ts';
import { modeWords } from '../look.ts';
import { fitWords, signedMoney } from '../text.ts';
import { CONFIRM_MS, CONFIRM_WORD, type Danger, type Dialog, type UiState } from '../ui-state.ts';
import { type Box, gap, hanging, keysLine, words } from './box.ts';
import { breakersBox } from './breakers.ts';
import { detailsBox, entryBox } from './details.ts';
import { diagnosticsBox } from './diagnostics.ts';
import { armingBox } from './dialog-arming.ts';
import { explainBox } from './explain.ts';
import { inboxBox, verdictBox } from './inbox.ts';
import { ladderBox } from './ladder.ts';
import { loginBox } from './login.ts';
import { paletteBox } from './palette.ts';

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
    case 'palette':
      return paletteBox(dialog, snapshot, ui, area);
    case 'quit':
      return quitBox(snapshot, ui, area);
    case 'verdict':
      return verdictBox(dialog, area);
    case 'reset':
      return resetBox(dialog, area);
    default:
      return snapshot === undefined ? undefined : pictureBox(dialog, snapshot, ui, area);
  }
}

/** The dialogs that show a part of the snapshot. */
function pictureBox(
  dialog: Exclude<Dialog, { type: 'filter' | 'help' | 'palette' | 'quit' | 'verdict' | 'reset' }>,
  snapshot: Snapshot,
  ui: UiState,
  area: Area,
): Box {
  switch (dialog.type) {
    case 'confirm':
      return confirmBox(dialog, snapshot, ui, area);
    case 'details':
      return detailsBox(dialog.row, snapshot, area);
    case 'entry':
      return entryBox(dialog.seq, snapshot, area);
    case 'explain':
      return explainBox(dialog.barTime, snapshot, area);
    case 'breakers':
      return breakersBox(dialog, snapshot, area);
    case 'inbox':
      return inboxBox(dialog.index, snapshot, area);
    case 'arming':
      return armingBox(dialog, snapshot, ui, area);
    case 'ladder':
      return ladderBox(dialog, snapshot, ui, area);
    case 'diagnostics':
      return diagnosticsBox(snapshot, ui, area);
    case 'login':
      return loginBox(dialog, snapshot, ui, area);
    default:
      return assertNever(dialog, 'dialog');
  }
}

const resetBox = (dialog: Extract<Dialog, { type: 'reset' }>, { width }: Area): Box => ({
  title: `Reset ${dialog.breaker.toLowerCase().replace('_', ' ')}`,
  alarming: true,
  lines: [
    ...words('Entries may follow at once. The reason is kept in the journal.', width),
    gap,
    [span('dim', 'reason: '), span('strong', `${dialog.typed}_`)],
    gap,
    keysLine(['Enter', 'resets'], ['Esc', 'cancels']),
  ],
});

function helpBox(snapshot: Snapshot | undefined, ui: UiState, top: number, area: Area): Box {
  const lines: Line[] = [];
  const bindings = bindingsOn(snapshot, ui);
  for (const [group, title] of KEY_GROUPS) {
    const own = bindings.filter((one) => one.group === group);
    if (own.length === 0) continue;
    if (lines.length > 0) lines.push(gap);
    lines.push([span('title', title)]);
    for (const entry of own) {
      const enabled = entry.enabled(snapshot, ui);
      const head = [span('focus', fitWords(entry.label, KEY_CELLS))];
      const said = words(entry.words, area.width - KEY_CELLS);
      const why = enabled === true ? [] : besideOrBelow(said, `not now: ${enabled}`, area.width);
      lines.push(...hanging(head, KEY_CELLS, why.length > 0 ? why : said));
    }
  }
  lines.push(gap, [span('title', 'Signs')], ...signLines(area));
  const room = Math.max(1, area.height - 2);
  const from = Math.max(0, Math.min(top, lines.length - room));
  const more =
    lines.length > room
      ? keysLine(['j k', 'scroll'], ['Esc', 'closes'])
      : keysLine(['Esc', 'closes']);
  return { title: 'Keys', alarming: false, lines: [...lines.slice(from, from + room), gap, more] };
}

const KEY_CELLS = 11;

/** The reason behind the words where there is room, else below them. */
function besideOrBelow(said: readonly Line[], reason: string, width: number): readonly Line[] {
  const [first = []] = said;
  const beside = span('warn', `  ${reason}`);
  const fits = said.length === 1 && lineWidth([...first, beside]) <= width - KEY_CELLS;
  return fits ? [[...first, beside]] : [...said, ...words(reason, width - KEY_CELLS, 'warn')];
}

/** What the shapes mean: nothing on the screen is told by colour alone. */
function signLines({ width, look: { glyphs } }: Area): readonly Line[] {
  const signs: readonly (readonly [string, string])[] = [
    [
      `${glyphs.yes} ${glyphs.no} ${glyphs.notAsked}`,
      'passed, blocks, not asked; in brackets what is needed',
    ],
    [`${glyphs.rise} ${glyphs.fall}`, 'a bar that rose, a bar that fell; the rest is its range'],
    [`${glyphs.up} ${glyphs.down} ${glyphs.exit}`, 'bought, sold, closed at that price'],
    [glyphs.here, 'the bid now'],
    [glyphs.pointer, 'the panel with the focus, the selected row'],
    [glyphs.warn, 'needs eyes now'],
  ];
  return signs.flatMap(([sign, meaning]) =>
    hanging(
      [span('strong', fitWords(sign, KEY_CELLS))],
      KEY_CELLS,
      words(meaning, width - KEY_CELLS),
    ),
  );
}

/** Positions named one by one before only their number is said. */
const NAMED_MAX = 4;

function quitBox(snapshot: Snapshot | undefined, ui: UiState, { width }: Area): Box {
  const open = snapshot?.positions ?? [];
  const orders = snapshot === undefined ? [] : openOrders(snapshot);
  const naked = open.some((one) => one.stop === undefined);
  const where =
    snapshot === undefined ? '' : ` in ${modeWords(snapshot.environment, snapshot.mode)}`;
  const many = `${count(open.length, 'position')}, ${count(orders.length, 'order')}`;
  const isOpen = open.length + orders.length > 0;
  const named = open.slice(0, NAMED_MAX).map((one) => {
    const stop = one.stop === undefined ? 'NO STOP' : 'its stop stays at the broker';
    return `${SIDES[one.side]} ${volumeText(one.volume)}, position ${one.id}: ${stop}`;
  });
  const role = naked ? 'bad' : 'text';
  return {
    title: ui.detaches ? 'Detach?' : 'Leave?',
    alarming: naked,
    lines: [
      ...words(isOpen ? `What stays open${where}: ${many}.` : `Nothing is open${where}.`, width),
      ...named.flatMap((one) => words(one, width, role)),
      ...orders.flatMap((one) => words(`order ${one.id}: ${one.state}`, width, 'warn')),
      ...(naked ? words('A position has NO STOP: nothing protects it.', width, 'bad') : []),
      gap,
      ...words(afterwards(snapshot, ui, isOpen), width),
      gap,
      keysLine(['y', ui.detaches ? 'detaches' : 'leaves'], ['Esc', 'stays']),
    ],
  };
}

/** What goes on without this screen. */
function afterwards(snapshot: Snapshot | undefined, ui: UiState, isOpen: boolean): string {
  if (ui.detaches) return 'Only this screen ends: the engine goes on trading.';
  if (snapshot?.environment === 'sim') return 'The simulated market ends with this screen.';
  if (!isOpen) return 'The engine ends with this screen: nothing is traded until the next run.';
  return 'The engine ends with this screen: nobody moves stops or closes until the next run.';
}

/** What closing would come to just now: it moves with the price and voids no question. */
function nowLines(danger: Danger, snapshot: Snapshot, width: number): readonly Line[] {
  const { account, instrument, positions } = snapshot;
  if (danger.type !== 'close' && danger.type !== 'flatten') return [];
  if (account === undefined || instrument === undefined) return [];
  const closing = positions.filter(
    (one) => one.ours && (danger.type === 'flatten' || one.id === danger.positionId),
  );
  if (closing.length === 0) return [];
  const known = closing.flatMap(({ openPnl }) => (openPnl === undefined ? [] : [openPnl]));
  if (known.length < closing.length) return words('The open P&L is not known now.', width, 'warn');
  const sum = money(known.reduce((total, one) => total + one, 0));
  const [{ current } = {}] = closing;
  const at =
    danger.type === 'flatten' || current === undefined
      ? ''
      : ` at ${priceText(current, instrument.digits)}`;
  const worth = `${signedMoney(sum, account.exponent)} ${account.currency}`;
  return [[span('dim', `now${at}: `), span(signRole(sum), worth)]];
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
    ...nowLines(dialog.danger, snapshot, width),
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
