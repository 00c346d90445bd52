/**
 * Every error name the broker is known to use: does it prove that nothing was executed, what it
 * means in words, what a person does, and what the login does. Deliberately no parsing of
 * descriptions.
 */

/** What a login or a query does about it; trading requests only look at `definitive`. */
export type ErrorCourse =
  /** Close the link and come back on the ladder. */
  | 'reconnect'
  /** Counts towards the three refusals after which the login stops (AUTH_HALT). */
  | 'refused'
  /** The access token itself: as `refused`, unless somebody renews it (F92). */
  | 'token'
  /** The application session is missing: authenticate it again (F21). */
  | 'application'
  /** The account session is missing: authorise it again (F21). */
  | 'account'
  /** The broker's side is closed for a while: poll slowly (F24). */
  | 'maintenance'
  /** Too many connections: a long pause, never a storm (F23). */
  | 'crowded'
  /** Too many requests: hold this kind back (F23). */
  | 'throttled'
  /** The wish was already fulfilled (F20 F26). */
  | 'already'
  /** Only this request failed. */
  | 'request';

export interface ErrorRow {
  /** True: when correlated to a trading request it proves that nothing was executed (5.4). */
  readonly definitive: boolean;
  readonly course: ErrorCourse;
  readonly words: string;
  readonly advice: string;
}

const row = (
  definitive: boolean,
  course: ErrorCourse,
  words: string,
  advice: string,
): ErrorRow => ({ definitive, course, words, advice });

const RECONNECTS = 'nothing: the console tries again by itself';
const RECONCILES = 'nothing: the console asks the broker what happened';

/** By the name on the wire; section 5.4 of the safety rules decides `definitive`. */
const ROWS: Readonly<Record<string, ErrorRow>> = {
  // Common names.
  UNKNOWN_ERROR: row(false, 'reconnect', 'the broker failed without saying why', RECONCILES),
  UNSUPPORTED_MESSAGE: row(
    true,
    'request',
    'the broker does not know this request',
    'report it: the console and the broker speak different versions',
  ),
  INVALID_REQUEST: row(
    true,
    'request',
    'the broker calls the request invalid',
    'read the description; report it if the request looks right',
  ),
  TIMEOUT_ERROR: row(false, 'reconnect', 'the broker gave up waiting for an execution', RECONCILES),
  ENTITY_NOT_FOUND: row(false, 'request', 'the broker does not find what was named', RECONCILES),
  CANT_ROUTE_REQUEST: row(
    false,
    'maintenance',
    'the broker cannot reach the account from this server',
    'check that the account belongs to the configured environment',
  ),
  FRAME_TOO_LONG: row(true, 'request', 'the message was too long', 'report it'),
  MARKET_CLOSED: row(true, 'request', 'the market is closed', 'wait for the session to open'),
  CONCURRENT_MODIFICATION: row(
    false,
    'request',
    'the order or position is being executed',
    RECONCILES,
  ),
  BLOCKED_PAYLOAD_TYPE: row(
    true,
    'throttled',
    'the broker blocks this kind of request for a while',
    RECONNECTS,
  ),
  // Names of the trading interface.
  OA_AUTH_TOKEN_EXPIRED: row(false, 'token', 'the access token has expired', 'log in again'),
  ACCOUNT_NOT_AUTHORIZED: row(
    true,
    'account',
    'the account session is missing',
    'nothing: the console authorises the account again',
  ),
  RET_NO_SUCH_LOGIN: row(
    false,
    'refused',
    'the account does not exist any more',
    'check the account id',
  ),
  ALREADY_LOGGED_IN: row(false, 'already', 'already logged in', 'nothing'),
  INCORRECT_BOUNDARIES: row(
    false,
    'request',
    'the time window of a history request was refused',
    'report it',
  ),
  RET_ACCOUNT_DISABLED: row(false, 'refused', 'the account is disabled', 'ask the broker'),
  CONNECTIONS_LIMIT_EXCEEDED: row(
    false,
    'crowded',
    'the application has too many connections',
    'close other programs that use the same application',
  ),
  WORSE_GSL_NOT_ALLOWED: row(
    false,
    'request',
    'a guaranteed stop cannot be moved away',
    'keep the present stop',
  ),
  SYMBOL_HAS_HOLIDAY: row(true, 'request', 'the instrument has a holiday', 'wait'),
  CH_CLIENT_AUTH_FAILURE: row(
    false,
    'refused',
    'the application was refused: wrong id or secret, or not yet active',
    'check CTRADER_CLIENT_ID and CTRADER_CLIENT_SECRET, and that the application is active',
  ),
  CH_CLIENT_NOT_AUTHENTICATED: row(
    true,
    'application',
    'the application session is missing',
    'nothing: the console authenticates again',
  ),
  CH_CLIENT_ALREADY_AUTHENTICATED: row(false, 'already', 'already authenticated', 'nothing'),
  CH_ACCESS_TOKEN_INVALID: row(
    false,
    'token',
    'the access token is wrong, expired or was replaced',
    'log in again',
  ),
  CH_SERVER_NOT_REACHABLE: row(
    false,
    'maintenance',
    'the trading service is not reachable',
    RECONNECTS,
  ),
  CH_CTID_TRADER_ACCOUNT_NOT_FOUND: row(
    false,
    'refused',
    'the token does not open this account',
    'check CTRADER_ACCOUNT_ID and the environment',
  ),
  CH_OA_CLIENT_NOT_FOUND: row(
    false,
    'refused',
    'the application id is unknown',
    'check CTRADER_CLIENT_ID',
  ),
  REQUEST_FREQUENCY_EXCEEDED: row(true, 'throttled', 'too many requests', RECONNECTS),
  SERVER_IS_UNDER_MAINTENANCE: row(
    false,
    'maintenance',
    'the broker is under maintenance',
    'wait: the console returns by itself',
  ),
  CHANNEL_IS_BLOCKED: row(
    true,
    'request',
    'operations are blocked for this account',
    'ask the broker',
  ),
  NOT_SUBSCRIBED_TO_SPOTS: row(false, 'request', 'the price subscription is missing', RECONNECTS),
  ALREADY_SUBSCRIBED: row(false, 'already', 'already subscribed', 'nothing'),
  SYMBOL_NOT_FOUND: row(true, 'request', 'the instrument is unknown', 'check SYMBOL'),
  UNKNOWN_SYMBOL: row(true, 'request', 'the instrument is unknown', 'check SYMBOL'),
  NO_QUOTES: row(true, 'request', 'there is no price', 'wait'),
  NOT_ENOUGH_MONEY: row(true, 'request', 'the free margin does not suffice', 'reduce the size'),
  MAX_EXPOSURE_REACHED: row(true, 'request', 'the exposure limit is reached', 'reduce the size'),
  POSITION_NOT_FOUND: row(false, 'request', 'the position is gone', RECONCILES),
  ORDER_NOT_FOUND: row(false, 'request', 'the order is gone', RECONCILES),
  POSITION_NOT_OPEN: row(false, 'request', 'the position is not open', RECONCILES),
  POSITION_LOCKED: row(false, 'request', 'the position is being changed', RECONCILES),
  TOO_MANY_POSITIONS: row(true, 'request', 'the account holds too many positions', 'close some'),
  TRADING_BAD_VOLUME: row(true, 'request', 'the volume does not fit the instrument', 'report it'),
  TRADING_BAD_STOPS: row(true, 'request', 'a stop or target is on the wrong side', 'report it'),
  TRADING_BAD_PRICES: row(true, 'request', 'a price is invalid', 'report it'),
  TRADING_BAD_STAKE: row(
    true,
    'request',
    'the stake is invalid',
    'use an account that is not for spread betting',
  ),
  PROTECTION_IS_TOO_CLOSE_TO_MARKET: row(
    true,
    'request',
    'the stop or target is too close to the market',
    'widen STOP_LOSS_PERCENT or TAKE_PROFIT_PERCENT',
  ),
  TRADING_BAD_EXPIRATION_DATE: row(true, 'request', 'the expiry is invalid', 'report it'),
  PENDING_EXECUTION: row(false, 'request', 'an order of the position is executing', RECONCILES),
  TRADING_DISABLED: row(true, 'request', 'trading is switched off for the instrument', 'wait'),
  TRADING_NOT_ALLOWED: row(true, 'request', 'the account may only look', 'ask the broker'),
  UNABLE_TO_CANCEL_ORDER: row(false, 'request', 'the order cannot be cancelled', RECONCILES),
  UNABLE_TO_AMEND_ORDER: row(false, 'request', 'the order cannot be changed', RECONCILES),
  SHORT_SELLING_NOT_ALLOWED: row(true, 'request', 'selling first is not allowed', 'do not sell'),
  NOT_SUBSCRIBED_TO_PNL: row(false, 'request', 'the profit subscription is missing', 'nothing'),
  // Seen on the wire although no published schema has them.
  INVALID_STOPS_LEVEL: row(false, 'request', 'a stop level is invalid', RECONCILES),
  NO_ENOUGH_MONEY_TO_OPEN_POSITION: row(
    false,
    'request',
    'the margin does not suffice',
    RECONCILES,
  ),
  OAUTH_TOKEN_INVALIDATED: row(false, 'token', 'the access token was replaced', 'log in again'),
  OA_ORDER_NOT_FOUND: row(false, 'request', 'the order is gone', RECONCILES),
};

const STRANGER = row(false, 'request', 'the broker uses an error name we do not know', RECONCILES);

/** All names with a row of their own, for documentation. */
export const KNOWN_ERRORS: readonly string[] = Object.keys(ROWS);

/** The row of an error name; a name without a row is ambiguous (5.4). Never throws. */
export const errorRow = (code: string): ErrorRow =>
  (Object.hasOwn(ROWS, code) ? ROWS[code] : undefined) ?? STRANGER;

/**
 * What login and queries do about an error. Two meanings hide in the text of INVALID_REQUEST; they
 * are compared as whole sentences, because digits and words occur inside unrelated texts (F20).
 */
export function errorCourse(code: string, description: string | undefined): ErrorCourse {
  if (code !== 'INVALID_REQUEST' || description === undefined) return errorRow(code).course;
  if (/^Trading account is not authorized\.?$/i.test(description)) return 'account';
  if (/^Already subscribed to symbol \d+\.?$/i.test(description)) return 'already';
  return errorRow(code).course;
}
