/**
 * Each breaker row: what trips it, that it latches, what alone clears it, and that a restart keeps
 * it.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownDecision } from '../../../src/engine/decision-words.ts';
import {
  BREAKERS,
  brokerOrderId,
  type Deal,
  dealId,
  money,
  positionId,
  volume,
  wall,
} from '../../../src/engine/index.ts';
import { BREAKER_RULES, trippedBreakers } from '../../../src/engine/risk/breakers.ts';
import type { EngineState } from '../../../src/engine/state.ts';
import { newestOf } from '../../../src/engine/trail.ts';
import { ACCOUNT, EngineBench, FCPO, MORNING, ringgit } from '../../support/engine.ts';
import { closingDeal, EAGER, hold, positionOf, readyBench, relink } from '../desk.ts';
import { changes, HOUR, lose, streak, TRIPS, tripped } from './breaker-desk.ts';

describe('every breaker', () => {
  it('has a row, a sentence that says what clears it, and a gauge', () => {
    expect(Object.keys(BREAKER_RULES)).toEqual([...BREAKERS]);
    for (const name of BREAKERS) {
      const rule = BREAKER_RULES[name];
      expect(rule.name).toBe(name);
      expect(rule.clearedBy.length).toBeGreaterThan(10);
      const { used } = rule.distance(readyBench().state);
      if (used !== undefined) expect(used >= 0 && used <= 1).toBe(true);
    }
  });

  it.each(BREAKERS)(
    '%s trips once, is journaled before anything else leaves, and alarms (I04)',
    (name) => {
      const bench = TRIPS[name]();
      expect(trippedBreakers(bench.state.core)).toEqual([name]);
      expect(changes(bench, name)).toEqual(['tripped']);
      expect(bench.state.core.breakers[name].reason.length).toBeGreaterThan(3);
      const alarms = bench.effects.filter((one) => one.type === 'alert' && one.text.includes(name));
      expect(alarms).toHaveLength(1);
    },
  );

  it.each(BREAKERS)('%s blocks entries at the decision and at the last look (I04)', (name) => {
    const bench = TRIPS[name]();
    const entries = () => bench.requests.filter((one) => one.type === 'submitOrder').length;
    const before = entries();
    bench.bar(4_600);
    bench.durable();
    const decision = newestOf(bench.state.core.decisions);
    if (decision === undefined) throw new Error('no decision');
    const { gates } = shownDecision(decision);
    const gate = gates.find((one) => one.gate === 'breakers');
    if (!tripped(bench, name)) {
      // Bars are made of quotes: what a bar of them clears has no decision to block.
      expect(['FEED', 'SPREAD', 'ORDER_RATE']).toContain(name);
      return;
    }
    expect(gate).toMatchObject({ pass: false, value: expect.stringContaining(name) });
    expect(entries()).toBe(before);
  });

  it.each(BREAKERS)('%s is not cleared by looking again, however often (rule 2)', (name) => {
    const bench = TRIPS[name]();
    const { breakers } = bench.state.core;
    for (let look = 0; look < 40; look += 1) {
      bench.feed({ type: 'clock' });
      bench.feed({ type: 'account', account: bench.state.core.account ?? ACCOUNT });
    }
    const { tripped: isTripped, since, reason } = breakers[name];
    expect(bench.state.core.breakers[name]).toMatchObject({ tripped: isTripped, since, reason });
  });

  it.each(BREAKERS)(
    '%s survives restarts, reconnects and a JSON round trip (rule 4 I21)',
    (name) => {
      const bench = TRIPS[name]();
      const before = bench.state.core.breakers[name];
      bench.state = JSON.parse(JSON.stringify(bench.state)) as EngineState;
      bench.start();
      bench.start();
      if (name !== 'AUTH') relink(bench, 250); // a login that succeeds is what clears that one
      expect(tripped(bench, name)).toBe(true);
      expect(bench.state.core.breakers[name]).toMatchObject({
        since: before.since,
        reason: before.reason,
      });
    },
  );

  it.each(BREAKERS)('%s is not cleared by a looser configuration (rule 7 F120)', (name) => {
    const bench = TRIPS[name]();
    const loose = { ...EAGER, maxDailyLossBps: 9_000, lossStreakMax: 99, feedAgeMaxMs: 900_000 };
    bench.feed({ type: 'started', runId: 'again', config: loose, version: 'test' });
    bench.feed({ type: 'clock' });
    expect(tripped(bench, name)).toBe(true);
  });
});

describe('DAILY_LOSS', () => {
  it('trips at exactly -5.00 % of the opening equity, and not a cent before (F59 F63)', () => {
    const before = hold();
    lose(before, 249_999);
    expect(tripped(before, 'DAILY_LOSS')).toBe(false);
    expect(tripped(TRIPS.DAILY_LOSS(), 'DAILY_LOSS')).toBe(true);
  });

  it('compares exactly whatever the equity and the limit (F59)', () => {
    const numbers = fc.record({
      opening: fc.integer({ min: 1, max: 10 ** 12 }),
      limit: fc.integer({ min: 1, max: 10_000 }),
      pnl: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
    });
    const base = readyBench().state;
    fc.assert(
      fc.property(numbers, ({ opening, limit, pnl }) => {
        const { account, day, config } = base.core;
        if (account === undefined || day === undefined || config === undefined)
          throw new Error('empty');
        const core = {
          ...base.core,
          config: { ...config, maxDailyLossBps: limit },
          account: { ...account, balance: money(opening + pnl) },
          day: { ...day, openingEquity: money(opening) },
        };
        const due = BigInt(pnl) * 10_000n <= -BigInt(opening) * BigInt(limit);
        expect(BREAKER_RULES.DAILY_LOSS.trips({ ...base, core }) !== undefined).toBe(due);
      }),
      { numRuns: 1_000 },
    );
  });

  it('trips by a quote alone while the first position of the day sinks (F63)', () => {
    const bench = hold();
    let bid = 4_600;
    while (!tripped(bench, 'DAILY_LOSS') && bid > 3_800) {
      bid -= 40;
      bench.jump(1_000);
      bench.quote(bid, bid + 2);
    }
    const { volume } = positionOf(bench);
    expect(tripped(bench, 'DAILY_LOSS')).toBe(true);
    expect((4_602 - bid) * (volume / 100)).toBeGreaterThanOrEqual(2_500 - 5);
    expect(positionOf(bench).state).toBe('PROTECTED');
  });

  it('clears on the next day and at least an hour later, both (F68)', () => {
    const late = new EngineBench(EAGER, Date.UTC(2025, 0, 6, 9, 20));
    late.start();
    late.ready();
    const deal = { ...closingDeal(late, { id: '9', size: 100, net: -250_000 }) };
    late.deal(deal);
    expect(tripped(late, 'DAILY_LOSS')).toBe(true);
    late.jump(14 * HOUR + 39 * 60_000);
    late.wait(250);
    expect(tripped(late, 'DAILY_LOSS')).toBe(true);
    late.jump(60_000);
    late.wait(500);
    expect(tripped(late, 'DAILY_LOSS')).toBe(false);
    expect(changes(late, 'DAILY_LOSS')).toEqual(['tripped', 'cleared']);
  });

  it('is not cleared by a recovery on the same day, however long it holds (F68 I21)', () => {
    const bench = TRIPS.DAILY_LOSS();
    bench.deal(closingDeal(bench, { id: 'w', size: 100, net: 300_000 }));
    bench.jump(2 * HOUR);
    bench.wait(500);
    expect(tripped(bench, 'DAILY_LOSS')).toBe(true);
  });

  it('does not clear into a new day that is at its own limit already (rule 2)', () => {
    const bench = new EngineBench(EAGER, Date.UTC(2025, 0, 6, 23, 59));
    bench.start();
    bench.ready();
    bench.deal(closingDeal(bench, { id: '8', size: 100, net: -250_000 }));
    bench.jump(30 * 60_000);
    bench.wait(250);
    bench.deal(closingDeal(bench, { id: '9', size: 100, net: -250_000 }));
    bench.jump(90 * 60_000);
    bench.wait(500);
    expect(changes(bench, 'DAILY_LOSS')).toEqual(['tripped']);
  });

  it('does not clear within the hour after a trip just before midnight (F68)', () => {
    const bench = new EngineBench(EAGER, Date.UTC(2025, 0, 6, 23, 59));
    bench.start();
    bench.ready();
    bench.deal(closingDeal(bench, { id: '9', size: 100, net: -250_000 }));
    bench.jump(59 * 60_000);
    bench.wait(250);
    expect(tripped(bench, 'DAILY_LOSS')).toBe(true);
    bench.jump(60_000);
    bench.wait(500);
    expect(tripped(bench, 'DAILY_LOSS')).toBe(false);
  });

  it('blocks and leaves the open position and its stop alone (F51)', () => {
    const bench = hold();
    bench.deal({
      ...closingDeal(bench, { id: '9', size: 100, net: -250_000 }),
      positionId: 'x' as never,
    });
    expect(tripped(bench, 'DAILY_LOSS')).toBe(true);
    bench.wait(3_000);
    bench.durable();
    expect(bench.requests.map((one) => one.type)).toEqual(['submitOrder']);
    expect(positionOf(bench).state).toBe('PROTECTED');
  });
});

const DEAL: Deal = {
  id: dealId('0'),
  brokerOrderId: brokerOrderId('0'),
  positionId: positionId('500'),
  instrumentId: FCPO.id,
  side: 'sell',
  filled: volume(700),
  price: ringgit(4_590),
  time: wall(MORNING),
  commission: money(0),
  exponent: 2,
  cause: 'stop',
};

describe('LOSS_STREAK', () => {
  it('trips at the third loss in a row, also when a win follows in the same list (rule 4)', () => {
    const bench = hold();
    streak(bench, 2);
    const mine = positionOf(bench);
    const second = { ...mine, id: positionId('501') };
    const { core } = bench.state;
    bench.state = { ...bench.state, core: { ...core, positions: [mine, second] } };
    const told = (fields: Partial<Deal>): Deal => ({ ...DEAL, ...fields });
    const loss = closingDeal(bench, { id: '8', size: mine.volume, net: -100 });
    const win = closingDeal(bench, { id: '9', size: mine.volume, net: 100 });
    bench.pass({ deals: [told(loss), told({ ...win, positionId: second.id })] });
    expect(bench.state.core.lossStreak).toBe(0);
    expect(tripped(bench, 'LOSS_STREAK')).toBe(true);
  });

  it('survives midnight as a streak, and clears with the next day to zero (F68)', () => {
    const bench = TRIPS.LOSS_STREAK();
    bench.jump(20 * HOUR);
    bench.wait(250);
    expect(tripped(bench, 'LOSS_STREAK')).toBe(true);
    bench.jump(2 * HOUR);
    bench.wait(500);
    expect(tripped(bench, 'LOSS_STREAK')).toBe(false);
    expect(bench.state.core.lossStreak).toBe(0);
    const two = hold();
    streak(two, 2);
    two.jump(22 * HOUR);
    two.wait(500);
    expect(two.state.core.lossStreak).toBe(2);
  });
});
