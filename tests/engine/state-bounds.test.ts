/**
 * Weeks of trades, strangers, commands and lost links: nothing in the state grows with time.
 * Deliberately looks at every list there is, so that a new one without a bound is found here.
 */
import { describe, expect, it } from 'vitest';
import { brokerOrderId, dealId, positionId, wall } from '../../src/engine/index.ts';
import { brokerPosition, type EngineBench, FCPO, MORNING } from '../support/engine.ts';
import {
  closingDeal,
  EAGER,
  idsOf,
  orderOf,
  protect,
  readyBench,
  relink,
  reready,
  sent,
} from './desk.ts';

/** More than the lists of signals and deals keep. */
const TRADES = 700;
/** Positions of somebody else that come and go unexplained. */
const STRANGERS = 200;
/** The longest list is that of closed bars. */
const LONGEST = 700;
const WEEK_MS = 7 * 86_400_000;

function market(bench: EngineBench): void {
  const sessions = [{ open: wall(MORNING), close: wall(MORNING + 10 * WEEK_MS) }];
  const instrument = { ...FCPO, sessions };
  bench.feed({ type: 'instrument', instrument, generation: bench.state.core.link.generation });
}

/** An entry with its fill, its stop and its end; a reading and a command. */
function trade(bench: EngineBench, number: number): void {
  bench.bar(4_600 + (number % 3));
  bench.durable();
  const order = orderOf(bench);
  const held = positionId(String(10_000 + number));
  const ids = { ...idsOf(order), brokerOrderId: brokerOrderId(`9${number}`), positionId: held };
  sent(bench, order.id);
  bench.orderUpdate(ids);
  const deal = { id: dealId(`${number}a`), brokerOrderId: ids.brokerOrderId, positionId: held };
  bench.deal({ ...deal, filled: order.volume });
  bench.orderUpdate({ ...ids, executed: order.volume, status: 'filled' });
  protect(bench, 4_532, held);
  bench.sentiment(number % 90);
  bench.command({ type: 'setTradingState', state: 'active' });
  const net = number % 2 === 0 ? 700 : -700;
  const end = closingDeal(bench, { id: `${number}b`, size: order.volume, net });
  bench.deal({ ...end, positionId: held });
}

/** Length of every list below a value, by where it stands. */
function listsIn(value: unknown, at: string, found: Map<string, number>): Map<string, number> {
  if (value === null || typeof value !== 'object') return found;
  if (Array.isArray(value)) found.set(at, Math.max(value.length, found.get(at) ?? 0));
  for (const [key, inner] of Object.entries(value)) {
    listsIn(inner, Array.isArray(value) ? `${at}[]` : `${at}.${key}`, found);
  }
  return found;
}

/** Grows by nothing from the first of these sizes to the last. */
function expectFlat(bench: EngineBench, sizes: readonly number[]): void {
  const long = [...listsIn(bench.state, 'state', new Map())].filter(([, n]) => n > LONGEST);
  expect(long).toEqual([]);
  const [early = 0, late = 0] = [sizes.at(-5), sizes.at(-1)];
  expect(late / early).toBeLessThan(1.02);
}

/** Sizes of the state as text after every hundredth of it. */
function repeated(bench: EngineBench, count: number, act: (number: number) => void): number[] {
  const sizes: number[] = [];
  for (let number = 1; number <= count; number += 1) {
    act(number);
    bench.inputs.length = 0;
    bench.effects.length = 0;
    bench.lines.length = 0;
    if (number % (count / 20) === 0) sizes.push(JSON.stringify(bench.state).length);
  }
  return sizes;
}

describe('the state', () => {
  it('is as large after seven hundred trades as after some, and after strangers (A11)', () => {
    const bench = readyBench({ ...EAGER, timeframeMs: 60_000, entriesPerDay: 1_000_000 });
    market(bench);
    const sizes = repeated(bench, TRADES, (number) => trade(bench, number));
    expect(bench.state.core.stats.trades).toBeGreaterThan(TRADES * 0.9);
    expectFlat(bench, sizes);
    const later = repeated(bench, STRANGERS, (number) => {
      bench.jump(60_000);
      const id = positionId(String(900_000 + number));
      bench.pass({ positions: [brokerPosition({ id })] });
      bench.deal({ id: dealId(`s${number}`), positionId: positionId(`7${number}`) });
      bench.pass({});
      if (number % 10 !== 0) return;
      relink(bench, 3_000);
      reready(bench);
    });
    expectFlat(bench, later);
  });
});
