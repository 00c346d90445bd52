/**
 * The journal of backtests against the one on disk; and a whole morning under the pacer with disks
 * of different speed, which must leave identical journals.
 */
import { describe, expect, it } from 'vitest';
import { type Event, mono, seq, wall } from '../../src/engine/index.ts';
import type { JournalAnswer } from '../../src/engine/ports.ts';
import { digest, initialState } from '../../src/engine/state.ts';
import { createLoop, never } from '../../src/runtime/loop.ts';
import { createMemoryJournal } from '../../src/runtime/memory-journal.ts';
import { createPacer } from '../../src/runtime/pacer.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { MORNING } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { after, freshFile, journaled, morning, openAt, write } from './journal-desk.ts';

const day = morning();
const NOTE = { kind: 'note', text: 'x' } as const;
/** What came from outside: the loop adds the clock, the journal its answers. */
const outside = day.inputs.filter(
  ({ event }) => event.type !== 'clock' && event.type !== 'durable',
);

/** The morning under the pacer, with a disk that takes its time. */
async function paced(delayMs: () => number) {
  const time = createVirtualClock(wall(MORNING));
  const journal = createMemoryJournal({
    onAnswer: (answer) => loop.post(eventOf(answer)),
    answers: { delayMs, after },
    keeps: true,
  });
  const loop = createLoop({
    state: initialState(),
    clock: time,
    monoBase: mono(0),
    journal,
    schedule: never,
    hands: {
      transmit: () => undefined,
      query: () => undefined,
      subscribe: () => undefined,
      alert: () => undefined,
    },
    onChange: () => undefined,
    onDefect: (error) => {
      throw error;
    },
  });
  for (const input of outside) time.after(input.mono, () => loop.post(input.event));
  await new Promise<void>((resolve, reject) => {
    const pacer = createPacer({
      time,
      loop,
      journal,
      speed: 1e9,
      idle: () => false,
      idleFactor: 60,
      until: wall(day.now),
      onEnd: resolve,
      onDefect: reject,
    });
    loop.start();
    pacer.start();
  });
  loop.stop();
  return { head: journal.head(), state: loop.state(), rows: journal.rows() };
}

const eventOf = (answer: JournalAnswer): Event =>
  answer.type === 'durable' ? answer : { type: 'journalFault', reason: answer.reason };

describe('memory journal', () => {
  it('has the same head as the file for the same inputs', async () => {
    const inputs = journaled(day).slice(0, 200);
    const memory = createMemoryJournal({
      onAnswer: () => undefined,
      answers: 'at once',
      keeps: true,
    });
    const { journal } = await openAt(freshFile());
    write(memory, inputs);
    const state = write(journal, inputs);
    await journal.settled();
    await journal.close(state, 'stopped');
    expect(memory.head()).toEqual(journal.head());
  });

  it('answers on demand, in order, and nothing after a fault', async () => {
    const answers: JournalAnswer[] = [];
    const memory = createMemoryJournal({
      onAnswer: (answer) => answers.push(answer),
      answers: 'on demand',
      keeps: false,
    });
    memory.record(seq(1), NOTE, true);
    memory.record(seq(2), NOTE, true);
    expect(memory.pending()).toBe(true);
    memory.answerAll();
    memory.record(seq(3), NOTE, true);
    memory.fail('planted');
    memory.answerAll();
    await memory.settled();
    expect(answers.map((one) => (one.type === 'durable' ? one.upTo : one.type))).toEqual([
      1,
      2,
      'fault',
    ]);
    expect(memory.pending()).toBe(false);
  });
});

describe('a paced morning', () => {
  it('leaves the same journal whatever the disk does (A10 I30)', async () => {
    const prng = createPrng(process.env['SEED'] ?? '30').stream('disk');
    const quick = await paced(() => 0);
    const slow = await paced(() => 15);
    const moody = await paced(() => Math.floor(prng.uniform() * 30));
    const durable = quick.rows.filter((row) => row.payload.startsWith('{"type":"durable"'));
    expect(durable.length).toBeGreaterThan(1);
    expect(quick.state.core.positions).toHaveLength(1);
    expect(slow.head).toEqual(quick.head);
    expect(moody.head).toEqual(quick.head);
    expect(digest(moody.state)).toBe(digest(quick.state));
  });

  it('hears a command at once, however slowly the market moves', async () => {
    const time = createVirtualClock(wall(MORNING));
    time.after(3_600_000, () => undefined);
    const inbox: string[] = [];
    const heard: string[] = [];
    const pacer = createPacer({
      time,
      loop: {
        waits: () => inbox.length > 0,
        turn: () => {
          heard.push(...inbox.splice(0));
          return false;
        },
      },
      journal: { pending: () => false, settled: () => Promise.resolve() },
      speed: 0.001,
      idle: () => false,
      idleFactor: 60,
      until: undefined,
      onEnd: () => undefined,
      onDefect: () => undefined,
    });
    pacer.start();
    inbox.push('close');
    await waitFor('the command', () => heard.length > 0);
    expect(heard).toEqual(['close']);
    expect(time.mono()).toBe(0);
    await pacer.stop();
  });
});
