// One side of the comparison: what its events come to, in whatever order they arrive.
import { expect, it } from 'vitest';
import {
  type BrokerEvent,
  brokerOrderId,
  clientOrderId,
  type Deal,
  dealId,
  generation,
  money,
  positionId,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { FCPO_ID } from '../../src/sim/fcpo.ts';
import { createLegs } from '../../src/sim/shadow-legs.ts';
import { ringgit } from './exchange-desk.ts';

const ID = clientOrderId('c-1');
const here = { generation: generation(1) };
const common = {
  brokerOrderId: brokerOrderId('1'),
  positionId: positionId('2'),
  instrumentId: FCPO_ID,
  side: 'buy',
  time: wall(5),
} as const;
const order = (status: 'filled' | 'cancelled', executed: number): BrokerEvent => ({
  type: 'orderUpdate',
  ...here,
  update: {
    ...common,
    clientOrderId: ID,
    volume: volume(200),
    executed: volume(executed),
    status,
    closing: false,
    protective: false,
  },
});
const deal = (id: string, at: number, filled = 100): BrokerEvent => ({
  type: 'deal',
  ...here,
  deal: {
    ...common,
    id: dealId(id),
    filled: volume(filled),
    price: ringgit(at),
    commission: money(0),
    exponent: 2,
    cause: 'request',
  } satisfies Deal,
});
const legs = () => {
  const side = createLegs(() => 'buy');
  side.expect(ID, 'r-1');
  return side;
};

it('averages partial fills and counts each deal once (F32 I12)', () => {
  const side = legs();
  side.hear(order('filled', 200));
  for (const event of [deal('1', 4_000), deal('1', 4_000), deal('2', 4_002)]) side.hear(event);
  expect(side.leg(ID)).toMatchObject({ state: 'open', filled: 200, entry: ringgit(4_001) });
});

it('a deal that comes before its order is kept for it (F32)', () => {
  const side = legs();
  expect(side.hear(deal('1', 4_000))).toEqual([]);
  expect(side.hear(order('filled', 200))).toEqual([ID]);
  expect(side.leg(ID)).toMatchObject({ state: 'open', filled: 100 });
});

it('an order that ended without a fill is none', () => {
  const side = legs();
  side.hear(order('cancelled', 0));
  expect(side.leg(ID).state).toBe('none');
});
