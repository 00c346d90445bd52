/**
 * What the broker says about markets and accounts, in our words: quotes, bars, instrument, account.
 * Deliberately no default for scale, money or zone; orders and deals are in `translate-order.ts`.
 */
import {
  type Account,
  accountId,
  type Bar,
  type Generation,
  type Instrument,
  type InstrumentStatus,
  instrumentId,
  money,
  mulDiv,
  type Price,
  price,
  type QuoteEvent,
  tickSize,
  untrusted,
  volume,
  type Wall,
  wall,
} from '../engine/index.ts';
import { isExponent } from './decimal.ts';
import { sessionsOf } from './schedule.ts';
import {
  ProtoOAAccessRights,
  type ProtoOAAsset,
  ProtoOAClientPermissionScope,
  type ProtoOACtidTraderAccount,
  type ProtoOALightSymbol,
  type ProtoOASpotEvent,
  type ProtoOASymbol,
  ProtoOASymbolDistanceType,
  type ProtoOATrader,
  ProtoOATradingMode,
  type ProtoOATrendbar,
  ProtoOATrendbarPeriod,
} from './wire/schema.gen.ts';

/**
 * Sentences about what was missing or impossible; a value with complaints must not be used (F16).
 */
export type Complaints = string[];

/** Ten thousand million quote units: beyond any market, and far from losing digits. */
const PRICE_MAX = 1e15;

/** A side of a quote; zero, negative and absurd values are no prices and count as not said. */
export const sideOf = (value: number | undefined): Price | undefined =>
  value === undefined || value <= 0 || value > PRICE_MAX ? undefined : price(value);

/**
 * A spot event. Prices are already in 1/100 000 whatever the digits; an absent side did not change
 * and stays absent (F71). `heardAt` stands in for the time only if the broker sent none.
 */
export function quoteOf(
  spot: ProtoOASpotEvent,
  generation: Generation,
  heardAt: Wall,
  initial: boolean,
): QuoteEvent {
  return {
    type: 'quote',
    instrumentId: instrumentId(spot.symbolId),
    generation,
    bid: sideOf(spot.bid),
    ask: sideOf(spot.ask),
    time: spot.timestamp === undefined ? heardAt : wall(spot.timestamp),
    initial,
  };
}

/** A historical bar: a low and three differences; a missing one makes the bar invalid (F16). */
export function barOf(bar: ProtoOATrendbar): Bar | undefined {
  const { low, deltaOpen, deltaHigh, deltaClose, utcTimestampInMinutes, volume: ticks } = bar;
  if (low === undefined || deltaOpen === undefined || deltaHigh === undefined) return undefined;
  if (deltaClose === undefined || utcTimestampInMinutes === undefined) return undefined;
  if (deltaOpen > deltaHigh || deltaClose > deltaHigh) return undefined;
  if (low <= 0 || low + deltaHigh > PRICE_MAX) return undefined;
  return {
    openTime: wall(utcTimestampInMinutes * 60_000),
    open: price(low + deltaOpen),
    high: price(low + deltaHigh),
    low: price(low),
    close: price(low + deltaClose),
    ticks,
  };
}

/** Our bar lengths in the broker's numbers, with the span one history request may cover. */
const DAY_MS = 86_400_000;
export interface Period {
  readonly period: ProtoOATrendbarPeriod;
  readonly windowMs: number;
}
const PERIODS: ReadonlyMap<number, Period> = new Map([
  [60_000, { period: ProtoOATrendbarPeriod.M1, windowMs: 35 * DAY_MS }],
  [120_000, { period: ProtoOATrendbarPeriod.M2, windowMs: 35 * DAY_MS }],
  [180_000, { period: ProtoOATrendbarPeriod.M3, windowMs: 35 * DAY_MS }],
  [240_000, { period: ProtoOATrendbarPeriod.M4, windowMs: 35 * DAY_MS }],
  [300_000, { period: ProtoOATrendbarPeriod.M5, windowMs: 35 * DAY_MS }],
  [600_000, { period: ProtoOATrendbarPeriod.M10, windowMs: 245 * DAY_MS }],
  [900_000, { period: ProtoOATrendbarPeriod.M15, windowMs: 245 * DAY_MS }],
  [1_800_000, { period: ProtoOATrendbarPeriod.M30, windowMs: 245 * DAY_MS }],
  [3_600_000, { period: ProtoOATrendbarPeriod.H1, windowMs: 245 * DAY_MS }],
  [14_400_000, { period: ProtoOATrendbarPeriod.H4, windowMs: 366 * DAY_MS }],
  [43_200_000, { period: ProtoOATrendbarPeriod.H12, windowMs: 366 * DAY_MS }],
  [86_400_000, { period: ProtoOATrendbarPeriod.D1, windowMs: 366 * DAY_MS }],
]);

/** The broker's period of that length; `undefined` when it has none. */
export const periodOf = (timeframeMs: number): Period | undefined => PERIODS.get(timeframeMs);

const STATUS: Readonly<Record<number, InstrumentStatus>> = {
  [ProtoOATradingMode.ENABLED]: 'open',
  [ProtoOATradingMode.CLOSE_ONLY_MODE]: 'close-only',
  [ProtoOATradingMode.DISABLED_WITH_PENDINGS_EXECUTION]: 'disabled',
  [ProtoOATradingMode.DISABLED_WITHOUT_PENDINGS_EXECUTION]: 'disabled',
};

const PERCENT_MAX = 100;

/**
 * Minimum distance as a Price: points are ticks; percent needs a price to be a percent of, and
 * rounds up. The scale of the percentage is not published: a whole number of percent is the wider,
 * safer reading.
 */
function distanceOf(
  symbol: ProtoOASymbol,
  distance: number | undefined,
  reference: Price | undefined,
): Price {
  if (distance === undefined || distance === 0) return price(0);
  const tick = tickSize(symbol.digits);
  if (!isPercentDistance(symbol)) return price(distance * tick);
  if (reference === undefined) return price(0);
  return price(mulDiv(reference, distance, 100 * tick, 'ceil') * tick);
}

/** True when distances depend on the price: the instrument is told again after the first quote. */
export const isPercentDistance = (symbol: ProtoOASymbol): boolean =>
  symbol.distanceSetIn === ProtoOASymbolDistanceType.SYMBOL_DISTANCE_IN_PERCENTAGE;

export interface InstrumentSource {
  readonly light: ProtoOALightSymbol;
  readonly symbol: ProtoOASymbol;
  readonly assets: readonly ProtoOAAsset[];
  readonly now: Wall;
  /** A recent price, for distances in percent. */
  readonly reference: Price | undefined;
}

/** The instrument, or `undefined` with complaints when a part of its grid is missing (F16). */
export function instrumentOf(
  source: InstrumentSource,
  complaints: Complaints,
): Instrument | undefined {
  const { light, symbol, now, reference } = source;
  const { digits, lotSize, minVolume, maxVolume, stepVolume } = symbol;
  const quote = source.assets.find((asset) => asset.assetId === light.quoteAssetId);
  const before = complaints.length;
  if (!Number.isInteger(digits) || digits < 0 || digits > 5) {
    complaints.push(`the instrument has ${digits} decimals, 0 to 5 are possible`);
  }
  if (quote === undefined) complaints.push('the currency of the price is not stated');
  for (const [name, value] of Object.entries({ lotSize, minVolume, maxVolume, stepVolume })) {
    if (value === undefined || value <= 0) complaints.push(`the instrument has no ${name}`);
  }
  // A server that lies about its units: no volume could ever fit (F16).
  if (minVolume !== undefined && maxVolume !== undefined && minVolume > maxVolume) {
    complaints.push('the smallest volume of the instrument is above its largest');
  }
  const farthest = Math.max(symbol.slDistance ?? 0, symbol.tpDistance ?? 0);
  if (isPercentDistance(symbol) && farthest > PERCENT_MAX) {
    complaints.push(`a minimum distance of ${farthest} percent is impossible`);
  }
  if (complaints.length > before || quote === undefined) return undefined;
  const hours = {
    schedule: symbol.schedule,
    zone: symbol.scheduleTimeZone,
    holidays: symbol.holiday ?? [],
  };
  // The schema declares ENABLED as the meaning of an absent mode; a mode we do not know is closed.
  const mode = symbol.tradingMode ?? ProtoOATradingMode.ENABLED;
  return {
    id: instrumentId(symbol.symbolId),
    name: light.symbolName ?? '',
    description: untrusted(light.description ?? ''),
    digits,
    lotSize: volume(lotSize ?? 0),
    minVolume: volume(minVolume ?? 0),
    maxVolume: volume(maxVolume ?? 0),
    stepVolume: volume(stepVolume ?? 0),
    quoteCurrency: quote.name,
    status: STATUS[mode] ?? 'disabled',
    stopDistanceMin: distanceOf(symbol, symbol.slDistance, reference),
    targetDistanceMin: distanceOf(symbol, symbol.tpDistance, reference),
    // Unknown hours are an empty calendar: entries stay blocked (F69).
    sessions: sessionsOf(hours, now) ?? [],
  };
}

/** False when prices and volumes would mean something else from now on (F16). */
export const sameUnits = (told: Instrument, known: Instrument): boolean =>
  told.digits === known.digits &&
  told.lotSize === known.lotSize &&
  told.quoteCurrency === known.quoteCurrency;

/** False when amounts would mean something else than in this session so far (F56). */
export const sameScale = (told: Account, known: Account | undefined): boolean =>
  known === undefined || (told.exponent === known.exponent && told.currency === known.currency);

const ACCESS: Readonly<Record<number, Account['access']>> = {
  [ProtoOAAccessRights.FULL_ACCESS]: 'full',
  [ProtoOAAccessRights.CLOSE_ONLY]: 'close-only',
  [ProtoOAAccessRights.NO_TRADING]: 'none',
  [ProtoOAAccessRights.NO_LOGIN]: 'none',
};

export interface AccountSource {
  readonly trader: ProtoOATrader;
  readonly entry: ProtoOACtidTraderAccount;
  readonly scope: number | undefined;
  readonly assets: readonly ProtoOAAsset[];
}

/**
 * The account, or `undefined` with complaints. No exponent means no amount can be believed, so the
 * account is unusable (F56). A token that may only look makes any account one without access.
 */
export function accountOf(source: AccountSource, complaints: Complaints): Account | undefined {
  const { trader, entry } = source;
  const { moneyDigits, leverageInCents, balanceVersion } = trader;
  const deposit = source.assets.find((asset) => asset.assetId === trader.depositAssetId);
  if (moneyDigits === undefined || !isExponent(moneyDigits)) {
    complaints.push('the account does not say how many decimals its money has');
    return undefined;
  }
  if (deposit === undefined) complaints.push('the currency of the account is not stated');
  if (leverageInCents === undefined) complaints.push('the leverage of the account is not stated');
  if (balanceVersion === undefined) complaints.push('the account does not number its balances');
  if (deposit === undefined || leverageInCents === undefined || balanceVersion === undefined) {
    return undefined;
  }
  const mayTrade = source.scope === ProtoOAClientPermissionScope.SCOPE_TRADE;
  const rights = trader.accessRights ?? ProtoOAAccessRights.FULL_ACCESS;
  return {
    id: accountId(trader.ctidTraderAccountId),
    login: trader.traderLogin ?? entry.traderLogin ?? trader.ctidTraderAccountId,
    brokerName: untrusted(trader.brokerName ?? entry.brokerTitleShort ?? ''),
    isLive: entry.isLive === true,
    currency: deposit.name,
    exponent: moneyDigits,
    balance: money(trader.balance),
    balanceVersion,
    leverageCents: leverageInCents,
    access: mayTrade ? (ACCESS[rights] ?? 'none') : 'none',
  };
}
