// The common spot event in one pass over the bytes, because it is nine tenths of the traffic.
// Anything unusual (unknown fields, huge, negative or odd values) is left to the general decoder.
import { idText } from './id-text.ts';
import type { ProtoOASpotEvent, ProtoOATrendbar } from './schema.gen.ts';

const ACCOUNT = (2 << 3) | 0;
const SYMBOL = (3 << 3) | 0;
const BID = (4 << 3) | 0;
const ASK = (5 << 3) | 0;
const TRENDBAR = (6 << 3) | 2;
const SESSION_CLOSE = (7 << 3) | 0;
const TIMESTAMP = (8 << 3) | 0;

const BAR_VOLUME = (3 << 3) | 0;
const BAR_PERIOD = (4 << 3) | 0;
const BAR_LOW = (5 << 3) | 0;
const BAR_OPEN = (6 << 3) | 0;
const BAR_CLOSE = (7 << 3) | 0;
const BAR_HIGH = (8 << 3) | 0;
const BAR_MINUTES = (9 << 3) | 0;

/** Above this, 32-bit fields wrap or turn negative: the general decoder knows how. */
const LARGEST_32 = 2 ** 31 - 1;

/** Subscribed periods are few; more bars than this in one event are not the common case. */
const MOST_BARS = 32;

/** Shifting is exact for four groups of seven bits; three more stay below 2^49. */
const SHIFTED_BITS = 28;
const FAR_TOO_LARGE = 2 ** 49;

/** Where the last varint ended. A module variable: an object per call would double the cost. */
let cursor = 0;

/** A varint below 2^49 at `at`, or -1 when it is longer or cut off. */
function varint(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let shift = 0;
  let index = at;
  while (index < end && shift < SHIFTED_BITS) {
    const byte = bytes[index++] as number;
    value |= (byte & 127) << shift;
    if (byte < 128) {
      cursor = index;
      return value;
    }
    shift += 7;
  }
  let scale = 2 ** SHIFTED_BITS;
  while (index < end && scale < FAR_TOO_LARGE) {
    const byte = bytes[index++] as number;
    value += (byte & 127) * scale;
    if (byte < 128) {
      cursor = index;
      return value;
    }
    scale *= 128;
  }
  return -1;
}

/** What `readPlainSpot` read last: no object for a price that goes on as something else. */
export interface PlainSpot {
  /** Negative when absent; ids, prices in 1/100 000, UTC milliseconds. */
  account: number;
  symbol: number;
  bid: number;
  ask: number;
  sessionClose: number;
  timestamp: number;
  bars: ProtoOATrendbar[] | undefined;
}

export const PLAIN_SPOT: PlainSpot = {
  account: -0.5,
  symbol: -0.5,
  bid: -0.5,
  ask: -0.5,
  sessionClose: -0.5,
  timestamp: -0.5,
  bars: undefined,
};

/** Fields of the spot event in bytes[from, to), or `undefined`: the general decoder must judge. */
export function decodePlainSpot(
  bytes: Uint8Array,
  from: number,
  to: number,
): ProtoOASpotEvent | undefined {
  if (!readPlainSpot(bytes, from, to)) return undefined;
  const { account, symbol, bid, ask, timestamp, sessionClose, bars } = PLAIN_SPOT;
  const fields = spotFields(idText(account), idText(symbol), bid, ask, timestamp);
  if (sessionClose >= 0) fields.sessionClose = sessionClose;
  if (bars !== undefined) fields.trendbar = bars;
  return fields;
}

/**
 * Reads the spot event in bytes[from, to) into `PLAIN_SPOT`; false when the general decoder must
 * judge. Equal to the general decoder wherever it answers.
 */
export function readPlainSpot(bytes: Uint8Array, from: number, to: number): boolean {
  let account = -1;
  let symbol = -1;
  let bid = -1;
  let ask = -1;
  let sessionClose = -1;
  let timestamp = -1;
  let bars: ProtoOATrendbar[] | undefined;
  let at = from;
  while (at < to) {
    const tag = bytes[at] as number;
    const value = varint(bytes, at + 1, to);
    if (value < 0) return false;
    at = cursor;
    if (tag === BID) bid = value;
    else if (tag === ASK) ask = value;
    else if (tag === SYMBOL) symbol = value;
    else if (tag === ACCOUNT) account = value;
    else if (tag === TIMESTAMP) timestamp = value;
    else if (tag === SESSION_CLOSE) sessionClose = value;
    else if (tag === TRENDBAR && at + value <= to) {
      const bar = decodePlainBar(bytes, at, at + value);
      bars ??= [];
      if (bar === undefined || bars.push(bar) > MOST_BARS) return false;
      at += value;
    } else return false;
  }
  if (account < 0 || symbol < 0) return false;
  PLAIN_SPOT.account = account;
  PLAIN_SPOT.symbol = symbol;
  PLAIN_SPOT.bid = bid;
  PLAIN_SPOT.ask = ask;
  PLAIN_SPOT.sessionClose = sessionClose;
  PLAIN_SPOT.timestamp = timestamp;
  PLAIN_SPOT.bars = bars;
  return true;
}

function decodePlainBar(bytes: Uint8Array, from: number, to: number): ProtoOATrendbar | undefined {
  let volume = -1;
  let period = -1;
  let low = -1;
  let deltaOpen = -1;
  let deltaClose = -1;
  let deltaHigh = -1;
  let utcTimestampInMinutes = -1;
  let at = from;
  while (at < to) {
    const tag = bytes[at] as number;
    const value = varint(bytes, at + 1, to);
    if (value < 0) return undefined;
    at = cursor;
    if (tag === BAR_VOLUME) volume = value;
    else if (tag === BAR_LOW) low = value;
    else if (tag === BAR_OPEN) deltaOpen = value;
    else if (tag === BAR_CLOSE) deltaClose = value;
    else if (tag === BAR_HIGH) deltaHigh = value;
    else if (value > LARGEST_32) return undefined;
    else if (tag === BAR_PERIOD) period = value;
    else if (tag === BAR_MINUTES) utcTimestampInMinutes = value;
    else return undefined;
  }
  // A forming bar: everything but a close. Other shapes are rare enough for the general decoder.
  if (volume < 0 || period < 0 || low < 0 || utcTimestampInMinutes < 0) return undefined;
  if (deltaOpen < 0 || deltaHigh < 0 || deltaClose >= 0) return undefined;
  return { volume, period, low, deltaOpen, deltaHigh, utcTimestampInMinutes };
}

type SpotDraft = { -readonly [K in keyof ProtoOASpotEvent]: ProtoOASpotEvent[K] };

/** Whole literals for the usual shapes: spreading or adding one by one costs several times more. */
function spotFields(
  ctidTraderAccountId: string,
  symbolId: string,
  bid: number,
  ask: number,
  timestamp: number,
): SpotDraft {
  if (timestamp >= 0) {
    if (bid >= 0 && ask >= 0) return { ctidTraderAccountId, symbolId, bid, ask, timestamp };
    if (bid >= 0) return { ctidTraderAccountId, symbolId, bid, timestamp };
    if (ask >= 0) return { ctidTraderAccountId, symbolId, ask, timestamp };
    return { ctidTraderAccountId, symbolId, timestamp };
  }
  if (bid >= 0 && ask >= 0) return { ctidTraderAccountId, symbolId, bid, ask };
  if (bid >= 0) return { ctidTraderAccountId, symbolId, bid };
  if (ask >= 0) return { ctidTraderAccountId, symbolId, ask };
  return { ctidTraderAccountId, symbolId };
}
