/** The comparison with paper: sums that follow their pairs, bounded, and nothing decided by it. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/engine/config.ts';
import { clientOrderId, money, type ShadowEvent } from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { digest } from '../../src/engine/state.ts';
import { volume, wall } from '../../src/engine/units.ts';
import { type EngineBench, MORNING, ringgit } from '../support/engine.ts';
import { EAGER, hold, readyBench } from './desk.ts';

const LIVE = { ...EAGER, mode: 'live' } as const;
const leg = (fields: Partial<ShadowEvent['real']> = {}): ShadowEvent['real'] => ({
  state: 'open',
  filled: volume(2_500),
  entry: ringgit(4_000),
  net: money(0),
  ...fields,
});
const event = (fields: Partial<ShadowEvent> = {}): ShadowEvent => ({
  type: 'shadow',
  id: clientOrderId('c-1'),
  side: 'buy',
  real: leg(),
  paper: leg(),
  ...fields,
});
const ended = (exit: number, net: number, entry = 4_000) =>
  leg({
    state: 'closed',
    entry: ringgit(entry),
    exit: ringgit(exit),
    exitAt: wall(MORNING),
    net: money(net),
  });
const shown = ({ state }: EngineBench) => snapshot(state, state.at).shadow;

describe('the comparison with paper', () => {
  it('is absent until there is something to compare', () => {
    expect(shown(readyBench(LIVE))).toBeUndefined();
  });

  it('sums slippage in ticks and money, and the difference of the results', () => {
    const bench = readyBench(LIVE);
    bench.feed(event({ real: leg({ entry: ringgit(4_002) }) }));
    expect(shown(bench)).toMatchObject({ entryTicks: 2, exitTicks: 0, slippage: 5_000 });
    bench.feed(event({ real: ended(4_009, 17_500, 4_002), paper: ended(4_010, 25_000) }));
    expect(shown(bench)).toMatchObject({
      entryTicks: 2,
      exitTicks: 1,
      slippage: 7_500,
      divergence: -7_500,
      compared: 1,
    });
  });

  it('a sale is worse at a lower price', () => {
    const bench = readyBench(LIVE);
    bench.feed(event({ side: 'sell', real: leg({ entry: ringgit(3_999) }) }));
    expect(shown(bench)).toMatchObject({ entryTicks: 1 });
  });

  it('counts fills of one side alone', () => {
    const bench = readyBench(LIVE);
    const none = { state: 'none', filled: volume(0), net: money(0) } as const;
    bench.feed(event({ real: none }));
    bench.feed(event({ id: clientOrderId('c-2'), paper: none }));
    expect(shown(bench)).toMatchObject({ missing: 1, extra: 1, compared: 0, divergence: 0 });
  });

  it('keeps the last pairs only, and every sum', () => {
    const bench = readyBench(LIVE);
    for (let at = 0; at < LIMITS.shadowPairs + 5; at += 1) {
      const id = clientOrderId(`c-${at}`);
      bench.feed(event({ id, real: ended(4_009, 1), paper: ended(4_009, 2) }));
    }
    expect(shown(bench)?.pairs).toHaveLength(LIMITS.shadowPairs);
    expect(shown(bench)?.compared).toBe(LIMITS.shadowPairs + 5);
  });

  it('changes no decision: the digest is the same with and without it (A10)', () => {
    const day = (told: boolean): string => {
      const bench = hold();
      if (told) bench.feed(event({ real: ended(3_000, -900_000), paper: ended(4_010, 1) }));
      bench.wait(600_000);
      return digest(bench.state);
    };
    expect(day(true)).toBe(day(false));
  });
});
