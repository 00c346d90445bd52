/** Money of another currency: at the worse side of every quote, never at a rate nobody stated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPnl } from '../../src/engine/accounting.ts';
import {
  type Chain,
  convertedDown,
  convertedUp,
  convertedWorse,
  freshChain,
} from '../../src/engine/conversion.ts';
import { shownDecision } from '../../src/engine/decision-words.ts';
import { generation, money, type Price, price } from '../../src/engine/index.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { ACCOUNT, CONFIG, EngineBench, ringgit } from '../support/engine.ts';
import { EAGER, positionOf, protect } from './desk.ts';

const DOLLARS = { ...ACCOUNT, currency: 'USD' };
/** USD/MYR 4.4000 / 4.4010: ringgit become dollars by division. */
const USDMYR = { bid: price(440_000), ask: price(440_100), inverted: true };
/** USD/JPY: dollars become yen by multiplication. */
const USDJPY = { bid: price(15_000_000), ask: price(15_001_000), inverted: false };

/** An account in dollars on ringgit prices. */
function dollarBench(): EngineBench {
  const bench = new EngineBench({ ...EAGER, timeframeMs: 60_000 });
  bench.start();
  bench.ready({ account: DOLLARS });
  bench.feed({ type: 'account', account: { ...DOLLARS, balanceVersion: 2 } });
  bench.wait(250);
  return bench;
}

function convert(bench: EngineBench, steps: Chain = [USDMYR], link = 1): void {
  const about = { from: 'MYR', to: 'USD', generation: generation(link) };
  bench.feed({ type: 'conversion', ...about, steps });
}

function sentence(bench: EngineBench): string {
  const decision = newestOf(bench.state.core.decisions);
  return decision === undefined ? '' : shownDecision(decision).sentence;
}

describe('a chain of rates', () => {
  it('by hand: 1000.00 ringgit are 227.22 to 227.28 dollars, and yen through dollars (F60)', () => {
    expect(convertedDown(money(100_000), [USDMYR])).toBe(22_722);
    expect(convertedUp(money(100_000), [USDMYR])).toBe(22_728);
    expect(convertedUp(money(100_000), [USDMYR, USDJPY])).toBe(3_409_428);
    expect(convertedWorse(money(-100_000), [USDMYR])).toBe(-22_728);
    expect(convertedWorse(money(100_000), [USDMYR])).toBe(22_722);
    expect(convertedWorse(money(-7), [])).toBe(-7);
  });

  it('a loss is never too small, a profit never too large, whatever the rates (F59 F60)', () => {
    const step = fc
      .record({
        bid: fc.integer({ min: 100, max: 10 ** 8 }),
        wide: fc.integer({ min: 0, max: 10 ** 4 }),
        inverted: fc.boolean(),
      })
      .map(({ bid, wide, inverted }) => ({
        bid: price(bid),
        ask: price(bid + wide) as Price,
        inverted,
      }));
    const chains = fc.array(step, { maxLength: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 6 }), chains, (amount, chain) => {
        // Exact rationals as pairs of big integers.
        let low: readonly [bigint, bigint] = [BigInt(amount), 1n];
        let high = low;
        for (const { bid, ask, inverted } of chain) {
          const [less, more] = inverted ? [ask, bid] : [bid, ask];
          const by = (from: typeof low, rate: number) =>
            inverted
              ? ([from[0] * 100_000n, from[1] * BigInt(rate)] as const)
              : ([from[0] * BigInt(rate), from[1] * 100_000n] as const);
          low = by(low, less);
          high = by(high, more);
        }
        if (high[0] / high[1] > 2n ** 50n) return;
        expect(BigInt(convertedDown(money(amount), chain)) * low[1] <= low[0]).toBe(true);
        expect(BigInt(convertedUp(money(amount), chain)) * high[1] >= high[0]).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an entry in an account of another currency', () => {
  it('waits while there is no rate, and is sized by it in dollars (F60 I32 F41)', () => {
    const bench = dollarBench();
    bench.bar(4_600);
    expect(sentence(bench)).toContain('no fresh rate from MYR to USD');
    convert(bench);
    bench.bar(4_600);
    convert(bench);
    bench.bar(4_600);
    // 1 % of 50 000 dollars at 70 ringgit a tonne: 70 / 4.40 = 15.91; 31 tonnes.
    expect(bench.state.core.orders.at(-1)?.volume).toBe(3_100);
  });

  it('an old rate, or one of a lost link, is none (I15 F60)', () => {
    const bench = dollarBench();
    convert(bench);
    const { core, at } = bench.state;
    const rate = core.outside.conversion?.at ?? at.mono;
    expect(freshChain(core, (rate + 60_000) as typeof rate)).toBeDefined();
    expect(freshChain(core, (rate + 60_001) as typeof rate)).toBeUndefined();
    const link = { ...core.link, generation: generation(2) };
    expect(freshChain({ ...core, link }, rate)).toBeUndefined();
    bench.start();
    expect(bench.state.core.outside.conversion).toBeUndefined();
  });

  it('rates that make no sense, or of another link, change nothing (F25 F74)', () => {
    const bench = dollarBench();
    const absurd: Chain[] = [
      [],
      [{ ...USDMYR, bid: price(0) }],
      [{ ...USDMYR, ask: price(439_999) }],
      [{ ...USDMYR, bid: Number.NaN as Price }],
    ];
    for (const steps of absurd) convert(bench, steps);
    convert(bench, [USDMYR], 7);
    expect(bench.state.core.outside.conversion).toBeUndefined();
  });

  it('an open result is converted at the worse side, and closing never needs a rate (I32)', () => {
    const bench = dollarBench();
    convert(bench);
    bench.bar(4_600);
    convert(bench);
    bench.bar(4_600);
    bench.durable();
    const order = bench.state.core.orders.at(-1);
    if (order === undefined) throw new Error('no order');
    bench.feed({ type: 'sent', generation: generation(1), requestId: order.id });
    bench.orderUpdate({ clientOrderId: order.id, volume: order.volume });
    bench.deal({ filled: order.volume, commission: money(0) });
    protect(bench);
    bench.quote(4_600, 4_602);
    const { core, market, at } = bench.state;
    // 2 ringgit on 31 tonnes are 62 ringgit: 14.10 dollars at 4.4000, rounded against us.
    expect(openPnl(positionOf(bench), core, market, at.mono)).toBe(-1_410);
    const later = (at.mono + 120_000) as typeof at.mono;
    bench.state = {
      ...bench.state,
      core: { ...core, outside: { ...core.outside, conversion: undefined } },
    };
    expect(openPnl(positionOf(bench), bench.state.core, market, later)).toBeUndefined();
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'closePosition' });
  });

  it('the same currency needs no rate', () => {
    const bench = new EngineBench(CONFIG);
    bench.start();
    bench.ready();
    expect(freshChain(bench.state.core, bench.state.at.mono)).toEqual([]);
    expect(ringgit(1)).toBe(100_000);
  });
});
