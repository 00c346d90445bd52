/**
 * The pre-trade gates that risk owns: what each measures, whether it is met, and the only maker of
 * an Approved entry (A4). Deliberately measures all of them even after one failed, because the
 * decision record shows every value; their words are in `gate-words.ts`.
 */
import { equityOf } from '../accounting.ts';
import { isArmed } from '../arming.ts';
import { dayKeyOf, sessionAt } from '../calendar.ts';
import { DEADLINES, type EngineConfig } from '../config.ts';
import { freshChain } from '../conversion.ts';
import type { DecisionTerms, GateName, RiskFacts } from '../decision-record.ts';
import { secondsText } from '../format.ts';
import { freshQuote } from '../market.ts';
import { isSpent } from '../membership.ts';
import type { Intent, Side, TradingState } from '../model.ts';
import { newsGate } from '../news.ts';
import { freshGap } from '../opening-gap.ts';
import { awaitedFill, workingOrders } from '../orders.ts';
import { eventGate } from '../schedule.ts';
import { usualSpread } from '../spreads.ts';
import type { At, Order, Position } from '../state.ts';
import { newestOf } from '../trail.ts';
import type { CoreToRead } from '../turn.ts';
import type { Volume } from '../units.ts';
import { addMoney, type Money, money, type Price, type SignalId } from '../units.ts';
import { trippedBreakers, type View } from './breakers.ts';
import { entryGates, slotGate } from './gate-words.ts';
import { type Sizing, sizeEntry } from './sizing.ts';
import { widest } from './spread.ts';

declare const approved: unique symbol;

/** An entry that every gate let pass; nothing else can become an order. */
export interface Approved {
  readonly signalId: SignalId;
  readonly side: Side;
  readonly volume: Volume;
  readonly stopDistance: Price;
  readonly targetDistance: Price;
  /** The price the entry would have paid now. */
  readonly decidedPrice: Price;
  readonly reason: string;
  readonly [approved]: true;
}

/** Why the data cannot be relied on: no fresh two-sided quote, no indicators (I15, I32). */
function dataDoubt(view: View, config: EngineConfig, quote: unknown): string | undefined {
  const { link } = view.core;
  if (link.state !== 'READY') return `link ${link.state}`;
  if (quote === undefined) return 'quote stale or one-sided';
  if (newestOf(view.market.indicators.rsiSeries) === undefined) return 'indicators warming up';
  const gap = freshGap(view.market, config.timeframeMs);
  return gap === undefined ? undefined : `opened ${gap.toFixed(1)} x ATR away, two bars must pass`;
}

const NO_SESSION = { state: 'none', changesAt: undefined } as const;

/** What the core says of entries, for as long as it and the day stay as they are. */
export interface Standing {
  readonly tripped: RiskFacts['tripped'];
  /** Orders whose end is open. */
  readonly working: number;
  readonly usedMargin: Money;
  readonly chain: RiskFacts['chain'];
  readonly state: string | undefined;
}

export const standingOf = (view: View): Standing => ({
  tripped: trippedBreakers(view.core),
  working: workingOrders(view.core.orders).length,
  usedMargin: marginUsed(view.core.positions),
  chain: freshChain(view.core, view.at.mono),
  state: stateRefusal(view),
});

/** What the market says of entries at an instant. */
export type Seen = Pick<RiskFacts, 'data' | 'bid' | 'ask' | 'usualSpread' | 'equity'>;

/** Everything that the gates of risk look at, now; `doubt` comes before what the data says. */
export function measureRisk(
  view: View,
  config: EngineConfig,
  intent: Intent | undefined,
  doubt: string | undefined,
): RiskFacts {
  const { core, market, at } = view;
  const quote = freshQuote(market, core.link.generation, at.mono, config.quoteAgeMaxMs);
  const seen: Seen = {
    data: doubt ?? dataDoubt(view, config, quote),
    bid: quote?.bid,
    ask: quote?.ask,
    usualSpread: usualSpread(market.spreads),
    equity: equityOf(core, market, at.mono),
  };
  return factsOf(view, standingOf(view), seen, intent);
}

/** The same from what the core and the market said. */
export function factsOf(
  view: { readonly core: CoreToRead; readonly at: At },
  standing: Standing,
  seen: Seen,
  intent: Intent | undefined,
): RiskFacts {
  const { core, at } = view;
  const { instrument, positions } = core;
  const session = instrument === undefined ? NO_SESSION : sessionAt(instrument.sessions, at.wall);
  const { state, changesAt } = session;
  const isUsed = intent !== undefined && isSpent(core.signals, intent.signalId);
  return {
    data: seen.data,
    session: state,
    leftMs: state === 'open' && changesAt !== undefined ? changesAt - at.wall : undefined,
    event: core.schedule === undefined ? undefined : eventGate(view),
    bid: seen.bid,
    ask: seen.ask,
    usualSpread: seen.usualSpread,
    tripped: standing.tripped,
    slot: isUsed ? 'signal' : standing.working > 0 ? 'order' : undefined, // I02
    used: positions.length + standing.working,
    equity: seen.equity,
    usedMargin: standing.usedMargin,
    chain: standing.chain,
    state: standing.state,
  };
}

/** Fresh two-sided quote of this generation, ready indicators, two minutes left (I15, I32, F69). */
export function unmetFirst(facts: RiskFacts): GateName | undefined {
  if (facts.data !== undefined) return 'data';
  if (isEnding(facts)) return 'calendar';
  return facts.event?.pass === false ? 'event' : undefined;
}

export const isEnding = ({ leftMs }: RiskFacts): boolean =>
  leftMs === undefined || leftMs < DEADLINES.beforeCloseMs;

/** The gates after the strategy's own, in their order; the size is looked at apart. */
export function unmetBeforeSize(facts: RiskFacts, config: EngineConfig): GateName | undefined {
  if (isWide(facts, config)) return 'spread';
  if (facts.tripped.length > 0) return 'breakers';
  return isTaken(facts, config) ? 'slot' : undefined;
}

/** Wider than the cap, or than three times what is usual; a spread that is not known is wide. */
export function isWide({ bid, ask, usualSpread: usual }: RiskFacts, config: EngineConfig): boolean {
  return bid === undefined || ask === undefined || ask - bid > widest(bid, usual, config);
}

/** Positions, foreign ones included, plus orders whose end is open (I02, I03). */
export const isTaken = ({ slot, used }: RiskFacts, config: EngineConfig): boolean =>
  slot !== undefined || used >= config.maxPositions;

/** The volume that would be traded for these facts. */
export function sizeBy(terms: DecisionTerms, facts: RiskFacts, side: Side): Sizing {
  const { config, instrument, account } = terms;
  const { bid, ask, equity, usedMargin, chain } = facts;
  if (account === undefined) return { ok: false, reason: 'account or instrument not known' };
  const at = side === 'buy' ? ask : bid;
  if (at === undefined || equity === undefined) {
    return { ok: false, reason: 'price or equity not known' };
  }
  return sizeEntry({ config, instrument, account, equity, usedMargin, at, chain });
}

/** Makes the one thing an order can be made of; call only when every gate passed. */
export function approve(intent: Intent, sizing: Sizing & { readonly ok: true }): Approved {
  const { volume, stopDistance, targetDistance, at: decidedPrice } = sizing;
  const { signalId, side, reason } = intent;
  const facts = { signalId, side, volume, stopDistance, targetDistance, decidedPrice, reason };
  return facts as Approved;
}

/**
 * The first reason not to send an entry now, or nothing: asked again before and after durability.
 * With a side, the news must still permit that side.
 */
export function entryRefusal(view: View, side?: Side): string | undefined {
  const { config } = view.core;
  if (config === undefined) return 'no configuration';
  const facts = measureRisk(view, config, undefined, undefined);
  const spare = facts.state === undefined && newsGate(view, side).pass;
  if (
    spare &&
    unmetFirst(facts) === undefined &&
    !isWide(facts, config) &&
    facts.tripped.length === 0
  )
    return undefined;
  const gates = [...entryGates(facts, config), newsGate(view, side)];
  const failed = gates.find((one) => !one.pass);
  return failed === undefined ? undefined : `${failed.gate}: ${failed.value}`;
}

/** Why a new entry would not be taken now, a full slot included: what a screen may say. */
export function standingRefusal(view: View): string | undefined {
  const refusal = entryRefusal(view);
  const { config } = view.core;
  if (refusal !== undefined || config === undefined) return refusal;
  const facts = measureRisk(view, config, undefined, undefined);
  const slot = slotGate(facts, config);
  return slot.pass ? undefined : `slot: ${slot.value}`;
}

/**
 * Asked again about an order that holds its slot already: has something else taken one since (I03)?
 */
export function slotRefusal(view: View): string | undefined {
  const { config, positions, orders } = view.core;
  const used = positions.length + workingOrders(orders).length;
  return used > (config?.maxPositions ?? 0) ? 'slot: no longer free' : undefined;
}

const marginUsed = (positions: readonly Position[]): Money => {
  let sum = money(0);
  for (const position of positions) sum = addMoney(sum, position.usedMargin);
  return sum;
};

function stateRefusal(view: View): string | undefined {
  const { core, at } = view;
  if (core.stoppingSince !== undefined) return 'the engine is stopping';
  if (core.arming.state !== 'not-possible' && !isArmed(view)) return 'live trading is not armed';
  if (core.tradingState !== 'active') return TRADING_WORDS[core.tradingState];
  if (core.link.state !== 'READY') return `link ${core.link.state}`;
  if (!core.reconciled) return 'not reconciled yet';
  if (core.day?.key !== dayKeyOf(at.wall)) return 'the trading day is not opened';
  if (core.dayRead !== core.day.key) return "today's history is not read yet";
  if (core.unexplainedSince !== undefined) return 'the balance changed, its deals are awaited';
  if (workingOrders(core.orders).some(isOpenEnded)) return 'an order of unknown outcome';
  if (core.strays.length > 0) return 'an order with our label waits at the broker';
  if (awaitedFill(core) !== undefined) return 'a fill whose deals are awaited';
  if (core.positions.some(isUnsafe)) return 'a position is not protected or not settled';
  const delay = core.outside.loopDelayMs ?? 0;
  if (delay > DEADLINES.loopDelayEntryMs) return `the program is ${secondsText(delay)} late`;
  if (core.account?.access !== 'full') return `account access ${core.account?.access ?? 'unknown'}`;
  const status = core.instrument?.status;
  return status === 'open' ? undefined : `instrument ${status ?? 'unknown'}`;
}

/** What a trading state means for entries, in the words of the screen. */
export const TRADING_WORDS: Readonly<Record<TradingState, string>> = {
  active: 'entries are allowed',
  reducing: 'entries are paused',
  halted: 'trading is halted',
};

/** T10, T13: until there is proof, nothing new is entered, whatever slots are free. */
const isOpenEnded = ({ state }: Order): boolean => state === 'UNKNOWN' || state === 'QUARANTINED';

/** R11, R12, R18, R24: first make sure of what is there. */
const isUnsafe = (position: Position): boolean =>
  position.ours && position.state !== 'PROTECTED' && position.state !== 'CLOSING';
