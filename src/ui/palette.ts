/**
 * The command palette: every key of the table as a sentence, found by typing parts of it.
 * Deliberately only finds; what an entry does is the binding's own action.
 */
import type { Snapshot } from '../engine/index.ts';
import { type Binding, bindingsOn, type Enabled } from './keymap.ts';
import { PANEL_TITLES, PANELS } from './layout.ts';
import type { UiState } from './ui-state.ts';

export interface PaletteEntry {
  readonly binding: Binding;
  /** The press it stands for. */
  readonly key: string;
  readonly label: string;
  readonly words: string;
  readonly enabled: Enabled;
}

function entriesOf(snapshot: Snapshot | undefined, ui: UiState): readonly PaletteEntry[] {
  return bindingsOn(snapshot, ui).flatMap((binding): readonly PaletteEntry[] => {
    if (binding.id === 'palette') return [];
    const enabled = binding.enabled(snapshot, ui);
    if (binding.id === 'focusNumber') {
      return PANELS.map((panel, index) => {
        const key = String(index + 1);
        const words = `focus panel ${PANEL_TITLES[panel]}`;
        return { binding, key, label: key, words, enabled };
      });
    }
    const { label, words } = binding;
    return [{ binding, key: binding.keys[0] ?? '', label, words, enabled }];
  });
}

/** What matches best comes first; nothing typed shows the table as it is. */
export function paletteEntries(
  typed: string,
  snapshot: Snapshot | undefined,
  ui: UiState,
): readonly PaletteEntry[] {
  const found = entriesOf(snapshot, ui).flatMap((entry) => {
    const { short } = entry.binding;
    const scores = [entry.words, ...(short === undefined ? [] : [short])]
      .map((text) => matchScore(typed, text))
      .filter((score) => score !== undefined);
    if (entry.label === typed.trim()) scores.push(EXACT);
    return scores.length === 0 ? [] : [{ entry, score: Math.max(...scores) }];
  });
  found.sort((a, b) => b.score - a.score);
  const least = typed.trim() === '' ? 0 : (found[0]?.score ?? 0) * NEAR_BEST;
  return found.filter(({ score }) => score >= least).map(({ entry }) => entry);
}

/** The key itself was typed. */
const EXACT = 8;
/** Letters scattered over a sentence are no match where there is a real one. */
const NEAR_BEST = 0.6;
const START = 4;
const ADJACENT = 3;

/**
 * How well the letters of `typed` are found in `text` in their order; absent when they are not.
 * Beginnings of words and letters side by side count more than scattered ones.
 */
export function matchScore(typed: string, text: string): number | undefined {
  const wanted = typed.toLowerCase().replace(/\s+/g, '');
  const haystack = text.toLowerCase();
  if (wanted === '') return 0;
  let best: number | undefined;
  // From every place its first letter is at: the earliest is not always the best.
  for (let from = haystack.indexOf(wanted[0] ?? ''); from >= 0; ) {
    const score = scoreFrom(wanted, haystack, from);
    if (score !== undefined && (best === undefined || score > best)) best = score;
    from = haystack.indexOf(wanted[0] ?? '', from + 1);
  }
  return best;
}

function scoreFrom(wanted: string, haystack: string, from: number): number | undefined {
  let score = 0;
  let last = -2;
  let at = from;
  for (const letter of wanted) {
    at = haystack.indexOf(letter, at);
    if (at < 0) return undefined;
    if (at === 0 || haystack[at - 1] === ' ') score += START;
    if (at === last + 1) score += ADJACENT;
    last = at;
    at += 1;
  }
  return score - (last - from) / 100;
}
