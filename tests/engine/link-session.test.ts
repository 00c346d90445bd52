/** The link comes and goes, runs begin: what survives and what must not. */
import { describe, expect, it } from 'vitest';
import { generation, untrusted } from '../../src/engine/index.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { EngineBench } from '../support/engine.ts';
import {
  EAGER,
  fly,
  hold,
  intend,
  orderOf,
  positionOf,
  readyBench,
  relink,
  reready,
} from './desk.ts';

const down = (bench: EngineBench) =>
  bench.feed({ type: 'link', state: 'DISCONNECTED', generation: bench.state.core.link.generation });

describe('a lost link', () => {
  it('takes its prices with it; bars and indicators stay (F71 F76)', () => {
    const bench = readyBench();
    const { closed, indicators } = bench.state.market;
    down(bench);
    expect(bench.state.market.quote).toBeUndefined();
    expect(bench.state.market.closed).toBe(closed);
    expect(bench.state.market.indicators).toBe(indicators);
    expect(bench.state.core.reconciled).toBe(false);
  });

  it('a new generation without a goodbye is a lost link too (F01 F19)', () => {
    const bench = fly();
    bench.feed({ type: 'link', state: 'CONNECTING', generation: generation(2) });
    expect(orderOf(bench).state).toBe('UNKNOWN');
    expect(bench.state.market.quote).toBeUndefined();
  });

  it('puts a close in flight in doubt and drops what waits for the journal (F42)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    down(bench);
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
    expect(bench.state.core.outbox).toEqual([]);
    const before = bench.requests.length;
    bench.durable();
    expect(bench.requests).toHaveLength(before);
  });

  it('lets an intent die at the journal, and an announced one too (T02 F02)', () => {
    for (const answers of [0, 1]) {
      const bench = intend();
      if (answers === 1) bench.durableOnce();
      down(bench);
      bench.durable();
      expect(orderOf(bench).state).toBe('ABORTED');
      expect(bench.requests).toEqual([]);
    }
  });

  it('counts reconnects and shows the reason (F08)', () => {
    const bench = readyBench();
    relink(bench);
    relink(bench);
    expect(bench.state.core.reconnects).toBe(2);
    const reason = untrusted('kicked out');
    bench.feed({ type: 'link', state: 'MAINTENANCE', generation: generation(3), reason });
    expect(bench.state.core.link).toMatchObject({ state: 'MAINTENANCE', reason });
    expect(newestOf(bench.state.core.activity)).toMatchObject({ outside: reason });
  });

  it('entries wait until it is reconciled and READY again (5.6)', () => {
    const bench = readyBench();
    relink(bench);
    bench.quote(4_600, 4_602);
    bench.bar(4_600);
    expect(bench.state.core.orders).toEqual([]);
    bench.pass({});
    reready(bench);
    bench.bar(4_600);
    expect(bench.state.core.orders).toHaveLength(1);
  });
});

describe('a start', () => {
  it('before any bytes aborts, after the announcement is unknown; no other guess (5.2 F82)', () => {
    const before = intend();
    before.start();
    expect(orderOf(before).state).toBe('ABORTED');
    const after = intend();
    after.durable();
    after.start();
    expect(orderOf(after).state).toBe('UNKNOWN');
    const flying = fly();
    flying.start();
    expect(orderOf(flying).state).toBe('UNKNOWN');
  });

  it('keeps positions, day, streak, spent signals and the halt by the person (F82 I21 I22)', () => {
    const bench = hold();
    bench.command({ type: 'setTradingState', state: 'halted' });
    const { positions, day, lossStreak, signals, deals, stats } = bench.state.core;
    bench.start();
    const { core } = bench.state;
    expect(core.positions.map((one) => one.id)).toEqual(positions.map((one) => one.id));
    expect(core).toMatchObject({ day, lossStreak, signals, deals, stats, tradingState: 'halted' });
    expect(core.link).toMatchObject({ state: 'DISCONNECTED', generation: 0 });
  });

  it('twice in a row changes nothing more', () => {
    const bench = fly();
    bench.start();
    const { orders, positions, breakers } = bench.state.core;
    bench.start();
    expect(bench.state.core).toMatchObject({ orders, positions, breakers });
  });

  it('an empty engine starts and waits without asking anything', () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.wait(60_000);
    expect(bench.effects).toEqual([]);
  });
});
