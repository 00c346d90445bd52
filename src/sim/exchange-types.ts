/**
 * The words of the simulated exchange: its state, what goes in, what comes out. All of it is JSON.
 * Deliberately no behaviour and no wire names: `exchange.ts` acts, `server/` and `paper-broker.ts`
 * translate.
 *
 * Delays belong to the caller. A market order is three inputs: `submit` (answer: ACCEPTED, or a
 * refusal), `fill` (executes at the quote of that moment) and `protect` (creates the protective
 * order from the fill price). Every output that expects a follow-up names it in `due`; the caller
 * feeds it back when its delay has passed. Leaving a `due` out is how a lost fill or a missing stop
 * is simulated (F37).
 */
import type {
  Account,
  BrokerOrderId,
  BrokerPosition,
  Deal,
  Instrument,
  InstrumentId,
  Money,
  PositionId,
  Price,
  Side,
  Volume,
  Wall,
} from '../engine/index.ts';
import type { Trail } from '../engine/trail.ts';
import type { CostRules } from './costs.ts';

/** An instrument as this exchange trades it. */
export interface Listing {
  readonly instrument: Instrument;
  readonly costs: CostRules;
  /** Quote currency to deposit currency as a fraction; 1/1 when they are the same. */
  readonly quoteToDeposit: { readonly numerator: number; readonly denominator: number };
}

/** Last known sides; an absent side was never quoted (F71). */
export interface LastQuote {
  readonly bid?: Price | undefined;
  readonly ask?: Price | undefined;
  readonly time: Wall;
}

/** Those of one instrument. */
export interface QuotedInstrument extends LastQuote {
  readonly id: InstrumentId;
}

/** `PROTECTIVE` holds both levels of a position: `stopPrice` and `limitPrice`. */
export type ExchangeOrderType =
  | 'MARKET'
  | 'MARKET_RANGE'
  | 'LIMIT'
  | 'STOP'
  | 'STOP_LIMIT'
  | 'PROTECTIVE';
export type ExchangeOrderStatus = 'ACCEPTED' | 'FILLED' | 'CANCELLED' | 'EXPIRED' | 'REJECTED';

/** One order as the exchange shows it. */
export interface OrderFacts {
  readonly id: BrokerOrderId;
  readonly positionId: PositionId;
  readonly instrumentId: InstrumentId;
  readonly type: ExchangeOrderType;
  readonly status: ExchangeOrderStatus;
  readonly timeInForce: 'IOC' | 'GTC' | 'GTD';
  readonly side: Side;
  readonly volume: Volume;
  readonly executed: Volume;
  /** True for closes and for the protective order. */
  readonly closing: boolean;
  /** True when the exchange itself closed for lack of margin. */
  readonly stopOut: boolean;
  /** Of a protective order: the target. Of a LIMIT: its price. */
  readonly limitPrice?: Price | undefined;
  /** Of a protective order: the stop. Of a STOP: its trigger. */
  readonly stopPrice?: Price | undefined;
  /** Distances as they were sent with the order. */
  readonly stopDistance?: Price | undefined;
  readonly targetDistance?: Price | undefined;
  /** Absolute levels as they were sent with a pending order. */
  readonly stopLevel?: Price | undefined;
  readonly targetLevel?: Price | undefined;
  /** Of a MARKET_RANGE: the worst price it takes. */
  readonly worstPrice?: Price | undefined;
  /** Of a STOP_LIMIT: how far beyond its trigger it may execute. */
  readonly slippageMax?: Price | undefined;
  /** When a pending order ends unfilled. */
  readonly expiresAt?: Wall | undefined;
  /** True when the stop shall follow the price once the position stands. */
  readonly trails?: true | undefined;
  /** Volume-weighted price of what was executed. */
  readonly executionPrice?: Price | undefined;
  readonly clientOrderId?: string | undefined;
  readonly label?: string | undefined;
  readonly comment?: string | undefined;
  readonly createdAt: Wall;
  readonly updatedAt: Wall;
  /** When the order ended. */
  readonly closedAt?: Wall | undefined;
}

/** CREATED with volume 0: nothing filled yet, or closed while the protective order still exists. */
export type PositionStatus = 'CREATED' | 'OPEN' | 'CLOSED';

/** One position as the exchange shows it. */
export interface PositionFacts {
  readonly id: PositionId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly status: PositionStatus;
  /** 0 unless OPEN. */
  readonly volume: Volume;
  /** Volume-weighted entry; 0 unless OPEN (the broker shows 0 as well). */
  readonly entry: Price;
  readonly stop?: Price | undefined;
  readonly target?: Price | undefined;
  /** Distance the stop keeps from the price; absent when it stands still. */
  readonly trailing?: Price | undefined;
  /** At most 0: the opening side of what is still open. */
  readonly commission: Money;
  readonly swap: Money;
  readonly usedMargin: Money;
  readonly openedAt?: Wall | undefined;
  readonly updatedAt: Wall;
  readonly closedAt?: Wall | undefined;
  readonly label?: string | undefined;
  readonly comment?: string | undefined;
  /** The protective order, when there is one. */
  readonly protectiveOrderId?: BrokerOrderId | undefined;
}

/** One execution; the engine's record, with the order's volume beside it. */
export interface DealFacts extends Deal {
  readonly orderVolume: Volume;
  readonly createdAt: Wall;
}

/** Next number of each kind. The ranges differ so that mixing two ids up cannot go unnoticed. */
export interface ExchangeIds {
  readonly order: number;
  readonly position: number;
  readonly deal: number;
}

export interface ExchangeState {
  readonly account: Account;
  /** One for each instrument that is traded, in the order of their first listing. */
  readonly listings: readonly Listing[];
  /** One for each instrument that was quoted. */
  readonly quotes: readonly QuotedInstrument[];
  /** CREATED and OPEN positions, oldest first. */
  readonly positions: readonly PositionFacts[];
  /** Working orders, oldest first: accepted market orders, protective orders. */
  readonly orders: readonly OrderFacts[];
  /** Newest last, bounded. */
  readonly endedOrders: Trail<OrderFacts>;
  readonly deals: Trail<DealFacts>;
  readonly ids: ExchangeIds;
  /** Present on a netted account: whether an order may turn a position around. */
  readonly netting?: Netting | undefined;
}

/** `flip`: what is left of an opposite order opens the other side; `reduce`: it is given up. */
export type Netting = 'flip' | 'reduce';

/** What a (re)started exchange begins with. Ids must be beyond everything ever given out before. */
export interface ExchangeSeed {
  readonly account: Account;
  readonly ids: ExchangeIds;
  readonly positions: readonly BrokerPosition[];
  readonly time: Wall;
  /** Absent for a hedged account. */
  readonly netting?: Netting;
}

/** The caller's mark on a request; comes back on every answer to it. */
export type Ref = string;

export interface SubmitInput {
  readonly type: 'submit';
  readonly ref: Ref;
  readonly time: Wall;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly volume: Volume;
  /** Distances from the fill price; absent means no such level. */
  readonly stopDistance?: Price | undefined;
  readonly targetDistance?: Price | undefined;
  /** MARKET_RANGE: beyond this price the order is cancelled instead. */
  readonly worstPrice?: Price | undefined;
  readonly trails?: true | undefined;
  readonly clientOrderId?: string | undefined;
  readonly label?: string | undefined;
  readonly comment?: string | undefined;
}

/** What a pending order waits for and becomes. */
interface PendingTerms {
  readonly volume: Volume;
  readonly limitPrice?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  readonly slippageMax?: Price | undefined;
  readonly expiresAt?: Wall | undefined;
  readonly stopDistance?: Price | undefined;
  readonly targetDistance?: Price | undefined;
  readonly stopLevel?: Price | undefined;
  readonly targetLevel?: Price | undefined;
}

export interface PlaceInput extends PendingTerms {
  readonly type: 'place';
  readonly ref: Ref;
  readonly time: Wall;
  readonly instrumentId: InstrumentId;
  readonly kind: 'LIMIT' | 'STOP' | 'STOP_LIMIT';
  readonly side: Side;
  readonly clientOrderId?: string | undefined;
  readonly label?: string | undefined;
  readonly comment?: string | undefined;
}

/** Full replacement of a pending order's terms. */
export interface ReplaceInput extends PendingTerms {
  readonly type: 'replace';
  readonly ref: Ref;
  readonly time: Wall;
  readonly orderId: BrokerOrderId;
}

export interface AmendInput {
  readonly type: 'amend';
  readonly ref: Ref;
  readonly time: Wall;
  readonly positionId: PositionId;
  /** Full replacement: an absent level is removed (F39). */
  readonly stop?: Price | undefined;
  readonly target?: Price | undefined;
  /** Absent: as it was. */
  readonly trailing?: boolean | undefined;
}

export interface FillInput {
  readonly type: 'fill';
  readonly ref: Ref | undefined;
  readonly time: Wall;
  readonly orderId: BrokerOrderId;
  /** Less than the rest of the order makes a partial fill; absent fills the rest. */
  readonly volume?: Volume | undefined;
  /** Adverse distance from the quote, instead of the listing's rule. */
  readonly slippage?: Price | undefined;
}

export type ExchangeInput =
  | { readonly type: 'list'; readonly listing: Listing; readonly time: Wall }
  | {
      readonly type: 'quote';
      readonly instrumentId: InstrumentId;
      readonly bid?: Price | undefined;
      readonly ask?: Price | undefined;
      readonly time: Wall;
      /** A last known price, possibly old: it is remembered and triggers nothing (F72). */
      readonly initial: boolean;
    }
  /** The feed was lost: no side is known any more (F71). */
  | { readonly type: 'quotesLost'; readonly time: Wall }
  | SubmitInput
  | PlaceInput
  | ReplaceInput
  | { readonly type: 'expire'; readonly time: Wall; readonly orderId: BrokerOrderId }
  | FillInput
  | { readonly type: 'protect'; readonly time: Wall; readonly positionId: PositionId }
  /** Gives up the unfilled rest of an accepted market order. */
  | {
      readonly type: 'cancelRest';
      readonly ref: Ref | undefined;
      readonly time: Wall;
      readonly orderId: BrokerOrderId;
    }
  | {
      readonly type: 'close';
      readonly ref: Ref;
      readonly time: Wall;
      readonly positionId: PositionId;
      readonly volume: Volume;
    }
  | AmendInput
  | {
      readonly type: 'cancel';
      readonly ref: Ref;
      readonly time: Wall;
      readonly orderId: BrokerOrderId;
    }
  /** A charge (below 0) or credit that reaches the balance when the position closes. */
  | {
      readonly type: 'swap';
      readonly time: Wall;
      readonly positionId: PositionId;
      readonly amount: Money;
    }
  /** Deposit (above 0) or withdrawal. */
  | { readonly type: 'cash'; readonly time: Wall; readonly amount: Money };

export type ExecutionType =
  | 'ACCEPTED'
  | 'PARTIAL_FILL'
  | 'FILLED'
  | 'REPLACED'
  | 'CANCELLED'
  | 'EXPIRED';

/** What the caller must feed back after its delay. */
export type Due =
  | { readonly type: 'fill'; readonly orderId: BrokerOrderId }
  | { readonly type: 'protect'; readonly positionId: PositionId }
  /** Not after a delay but at that time. */
  | { readonly type: 'expire'; readonly orderId: BrokerOrderId; readonly at: Wall };

export interface ExecutionOutput {
  readonly type: 'execution';
  readonly execution: ExecutionType;
  /** Absent when nobody asked for it. */
  readonly ref: Ref | undefined;
  /** True when the exchange acted on its own. */
  readonly serverEvent: boolean;
  readonly order: OrderFacts;
  /** As it is after this event. */
  readonly position: PositionFacts;
  readonly deal: DealFacts | undefined;
  readonly due: Due | undefined;
  readonly time: Wall;
}

/** The broker's names, as they travel. */
export type RefusalCode =
  | 'TRADING_BAD_VOLUME'
  | 'TRADING_BAD_STOPS'
  | 'TRADING_BAD_PRICES'
  | 'TRADING_BAD_EXPIRATION_DATE'
  | 'TRADING_DISABLED'
  | 'INVALID_REQUEST'
  | 'MARKET_CLOSED'
  | 'NOT_ENOUGH_MONEY'
  | 'POSITION_NOT_FOUND'
  | 'ORDER_NOT_FOUND'
  | 'SYMBOL_NOT_FOUND'
  | 'NO_QUOTES';

export interface RefusedOutput {
  readonly type: 'refused';
  readonly ref: Ref;
  readonly code: RefusalCode;
  readonly description: string;
  readonly orderId: BrokerOrderId | undefined;
  readonly positionId: PositionId | undefined;
  readonly time: Wall;
}

export type ExchangeOutput =
  | ExecutionOutput
  | RefusedOutput
  | { readonly type: 'swap'; readonly position: PositionFacts; readonly time: Wall }
  /** A stop has followed the price. */
  | {
      readonly type: 'trailing';
      readonly position: PositionFacts;
      readonly order: OrderFacts;
      readonly time: Wall;
    }
  | {
      readonly type: 'cash';
      readonly amount: Money;
      readonly balance: Money;
      readonly balanceVersion: number;
      readonly time: Wall;
    };

/** The one function: `stepExchange(state, input)`. */
export type ExchangeStep = (
  state: ExchangeState,
  input: ExchangeInput,
) => readonly [ExchangeState, readonly ExchangeOutput[]];
