/** A disk that never answers: found within 15 s, and nobody waits for it for ever. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type JournalRecord, mono, seq, wall } from '../../src/engine/index.ts';
import type { JournalAnswer } from '../../src/engine/ports.ts';
import { illsOf } from '../../src/runtime/health.ts';
import { openJournal } from '../../src/runtime/journal.ts';
import { GENESIS } from '../../src/runtime/journal-rows.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A writer that takes every call and says nothing. */
const DEAF = "require('node:worker_threads').parentPort.on('message', () => undefined);";
const NOTE: JournalRecord = { kind: 'note', text: 'x' };

it('is red within 15 s, a fault of the journal, and lets everybody go (F85 F122)', async () => {
  const clock = createVirtualClock(wall(1_000_000));
  const answers: JournalAnswer[] = [];
  const journal = openJournal({
    file: join(tempDir(), 'journal.db'),
    head: GENESIS,
    writer: { url: new URL(`data:text/javascript,${encodeURIComponent(asModule(DEAF))}`) },
    after: (delayMs, callback) => clock.after(delayMs, callback),
    now: () => clock.mono(),
    onAnswer: (answer) => answers.push(answer),
  });
  const ills = () =>
    illsOf({
      quietFor: () => 0,
      journalWaitsFor: () => journal.waitsFor(),
      journalBroken: () => journal.broken(),
    });
  clock.advanceBy(3_000);
  journal.append({ seq: seq(1), mono: mono(1), wall: wall(1), event: { type: 'clock' } });
  journal.record(seq(1), NOTE, true);
  const settled = journal.settled();
  clock.advanceBy(2_000);
  expect(ills()).toEqual([]);
  clock.advanceBy(13_000);
  expect(ills()).toEqual(['the journal does not write']);
  expect(answers.map((one) => one.type)).toEqual(['fault']);
  await settled;
  await journal.close({} as Parameters<typeof journal.close>[0], 'test');
});

const asModule = (text: string): string =>
  `import { createRequire } from 'node:module'; const require = createRequire('/'); ${text}`;
