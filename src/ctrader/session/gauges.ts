/**
 * What is measured beside trading: how far the clocks differ, what the quote currency is worth in
 * the account's, and the open profit as the broker states it.
 * Deliberately never ends a session: what is not measured is simply not told, and who needs it
 * waits (I32).
 */
import { type BrokerPnlEvent, type Mono, type Price, positionId } from '../../engine/index.ts';
import { type ChainLink, stepsThrough } from '../conversion.ts';
import { moneyFromWire } from '../decimal.ts';
import { sideOf } from '../translate.ts';
import type { KnownMessage } from '../wire/codec.ts';
import type { ProtoOALightSymbol, ProtoOASpotEvent } from '../wire/schema.gen.ts';
import type { Purpose, SessionState } from './state.ts';
import { askPlain, change, emit, note, type Turn } from './turn.ts';

/** One symbol between the two currencies, and its prices in this session. */
export interface Rate extends ChainLink {
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
  /** When it last moved; the first price may be from another day (F72). */
  readonly movedAt: Mono | undefined;
}

/** Measured in this account session. */
export interface Gauges {
  /** The least difference of the running window, and how many quotes it stands on. */
  readonly skew: { readonly leastMs: number; readonly quotes: number; readonly since: Mono };
  /** The chain the broker named; absent until then, and where none is needed. */
  readonly rates: readonly Rate[] | undefined;
  readonly ratesAskedAt: Mono | undefined;
  readonly ratesToldAt: Mono | undefined;
  readonly profitAskedAt: Mono | undefined;
  /** Positions were seen, or something was executed since none were. */
  readonly holds: boolean;
}

export const NO_GAUGES: Gauges = {
  skew: { leastMs: Number.POSITIVE_INFINITY, quotes: 0, since: 0 as Mono },
  rates: undefined,
  ratesAskedAt: undefined,
  ratesToldAt: undefined,
  profitAskedAt: undefined,
  holds: false,
};

/** Milliseconds. */
export const GAUGE_TIMES = {
  /** A delay only makes the difference look larger, so the least of a while is the best guess. */
  skewWindowMs: 10_000,
  ratesRetryMs: 60_000,
  /** Rates are told at most this often, and only while every one of them moved lately (I15). */
  ratesEveryMs: 5_000,
  rateAgeMs: 30_000,
  profitEveryMs: 30_000,
} as const;

/** One quote alone may just have been slow. */
export const SKEW_QUOTES = 3;

function put(turn: Turn, fields: Partial<Gauges>): void {
  change(turn, { gauges: { ...turn.state.gauges, ...fields } });
}

/** A stamp of the broker that came with a live price (F66). On the way of every quote. */
export function noteStamp(turn: Turn, stamp: number): void {
  const { skew } = turn.state.gauges;
  const off = turn.at.wall - stamp;
  if (skew.quotes >= SKEW_QUOTES && off >= skew.leastMs) return;
  const since = skew.quotes === 0 ? turn.at.mono : skew.since;
  put(turn, { skew: { leastMs: Math.min(off, skew.leastMs), quotes: skew.quotes + 1, since } });
}

/** A price of a symbol between the currencies. */
export function noteRate(turn: Turn, spot: ProtoOASpotEvent): void {
  const { rates } = turn.state.gauges;
  if (rates?.some(({ symbolId }) => symbolId === spot.symbolId) !== true) return;
  const moved = (rate: Rate): Rate => ({
    ...rate,
    bid: sideOf(spot.bid) ?? rate.bid,
    ask: sideOf(spot.ask) ?? rate.ask,
    movedAt: rate.bid === undefined && rate.ask === undefined ? undefined : turn.at.mono,
  });
  put(turn, {
    rates: rates.map((rate) => (rate.symbolId === spot.symbolId ? moved(rate) : rate)),
  });
}

/** What is due by the clock: tell the difference, ask for the chain, tell it, ask for profits. */
export function watchGauges(turn: Turn): void {
  tellSkew(turn);
  askRates(turn);
  tellRates(turn);
  askProfit(turn);
}

function tellSkew(turn: Turn): void {
  const { generation, gauges } = turn.state;
  const { leastMs, quotes, since } = gauges.skew;
  if (quotes < SKEW_QUOTES || turn.at.mono - since < GAUGE_TIMES.skewWindowMs) return;
  put(turn, { skew: NO_GAUGES.skew });
  emit(turn, { type: 'clockSkew', generation, skewMs: leastMs });
}

/** The two currencies when they differ and both are known. */
function wayOf({ facts }: SessionState): { from: string; to: string } | undefined {
  const from = facts.light?.quoteAssetId;
  const to = facts.trader?.depositAssetId;
  if (facts.instrument === undefined || facts.account === undefined) return undefined;
  if (from === undefined || to === undefined || from === to) return undefined;
  return { from, to };
}

const isYoung = (at: Mono | undefined, now: Mono, ms: number): boolean =>
  at !== undefined && now - at < ms;

function askRates(turn: Turn): void {
  const { gauges } = turn.state;
  const way = wayOf(turn.state);
  if (way === undefined || gauges.rates !== undefined) return;
  if (isYoung(gauges.ratesAskedAt, turn.at.mono, GAUGE_TIMES.ratesRetryMs)) return;
  put(turn, { ratesAskedAt: turn.at.mono });
  const fields = { ...ours(turn), firstAssetId: way.from, lastAssetId: way.to };
  askPlain(turn, { name: 'ProtoOASymbolsForConversionReq', fields }, { type: 'conversion' });
}

const ours = (turn: Turn) => ({ ctidTraderAccountId: turn.config.accountId });

const fresh = ({ symbolId, baseAssetId, quoteAssetId }: ProtoOALightSymbol): Rate | undefined =>
  baseAssetId === undefined || quoteAssetId === undefined
    ? undefined
    : { symbolId, baseAssetId, quoteAssetId, bid: undefined, ask: undefined, movedAt: undefined };

/** The broker named the symbols between the currencies: listen to their prices. */
function onChain(turn: Turn, answer: KnownMessage): boolean {
  if (answer.name !== 'ProtoOASymbolsForConversionRes') return false;
  const { symbol: named = [] } = answer.fields;
  const rates = named.map(fresh);
  const way = wayOf(turn.state);
  const known = rates.filter((rate) => rate !== undefined);
  const one = { bid: 1 as Price, ask: 1 as Price };
  if (way === undefined || known.length < named.length || !leads(known, way, one)) {
    note(turn, 'the broker named no way between the two currencies');
    return true;
  }
  put(turn, { rates: known });
  const symbolId = known.map((rate) => rate.symbolId);
  const own = turn.state.facts.scales?.symbolId;
  const others = symbolId.filter((id) => id !== own);
  if (others.length === 0) return true;
  const fields = { ...ours(turn), symbolId: others, subscribeToSpotTimestamp: true };
  askPlain(turn, { name: 'ProtoOASubscribeSpotsReq', fields }, { type: 'rates' });
  return true;
}

const leads = (
  rates: readonly Rate[],
  way: { from: string; to: string },
  sides: { bid: Price; ask: Price },
): boolean => stepsThrough(rates, way, () => sides) !== undefined;

/** The prices of the chain did not come: the chain is asked for again after a while. */
export function forgetRates(turn: Turn): void {
  put(turn, { rates: undefined });
}

function tellRates(turn: Turn): void {
  const { gauges, facts, generation } = turn.state;
  const { rates, ratesToldAt } = gauges;
  const way = wayOf(turn.state);
  const now = turn.at.mono;
  if (rates === undefined || way === undefined || facts.instrument === undefined) return;
  if (isYoung(ratesToldAt, now, GAUGE_TIMES.ratesEveryMs)) return;
  if (!rates.every(({ movedAt }) => isYoung(movedAt, now, GAUGE_TIMES.rateAgeMs))) return;
  const isNews = rates.some(({ movedAt }) => movedAt !== undefined && movedAt > (ratesToldAt ?? 0));
  const steps = stepsThrough(rates, way, (id) => rates.find(({ symbolId }) => symbolId === id));
  const to = facts.account?.currency;
  if (!isNews || steps === undefined || to === undefined) return;
  put(turn, { ratesToldAt: now });
  emit(turn, { type: 'conversion', generation, from: facts.instrument.quoteCurrency, to, steps });
}

/** Whether there may be positions to ask about. */
export function noteHolding(turn: Turn, holds: boolean): void {
  if (turn.state.gauges.holds !== holds) put(turn, { holds });
}

/** Only who trades has positions there; a feed's account is somebody else's. */
function askProfit(turn: Turn): void {
  const { stage, gauges } = turn.state;
  if (stage !== 'live' || turn.config.encoders === undefined || !gauges.holds) return;
  if (isYoung(gauges.profitAskedAt, turn.at.mono, GAUGE_TIMES.profitEveryMs)) return;
  put(turn, { profitAskedAt: turn.at.mono });
  const fields = ours(turn);
  askPlain(turn, { name: 'ProtoOAGetPositionUnrealizedPnLReq', fields }, { type: 'openProfit' });
}

/** Open profits in the account's minor unit; one whose amount cannot be read is left out (F56). */
function onProfit(turn: Turn, answer: KnownMessage): boolean {
  if (answer.name !== 'ProtoOAGetPositionUnrealizedPnLRes') return false;
  const { facts, generation } = turn.state;
  const { positionUnrealizedPnL: stated = [], moneyDigits } = answer.fields;
  if (facts.account === undefined) return true;
  if (stated.length === 0) noteHolding(turn, false);
  const { exponent } = facts.account;
  const positions: BrokerPnlEvent['positions'][number][] = [];
  for (const one of stated) {
    const net = moneyFromWire(one.netUnrealizedPnL, moneyDigits, exponent);
    if (net !== undefined) positions.push({ id: positionId(one.positionId), net });
  }
  if (positions.length > 0) emit(turn, { type: 'brokerPnl', generation, positions });
  return true;
}

type Gauge = Extract<Purpose, { readonly type: 'conversion' | 'rates' | 'openProfit' }>;

/** What each answer tells; false when it answers something else. */
export const GAUGED: Readonly<
  Record<Gauge['type'], (turn: Turn, answer: KnownMessage) => boolean>
> = {
  conversion: onChain,
  rates: (_turn, answer) => answer.name === 'ProtoOASubscribeSpotsRes',
  openProfit: onProfit,
};

/** Such a question may fail without consequence for the session. */
export const isGauge = (purpose: Purpose): purpose is Gauge => purpose.type in GAUGED;
