// Generated from proto/ by scripts/gen-schema.ts: descriptor, message types, enums.
// Not edited by hand; run `npx tsx scripts/gen-schema.ts`. It contains no behaviour.

/** An enum as it arrives: brokers add values, so every number must be expected (F15). */
export type Open<E extends number> = E | (number & Record<never, never>);

/** Fields of one message by name. */
export type MessageDescriptor = Readonly<Record<string, FieldDescriptor>>;

/** One field as protobufjs wants it; enums are int32, `options.enum` remembers which. */
export interface FieldDescriptor {
  readonly type: string;
  readonly id: number;
  readonly rule?: 'required' | 'repeated';
  readonly options?: {
    readonly default?: number | boolean | string;
    readonly packed?: true;
    readonly enum?: string;
    readonly identifier?: true;
  };
}

/** Type numbers of the common messages. */
export const ProtoPayloadType = {
  PROTO_MESSAGE: 5,
  ERROR_RES: 50,
  HEARTBEAT_EVENT: 51,
} as const;
export type ProtoPayloadType = (typeof ProtoPayloadType)[keyof typeof ProtoPayloadType];

/** Common errors. The wire carries the NAME. */
export const ProtoErrorCode = {
  /** Generic. */
  UNKNOWN_ERROR: 1,
  /** Unknown message. */
  UNSUPPORTED_MESSAGE: 2,
  /** Bad input; also used for an account that is not authorised and for missing subscriptions. */
  INVALID_REQUEST: 3,
  /** Execution timed out: the outcome is unknown. */
  TIMEOUT_ERROR: 5,
  /** Id lookup failed. */
  ENTITY_NOT_FOUND: 6,
  /** Wrong host for the account, or back end down. */
  CANT_ROUTE_REQUEST: 7,
  /** Message too big. */
  FRAME_TOO_LONG: 8,
  /** Outside trading hours. */
  MARKET_CLOSED: 9,
  /** Order is being executed. */
  CONCURRENT_MODIFICATION: 10,
  /** Too many requests of this type; see retryAfter. */
  BLOCKED_PAYLOAD_TYPE: 11,
} as const;
export type ProtoErrorCode = (typeof ProtoErrorCode)[keyof typeof ProtoErrorCode];

/** Type numbers of the Open API messages, 2100 to 2188 without a gap. */
export const ProtoOAPayloadType = {
  PROTO_OA_APPLICATION_AUTH_REQ: 2100,
  PROTO_OA_APPLICATION_AUTH_RES: 2101,
  PROTO_OA_ACCOUNT_AUTH_REQ: 2102,
  PROTO_OA_ACCOUNT_AUTH_RES: 2103,
  PROTO_OA_VERSION_REQ: 2104,
  PROTO_OA_VERSION_RES: 2105,
  PROTO_OA_NEW_ORDER_REQ: 2106,
  PROTO_OA_TRAILING_SL_CHANGED_EVENT: 2107,
  PROTO_OA_CANCEL_ORDER_REQ: 2108,
  PROTO_OA_AMEND_ORDER_REQ: 2109,
  PROTO_OA_AMEND_POSITION_SLTP_REQ: 2110,
  PROTO_OA_CLOSE_POSITION_REQ: 2111,
  PROTO_OA_ASSET_LIST_REQ: 2112,
  PROTO_OA_ASSET_LIST_RES: 2113,
  PROTO_OA_SYMBOLS_LIST_REQ: 2114,
  PROTO_OA_SYMBOLS_LIST_RES: 2115,
  PROTO_OA_SYMBOL_BY_ID_REQ: 2116,
  PROTO_OA_SYMBOL_BY_ID_RES: 2117,
  PROTO_OA_SYMBOLS_FOR_CONVERSION_REQ: 2118,
  PROTO_OA_SYMBOLS_FOR_CONVERSION_RES: 2119,
  PROTO_OA_SYMBOL_CHANGED_EVENT: 2120,
  PROTO_OA_TRADER_REQ: 2121,
  PROTO_OA_TRADER_RES: 2122,
  PROTO_OA_TRADER_UPDATE_EVENT: 2123,
  PROTO_OA_RECONCILE_REQ: 2124,
  PROTO_OA_RECONCILE_RES: 2125,
  PROTO_OA_EXECUTION_EVENT: 2126,
  PROTO_OA_SUBSCRIBE_SPOTS_REQ: 2127,
  PROTO_OA_SUBSCRIBE_SPOTS_RES: 2128,
  PROTO_OA_UNSUBSCRIBE_SPOTS_REQ: 2129,
  PROTO_OA_UNSUBSCRIBE_SPOTS_RES: 2130,
  PROTO_OA_SPOT_EVENT: 2131,
  PROTO_OA_ORDER_ERROR_EVENT: 2132,
  PROTO_OA_DEAL_LIST_REQ: 2133,
  PROTO_OA_DEAL_LIST_RES: 2134,
  PROTO_OA_SUBSCRIBE_LIVE_TRENDBAR_REQ: 2135,
  PROTO_OA_UNSUBSCRIBE_LIVE_TRENDBAR_REQ: 2136,
  PROTO_OA_GET_TRENDBARS_REQ: 2137,
  PROTO_OA_GET_TRENDBARS_RES: 2138,
  PROTO_OA_EXPECTED_MARGIN_REQ: 2139,
  PROTO_OA_EXPECTED_MARGIN_RES: 2140,
  PROTO_OA_MARGIN_CHANGED_EVENT: 2141,
  PROTO_OA_ERROR_RES: 2142,
  PROTO_OA_CASH_FLOW_HISTORY_LIST_REQ: 2143,
  PROTO_OA_CASH_FLOW_HISTORY_LIST_RES: 2144,
  PROTO_OA_GET_TICKDATA_REQ: 2145,
  PROTO_OA_GET_TICKDATA_RES: 2146,
  PROTO_OA_ACCOUNTS_TOKEN_INVALIDATED_EVENT: 2147,
  PROTO_OA_CLIENT_DISCONNECT_EVENT: 2148,
  PROTO_OA_GET_ACCOUNTS_BY_ACCESS_TOKEN_REQ: 2149,
  PROTO_OA_GET_ACCOUNTS_BY_ACCESS_TOKEN_RES: 2150,
  PROTO_OA_GET_CTID_PROFILE_BY_TOKEN_REQ: 2151,
  PROTO_OA_GET_CTID_PROFILE_BY_TOKEN_RES: 2152,
  PROTO_OA_ASSET_CLASS_LIST_REQ: 2153,
  PROTO_OA_ASSET_CLASS_LIST_RES: 2154,
  PROTO_OA_DEPTH_EVENT: 2155,
  PROTO_OA_SUBSCRIBE_DEPTH_QUOTES_REQ: 2156,
  PROTO_OA_SUBSCRIBE_DEPTH_QUOTES_RES: 2157,
  PROTO_OA_UNSUBSCRIBE_DEPTH_QUOTES_REQ: 2158,
  PROTO_OA_UNSUBSCRIBE_DEPTH_QUOTES_RES: 2159,
  PROTO_OA_SYMBOL_CATEGORY_REQ: 2160,
  PROTO_OA_SYMBOL_CATEGORY_RES: 2161,
  PROTO_OA_ACCOUNT_LOGOUT_REQ: 2162,
  PROTO_OA_ACCOUNT_LOGOUT_RES: 2163,
  PROTO_OA_ACCOUNT_DISCONNECT_EVENT: 2164,
  PROTO_OA_SUBSCRIBE_LIVE_TRENDBAR_RES: 2165,
  PROTO_OA_UNSUBSCRIBE_LIVE_TRENDBAR_RES: 2166,
  PROTO_OA_MARGIN_CALL_LIST_REQ: 2167,
  PROTO_OA_MARGIN_CALL_LIST_RES: 2168,
  PROTO_OA_MARGIN_CALL_UPDATE_REQ: 2169,
  PROTO_OA_MARGIN_CALL_UPDATE_RES: 2170,
  PROTO_OA_MARGIN_CALL_UPDATE_EVENT: 2171,
  PROTO_OA_MARGIN_CALL_TRIGGER_EVENT: 2172,
  PROTO_OA_REFRESH_TOKEN_REQ: 2173,
  PROTO_OA_REFRESH_TOKEN_RES: 2174,
  PROTO_OA_ORDER_LIST_REQ: 2175,
  PROTO_OA_ORDER_LIST_RES: 2176,
  PROTO_OA_GET_DYNAMIC_LEVERAGE_REQ: 2177,
  PROTO_OA_GET_DYNAMIC_LEVERAGE_RES: 2178,
  PROTO_OA_DEAL_LIST_BY_POSITION_ID_REQ: 2179,
  PROTO_OA_DEAL_LIST_BY_POSITION_ID_RES: 2180,
  PROTO_OA_ORDER_DETAILS_REQ: 2181,
  PROTO_OA_ORDER_DETAILS_RES: 2182,
  PROTO_OA_ORDER_LIST_BY_POSITION_ID_REQ: 2183,
  PROTO_OA_ORDER_LIST_BY_POSITION_ID_RES: 2184,
  PROTO_OA_DEAL_OFFSET_LIST_REQ: 2185,
  PROTO_OA_DEAL_OFFSET_LIST_RES: 2186,
  PROTO_OA_GET_POSITION_UNREALIZED_PNL_REQ: 2187,
  PROTO_OA_GET_POSITION_UNREALIZED_PNL_RES: 2188,
} as const;
export type ProtoOAPayloadType = (typeof ProtoOAPayloadType)[keyof typeof ProtoOAPayloadType];

/** Days of the week. */
export const ProtoOADayOfWeek = {
  NONE: 0,
  MONDAY: 1,
  TUESDAY: 2,
  WEDNESDAY: 3,
  THURSDAY: 4,
  FRIDAY: 5,
  SATURDAY: 6,
  SUNDAY: 7,
} as const;
export type ProtoOADayOfWeek = (typeof ProtoOADayOfWeek)[keyof typeof ProtoOADayOfWeek];

/** Unit of a commission rate; charged per side. */
export const ProtoOACommissionType = {
  USD_PER_MILLION_USD: 1,
  USD_PER_LOT: 2,
  PERCENTAGE_OF_VALUE: 3,
  QUOTE_CCY_PER_LOT: 4,
} as const;
export type ProtoOACommissionType = (typeof ProtoOACommissionType)[keyof typeof ProtoOACommissionType];

/** Unit of protection distances. */
export const ProtoOASymbolDistanceType = {
  SYMBOL_DISTANCE_IN_POINTS: 1,
  SYMBOL_DISTANCE_IN_PERCENTAGE: 2,
} as const;
export type ProtoOASymbolDistanceType = (typeof ProtoOASymbolDistanceType)[keyof typeof ProtoOASymbolDistanceType];

/** Currency of the smallest commission. */
export const ProtoOAMinCommissionType = {
  CURRENCY: 1,
  QUOTE_CURRENCY: 2,
} as const;
export type ProtoOAMinCommissionType = (typeof ProtoOAMinCommissionType)[keyof typeof ProtoOAMinCommissionType];

/** What a symbol allows in general. */
export const ProtoOATradingMode = {
  ENABLED: 0,
  DISABLED_WITHOUT_PENDINGS_EXECUTION: 1,
  DISABLED_WITH_PENDINGS_EXECUTION: 2,
  CLOSE_ONLY_MODE: 3,
} as const;
export type ProtoOATradingMode = (typeof ProtoOATradingMode)[keyof typeof ProtoOATradingMode];

/** Unit of swap rates. */
export const ProtoOASwapCalculationType = {
  PIPS: 0,
  PERCENTAGE: 1,
  POINTS: 2,
} as const;
export type ProtoOASwapCalculationType = (typeof ProtoOASwapCalculationType)[keyof typeof ProtoOASwapCalculationType];

/** What an account may do. */
export const ProtoOAAccessRights = {
  FULL_ACCESS: 0,
  CLOSE_ONLY: 1,
  NO_TRADING: 2,
  NO_LOGIN: 3,
} as const;
export type ProtoOAAccessRights = (typeof ProtoOAAccessRights)[keyof typeof ProtoOAAccessRights];

/** How margin of opposite positions adds up. */
export const ProtoOATotalMarginCalculationType = {
  MAX: 0,
  SUM: 1,
  NET: 2,
} as const;
export type ProtoOATotalMarginCalculationType = (typeof ProtoOATotalMarginCalculationType)[keyof typeof ProtoOATotalMarginCalculationType];

/** How positions of one symbol live together. */
export const ProtoOAAccountType = {
  HEDGED: 0,
  NETTED: 1,
  SPREAD_BETTING: 2,
} as const;
export type ProtoOAAccountType = (typeof ProtoOAAccountType)[keyof typeof ProtoOAAccountType];

/** State of a position. */
export const ProtoOAPositionStatus = {
  POSITION_STATUS_OPEN: 1,
  POSITION_STATUS_CLOSED: 2,
  POSITION_STATUS_CREATED: 3,
  POSITION_STATUS_ERROR: 4,
} as const;
export type ProtoOAPositionStatus = (typeof ProtoOAPositionStatus)[keyof typeof ProtoOAPositionStatus];

/** Direction of a trade. Starts at 1. */
export const ProtoOATradeSide = {
  BUY: 1,
  SELL: 2,
} as const;
export type ProtoOATradeSide = (typeof ProtoOATradeSide)[keyof typeof ProtoOATradeSide];

/** Kind of an order. Starts at 1. */
export const ProtoOAOrderType = {
  MARKET: 1,
  LIMIT: 2,
  STOP: 3,
  STOP_LOSS_TAKE_PROFIT: 4,
  MARKET_RANGE: 5,
  STOP_LIMIT: 6,
} as const;
export type ProtoOAOrderType = (typeof ProtoOAOrderType)[keyof typeof ProtoOAOrderType];

/** How long an order stays valid. Starts at 1. */
export const ProtoOATimeInForce = {
  GOOD_TILL_DATE: 1,
  GOOD_TILL_CANCEL: 2,
  IMMEDIATE_OR_CANCEL: 3,
  FILL_OR_KILL: 4,
  MARKET_ON_OPEN: 5,
} as const;
export type ProtoOATimeInForce = (typeof ProtoOATimeInForce)[keyof typeof ProtoOATimeInForce];

/** State of an order. Starts at 1. */
export const ProtoOAOrderStatus = {
  ORDER_STATUS_ACCEPTED: 1,
  ORDER_STATUS_FILLED: 2,
  ORDER_STATUS_REJECTED: 3,
  ORDER_STATUS_EXPIRED: 4,
  ORDER_STATUS_CANCELLED: 5,
} as const;
export type ProtoOAOrderStatus = (typeof ProtoOAOrderStatus)[keyof typeof ProtoOAOrderStatus];

/** Which quotes trigger a stop. Starts at 1. */
export const ProtoOAOrderTriggerMethod = {
  TRADE: 1,
  OPPOSITE: 2,
  DOUBLE_TRADE: 3,
  DOUBLE_OPPOSITE: 4,
} as const;
export type ProtoOAOrderTriggerMethod = (typeof ProtoOAOrderTriggerMethod)[keyof typeof ProtoOAOrderTriggerMethod];

/** What an execution event reports. Starts at 2; 9, 10 and 12 carry no order. */
export const ProtoOAExecutionType = {
  ORDER_ACCEPTED: 2,
  ORDER_FILLED: 3,
  ORDER_REPLACED: 4,
  ORDER_CANCELLED: 5,
  ORDER_EXPIRED: 6,
  ORDER_REJECTED: 7,
  ORDER_CANCEL_REJECTED: 8,
  SWAP: 9,
  DEPOSIT_WITHDRAW: 10,
  ORDER_PARTIAL_FILL: 11,
  BONUS_DEPOSIT_WITHDRAW: 12,
} as const;
export type ProtoOAExecutionType = (typeof ProtoOAExecutionType)[keyof typeof ProtoOAExecutionType];

/** Direction of a bonus change. */
export const ProtoOAChangeBonusType = {
  BONUS_DEPOSIT: 0,
  BONUS_WITHDRAW: 1,
} as const;
export type ProtoOAChangeBonusType = (typeof ProtoOAChangeBonusType)[keyof typeof ProtoOAChangeBonusType];

/** Reason of a balance change; the numbering has gaps. */
export const ProtoOAChangeBalanceType = {
  BALANCE_DEPOSIT: 0,
  BALANCE_WITHDRAW: 1,
  BALANCE_DEPOSIT_STRATEGY_COMMISSION_INNER: 3,
  BALANCE_WITHDRAW_STRATEGY_COMMISSION_INNER: 4,
  BALANCE_DEPOSIT_IB_COMMISSIONS: 5,
  BALANCE_WITHDRAW_IB_SHARED_PERCENTAGE: 6,
  BALANCE_DEPOSIT_IB_SHARED_PERCENTAGE_FROM_SUB_IB: 7,
  BALANCE_DEPOSIT_IB_SHARED_PERCENTAGE_FROM_BROKER: 8,
  BALANCE_DEPOSIT_REBATE: 9,
  BALANCE_WITHDRAW_REBATE: 10,
  BALANCE_DEPOSIT_STRATEGY_COMMISSION_OUTER: 11,
  BALANCE_WITHDRAW_STRATEGY_COMMISSION_OUTER: 12,
  BALANCE_WITHDRAW_BONUS_COMPENSATION: 13,
  BALANCE_WITHDRAW_IB_SHARED_PERCENTAGE_TO_BROKER: 14,
  BALANCE_DEPOSIT_DIVIDENDS: 15,
  BALANCE_WITHDRAW_DIVIDENDS: 16,
  BALANCE_WITHDRAW_GSL_CHARGE: 17,
  BALANCE_WITHDRAW_ROLLOVER: 18,
  BALANCE_DEPOSIT_NONWITHDRAWABLE_BONUS: 19,
  BALANCE_WITHDRAW_NONWITHDRAWABLE_BONUS: 20,
  BALANCE_DEPOSIT_SWAP: 21,
  BALANCE_WITHDRAW_SWAP: 22,
  BALANCE_DEPOSIT_MANAGEMENT_FEE: 27,
  BALANCE_WITHDRAW_MANAGEMENT_FEE: 28,
  BALANCE_DEPOSIT_PERFORMANCE_FEE: 29,
  BALANCE_WITHDRAW_FOR_SUBACCOUNT: 30,
  BALANCE_DEPOSIT_TO_SUBACCOUNT: 31,
  BALANCE_WITHDRAW_FROM_SUBACCOUNT: 32,
  BALANCE_DEPOSIT_FROM_SUBACCOUNT: 33,
  BALANCE_WITHDRAW_COPY_FEE: 34,
  BALANCE_WITHDRAW_INACTIVITY_FEE: 35,
  BALANCE_DEPOSIT_TRANSFER: 36,
  BALANCE_WITHDRAW_TRANSFER: 37,
  BALANCE_DEPOSIT_CONVERTED_BONUS: 38,
  BALANCE_DEPOSIT_NEGATIVE_BALANCE_PROTECTION: 39,
} as const;
export type ProtoOAChangeBalanceType = (typeof ProtoOAChangeBalanceType)[keyof typeof ProtoOAChangeBalanceType];

/** Outcome of an execution. Starts at 2. */
export const ProtoOADealStatus = {
  FILLED: 2,
  PARTIALLY_FILLED: 3,
  REJECTED: 4,
  INTERNALLY_REJECTED: 5,
  ERROR: 6,
  MISSED: 7,
} as const;
export type ProtoOADealStatus = (typeof ProtoOADealStatus)[keyof typeof ProtoOADealStatus];

/** Bar periods. Starts at 1. */
export const ProtoOATrendbarPeriod = {
  M1: 1,
  M2: 2,
  M3: 3,
  M4: 4,
  M5: 5,
  M10: 6,
  M15: 7,
  M30: 8,
  H1: 9,
  H4: 10,
  H12: 11,
  D1: 12,
  W1: 13,
  MN1: 14,
} as const;
export type ProtoOATrendbarPeriod = (typeof ProtoOATrendbarPeriod)[keyof typeof ProtoOATrendbarPeriod];

/** Side of a quote. Starts at 1. */
export const ProtoOAQuoteType = {
  BID: 1,
  ASK: 2,
} as const;
export type ProtoOAQuoteType = (typeof ProtoOAQuoteType)[keyof typeof ProtoOAQuoteType];

/** What a token allows. */
export const ProtoOAClientPermissionScope = {
  SCOPE_VIEW: 0,
  SCOPE_TRADE: 1,
} as const;
export type ProtoOAClientPermissionScope = (typeof ProtoOAClientPermissionScope)[keyof typeof ProtoOAClientPermissionScope];

/** The three margin-call levels. */
export const ProtoOANotificationType = {
  MARGIN_LEVEL_THRESHOLD_1: 61,
  MARGIN_LEVEL_THRESHOLD_2: 62,
  MARGIN_LEVEL_THRESHOLD_3: 63,
} as const;
export type ProtoOANotificationType = (typeof ProtoOANotificationType)[keyof typeof ProtoOANotificationType];

/** Open API errors. The wire carries the NAME. */
export const ProtoOAErrorCode = {
  /** Token expired. */
  OA_AUTH_TOKEN_EXPIRED: 1,
  /** Account session missing. */
  ACCOUNT_NOT_AUTHORIZED: 2,
  /** Account gone. */
  RET_NO_SUCH_LOGIN: 12,
  /** Authorised already. */
  ALREADY_LOGGED_IN: 14,
  /** Account disabled. */
  RET_ACCOUNT_DISABLED: 64,
  /** App inactive or wrong credentials. */
  CH_CLIENT_AUTH_FAILURE: 101,
  /** App auth missing. */
  CH_CLIENT_NOT_AUTHENTICATED: 102,
  /** App auth twice. */
  CH_CLIENT_ALREADY_AUTHENTICATED: 103,
  /** Token wrong, expired, or refresh token already used. */
  CH_ACCESS_TOKEN_INVALID: 104,
  /** Trading service down. */
  CH_SERVER_NOT_REACHABLE: 105,
  /** Account unknown here. */
  CH_CTID_TRADER_ACCOUNT_NOT_FOUND: 106,
  /** Unknown client id. */
  CH_OA_CLIENT_NOT_FOUND: 107,
  /** Too many requests. */
  REQUEST_FREQUENCY_EXCEEDED: 108,
  /** Maintenance. */
  SERVER_IS_UNDER_MAINTENANCE: 109,
  /** Operations not allowed for the account. */
  CHANNEL_IS_BLOCKED: 110,
  /** Too many connections of the app. */
  CONNECTIONS_LIMIT_EXCEEDED: 67,
  /** Guaranteed SL cannot be widened. */
  WORSE_GSL_NOT_ALLOWED: 68,
  /** Holiday. */
  SYMBOL_HAS_HOLIDAY: 69,
  /** Spot subscription missing. */
  NOT_SUBSCRIBED_TO_SPOTS: 112,
  /** Duplicate subscription. */
  ALREADY_SUBSCRIBED: 113,
  /** Unknown symbol. */
  SYMBOL_NOT_FOUND: 114,
  /** Unknown symbol (older name of SYMBOL_NOT_FOUND). */
  UNKNOWN_SYMBOL: 115,
  /** Time window wrong or too large. */
  INCORRECT_BOUNDARIES: 35,
  /** No price. */
  NO_QUOTES: 117,
  /** Margin. */
  NOT_ENOUGH_MONEY: 118,
  /** Exposure limit. */
  MAX_EXPOSURE_REACHED: 119,
  /** Gone. */
  POSITION_NOT_FOUND: 120,
  /** Gone. */
  ORDER_NOT_FOUND: 121,
  /** Not open. */
  POSITION_NOT_OPEN: 122,
  /** State forbids it. */
  POSITION_LOCKED: 123,
  /** Account limit. */
  TOO_MANY_POSITIONS: 124,
  /** Min/max/step. */
  TRADING_BAD_VOLUME: 125,
  /** Stop price invalid. */
  TRADING_BAD_STOPS: 126,
  /** Price invalid. */
  TRADING_BAD_PRICES: 127,
  /** Spread-betting stake. */
  TRADING_BAD_STAKE: 128,
  /** Level too close. */
  PROTECTION_IS_TOO_CLOSE_TO_MARKET: 129,
  /** Expiry invalid. */
  TRADING_BAD_EXPIRATION_DATE: 130,
  /** An order of the position is executing. */
  PENDING_EXECUTION: 131,
  /** Symbol blocked. */
  TRADING_DISABLED: 132,
  /** Account read-only. */
  TRADING_NOT_ALLOWED: 133,
  /** The order cannot be cancelled. */
  UNABLE_TO_CANCEL_ORDER: 134,
  /** The order cannot be changed. */
  UNABLE_TO_AMEND_ORDER: 135,
  /** Selling without holding is not allowed. */
  SHORT_SELLING_NOT_ALLOWED: 136,
} as const;
export type ProtoOAErrorCode = (typeof ProtoOAErrorCode)[keyof typeof ProtoOAErrorCode];

/** Margin rule of limited-risk accounts. */
export const ProtoOALimitedRiskMarginCalculationStrategy = {
  ACCORDING_TO_LEVERAGE: 0,
  ACCORDING_TO_GSL: 1,
  ACCORDING_TO_GSL_AND_LEVERAGE: 2,
} as const;
export type ProtoOALimitedRiskMarginCalculationStrategy = (typeof ProtoOALimitedRiskMarginCalculationStrategy)[keyof typeof ProtoOALimitedRiskMarginCalculationStrategy];

/** Which position a stop out closes first. */
export const ProtoOAStopOutStrategy = {
  MOST_MARGIN_USED_FIRST: 0,
  MOST_LOSING_FIRST: 1,
} as const;
export type ProtoOAStopOutStrategy = (typeof ProtoOAStopOutStrategy)[keyof typeof ProtoOAStopOutStrategy];

/** Envelope of every frame. */
export interface ProtoMessage {
  /** Type number of the inner message: ProtoPayloadType or ProtoOAPayloadType. */
  readonly payloadType: number;
  /** The inner message, serialised. Absent or empty when it has no fields. */
  readonly payload?: Uint8Array;
  /** Any text chosen by the sender of a request; the answer carries the same. Absent on pushes. */
  readonly clientMsgId?: string;
}

/** Error of the transport layer (rare); treat like ProtoOAErrorRes. */
export interface ProtoErrorRes {
  /** Error as a NAME (text), never as a number. Names outside the published enums occur. */
  readonly errorCode: string;
  /** Free text for people; may be absent. */
  readonly description?: string;
  /** End of maintenance, Unix MILLISECONDS (ProtoOAErrorRes counts seconds). */
  readonly maintenanceEndTimestamp?: number;
}

/** Sign of life, both directions, never acknowledged. */
export type ProtoHeartbeatEvent = Record<never, never>;

/** A currency, metal or other thing that prices are made of. */
export interface ProtoOAAsset {
  /** Asset id. */
  readonly assetId: string;
  /** Name as the broker writes it. */
  readonly name: string;
  /** Name to show to people. */
  readonly displayName?: string;
  /** Decimals of amounts in this asset. */
  readonly digits?: number;
}

/** Full description of a tradable symbol. */
export interface ProtoOASymbol {
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Decimals of the price; one tick = 10^-digits. */
  readonly digits: number;
  /** Decimal place of one pip: pip = 10^-pipPosition. */
  readonly pipPosition: number;
  /** False: selling without holding is refused (SHORT_SELLING_NOT_ALLOWED). */
  readonly enableShortSelling?: boolean;
  /** True if guaranteed stop losses are offered. */
  readonly guaranteedStopLoss?: boolean;
  /** Weekday on which swap is charged three times. */
  readonly swapRollover3Days?: Open<ProtoOADayOfWeek>;
  /** Swap of a long position in the unit of swapCalculationType; negative is a charge. */
  readonly swapLong?: number;
  /** Swap of a short position in the unit of swapCalculationType; negative is a charge. */
  readonly swapShort?: number;
  /** Largest order volume in 0.01 of a unit. */
  readonly maxVolume?: number;
  /** Smallest order volume in 0.01 of a unit. */
  readonly minVolume?: number;
  /** Grid of order volumes in 0.01 of a unit. */
  readonly stepVolume?: number;
  /** Largest total volume per symbol and account in 0.01 of a unit. */
  readonly maxExposure?: number;
  /** Weekly trading intervals in the zone scheduleTimeZone. */
  readonly schedule?: readonly ProtoOAInterval[];
  /** Old commission rate in cents; use preciseTradingCommissionRate. */
  readonly commission?: number;
  /** Unit of the commission rate. */
  readonly commissionType?: Open<ProtoOACommissionType>;
  /** Smallest distance of a stop loss, in the unit of distanceSetIn. */
  readonly slDistance?: number;
  /** Smallest distance of a take profit, in the unit of distanceSetIn. */
  readonly tpDistance?: number;
  /** Smallest distance of a guaranteed stop loss, in the unit of distanceSetIn. */
  readonly gslDistance?: number;
  /** Fee for a guaranteed stop loss; scale not published. */
  readonly gslCharge?: number;
  /** Unit of the three distances: points (10^-digits) or percent. */
  readonly distanceSetIn?: Open<ProtoOASymbolDistanceType>;
  /** Old smallest commission per trade; use preciseMinCommission. */
  readonly minCommission?: number;
  /** Currency in which the smallest commission is meant. */
  readonly minCommissionType?: Open<ProtoOAMinCommissionType>;
  /** Name of the currency of the smallest commission. */
  readonly minCommissionAsset?: string;
  /** Daily fee of swap-free accounts, USD per lot. */
  readonly rolloverCommission?: number;
  /** Days without that fee after opening. */
  readonly skipRolloverDays?: number;
  /** IANA time zone of the times given here. */
  readonly scheduleTimeZone?: string;
  /** Whether trading is allowed in general; says nothing about now. */
  readonly tradingMode?: Open<ProtoOATradingMode>;
  /** Weekday on which the swap-free fee is charged three times. */
  readonly rolloverCommission3Days?: Open<ProtoOADayOfWeek>;
  /** Unit of swapLong and swapShort: pips, percent a year, or points. */
  readonly swapCalculationType?: Open<ProtoOASwapCalculationType>;
  /** Size of one lot in 0.01 of a unit. */
  readonly lotSize?: number;
  /** Commission rate x 10^8 (x 10^5 when the type is a percentage). */
  readonly preciseTradingCommissionRate?: number;
  /** Smallest commission per trade x 10^8, in the currency of minCommissionType. */
  readonly preciseMinCommission?: number;
  /** Days or hours without trading. */
  readonly holiday?: readonly ProtoOAHoliday[];
  /** Fee on profit in a foreign currency; 1 = 0.01 % of gross profit. */
  readonly pnlConversionFeeRate?: number;
  /** Key of the dynamic leverage table (ProtoOAGetDynamicLeverageByIDReq). */
  readonly leverageId?: string;
  /** Hours between two swap charges. */
  readonly swapPeriod?: number;
  /** First swap charge of the day, minutes after 00:00 UTC. */
  readonly swapTime?: number;
  /** Number of swap periods that are free after opening. */
  readonly skipSWAPPeriods?: number;
  /** True if swap is also charged on Saturday and Sunday. */
  readonly chargeSwapAtWeekends?: boolean;
  /** Name of the traded unit, such as "Contracts"; empty for currencies. */
  readonly measurementUnits?: string;
}

/** Short description of a symbol. */
export interface ProtoOALightSymbol {
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Name as the broker writes it; not portable between brokers. */
  readonly symbolName?: string;
  /** True if traders can see the symbol; false ones are still listed. */
  readonly enabled?: boolean;
  /** Asset that is bought or sold. */
  readonly baseAssetId?: string;
  /** Asset the price is expressed in. */
  readonly quoteAssetId?: string;
  /** Category the symbol is listed under. */
  readonly symbolCategoryId?: string;
  /** Free text for people; may be absent. */
  readonly description?: string;
  /** Order on a screen; any decimal. */
  readonly sortingNumber?: number;
}

/** A symbol that is no longer traded. */
export interface ProtoOAArchivedSymbol {
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Name as the broker writes it. */
  readonly name: string;
  /** When it was last changed, Unix milliseconds. */
  readonly utcLastUpdateTimestamp: number;
  /** Free text for people; may be absent. */
  readonly description?: string;
}

/** A group of symbols. */
export interface ProtoOASymbolCategory {
  /** Category id. */
  readonly id: string;
  /** Asset class the category belongs to. */
  readonly assetClassId: string;
  /** Name as the broker writes it. */
  readonly name: string;
  /** Order on a screen; any decimal. */
  readonly sortingNumber?: number;
}

/** One weekly trading interval. Numbering starts at 3. */
export interface ProtoOAInterval {
  /** Opening, seconds since Sunday 00:00 in the symbol's zone, inclusive. */
  readonly startSecond: number;
  /** Closing, seconds since Sunday 00:00 in the symbol's zone, exclusive. */
  readonly endSecond: number;
}

/** An account: settings, balance, rights. */
export interface ProtoOATrader {
  /** The account described. */
  readonly ctidTraderAccountId: string;
  /** Balance, deposit currency x 10^moneyDigits. */
  readonly balance: number;
  /** Counter that grows by one with every change of the balance. */
  readonly balanceVersion?: number;
  /** Bonus given by the broker, deposit currency x 10^moneyDigits. */
  readonly managerBonus?: number;
  /** Bonus given by an introducing broker, deposit currency x 10^moneyDigits. */
  readonly ibBonus?: number;
  /** Bonus that cannot be withdrawn, deposit currency x 10^moneyDigits. */
  readonly nonWithdrawableBonus?: number;
  /** What the account may do. */
  readonly accessRights?: Open<ProtoOAAccessRights>;
  /** Asset of the deposit currency. */
  readonly depositAssetId: string;
  /** True if the account pays a daily fee in place of swap. */
  readonly swapFree?: boolean;
  /** Leverage of the account x 100 (1:100 is 10000). */
  readonly leverageInCents?: number;
  /** How margin of opposite positions adds up: MAX, SUM or NET. */
  readonly totalMarginCalculationType?: Open<ProtoOATotalMarginCalculationType>;
  /** Largest leverage the account may choose; scale not published. */
  readonly maxLeverage?: number;
  /** Old flag of limited-risk accounts; use isLimitedRisk. */
  readonly frenchRisk?: boolean;
  /** Login number that people know the account by. */
  readonly traderLogin?: string;
  /** Hedged, netted or spread betting. */
  readonly accountType?: Open<ProtoOAAccountType>;
  /** Short name of the broker. */
  readonly brokerName?: string;
  /** When the account was opened, Unix milliseconds. */
  readonly registrationTimestamp?: number;
  /** True if every position needs a guaranteed stop loss. */
  readonly isLimitedRisk?: boolean;
  /** How margin is computed on limited-risk accounts. */
  readonly limitedRiskMarginCalculationStrategy?: Open<ProtoOALimitedRiskMarginCalculationStrategy>;
  /** Decimal exponent of the money fields of THIS message: amount = value / 10^moneyDigits. */
  readonly moneyDigits?: number;
  /** True: stop out closes whole positions; false: parts; absent: the broker's default. */
  readonly fairStopOut?: boolean;
  /** Which position a stop out closes first. */
  readonly stopOutStrategy?: Open<ProtoOAStopOutStrategy>;
}

/** An open (or just closed) position. */
export interface ProtoOAPosition {
  /** Position id given by the server. */
  readonly positionId: string;
  /** Symbol, side, volume and texts. */
  readonly tradeData: ProtoOATradeData;
  /** State of the position. */
  readonly positionStatus: Open<ProtoOAPositionStatus>;
  /** Accrued swap, deposit currency x 10^moneyDigits. */
  readonly swap: number;
  /** Volume-weighted entry price, plain decimal, may exceed the symbol's digits; 0 while CREATED. */
  readonly price?: number;
  /** Stop-loss price as a plain decimal; absent = none. */
  readonly stopLoss?: number;
  /** Take-profit price as a plain decimal; absent = none. */
  readonly takeProfit?: number;
  /** Last change, Unix milliseconds; NOT touched by trailing moves. */
  readonly utcLastUpdateTimestamp?: number;
  /** Commission of the opening side only, x 10^moneyDigits, at most zero. */
  readonly commission?: number;
  /** Rate from base asset to deposit asset used for margin. */
  readonly marginRate?: number;
  /** Commission for copied trades, deposit currency x 10^moneyDigits. */
  readonly mirroringCommission?: number;
  /** True if the stop-loss price is guaranteed. */
  readonly guaranteedStopLoss?: boolean;
  /** Margin in use, deposit currency x 10^moneyDigits. */
  readonly usedMargin?: number;
  /** Which quotes trigger the stop loss. */
  readonly stopLossTriggerMethod?: Open<ProtoOAOrderTriggerMethod>;
  /** Decimal exponent of the money fields of THIS message: amount = value / 10^moneyDigits. */
  readonly moneyDigits?: number;
  /** True if the server moves the stop loss after the price. */
  readonly trailingStopLoss?: boolean;
}

/** What positions and orders have in common. */
export interface ProtoOATradeData {
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Volume in 0.01 of a unit (units x 100). */
  readonly volume: number;
  /** BUY or SELL. */
  readonly tradeSide: Open<ProtoOATradeSide>;
  /** Unix milliseconds: first fill of a position, creation of an order. */
  readonly openTimestamp?: number;
  /** Short text of the client, at most 100 characters. */
  readonly label?: string;
  /** True if the stop-loss price is guaranteed. */
  readonly guaranteedStopLoss?: boolean;
  /** Free text of the client, at most 512 characters. */
  readonly comment?: string;
  /** Name of the traded unit, such as "Contracts"; empty for currencies. */
  readonly measurementUnits?: string;
  /** When it was closed or finished, Unix milliseconds. */
  readonly closeTimestamp?: number;
}

/** An order and its state. There is no field 5. */
export interface ProtoOAOrder {
  /** Order id given by the server. */
  readonly orderId: string;
  /** Symbol, side, volume and texts. */
  readonly tradeData: ProtoOATradeData;
  /** Kind of order; decides which price fields count. */
  readonly orderType: Open<ProtoOAOrderType>;
  /** State of the order. */
  readonly orderStatus: Open<ProtoOAOrderStatus>;
  /** When the order lapses, Unix milliseconds; goes with GOOD_TILL_DATE. */
  readonly expirationTimestamp?: number;
  /** Price of the execution as a plain decimal. */
  readonly executionPrice?: number;
  /** Volume executed so far in 0.01 of a unit. */
  readonly executedVolume?: number;
  /** When it was last changed, Unix milliseconds. */
  readonly utcLastUpdateTimestamp?: number;
  /** Reference price from which slippage is measured, plain decimal. */
  readonly baseSlippagePrice?: number;
  /** Allowed slippage in points (1 point = 10^-digits). */
  readonly slippageInPoints?: number;
  /** True if the order can only close (closing orders and protection). */
  readonly closingOrder?: boolean;
  /** Limit price; on STOP_LOSS_TAKE_PROFIT the take profit. Plain decimal. */
  readonly limitPrice?: number;
  /** Stop price; on STOP_LOSS_TAKE_PROFIT the stop loss. Plain decimal. */
  readonly stopPrice?: number;
  /** Stop loss attached to the order, absolute plain decimal. */
  readonly stopLoss?: number;
  /** Take profit attached to the order, absolute plain decimal. */
  readonly takeProfit?: number;
  /** Client's id of the order; the server fills it even if the client did not. */
  readonly clientOrderId?: string;
  /** How long the order stays valid; absent does not mean the default was chosen. */
  readonly timeInForce?: Open<ProtoOATimeInForce>;
  /** Position the order belongs to; present from ORDER_ACCEPTED on. */
  readonly positionId?: string;
  /** Stop-loss distance from the fill price in 1/100000, a multiple of 10^(5-digits). */
  readonly relativeStopLoss?: number;
  /** Take-profit distance from the fill price in 1/100000, a multiple of 10^(5-digits). */
  readonly relativeTakeProfit?: number;
  /** True if the broker closed for lack of margin. */
  readonly isStopOut?: boolean;
  /** True if the server moves the stop loss after the price. */
  readonly trailingStopLoss?: boolean;
  /** Which quotes trigger the stop. */
  readonly stopTriggerMethod?: Open<ProtoOAOrderTriggerMethod>;
}

/** A change of a bonus. */
export interface ProtoOABonusDepositWithdraw {
  /** What kind of change it was. */
  readonly operationType: Open<ProtoOAChangeBonusType>;
  /** Id of this entry in the bonus history. */
  readonly bonusHistoryId: string;
  /** Manager bonus after the change, x 10^moneyDigits. */
  readonly managerBonus: number;
  /** Change of the manager bonus, deposit currency x 10^moneyDigits. */
  readonly managerDelta: number;
  /** Introducing broker's bonus after the change, x 10^moneyDigits. */
  readonly ibBonus: number;
  /** Change of the introducing broker's bonus, deposit currency x 10^moneyDigits. */
  readonly ibDelta: number;
  /** When the bonus changed, Unix milliseconds. */
  readonly changeBonusTimestamp: number;
  /** Note of the broker for the client. */
  readonly externalNote?: string;
  /** Id of the introducing broker. */
  readonly introducingBrokerId?: string;
  /** Decimal exponent of the money fields of THIS message: amount = value / 10^moneyDigits. */
  readonly moneyDigits?: number;
}

/** A change of the balance. */
export interface ProtoOADepositWithdraw {
  /** What kind of change it was. */
  readonly operationType: Open<ProtoOAChangeBalanceType>;
  /** Id of this entry in the balance history. */
  readonly balanceHistoryId: string;
  /** Balance after the change, x 10^moneyDigits. */
  readonly balance: number;
  /** Amount of the change, deposit currency x 10^moneyDigits; sign of withdrawals is not published. */
  readonly delta: number;
  /** When the balance changed, Unix milliseconds. */
  readonly changeBalanceTimestamp: number;
  /** Note of the broker for the client. */
  readonly externalNote?: string;
  /** Counter that grows by one with every change of the balance. */
  readonly balanceVersion?: number;
  /** Equity after the change, deposit currency x 10^moneyDigits. */
  readonly equity?: number;
  /** Decimal exponent of the money fields of THIS message: amount = value / 10^moneyDigits. */
  readonly moneyDigits?: number;
}

/** One execution of an order. */
export interface ProtoOADeal {
  /** Deal id given by the server. */
  readonly dealId: string;
  /** Order id given by the server. */
  readonly orderId: string;
  /** Position id given by the server. */
  readonly positionId: string;
  /** Volume sent for execution in 0.01 of a unit. */
  readonly volume: number;
  /** Executed part of the volume in 0.01 of a unit. */
  readonly filledVolume: number;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** When the execution was requested, Unix milliseconds. */
  readonly createTimestamp: number;
  /** When it was executed, Unix milliseconds. */
  readonly executionTimestamp: number;
  /** When it was last changed, Unix milliseconds. */
  readonly utcLastUpdateTimestamp?: number;
  /** Price of the execution as a plain decimal. */
  readonly executionPrice?: number;
  /** BUY or SELL. */
  readonly tradeSide: Open<ProtoOATradeSide>;
  /** Outcome of the execution. */
  readonly dealStatus: Open<ProtoOADealStatus>;
  /** Rate from base asset to deposit asset used for margin. */
  readonly marginRate?: number;
  /** Commission of this side only, x 10^moneyDigits, at most zero. */
  readonly commission?: number;
  /** Rate from base asset to USD. */
  readonly baseToUsdConversionRate?: number;
  /** What was realised; only on deals that close. */
  readonly closePositionDetail?: ProtoOAClosePositionDetail;
  /** Decimal exponent of this deal's commission. */
  readonly moneyDigits?: number;
}

/** A deal that offsets another. */
export interface ProtoOADealOffset {
  /** Deal id given by the server. */
  readonly dealId: string;
  /** Offset volume in 0.01 of a unit. */
  readonly volume: number;
  /** When it was executed, Unix milliseconds. */
  readonly executionTimestamp?: number;
  /** Price of the execution as a plain decimal. */
  readonly executionPrice?: number;
}

/** What a closing deal realised. */
export interface ProtoOAClosePositionDetail {
  /** Entry price of the position as a plain decimal. */
  readonly entryPrice: number;
  /** Realised profit from price alone, deposit currency x 10^moneyDigits. */
  readonly grossProfit: number;
  /** Swap share of the closed volume, x 10^moneyDigits. */
  readonly swap: number;
  /** Opening share of the closed volume plus the closing side, x 10^moneyDigits. */
  readonly commission: number;
  /** Balance after the deal, x 10^moneyDigits. */
  readonly balance: number;
  /** Rate from quote asset to deposit asset that was used. */
  readonly quoteToDepositConversionRate?: number;
  /** Closed volume in 0.01 of a unit. */
  readonly closedVolume?: number;
  /** Counter that grows by one with every change of the balance. */
  readonly balanceVersion?: number;
  /** Decimal exponent of the money fields of THIS message: amount = value / 10^moneyDigits. */
  readonly moneyDigits?: number;
  /** Fee for converting the profit, x 10^moneyDigits, at most zero. */
  readonly pnlConversionFee?: number;
}

/** A bar as low plus differences. Numbering starts at 3. */
export interface ProtoOATrendbar {
  /** Number of ticks in the bar (changes of bid or ask). */
  readonly volume: number;
  /** Period; set on forming bars, UNSET on historical ones although the default reads M1. */
  readonly period?: Open<ProtoOATrendbarPeriod>;
  /** Low in 1/100000 of the quote unit. */
  readonly low?: number;
  /** Open minus low in 1/100000. */
  readonly deltaOpen?: number;
  /** Close minus low in 1/100000; absent on forming bars (close = bid). */
  readonly deltaClose?: number;
  /** High minus low in 1/100000. */
  readonly deltaHigh?: number;
  /** Opening time of the bar in Unix MINUTES. */
  readonly utcTimestampInMinutes?: number;
}

/** Margin a volume would need. */
export interface ProtoOAExpectedMargin {
  /** Volume the margins belong to, in 0.01 of a unit. */
  readonly volume: number;
  /** Margin for buying, deposit currency x 10^moneyDigits. */
  readonly buyMargin: number;
  /** Margin for selling, deposit currency x 10^moneyDigits. */
  readonly sellMargin: number;
}

/** One historical tick. */
export interface ProtoOATickData {
  /** Unix milliseconds in the first entry, difference (at most 0) to the previous one later. */
  readonly timestamp: number;
  /** Price in 1/100000: absolute in the first entry, difference to the previous one later. */
  readonly tick: number;
}

/** A person at cTrader. */
export interface ProtoOACtidProfile {
  /** User id of the person at cTrader. */
  readonly userId: string;
}

/** An account a token opens. */
export interface ProtoOACtidTraderAccount {
  /** Account id for all requests; uint64 here, int64 elsewhere. */
  readonly ctidTraderAccountId: string;
  /** True: the account lives on the live host; false: on the demo host. */
  readonly isLive?: boolean;
  /** Login number that people know the account by. */
  readonly traderLogin?: string;
  /** Time of the last closing deal, Unix milliseconds. */
  readonly lastClosingDealTimestamp?: number;
  /** Time of the last change of the balance, Unix milliseconds. */
  readonly lastBalanceUpdateTimestamp?: number;
  /** Short title of the broker. */
  readonly brokerTitleShort?: string;
}

/** A class of assets. */
export interface ProtoOAAssetClass {
  /** Asset class id. */
  readonly id?: string;
  /** Name as the broker writes it. */
  readonly name?: string;
  /** Order on a screen; any decimal. */
  readonly sortingNumber?: number;
}

/** One quote of an order book. There is no field 2. */
export interface ProtoOADepthQuote {
  /** Quote id, unique within the symbol's book. */
  readonly id: string;
  /** Size in 0.01 of a unit. */
  readonly size: number;
  /** Bid in 1/100000; a quote has either a bid or an ask. */
  readonly bid?: number;
  /** Ask in 1/100000; a quote has either a bid or an ask. */
  readonly ask?: number;
}

/** A margin-call level. */
export interface ProtoOAMarginCall {
  /** Which of the three levels. */
  readonly marginCallType: Open<ProtoOANotificationType>;
  /** Margin level in percent (equity / used margin x 100) that triggers it. */
  readonly marginLevelThreshold: number;
  /** When the level was last changed, Unix milliseconds. */
  readonly utcLastUpdateTimestamp?: number;
}

/** A day or part of a day without trading. */
export interface ProtoOAHoliday {
  /** Holiday id. */
  readonly holidayId: string;
  /** Name as the broker writes it. */
  readonly name: string;
  /** Free text for people; may be absent. */
  readonly description?: string;
  /** IANA time zone in which the day is meant. */
  readonly scheduleTimeZone: string;
  /** The day, counted in days since 1970-01-01. */
  readonly holidayDate: number;
  /** True if it repeats every year. */
  readonly isRecurring: boolean;
  /** Closed from, seconds of that day. */
  readonly startSecond?: number;
  /** Closed until, seconds of that day. */
  readonly endSecond?: number;
}

/** A table of leverage by open volume. */
export interface ProtoOADynamicLeverage {
  /** Id of a dynamic leverage table. */
  readonly leverageId: string;
  /** Steps of the table, ascending. */
  readonly tiers?: readonly ProtoOADynamicLeverageTier[];
}

/** One step of a leverage table. */
export interface ProtoOADynamicLeverageTier {
  /** Upper bound of open volume per side in US cents; the last tier also covers everything above. */
  readonly volume: number;
  /** Leverage of the tier; scale not published, probably x 100. */
  readonly leverage: number;
}

/** Open profit of one position. */
export interface ProtoOAPositionUnrealizedPnL {
  /** Position id given by the server. */
  readonly positionId: string;
  /** Open profit from price alone, deposit currency x 10^moneyDigits of the answer. */
  readonly grossUnrealizedPnL: number;
  /** Open profit after swap and commission, without the expected closing commission. */
  readonly netUnrealizedPnL: number;
}

/** First message on a connection: proves which application this is. */
export interface ProtoOAApplicationAuthReq {
  /** Application id from the registration. */
  readonly clientId: string;
  /** Application secret from the registration. Never log it. */
  readonly clientSecret: string;
}

/** The application is authorised. Has no fields of its own. */
export type ProtoOAApplicationAuthRes = Record<never, never>;

/** Opens one account on this connection; needs application authorisation. */
export interface ProtoOAAccountAuthReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Access token that must cover this account. A secret: never log it. */
  readonly accessToken: string;
}

/** The account is open on this connection. */
export interface ProtoOAAccountAuthRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** A request failed. Correlate by the envelope's clientMsgId. */
export interface ProtoOAErrorRes {
  /** Account the error belongs to, if the server says so. */
  readonly ctidTraderAccountId?: string;
  /** Error as a NAME (text), never as a number. Names outside the published enums occur. */
  readonly errorCode: string;
  /** Free text; sometimes the only way to tell two causes apart. */
  readonly description?: string;
  /** End of maintenance, Unix SECONDS (ProtoErrorRes counts milliseconds). */
  readonly maintenanceEndTimestamp?: number;
  /** Seconds until the blocked payload type is served again (with BLOCKED_PAYLOAD_TYPE). */
  readonly retryAfter?: number;
}

/** The server ended the application session; every account session is gone with it. */
export interface ProtoOAClientDisconnectEvent {
  /** Why the server did it, in words. */
  readonly reason?: string;
}

/** Sessions of the listed accounts ended because their token did; others stay. */
export interface ProtoOAAccountsTokenInvalidatedEvent {
  /** Accounts whose session ended; note the plural name. */
  readonly ctidTraderAccountIds?: readonly string[];
  /** Why the server did it, in words. */
  readonly reason?: string;
}

/** Asks for the interface version; allowed before authorisation. */
export type ProtoOAVersionReq = Record<never, never>;

/** The interface version. */
export interface ProtoOAVersionRes {
  /** Version of the server's interface, as text. */
  readonly version: string;
}

/** Sends an order. Answered by ProtoOAExecutionEvent or an error; there is no NewOrderRes. */
export interface ProtoOANewOrderReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** MARKET, LIMIT, STOP, MARKET_RANGE or STOP_LIMIT. */
  readonly orderType: Open<ProtoOAOrderType>;
  /** BUY or SELL. */
  readonly tradeSide: Open<ProtoOATradeSide>;
  /** Volume in 0.01 of a unit; must fit minVolume, maxVolume and stepVolume. */
  readonly volume: number;
  /** Limit price as a plain decimal, rounded to digits; LIMIT orders only. */
  readonly limitPrice?: number;
  /** Trigger price as a plain decimal, rounded to digits; STOP and STOP_LIMIT only. */
  readonly stopPrice?: number;
  /** How long the order stays valid; market orders come back as IMMEDIATE_OR_CANCEL. */
  readonly timeInForce?: Open<ProtoOATimeInForce>;
  /** When the order lapses, Unix milliseconds; goes with GOOD_TILL_DATE. */
  readonly expirationTimestamp?: number;
  /** Absolute stop-loss price, plain decimal; refused on MARKET orders. */
  readonly stopLoss?: number;
  /** Absolute take-profit price, plain decimal; refused on MARKET orders. */
  readonly takeProfit?: number;
  /** Free text of the client, at most 512 characters. */
  readonly comment?: string;
  /** Reference price of a MARKET_RANGE order, plain decimal. */
  readonly baseSlippagePrice?: number;
  /** Allowed slippage of MARKET_RANGE and STOP_LIMIT, in points (10^-digits). */
  readonly slippageInPoints?: number;
  /** Short text of the client, at most 100 characters. */
  readonly label?: string;
  /** Existing position that the order changes; left out to open a new one. */
  readonly positionId?: string;
  /** The client's own id of the order, at most 50 characters; the server echoes it. */
  readonly clientOrderId?: string;
  /** Stop-loss distance from the fill price in 1/100000, a multiple of 10^(5-digits). */
  readonly relativeStopLoss?: number;
  /** Take-profit distance from the fill price in 1/100000, a multiple of 10^(5-digits). */
  readonly relativeTakeProfit?: number;
  /** True asks for a guaranteed stop loss; required on limited-risk accounts. */
  readonly guaranteedStopLoss?: boolean;
  /** True if the server moves the stop loss after the price. */
  readonly trailingStopLoss?: boolean;
  /** Which quotes trigger a STOP or STOP_LIMIT order. */
  readonly stopTriggerMethod?: Open<ProtoOAOrderTriggerMethod>;
}

/** Something happened to an order, position or balance: answer to trading requests and push. */
export interface ProtoOAExecutionEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** What happened. Unknown values must be expected. */
  readonly executionType: Open<ProtoOAExecutionType>;
  /** The position after the event; present on all order events seen so far. */
  readonly position?: ProtoOAPosition;
  /** The order after the event; absent for SWAP, DEPOSIT_WITHDRAW, BONUS_DEPOSIT_WITHDRAW. */
  readonly order?: ProtoOAOrder;
  /** The execution; present on fills. */
  readonly deal?: ProtoOADeal;
  /** Change of a bonus; only with BONUS_DEPOSIT_WITHDRAW. */
  readonly bonusDepositWithdraw?: ProtoOABonusDepositWithdraw;
  /** Change of the balance; only with DEPOSIT_WITHDRAW. */
  readonly depositWithdraw?: ProtoOADepositWithdraw;
  /** Error as a NAME; on rejections. */
  readonly errorCode?: string;
  /** True if the server acted on its own (stop out, expiry, protection hit). */
  readonly isServerEvent?: boolean;
}

/** Cancels a pending order. */
export interface ProtoOACancelOrderReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Order id given by the server. */
  readonly orderId: string;
}

/** Changes a pending order; send every attribute again. */
export interface ProtoOAAmendOrderReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Order id given by the server. */
  readonly orderId: string;
  /** New volume in 0.01 of a unit; whether whole or remaining after a partial fill is not published. */
  readonly volume?: number;
  /** Limit price as a plain decimal, rounded to the symbol's digits. */
  readonly limitPrice?: number;
  /** Stop (trigger) price as a plain decimal, rounded to the symbol's digits. */
  readonly stopPrice?: number;
  /** When the order lapses, Unix milliseconds; goes with GOOD_TILL_DATE. */
  readonly expirationTimestamp?: number;
  /** Absolute stop-loss price as a plain decimal, rounded to the symbol's digits. */
  readonly stopLoss?: number;
  /** Absolute take-profit price as a plain decimal, rounded to the symbol's digits. */
  readonly takeProfit?: number;
  /** Allowed slippage in points (1 point = 10^-digits). */
  readonly slippageInPoints?: number;
  /** Stop-loss distance from the fill price in 1/100000, a multiple of 10^(5-digits). */
  readonly relativeStopLoss?: number;
  /** Take-profit distance from the fill price in 1/100000, a multiple of 10^(5-digits). */
  readonly relativeTakeProfit?: number;
  /** True if the stop-loss price is guaranteed. */
  readonly guaranteedStopLoss?: boolean;
  /** True if the server moves the stop loss after the price. */
  readonly trailingStopLoss?: boolean;
  /** Which quotes trigger the stop. */
  readonly stopTriggerMethod?: Open<ProtoOAOrderTriggerMethod>;
}

/** Replaces BOTH protection levels of a position; what is left out is removed. There is no field 6. */
export interface ProtoOAAmendPositionSLTPReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Position id given by the server. */
  readonly positionId: string;
  /** Absolute stop-loss price, plain decimal. Left out = the stop loss is REMOVED. */
  readonly stopLoss?: number;
  /** Absolute take-profit price, plain decimal. Left out = the take profit is REMOVED. */
  readonly takeProfit?: number;
  /** True if the stop-loss price is guaranteed. */
  readonly guaranteedStopLoss?: boolean;
  /** True makes the stop loss trail; left out = kept as it is. Needs a stopLoss. */
  readonly trailingStopLoss?: boolean;
  /** Which quotes trigger the stop loss. */
  readonly stopLossTriggerMethod?: Open<ProtoOAOrderTriggerMethod>;
}

/** Closes a position in full or in part. There is no client order id. */
export interface ProtoOAClosePositionReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Position id given by the server. */
  readonly positionId: string;
  /** Volume to close in 0.01 of a unit; the whole volume for a full close. */
  readonly volume: number;
}

/** A trailing stop moved; the only message sent for it. */
export interface ProtoOATrailingSLChangedEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Position id given by the server. */
  readonly positionId: string;
  /** The protective order that was moved. */
  readonly orderId: string;
  /** New stop-loss price as a plain decimal. */
  readonly stopPrice: number;
  /** When it was last changed, Unix milliseconds. */
  readonly utcLastUpdateTimestamp: number;
}

/** Asks for all assets. */
export interface ProtoOAAssetListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** All assets. */
export interface ProtoOAAssetListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Assets (currencies, metals) known to the broker. */
  readonly asset?: readonly ProtoOAAsset[];
}

/** Asks for all symbols in short form. */
export interface ProtoOASymbolsListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** True asks for archived symbols too. */
  readonly includeArchivedSymbols?: boolean;
}

/** All symbols in short form. */
export interface ProtoOASymbolsListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Short descriptions, nothing needed for sizing. */
  readonly symbol?: readonly ProtoOALightSymbol[];
  /** Symbols that are no longer traded. */
  readonly archivedSymbol?: readonly ProtoOAArchivedSymbol[];
}

/** Asks for full descriptions of symbols. */
export interface ProtoOASymbolByIdReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instruments wanted; ask for many at once. */
  readonly symbolId?: readonly string[];
}

/** Full descriptions of symbols. */
export interface ProtoOASymbolByIdRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Full descriptions. */
  readonly symbol?: readonly ProtoOASymbol[];
  /** Symbols that are no longer traded. */
  readonly archivedSymbol?: readonly ProtoOAArchivedSymbol[];
}

/** Asks for the shortest chain of symbols from one asset to another. */
export interface ProtoOASymbolsForConversionReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Asset the conversion starts from (for profit: the quote asset). */
  readonly firstAssetId: string;
  /** Asset the conversion ends at (for profit: the deposit asset). */
  readonly lastAssetId: string;
}

/** The conversion chain. */
export interface ProtoOASymbolsForConversionRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The chain in order, from the first asset to the last; may be one symbol. */
  readonly symbol?: readonly ProtoOALightSymbol[];
}

/** Descriptions of symbols changed; carries ids only. */
export interface ProtoOASymbolChangedEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instruments that changed; read them again with ProtoOASymbolByIdReq. */
  readonly symbolId?: readonly string[];
}

/** Asks for all asset classes. */
export interface ProtoOAAssetClassListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** All asset classes. */
export interface ProtoOAAssetClassListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The asset classes. */
  readonly assetClass?: readonly ProtoOAAssetClass[];
}

/** Asks for the account's settings and balance. */
export interface ProtoOATraderReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** The account's settings and balance. */
export interface ProtoOATraderRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The account's settings and balance. */
  readonly trader: ProtoOATrader;
}

/** The account's settings changed. */
export interface ProtoOATraderUpdatedEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The account's settings and balance. */
  readonly trader: ProtoOATrader;
}

/** Asks for all open positions and pending orders. */
export interface ProtoOAReconcileReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** True lists STOP_LOSS_TAKE_PROFIT orders too, which are hidden otherwise. */
  readonly returnProtectionOrders?: boolean;
}

/** All open positions and pending orders; one page, nothing closed. */
export interface ProtoOAReconcileRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** All open positions. */
  readonly position?: readonly ProtoOAPosition[];
  /** All pending orders. */
  readonly order?: readonly ProtoOAOrder[];
}

/** A trading request failed. Mind the field numbers: the account id is 5. */
export interface ProtoOAOrderErrorEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Error as a NAME (text), never as a number. Names outside the published enums occur. */
  readonly errorCode: string;
  /** Order concerned; absent or 0 when there is none. */
  readonly orderId?: string;
  /** Position concerned; absent or 0 when there is none. */
  readonly positionId?: string;
  /** Free text for people; may be absent. */
  readonly description?: string;
}

/** Asks for deals of the account (historical rate limit). */
export interface ProtoOADealListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Begin of the window, Unix milliseconds. */
  readonly fromTimestamp?: number;
  /** End of the window, Unix milliseconds, at most 2147483646000. */
  readonly toTimestamp?: number;
  /** Largest number of rows wanted in one answer. */
  readonly maxRows?: number;
}

/** Deals of the account. */
export interface ProtoOADealListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Deals, newest first. */
  readonly deal?: readonly ProtoOADeal[];
  /** True if cut; continue with an earlier toTimestamp. */
  readonly hasMore: boolean;
}

/** Asks for orders of the account by time. */
export interface ProtoOAOrderListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Begin of the window, Unix milliseconds. */
  readonly fromTimestamp?: number;
  /** End of the window, Unix milliseconds, at most 2147483646000. */
  readonly toTimestamp?: number;
}

/** Orders of the account. */
export interface ProtoOAOrderListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Orders, last changed first. */
  readonly order?: readonly ProtoOAOrder[];
  /** True if the answer was cut and another page exists. */
  readonly hasMore: boolean;
}

/** Asks what margin volumes of a symbol would need. */
export interface ProtoOAExpectedMarginReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Volumes to compute, in 0.01 of a unit. */
  readonly volume?: readonly number[];
}

/** Expected margins. */
export interface ProtoOAExpectedMarginRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Expected margin per volume asked for. */
  readonly margin?: readonly ProtoOAExpectedMargin[];
  /** Decimal exponent of the margins. */
  readonly moneyDigits?: number;
}

/** The used margin of one position changed. */
export interface ProtoOAMarginChangedEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Position whose margin changed; uint64 here, int64 elsewhere. */
  readonly positionId: string;
  /** Margin in use, deposit currency x 10^moneyDigits. */
  readonly usedMargin: number;
  /** Decimal exponent of the money fields of THIS message: amount = value / 10^moneyDigits. */
  readonly moneyDigits?: number;
}

/** Asks for deposits and withdrawals of at most one week (historical rate limit). */
export interface ProtoOACashFlowHistoryListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Begin of the window, Unix milliseconds; required here. */
  readonly fromTimestamp: number;
  /** End of the window, Unix milliseconds, at most fromTimestamp + 604800000. */
  readonly toTimestamp: number;
}

/** Deposits and withdrawals; never says that it was cut. */
export interface ProtoOACashFlowHistoryListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Deposits and withdrawals in the window. */
  readonly depositWithdraw?: readonly ProtoOADepositWithdraw[];
}

/** Asks which accounts a token opens; needs application authorisation only. */
export interface ProtoOAGetAccountListByAccessTokenReq {
  /** Access token of the account owner. A secret: never log it. */
  readonly accessToken: string;
}

/** Accounts a token opens. */
export interface ProtoOAGetAccountListByAccessTokenRes {
  /** Echo of the token that was sent. A secret: never log it. */
  readonly accessToken: string;
  /** What the token allows: SCOPE_VIEW reads, SCOPE_TRADE also trades. */
  readonly permissionScope?: Open<ProtoOAClientPermissionScope>;
  /** Accounts the token opens, demo and live together. */
  readonly ctidTraderAccount?: readonly ProtoOACtidTraderAccount[];
}

/** Exchanges a refresh token for new tokens. */
export interface ProtoOARefreshTokenReq {
  /** Refresh token, single use. A secret: never log it. */
  readonly refreshToken: string;
}

/** New tokens; both old ones are dead. */
export interface ProtoOARefreshTokenRes {
  /** NEW access token; the old one is dead. Never log it. */
  readonly accessToken: string;
  /** Kind of token, "bearer". */
  readonly tokenType: string;
  /** Life of the new access token in seconds. */
  readonly expiresIn: number;
  /** NEW refresh token; the old one is dead. Persist before use, never log it. */
  readonly refreshToken: string;
}

/** Subscribes quotes of symbols. */
export interface ProtoOASubscribeSpotsReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instruments to subscribe; several allowed, not packed. */
  readonly symbolId?: readonly string[];
  /** True makes spot events carry their timestamp. */
  readonly subscribeToSpotTimestamp?: boolean;
}

/** Subscription queued; the first quote follows. */
export interface ProtoOASubscribeSpotsRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Ends quote subscriptions. */
export interface ProtoOAUnsubscribeSpotsReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instruments to stop; several allowed. */
  readonly symbolId?: readonly string[];
}

/** Subscriptions ended; late quotes may still arrive. */
export interface ProtoOAUnsubscribeSpotsRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** A quote changed. Only the side that changed is present. */
export interface ProtoOASpotEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Bid in 1/100000 of the quote unit; absent = unchanged, never zero. */
  readonly bid?: number;
  /** Ask in 1/100000 of the quote unit; absent = unchanged, never zero. */
  readonly ask?: number;
  /** Forming bars of the subscribed periods; only on events that carry a bid. */
  readonly trendbar?: readonly ProtoOATrendbar[];
  /** Close of the last session in 1/100000 of the quote unit; rarely sent. */
  readonly sessionClose?: number;
  /** Time of the quote, Unix milliseconds; only if asked for when subscribing. */
  readonly timestamp?: number;
}

/** Subscribes forming bars; needs a quote subscription of the symbol. */
export interface ProtoOASubscribeLiveTrendbarReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Bar period. */
  readonly period: Open<ProtoOATrendbarPeriod>;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
}

/** Forming bars subscribed. */
export interface ProtoOASubscribeLiveTrendbarRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Ends a forming-bar subscription. */
export interface ProtoOAUnsubscribeLiveTrendbarReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Bar period. */
  readonly period: Open<ProtoOATrendbarPeriod>;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
}

/** Forming-bar subscription ended. */
export interface ProtoOAUnsubscribeLiveTrendbarRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Asks for historical bars (historical rate limit). */
export interface ProtoOAGetTrendbarsReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Begin of the window, Unix milliseconds; does not bound the answer when count is set. */
  readonly fromTimestamp?: number;
  /** End of the window, Unix milliseconds, at most 2147483646000; a bar opening exactly then is included. */
  readonly toTimestamp?: number;
  /** Bar period. */
  readonly period: Open<ProtoOATrendbarPeriod>;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Largest number of bars wanted, counted back from toTimestamp. */
  readonly count?: number;
}

/** Historical bars. */
export interface ProtoOAGetTrendbarsRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Bar period. */
  readonly period: Open<ProtoOATrendbarPeriod>;
  /** Old echo of toTimestamp, Unix milliseconds. */
  readonly timestamp?: number;
  /** Closed bars, oldest first. */
  readonly trendbar?: readonly ProtoOATrendbar[];
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId?: string;
  /** True if the answer was cut to the server's chunk size. */
  readonly hasMore?: boolean;
}

/** Asks for historical ticks of one side (historical rate limit). */
export interface ProtoOAGetTickDataReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instrument id, valid at this broker and server only. */
  readonly symbolId: string;
  /** Which side of the quote: BID or ASK. */
  readonly type: Open<ProtoOAQuoteType>;
  /** Begin of the window, Unix milliseconds; the window is at most one week. */
  readonly fromTimestamp?: number;
  /** End of the window, Unix milliseconds, at most 2147483646000. */
  readonly toTimestamp?: number;
}

/** Historical ticks as differences. */
export interface ProtoOAGetTickDataRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Ticks, newest first, as differences (see ProtoOATickData). */
  readonly tickData?: readonly ProtoOATickData[];
  /** True if cut; continue with toTimestamp = oldest time - 1. */
  readonly hasMore: boolean;
}

/** Asks whose token it is. */
export interface ProtoOAGetCtidProfileByTokenReq {
  /** Access token of the account owner. A secret: never log it. */
  readonly accessToken: string;
}

/** The owner of the token. */
export interface ProtoOAGetCtidProfileByTokenRes {
  /** The profile. */
  readonly profile: ProtoOACtidProfile;
}

/** Change of an order book: remove deletedQuotes, then put newQuotes. */
export interface ProtoOADepthEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instrument id; uint64 here, int64 elsewhere. */
  readonly symbolId: string;
  /** Quotes to add or replace, by quote id. */
  readonly newQuotes?: readonly ProtoOADepthQuote[];
  /** Ids of quotes to remove; packed on the wire. */
  readonly deletedQuotes?: readonly string[];
}

/** Subscribes order books; needs quote subscriptions. */
export interface ProtoOASubscribeDepthQuotesReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instruments to subscribe; several allowed. */
  readonly symbolId?: readonly string[];
}

/** Order books subscribed. */
export interface ProtoOASubscribeDepthQuotesRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Ends order-book subscriptions. */
export interface ProtoOAUnsubscribeDepthQuotesReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Instruments to stop; several allowed. */
  readonly symbolId?: readonly string[];
}

/** Order-book subscriptions ended. */
export interface ProtoOAUnsubscribeDepthQuotesRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Asks for all symbol categories; the enum name lacks "LIST". */
export interface ProtoOASymbolCategoryListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** All symbol categories. */
export interface ProtoOASymbolCategoryListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The symbol categories. */
  readonly symbolCategory?: readonly ProtoOASymbolCategory[];
}

/** Closes an account on this connection. */
export interface ProtoOAAccountLogoutReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Logout accepted; complete when ProtoOAAccountDisconnectEvent arrives. */
export interface ProtoOAAccountLogoutRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** The session of one account ended; authorise it again. */
export interface ProtoOAAccountDisconnectEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Asks for the margin-call levels. */
export interface ProtoOAMarginCallListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** The margin-call levels; carries no account id. */
export interface ProtoOAMarginCallListRes {
  /** The levels, normally three. */
  readonly marginCall?: readonly ProtoOAMarginCall[];
}

/** Changes a margin-call level. */
export interface ProtoOAMarginCallUpdateReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The level as it shall be. */
  readonly marginCall: ProtoOAMarginCall;
}

/** Margin-call level changed. Has no fields of its own. */
export type ProtoOAMarginCallUpdateRes = Record<never, never>;

/** A margin-call level changed. */
export interface ProtoOAMarginCallUpdateEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The level as it is now. */
  readonly marginCall: ProtoOAMarginCall;
}

/** A margin-call level was reached; at most once in ten minutes. */
export interface ProtoOAMarginCallTriggerEvent {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The level that was reached. */
  readonly marginCall: ProtoOAMarginCall;
}

/** Asks for a dynamic leverage table. */
export interface ProtoOAGetDynamicLeverageByIDReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Id of a dynamic leverage table. */
  readonly leverageId: string;
}

/** A dynamic leverage table. */
export interface ProtoOAGetDynamicLeverageByIDRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The leverage table. */
  readonly leverage: ProtoOADynamicLeverage;
}

/** Asks for deals of one position; works without a window. */
export interface ProtoOADealListByPositionIdReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Position id given by the server. */
  readonly positionId: string;
  /** Begin of the window, Unix milliseconds. */
  readonly fromTimestamp?: number;
  /** End of the window, Unix milliseconds, at most 2147483646000. */
  readonly toTimestamp?: number;
}

/** Deals of one position. */
export interface ProtoOADealListByPositionIdRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Deals of the position, newest first. */
  readonly deal?: readonly ProtoOADeal[];
  /** True if the answer was cut and another page exists. */
  readonly hasMore: boolean;
}

/** Asks for one order with its executions. */
export interface ProtoOAOrderDetailsReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Order id given by the server. */
  readonly orderId: string;
}

/** One order with its executions. */
export interface ProtoOAOrderDetailsRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** The order, also when it has ended. */
  readonly order: ProtoOAOrder;
  /** All executions of the order; empty for a cancelled one. */
  readonly deal?: readonly ProtoOADeal[];
}

/** Asks for orders of one position; works without a window. */
export interface ProtoOAOrderListByPositionIdReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Position id given by the server. */
  readonly positionId: string;
  /** Begin of the window, Unix milliseconds. */
  readonly fromTimestamp?: number;
  /** End of the window, Unix milliseconds, at most 2147483646000. */
  readonly toTimestamp?: number;
}

/** Orders of one position. */
export interface ProtoOAOrderListByPositionIdRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Orders of the position, last changed first. */
  readonly order?: readonly ProtoOAOrder[];
  /** True if the answer was cut and another page exists. */
  readonly hasMore: boolean;
}

/** Asks which deals offset a deal. */
export interface ProtoOADealOffsetListReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Deal id given by the server. */
  readonly dealId: string;
}

/** Deals that offset each other. */
export interface ProtoOADealOffsetListRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Deals that closed (part of) the deal asked for. */
  readonly offsetBy?: readonly ProtoOADealOffset[];
  /** Deals that the deal asked for closed. */
  readonly offsetting?: readonly ProtoOADealOffset[];
}

/** Asks for the open profit of all positions; at most every two or three seconds. */
export interface ProtoOAGetPositionUnrealizedPnLReq {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
}

/** Open profit of all positions. */
export interface ProtoOAGetPositionUnrealizedPnLRes {
  /** Account the message belongs to: the cTrader id number, not the login. Route by it. */
  readonly ctidTraderAccountId: string;
  /** Open profit per position. */
  readonly positionUnrealizedPnL?: readonly ProtoOAPositionUnrealizedPnL[];
  /** Decimal exponent of both amounts of every entry; required here. */
  readonly moneyDigits: number;
}

/** Every message by name. */
export interface Messages {
  readonly ProtoMessage: ProtoMessage;
  readonly ProtoErrorRes: ProtoErrorRes;
  readonly ProtoHeartbeatEvent: ProtoHeartbeatEvent;
  readonly ProtoOAAsset: ProtoOAAsset;
  readonly ProtoOASymbol: ProtoOASymbol;
  readonly ProtoOALightSymbol: ProtoOALightSymbol;
  readonly ProtoOAArchivedSymbol: ProtoOAArchivedSymbol;
  readonly ProtoOASymbolCategory: ProtoOASymbolCategory;
  readonly ProtoOAInterval: ProtoOAInterval;
  readonly ProtoOATrader: ProtoOATrader;
  readonly ProtoOAPosition: ProtoOAPosition;
  readonly ProtoOATradeData: ProtoOATradeData;
  readonly ProtoOAOrder: ProtoOAOrder;
  readonly ProtoOABonusDepositWithdraw: ProtoOABonusDepositWithdraw;
  readonly ProtoOADepositWithdraw: ProtoOADepositWithdraw;
  readonly ProtoOADeal: ProtoOADeal;
  readonly ProtoOADealOffset: ProtoOADealOffset;
  readonly ProtoOAClosePositionDetail: ProtoOAClosePositionDetail;
  readonly ProtoOATrendbar: ProtoOATrendbar;
  readonly ProtoOAExpectedMargin: ProtoOAExpectedMargin;
  readonly ProtoOATickData: ProtoOATickData;
  readonly ProtoOACtidProfile: ProtoOACtidProfile;
  readonly ProtoOACtidTraderAccount: ProtoOACtidTraderAccount;
  readonly ProtoOAAssetClass: ProtoOAAssetClass;
  readonly ProtoOADepthQuote: ProtoOADepthQuote;
  readonly ProtoOAMarginCall: ProtoOAMarginCall;
  readonly ProtoOAHoliday: ProtoOAHoliday;
  readonly ProtoOADynamicLeverage: ProtoOADynamicLeverage;
  readonly ProtoOADynamicLeverageTier: ProtoOADynamicLeverageTier;
  readonly ProtoOAPositionUnrealizedPnL: ProtoOAPositionUnrealizedPnL;
  readonly ProtoOAApplicationAuthReq: ProtoOAApplicationAuthReq;
  readonly ProtoOAApplicationAuthRes: ProtoOAApplicationAuthRes;
  readonly ProtoOAAccountAuthReq: ProtoOAAccountAuthReq;
  readonly ProtoOAAccountAuthRes: ProtoOAAccountAuthRes;
  readonly ProtoOAErrorRes: ProtoOAErrorRes;
  readonly ProtoOAClientDisconnectEvent: ProtoOAClientDisconnectEvent;
  readonly ProtoOAAccountsTokenInvalidatedEvent: ProtoOAAccountsTokenInvalidatedEvent;
  readonly ProtoOAVersionReq: ProtoOAVersionReq;
  readonly ProtoOAVersionRes: ProtoOAVersionRes;
  readonly ProtoOANewOrderReq: ProtoOANewOrderReq;
  readonly ProtoOAExecutionEvent: ProtoOAExecutionEvent;
  readonly ProtoOACancelOrderReq: ProtoOACancelOrderReq;
  readonly ProtoOAAmendOrderReq: ProtoOAAmendOrderReq;
  readonly ProtoOAAmendPositionSLTPReq: ProtoOAAmendPositionSLTPReq;
  readonly ProtoOAClosePositionReq: ProtoOAClosePositionReq;
  readonly ProtoOATrailingSLChangedEvent: ProtoOATrailingSLChangedEvent;
  readonly ProtoOAAssetListReq: ProtoOAAssetListReq;
  readonly ProtoOAAssetListRes: ProtoOAAssetListRes;
  readonly ProtoOASymbolsListReq: ProtoOASymbolsListReq;
  readonly ProtoOASymbolsListRes: ProtoOASymbolsListRes;
  readonly ProtoOASymbolByIdReq: ProtoOASymbolByIdReq;
  readonly ProtoOASymbolByIdRes: ProtoOASymbolByIdRes;
  readonly ProtoOASymbolsForConversionReq: ProtoOASymbolsForConversionReq;
  readonly ProtoOASymbolsForConversionRes: ProtoOASymbolsForConversionRes;
  readonly ProtoOASymbolChangedEvent: ProtoOASymbolChangedEvent;
  readonly ProtoOAAssetClassListReq: ProtoOAAssetClassListReq;
  readonly ProtoOAAssetClassListRes: ProtoOAAssetClassListRes;
  readonly ProtoOATraderReq: ProtoOATraderReq;
  readonly ProtoOATraderRes: ProtoOATraderRes;
  readonly ProtoOATraderUpdatedEvent: ProtoOATraderUpdatedEvent;
  readonly ProtoOAReconcileReq: ProtoOAReconcileReq;
  readonly ProtoOAReconcileRes: ProtoOAReconcileRes;
  readonly ProtoOAOrderErrorEvent: ProtoOAOrderErrorEvent;
  readonly ProtoOADealListReq: ProtoOADealListReq;
  readonly ProtoOADealListRes: ProtoOADealListRes;
  readonly ProtoOAOrderListReq: ProtoOAOrderListReq;
  readonly ProtoOAOrderListRes: ProtoOAOrderListRes;
  readonly ProtoOAExpectedMarginReq: ProtoOAExpectedMarginReq;
  readonly ProtoOAExpectedMarginRes: ProtoOAExpectedMarginRes;
  readonly ProtoOAMarginChangedEvent: ProtoOAMarginChangedEvent;
  readonly ProtoOACashFlowHistoryListReq: ProtoOACashFlowHistoryListReq;
  readonly ProtoOACashFlowHistoryListRes: ProtoOACashFlowHistoryListRes;
  readonly ProtoOAGetAccountListByAccessTokenReq: ProtoOAGetAccountListByAccessTokenReq;
  readonly ProtoOAGetAccountListByAccessTokenRes: ProtoOAGetAccountListByAccessTokenRes;
  readonly ProtoOARefreshTokenReq: ProtoOARefreshTokenReq;
  readonly ProtoOARefreshTokenRes: ProtoOARefreshTokenRes;
  readonly ProtoOASubscribeSpotsReq: ProtoOASubscribeSpotsReq;
  readonly ProtoOASubscribeSpotsRes: ProtoOASubscribeSpotsRes;
  readonly ProtoOAUnsubscribeSpotsReq: ProtoOAUnsubscribeSpotsReq;
  readonly ProtoOAUnsubscribeSpotsRes: ProtoOAUnsubscribeSpotsRes;
  readonly ProtoOASpotEvent: ProtoOASpotEvent;
  readonly ProtoOASubscribeLiveTrendbarReq: ProtoOASubscribeLiveTrendbarReq;
  readonly ProtoOASubscribeLiveTrendbarRes: ProtoOASubscribeLiveTrendbarRes;
  readonly ProtoOAUnsubscribeLiveTrendbarReq: ProtoOAUnsubscribeLiveTrendbarReq;
  readonly ProtoOAUnsubscribeLiveTrendbarRes: ProtoOAUnsubscribeLiveTrendbarRes;
  readonly ProtoOAGetTrendbarsReq: ProtoOAGetTrendbarsReq;
  readonly ProtoOAGetTrendbarsRes: ProtoOAGetTrendbarsRes;
  readonly ProtoOAGetTickDataReq: ProtoOAGetTickDataReq;
  readonly ProtoOAGetTickDataRes: ProtoOAGetTickDataRes;
  readonly ProtoOAGetCtidProfileByTokenReq: ProtoOAGetCtidProfileByTokenReq;
  readonly ProtoOAGetCtidProfileByTokenRes: ProtoOAGetCtidProfileByTokenRes;
  readonly ProtoOADepthEvent: ProtoOADepthEvent;
  readonly ProtoOASubscribeDepthQuotesReq: ProtoOASubscribeDepthQuotesReq;
  readonly ProtoOASubscribeDepthQuotesRes: ProtoOASubscribeDepthQuotesRes;
  readonly ProtoOAUnsubscribeDepthQuotesReq: ProtoOAUnsubscribeDepthQuotesReq;
  readonly ProtoOAUnsubscribeDepthQuotesRes: ProtoOAUnsubscribeDepthQuotesRes;
  readonly ProtoOASymbolCategoryListReq: ProtoOASymbolCategoryListReq;
  readonly ProtoOASymbolCategoryListRes: ProtoOASymbolCategoryListRes;
  readonly ProtoOAAccountLogoutReq: ProtoOAAccountLogoutReq;
  readonly ProtoOAAccountLogoutRes: ProtoOAAccountLogoutRes;
  readonly ProtoOAAccountDisconnectEvent: ProtoOAAccountDisconnectEvent;
  readonly ProtoOAMarginCallListReq: ProtoOAMarginCallListReq;
  readonly ProtoOAMarginCallListRes: ProtoOAMarginCallListRes;
  readonly ProtoOAMarginCallUpdateReq: ProtoOAMarginCallUpdateReq;
  readonly ProtoOAMarginCallUpdateRes: ProtoOAMarginCallUpdateRes;
  readonly ProtoOAMarginCallUpdateEvent: ProtoOAMarginCallUpdateEvent;
  readonly ProtoOAMarginCallTriggerEvent: ProtoOAMarginCallTriggerEvent;
  readonly ProtoOAGetDynamicLeverageByIDReq: ProtoOAGetDynamicLeverageByIDReq;
  readonly ProtoOAGetDynamicLeverageByIDRes: ProtoOAGetDynamicLeverageByIDRes;
  readonly ProtoOADealListByPositionIdReq: ProtoOADealListByPositionIdReq;
  readonly ProtoOADealListByPositionIdRes: ProtoOADealListByPositionIdRes;
  readonly ProtoOAOrderDetailsReq: ProtoOAOrderDetailsReq;
  readonly ProtoOAOrderDetailsRes: ProtoOAOrderDetailsRes;
  readonly ProtoOAOrderListByPositionIdReq: ProtoOAOrderListByPositionIdReq;
  readonly ProtoOAOrderListByPositionIdRes: ProtoOAOrderListByPositionIdRes;
  readonly ProtoOADealOffsetListReq: ProtoOADealOffsetListReq;
  readonly ProtoOADealOffsetListRes: ProtoOADealOffsetListRes;
  readonly ProtoOAGetPositionUnrealizedPnLReq: ProtoOAGetPositionUnrealizedPnLReq;
  readonly ProtoOAGetPositionUnrealizedPnLRes: ProtoOAGetPositionUnrealizedPnLRes;
}

export type MessageName = keyof Messages;

/** Type number of every message that travels in an envelope. */
export const PAYLOAD_TYPES = {
  ProtoErrorRes: 50,
  ProtoHeartbeatEvent: 51,
  ProtoOAApplicationAuthReq: 2100,
  ProtoOAApplicationAuthRes: 2101,
  ProtoOAAccountAuthReq: 2102,
  ProtoOAAccountAuthRes: 2103,
  ProtoOAVersionReq: 2104,
  ProtoOAVersionRes: 2105,
  ProtoOANewOrderReq: 2106,
  ProtoOATrailingSLChangedEvent: 2107,
  ProtoOACancelOrderReq: 2108,
  ProtoOAAmendOrderReq: 2109,
  ProtoOAAmendPositionSLTPReq: 2110,
  ProtoOAClosePositionReq: 2111,
  ProtoOAAssetListReq: 2112,
  ProtoOAAssetListRes: 2113,
  ProtoOASymbolsListReq: 2114,
  ProtoOASymbolsListRes: 2115,
  ProtoOASymbolByIdReq: 2116,
  ProtoOASymbolByIdRes: 2117,
  ProtoOASymbolsForConversionReq: 2118,
  ProtoOASymbolsForConversionRes: 2119,
  ProtoOASymbolChangedEvent: 2120,
  ProtoOATraderReq: 2121,
  ProtoOATraderRes: 2122,
  ProtoOATraderUpdatedEvent: 2123,
  ProtoOAReconcileReq: 2124,
  ProtoOAReconcileRes: 2125,
  ProtoOAExecutionEvent: 2126,
  ProtoOASubscribeSpotsReq: 2127,
  ProtoOASubscribeSpotsRes: 2128,
  ProtoOAUnsubscribeSpotsReq: 2129,
  ProtoOAUnsubscribeSpotsRes: 2130,
  ProtoOASpotEvent: 2131,
  ProtoOAOrderErrorEvent: 2132,
  ProtoOADealListReq: 2133,
  ProtoOADealListRes: 2134,
  ProtoOASubscribeLiveTrendbarReq: 2135,
  ProtoOAUnsubscribeLiveTrendbarReq: 2136,
  ProtoOAGetTrendbarsReq: 2137,
  ProtoOAGetTrendbarsRes: 2138,
  ProtoOAExpectedMarginReq: 2139,
  ProtoOAExpectedMarginRes: 2140,
  ProtoOAMarginChangedEvent: 2141,
  ProtoOAErrorRes: 2142,
  ProtoOACashFlowHistoryListReq: 2143,
  ProtoOACashFlowHistoryListRes: 2144,
  ProtoOAGetTickDataReq: 2145,
  ProtoOAGetTickDataRes: 2146,
  ProtoOAAccountsTokenInvalidatedEvent: 2147,
  ProtoOAClientDisconnectEvent: 2148,
  ProtoOAGetAccountListByAccessTokenReq: 2149,
  ProtoOAGetAccountListByAccessTokenRes: 2150,
  ProtoOAGetCtidProfileByTokenReq: 2151,
  ProtoOAGetCtidProfileByTokenRes: 2152,
  ProtoOAAssetClassListReq: 2153,
  ProtoOAAssetClassListRes: 2154,
  ProtoOADepthEvent: 2155,
  ProtoOASubscribeDepthQuotesReq: 2156,
  ProtoOASubscribeDepthQuotesRes: 2157,
  ProtoOAUnsubscribeDepthQuotesReq: 2158,
  ProtoOAUnsubscribeDepthQuotesRes: 2159,
  ProtoOASymbolCategoryListReq: 2160,
  ProtoOASymbolCategoryListRes: 2161,
  ProtoOAAccountLogoutReq: 2162,
  ProtoOAAccountLogoutRes: 2163,
  ProtoOAAccountDisconnectEvent: 2164,
  ProtoOASubscribeLiveTrendbarRes: 2165,
  ProtoOAUnsubscribeLiveTrendbarRes: 2166,
  ProtoOAMarginCallListReq: 2167,
  ProtoOAMarginCallListRes: 2168,
  ProtoOAMarginCallUpdateReq: 2169,
  ProtoOAMarginCallUpdateRes: 2170,
  ProtoOAMarginCallUpdateEvent: 2171,
  ProtoOAMarginCallTriggerEvent: 2172,
  ProtoOARefreshTokenReq: 2173,
  ProtoOARefreshTokenRes: 2174,
  ProtoOAOrderListReq: 2175,
  ProtoOAOrderListRes: 2176,
  ProtoOAGetDynamicLeverageByIDReq: 2177,
  ProtoOAGetDynamicLeverageByIDRes: 2178,
  ProtoOADealListByPositionIdReq: 2179,
  ProtoOADealListByPositionIdRes: 2180,
  ProtoOAOrderDetailsReq: 2181,
  ProtoOAOrderDetailsRes: 2182,
  ProtoOAOrderListByPositionIdReq: 2183,
  ProtoOAOrderListByPositionIdRes: 2184,
  ProtoOADealOffsetListReq: 2185,
  ProtoOADealOffsetListRes: 2186,
  ProtoOAGetPositionUnrealizedPnLReq: 2187,
  ProtoOAGetPositionUnrealizedPnLRes: 2188,
} as const;

/** Messages that travel in an envelope. */
export type WireName = keyof typeof PAYLOAD_TYPES;

/** Message of every type number. */
export const MESSAGE_OF_PAYLOAD_TYPE: Readonly<Record<number, WireName>> = {
  50: 'ProtoErrorRes',
  51: 'ProtoHeartbeatEvent',
  2100: 'ProtoOAApplicationAuthReq',
  2101: 'ProtoOAApplicationAuthRes',
  2102: 'ProtoOAAccountAuthReq',
  2103: 'ProtoOAAccountAuthRes',
  2104: 'ProtoOAVersionReq',
  2105: 'ProtoOAVersionRes',
  2106: 'ProtoOANewOrderReq',
  2107: 'ProtoOATrailingSLChangedEvent',
  2108: 'ProtoOACancelOrderReq',
  2109: 'ProtoOAAmendOrderReq',
  2110: 'ProtoOAAmendPositionSLTPReq',
  2111: 'ProtoOAClosePositionReq',
  2112: 'ProtoOAAssetListReq',
  2113: 'ProtoOAAssetListRes',
  2114: 'ProtoOASymbolsListReq',
  2115: 'ProtoOASymbolsListRes',
  2116: 'ProtoOASymbolByIdReq',
  2117: 'ProtoOASymbolByIdRes',
  2118: 'ProtoOASymbolsForConversionReq',
  2119: 'ProtoOASymbolsForConversionRes',
  2120: 'ProtoOASymbolChangedEvent',
  2121: 'ProtoOATraderReq',
  2122: 'ProtoOATraderRes',
  2123: 'ProtoOATraderUpdatedEvent',
  2124: 'ProtoOAReconcileReq',
  2125: 'ProtoOAReconcileRes',
  2126: 'ProtoOAExecutionEvent',
  2127: 'ProtoOASubscribeSpotsReq',
  2128: 'ProtoOASubscribeSpotsRes',
  2129: 'ProtoOAUnsubscribeSpotsReq',
  2130: 'ProtoOAUnsubscribeSpotsRes',
  2131: 'ProtoOASpotEvent',
  2132: 'ProtoOAOrderErrorEvent',
  2133: 'ProtoOADealListReq',
  2134: 'ProtoOADealListRes',
  2135: 'ProtoOASubscribeLiveTrendbarReq',
  2136: 'ProtoOAUnsubscribeLiveTrendbarReq',
  2137: 'ProtoOAGetTrendbarsReq',
  2138: 'ProtoOAGetTrendbarsRes',
  2139: 'ProtoOAExpectedMarginReq',
  2140: 'ProtoOAExpectedMarginRes',
  2141: 'ProtoOAMarginChangedEvent',
  2142: 'ProtoOAErrorRes',
  2143: 'ProtoOACashFlowHistoryListReq',
  2144: 'ProtoOACashFlowHistoryListRes',
  2145: 'ProtoOAGetTickDataReq',
  2146: 'ProtoOAGetTickDataRes',
  2147: 'ProtoOAAccountsTokenInvalidatedEvent',
  2148: 'ProtoOAClientDisconnectEvent',
  2149: 'ProtoOAGetAccountListByAccessTokenReq',
  2150: 'ProtoOAGetAccountListByAccessTokenRes',
  2151: 'ProtoOAGetCtidProfileByTokenReq',
  2152: 'ProtoOAGetCtidProfileByTokenRes',
  2153: 'ProtoOAAssetClassListReq',
  2154: 'ProtoOAAssetClassListRes',
  2155: 'ProtoOADepthEvent',
  2156: 'ProtoOASubscribeDepthQuotesReq',
  2157: 'ProtoOASubscribeDepthQuotesRes',
  2158: 'ProtoOAUnsubscribeDepthQuotesReq',
  2159: 'ProtoOAUnsubscribeDepthQuotesRes',
  2160: 'ProtoOASymbolCategoryListReq',
  2161: 'ProtoOASymbolCategoryListRes',
  2162: 'ProtoOAAccountLogoutReq',
  2163: 'ProtoOAAccountLogoutRes',
  2164: 'ProtoOAAccountDisconnectEvent',
  2165: 'ProtoOASubscribeLiveTrendbarRes',
  2166: 'ProtoOAUnsubscribeLiveTrendbarRes',
  2167: 'ProtoOAMarginCallListReq',
  2168: 'ProtoOAMarginCallListRes',
  2169: 'ProtoOAMarginCallUpdateReq',
  2170: 'ProtoOAMarginCallUpdateRes',
  2171: 'ProtoOAMarginCallUpdateEvent',
  2172: 'ProtoOAMarginCallTriggerEvent',
  2173: 'ProtoOARefreshTokenReq',
  2174: 'ProtoOARefreshTokenRes',
  2175: 'ProtoOAOrderListReq',
  2176: 'ProtoOAOrderListRes',
  2177: 'ProtoOAGetDynamicLeverageByIDReq',
  2178: 'ProtoOAGetDynamicLeverageByIDRes',
  2179: 'ProtoOADealListByPositionIdReq',
  2180: 'ProtoOADealListByPositionIdRes',
  2181: 'ProtoOAOrderDetailsReq',
  2182: 'ProtoOAOrderDetailsRes',
  2183: 'ProtoOAOrderListByPositionIdReq',
  2184: 'ProtoOAOrderListByPositionIdRes',
  2185: 'ProtoOADealOffsetListReq',
  2186: 'ProtoOADealOffsetListRes',
  2187: 'ProtoOAGetPositionUnrealizedPnLReq',
  2188: 'ProtoOAGetPositionUnrealizedPnLRes',
};

/** Values of every enum by name; `options.enum` of a field points here. */
export const ENUM_VALUES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ProtoPayloadType,
  ProtoErrorCode,
  ProtoOAPayloadType,
  ProtoOADayOfWeek,
  ProtoOACommissionType,
  ProtoOASymbolDistanceType,
  ProtoOAMinCommissionType,
  ProtoOATradingMode,
  ProtoOASwapCalculationType,
  ProtoOAAccessRights,
  ProtoOATotalMarginCalculationType,
  ProtoOAAccountType,
  ProtoOAPositionStatus,
  ProtoOATradeSide,
  ProtoOAOrderType,
  ProtoOATimeInForce,
  ProtoOAOrderStatus,
  ProtoOAOrderTriggerMethod,
  ProtoOAExecutionType,
  ProtoOAChangeBonusType,
  ProtoOAChangeBalanceType,
  ProtoOADealStatus,
  ProtoOATrendbarPeriod,
  ProtoOAQuoteType,
  ProtoOAClientPermissionScope,
  ProtoOANotificationType,
  ProtoOAErrorCode,
  ProtoOALimitedRiskMarginCalculationStrategy,
  ProtoOAStopOutStrategy,
};

/** Fields of every message, for protobufjs. */
export const SCHEMA: Readonly<Record<MessageName, MessageDescriptor>> = {
  ProtoMessage: {
    payloadType: { type: 'uint32', id: 1, rule: 'required' },
    payload: { type: 'bytes', id: 2 },
    clientMsgId: { type: 'string', id: 3 },
  },
  ProtoErrorRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 50, enum: 'ProtoPayloadType' } },
    errorCode: { type: 'string', id: 2, rule: 'required' },
    description: { type: 'string', id: 3 },
    maintenanceEndTimestamp: { type: 'uint64', id: 4 },
  },
  ProtoHeartbeatEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 51, enum: 'ProtoPayloadType' } },
  },
  ProtoOAAsset: {
    assetId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    name: { type: 'string', id: 2, rule: 'required' },
    displayName: { type: 'string', id: 3 },
    digits: { type: 'int32', id: 4 },
  },
  ProtoOASymbol: {
    symbolId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    digits: { type: 'int32', id: 2, rule: 'required' },
    pipPosition: { type: 'int32', id: 3, rule: 'required' },
    enableShortSelling: { type: 'bool', id: 4 },
    guaranteedStopLoss: { type: 'bool', id: 5 },
    swapRollover3Days: { type: 'int32', id: 6, options: { default: 1, enum: 'ProtoOADayOfWeek' } },
    swapLong: { type: 'double', id: 7 },
    swapShort: { type: 'double', id: 8 },
    maxVolume: { type: 'int64', id: 9 },
    minVolume: { type: 'int64', id: 10 },
    stepVolume: { type: 'int64', id: 11 },
    maxExposure: { type: 'uint64', id: 12 },
    schedule: { type: 'ProtoOAInterval', id: 13, rule: 'repeated' },
    commission: { type: 'int64', id: 14 },
    commissionType: { type: 'int32', id: 15, options: { default: 1, enum: 'ProtoOACommissionType' } },
    slDistance: { type: 'uint32', id: 16 },
    tpDistance: { type: 'uint32', id: 17 },
    gslDistance: { type: 'uint32', id: 18 },
    gslCharge: { type: 'int64', id: 19 },
    distanceSetIn: { type: 'int32', id: 20, options: { default: 1, enum: 'ProtoOASymbolDistanceType' } },
    minCommission: { type: 'int64', id: 21 },
    minCommissionType: { type: 'int32', id: 22, options: { default: 1, enum: 'ProtoOAMinCommissionType' } },
    minCommissionAsset: { type: 'string', id: 23, options: { default: 'USD' } },
    rolloverCommission: { type: 'int64', id: 24 },
    skipRolloverDays: { type: 'int32', id: 25 },
    scheduleTimeZone: { type: 'string', id: 26 },
    tradingMode: { type: 'int32', id: 27, options: { default: 0, enum: 'ProtoOATradingMode' } },
    rolloverCommission3Days: { type: 'int32', id: 28, options: { default: 1, enum: 'ProtoOADayOfWeek' } },
    swapCalculationType: { type: 'int32', id: 29, options: { default: 0, enum: 'ProtoOASwapCalculationType' } },
    lotSize: { type: 'int64', id: 30 },
    preciseTradingCommissionRate: { type: 'int64', id: 31 },
    preciseMinCommission: { type: 'int64', id: 32 },
    holiday: { type: 'ProtoOAHoliday', id: 33, rule: 'repeated' },
    pnlConversionFeeRate: { type: 'int32', id: 34 },
    leverageId: { type: 'int64', id: 35, options: { identifier: true } },
    swapPeriod: { type: 'int32', id: 36 },
    swapTime: { type: 'int32', id: 37 },
    skipSWAPPeriods: { type: 'int32', id: 38 },
    chargeSwapAtWeekends: { type: 'bool', id: 39 },
    measurementUnits: { type: 'string', id: 40 },
  },
  ProtoOALightSymbol: {
    symbolId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    symbolName: { type: 'string', id: 2 },
    enabled: { type: 'bool', id: 3 },
    baseAssetId: { type: 'int64', id: 4, options: { identifier: true } },
    quoteAssetId: { type: 'int64', id: 5, options: { identifier: true } },
    symbolCategoryId: { type: 'int64', id: 6, options: { identifier: true } },
    description: { type: 'string', id: 7 },
    sortingNumber: { type: 'double', id: 8 },
  },
  ProtoOAArchivedSymbol: {
    symbolId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    name: { type: 'string', id: 2, rule: 'required' },
    utcLastUpdateTimestamp: { type: 'int64', id: 3, rule: 'required' },
    description: { type: 'string', id: 4 },
  },
  ProtoOASymbolCategory: {
    id: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    assetClassId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    name: { type: 'string', id: 3, rule: 'required' },
    sortingNumber: { type: 'double', id: 4 },
  },
  ProtoOAInterval: {
    startSecond: { type: 'uint32', id: 3, rule: 'required' },
    endSecond: { type: 'uint32', id: 4, rule: 'required' },
  },
  ProtoOATrader: {
    ctidTraderAccountId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    balance: { type: 'int64', id: 2, rule: 'required' },
    balanceVersion: { type: 'int64', id: 3 },
    managerBonus: { type: 'int64', id: 4 },
    ibBonus: { type: 'int64', id: 5 },
    nonWithdrawableBonus: { type: 'int64', id: 6 },
    accessRights: { type: 'int32', id: 7, options: { default: 0, enum: 'ProtoOAAccessRights' } },
    depositAssetId: { type: 'int64', id: 8, rule: 'required', options: { identifier: true } },
    swapFree: { type: 'bool', id: 9 },
    leverageInCents: { type: 'uint32', id: 10 },
    totalMarginCalculationType: { type: 'int32', id: 11, options: { enum: 'ProtoOATotalMarginCalculationType' } },
    maxLeverage: { type: 'uint32', id: 12 },
    frenchRisk: { type: 'bool', id: 13 },
    traderLogin: { type: 'int64', id: 14, options: { identifier: true } },
    accountType: { type: 'int32', id: 15, options: { default: 0, enum: 'ProtoOAAccountType' } },
    brokerName: { type: 'string', id: 16 },
    registrationTimestamp: { type: 'int64', id: 17 },
    isLimitedRisk: { type: 'bool', id: 18 },
    limitedRiskMarginCalculationStrategy: { type: 'int32', id: 19, options: { default: 0, enum: 'ProtoOALimitedRiskMarginCalculationStrategy' } },
    moneyDigits: { type: 'uint32', id: 20 },
    fairStopOut: { type: 'bool', id: 21 },
    stopOutStrategy: { type: 'int32', id: 22, options: { default: 0, enum: 'ProtoOAStopOutStrategy' } },
  },
  ProtoOAPosition: {
    positionId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    tradeData: { type: 'ProtoOATradeData', id: 2, rule: 'required' },
    positionStatus: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOAPositionStatus' } },
    swap: { type: 'int64', id: 4, rule: 'required' },
    price: { type: 'double', id: 5 },
    stopLoss: { type: 'double', id: 6 },
    takeProfit: { type: 'double', id: 7 },
    utcLastUpdateTimestamp: { type: 'int64', id: 8 },
    commission: { type: 'int64', id: 9 },
    marginRate: { type: 'double', id: 10 },
    mirroringCommission: { type: 'int64', id: 11 },
    guaranteedStopLoss: { type: 'bool', id: 12 },
    usedMargin: { type: 'uint64', id: 13 },
    stopLossTriggerMethod: { type: 'int32', id: 14, options: { default: 1, enum: 'ProtoOAOrderTriggerMethod' } },
    moneyDigits: { type: 'uint32', id: 15 },
    trailingStopLoss: { type: 'bool', id: 16 },
  },
  ProtoOATradeData: {
    symbolId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    volume: { type: 'int64', id: 2, rule: 'required' },
    tradeSide: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOATradeSide' } },
    openTimestamp: { type: 'int64', id: 4 },
    label: { type: 'string', id: 5 },
    guaranteedStopLoss: { type: 'bool', id: 6 },
    comment: { type: 'string', id: 7 },
    measurementUnits: { type: 'string', id: 8 },
    closeTimestamp: { type: 'uint64', id: 9 },
  },
  ProtoOAOrder: {
    orderId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    tradeData: { type: 'ProtoOATradeData', id: 2, rule: 'required' },
    orderType: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOAOrderType' } },
    orderStatus: { type: 'int32', id: 4, rule: 'required', options: { enum: 'ProtoOAOrderStatus' } },
    expirationTimestamp: { type: 'int64', id: 6 },
    executionPrice: { type: 'double', id: 7 },
    executedVolume: { type: 'int64', id: 8 },
    utcLastUpdateTimestamp: { type: 'int64', id: 9 },
    baseSlippagePrice: { type: 'double', id: 10 },
    slippageInPoints: { type: 'int64', id: 11 },
    closingOrder: { type: 'bool', id: 12 },
    limitPrice: { type: 'double', id: 13 },
    stopPrice: { type: 'double', id: 14 },
    stopLoss: { type: 'double', id: 15 },
    takeProfit: { type: 'double', id: 16 },
    clientOrderId: { type: 'string', id: 17 },
    timeInForce: { type: 'int32', id: 18, options: { default: 3, enum: 'ProtoOATimeInForce' } },
    positionId: { type: 'int64', id: 19, options: { identifier: true } },
    relativeStopLoss: { type: 'int64', id: 20 },
    relativeTakeProfit: { type: 'int64', id: 21 },
    isStopOut: { type: 'bool', id: 22 },
    trailingStopLoss: { type: 'bool', id: 23 },
    stopTriggerMethod: { type: 'int32', id: 24, options: { default: 1, enum: 'ProtoOAOrderTriggerMethod' } },
  },
  ProtoOABonusDepositWithdraw: {
    operationType: { type: 'int32', id: 1, rule: 'required', options: { enum: 'ProtoOAChangeBonusType' } },
    bonusHistoryId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    managerBonus: { type: 'int64', id: 3, rule: 'required' },
    managerDelta: { type: 'int64', id: 4, rule: 'required' },
    ibBonus: { type: 'int64', id: 5, rule: 'required' },
    ibDelta: { type: 'int64', id: 6, rule: 'required' },
    changeBonusTimestamp: { type: 'int64', id: 7, rule: 'required' },
    externalNote: { type: 'string', id: 8 },
    introducingBrokerId: { type: 'int64', id: 9, options: { identifier: true } },
    moneyDigits: { type: 'uint32', id: 10 },
  },
  ProtoOADepositWithdraw: {
    operationType: { type: 'int32', id: 1, rule: 'required', options: { enum: 'ProtoOAChangeBalanceType' } },
    balanceHistoryId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    balance: { type: 'int64', id: 3, rule: 'required' },
    delta: { type: 'int64', id: 4, rule: 'required' },
    changeBalanceTimestamp: { type: 'int64', id: 5, rule: 'required' },
    externalNote: { type: 'string', id: 6 },
    balanceVersion: { type: 'int64', id: 7 },
    equity: { type: 'int64', id: 8 },
    moneyDigits: { type: 'uint32', id: 9 },
  },
  ProtoOADeal: {
    dealId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    orderId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    volume: { type: 'int64', id: 4, rule: 'required' },
    filledVolume: { type: 'int64', id: 5, rule: 'required' },
    symbolId: { type: 'int64', id: 6, rule: 'required', options: { identifier: true } },
    createTimestamp: { type: 'int64', id: 7, rule: 'required' },
    executionTimestamp: { type: 'int64', id: 8, rule: 'required' },
    utcLastUpdateTimestamp: { type: 'int64', id: 9 },
    executionPrice: { type: 'double', id: 10 },
    tradeSide: { type: 'int32', id: 11, rule: 'required', options: { enum: 'ProtoOATradeSide' } },
    dealStatus: { type: 'int32', id: 12, rule: 'required', options: { enum: 'ProtoOADealStatus' } },
    marginRate: { type: 'double', id: 13 },
    commission: { type: 'int64', id: 14 },
    baseToUsdConversionRate: { type: 'double', id: 15 },
    closePositionDetail: { type: 'ProtoOAClosePositionDetail', id: 16 },
    moneyDigits: { type: 'uint32', id: 17 },
  },
  ProtoOADealOffset: {
    dealId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    volume: { type: 'int64', id: 2, rule: 'required' },
    executionTimestamp: { type: 'int64', id: 3 },
    executionPrice: { type: 'double', id: 4 },
  },
  ProtoOAClosePositionDetail: {
    entryPrice: { type: 'double', id: 1, rule: 'required' },
    grossProfit: { type: 'int64', id: 2, rule: 'required' },
    swap: { type: 'int64', id: 3, rule: 'required' },
    commission: { type: 'int64', id: 4, rule: 'required' },
    balance: { type: 'int64', id: 5, rule: 'required' },
    quoteToDepositConversionRate: { type: 'double', id: 6 },
    closedVolume: { type: 'int64', id: 7 },
    balanceVersion: { type: 'int64', id: 8 },
    moneyDigits: { type: 'uint32', id: 9 },
    pnlConversionFee: { type: 'int64', id: 10 },
  },
  ProtoOATrendbar: {
    volume: { type: 'int64', id: 3, rule: 'required' },
    period: { type: 'int32', id: 4, options: { default: 1, enum: 'ProtoOATrendbarPeriod' } },
    low: { type: 'int64', id: 5 },
    deltaOpen: { type: 'uint64', id: 6 },
    deltaClose: { type: 'uint64', id: 7 },
    deltaHigh: { type: 'uint64', id: 8 },
    utcTimestampInMinutes: { type: 'uint32', id: 9 },
  },
  ProtoOAExpectedMargin: {
    volume: { type: 'int64', id: 1, rule: 'required' },
    buyMargin: { type: 'int64', id: 2, rule: 'required' },
    sellMargin: { type: 'int64', id: 3, rule: 'required' },
  },
  ProtoOATickData: {
    timestamp: { type: 'int64', id: 1, rule: 'required' },
    tick: { type: 'int64', id: 2, rule: 'required' },
  },
  ProtoOACtidProfile: {
    userId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
  },
  ProtoOACtidTraderAccount: {
    ctidTraderAccountId: { type: 'uint64', id: 1, rule: 'required', options: { identifier: true } },
    isLive: { type: 'bool', id: 2 },
    traderLogin: { type: 'int64', id: 3, options: { identifier: true } },
    lastClosingDealTimestamp: { type: 'int64', id: 4 },
    lastBalanceUpdateTimestamp: { type: 'int64', id: 5 },
    brokerTitleShort: { type: 'string', id: 6 },
  },
  ProtoOAAssetClass: {
    id: { type: 'int64', id: 1, options: { identifier: true } },
    name: { type: 'string', id: 2 },
    sortingNumber: { type: 'double', id: 3 },
  },
  ProtoOADepthQuote: {
    id: { type: 'uint64', id: 1, rule: 'required', options: { identifier: true } },
    size: { type: 'uint64', id: 3, rule: 'required' },
    bid: { type: 'uint64', id: 4 },
    ask: { type: 'uint64', id: 5 },
  },
  ProtoOAMarginCall: {
    marginCallType: { type: 'int32', id: 1, rule: 'required', options: { enum: 'ProtoOANotificationType' } },
    marginLevelThreshold: { type: 'double', id: 2, rule: 'required' },
    utcLastUpdateTimestamp: { type: 'int64', id: 3 },
  },
  ProtoOAHoliday: {
    holidayId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    name: { type: 'string', id: 2, rule: 'required' },
    description: { type: 'string', id: 3 },
    scheduleTimeZone: { type: 'string', id: 4, rule: 'required' },
    holidayDate: { type: 'int64', id: 5, rule: 'required' },
    isRecurring: { type: 'bool', id: 6, rule: 'required' },
    startSecond: { type: 'int32', id: 7 },
    endSecond: { type: 'int32', id: 8 },
  },
  ProtoOADynamicLeverage: {
    leverageId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    tiers: { type: 'ProtoOADynamicLeverageTier', id: 2, rule: 'repeated' },
  },
  ProtoOADynamicLeverageTier: {
    volume: { type: 'int64', id: 1, rule: 'required' },
    leverage: { type: 'int32', id: 2, rule: 'required' },
  },
  ProtoOAPositionUnrealizedPnL: {
    positionId: { type: 'int64', id: 1, rule: 'required', options: { identifier: true } },
    grossUnrealizedPnL: { type: 'int64', id: 2, rule: 'required' },
    netUnrealizedPnL: { type: 'int64', id: 3, rule: 'required' },
  },
  ProtoOAApplicationAuthReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2100, enum: 'ProtoOAPayloadType' } },
    clientId: { type: 'string', id: 2, rule: 'required' },
    clientSecret: { type: 'string', id: 3, rule: 'required' },
  },
  ProtoOAApplicationAuthRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2101, enum: 'ProtoOAPayloadType' } },
  },
  ProtoOAAccountAuthReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2102, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    accessToken: { type: 'string', id: 3, rule: 'required' },
  },
  ProtoOAAccountAuthRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2103, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAErrorRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2142, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, options: { identifier: true } },
    errorCode: { type: 'string', id: 3, rule: 'required' },
    description: { type: 'string', id: 4 },
    maintenanceEndTimestamp: { type: 'int64', id: 5 },
    retryAfter: { type: 'uint64', id: 6 },
  },
  ProtoOAClientDisconnectEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2148, enum: 'ProtoOAPayloadType' } },
    reason: { type: 'string', id: 2 },
  },
  ProtoOAAccountsTokenInvalidatedEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2147, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountIds: { type: 'int64', id: 2, rule: 'repeated', options: { identifier: true } },
    reason: { type: 'string', id: 3 },
  },
  ProtoOAVersionReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2104, enum: 'ProtoOAPayloadType' } },
  },
  ProtoOAVersionRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2105, enum: 'ProtoOAPayloadType' } },
    version: { type: 'string', id: 2, rule: 'required' },
  },
  ProtoOANewOrderReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2106, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    orderType: { type: 'int32', id: 4, rule: 'required', options: { enum: 'ProtoOAOrderType' } },
    tradeSide: { type: 'int32', id: 5, rule: 'required', options: { enum: 'ProtoOATradeSide' } },
    volume: { type: 'int64', id: 6, rule: 'required' },
    limitPrice: { type: 'double', id: 7 },
    stopPrice: { type: 'double', id: 8 },
    timeInForce: { type: 'int32', id: 9, options: { default: 2, enum: 'ProtoOATimeInForce' } },
    expirationTimestamp: { type: 'int64', id: 10 },
    stopLoss: { type: 'double', id: 11 },
    takeProfit: { type: 'double', id: 12 },
    comment: { type: 'string', id: 13 },
    baseSlippagePrice: { type: 'double', id: 14 },
    slippageInPoints: { type: 'int32', id: 15 },
    label: { type: 'string', id: 16 },
    positionId: { type: 'int64', id: 17, options: { identifier: true } },
    clientOrderId: { type: 'string', id: 18 },
    relativeStopLoss: { type: 'int64', id: 19 },
    relativeTakeProfit: { type: 'int64', id: 20 },
    guaranteedStopLoss: { type: 'bool', id: 21 },
    trailingStopLoss: { type: 'bool', id: 22 },
    stopTriggerMethod: { type: 'int32', id: 23, options: { default: 1, enum: 'ProtoOAOrderTriggerMethod' } },
  },
  ProtoOAExecutionEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2126, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    executionType: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOAExecutionType' } },
    position: { type: 'ProtoOAPosition', id: 4 },
    order: { type: 'ProtoOAOrder', id: 5 },
    deal: { type: 'ProtoOADeal', id: 6 },
    bonusDepositWithdraw: { type: 'ProtoOABonusDepositWithdraw', id: 7 },
    depositWithdraw: { type: 'ProtoOADepositWithdraw', id: 8 },
    errorCode: { type: 'string', id: 9 },
    isServerEvent: { type: 'bool', id: 10 },
  },
  ProtoOACancelOrderReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2108, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    orderId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
  },
  ProtoOAAmendOrderReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2109, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    orderId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    volume: { type: 'int64', id: 4 },
    limitPrice: { type: 'double', id: 5 },
    stopPrice: { type: 'double', id: 6 },
    expirationTimestamp: { type: 'int64', id: 7 },
    stopLoss: { type: 'double', id: 8 },
    takeProfit: { type: 'double', id: 9 },
    slippageInPoints: { type: 'int32', id: 10 },
    relativeStopLoss: { type: 'int64', id: 11 },
    relativeTakeProfit: { type: 'int64', id: 12 },
    guaranteedStopLoss: { type: 'bool', id: 13 },
    trailingStopLoss: { type: 'bool', id: 14 },
    stopTriggerMethod: { type: 'int32', id: 15, options: { default: 1, enum: 'ProtoOAOrderTriggerMethod' } },
  },
  ProtoOAAmendPositionSLTPReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2110, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    stopLoss: { type: 'double', id: 4 },
    takeProfit: { type: 'double', id: 5 },
    guaranteedStopLoss: { type: 'bool', id: 7 },
    trailingStopLoss: { type: 'bool', id: 8 },
    stopLossTriggerMethod: { type: 'int32', id: 9, options: { default: 1, enum: 'ProtoOAOrderTriggerMethod' } },
  },
  ProtoOAClosePositionReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2111, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    volume: { type: 'int64', id: 4, rule: 'required' },
  },
  ProtoOATrailingSLChangedEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2107, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    orderId: { type: 'int64', id: 4, rule: 'required', options: { identifier: true } },
    stopPrice: { type: 'double', id: 5, rule: 'required' },
    utcLastUpdateTimestamp: { type: 'int64', id: 6, rule: 'required' },
  },
  ProtoOAAssetListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2112, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAAssetListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2113, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    asset: { type: 'ProtoOAAsset', id: 3, rule: 'repeated' },
  },
  ProtoOASymbolsListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2114, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    includeArchivedSymbols: { type: 'bool', id: 3, options: { default: false } },
  },
  ProtoOASymbolsListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2115, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbol: { type: 'ProtoOALightSymbol', id: 3, rule: 'repeated' },
    archivedSymbol: { type: 'ProtoOAArchivedSymbol', id: 4, rule: 'repeated' },
  },
  ProtoOASymbolByIdReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2116, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'repeated', options: { identifier: true } },
  },
  ProtoOASymbolByIdRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2117, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbol: { type: 'ProtoOASymbol', id: 3, rule: 'repeated' },
    archivedSymbol: { type: 'ProtoOAArchivedSymbol', id: 4, rule: 'repeated' },
  },
  ProtoOASymbolsForConversionReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2118, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    firstAssetId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    lastAssetId: { type: 'int64', id: 4, rule: 'required', options: { identifier: true } },
  },
  ProtoOASymbolsForConversionRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2119, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbol: { type: 'ProtoOALightSymbol', id: 3, rule: 'repeated' },
  },
  ProtoOASymbolChangedEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2120, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'repeated', options: { identifier: true } },
  },
  ProtoOAAssetClassListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2153, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAAssetClassListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2154, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    assetClass: { type: 'ProtoOAAssetClass', id: 3, rule: 'repeated' },
  },
  ProtoOATraderReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2121, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOATraderRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2122, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    trader: { type: 'ProtoOATrader', id: 3, rule: 'required' },
  },
  ProtoOATraderUpdatedEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2123, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    trader: { type: 'ProtoOATrader', id: 3, rule: 'required' },
  },
  ProtoOAReconcileReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2124, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    returnProtectionOrders: { type: 'bool', id: 3 },
  },
  ProtoOAReconcileRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2125, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    position: { type: 'ProtoOAPosition', id: 3, rule: 'repeated' },
    order: { type: 'ProtoOAOrder', id: 4, rule: 'repeated' },
  },
  ProtoOAOrderErrorEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2132, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 5, rule: 'required', options: { identifier: true } },
    errorCode: { type: 'string', id: 2, rule: 'required' },
    orderId: { type: 'int64', id: 3, options: { identifier: true } },
    positionId: { type: 'int64', id: 6, options: { identifier: true } },
    description: { type: 'string', id: 7 },
  },
  ProtoOADealListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2133, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    fromTimestamp: { type: 'int64', id: 3 },
    toTimestamp: { type: 'int64', id: 4 },
    maxRows: { type: 'int32', id: 5 },
  },
  ProtoOADealListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2134, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    deal: { type: 'ProtoOADeal', id: 3, rule: 'repeated' },
    hasMore: { type: 'bool', id: 4, rule: 'required' },
  },
  ProtoOAOrderListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2175, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    fromTimestamp: { type: 'int64', id: 3 },
    toTimestamp: { type: 'int64', id: 4 },
  },
  ProtoOAOrderListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2176, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    order: { type: 'ProtoOAOrder', id: 3, rule: 'repeated' },
    hasMore: { type: 'bool', id: 4, rule: 'required' },
  },
  ProtoOAExpectedMarginReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2139, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    volume: { type: 'int64', id: 4, rule: 'repeated' },
  },
  ProtoOAExpectedMarginRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2140, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    margin: { type: 'ProtoOAExpectedMargin', id: 3, rule: 'repeated' },
    moneyDigits: { type: 'uint32', id: 4 },
  },
  ProtoOAMarginChangedEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2141, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'uint64', id: 3, rule: 'required', options: { identifier: true } },
    usedMargin: { type: 'uint64', id: 4, rule: 'required' },
    moneyDigits: { type: 'uint32', id: 5 },
  },
  ProtoOACashFlowHistoryListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2143, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    fromTimestamp: { type: 'int64', id: 3, rule: 'required' },
    toTimestamp: { type: 'int64', id: 4, rule: 'required' },
  },
  ProtoOACashFlowHistoryListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2144, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    depositWithdraw: { type: 'ProtoOADepositWithdraw', id: 3, rule: 'repeated' },
  },
  ProtoOAGetAccountListByAccessTokenReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2149, enum: 'ProtoOAPayloadType' } },
    accessToken: { type: 'string', id: 2, rule: 'required' },
  },
  ProtoOAGetAccountListByAccessTokenRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2150, enum: 'ProtoOAPayloadType' } },
    accessToken: { type: 'string', id: 2, rule: 'required' },
    permissionScope: { type: 'int32', id: 3, options: { enum: 'ProtoOAClientPermissionScope' } },
    ctidTraderAccount: { type: 'ProtoOACtidTraderAccount', id: 4, rule: 'repeated' },
  },
  ProtoOARefreshTokenReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2173, enum: 'ProtoOAPayloadType' } },
    refreshToken: { type: 'string', id: 2, rule: 'required' },
  },
  ProtoOARefreshTokenRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2174, enum: 'ProtoOAPayloadType' } },
    accessToken: { type: 'string', id: 2, rule: 'required' },
    tokenType: { type: 'string', id: 3, rule: 'required' },
    expiresIn: { type: 'int64', id: 4, rule: 'required' },
    refreshToken: { type: 'string', id: 5, rule: 'required' },
  },
  ProtoOASubscribeSpotsReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2127, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'repeated', options: { identifier: true } },
    subscribeToSpotTimestamp: { type: 'bool', id: 4 },
  },
  ProtoOASubscribeSpotsRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2128, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAUnsubscribeSpotsReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2129, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'repeated', options: { identifier: true } },
  },
  ProtoOAUnsubscribeSpotsRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2130, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOASpotEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2131, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    bid: { type: 'uint64', id: 4 },
    ask: { type: 'uint64', id: 5 },
    trendbar: { type: 'ProtoOATrendbar', id: 6, rule: 'repeated' },
    sessionClose: { type: 'uint64', id: 7 },
    timestamp: { type: 'int64', id: 8 },
  },
  ProtoOASubscribeLiveTrendbarReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2135, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    period: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOATrendbarPeriod' } },
    symbolId: { type: 'int64', id: 4, rule: 'required', options: { identifier: true } },
  },
  ProtoOASubscribeLiveTrendbarRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2165, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAUnsubscribeLiveTrendbarReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2136, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    period: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOATrendbarPeriod' } },
    symbolId: { type: 'int64', id: 4, rule: 'required', options: { identifier: true } },
  },
  ProtoOAUnsubscribeLiveTrendbarRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2166, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAGetTrendbarsReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2137, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    fromTimestamp: { type: 'int64', id: 3 },
    toTimestamp: { type: 'int64', id: 4 },
    period: { type: 'int32', id: 5, rule: 'required', options: { enum: 'ProtoOATrendbarPeriod' } },
    symbolId: { type: 'int64', id: 6, rule: 'required', options: { identifier: true } },
    count: { type: 'uint32', id: 7 },
  },
  ProtoOAGetTrendbarsRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2138, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    period: { type: 'int32', id: 3, rule: 'required', options: { enum: 'ProtoOATrendbarPeriod' } },
    timestamp: { type: 'int64', id: 4 },
    trendbar: { type: 'ProtoOATrendbar', id: 5, rule: 'repeated' },
    symbolId: { type: 'int64', id: 6, options: { identifier: true } },
    hasMore: { type: 'bool', id: 7 },
  },
  ProtoOAGetTickDataReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2145, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    type: { type: 'int32', id: 4, rule: 'required', options: { enum: 'ProtoOAQuoteType' } },
    fromTimestamp: { type: 'int64', id: 5 },
    toTimestamp: { type: 'int64', id: 6 },
  },
  ProtoOAGetTickDataRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2146, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    tickData: { type: 'ProtoOATickData', id: 3, rule: 'repeated' },
    hasMore: { type: 'bool', id: 4, rule: 'required' },
  },
  ProtoOAGetCtidProfileByTokenReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2151, enum: 'ProtoOAPayloadType' } },
    accessToken: { type: 'string', id: 2, rule: 'required' },
  },
  ProtoOAGetCtidProfileByTokenRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2152, enum: 'ProtoOAPayloadType' } },
    profile: { type: 'ProtoOACtidProfile', id: 2, rule: 'required' },
  },
  ProtoOADepthEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2155, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'uint64', id: 3, rule: 'required', options: { identifier: true } },
    newQuotes: { type: 'ProtoOADepthQuote', id: 4, rule: 'repeated' },
    deletedQuotes: { type: 'uint64', id: 5, rule: 'repeated', options: { packed: true, identifier: true } },
  },
  ProtoOASubscribeDepthQuotesReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2156, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'repeated', options: { identifier: true } },
  },
  ProtoOASubscribeDepthQuotesRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2157, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAUnsubscribeDepthQuotesReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2158, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolId: { type: 'int64', id: 3, rule: 'repeated', options: { identifier: true } },
  },
  ProtoOAUnsubscribeDepthQuotesRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2159, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOASymbolCategoryListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2160, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOASymbolCategoryListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2161, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    symbolCategory: { type: 'ProtoOASymbolCategory', id: 3, rule: 'repeated' },
  },
  ProtoOAAccountLogoutReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2162, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAAccountLogoutRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2163, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAAccountDisconnectEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2164, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAMarginCallListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2167, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAMarginCallListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2168, enum: 'ProtoOAPayloadType' } },
    marginCall: { type: 'ProtoOAMarginCall', id: 2, rule: 'repeated' },
  },
  ProtoOAMarginCallUpdateReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2169, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    marginCall: { type: 'ProtoOAMarginCall', id: 3, rule: 'required' },
  },
  ProtoOAMarginCallUpdateRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2170, enum: 'ProtoOAPayloadType' } },
  },
  ProtoOAMarginCallUpdateEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2171, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    marginCall: { type: 'ProtoOAMarginCall', id: 3, rule: 'required' },
  },
  ProtoOAMarginCallTriggerEvent: {
    payloadType: { type: 'int32', id: 1, options: { default: 2172, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    marginCall: { type: 'ProtoOAMarginCall', id: 3, rule: 'required' },
  },
  ProtoOAGetDynamicLeverageByIDReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2177, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    leverageId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
  },
  ProtoOAGetDynamicLeverageByIDRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2178, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    leverage: { type: 'ProtoOADynamicLeverage', id: 3, rule: 'required' },
  },
  ProtoOADealListByPositionIdReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2179, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    fromTimestamp: { type: 'int64', id: 4 },
    toTimestamp: { type: 'int64', id: 5 },
  },
  ProtoOADealListByPositionIdRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2180, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    deal: { type: 'ProtoOADeal', id: 3, rule: 'repeated' },
    hasMore: { type: 'bool', id: 4, rule: 'required' },
  },
  ProtoOAOrderDetailsReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2181, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    orderId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
  },
  ProtoOAOrderDetailsRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2182, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    order: { type: 'ProtoOAOrder', id: 3, rule: 'required' },
    deal: { type: 'ProtoOADeal', id: 4, rule: 'repeated' },
  },
  ProtoOAOrderListByPositionIdReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2183, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
    fromTimestamp: { type: 'int64', id: 4 },
    toTimestamp: { type: 'int64', id: 5 },
  },
  ProtoOAOrderListByPositionIdRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2184, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    order: { type: 'ProtoOAOrder', id: 3, rule: 'repeated' },
    hasMore: { type: 'bool', id: 4, rule: 'required' },
  },
  ProtoOADealOffsetListReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2185, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    dealId: { type: 'int64', id: 3, rule: 'required', options: { identifier: true } },
  },
  ProtoOADealOffsetListRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2186, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    offsetBy: { type: 'ProtoOADealOffset', id: 3, rule: 'repeated' },
    offsetting: { type: 'ProtoOADealOffset', id: 4, rule: 'repeated' },
  },
  ProtoOAGetPositionUnrealizedPnLReq: {
    payloadType: { type: 'int32', id: 1, options: { default: 2187, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
  },
  ProtoOAGetPositionUnrealizedPnLRes: {
    payloadType: { type: 'int32', id: 1, options: { default: 2188, enum: 'ProtoOAPayloadType' } },
    ctidTraderAccountId: { type: 'int64', id: 2, rule: 'required', options: { identifier: true } },
    positionUnrealizedPnL: { type: 'ProtoOAPositionUnrealizedPnL', id: 3, rule: 'repeated' },
    moneyDigits: { type: 'uint32', id: 4, rule: 'required' },
  },
};
