/** A bar as one event is the same as its quotes one by one, whatever the quotes are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotesOf } from '../../src/engine/bar-path.ts';
import type { BarEvent } from '../../src/engine/event.ts';
import { generation, type Mono, type Price, wall } from '../../src/engine/index.ts';
import type { EngineState } from '../../src/engine/state.ts';
import { step } from '../../src/engine/step.ts';
import { type EngineBench, FCPO } from '../support/engine.ts';
import { EAGER, hold, readyBench } from './desk.ts';

const TIMEFRAME = EAGER.timeframeMs;

/** A state in which a quote of the forming bar was just heard. */
function opened(bench: EngineBench): EngineState {
  bench.bar(4_600);
  return bench.state;
}
const READY = opened(readyBench());
const HELD = opened(hold({ ...EAGER, maxDailyLossBps: 150 }));

interface Path {
  readonly bids: readonly [number, number, number, number];
  readonly spread: number;
  readonly hasNext: boolean;
  readonly gapBars: number;
}

function eventOf(state: EngineState, path: Path): { event: BarEvent; at: EngineState['at'] } {
  const { quote, forming } = state.market;
  const from = forming?.openTime ?? wall(0);
  const [first, second, last, next] = path.bids.map((bid) => (bid * 100_000) as Price) as [
    Price,
    Price,
    Price,
    Price,
  ];
  const event: BarEvent = {
    ...{ type: 'bar', instrumentId: FCPO.id, generation: quote?.generation ?? generation(0) },
    ...{ spread: (path.spread * 100_000) as Price, from, stepMs: TIMEFRAME / 4 },
    ...{ open: quote?.bid ?? first, first, second, last },
    next: path.hasNext ? next : undefined,
  };
  const end = path.hasNext ? from + path.gapBars * TIMEFRAME : from + (3 * TIMEFRAME) / 4;
  const mono = (state.at.mono + end - state.at.wall) as Mono;
  return { event, at: { seq: state.at.seq, mono, wall: wall(end) } };
}

/** The same by the ordinary door; the number of the input is that of the bar. */
function oneByOne(state: EngineState, { event, at }: ReturnType<typeof eventOf>) {
  const records: unknown[] = [];
  let now = state;
  for (const quote of quotesOf(event, at)) {
    const mono = (at.mono - (at.wall - quote.time)) as Mono;
    const [next, effects] = step(now, { seq: at.seq, mono, wall: quote.time, event: quote });
    now = next;
    records.push(...effects);
  }
  return { state: { ...now, at }, effects: records };
}

const bid = fc.oneof(fc.integer({ min: 4_560, max: 4_640 }), fc.integer({ min: 0, max: 9_000 }));
const paths = fc.record({
  bids: fc.tuple(bid, bid, bid, bid),
  spread: fc.constantFrom(2, 2, 2, 3, 200, -1),
  hasNext: fc.boolean(),
  gapBars: fc.constantFrom(1, 1, 1, 2, 9, 0),
});

describe('a bar as one event', () => {
  it.each([
    ['with nothing held', READY],
    ['while a position is held (F51)', HELD],
  ])('%s is its quotes one by one (F71 F74 F76)', (_name, state) => {
    fc.assert(
      fc.property(paths, (path) => {
        const input = eventOf(state, path);
        const [whole, effects] = step(state, { ...input.at, event: input.event });
        const single = oneByOne(state, input);
        expect({ state: whole, effects }).toEqual(single);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves the state it began with as it was (A1)', () => {
    const copy = structuredClone(READY);
    const path = {
      bids: [4_590, 4_612, 4_604, 4_605],
      spread: 2,
      hasNext: true,
      gapBars: 1,
    } as const;
    const input = eventOf(READY, path);
    const [next] = step(READY, { ...input.at, event: input.event });
    expect(READY).toEqual(copy);
    expect(next.market.barCount).toBe(READY.market.barCount + 1);
    expect(next.market.quoteCount).toBe(READY.market.quoteCount + 4);
  });

  it('of another connection or instrument is not heard (F25)', () => {
    const path = {
      bids: [4_590, 4_612, 4_604, 4_605],
      spread: 2,
      hasNext: true,
      gapBars: 1,
    } as const;
    const { event, at } = eventOf(READY, path);
    const [next] = step(READY, { ...at, event: { ...event, generation: generation(9) } });
    expect(next.market).toBe(READY.market);
  });
});
