/** A journal file with the writer running from source, for tests. */
import { join } from 'node:path';
import type { JournalAnswer } from '../../src/engine/ports.ts';
import { type FileJournal, openJournal, prepareJournal } from '../../src/runtime/journal.ts';
import { GENESIS, type Head } from '../../src/runtime/journal-rows.ts';

export const IDENTITY = { environment: 'sim', account: '7000007', mode: 'dry-run' };

export const WRITER = { url: new URL('./journal-writer.mjs', import.meta.url) };

export const afterReal = (delayMs: number, callback: () => void) => {
  const timer = setTimeout(callback, delayMs);
  return { cancel: () => clearTimeout(timer) };
};

export async function journalIn(
  directory: string,
  onAnswer: (answer: JournalAnswer) => void = () => undefined,
  head: Head = GENESIS,
): Promise<{ file: string; journal: FileJournal }> {
  const file = join(directory, 'journal.db');
  await prepareJournal(file, IDENTITY);
  return { file, journal: openJournal({ file, head, writer: WRITER, onAnswer, after: afterReal }) };
}
