/**
 * The breaker table as a table: the exact threshold of each trips and one step less does not; each
 * blocks, lets protection out, and ends by its own rule or by a reset with a name under it.
 */
import { describe, expect, it } from 'vitest';
import { BREAKERS, type BreakerName, money, mono } from '../../../src/engine/index.ts';
import { BREAKER_RULES, type View } from '../../../src/engine/risk/breakers.ts';
import { permit } from '../../../src/engine/risk/egress.ts';
import { entryRefusal, measureRisk } from '../../../src/engine/risk/gate.ts';
import type { Core } from '../../../src/engine/state.ts';
import { ringgit } from '../../support/engine.ts';
import { EAGER, hold, positionOf, readyBench } from '../desk.ts';
import { changes, reset, TRIPS, tripped } from './breaker-desk.ts';

const READY = readyBench().state;
const { core: CORE, at: AT } = READY;
const withCore = (fields: Partial<Core>): View => ({ ...READY, core: { ...CORE, ...fields } });
const outside = (fields: Partial<Core['outside']>) =>
  withCore({ outside: { ...CORE.outside, ...fields } });
const tallies = (fields: Partial<Core['tallies']>) =>
  withCore({ tallies: { ...CORE.tallies, ...fields } });
const times = (count: number) => Array.from({ length: count }, () => AT.mono);
const day = CORE.day?.key ?? 0;

/** A balance this far below the opening of 50,000.00. */
const lost = (minor: number) =>
  withCore({ account: CORE.account && { ...CORE.account, balance: money(5_000_000 - minor) } });

function heat(atrBps: number): View {
  const { market } = READY;
  const { indicators } = market;
  const atr = { ...indicators.atr, value: (1_000 * atrBps) / 10_000, range: 1_000 };
  return { ...READY, market: { ...market, indicators: { ...indicators, atr, atrMedian: 1_000 } } };
}

function silent(ms: number): View {
  const { market } = READY;
  const { quote } = market;
  if (quote === undefined) throw new Error('no quote');
  const acceptedAt = mono(AT.mono - ms);
  const link = { ...CORE.link, since: mono(0) };
  return {
    at: { ...AT, wall: (AT.wall + 60_000) as typeof AT.wall },
    core: { ...CORE, link },
    market: { ...market, quote: { ...quote, acceptedAt } },
  };
}

/** Just below the threshold, and exactly at it (FEED: 15 s is still allowed, by its rule). */
const EDGES: Readonly<Record<Exclude<BreakerName, 'KILL' | 'INTEGRITY'>, readonly [View, View]>> = {
  DAILY_LOSS: [lost(249_999), lost(250_000)],
  LOSS_STREAK: [withCore({ lossStreak: 2 }), withCore({ lossStreak: 3 })],
  VOLATILITY: [heat(19_999), heat(20_000)],
  FEED: [silent(15_000), silent(15_001)],
  SPREAD: [tallies({ wideSpreads: times(2) }), tallies({ wideSpreads: times(3) })],
  SLIPPAGE: [
    tallies({ badFills: { day, orders: ['a' as never] } }),
    tallies({ badFills: { day, orders: ['a' as never, 'b' as never] } }),
  ],
  REJECTS: [tallies({ rejects: times(2) }), tallies({ rejects: times(3) })],
  ORDER_RATE: [withCore({ entriesSent: times(1) }), withCore({ entriesSent: times(2) })],
  CONNECTIVITY: [tallies({ losses: times(4) }), tallies({ losses: times(5) })],
  CLOCK: [outside({ skewMs: 4_999 }), outside({ skewMs: 5_000 })],
  PERSISTENCE: [outside({ freeMib: 200 }), outside({ freeMib: 199 })],
  AUTH: [outside({ authRefusals: 2 }), outside({ authRefusals: 3 })],
  LOOP: [outside({ loopDelayMs: 4_999 }), outside({ loopDelayMs: 5_000 })],
};

describe('the table of breakers', () => {
  it.each(Object.entries(EDGES))('%s trips exactly at its threshold (I04)', (name, [less, at]) => {
    const rule = BREAKER_RULES[name as BreakerName];
    expect(rule.trips(less)).toBeUndefined();
    expect(rule.trips(at)).toMatch(/\w{3}/);
  });

  it('the cap of a day trips at its last entry, not before (F50)', () => {
    const at = (count: number) =>
      tallies({ entries: { day, count, isFull: count >= EAGER.entriesPerDay } });
    expect(BREAKER_RULES.ORDER_RATE.trips(at(19))).toBeUndefined();
    expect(BREAKER_RULES.ORDER_RATE.trips(at(20))).toBe('20 entries in a day');
  });

  it.each(BREAKERS)('%s is a reason of its own against an entry now (I04)', (name) => {
    const { core } = READY;
    const breakers = { ...core.breakers, [name]: { ...core.breakers[name], tripped: true } };
    const view = withCore({ breakers });
    expect(entryRefusal(READY)).toBeUndefined();
    expect(entryRefusal(view)).toBe(`breakers: ${name}`);
    expect(measureRisk(view, EAGER, undefined, undefined).tripped).toEqual([name]);
  });

  it.each(BREAKERS)('%s lets a stop be restored (I04 I09)', (name) => {
    const bench = hold();
    const { core } = bench.state;
    const breakers = { ...core.breakers, [name]: { ...core.breakers[name], tripped: true } };
    const { id: positionId, target } = positionOf(bench);
    const amend = { type: 'amendProtection', requestId: 'x', positionId, target } as const;
    const view = { ...bench.state, core: { ...core, breakers } };
    expect(permit(view, { ...amend, stop: ringgit(4_540) })).toMatchObject({ ok: true });
  });

  it.each(BREAKERS)('%s is reset with name and reason in the journal, or not at all', (name) => {
    const bench = TRIPS[name]();
    bench.command(reset(name));
    const command = bench.state.core.commands.at(-1);
    const isTripped = tripped(bench, name);
    expect(command?.status).toBe(isTripped ? 'refused' : 'done');
    expect(command?.reason).toMatch(/\w{3}/);
    expect(changes(bench, name)).toEqual(isTripped ? ['tripped'] : ['tripped', 'cleared']);
    const kept = bench.effects.flatMap((one) => (one.type === 'record' ? [one.record] : []));
    expect(kept).toContainEqual(expect.objectContaining({ kind: 'command' }));
    if (isTripped) return;
    const words = /^reset by me: looked at it; was: \w/;
    expect(kept).toContainEqual({
      kind: 'breaker',
      breaker: name,
      change: 'cleared',
      reason: expect.stringMatching(words),
    });
  });
});

describe('a look at the breakers', () => {
  /** Whoever notes what of the core is read. */
  const watched = ({ core, ...rest }: View, seen: Set<string>): View => ({
    ...rest,
    core: new Proxy(core, {
      get: (of, field: keyof Core & string) => {
        seen.add(field);
        return of[field];
      },
    }),
  });
  const OF_MARKET: readonly BreakerName[] = ['DAILY_LOSS', 'VOLATILITY', 'FEED'];

  it.each(BREAKERS.filter((name) => !OF_MARKET.includes(name)))(
    'asks %s again only when something it reads is new, and it reads no price (I04)',
    (name) => {
      const seen = new Set<string>();
      const views = [READY, ...Object.values(EDGES).flat()];
      for (const view of views) {
        BREAKER_RULES[name].trips({ ...watched(view, seen), market: undefined as never });
      }
      const counted = ['breakers', 'tallies', 'entriesSent', 'lossStreak', 'outside', 'link'];
      expect([...counted, 'config']).toEqual(expect.arrayContaining([...seen]));
    },
  );
});
