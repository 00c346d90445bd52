/**
 * The pre-trade gates that risk owns, asked in order, and the only maker of an Approved entry (A4).
 * Deliberately asks all of them even after one failed: the decision record shows every value.
 */
import { equityOf } from '../accounting.ts';
import { dayKeyOf, sessionAt } from '../calendar.ts';
import { DEADLINES, type EngineConfig } from '../config.ts';
import type { GateResult } from '../decision-record.ts';
import { bpsText, moneyText, volumeText } from '../format.ts';
import { median } from '../indicators.ts';
import { freshQuote, spreadValues } from '../market.ts';
import type { Account, Instrument, Intent, OrderState, Side, TradingState } from '../model.ts';
import { newsGate } from '../news.ts';
import { awaitedFill, isTerminal } from '../orders.ts';
import { eventGate } from '../schedule.ts';
import type { Position } from '../state.ts';
import type { Volume } from '../units.ts';
import { addMoney, type Money, money, mulDiv, type Price, type SignalId } from '../units.ts';
import { trippedBreakers, type View } from './breakers.ts';
import { type Sizing, sizeEntry } from './sizing.ts';

declare const approved: unique symbol;

/** An entry that every gate let pass; nothing else can become an order. */
export interface Approved {
  readonly signalId: SignalId;
  readonly side: Side;
  readonly volume: Volume;
  readonly stopDistance: Price;
  readonly targetDistance: Price;
  readonly reason: string;
  readonly [approved]: true;
}

export interface RiskVerdict {
  readonly gates: readonly GateResult[];
  readonly sizing: Sizing;
}

const gate = (
  name: GateResult['gate'],
  pass: boolean,
  value: string,
  threshold: string,
): GateResult => ({ gate: name, pass, value, threshold });

/** Fresh two-sided quote of this generation, and indicators that are ready (I15, I32). */
export function dataGate(view: View, config: EngineConfig): GateResult {
  const seconds = config.quoteAgeMaxMs / 1_000;
  const threshold = `quote at most ${seconds} s old, RSI ready`;
  const { link } = view.core;
  if (link.state !== 'READY') return gate('data', false, `link ${link.state}`, threshold);
  const quote = freshQuote(view.market, link.generation, view.at.mono, config.quoteAgeMaxMs);
  if (quote === undefined) return gate('data', false, 'quote stale or one-sided', threshold);
  if (view.market.indicators.rsiSeries.length === 0) {
    return gate('data', false, 'indicators warming up', threshold);
  }
  return gate('data', true, 'fresh', threshold);
}

/** Session open with at least two minutes left (F69). */
export function calendarGate(view: View): GateResult {
  const threshold = 'session open, at least 2 min left';
  const { instrument } = view.core;
  if (instrument === undefined) return gate('calendar', false, 'no instrument', threshold);
  const session = sessionAt(instrument.sessions, view.at.wall);
  if (session.state !== 'open' || session.changesAt === undefined) {
    return gate('calendar', false, `session ${session.state}`, threshold);
  }
  const left = session.changesAt - view.at.wall;
  const pass = left >= DEADLINES.beforeCloseMs;
  return gate('calendar', pass, `${Math.floor(left / 60_000)} min left`, threshold);
}

/** The gates after the strategy's own, in their order, with the volume that would be traded. */
export function riskGates(view: View, intent: Intent | undefined, side: Side): RiskVerdict {
  const sizing = sizeNow(view, side);
  const gates = [
    spreadGate(view),
    breakersGate(view),
    slotGate(view, intent),
    sizeGate(view, sizing),
    stateGate(view),
  ];
  return { gates, sizing };
}

/** Makes the one thing an order can be made of; call only when every gate passed. */
export function approve(intent: Intent, sizing: Sizing & { readonly ok: true }): Approved {
  const { volume, stopDistance, targetDistance } = sizing;
  const { signalId, side, reason } = intent;
  const facts = { signalId, side, volume, stopDistance, targetDistance, reason };
  return facts as Approved;
}

/**
 * The first reason not to send an entry now, or nothing: asked again before and after durability.
 * With a side, the news must still permit that side.
 */
export function entryRefusal(view: View, side?: Side): string | undefined {
  const { config } = view.core;
  if (config === undefined) return 'no configuration';
  const gates = [
    dataGate(view, config),
    calendarGate(view),
    eventGate(view),
    spreadGate(view),
    breakersGate(view),
    stateGate(view),
    newsGate(view, side),
  ];
  const failed = gates.find((one) => !one.pass);
  return failed === undefined ? undefined : `${failed.gate}: ${failed.value}`;
}

function spreadGate(view: View): GateResult {
  const { config, link } = view.core;
  const quote = freshQuote(view.market, link.generation, view.at.mono, config?.quoteAgeMaxMs ?? 0);
  if (config === undefined || quote === undefined) {
    return gate('spread', false, 'not known', 'a fresh quote');
  }
  const spread = quote.ask - quote.bid;
  const cap = mulDiv(quote.bid, config.spreadMaxBps, 10_000, 'floor');
  const usual = median(spreadValues(view.market.spreads));
  const limit = usual === undefined || usual === 0 ? cap : Math.min(cap, usual * 3);
  const bps = mulDiv(spread, 10_000, quote.bid, 'away');
  const limitBps = mulDiv(Math.floor(limit), 10_000, quote.bid, 'away');
  return gate('spread', spread <= limit, bpsText(bps), `at most ${bpsText(limitBps)}`);
}

function breakersGate(view: View): GateResult {
  const tripped = trippedBreakers(view.core);
  const value = tripped.length === 0 ? 'all clear' : tripped.join(', ');
  return gate('breakers', tripped.length === 0, value, 'all clear');
}

/** Positions, foreign ones included, plus orders whose end is open (I02, I03). */
function slotGate(view: View, intent: Intent | undefined): GateResult {
  const { config, positions, orders, signals } = view.core;
  const working = orders.filter((order) => !isTerminal(order.state)).length;
  const used = positions.length + working;
  const limit = config?.maxPositions ?? 0;
  const threshold = `fewer than ${limit}`;
  if (intent !== undefined && signals.includes(intent.signalId)) {
    return gate('slot', false, 'this signal was used already', threshold);
  }
  if (working > 0) return gate('slot', false, 'an order is under way', threshold); // I02
  return gate('slot', used < limit, `${used} taken`, threshold);
}

/** Why a new entry would not be taken now, a full slot included: what a screen may say. */
export function standingRefusal(view: View): string | undefined {
  const slot = slotGate(view, undefined);
  return entryRefusal(view) ?? (slot.pass ? undefined : `slot: ${slot.value}`);
}

/**
 * Asked again about an order that holds its slot already: has something else taken one since (I03)?
 */
export function slotRefusal(view: View): string | undefined {
  const { config, positions, orders } = view.core;
  const used = positions.length + orders.filter((order) => !isTerminal(order.state)).length;
  return used > (config?.maxPositions ?? 0) ? 'slot: no longer free' : undefined;
}

function sizeNow(view: View, side: Side): Sizing {
  const { config, instrument, account, link } = view.core;
  const now = view.at.mono;
  if (config === undefined || instrument === undefined || account === undefined) {
    return { ok: false, reason: 'account or instrument not known' };
  }
  const quote = freshQuote(view.market, link.generation, now, config.quoteAgeMaxMs);
  const equity = equityOf(view.core, view.market, now);
  if (quote === undefined || equity === undefined) {
    return { ok: false, reason: 'price or equity not known' };
  }
  const usedMargin = marginUsed(view);
  const at = side === 'buy' ? quote.ask : quote.bid;
  return sizeEntry({ config, instrument, account, equity, usedMargin, at });
}

const marginUsed = (view: View): Money =>
  view.core.positions.reduce((sum, position) => addMoney(sum, position.usedMargin), money(0));

function sizeGate(view: View, sizing: Sizing): GateResult {
  const threshold = `risk ${bpsText(view.core.config?.riskBps ?? 0)} of equity`;
  if (!sizing.ok) return gate('size', false, sizing.reason, threshold);
  const exponent = view.core.account?.exponent ?? 0;
  const risk = moneyText(sizing.risk, exponent);
  return gate('size', true, `${volumeText(sizing.volume)} risking ${risk}`, threshold);
}

function stateGate(view: View): GateResult {
  const reason = stateRefusal(view);
  return gate('state', reason === undefined, reason ?? 'active', 'active, reconciled, day opened');
}

function stateRefusal(view: View): string | undefined {
  const { core } = view;
  const rows: readonly (readonly [boolean, string])[] = [
    [core.tradingState === 'active', TRADING_WORDS[core.tradingState]],
    [core.link.state === 'READY', `link ${core.link.state}`],
    [core.reconciled, 'not reconciled yet'],
    [core.day?.key === dayKeyOf(view.at.wall), 'the trading day is not opened'],
    [core.unexplainedSince === undefined, 'the balance changed, its deals are awaited'],
    [!core.orders.some((order) => OPEN_ENDED.has(order.state)), 'an order of unknown outcome'],
    [awaitedFill(core) === undefined, 'a fill whose deals are awaited'],
    [!core.positions.some(isUnsafe), 'a position is not protected or not settled'],
    [core.account?.access === 'full', `account access ${accessOf(core.account)}`],
    [core.instrument?.status === 'open', `instrument ${statusOf(core.instrument)}`],
  ];
  return rows.find(([holds]) => !holds)?.[1];
}

/** What a trading state means for entries, in the words of the screen. */
export const TRADING_WORDS: Readonly<Record<TradingState, string>> = {
  active: 'entries are allowed',
  reducing: 'entries are paused',
  halted: 'trading is halted',
};

/** T10, T13: until there is proof, nothing new is entered, whatever slots are free. */
const OPEN_ENDED: ReadonlySet<OrderState> = new Set<OrderState>(['UNKNOWN', 'QUARANTINED']);

/** R11, R12, R18, R24: first make sure of what is there. */
const isUnsafe = (position: Position): boolean =>
  position.ours && position.state !== 'PROTECTED' && position.state !== 'CLOSING';

const accessOf = (account: Account | undefined): string => account?.access ?? 'unknown';
const statusOf = (instrument: Instrument | undefined): string => instrument?.status ?? 'unknown';
