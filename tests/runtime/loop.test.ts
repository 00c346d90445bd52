/** The loop with a hand-moved clock and a journal that listens. */
import { describe, expect, it } from 'vitest';
import {
  type Event,
  generation,
  instrumentId,
  type JournalRecord,
  LIMITS,
  mono,
  price,
  type Seq,
  type Stamped,
  wall,
} from '../../src/engine/index.ts';
import { initialState } from '../../src/engine/state.ts';
import { createLoop, type LoopParts, never } from '../../src/runtime/loop.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { CONFIG, FCPO, MORNING } from '../support/engine.ts';

function loopBench(fields: Partial<LoopParts> = {}) {
  const clock = createVirtualClock(wall(MORNING));
  const inputs: Stamped[] = [];
  const records: { seq: Seq; record: JournalRecord; barrier: boolean }[] = [];
  const defects: unknown[] = [];
  const loop = createLoop({
    state: initialState(),
    clock,
    monoBase: mono(0),
    journal: {
      append: (input) => inputs.push(input),
      record: (seq, record, barrier) => records.push({ seq, record, barrier }),
    },
    hands: {
      transmit: () => undefined,
      query: () => undefined,
      subscribe: () => undefined,
      alert: () => undefined,
    },
    schedule: never,
    onChange: () => undefined,
    onDefect: (error) => defects.push(error),
    ...fields,
  });
  return { clock, inputs, records, defects, loop };
}

const started: Event = { type: 'started', runId: 'r', config: CONFIG, version: 'v' };
const quote = (bid: number | undefined, ask: number | undefined, time: number): Event => ({
  type: 'quote',
  instrumentId: instrumentId('301'),
  generation: generation(1),
  bid: bid === undefined ? undefined : price(bid),
  ask: ask === undefined ? undefined : price(ask),
  time: wall(time),
  initial: false,
});

describe('loop', () => {
  it('stamps every input with the next number and the time of its turn', () => {
    const { clock, inputs, loop } = loopBench();
    loop.post(started);
    clock.advanceBy(40);
    loop.post({ type: 'link', state: 'CONNECTING', generation: generation(1) });
    loop.turn();
    expect(inputs.map(({ seq, mono: at, wall: on }) => [seq, at, on - MORNING])).toEqual([
      [1, 40, 40],
      [2, 40, 40],
    ]);
  });

  it('journals an input before its records, and a clock only when it changed something', () => {
    const { clock, inputs, records, loop } = loopBench();
    loop.post(started);
    loop.turn();
    loop.start();
    for (let index = 0; index < 20; index += 1) {
      clock.advanceBy(250);
      loop.turn();
    }
    expect(inputs.map((input) => input.event.type)).toEqual(['started']);
    expect(records).toEqual([]);
  });

  it('goes on with the numbers and the time of the run before', () => {
    const state = {
      ...initialState(),
      at: { seq: 7 as Seq, mono: mono(900), wall: wall(MORNING) },
    };
    const { inputs, loop } = loopBench({ state, monoBase: mono(901) });
    loop.post(started);
    loop.turn();
    expect(inputs[0]).toMatchObject({ seq: 8, mono: 901 });
  });

  it('collapses crowded quotes side by side and drops no other event (F81 I27)', () => {
    const { inputs, loop } = loopBench();
    const clocks = LIMITS.inbox / 10;
    for (let index = 0; index < clocks; index += 1) loop.post({ type: 'clock' });
    loop.post(quote(1, undefined, 1));
    for (let index = 2; index < 5_000; index += 1) loop.post(quote(undefined, index, index));
    loop.post({ type: 'instrument', instrument: FCPO, generation: generation(1) });
    while (loop.turn());
    const quotes = inputs.filter((input) => input.event.type === 'quote');
    expect(quotes).toHaveLength(1);
    expect(quotes[0]?.event).toMatchObject({ bid: 1, ask: 4_999 });
    expect(loop.overflows()).toBe(0);
  });

  it('turns an overflow into a fault that stops entries, never into silence (I27)', () => {
    const { inputs, loop } = loopBench();
    loop.post(started);
    for (let index = 0; index < LIMITS.inbox + 5; index += 1) {
      loop.post({ type: 'sent', generation: generation(1), requestId: `r${index}` });
    }
    while (loop.turn());
    expect(loop.overflows()).toBeGreaterThan(0);
    expect(inputs.at(-1)?.event.type).toBe('journalFault');
    expect(loop.state().core.breakers.PERSISTENCE.tripped).toBe(true);
  });

  it('stops for good when a belief is broken, and says so once (F124)', () => {
    const { defects, loop } = loopBench({
      journal: {
        append: () => {
          throw new Error('planted');
        },
        record: () => undefined,
      },
    });
    loop.post(started);
    loop.turn();
    loop.post(started);
    loop.turn();
    expect(defects).toHaveLength(1);
  });

  it('tells that it was late from 200 ms on, and once that it is quick again', () => {
    let now = 0;
    let due: (() => void) | undefined;
    const clock = {
      mono: () => mono(now),
      wall: () => wall(MORNING + now),
      after: (_delayMs: number, callback: () => void) => {
        due = callback;
        return { cancel: () => undefined };
      },
    };
    const { inputs, loop } = loopBench({ clock });
    loop.post(started);
    loop.start();
    for (const late of [0, 199, 200, 5_000, 3, 0]) {
      now += 250 + late;
      due?.();
      while (loop.turn());
    }
    const told = inputs.flatMap(({ event }) => (event.type === 'host' ? [event.loopDelayMs] : []));
    expect(told).toEqual([200, 5_000, 3]);
    expect(loop.state().core.breakers.LOOP.tripped).toBe(true);
  });

  it('is never late in simulated time: the same seed gives the same journal', () => {
    const { clock, inputs, loop } = loopBench();
    loop.post(started);
    loop.start();
    for (let round = 0; round < 50; round += 1) {
      clock.advanceBy(10_000);
      while (loop.turn());
    }
    expect(inputs.filter(({ event }) => event.type === 'host')).toEqual([]);
  });
});
