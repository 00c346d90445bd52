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
  const common = { ref: request.requestId, time };
  switch (request.type) {
    case 'submitOrder':
      return {
        type: 'submit',
        ref: request.requestId,
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
      return { type: 'place', ...common, ...what, ...termsOf(terms) };
    }
    case 'amendOrder':
      return {
        type: 'replace',
        ...common,
        orderId: request.brokerOrderId,
        ...termsOf(request.terms),
      };
    case 'cancelOrder':
      return { type: 'cancel', ...common, orderId: request.brokerOrderId };
    case 'amendProtection': {
      const { positionId, stop, target } = request;
      return { type: 'amend', ...common, positionId, stop, target };
    }
    case 'closePosition':
      return { type: 'close', ...common, positionId: request.positionId, volume: request.volume };
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
