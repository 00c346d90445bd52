/**
 * Short ways to the situations the engine's tests need: an intent, an order in flight, an open
 * position.
 * Deliberately plays the broker by hand through the bench; it asserts nothing.
 */
import {
  brokerOrderId,
  type ClientOrderId,
  clientOrderId,
  type Deal,
  type DealClose,
  dealId,
  type EngineConfig,
  money,
  positionId,
  price,
  untrusted,
  type Volume,
  volume,
} from '../../src/engine/index.ts';
import { labelOf } from '../../src/engine/orders.ts';
import type { Order, Position } from '../../src/engine/state.ts';
import { brokerPosition, CONFIG, EngineBench, ringgit } from '../support/engine.ts';

/** Buys at the first closed bar, whatever the market does. */
export const EAGER: EngineConfig = {
  ...CONFIG,
  rsiOversold: 99,
  rsiOverbought: 100,
  sentimentMode: 'off',
};

export function readyBench(config: EngineConfig = EAGER): EngineBench {
  const bench = new EngineBench(config);
  bench.start();
  bench.ready();
  return bench;
}

export function orderOf(bench: EngineBench): Order {
  const order = bench.state.core.orders.at(-1);
  if (order === undefined) throw new Error('there is no order');
  return order;
}

export function positionOf(bench: EngineBench): Position {
  const position = bench.state.core.positions[0];
  if (position === undefined) throw new Error('there is no position');
  return position;
}

/** What a person does before the bar closes. */
type Prepare = (bench: EngineBench) => unknown;

/** One closed bar later the engine intends to buy; nothing is durable yet. */
export function intend(
  config: EngineConfig = EAGER,
  prepare: Prepare = () => undefined,
): EngineBench {
  const bench = readyBench(config);
  prepare(bench);
  bench.bar(4_600);
  orderOf(bench);
  return bench;
}

/** The bytes of an entry are out and nobody answered. */
export function fly(config: EngineConfig = EAGER, prepare?: Prepare): EngineBench {
  const bench = intend(config, prepare);
  bench.durable();
  sent(bench, orderOf(bench).id);
  return bench;
}

export function sent(bench: EngineBench, requestId: string): void {
  bench.feed({ type: 'sent', generation: bench.state.core.link.generation, requestId });
}

export function failed(
  bench: EngineBench,
  requestId: string,
  options: { definitive: boolean; code?: string },
): void {
  bench.feed({
    type: 'requestFailed',
    generation: bench.state.core.link.generation,
    requestId,
    definitive: options.definitive,
    code: options.code ?? 'CODE',
    description: untrusted('words of the broker'),
  });
}

/** The broker shows a stop and the usual target on a position. */
export function protect(bench: EngineBench, stop = 4_532, id = '500'): void {
  bench.feed({
    type: 'protection',
    generation: bench.state.core.link.generation,
    positionId: positionId(id),
    stop: ringgit(stop),
    target: ringgit(4_694),
  });
}

export const idsOf = (order: Order): { clientOrderId: ClientOrderId; volume: Volume } => ({
  clientOrderId: clientOrderId(order.id),
  volume: order.volume,
});

/** Accepted, filled at 4602 and protected by the broker. */
export function hold(config: EngineConfig = EAGER, prepare?: Prepare): EngineBench {
  const bench = fly(config, prepare);
  const order = orderOf(bench);
  bench.orderUpdate({ ...idsOf(order), positionId: positionId('500') });
  bench.deal({ filled: order.volume });
  bench.orderUpdate({ ...idsOf(order), executed: order.volume, status: 'filled' });
  protect(bench);
  return bench;
}

/** Every look at the broker that was asked for comes to nothing: none is on its way any more. */
export function unanswered(bench: EngineBench): void {
  const { generation } = bench.state.core.link;
  const pass = { complete: false, reason: untrusted('timed out') } as const;
  while (bench.state.core.passesAsked.length > 0) {
    bench.feed({ type: 'brokerSnapshot', generation, pass });
  }
}

/** The money of a close of the 4602 position: balance follows the one before. */
export function closeOf(
  size: number,
  net: number,
  account: { balance: number; version: number },
): DealClose {
  return {
    entryPrice: ringgit(4_602),
    closedVolume: volume(size),
    grossProfit: money(net + 420),
    swap: money(0),
    commission: money(-420),
    conversionFee: money(0),
    balance: money(account.balance + net),
    balanceVersion: account.version + 1,
  };
}

/** A closing deal of position 500 that follows the account as the engine knows it. */
export function closingDeal(
  bench: EngineBench,
  fields: { id: string; size: number; net: number } & Partial<Pick<Deal, 'cause'>>,
): Partial<Deal> {
  const { account } = bench.state.core;
  const { balance = money(0), balanceVersion = 0 } = account ?? {};
  return {
    id: dealId(fields.id),
    brokerOrderId: brokerOrderId(`9${fields.id}`),
    side: 'sell',
    filled: volume(fields.size),
    price: price(ringgit(4_602) + Math.sign(fields.net) * 1_000_000),
    cause: fields.cause ?? 'stop',
    close: closeOf(fields.size, fields.net, { balance, version: balanceVersion }),
  };
}

/** The position of an order of ours as a snapshot of the broker shows it. */
export const shownAs = (order: Order, fields: Parameters<typeof brokerPosition>[0] = {}) =>
  brokerPosition({ label: untrusted(labelOf(order.id)), volume: order.volume, ...fields });

/** The link falls and comes back as the next generation, up to SYNCING. */
export function relink(bench: EngineBench, downMs = 5_000): void {
  const old = bench.state.core.link.generation;
  bench.feed({ type: 'link', state: 'DISCONNECTED', generation: old });
  bench.wait(downMs);
  const next = (old + 1) as typeof old;
  bench.feed({ type: 'link', state: 'SYNCING', generation: next });
}

/** READY again with a fresh quote; the first pass must have been told before. */
export function reready(bench: EngineBench): void {
  const { generation } = bench.state.core.link;
  bench.quote(4_600, 4_602);
  bench.feed({ type: 'link', state: 'READY', generation });
  bench.wait(250);
}

/** Waits with a fresh quote every second, so that only what is looked at can happen. */
export function waitQuoted(bench: EngineBench, ms: number, bid = 4_600): void {
  for (let left = ms; left > 0; left -= 1_000) {
    bench.wait(Math.min(left, 1_000));
    bench.quote(bid, bid + 2);
  }
}
