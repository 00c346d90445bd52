/**
 * The reference day: entries, a stop, an unknown outcome, a lost link, commands and a tripped
 * breaker.
 * Deliberately recorded once as inputs, so that it can be cut, restored and interrupted anywhere.
 */
import { brokerOrderId, dealId, positionId } from '../../src/engine/index.ts';
import type { EngineBench } from '../support/engine.ts';
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
  shownAs,
  waitQuoted,
} from './desk.ts';

/** One bar later: an entry, its bytes out. */
function enter(bench: EngineBench, level: number): void {
  bench.bar(level);
  bench.durable();
  sent(bench, orderOf(bench).id);
}

function fill(bench: EngineBench, id: string, position: string): void {
  const order = orderOf(bench);
  const brokerId = brokerOrderId(`90${id}`);
  const held = positionId(position);
  const ids = { ...idsOf(order), brokerOrderId: brokerId, positionId: held };
  bench.orderUpdate(ids);
  bench.deal({ id: dealId(id), brokerOrderId: brokerId, positionId: held, filled: order.volume });
  bench.orderUpdate({ ...ids, executed: order.volume, status: 'filled' });
  protect(bench, 4_532, position);
}

/** The whole of a position is closed by one deal. */
function close(bench: EngineBench, id: string, position: string, net: number): void {
  const size = orderOf(bench).volume;
  bench.deal({ ...closingDeal(bench, { id, size, net }), positionId: positionId(position) });
}

/** A whole day with something of everything; ends with a streak of two and DAILY_LOSS tripped. */
export function referenceDay(): EngineBench {
  const bench = readyBench({ ...EAGER, timeframeMs: 60_000 });
  enter(bench, 4_600);
  fill(bench, '1', '500');
  bench.bar(4_604);
  close(bench, '2', '500', 4_000);
  enter(bench, 4_603);
  relink(bench, 3_000);
  bench.pass({ positions: [shownAs(orderOf(bench), { id: positionId('600') })] });
  reready(bench);
  bench.command({ type: 'flatten' });
  bench.durable();
  sent(bench, 'close-600-1');
  close(bench, '3', '600', -9_000);
  waitQuoted(bench, 5_000);
  enter(bench, 4_602);
  fill(bench, '4', '700');
  bench.command({ type: 'setTradingState', state: 'reducing' });
  close(bench, '5', '700', -300_000);
  bench.bar(4_590);
  bench.command({ type: 'setTradingState', state: 'active' });
  bench.bar(4_580);
  return bench;
}
