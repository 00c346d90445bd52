/**
 * A process that holds the lock, writes a journal without end and says what was acknowledged.
 * Deliberately has no way to stop: tests kill it.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type JournalRecord, mono, type Stamped, seq, wall } from '../../src/engine/index.ts';
import { openJournal, prepareJournal } from '../../src/runtime/journal.ts';
import { GENESIS } from '../../src/runtime/journal-rows.ts';
import { lockInstance } from '../../src/runtime/process.ts';
import { recover } from '../../src/runtime/recovery.ts';

const [directory = '', writer = '', account = ''] = process.argv.slice(2);
const file = join(directory, 'journal.db');
const identity = { environment: 'sim', account, mode: 'dry-run' };

const lock = await lockInstance(join(directory, 'engine.lock')).catch((error: unknown) => {
  process.stdout.write(`refused ${error instanceof Error ? error.name : ''}\n`);
  process.exit(75);
});
const recovered = await recover(file, identity);
await prepareJournal(file, identity);
const note: JournalRecord = { kind: 'note', text: 'x'.repeat(300) };
let next = recovered?.state.at.seq ?? 0;

const journal = openJournal({
  file,
  head: recovered?.head ?? GENESIS,
  writer: { url: pathToFileURL(writer) },
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  onAnswer: (answer) => {
    process.stdout.write(`${answer.type} ${answer.type === 'durable' ? answer.upTo : ''}\n`);
    write();
  },
});

/** A few rows nobody waits for, then one that somebody does. */
function write(): void {
  for (let index = 0; index < 4; index += 1) {
    next += 1;
    const event = { type: 'sentiment', reading: undefined } as const;
    const input: Stamped = { seq: seq(next), mono: mono(next), wall: wall(next), event };
    journal.append(input);
  }
  journal.record(seq(next), note, true);
}

process.stdout.write('locked\n');
write();
process.on('exit', () => lock.release());
