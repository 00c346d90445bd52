/**
 * The last row: a notice when there is one, else the keys that work now.
 * Deliberately shows a disabled key in brackets instead of hiding it: nothing moves, and it can be
 * asked.
 */
import type { Snapshot } from '../../engine/index.ts';
import { selectedRow } from '../book.ts';
import { type BindingId, KEYMAP } from '../keymap.ts';
import { type Area, keepWhole, type Line, span } from '../lines.ts';
import type { Role } from '../look.ts';
import { age } from '../text.ts';
import type { UiState } from '../ui-state.ts';

const NOTICE_ROLES = { plain: 'accent', good: 'good', warn: 'warn', bad: 'bad' } as const;
const ASKED_LONG_MS = 5_000;

export function footer(snapshot: Snapshot | undefined, ui: UiState, area: Area): readonly Line[] {
  const { dialog, notice } = ui;
  if (dialog?.type === 'filter') {
    return [
      [
        span('focus', ' filter: '),
        span('strong', `${dialog.typed}_`),
        span('dim', '   Enter keeps, Esc clears'),
      ],
    ];
  }
  if (notice !== undefined) {
    const role: Role = NOTICE_ROLES[notice.tone];
    return [[span(role, ` ${area.look.glyphs.bullet} `), span(role, notice.text)]];
  }
  const waiting = ui.pending.find((one) => ui.now - one.sentAt >= ASKED_LONG_MS);
  if (waiting !== undefined) {
    const words = ` no answer yet for ${age(ui.now - waiting.sentAt)}: ${waiting.words}`;
    return [[span('warn', words)]];
  }
  // The keys of the panels do nothing while a dialog is open, so they are not shown.
  if (dialog !== undefined) return [[span('dim', ' the dialog has the keys; Ctrl-C leaves')]];
  return [keys(snapshot, ui, area.width)];
}

/** What leaves where the row is narrow, the last first; what is not named here stays longest. */
const LEAVING: readonly BindingId[] = [
  'entries',
  'flatten',
  'close',
  'ladder',
  'breakers',
  'palette',
  'why',
  'news',
  'focusNext',
  'zoom',
];

function keys(snapshot: Snapshot | undefined, ui: UiState, width: number): Line {
  const parts = KEYMAP.flatMap((entry) => {
    if (entry.short === undefined) return [];
    const works = entry.enabled(snapshot, ui) === true;
    const paused = entry.id === 'entries' && snapshot?.tradingState !== 'active';
    const cancels = entry.id === 'close' && selectedRow(snapshot, ui)?.type === 'order';
    const words = paused ? 'resume' : cancels ? 'cancel' : entry.short;
    const part = works
      ? [span('text', ' '), span('focus', entry.label), span('text', ` ${words} `)]
      : [span('dim', `(${entry.label} ${words})`)];
    return [{ rank: LEAVING.indexOf(entry.id), line: part }];
  });
  return keepWhole(parts, width);
}
