/**
 * The breakers about orders: spread, slippage, refusals and caps, each at its exact threshold, one
 * short of it, and what alone clears it.
 */
import { describe, expect, it } from 'vitest';
import { BREAKER_RULES } from '../../../src/engine/risk/breakers.ts';
import type { EngineBench } from '../../support/engine.ts';
import { EAGER, hold, orderOf, readyBench, sent, waitQuoted } from '../desk.ts';
import { enter, HOUR, refuse, reset, slip, TRIPS, tripped, wideBar } from './breaker-desk.ts';

const MINUTES = { ...EAGER, timeframeMs: 60_000 };
const words = (bench: EngineBench, name: keyof typeof BREAKER_RULES) =>
  BREAKER_RULES[name].distance(bench.state).words;
const lastAnswer = (bench: EngineBench) => bench.state.core.commands.at(-1);

describe('SPREAD', () => {
  it('refuses the single entry, and blocks at the third within 5 min (F80)', () => {
    const bench = readyBench(MINUTES);
    wideBar(bench);
    wideBar(bench);
    expect(bench.state.core.orders).toHaveLength(0);
    expect([tripped(bench, 'SPREAD'), words(bench, 'SPREAD')]).toEqual([
      false,
      '2 of 3 wide spreads',
    ]);
    wideBar(bench);
    expect(tripped(bench, 'SPREAD')).toBe(true);
  });

  it('counts exactly 5 min back, and not a millisecond more', () => {
    for (const [age, due] of [
      [300_000, true],
      [300_001, false],
    ] as const) {
      const { core, ...rest } = readyBench().state;
      const now = rest.at.mono;
      const wideSpreads = [now - age, now - 10, now] as (typeof now)[];
      const view = { ...rest, core: { ...core, tallies: { ...core.tallies, wideSpreads } } };
      expect(BREAKER_RULES.SPREAD.trips(view) !== undefined).toBe(due);
    }
  });

  it('clears after 60 s within the limit, and a wide quote begins them again', () => {
    const bench = TRIPS.SPREAD();
    bench.command({ type: 'setTradingState', state: 'reducing' });
    waitQuoted(bench, 30_000);
    bench.quote(4_600, 4_612);
    bench.wait(250);
    waitQuoted(bench, 59_000);
    expect(tripped(bench, 'SPREAD')).toBe(true);
    waitQuoted(bench, 3_000);
    expect(tripped(bench, 'SPREAD')).toBe(false);
    expect(bench.state.core.tallies.wideSpreads).toEqual([]);
  });
});

describe('SLIPPAGE', () => {
  it('a fill at the limit is none, one beyond it counts, the second in a day trips (F49)', () => {
    // Decided at 4602: 0.20 % is 9.204 ringgit.
    const bench = readyBench();
    slip(bench, 4_611);
    expect(words(bench, 'SLIPPAGE')).toBe('0 of 2 bad fills');
    slip(bench, 4_612);
    expect(words(bench, 'SLIPPAGE')).toBe('1 of 2 bad fills');
    expect(tripped(bench, 'SLIPPAGE')).toBe(false);
    slip(bench, 4_612);
    expect(tripped(bench, 'SLIPPAGE')).toBe(true);
    expect(bench.state.core.breakers.SLIPPAGE.reason).toContain('0.20 % worse');
  });

  it('a fill better than decided is never bad, and several deals of one order count once', () => {
    const bench = readyBench();
    slip(bench, 4_580);
    expect(words(bench, 'SLIPPAGE')).toBe('0 of 2 bad fills');
    enter(bench);
    const order = orderOf(bench);
    for (const id of ['71', '72', '73'] as const) {
      bench.orderUpdate({ clientOrderId: order.id, volume: order.volume });
      bench.deal({ id: id as never, filled: 100 as never, price: (4_620 * 100_000) as never });
    }
    expect(words(bench, 'SLIPPAGE')).toBe('1 of 2 bad fills');
  });

  it('clears on the next trading day with a clean sheet, or by a reset', () => {
    const bench = TRIPS.SLIPPAGE();
    bench.jump(24 * HOUR);
    bench.wait(250);
    expect(tripped(bench, 'SLIPPAGE')).toBe(false);
    const again = TRIPS.SLIPPAGE();
    again.command(reset('SLIPPAGE'));
    expect([tripped(again, 'SLIPPAGE'), words(again, 'SLIPPAGE')]).toEqual([
      false,
      '0 of 2 bad fills',
    ]);
  });
});

describe('REJECTS', () => {
  it('trips at the third definitive refusal in 10 min, and only a person clears it (F33)', () => {
    const bench = readyBench(MINUTES);
    refuse(bench);
    refuse(bench);
    expect([tripped(bench, 'REJECTS'), words(bench, 'REJECTS')]).toEqual([
      false,
      '2 of 3 refusals',
    ]);
    refuse(bench);
    expect(tripped(bench, 'REJECTS')).toBe(true);
    bench.jump(72 * HOUR);
    bench.wait(250);
    expect(tripped(bench, 'REJECTS')).toBe(true);
    bench.command(reset('REJECTS'));
    bench.wait(1_000);
    expect(tripped(bench, 'REJECTS')).toBe(false);
  });

  it('the oldest of three counts at exactly 10 min, not a millisecond later', () => {
    for (const [age, due] of [
      [600_000, true],
      [600_001, false],
    ] as const) {
      const { core, ...rest } = readyBench().state;
      const now = rest.at.mono;
      const rejects = [now - age, now - 10, now] as (typeof now)[];
      const view = { ...rest, core: { ...core, tallies: { ...core.tallies, rejects } } };
      expect(BREAKER_RULES.REJECTS.trips(view) !== undefined).toBe(due);
    }
  });
});

describe('ORDER_RATE', () => {
  /** Bytes of this many entries, without the orders: what the caps count (F50). */
  const left = (bench: EngineBench, times: number): void => {
    for (let count = 0; count < times; count += 1) {
      const { core } = bench.state;
      const [order] = core.orders;
      if (order === undefined) throw new Error('no order');
      const again = { ...order, sentAt: undefined };
      bench.state = { ...bench.state, core: { ...core, orders: [again] } };
      sent(bench, order.id);
    }
  };

  it('trips at the second within a minute, and clears when the minute has passed (F50)', () => {
    const bench = hold();
    expect(tripped(bench, 'ORDER_RATE')).toBe(false);
    waitQuoted(bench, 59_000);
    left(bench, 1);
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    bench.command(reset('ORDER_RATE'));
    expect(lastAnswer(bench)?.reason).toContain('it clears by itself');
    bench.wait(59_750);
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    bench.wait(250);
    expect(tripped(bench, 'ORDER_RATE')).toBe(false);
  });

  it('an entry exactly a minute after another is the first of its own minute (F50)', () => {
    const bench = hold();
    const first = bench.state.core.entriesSent[0] ?? 0;
    bench.jump(first + 60_000 - bench.state.at.mono);
    left(bench, 1);
    expect(tripped(bench, 'ORDER_RATE')).toBe(false);
    bench.jump(59_999);
    left(bench, 1);
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
  });

  it('trips at the twentieth of a day; midnight clears it, a restart or a reset clock not', () => {
    const bench = hold();
    for (let count = 1; count < 19; count += 1) {
      bench.jump(60_000);
      left(bench, 1);
    }
    bench.jump(60_000);
    expect([tripped(bench, 'ORDER_RATE'), words(bench, 'ORDER_RATE')]).toEqual([
      false,
      '19 of 20 today',
    ]);
    left(bench, 1);
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    bench.state = JSON.parse(JSON.stringify(bench.state)) as EngineBench['state'];
    bench.start();
    bench.wait(120_000);
    expect([tripped(bench, 'ORDER_RATE'), words(bench, 'ORDER_RATE')]).toEqual([
      true,
      '20 of 20 today',
    ]);
    const midnight = (Math.floor(bench.now / 86_400_000) + 1) * 86_400_000;
    bench.jump(midnight - bench.now - 250);
    bench.feed({ type: 'clock' });
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    bench.wait(250);
    expect([tripped(bench, 'ORDER_RATE'), words(bench, 'ORDER_RATE')]).toEqual([
      false,
      '0 of 20 today',
    ]);
  });

  const DAY = 24 * HOUR;
  const toMidnight = (bench: EngineBench): number => DAY - (bench.now % DAY);
  /** Why it would trip at this instant: a tick that changes nothing is not in the state. */
  const due = (bench: EngineBench) =>
    BREAKER_RULES.ORDER_RATE.trips({
      ...bench.state,
      at: { ...bench.state.at, ...bench.instant() },
    });

  it('midnight ends no minute: tripped 30 s before it, it clears 30 s after it (F50 I21)', () => {
    const bench = hold();
    bench.jump(toMidnight(bench) - 65_000);
    left(bench, 1);
    bench.jump(35_000);
    left(bench, 1);
    // At midnight one of the two entries is older than a minute: nothing is due any more.
    bench.wait(59_750);
    expect(due(bench)).toBeUndefined();
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    bench.wait(250);
    expect(tripped(bench, 'ORDER_RATE')).toBe(false);
  });

  it('a day that was full 30 s before its end is followed by the rest of the minute', () => {
    const bench = hold({ ...EAGER, entriesPerDay: 2 });
    bench.jump(toMidnight(bench) - 30_000);
    left(bench, 1);
    bench.wait(59_750);
    expect(due(bench)).toBeUndefined();
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    bench.wait(250);
    expect(tripped(bench, 'ORDER_RATE')).toBe(false);
  });

  it('an audited reset of the day begins a new count', () => {
    const bench = TRIPS.ORDER_RATE();
    bench.command(reset('ORDER_RATE'));
    expect([tripped(bench, 'ORDER_RATE'), words(bench, 'ORDER_RATE')]).toEqual([
      false,
      '0 of 1 today',
    ]);
  });
});
