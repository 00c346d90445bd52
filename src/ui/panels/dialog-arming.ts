/**
 * The arming dialog: each item of the checklist, what is typed, and what it would allow.
 * Deliberately drawn from the newest snapshot: an item that turns red does so before the eye.
 */
import type { ArmingItem, Snapshot } from '../../engine/index.ts';
import { type ArmingDialog, LIVE_WORD } from '../arming.ts';
import { type Area, type Line, span } from '../lines.ts';
import { modeWords } from '../look.ts';
import { clockText, fitWords } from '../text.ts';
import type { UiState } from '../ui-state.ts';
import { type Box, gap, hanging, keysLine, words } from './box.ts';

const NAME_CELLS = 15;
/** Rows below which the explaining sentences leave. */
const ROOMY = 14;

export function armingBox(
  { typed }: ArmingDialog,
  snapshot: Snapshot,
  ui: UiState,
  area: Area,
): Box {
  const { arming, environment } = snapshot;
  const where = modeWords(environment, snapshot.mode);
  if (arming.state === 'not-possible') return dryBox(typed, snapshot, ui, area);
  const isRoomy = area.height >= ROOMY;
  const intro = [
    ...words(`${where}: entries go to the broker once this run is armed.`, area.width),
    ...words('It ends with this trading session, at most 12 h from now.', area.width, 'dim'),
    gap,
  ];
  return {
    title: arming.state === 'armed' ? 'Armed' : 'Arm this run?',
    alarming: true,
    lines: [
      ...(isRoomy ? intro : []),
      ...arming.checklist.flatMap((item) => itemLines(item, area)),
      ...(isRoomy ? [gap] : []),
      ...promptLines(typed, snapshot, ui),
      keysLine(['Enter', 'arms'], ['Esc', 'closes']),
    ],
  };
}

function promptLines(typed: string, { arming }: Snapshot, ui: UiState): readonly Line[] {
  if (ui.role === 'observer') return [[span('warn', 'This screen only watches.')]];
  if (arming.armedUntil !== undefined) {
    return [[span('good', `Armed until ${clockText(arming.armedUntil)} UTC; m disarms.`)]];
  }
  return [[span('dim', 'account number in full: '), span('strong', `${typed}_`)]];
}

function itemLines({ name, ok, reason, remedy }: ArmingItem, area: Area): readonly Line[] {
  const { glyphs } = area.look;
  const head: Line = [
    ok ? span('good', `${glyphs.yes} `) : span('bad', `${glyphs.no} `),
    span(ok ? 'dim' : 'strong', fitWords(name, NAME_CELLS)),
  ];
  const cells = NAME_CELLS + 2;
  const room = area.width - cells;
  const said = ok ? reason : `${reason}: ${remedy ?? ''}`;
  return hanging(head, cells, words(said, room, ok ? 'dim' : 'warn'));
}

function dryBox(typed: string, snapshot: Snapshot, ui: UiState, { width }: Area): Box {
  const now = modeWords(snapshot.environment, snapshot.mode);
  const then = modeWords(snapshot.environment, 'live');
  const open = snapshot.positions.filter((one) => one.ours).length;
  const paper =
    open === 0 ? '' : ` ${open === 1 ? 'Its position stays' : `Its ${open} positions stay`} here.`;
  const isOffered = ui.canGoLive && ui.role === 'operator';
  const how = isOffered
    ? `This engine can stop now and begin again as ${then}, unarmed, with a state of its own.`
    : `Start one with --mode live to send orders to the broker: it would be ${then}.`;
  const prompt: Line = [
    span('dim', 'type '),
    span('focus', LIVE_WORD),
    span('dim', ': '),
    span('strong', `${typed}_`),
  ];
  return {
    title: 'Dry run',
    alarming: false,
    lines: [
      ...words(`${now}: no order of this run can reach the broker.`, width),
      ...words(`${how}${isOffered ? paper : ''}`, width),
      gap,
      ...(isOffered
        ? [prompt, gap, keysLine(['Enter', 'begins it'], ['Esc', 'stays'])]
        : [keysLine(['Esc', 'closes'])]),
    ],
  };
}
