/** One picture of the engine: complete, serialisable, and never more certain than the state. */
import { describe, expect, it } from 'vitest';
import { BREAKERS, type Mono, type Wall } from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { initialState } from '../../src/engine/state.ts';
import { EngineBench, ringgit } from '../support/engine.ts';
import {
  closingDeal,
  EAGER,
  fly,
  hold,
  intend,
  orderOf,
  positionOf,
  readyBench,
  relink,
} from './desk.ts';

const picture = (bench: EngineBench, laterMs = 0) => {
  const { at } = bench.state;
  return snapshot(bench.state, {
    mono: (at.mono + laterMs) as Mono,
    wall: (at.wall + laterMs) as Wall,
  });
};

describe('a snapshot', () => {
  it('needs a started run', () => {
    const now = { mono: 0 as Mono, wall: 0 as Wall };
    expect(() => snapshot(initialState(), now)).toThrow('started run');
  });

  it('survives JSON unchanged in every situation (8)', () => {
    for (const bench of [readyBench(), intend(), fly(), hold()]) {
      const seen = picture(bench);
      expect(JSON.parse(JSON.stringify(seen))).toEqual(
        JSON.parse(JSON.stringify(structuredClone(seen))),
      );
      expect(JSON.stringify(seen).length).toBeLessThan(60_000);
    }
  });

  it('before anything is known shows nothing as known (I18)', () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    const seen = picture(bench);
    expect(seen).toMatchObject({
      instrument: undefined,
      quote: undefined,
      account: undefined,
      session: { state: 'unknown', changesAt: undefined },
      entriesAllowed: false,
      entriesBlockedBy: 'data: link DISCONNECTED',
      positions: [],
    });
    expect(seen.indicators).toMatchObject({
      rsi: undefined,
      ema: undefined,
      atr: undefined,
      trend: 'unknown',
    });
    expect(seen.sentiment.reading).toBeUndefined();
    expect(seen.stats).toMatchObject({ winRateBps: undefined, profitFactor: undefined });
  });

  it('ages without a new input, and calls an old quote old (F116 I18)', () => {
    const bench = readyBench();
    expect(picture(bench, 5_000).quote).toMatchObject({ ageMs: 5_000, fresh: true });
    expect(picture(bench, 5_001).quote).toMatchObject({ fresh: false });
    expect(picture(bench, 5_001)).toMatchObject({ entriesAllowed: false });
  });

  it('a position shows what a close would bring now, or nothing (F60 F116)', () => {
    const bench = hold();
    bench.quote(4_612, 4_614);
    const [seen] = picture(bench).positions;
    const { volume } = positionOf(bench);
    expect(seen).toMatchObject({
      current: ringgit(4_612),
      openPnl: 10 * volume - 210,
      openPnlBps: 22,
      state: 'PROTECTED',
      ours: true,
    });
    const [stale] = picture(bench, 60_001).positions;
    expect(stale).toMatchObject({ current: undefined, openPnl: undefined, openPnlBps: undefined });
    expect(picture(bench, 60_001).account).toMatchObject({
      equity: undefined,
      dayPnl: undefined,
      freeMargin: undefined,
    });
  });

  it('unknown is a word on the screen, not failed and not open (F28 F116)', () => {
    const bench = fly();
    relink(bench);
    expect(picture(bench).orders.at(-1)).toMatchObject({ state: 'UNKNOWN', working: true });
    expect(picture(bench).positions).toEqual([]);
    expect(orderOf(bench).executed).toBe(0);
  });

  it('shows every breaker with what clears it and how far it is', () => {
    const bench = hold();
    bench.deal(closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: -125_000 }));
    const { breakers, account, stats } = picture(bench);
    expect(breakers.map((one) => one.name)).toEqual([...BREAKERS]);
    expect(breakers.find((one) => one.name === 'DAILY_LOSS')).toMatchObject({
      tripped: false,
      used: 0.5,
      distance: '-2.50 % of -5.00 %',
    });
    expect(breakers.find((one) => one.name === 'LOSS_STREAK')).toMatchObject({
      distance: '1 of 3 losses',
    });
    expect(account).toMatchObject({ equity: 4_875_000, dayPnl: -125_000, dayPnlBps: -250 });
    expect(stats).toMatchObject({ trades: 1, losses: 1, winRateBps: 0 });
  });

  it('counts down to the end of the forming bar and never below zero', () => {
    const bench = readyBench();
    bench.quote(4_600, 4_602);
    expect(picture(bench).bars.closesInMs).toBe(299_750);
    expect(picture(bench, 900_000).bars.closesInMs).toBe(0);
  });

  it('a reading past its lifetime is shown as expired (F105)', () => {
    const bench = readyBench();
    bench.sentiment(44);
    expect(picture(bench, 300_000).sentiment.reading).toMatchObject({ score: 44, expired: false });
    expect(picture(bench, 300_001).sentiment.reading).toMatchObject({ expired: true });
  });
});
