/** What one direction alone still knows: words lost on the way back, and timers that come late. */
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  dealId,
  money,
  type OrderUpdate,
  positionId,
  wall,
} from '../../src/engine/index.ts';
import { listOf } from '../../src/engine/trail.ts';
import { EngineBench, MORNING, quietBars } from '../support/engine.ts';
import { EAGER, fly, idsOf, orderOf, positionOf, relink, reready, shownAs } from './desk.ts';
import { deal, update } from './reconcile-desk.ts';

const MINUTE = 60_000;
const SECOND = 1_000;

const entries = (bench: EngineBench) =>
  bench.requests.filter(({ type }) => type === 'submitOrder').length;

describe('nothing comes back, what we send arrives', () => {
  it.each([1 * SECOND, 4 * SECOND, 6 * SECOND, 40 * SECOND, 5 * MINUTE, 30 * MINUTE])(
    'for %d ms: one order in doubt, none after it, one position in the end (F11 I01 I03 I04)',
    (silentMs) => {
      const bench = fly();
      bench.wait(silentMs);
      if (silentMs > 5 * SECOND) expect(orderOf(bench).state).not.toBe('SENT');
      expect(entries(bench)).toBe(1);
      // The client gives a silent link up after 40 s; a shorter silence ends on the same line.
      if (silentMs >= 40 * SECOND) relink(bench);
      const filled = update(bench, { status: 'filled', executed: orderOf(bench).volume });
      bench.pass({
        historyFrom: wall(MORNING - MINUTE),
        historyTo: wall(bench.now),
        positions: [shownAs(orderOf(bench))],
        endedOrders: [filled as OrderUpdate],
        deals: [deal(bench, { time: wall(MORNING + 5 * MINUTE) })],
      });
      reready(bench);
      expect(orderOf(bench).state).toBe('FILLED');
      expect(bench.state.core.positions).toHaveLength(1);
      expect(positionOf(bench)).toMatchObject({ ours: true, state: 'PROTECTED' });
      // The words of then come after all: they change nothing any more.
      const ids = { ...idsOf(orderOf(bench)), brokerOrderId: brokerOrderId('900') };
      bench.orderUpdate({ ...ids, positionId: positionId('500') });
      bench.deal({ id: dealId('1'), filled: orderOf(bench).volume, commission: money(-210) });
      expect(bench.state.core.positions).toHaveLength(1);
      expect(positionOf(bench).volume).toBe(orderOf(bench).volume);
      bench.bar(4_600);
      bench.durable();
      expect(entries(bench)).toBe(1);
    },
  );
});

/** Two bars of quotes, with the clock at these distances in milliseconds. */
function played(everyMs: number): EngineBench {
  const bench = new EngineBench({ ...EAGER, rsiOversold: 30, timeframeMs: MINUTE });
  bench.start();
  bench.ready({ bars: quietBars(150, 4_600, bench.now, MINUTE) });
  let due = everyMs;
  for (let spent = 0; spent < 5 * MINUTE; spent += 500) {
    bench.jump(500);
    const bid = 4_600 + ((spent / 500) % 7);
    bench.quote(bid, bid + 2);
    if (spent + 500 < due) continue;
    // What was missed comes at once, as timers of a machine that stood still do.
    for (let burst = 0; burst < everyMs / 500; burst += 1) bench.feed({ type: 'clock' });
    due += everyMs;
  }
  return bench;
}

describe('timers that come late and together', () => {
  it.each([5 * SECOND, 20 * SECOND, 60 * SECOND])(
    'by %d ms change no bar and no decision, and nothing is asked twice (F70 I27 I30)',
    (lateMs) => {
      const punctual = played(500);
      const late = played(lateMs);
      expect(listOf(late.state.market.closed)).toEqual(listOf(punctual.state.market.closed));
      const told = (bench: EngineBench) =>
        listOf(bench.state.core.decisions).map(({ barTime, blockedBy, view }) => {
          return { barTime, blockedBy, rsi: view.rsi };
        });
      expect(told(late)).toEqual(told(punctual));
      const asked = (bench: EngineBench) =>
        bench.effects.filter((one) => one.type === 'query' && one.query.type === 'reconcile');
      // A look a minute, and each only once however many timers fire for it.
      expect(asked(late).length).toBeLessThanOrEqual(asked(punctual).length);
      expect(asked(late).length).toBeGreaterThan(2);
    },
  );
});
