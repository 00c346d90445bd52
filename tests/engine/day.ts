/**
 * The reference day: entries, a stop, an unknown outcome, a lost link, commands and a tripped
 * breaker.
 * Deliberately recorded once as inputs, so that it can be cut, restored and interrupted anywhere.
 */
import { positionId } from '../../src/engine/index.ts';
import type { EngineBench } from '../support/engine.ts';
import {
  closingDeal,
  EAGER,
  idsOf,
  orderOf,
  positionOf,
  protect,
  readyBench,
  relink,
  reready,
  sent,
  shownAs,
  waitQuoted,
} from './desk.ts';

const PID = positionId('500');

/** One bar later: an entry, its bytes out. */
function enter(bench: EngineBench, level: number): void {
  bench.bar(level);
  bench.durable();
  sent(bench, orderOf(bench).id);
}

function fill(bench: EngineBench, id: string): void {
  const order = orderOf(bench);
  const ids = { ...idsOf(order), brokerOrderId: `90${id}` as never, positionId: PID };
  bench.orderUpdate(ids);
  bench.deal({ id: id as never, brokerOrderId: ids.brokerOrderId, filled: order.volume });
  bench.orderUpdate({ ...ids, executed: order.volume, status: 'filled' });
  protect(bench);
}

/** A whole day with something of everything; ends with a streak of two and DAILY_LOSS tripped. */
export function referenceDay(): EngineBench {
  const bench = readyBench({ ...EAGER, timeframeMs: 60_000 });
  enter(bench, 4_600);
  fill(bench, '1');
  bench.bar(4_604);
  bench.deal(
    closingDeal(bench, { id: '2', size: positionOf(bench).volume, net: 4_000, cause: 'target' }),
  );
  enter(bench, 4_603);
  relink(bench, 3_000);
  bench.pass({ positions: [shownAs(orderOf(bench), { id: positionId('600') })] });
  reready(bench);
  bench.command({ type: 'flatten' });
  bench.durable();
  sent(bench, 'close-600-1');
  bench.deal({
    ...closingDeal(bench, { id: '3', size: orderOf(bench).volume, net: -9_000 }),
    positionId: positionId('600'),
  });
  waitQuoted(bench, 5_000);
  enter(bench, 4_602);
  fill(bench, '4');
  bench.command({ type: 'setTradingState', state: 'reducing' });
  bench.deal(
    closingDeal(bench, { id: '5', size: positionOf(bench).volume, net: -300_000, cause: 'stop' }),
  );
  bench.bar(4_590);
  bench.command({ type: 'setTradingState', state: 'active' });
  bench.bar(4_580);
  return bench;
}
