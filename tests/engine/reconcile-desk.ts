/**
 * What the reconciliation tests share: an order in doubt, and the broker's records about it.
 * Deliberately asserts nothing.
 */
import {
  type BrokerSnapshot,
  brokerOrderId,
  type Deal,
  dealId,
  money,
  type OrderUpdate,
  positionId,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { type EngineBench, FCPO, MORNING, ringgit } from '../support/engine.ts';
import { fly, idsOf, orderOf, relink, shownAs } from './desk.ts';

/** An order whose outcome is unknown, connected again. */
export function unknown(): EngineBench {
  const bench = fly();
  relink(bench);
  return bench;
}

export function update(bench: EngineBench, fields: Partial<OrderUpdate> = {}): OrderUpdate {
  const order = orderOf(bench);
  return {
    brokerOrderId: brokerOrderId('900'),
    positionId: positionId('500'),
    instrumentId: FCPO.id,
    side: 'buy',
    executed: volume(0),
    status: 'working',
    closing: false,
    protective: false,
    time: wall(bench.now),
    ...idsOf(order),
    ...fields,
  };
}

export const deal = (bench: EngineBench, fields: Partial<Deal> = {}): Deal => ({
  id: dealId('1'),
  brokerOrderId: brokerOrderId('900'),
  positionId: positionId('500'),
  instrumentId: FCPO.id,
  side: 'buy',
  filled: orderOf(bench).volume,
  price: ringgit(4_602),
  time: wall(bench.now - 4_000),
  commission: money(-210),
  exponent: 2,
  cause: 'request',
  ...fields,
});

export const window = (bench: EngineBench): Pick<BrokerSnapshot, 'historyFrom' | 'historyTo'> => ({
  historyFrom: wall(MORNING - 60_000),
  historyTo: wall(bench.now),
});

export const integrity = (bench: EngineBench) => bench.state.core.breakers.INTEGRITY.tripped;
export const closes = (bench: EngineBench) =>
  bench.requests.flatMap((one) => (one.type === 'closePosition' ? [one] : []));

/** Waits with quotes, a journal that answers at once and a broker that shows what we believe. */
export function waitQuotedPass(bench: EngineBench, ms: number): void {
  for (let spent = 0; spent < ms; spent += 250) {
    bench.wait(250);
    bench.quote(4_600, 4_602);
    bench.durable();
    if (bench.state.core.passesAsked.length === 0) continue;
    const shown = bench.state.core.positions.map(({ id, volume: size }) =>
      shownAs(orderOf(bench), { id, volume: size }),
    );
    bench.pass({ positions: shown });
  }
}
