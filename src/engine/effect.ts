/**
 * Everything that can leave the engine. Six kinds; a seventh is a design review.
 * Deliberately plain data: `drive` hands effects out, nothing here does anything.
 */

import type { DecisionRecord, DecisionRun } from './decision-record.ts';
import type { BreakerName } from './event.ts';
import type { OrderState, Side } from './model.ts';
import type { ReconcileRow } from './snapshot-shape.ts';
import type {
  BrokerOrderId,
  ClientOrderId,
  CommandId,
  DealId,
  InstrumentId,
  Money,
  PositionId,
  Price,
  Volume,
  Wall,
} from './units.ts';

/** What an order waits for; prices on the grid. Without `expiresAt` it waits until cancelled. */
export type OrderTerms = {
  readonly volume: Volume;
  readonly expiresAt?: Wall;
  /** Distances from the fill price, as with a market order. */
  readonly stopDistance: Price;
  readonly targetDistance: Price;
} & (
  | { readonly kind: 'limit' | 'stop'; readonly price: Price }
  /** Beyond `price` by more than `slippage` it is cancelled instead. */
  | { readonly kind: 'stop-limit'; readonly price: Price; readonly slippage: Price }
);

/** How far from a price a market order may fill; what does not is cancelled by the broker. */
export interface OrderRange {
  readonly base: Price;
  /** A whole number of ticks, at least 0, against the trader. */
  readonly slippage: Price;
}

/** Everything that can move money. `requestId` correlates every answer (F19). */
export type BrokerRequest =
  | {
      readonly type: 'submitOrder';
      readonly requestId: string;
      readonly clientOrderId: ClientOrderId;
      /** Product tag and client order id; a position carries only this (5.1). */
      readonly label: string;
      readonly instrumentId: InstrumentId;
      readonly side: Side;
      readonly volume: Volume;
      /** Distances from the fill price, on the instrument's grid; the broker applies them. */
      readonly stopDistance: Price;
      readonly targetDistance: Price;
      /** Absent: at whatever the market gives. */
      readonly range?: OrderRange;
    }
  /** An order that waits. The engine never sends one: what waits could fill unwatched. */
  | {
      readonly type: 'placeOrder';
      readonly requestId: string;
      readonly clientOrderId: ClientOrderId;
      readonly label: string;
      readonly instrumentId: InstrumentId;
      readonly side: Side;
      readonly terms: OrderTerms;
    }
  | {
      readonly type: 'amendOrder';
      readonly requestId: string;
      readonly brokerOrderId: BrokerOrderId;
      /** All of them, always: what is omitted the broker removes (F39). The kind stays. */
      readonly terms: OrderTerms;
    }
  | {
      readonly type: 'cancelOrder';
      readonly requestId: string;
      readonly brokerOrderId: BrokerOrderId;
    }
  | {
      readonly type: 'amendProtection';
      readonly requestId: string;
      readonly positionId: PositionId;
      /** Always both legs: what is omitted is removed by the broker (F39). */
      readonly stop: Price;
      readonly target: Price | undefined;
    }
  | {
      readonly type: 'closePosition';
      readonly requestId: string;
      readonly positionId: PositionId;
      readonly volume: Volume;
    };

/** Questions never move money. */
export type BrokerQuery =
  | { readonly type: 'reconcile'; readonly historyFrom: Wall | undefined }
  | {
      readonly type: 'bars';
      readonly instrumentId: InstrumentId;
      readonly timeframeMs: number;
      readonly count: number;
    };

/** What the journal keeps beside the inputs, so that every act can be explained (I31). */
export type JournalRecord =
  | {
      readonly kind: 'order';
      readonly clientOrderId: ClientOrderId;
      readonly from: OrderState | undefined;
      readonly to: OrderState;
      readonly side: Side;
      readonly volume: Volume;
      readonly reason: string;
    }
  | { readonly kind: 'decision'; readonly decision: DecisionRecord }
  | {
      readonly kind: 'position';
      readonly positionId: PositionId;
      readonly state: string;
      readonly reason: string;
    }
  | { readonly kind: 'request'; readonly request: BrokerRequest; readonly reason: string }
  | { readonly kind: 'deal'; readonly dealId: DealId; readonly net: Money; readonly reason: string }
  | {
      readonly kind: 'breaker';
      readonly breaker: BreakerName;
      readonly change: 'tripped' | 'cleared';
      readonly reason: string;
    }
  | { readonly kind: 'dayOpened'; readonly dayKey: number; readonly openingEquity: Money }
  | {
      readonly kind: 'command';
      readonly commandId: CommandId;
      readonly outcome: 'accepted' | 'done' | 'failed' | 'refused';
      readonly reason: string;
    }
  | {
      readonly kind: 'arming';
      readonly change: 'armed' | 'disarmed' | 'expired';
      readonly account: string;
      /** Until when it holds; absent when it ends. */
      readonly until: Wall | undefined;
      /** Who, or why. */
      readonly reason: string;
    }
  /** What a look at the broker showed otherwise than we believed, both sides in words (6 f). */
  | {
      readonly kind: 'difference';
      readonly row: ReconcileRow;
      readonly subject: string;
      readonly text: string;
    }
  | { readonly kind: 'note'; readonly text: string };

export type AlertLevel = 'info' | 'warning' | 'critical';

export type Effect =
  | {
      readonly type: 'record';
      readonly record: JournalRecord;
      /** True when the engine waits for a `durable` event that covers this input (A5). */
      readonly barrier: boolean;
    }
  /** So many records of decisions, none of which anything waits for: of a stretch of bars. */
  | { readonly type: 'decisions'; readonly decisions: DecisionRun }
  | { readonly type: 'transmit'; readonly request: BrokerRequest }
  | { readonly type: 'query'; readonly query: BrokerQuery }
  | { readonly type: 'subscribe'; readonly instrumentId: InstrumentId }
  | { readonly type: 'alert'; readonly level: AlertLevel; readonly text: string };
