/**
 * The command palette as a dialog: what is typed, and the actions that match, the best first.
 * Deliberately shows what does not work now as well, with its reason.
 */
import type { Snapshot } from '../../engine/index.ts';
import { type Area, type Line, sentence, span } from '../lines.ts';
import { type PaletteEntry, paletteEntries } from '../palette.ts';
import { displayWidth, fitWords } from '../text.ts';
import type { Dialog, UiState } from '../ui-state.ts';
import { around, type Box, gap, keysLine } from './box.ts';

const LABEL_CELLS = 10;
const ROWS_MAX = 14;
const NOT_NOW = ' not now';

export function paletteBox(
  { typed, index }: Extract<Dialog, { type: 'palette' }>,
  snapshot: Snapshot | undefined,
  ui: UiState,
  area: Area,
): Box {
  const entries = paletteEntries(typed, snapshot, ui);
  const at = Math.min(index, entries.length - 1);
  const room = Math.max(1, Math.min(ROWS_MAX, area.height - 4));
  const rows = around(entries, at, room).map((entry): Line => {
    const chosen = entry === entries[at];
    const works = entry.enabled === true;
    const left = area.width - LABEL_CELLS - 2 - displayWidth(entry.words);
    return [
      chosen ? span('focus', `${area.look.glyphs.pointer} `) : span('text', '  '),
      span(works ? 'focus' : 'dim', fitWords(entry.label, LABEL_CELLS)),
      span(chosen ? 'strong' : works ? 'text' : 'dim', entry.words),
      span('warn', !works && left >= NOT_NOW.length ? NOT_NOW : ''),
    ];
  });
  const none: Line = [span('warn', 'no action has these letters')];
  // The box keeps its height while one types: what is under it does not come and go.
  const filled = [...rows, ...Array.from({ length: room - rows.length }, () => gap)];
  return {
    title: 'What do you want to do?',
    alarming: false,
    lines: [
      [span('focus', ': '), span('strong', `${typed}_`)],
      gap,
      ...(rows.length === 0 ? [none, ...filled.slice(1)] : filled),
      reasonLine(entries[at], area.width),
      keysLine(['↑ ↓', 'choose'], ['Enter', 'does it'], ['Esc', 'closes']),
    ],
  };
}

/** Why the chosen entry cannot be done now; blank where it can. */
function reasonLine(entry: PaletteEntry | undefined, width: number): Line {
  if (entry === undefined || entry.enabled === true) return gap;
  return sentence('warn', `not now: ${entry.enabled}`, width);
}
