/**
 * What the breaker tests share: how to trip exactly one of them, and what was recorded about it.
 * Deliberately asserts nothing.
 */
import {
  type BreakerName,
  brokerOrderId,
  type CommandBody,
  dealId,
  positionId,
  untrusted,
} from '../../../src/engine/index.ts';
import { brokerPosition, EngineBench, MORNING, quietBars, ringgit } from '../../support/engine.ts';
import {
  closingDeal,
  EAGER,
  failed,
  hold,
  idsOf,
  orderOf,
  positionOf,
  protect,
  readyBench,
  relink,
  reready,
  sent,
  waitQuoted,
} from '../desk.ts';

export const HOUR = 3_600_000;
export const tripped = (bench: EngineBench, name: BreakerName) =>
  bench.state.core.breakers[name].tripped;
export const changes = (bench: EngineBench, name: BreakerName) =>
  bench.effects.flatMap((one) =>
    one.type === 'record' && one.record.kind === 'breaker' && one.record.breaker === name
      ? [one.record.change]
      : [],
  );
export const reset = (breaker: BreakerName): CommandBody => ({
  type: 'resetBreaker',
  breaker,
  reason: untrusted('looked at it'),
});

export function streak(bench: EngineBench, lossStreak: number): void {
  bench.state = { ...bench.state, core: { ...bench.state.core, lossStreak } };
}

/** Loses an amount by one of our positions, closed. */
export function lose(bench: EngineBench, amount: number): void {
  bench.deal(
    closingDeal(bench, { id: `l${bench.now}`, size: positionOf(bench).volume, net: -amount }),
  );
}

/** Puts the engine into a state in which exactly this breaker is tripped. */
export const TRIPS: Readonly<Record<BreakerName, () => EngineBench>> = {
  DAILY_LOSS: () => {
    const bench = hold();
    lose(bench, 250_000);
    return bench;
  },
  LOSS_STREAK: () => {
    const bench = hold();
    streak(bench, 2);
    lose(bench, 1);
    return bench;
  },
  VOLATILITY: () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.ready({ bars: quietBars(60, 4_600, MORNING, EAGER.timeframeMs) });
    return bench;
  },
  FEED: () => {
    const bench = readyBench();
    bench.wait(15_250);
    return bench;
  },
  KILL: () => {
    const bench = readyBench();
    bench.command({ type: 'kill', flatten: false });
    return bench;
  },
  INTEGRITY: () => {
    const bench = hold();
    bench.wait(4_000);
    bench.quote(4_600, 4_602);
    bench.pass({ positions: [brokerPosition()].map((one) => ({ ...one, side: 'sell' as const })) });
    return bench;
  },
  PERSISTENCE: () => {
    const bench = readyBench();
    bench.feed({ type: 'journalFault', reason: untrusted('no space left') });
    return bench;
  },
  SPREAD: () => {
    const bench = readyBench({ ...EAGER, timeframeMs: 60_000 });
    for (let count = 0; count < 3; count += 1) wideBar(bench);
    return bench;
  },
  SLIPPAGE: () => {
    const bench = readyBench();
    for (const at of [4_620, 4_620]) slip(bench, at);
    return bench;
  },
  REJECTS: () => {
    const bench = readyBench({ ...EAGER, timeframeMs: 60_000 });
    for (let count = 0; count < 3; count += 1) refuse(bench);
    return bench;
  },
  ORDER_RATE: () => {
    const bench = readyBench({ ...EAGER, entriesPerDay: 1 });
    enter(bench);
    return bench;
  },
  CONNECTIVITY: () => {
    const bench = readyBench();
    for (let count = 0; count < 5; count += 1) relink(bench, 250);
    bench.pass({});
    reready(bench);
    return bench;
  },
  CLOCK: () => {
    const bench = readyBench();
    skew(bench, 5_000);
    return bench;
  },
  AUTH: () => {
    const bench = readyBench();
    const { generation: now } = bench.state.core.link;
    bench.feed({ type: 'link', state: 'AUTH_HALT', generation: now, authRefusals: 3 });
    return bench;
  },
  LOOP: () => {
    const bench = readyBench();
    bench.feed({ type: 'host', loopDelayMs: 5_000 });
    return bench;
  },
};

/** A bar whose end shows a spread too wide for the entry it would bring. */
export function wideBar(bench: EngineBench): void {
  const timeframeMs = bench.state.core.config?.timeframeMs ?? 0;
  waitQuoted(bench, timeframeMs - (bench.now % timeframeMs) - 1_000);
  bench.wait(1_000);
  bench.quote(4_600, 4_612);
  bench.quote(4_600, 4_602);
}

/** An entry that leaves and is refused by the broker for good. */
export function refuse(bench: EngineBench): void {
  enter(bench);
  failed(bench, orderOf(bench).id, { definitive: true, code: 'TRADING_BAD_STOPS' });
}

/** The next closed bar brings an entry, and its bytes leave. */
export function enter(bench: EngineBench): void {
  const known = bench.state.core.orders.length;
  for (let bars = 0; bars < 3 && bench.state.core.orders.length === known; bars += 1) {
    bench.bar(4_600);
  }
  bench.durable();
  sent(bench, orderOf(bench).id);
}

/** An entry filled at this price, and closed again without a result that matters. */
export function slip(bench: EngineBench, at: number): void {
  enter(bench);
  const order = orderOf(bench);
  const id = String(500 + bench.state.core.orders.length);
  const brokerId = brokerOrderId(`9${id}`);
  bench.orderUpdate({ ...idsOf(order), brokerOrderId: brokerId, positionId: positionId(id) });
  bench.deal({
    id: dealId(`o${id}`),
    brokerOrderId: brokerId,
    positionId: positionId(id),
    filled: order.volume,
    price: ringgit(at),
  });
  protect(bench, 4_532, id);
  const size = positionOf(bench).volume;
  bench.deal({
    ...closingDeal(bench, { id: `c${id}`, size, net: 100 }),
    positionId: positionId(id),
  });
}

export function skew(bench: EngineBench, skewMs: number): void {
  bench.feed({ type: 'clockSkew', generation: bench.state.core.link.generation, skewMs });
}
