/**
 * The last row: a notice when there is one, else the keys that work now.
 * Deliberately shows a disabled key in brackets instead of hiding it: nothing moves, and it can be
 * asked.
 */
import type { Snapshot } from '../../engine/index.ts';
import { selectedRow } from '../book.ts';
import { type BindingId, bindingsOn } from '../keymap.ts';
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
  'play',
  'nextBar',
  'faster',
  'slower',
  'entries',
  'flatten',
  'close',
  'ladder',
  'mode',
  'breakers',
  'palette',
  'why',
  'news',
  'focusNext',
  'zoom',
];

type Instead = (snapshot: Snapshot | undefined, ui: UiState) => string | false;

/** Keys that do the opposite at times, and its word then. */
const INSTEAD: Readonly<Partial<Record<BindingId, Instead>>> = {
  play: (_snapshot, { playback }) => playback?.state === 'paused' && 'play',
  entries: (snapshot) => snapshot?.tradingState !== 'active' && 'resume',
  close: (snapshot, ui) => selectedRow(snapshot, ui)?.type === 'order' && 'cancel',
  mode: (snapshot) => snapshot?.arming.state === 'armed' && 'disarm',
};

function keys(snapshot: Snapshot | undefined, ui: UiState, width: number): Line {
  // In a dry run nothing can be armed; in a live one it is the key that lets orders leave.
  const isLive = snapshot?.mode === 'live';
  const parts = bindingsOn(snapshot, ui).flatMap((entry) => {
    if (entry.short === undefined || (entry.id === 'mode' && !isLive)) return [];
    const works = entry.enabled(snapshot, ui) === true;
    const words = INSTEAD[entry.id]?.(snapshot, ui) || entry.short;
    const part = works
      ? [span('text', ' '), span('focus', entry.label), span('text', ` ${words} `)]
      : [span('dim', `(${entry.label} ${words})`)];
    return [{ rank: LEAVING.indexOf(entry.id), line: part }];
  });
  return joined(keepWhole(parts, width));
}

/** Disabled keys side by side share their brackets: `(c close  f flatten)`, as wide as before. */
function joined(line: Line): Line {
  return line.map(({ role, text }, index) => {
    const opens = line[index - 1]?.text.endsWith(')') === true && text.startsWith('(');
    const closes = line[index + 1]?.text.startsWith('(') === true && text.endsWith(')');
    const inner = opens ? ` ${text.slice(1)}` : text;
    return span(role, closes ? `${inner.slice(0, -1)} ` : inner);
  });
}
