/** Facts from outside: who is believed, what is named, and what a restart forgets. */
import { describe, expect, it } from 'vitest';
import { equityOf, openPnl } from '../../../src/engine/accounting.ts';
import { generation, money, positionId } from '../../../src/engine/index.ts';
import type { EngineBench } from '../../support/engine.ts';
import { hold, positionOf, readyBench } from '../desk.ts';
import { skew, TRIPS } from './breaker-desk.ts';

const stated = (bench: EngineBench, net: number, link = 1): void => {
  const positions = [{ id: positionId('500'), net: money(net) }];
  bench.feed({ type: 'brokerPnl', generation: generation(link), positions });
};
const doubts = (bench: EngineBench) => bench.state.core.outside.pnlDoubts;
const own = (bench: EngineBench): number => {
  const { core, market, at } = bench.state;
  return openPnl(positionOf(bench), core, market, at.mono) ?? Number.NaN;
};

describe("the broker's figure of the open result", () => {
  it('beside ours: up to 0.20 % of the worth is none, one cent more is named (F60)', () => {
    const bench = hold();
    bench.quote(4_600, 4_602);
    const { volume } = positionOf(bench);
    // 4602 ringgit a tonne x 0.20 %, in cents.
    const bound = Math.ceil((4_602 * volume * 20) / 10_000);
    stated(bench, own(bench) + bound);
    expect(doubts(bench)).toEqual([]);
    stated(bench, own(bench) + bound + 1);
    expect(doubts(bench)).toEqual(['500']);
    const named = bench.effects.filter(
      (one) => one.type === 'alert' && one.text.includes('open result of position 500'),
    );
    expect(named).toHaveLength(1);
    stated(bench, own(bench) - bound - 1);
    stated(bench, own(bench) - bound);
    expect(doubts(bench)).toEqual([]);
    expect(bench.effects.filter((one) => one.type === 'alert')).toHaveLength(1);
  });

  it('stands in for ours while it is young and we have no price (F60)', () => {
    const bench = hold();
    bench.jump(70_000);
    bench.feed({ type: 'host', freeMib: 5_000 });
    const equity = () => equityOf(bench.state.core, bench.state.market, bench.state.at.mono);
    expect(equity()).toBeUndefined();
    stated(bench, -12_345);
    expect(own(bench)).toBe(-12_345);
    expect(equity()).toBe(5_000_000 - 12_345);
    bench.jump(60_001);
    bench.feed({ type: 'host', freeMib: 5_000 });
    expect(own(bench)).toBeNaN();
  });

  it('of another link, or about a position we do not know, says nothing (F25)', () => {
    const bench = hold();
    stated(bench, -9_999_999, 2);
    expect(bench.state.core.outside.brokerPnl).toBeUndefined();
    const positions = [{ id: positionId('777'), net: money(-5) }];
    bench.feed({ type: 'brokerPnl', generation: generation(1), positions });
    expect(doubts(bench)).toEqual([]);
  });
});

describe('a restart', () => {
  it('forgets what was measured before it, and keeps what tripped on it (I21)', () => {
    const bench = TRIPS.CLOCK();
    bench.feed({ type: 'host', loopDelayMs: 900, freeMib: 1_000 });
    bench.start();
    expect(bench.state.core.outside).toMatchObject({ authRefusals: 0 });
    const { skewMs, loopDelayMs, freeMib } = bench.state.core.outside;
    expect([skewMs, loopDelayMs, freeMib]).toEqual([undefined, undefined, undefined]);
    expect(bench.state.core.breakers.CLOCK.tripped).toBe(true);
  });

  it('a measurement of a link that is gone says nothing (F19)', () => {
    const bench = readyBench();
    bench.feed({ type: 'clockSkew', generation: generation(9), skewMs: 99_000 });
    expect(bench.state.core.outside.skewMs).toBeUndefined();
    skew(bench, 100);
    expect(bench.state.core.outside.skewMs).toBe(100);
  });
});
