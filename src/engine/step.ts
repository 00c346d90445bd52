/**
 * The switchboard: one event in, the next state and its effects out; and `drive`, which hands them
 * over.
 * Deliberately decides nothing itself: each case is one call.
 */

import { applyAccount } from './accounting.ts';
import { settleCommands } from './acknowledgement.ts';
import { onDurable, onFailed, onRefused, onSent } from './answers.ts';
import { assert, assertNever } from './assert.ts';
import { applyBarPath, quotesOf, worstOf } from './bar-path.ts';
import { carryBars } from './bar-run.ts';
import { onConversion } from './conversion.ts';
import { openDay } from './day-opening.ts';
import { checkDeadlines } from './deadlines.ts';
import { decideBar } from './decision.ts';
import type { DecisionRun } from './decision-record.ts';
import { believed } from './doubts.ts';
import { applyEvidence } from './early.ts';
import type { AlertLevel, BrokerQuery, BrokerRequest, Effect, JournalRecord } from './effect.ts';
import type { BarEvent, BarsEvent, Event, QuoteEvent, Stamped } from './event.ts';
import { onLink, onStarted, onStopping } from './link-session.ts';
import { applyHistory, applyQuote, closeAtSessionEnd } from './market.ts';
import type { Bar } from './model.ts';
import { onSentiment } from './news.ts';
import { applyCommand } from './operator.ts';
import type { Permitted } from './permitted.ts';
import { barOff } from './plausibility.ts';
import { applyDeal, applyProtection } from './positions.ts';
import { applyPass } from './reconcile.ts';
import {
  countCalmBar,
  evaluateBreakers,
  evaluateOnQuote,
  mayLoseTheDay,
  trip,
} from './risk/breakers.ts';
import { permit } from './risk/egress.ts';
import {
  noteProof,
  noteTime,
  onBrokerPnl,
  onClockSkew,
  onHost,
  onJournalFault,
} from './risk/outside.ts';
import { onSchedule } from './schedule.ts';
import { onShadow } from './shadow.ts';
import type { EngineState } from './state.ts';
import { atOf, barOf } from './stretch.ts';
import { askBars, beginTurn, change, configOf, endTurn, record, type Turn, tell } from './turn.ts';
import { type InstrumentId, mono } from './units.ts';

const NOTHING: readonly Effect[] = [];

/**
 * The whole engine: pure, total, the same in every mode. A `clock` that changes nothing returns the
 * very same state, so that the journal need not keep it.
 */
export function step(
  state: EngineState,
  input: Stamped,
): readonly [EngineState, readonly Effect[]] {
  const at = { seq: input.seq, mono: input.mono, wall: input.wall };
  const turn = beginTurn(state, at);
  if (state.at.seq > 0 && input.event.type !== 'started') noteTime(turn, state.at);
  const event = believed(turn, input.event);
  if (event !== undefined) handle(turn, event);
  settleCommands(turn);
  const idle = turn.core === state.core && turn.market === state.market;
  if (idle && turn.effects.length === 0 && input.event.type === 'clock') return [state, NOTHING];
  return endTurn(turn);
}

type Handlers = {
  readonly [T in Event['type']]: (turn: Turn, event: Extract<Event, { type: T }>) => void;
};

/** One row an event; the compiler lists what is missing. */
const HANDLERS: Handlers = {
  quote: onQuote,
  bar: onBarPath,
  bars: onBarRun,
  clock: onClock,
  started: onStarted,
  stopping: (turn, event) => onStopping(turn, event.reason),
  link: (turn, event) => {
    onLink(turn, event);
    evaluateBreakers(turn, 'always');
  },
  instrument: onInstrument,
  barsLoaded: onHistory,
  account: (turn, event) => {
    applyAccount(turn, event.account, 'event');
    evaluateBreakers(turn, 'always');
  },
  orderUpdate: (turn, event) => {
    applyEvidence(turn, event.update);
    evaluateBreakers(turn, 'always');
  },
  deal: (turn, event) => {
    applyDeal(turn, event.deal);
    evaluateBreakers(turn, 'always');
  },
  protection: (turn, event) => applyProtection(turn, event),
  brokerSnapshot: (turn, event) => {
    applyPass(turn, event);
    openDay(turn);
    evaluateBreakers(turn, 'always');
  },
  requestFailed: onFailed,
  sent: onSent,
  clockSkew: onClockSkew,
  conversion: onConversion,
  brokerPnl: onBrokerPnl,
  shadow: onShadow,
  host: onHost,
  durable: (turn, event) => {
    onDurable(turn, event.upTo);
    noteProof(turn);
  },
  journalFault: (turn, event) => onJournalFault(turn, event.reason),
  sentiment: onSentiment,
  schedule: onSchedule,
  command: (turn, event) => applyCommand(turn, event.command),
  egressRefused: (turn, event) => onRefused(turn, event.requestId, event.reason),
};

function handle<T extends Event['type']>(turn: Turn, event: Extract<Event, { type: T }>): void {
  HANDLERS[event.type as T](turn, event);
}

function onQuote(turn: Turn, event: QuoteEvent): void {
  const { config, instrument, link } = turn.core;
  if (config === undefined || instrument === undefined) return;
  if (event.instrumentId !== instrument.id || event.generation !== link.generation) return; // F25
  const moved = applyQuote(turn.market, event, config, instrument, turn.at);
  turn.market = moved.market;
  if (moved.closedBar !== undefined) onBarClosed(turn, moved.closedBar);
  evaluateOnQuote(turn);
}

/** Quotes in one go, unless one of them could change more than the market. */
function onBarPath(turn: Turn, event: BarEvent): void {
  const { config, instrument, link, positions } = turn.core;
  if (config === undefined || instrument === undefined) return;
  if (event.instrumentId !== instrument.id || event.generation !== link.generation) return; // F25
  const { at } = turn;
  const side = positions[0]?.side;
  const worst = side === undefined ? undefined : worstOf(event, side);
  const isQuiet = worst === undefined || !mayLoseTheDay(turn, worst);
  const moved = isQuiet ? applyBarPath(turn.market, event, config, instrument, at) : undefined;
  if (moved !== undefined) {
    turn.market = moved.market;
    if (moved.closedBar !== undefined) onBarClosed(turn, moved.closedBar);
    return;
  }
  for (const quote of quotesOf(event, at)) {
    const since = at.wall - quote.time;
    turn.at = { seq: at.seq, mono: mono(at.mono - since), wall: quote.time };
    onQuote(turn, quote);
  }
  turn.at = at;
}

/** Bars in one go as far as they are quiet, the others by the ordinary door, until one acts. */
function onBarRun(turn: Turn, event: BarsEvent): void {
  const { at } = turn;
  for (let bar = event.from; bar < event.to; bar += 1) {
    bar = carryBars(turn, event, bar, at);
    if (bar === event.to) return;
    const known = turn.effects.length;
    turn.at = atOf(event, bar, at);
    onBarPath(turn, barOf(event, bar));
    const isTold = turn.effects.slice(known).every(isPlainRecord);
    if (!isTold || turn.core.awaited.length > 0) return;
  }
}

/** Nobody answers it. */
const isPlainRecord = (effect: Effect): boolean =>
  effect.type === 'decisions' || (effect.type === 'record' && !effect.barrier);

function onBarClosed(turn: Turn, bar: Bar): void {
  countCalmBar(turn);
  evaluateBreakers(turn, 'bar');
  decideBar(turn, bar);
}

function onClock(turn: Turn): void {
  const { config, instrument } = turn.core;
  if (config === undefined) return;
  if (instrument !== undefined) {
    const ended = closeAtSessionEnd(turn.market, config, instrument, turn.at.wall);
    if (ended.closedBar !== undefined) {
      turn.market = ended.market;
      onBarClosed(turn, ended.closedBar);
    }
  }
  checkDeadlines(turn);
  evaluateBreakers(turn, 'always');
}

/** Symbol facts are in: ask for history and prices of this generation. */
function onInstrument(turn: Turn, event: Extract<Event, { type: 'instrument' }>): void {
  const { instrument } = event;
  const old = turn.core.instrument;
  if (old !== undefined && old.id !== instrument.id) {
    trip(turn, 'INTEGRITY', `the instrument's id changed from ${old.id} to ${instrument.id} (F79)`);
    return;
  }
  if (old !== undefined && old.name !== instrument.name) {
    const names = `from ${old.name} to ${instrument.name}`;
    trip(turn, 'INTEGRITY', `the instrument ${old.id} changed its name ${names} (F79)`);
    return;
  }
  change(turn, { instrument });
  askBars(turn);
  turn.effects.push({ type: 'subscribe', instrumentId: instrument.id });
}

function onHistory(turn: Turn, event: Extract<Event, { type: 'barsLoaded' }>): void {
  const { instrument } = turn.core;
  if (instrument === undefined || event.instrumentId !== instrument.id) return;
  const bars = event.bars.filter((bar) => barOff(bar, event.asOf) === undefined);
  const strange = event.bars.length - bars.length;
  if (strange > 0) {
    const text = `${strange} of ${event.bars.length} bars of the history make no sense`;
    record(turn, { kind: 'note', text: `${text} (F74)` });
    tell(turn, 'system', 'warn', text);
  }
  turn.market = applyHistory(turn.market, { ...event, bars }, configOf(turn), instrument);
  evaluateBreakers(turn, 'bar');
}

/** Where effects go. `refused` feeds the engine's own gate back to it as an event. */
export interface Hands {
  record(record: JournalRecord, barrier: boolean): void;
  /** Decisions of a stretch of bars; who does not care gets a record of each. */
  decided?(decisions: DecisionRun): void;
  transmit(request: Permitted<BrokerRequest>): void;
  query(query: BrokerQuery): void;
  subscribe(instrumentId: InstrumentId): void;
  alert(level: AlertLevel, text: string): void;
  refused(requestId: string, reason: string): void;
}

/**
 * Runs one step and hands its effects out, in order, in the same turn; the only way to the gate.
 */
export function drive(state: EngineState, input: Stamped, hands: Hands): EngineState {
  const [next, effects] = step(state, input);
  for (const effect of effects) {
    if (effect.type === 'transmit') {
      assert(input.event.type === 'durable', 'bytes may leave only when the journal answered (A5)');
    }
    hand(next, effect, hands);
  }
  return next;
}

function hand(state: EngineState, effect: Effect, hands: Hands): void {
  if (effect.type === 'record') hands.record(effect.record, effect.barrier);
  else if (effect.type === 'decisions') handDecisions(effect.decisions, hands);
  else if (effect.type === 'transmit') transmit(state, effect.request, hands);
  else if (effect.type === 'query') hands.query(effect.query);
  else if (effect.type === 'subscribe') hands.subscribe(effect.instrumentId);
  else if (effect.type === 'alert') hands.alert(effect.level, effect.text);
  else assertNever(effect, 'effect');
}

function handDecisions(decisions: DecisionRun, hands: Hands): void {
  if (hands.decided !== undefined) {
    hands.decided(decisions);
    return;
  }
  for (let nth = 0; nth < decisions.count; nth += 1) {
    hands.record({ kind: 'decision', decision: decisions.at(nth) }, false);
  }
}

function transmit(state: EngineState, request: BrokerRequest, hands: Hands): void {
  const verdict = permit(state, request);
  if (verdict.ok) hands.transmit(verdict.permitted);
  else hands.refused(request.requestId, verdict.reason);
}
