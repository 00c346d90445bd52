/**
 * The panic ladder as a dialog: each rung, what it does, what is proven and what is still open.
 * Deliberately drawn from the newest snapshot: it goes on telling after the word was typed.
 */
import { RUNGS, type Rung, type Snapshot } from '../../engine/index.ts';
import { rungWords } from '../ladder.ts';
import { type Area, type Line, sentence, span } from '../lines.ts';
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
  const roomy = area.height >= ROOMY;
  const ends: readonly Line[] = [
    ui.role === 'observer'
      ? [span('warn', 'This screen only watches.')]
      : [span('dim', 'word of a rung: '), span('strong', `${typed}_`)],
    keysLine(['Enter', 'does it'], ['Esc', 'closes']),
  ];
  // Every rung stays in sight: what it does leaves first, then all but its first proof.
  const room = area.height - ends.length;
  const forms = RUNG_FORMS.map((form) => RUNGS.flatMap((rung) => form(rung, snapshot, area)));
  const rungs = forms.find((lines) => lines.length <= room) ?? forms[forms.length - 1] ?? [];
  return {
    title: 'Panic ladder',
    alarming: true,
    lines: [
      ...(roomy && rungs === forms[0] ? [...intro, gap] : []),
      ...rungs,
      ...(roomy ? session : []),
      ...(roomy ? [gap] : []),
      ...ends,
    ],
  };
}

/** Most sentences of proof a rung may take; how many more there are is said. */
const SAID_MAX = 3;

type RungForm = (rung: Rung, snapshot: Snapshot, area: Area) => readonly Line[];

function rungHead(rung: Rung, isOpen: boolean, { look: { glyphs } }: Area): Line {
  return [
    isOpen ? span('warn', `${glyphs.dot} `) : span('good', `${glyphs.yes} `),
    span('focus', fitWords(rung, WORD_CELLS)),
  ];
}

const rungLines =
  (withDoes: boolean): RungForm =>
  (rung, snapshot, area) => {
    const { does, proven, open } = rungWords(rung, snapshot);
    const cells = WORD_CELLS + 2;
    const room = area.width - cells;
    const said = (sentences: readonly string[], label: string, role: 'good' | 'warn') => {
      const shown = sentences.slice(0, SAID_MAX).map((one) => `${label}: ${one}`);
      const more = sentences.length - SAID_MAX;
      if (more > 0) shown.push(`and ${more} more`);
      return shown.flatMap((one) => words(one, room, role));
    };
    return hanging(rungHead(rung, open.length > 0, area), cells, [
      ...(withDoes ? words(does, room) : []),
      ...said(proven, 'proven', 'good'),
      ...said(open, 'not yet', 'warn'),
    ]);
  };

/** One row: the first thing still open, or the first that is proven. */
const rungRow: RungForm = (rung, snapshot, area) => {
  const { proven, open } = rungWords(rung, snapshot);
  const [first] = open;
  const text = first === undefined ? `proven: ${proven[0] ?? ''}` : `not yet: ${first}`;
  const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
  const room = area.width - WORD_CELLS - 2 - more.length;
  const role = first === undefined ? 'good' : 'warn';
  const said = [...sentence(role, text, room), span(role, more)];
  return [[...rungHead(rung, open.length > 0, area), ...said]];
};

const RUNG_FORMS: readonly RungForm[] = [rungLines(true), rungLines(false), rungRow];
