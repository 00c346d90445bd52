/**
 * A request in the engine's words as an input of the simulated exchange.
 * Deliberately the same for every simulated broker; what differs is when it is applied.
 */
import {
  type BrokerRequest,
  type OrderTerms,
  type Price,
  price,
  type Wall,
} from '../engine/index.ts';
import type { ExchangeInput } from './exchange-types.ts';

type Submit = Extract<BrokerRequest, { type: 'submitOrder' }>;

/** `time` is when the exchange hears of it. */
export function inputOf(request: BrokerRequest, time: Wall): ExchangeInput {
  const ref = request.requestId;
  switch (request.type) {
    case 'submitOrder':
      return {
        type: 'submit',
        ref,
        time,
        instrumentId: request.instrumentId,
        side: request.side,
        volume: request.volume,
        stopDistance: request.stopDistance,
        targetDistance: request.targetDistance,
        worstPrice: worstOf(request),
        clientOrderId: request.clientOrderId,
        label: request.label,
      };
    case 'placeOrder': {
      const { instrumentId, side, clientOrderId, label, terms } = request;
      const kind = KINDS[terms.kind];
      const what = { instrumentId, side, kind, clientOrderId, label };
      return { type: 'place', ref, time, ...what, ...termsOf(terms) };
    }
    case 'amendOrder':
      return {
        type: 'replace',
        ref,
        time,
        orderId: request.brokerOrderId,
        ...termsOf(request.terms),
      };
    case 'cancelOrder':
      return { type: 'cancel', ref, time, orderId: request.brokerOrderId };
    case 'amendProtection': {
      const { positionId, stop, target } = request;
      return { type: 'amend', ref, time, positionId, stop, target };
    }
    case 'closePosition': {
      const { positionId, volume } = request;
      return { type: 'close', ref, time, positionId, volume };
    }
  }
}

const KINDS = { limit: 'LIMIT', stop: 'STOP', 'stop-limit': 'STOP_LIMIT' } as const;

/** The last price a range lets the order have. */
function worstOf({ range, side }: Submit): Price | undefined {
  if (range === undefined) return undefined;
  return price(side === 'buy' ? range.base + range.slippage : range.base - range.slippage);
}

const termsOf = (terms: OrderTerms) => ({
  volume: terms.volume,
  stopDistance: terms.stopDistance,
  targetDistance: terms.targetDistance,
  ...(terms.kind === 'limit' ? { limitPrice: terms.price } : { stopPrice: terms.price }),
  ...(terms.kind === 'stop-limit' ? { slippageMax: terms.slippage } : {}),
  expiresAt: terms.expiresAt,
});
