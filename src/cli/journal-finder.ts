/**
 * Finds the journal a verb means: a named file, or the newest one below the data directory.
 * Deliberately creates nothing and opens nothing: without a journal there is a sentence.
 */
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface JournalWish {
  /** The file itself; then nothing is looked for. */
  readonly file: string | undefined;
  readonly environment: string | undefined;
  readonly account: string | undefined;
  readonly mode: string | undefined;
  readonly dataDir: string;
}

export type FoundJournal =
  | { readonly status: 'found'; readonly file: string; readonly others: number }
  | { readonly status: 'none'; readonly sentence: string };

const PLACE = /^(sim|demo|live)-(.+?)-(dry-run|live|backtest)$/;

/** The journal that was written last among those that fit. */
export function findJournal(wish: JournalWish): FoundJournal {
  if (wish.file !== undefined) {
    if (existsSync(wish.file)) return { status: 'found', file: wish.file, others: 0 };
    return { status: 'none', sentence: `There is no file ${wish.file}.` };
  }
  const found = namesIn(wish.dataDir)
    .filter((name) => fits(name, wish))
    .map((name) => join(wish.dataDir, name, 'journal.db'))
    .filter((file) => existsSync(file))
    .sort((a, b) => writtenAt(b) - writtenAt(a) || (a < b ? -1 : 1));
  const [file] = found;
  if (file !== undefined) return { status: 'found', file, others: found.length - 1 };
  const closed = namesIn(wish.dataDir)
    .filter((name) => fits(name, wish))
    .map((name) => join(wish.dataDir, name))
    .find((directory) => !isOpen(directory));
  if (closed !== undefined) {
    const sentence = `${closed} cannot be read by this user: run as its owner, or name --journal.`;
    return { status: 'none', sentence };
  }
  const { environment, account, mode } = wish;
  const limits = [environment, account, mode].filter((text) => text !== undefined).join(' ');
  const meant = limits === '' ? '' : ` for ${limits}`;
  const sentence =
    `There is no journal${meant} below ${wish.dataDir}: start palm-oil-tui run first, or name ` +
    'its --data-dir or --journal.';
  return { status: 'none', sentence };
}

function isOpen(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function fits(name: string, { environment, account, mode }: JournalWish): boolean {
  const parts = PLACE.exec(name);
  if (parts === null) return false;
  const wanted = [environment, account, mode];
  return wanted.every((text, index) => text === undefined || parts[index + 1] === text);
}

/** Rows go to the side file first. */
const writtenAt = (file: string): number =>
  Math.max(
    ...[file, `${file}-wal`].map((name) => statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
