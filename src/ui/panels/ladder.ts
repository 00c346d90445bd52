/**
 * The panic ladder as a dialog: each rung, what it does, what is proven and what is still open.
 * Deliberately drawn from the newest snapshot: it goes on telling after the word was typed.
 */
import { RUNGS, type Rung, type Snapshot } from '../../engine/index.ts';
import { rungWords } from '../ladder.ts';
import { type Area, type Line, span } from '../lines.ts';
import { modeWords } from '../look.ts';
import { fitWords } from '../text.ts';
import type { Dialog, UiState } from '../ui-state.ts';
import { type Box, gap, hanging, keysLine, words } from './box.ts';

const WORD_CELLS = 10;
/** Rows below which the explaining sentences leave. */
const ROOMY = 16;

export function ladderBox(
  { typed }: Extract<Dialog, { type: 'ladder' }>,
  snapshot: Snapshot,
  ui: UiState,
  area: Area,
): Box {
  const where = modeWords(snapshot.environment, snapshot.mode);
  const session =
    snapshot.session.state === 'closed'
      ? words('The session is closed: the broker may refuse to close until it opens.', area.width)
      : [];
  const intro = words(`In ${where}. A rung does all above it as well.`, area.width, 'dim');
  const rungs = RUNGS.flatMap((rung) => rungLines(rung, snapshot, area));
  const roomy = area.height >= ROOMY;
  return {
    title: 'Panic ladder',
    alarming: true,
    lines: [
      ...(roomy ? [...intro, gap] : []),
      ...rungs,
      ...(roomy ? session : []),
      ...(roomy ? [gap] : []),
      ui.role === 'observer'
        ? [span('warn', 'This screen only watches.')]
        : [span('dim', 'word of a rung: '), span('strong', `${typed}_`)],
      keysLine(['Enter', 'does it'], ['Esc', 'closes']),
    ],
  };
}

/** Most sentences of proof a rung may take; how many more there are is said. */
const SAID_MAX = 3;

function rungLines(rung: Rung, snapshot: Snapshot, area: Area): readonly Line[] {
  const { does, proven, open } = rungWords(rung, snapshot);
  const { glyphs } = area.look;
  const holds = open.length === 0;
  const head: Line = [
    holds ? span('good', `${glyphs.yes} `) : span('warn', `${glyphs.dot} `),
    span('focus', fitWords(rung, WORD_CELLS)),
  ];
  const cells = WORD_CELLS + 2;
  const room = area.width - cells;
  const said = (sentences: readonly string[], label: string, role: 'good' | 'warn') => {
    const shown = sentences.slice(0, SAID_MAX).map((one) => `${label}: ${one}`);
    const more = sentences.length - SAID_MAX;
    if (more > 0) shown.push(`and ${more} more`);
    return shown.flatMap((one) => words(one, room, role));
  };
  return hanging(head, cells, [
    ...words(does, room),
    ...said(proven, 'proven', 'good'),
    ...said(open, 'not yet', 'warn'),
  ]);
}
