/** Closes, levels and cancels have caps of their own, which no entry and no trailing can use up. */
import { describe, expect, it } from 'vitest';
import type { Act } from '../../src/engine/asked.ts';
import { ACT_CAPS, LIMITS } from '../../src/engine/config.ts';
import { mono, positionId } from '../../src/engine/index.ts';
import { capReached } from '../../src/engine/requests.ts';
import { failed, hold, positionOf } from './desk.ts';
import { waitQuotedPass } from './reconcile-desk.ts';

const acts = (count: number, apart: number): Act[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `amend ${index}`,
    requestId: `amend-${index}-1`,
    at: mono(index * apart),
  }));

describe('the caps of closing and protecting', () => {
  it('one a second for the same thing, and what is another thing may go (F50 I29)', () => {
    const sent = [{ key: 'close 1', requestId: 'close-1-1', at: mono(5_000) }];
    expect(capReached(sent, mono(5_999), 'close 1')).toBeDefined();
    expect(capReached(sent, mono(6_000), 'close 1')).toBeUndefined();
    expect(capReached(sent, mono(5_001), 'close 2')).toBeUndefined();
    expect(capReached(sent, mono(5_001), 'amend 1')).toBeUndefined();
  });

  it('30 a minute, the 31st waits until the first is a minute old (F50 I29)', () => {
    const sent = acts(30, 1_000);
    expect(capReached(sent.slice(1), mono(59_999), 'close 9')).toBeUndefined();
    expect(capReached(sent, mono(59_999), 'close 9')).toBeDefined();
    expect(capReached(sent, mono(60_000), 'close 9')).toBeUndefined();
  });

  it('what only improves a stop never uses up the room of a close (I29)', () => {
    const sent = acts(ACT_CAPS.improvingPerMinute, 1_000);
    expect(capReached(sent, mono(20_000), 'amend 99', false)).toBeDefined();
    expect(capReached(sent, mono(20_000), 'amend 99')).toBeUndefined();
    expect(LIMITS.acts).toBeGreaterThanOrEqual(2 * ACT_CAPS.perMinute);
  });

  it('entries are counted apart: what an engine closes leaves its entries alone (F50)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(bench.state.core.acts.map((act) => act.key)).toEqual(['close 500']);
    expect(bench.state.core.entriesSent).toHaveLength(1);
  });

  it('a broker that refuses for ever is asked again in pauses (F33 F44 I29)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    const times: number[] = [];
    for (let spent = 0; spent < 60_000; spent += 250) {
      const before = bench.requests.length;
      waitQuotedPass(bench, 250);
      for (const one of bench.requests.slice(before)) {
        times.push(bench.now);
        failed(bench, one.requestId, { definitive: true, code: 'MARKET_CLOSED' });
      }
    }
    expect(times.length).toBeGreaterThan(4);
    expect(times.length).toBeLessThan(12);
    for (const [index, at] of times.slice(1).entries()) {
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    expect(positionOf(bench).id).toBe(positionId('500'));
  });
});
