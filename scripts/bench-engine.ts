/**
 * What one quote costs the engine, in nanoseconds: no bar closed, a position open, bars included.
 * Deliberately the real `step` on a warmed-up state; the inputs are made before the clock runs.
 */
import {
  type Account,
  generation,
  mono,
  price,
  type Stamped,
  seq,
  wall,
} from '../src/engine/index.ts';
import { type EngineState, initialState } from '../src/engine/state.ts';
import { step } from '../src/engine/step.ts';
import {
  ACCOUNT,
  brokerPosition,
  CONFIG,
  FCPO,
  MORNING,
  quietBars,
} from '../tests/support/engine.ts';
import type { BenchLine } from './bench-line.ts';

const QUOTES = 20_000;
const ROUNDS = 31;
const TARGET_NS = 500;

type Event = Stamped['event'];
const GENERATION = generation(1);

function run(state: EngineState, inputs: readonly Stamped[]): EngineState {
  let next = state;
  for (const input of inputs) next = step(next, input)[0];
  return next;
}

/** An engine that is READY with full indicators, holding a position or not. */
function warm(holds: boolean): EngineState {
  const account: Account = ACCOUNT;
  const positions = holds ? [brokerPosition()] : [];
  const snapshot = { account, positions, orders: [], deals: [], endedOrders: [] };
  const { timeframeMs } = CONFIG;
  const bars = quietBars(200, 4_600, MORNING, timeframeMs);
  const asOf = wall(MORNING);
  const link = { type: 'link', generation: GENERATION } as const;
  const events: Event[] = [
    { type: 'started', runId: 'bench', config: CONFIG, version: 'bench' },
    { ...link, state: 'SYNCING' },
    { type: 'instrument', instrument: FCPO, generation: GENERATION },
    { type: 'brokerSnapshot', generation: GENERATION, pass: { complete: true, snapshot } },
    { type: 'barsLoaded', instrumentId: FCPO.id, timeframeMs, bars, asOf },
    { ...link, state: 'READY' },
  ];
  const stamped = events.map((event, index) => ({
    seq: seq(index + 1),
    mono: mono(0),
    wall: asOf,
    event,
  }));
  return run(initialState(), stamped);
}

/** A walk of both sides, `strideMs` apart, from the opening on. */
function quotes(count: number, strideMs: number): readonly Stamped[] {
  let level = 4_600;
  let draw = 7;
  return Array.from({ length: count }, (_, index) => {
    draw = (Math.imul(draw, 1_664_525) + 1_013_904_223) >>> 0;
    level += draw >>> 30 === 0 ? 1 : draw >>> 30 === 1 ? -1 : 0;
    const time = wall(MORNING + index * strideMs);
    const event = {
      type: 'quote',
      instrumentId: FCPO.id,
      generation: GENERATION,
      bid: price(level * 100_000),
      ask: price((level + 2) * 100_000),
      time,
      initial: false,
    } as const;
    return { seq: seq(index + 100), mono: mono(index * strideMs), wall: time, event };
  });
}

function medianNanos(state: EngineState, inputs: readonly Stamped[]): number {
  run(state, inputs);
  run(state, inputs);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = process.hrtime.bigint();
    run(state, inputs);
    return Number(process.hrtime.bigint() - began) / inputs.length;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

/** The figures of one quote through `step`; the target is the budget of the architecture. */
export function benchEngine(): BenchLine[] {
  const within = quotes(QUOTES, 10);
  const across = quotes(QUOTES, 300);
  const line = (name: string, value: number): BenchLine => ({
    name,
    value,
    unit: 'ns',
    target: TARGET_NS,
  });
  return [
    line('quote through step', medianNanos(warm(false), within)),
    line('quote with an open position', medianNanos(warm(true), within)),
    line('quote, bars and decisions amortised', medianNanos(warm(false), across)),
  ];
}
