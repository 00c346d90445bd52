/** Whole walks through the switchboard, with a transcript a trader can read. */
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  clientOrderId,
  dealId,
  money,
  positionId,
  price,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { digest, initialState } from '../../src/engine/state.ts';
import { step } from '../../src/engine/step.ts';
import { EngineBench, ringgit } from '../support/engine.ts';
import { golden } from '../support/golden.ts';

/** Falls until RSI is washed out while the news is good; ends with an intent. */
function dipWithGoodNews(bench: EngineBench): void {
  bench.start();
  bench.ready();
  for (let level = 4_598; bench.barriers.length === 0 && level > 4_500; level -= 3) {
    bench.sentiment(44);
    bench.bar(level);
  }
}

describe('step', () => {
  it('walks an order from signal to close, two barriers, one trade (T01 T03 T04 T06 I05)', () => {
    const bench = new EngineBench();
    dipWithGoodNews(bench);
    const order = bench.state.core.orders[0];
    expect(order?.state).toBe('INTENT');
    expect(bench.requests).toHaveLength(0);
    bench.durableOnce();
    expect(bench.state.core.orders[0]?.state).toBe('SEND_BEGINS');
    expect(bench.requests).toHaveLength(0);
    bench.durableOnce();
    expect(bench.requests).toHaveLength(1);
    const gen = bench.state.core.link.generation;
    const requestId = order?.id ?? '';
    bench.feed({ type: 'sent', generation: gen, requestId });
    const size = order?.volume ?? volume(0);
    const ids = { clientOrderId: clientOrderId(requestId), volume: size };
    bench.jump(80);
    bench.orderUpdate({ ...ids, positionId: positionId('500') });
    expect(bench.state.core.orders[0]?.state).toBe('ACCEPTED');
    bench.jump(60);
    bench.deal({ filled: size, price: ringgit(4_590) });
    bench.orderUpdate({ ...ids, executed: size, status: 'filled' });
    expect(bench.state.core.orders[0]?.state).toBe('FILLED');
    expect(bench.state.core.positions[0]?.state).toBe('OPENING');
    bench.jump(15);
    bench.feed({
      type: 'protection',
      generation: gen,
      positionId: positionId('500'),
      stop: ringgit(4_521),
      target: ringgit(4_681),
    });
    expect(bench.state.core.positions[0]?.state).toBe('PROTECTED');
    bench.wait(2_000);
    const gross = ((ringgit(4_681) - ringgit(4_590)) * (size / 100)) / 1_000;
    const net = money(gross - 420);
    bench.deal({
      id: dealId('2'),
      brokerOrderId: brokerOrderId('901'),
      side: 'sell',
      filled: size,
      price: ringgit(4_681),
      cause: 'target',
      close: {
        entryPrice: ringgit(4_590),
        closedVolume: size,
        grossProfit: money(gross),
        swap: money(0),
        commission: money(-420),
        conversionFee: money(0),
        balance: money(5_000_000 + net),
        balanceVersion: 2,
      },
    });
    const { core } = bench.state;
    expect(core.positions).toHaveLength(0);
    expect(core.stats).toMatchObject({ trades: 1, wins: 1, netProfit: net });
    expect(core.account?.balance).toBe(5_000_000 + net);
    expect(core.breakers.INTEGRITY.tripped).toBe(false);
    golden('engine/transcripts/dip-to-target.txt', bench.transcript());
  });

  it('is pure: the same inputs give the same states, effects and digest (I30 A10)', () => {
    const bench = new EngineBench();
    dipWithGoodNews(bench);
    bench.durable();
    const again = bench.inputs.reduce((state, input) => step(state, input)[0], initialState());
    expect(digest(again)).toBe(digest(bench.state));
    expect(again).toEqual(bench.state);
  });

  it('keeps every state JSON-serialisable, so that a checkpoint is exact (I17)', () => {
    const bench = new EngineBench();
    dipWithGoodNews(bench);
    const copy = JSON.parse(JSON.stringify(bench.state));
    const clock = { seq: bench.state.at.seq, mono: bench.state.at.mono, wall: bench.state.at.wall };
    const view = (state: typeof bench.state) => snapshot(state, clock);
    expect(JSON.stringify(view(copy))).toBe(JSON.stringify(view(bench.state)));
  });

  it('returns the very same state for a clock that changes nothing', () => {
    const bench = new EngineBench();
    bench.start();
    bench.ready();
    const before = bench.state;
    bench.feed({ type: 'clock' });
    expect(bench.state).toBe(before);
  });

  it('ignores quotes of another instrument and of an older generation (F25 I15)', () => {
    const bench = new EngineBench();
    bench.start();
    bench.ready();
    const before = bench.state.market;
    bench.quote(1, 2, { generation: 7 });
    expect(bench.state.market).toBe(before);
    expect(price(1)).toBe(1);
    expect(wall(1)).toBe(1);
  });
});
