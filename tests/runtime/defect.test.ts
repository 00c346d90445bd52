/**
 * An input that breaks the engine: the run stops, says why, and does not stop the next start.
 * Deliberately with an input no broker sends: instrument facts before a run has started.
 */
import { describe, expect, it } from 'vitest';
import {
  generation,
  type JournalRecord,
  LIMITS,
  mono,
  type Stamped,
  seq,
  wall,
} from '../../src/engine/index.ts';
import { initialState } from '../../src/engine/state.ts';
import { createLoop, defectIn, never } from '../../src/runtime/loop.ts';
import { JournalDamaged, recover } from '../../src/runtime/recovery.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { CONFIG, FCPO, MORNING } from '../support/engine.ts';
import { freshFile, IDENTITY, openAt } from './journal-desk.ts';

const POISON = { type: 'instrument', instrument: FCPO, generation: generation(1) } as const;
const STARTED = { type: 'started', runId: 'r', config: CONFIG, version: 'v' } as const;
const LINK = { type: 'link', state: 'CONNECTING', generation: generation(1) } as const;

function loopWith(journal: {
  append(input: Stamped): void;
  record(at: number, record: JournalRecord): void;
}) {
  const defects: unknown[] = [];
  const loop = createLoop({
    state: initialState(),
    clock: createVirtualClock(wall(MORNING)),
    monoBase: mono(0),
    journal,
    hands: {
      transmit: () => undefined,
      query: () => undefined,
      subscribe: () => undefined,
      alert: () => undefined,
    },
    schedule: never,
    onChange: () => undefined,
    onDefect: (error) => defects.push(error),
  });
  return { loop, defects };
}

const at = (number: number, event: Stamped['event']): Stamped => ({
  seq: seq(number),
  mono: mono(number),
  wall: wall(MORNING + number),
  event,
});
const NOTE: JournalRecord = { kind: 'note', text: 'defect: planted' };

describe('a defect', () => {
  it('is in the journal after the input that showed it, and nothing follows (F124)', () => {
    const rows: unknown[] = [];
    const { loop, defects } = loopWith({
      append: (input) => rows.push(input.event.type),
      record: (number, record) => rows.push([number, defectIn(record)]),
    });
    loop.post(POISON);
    loop.post(STARTED);
    loop.turn();
    loop.post(LINK);
    loop.turn();
    expect(rows).toEqual(['instrument', [1, expect.stringContaining('before the run')]]);
    expect(defects).toHaveLength(1);
  });

  it.each([
    ['noted', [at(1, POISON), NOTE, at(2, STARTED), at(3, LINK)]],
    ['the last input of a run that died', [at(1, POISON), at(2, STARTED), at(3, LINK)]],
    ['the very last input', [at(1, STARTED), at(2, LINK), at(3, stranger())]],
  ])('does not stop the next start when it is %s', async (_, rows) => {
    const file = freshFile();
    const { journal } = await openAt(file);
    fill(journal, rows);
    await journal.settled();
    const back = await recover(file, IDENTITY);
    expect(back?.defect).toBeDefined();
    expect(back?.state.at.seq).toBe(3);
    expect(back?.state.core.config).toEqual(CONFIG);
    expect(back?.state.core.link.state).toBe('CONNECTING');
    await journal.close(initialState(), 'test');
  });

  it('that did not stop the former run is damage, not a defect (F91)', async () => {
    const file = freshFile();
    const { journal } = await openAt(file);
    fill(journal, [at(1, POISON), at(2, LINK), at(3, STARTED)]);
    await journal.settled();
    await expect(recover(file, IDENTITY)).rejects.toThrow(JournalDamaged);
    await expect(recover(file, IDENTITY)).rejects.toThrow(/cannot be replayed at input 1/);
    await journal.close(initialState(), 'test');
  });
});

/** An event of no known type. */
function stranger(): Stamped['event'] {
  return { type: 'stranger' } as never;
}

function fill(
  journal: Awaited<ReturnType<typeof openAt>>['journal'],
  rows: readonly (Stamped | JournalRecord)[],
): void {
  let last = seq(0);
  for (const row of rows) {
    if ('event' in row) {
      last = row.seq;
      journal.append(row);
    } else {
      journal.record(last, row, false);
    }
  }
  // Something to wait for.
  journal.record(last, { kind: 'note', text: 'end' }, false);
}

describe('a crowded inbox', () => {
  it('keeps every execution event and drops what the next one repeats (I27)', () => {
    const types: string[] = [];
    const { loop, defects } = loopWith({
      append: (input) => types.push(input.event.type),
      record: () => undefined,
    });
    loop.post(STARTED);
    for (let index = 0; index < LIMITS.inbox + 500; index += 1) {
      loop.post({ type: 'sent', generation: generation(1), requestId: `r${index}` });
    }
    loop.post({ type: 'sentiment', reading: undefined });
    while (loop.turn());
    expect(types.filter((type) => type === 'sent')).toHaveLength(LIMITS.inbox + 500);
    expect(types.filter((type) => type === 'sentiment')).toHaveLength(0);
    expect(types.filter((type) => type === 'journalFault')).toHaveLength(1);
    expect(loop.state().core.breakers.PERSISTENCE.tripped).toBe(true);
    expect(defects).toEqual([]);
  });

  it('has a hard end, at which the engine stops instead of growing (I27 I28)', () => {
    const { loop, defects } = loopWith({ append: () => undefined, record: () => undefined });
    for (let index = 0; index < 3 * LIMITS.inbox; index += 1) {
      loop.post({ type: 'sent', generation: generation(1), requestId: `r${index}` });
    }
    expect(defects).toHaveLength(1);
    expect(loop.turn()).toBe(false);
  });
});
