/**
 * The `replay` verb: a journal's inputs through this version's engine, compared row by row.
 * Deliberately sends and writes nothing: effects are compared and thrown away.
 */
import { verifyReplay } from '../../runtime/journal-replay.ts';
import type { JournalView } from '../../runtime/journal-view.ts';
import { printable } from '../../ui/text.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

/** 0 when all is the same; `persistence` when not, or when the journal cannot be run again. */
export function verifyCommand(view: JournalView, json: boolean, io: Io): number {
  const verdict = verifyReplay(view);
  if (typeof verdict === 'string') {
    io.stderr.write(`palm-oil-tui: The journal cannot be run again: ${verdict}.\n`);
    return EXIT.persistence;
  }
  const { difference = null, ...counts } = verdict;
  const same = difference === null;
  if (json) {
    io.stdout.write(`${JSON.stringify({ same, difference, ...counts }, null, 2)}\n`);
    return same ? EXIT.ok : EXIT.persistence;
  }
  const { inputs, records, decisions, checkpoints, from, digest } = counts;
  const told =
    `${inputs} inputs, ${records} records (${decisions} decisions), ` + `${checkpoints} states`;
  const since = from === 1 ? 'from the first row' : `from row ${from}; prices before are not kept`;
  io.stdout.write(
    same
      ? `same      ${told}, ${since}\ndigest    ${digest}\n`
      : `DIFFERENT ${printable(difference)}\nbefore it ${told}, ${since}\n`,
  );
  return same ? EXIT.ok : EXIT.persistence;
}
