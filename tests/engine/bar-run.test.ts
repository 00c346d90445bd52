/**
 * A stretch of bars as one event is these bars one by one: the same state to the last field, the
 * same records in the same order, wherever the stretch is cut and whatever happens in it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryBars } from '../../src/engine/bar-run.ts';
import type { Effect } from '../../src/engine/effect.ts';
import type { BarRunColumns, BarsEvent } from '../../src/engine/event.ts';
import { type EngineConfig, generation, type Price, wall } from '../../src/engine/index.ts';
import type { EngineState } from '../../src/engine/state.ts';
import { step } from '../../src/engine/step.ts';
import { atOf, barOf } from '../../src/engine/stretch.ts';
import { beginTurn } from '../../src/engine/turn.ts';
import { FCPO } from '../support/engine.ts';
import { EAGER, hold, readyBench } from './desk.ts';

const TIMEFRAME = EAGER.timeframeMs;
const SPREAD = 200_000 as Price;

/** Moves of a bar in whole ringgit from the bid before it, and how many bars it leaves out. */
interface Move {
  readonly gap: number;
  readonly up: number;
  readonly down: number;
  readonly close: number;
  readonly skipped: number;
}

/** Columns that begin with the bar that is forming. */
function columnsFrom(state: EngineState, moves: readonly Move[]): BarRunColumns {
  const { quote, forming } = state.market;
  const count = moves.length;
  const column = () => new Float64Array(count);
  const [start, end, open, high, low, close] = Array.from({ length: 6 }, column) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let time: number = forming?.openTime ?? 0;
  let level: number = quote?.bid ?? 0;
  for (const [at, { gap, up, down, close: by, skipped }] of moves.entries()) {
    if (at > 0) {
      time += (1 + skipped) * TIMEFRAME;
      level = Math.max(100_000, level + gap * 100_000);
    }
    start[at] = time;
    end[at] = time + TIMEFRAME;
    open[at] = level;
    const closes = Math.max(100_000, level + by * 100_000);
    high[at] = Math.max(level, closes) + up * 100_000;
    low[at] = Math.max(100_000, Math.min(level, closes) - down * 100_000);
    close[at] = closes;
    level = closes;
  }
  return { start, end, open, high, low, close };
}

const eventOf = (state: EngineState, columns: BarRunColumns): BarsEvent => ({
  type: 'bars',
  instrumentId: FCPO.id,
  generation: state.core.link.generation,
  spread: SPREAD,
  from: 0,
  to: columns.start.length - 1,
  first: state.core.positions[0]?.side === 'sell' ? 'high' : 'low',
  columns,
});

/** The stamp of the first bar. */
function stampOf(state: EngineState, event: BarsEvent): EngineState['at'] {
  const { seq, mono, wall } = state.at;
  const before = { seq, mono, wall };
  const at = atOf(event, event.from, before);
  return { ...at, seq: (seq + 1) as typeof seq };
}

interface Told {
  readonly state: EngineState;
  readonly effects: readonly Effect[];
}

/** What the hands get of them: decisions told together are the records of each. */
const handed = (effects: readonly Effect[]): readonly Effect[] =>
  effects.flatMap((effect): readonly Effect[] => {
    if (effect.type !== 'decisions') return [effect];
    const { decisions } = effect;
    const made = Array.from({ length: decisions.count }, (_, nth) => decisions.at(nth));
    for (const { gate, count } of decisions.blockedBy) {
      expect([gate, made.filter(({ blockedBy = 'none' }) => blockedBy === gate).length]).toEqual([
        gate,
        count,
      ]);
    }
    return made.map((decision) => {
      const record = { kind: 'decision', decision } as const;
      return { type: 'record', record, barrier: false };
    });
  });

function oneByOne(state: EngineState, event: BarsEvent): Told {
  const first = stampOf(state, event);
  const effects: Effect[] = [];
  let now = state;
  for (let bar = event.from; bar < event.to; bar += 1) {
    const [next, more] = step(now, { ...atOf(event, bar, first), event: barOf(event, bar) });
    now = next;
    effects.push(...handed(more));
  }
  return { state: now, effects };
}

/** In pieces of at most these lengths; a piece that ends early goes on where it ended. */
function inPieces(state: EngineState, event: BarsEvent, lengths: readonly number[]): Told {
  const effects: Effect[] = [];
  let now = state;
  let from = event.from;
  for (let piece = 0; from < event.to; piece += 1) {
    const to = Math.min(event.to, from + (lengths[piece % lengths.length] ?? 1));
    const part = { ...event, from, to };
    const before = now.at.seq;
    const [next, more] = step(now, { ...stampOf(now, part), event: part });
    now = next;
    effects.push(...handed(more));
    from += now.at.seq - before;
  }
  return { state: now, effects };
}

const QUIET: Move = { gap: 0, up: 1, down: 1, close: 0, skipped: 0 };
const swing = (at: number): Move => ({ ...QUIET, close: [1, -2, 2, -1][at % 4] ?? 0 });

/** Warm indicators, a full sample of spreads and no breaker tripped. */
function warmed(state: EngineState): EngineState {
  const moves = Array.from({ length: 60 }, (_, at) => swing(at));
  return oneByOne(state, eventOf(state, columnsFrom(state, moves))).state;
}

function begun(config: EngineConfig, level = 4_600): EngineState {
  const bench = readyBench(config);
  bench.bar(level);
  return warmed(bench.state);
}

/** With windows without entries ahead, one after the other. */
function announced(config: EngineConfig): EngineState {
  const bench = readyBench(config);
  bench.bar(4_600);
  const now = bench.state.at.wall;
  const events = [70, 75, 120].map((bar) => ({
    ...{ name: 'report', at: wall(now + bar * TIMEFRAME) },
    ...{ from: wall(now + (bar - 3) * TIMEFRAME), to: wall(now + (bar + 4) * TIMEFRAME) },
  }));
  const until = wall(now + 200 * TIMEFRAME);
  bench.feed({ type: 'schedule', windows: 'on', events, until });
  return warmed(bench.state);
}

function held(config: EngineConfig): EngineState {
  const bench = hold(config);
  bench.bar(4_600);
  return warmed(bench.state);
}

const CALM: EngineConfig = { ...EAGER, rsiOversold: 30, rsiOverbought: 70 };
const STATES: readonly (readonly [string, EngineState])[] = [
  ['nothing held', begun(CALM)],
  ['signals against the trend', begun({ ...CALM, rsiOversold: 48, rsiOverbought: 52 })],
  ['news required and missing', begun({ ...CALM, rsiOversold: 45, sentimentMode: 'required' })],
  ['an account too small for a volume', begun({ ...CALM, rsiOversold: 45, riskBps: 1 })],
  [
    'an entry that costs too much at some prices only',
    begun({ ...CALM, rsiOversold: 48, rsiOverbought: 52, riskBps: 14, trendFilter: false }, 4_666),
  ],
  [
    'no slot, and a spread that fits at some prices only',
    begun(
      {
        ...CALM,
        ...{ rsiOversold: 48, rsiOverbought: 52, maxPositions: 0 },
        spreadMaxBps: 4,
        trendFilter: false,
      },
      5_000,
    ),
  ],
  ['windows around events', announced({ ...CALM, rsiOversold: 45 })],
  ['a position', held(EAGER)],
  [
    'a position that a small fall makes the loss of the day',
    held({ ...EAGER, maxDailyLossBps: 20 }),
  ],
  ['a position that costs the day', held({ ...EAGER, maxDailyLossBps: 150 })],
];

/** All of it as JSON tells it: promised bars and decisions are made. */
const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const small = fc.record({
  gap: fc.constantFrom(0, 0, 0, 0, 1, -1),
  up: fc.integer({ min: 0, max: 3 }),
  down: fc.integer({ min: 0, max: 3 }),
  close: fc.integer({ min: -4, max: 4 }),
  skipped: fc.constant(0),
});
const wild = fc.record({
  gap: fc.integer({ min: -60, max: 60 }),
  up: fc.integer({ min: 0, max: 40 }),
  down: fc.integer({ min: 0, max: 40 }),
  close: fc.integer({ min: -300, max: 300 }),
  skipped: fc.constantFrom(0, 0, 1, 5, 40, 300),
});
const paused = fc.record({
  gap: fc.integer({ min: -9, max: 9 }),
  up: fc.integer({ min: 0, max: 3 }),
  down: fc.integer({ min: 0, max: 3 }),
  close: fc.integer({ min: -4, max: 4 }),
  skipped: fc.constantFrom(1, 2, 3, 5),
});
const histories = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: small },
    { weight: 1, arbitrary: wild },
    { weight: 2, arbitrary: paused },
  ),
  {
    minLength: 2,
    maxLength: 120,
  },
);
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });

describe('a stretch of bars as one event', () => {
  it.each(STATES)('is its bars one by one: %s (A1 I31)', (_name, state) => {
    fc.assert(
      fc.property(histories, cuts, (moves, lengths) => {
        const event = eventOf(state, columnsFrom(state, moves));
        expect(told(inPieces(state, event, lengths))).toEqual(told(oneByOne(state, event)));
      }),
      { numRuns: 40 },
    );
  });

  it.each(STATES.filter(([name]) => !name.includes('costs')))(
    'is carried whole where it is quiet: %s',
    (_name, state) => {
      const moves = Array.from({ length: 12 }, (_, at) => swing(at));
      const event = eventOf(state, columnsFrom(state, moves));
      const first = stampOf(state, event);
      expect(carryBars(beginTurn(state, first), event, 0, first)).toBe(event.to);
    },
  );

  it('ends with the bar that calls for an order, which waits for the journal (A5)', () => {
    const state = begun({ ...CALM, rsiOversold: 40, trendFilter: false });
    const falls = Array.from({ length: 30 }, (_, at) => ({ ...swing(at), close: -(at % 3) }));
    const event = eventOf(state, columnsFrom(state, falls));
    const [next, effects] = step(state, { ...stampOf(state, event), event });
    const taken = next.at.seq - state.at.seq;
    expect(taken).toBeLessThan(event.to);
    expect(next.core.orders.at(-1)).toMatchObject({ state: 'INTENT', barrier: next.at.seq });
    expect(effects.filter((one) => one.type === 'record' && one.barrier)).toHaveLength(1);
    expect(next.market.barCount).toBe(state.market.barCount + taken);
  });

  it('of another connection is not heard (F25)', () => {
    const [, state] = STATES[0] as (typeof STATES)[number];
    const moves = Array.from({ length: 12 }, (_, at) => swing(at));
    const event = { ...eventOf(state, columnsFrom(state, moves)), generation: generation(9) };
    const [next, effects] = step(state, { ...stampOf(state, event), event });
    expect(next.market).toBe(state.market);
    expect(effects).toEqual([]);
  });

  it('leaves the state it began with as it was (A1)', () => {
    const [, state] = STATES[0] as (typeof STATES)[number];
    const copy = structuredClone(state);
    const moves = Array.from({ length: 40 }, (_, at) => swing(at));
    const event = eventOf(state, columnsFrom(state, moves));
    step(state, { ...stampOf(state, event), event });
    expect(state).toEqual(copy);
  });
});
