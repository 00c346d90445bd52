/**
 * Arming: a run that may send orders to the broker enters only after a person armed it, for this
 * run and session only. The checklist is computed from facts in the state, and shown as it is.
 * Deliberately knows no mode: `egress.ts` says at the start whether a run has to be armed (A2).
 */
import { dayKeyOf, sessionAt } from './calendar.ts';
import { DEADLINES } from './config.ts';
import { BREAKERS } from './event.ts';
import { bpsText, secondsText } from './format.ts';
import { isUnresolved, isUnsettled } from './inquiry.ts';
import { freshQuote } from './market.ts';
import { workingOrders } from './orders.ts';
import type { View } from './risk/breaker-rule.ts';
import type { ArmingItem } from './snapshot-shape.ts';
import type { Core } from './state.ts';
import { alert, change, record, type Turn, tell } from './turn.ts';
import { type Mono, mulDiv, type Untrusted, type Wall, wall } from './units.ts';

export type Arming =
  /** Orders of this run go to our own exchange: there is nothing to arm. */
  | { readonly state: 'not-possible' }
  | { readonly state: 'unarmed'; readonly why: string }
  | {
      readonly state: 'armed';
      readonly account: string;
      readonly since: Mono;
      /** Both hold: a wall clock that was set back prolongs nothing. */
      readonly until: Wall;
      readonly byMono: Mono;
    };

export const NOT_POSSIBLE: Arming = { state: 'not-possible' };
export const UNARMED: Arming = { state: 'unarmed', why: 'nobody armed this run yet' };

/** Longest time one arming holds, whatever the session. */
export const ARMED_MS = 12 * 3_600_000;

/** Whether entries may leave now, as far as arming goes; an armed run that expired may not. */
export function isArmed({ core, at }: Pick<View, 'core' | 'at'>): boolean {
  const { arming } = core;
  return arming.state === 'armed' && at.wall < arming.until && at.mono < arming.byMono;
}

type Finding = readonly [reason: string, remedy: string] | undefined;

interface Check {
  readonly name: ArmingItem['name'];
  /** What is wrong and what to do about it; undefined is green. */
  readonly finds: (view: View) => Finding;
  /** The reason of a green item. */
  readonly words: (view: View) => string;
}

function tokenFinding({ core }: View): Finding {
  const { state } = core.link;
  if (state === 'READY') return undefined;
  const remedy =
    state === 'AUTH_HALT'
      ? 'log in again, then start again'
      : 'wait until the broker has answered and prices flow';
  return [`the link is ${state}`, remedy];
}

/** I34: what the broker says of the account must fit the environment this run was started in. */
function accountFinding({ core }: View): Finding {
  const { account, config } = core;
  if (account === undefined) return ['not known yet', 'wait until the broker has answered'];
  const isLive = config?.environment === 'live';
  if (account.isLive !== isLive) {
    const kind = account.isLive ? 'a live account' : 'no live account';
    return [`it is ${kind}, the run is not`, 'start with the environment of the account'];
  }
  if (account.access === 'full') return undefined;
  return [`its access is ${account.access}`, 'ask the broker, or use another account'];
}

function instrumentFinding({ core, at }: View): Finding {
  const { instrument } = core;
  if (instrument === undefined) return ['not known yet', 'wait until the broker has answered'];
  if (instrument.status !== 'open') {
    return [`it is ${instrument.status}`, 'wait until the broker opens it'];
  }
  return armedUntil(core, at.wall) === undefined
    ? ['its trading hours are not known', 'start again to read them anew']
    : undefined;
}

function instrumentWords({ core, at }: View): string {
  const state = sessionAt(core.instrument?.sessions ?? [], at.wall).state;
  return `${core.instrument?.name}, session ${state}`;
}

function clockFinding({ core }: View): Finding {
  const { tripped, reason } = core.breakers.CLOCK;
  if (tripped) return [reason, 'set the clock of this computer'];
  const { skewMs } = core.outside;
  if (skewMs === undefined)
    return ['not known yet', 'wait some seconds for prices: they are stamped'];
  const skew = Math.abs(skewMs);
  if (skew < DEADLINES.clockSkewWarnMs) return undefined;
  return [`${secondsText(skew)} from the broker's`, 'set the clock of this computer'];
}

const clockWords = ({ core }: View): string =>
  `${secondsText(Math.abs(core.outside.skewMs ?? 0))} from the broker's`;

function breakerFinding({ core }: View): Finding {
  const tripped = BREAKERS.filter((name) => core.breakers[name].tripped);
  if (tripped.length === 0) return undefined;
  return [`tripped: ${tripped.join(', ')}`, 'key b says what clears each'];
}

/** The stop of an entry now must be one the broker takes with the order. */
function stopFinding(view: View): Finding {
  const { core, market, at } = view;
  const { config, instrument } = core;
  if (config === undefined || instrument === undefined) {
    return ['not known yet', 'wait until the broker has answered'];
  }
  const quote = freshQuote(market, core.link.generation, at.mono, config.feedAgeMaxMs);
  if (quote === undefined) return ['no price to measure it with', 'wait for a price'];
  const distance = mulDiv(quote.bid, config.stopLossBps, 10_000, 'floor');
  if (distance >= instrument.stopDistanceMin) return undefined;
  return ['closer than the broker allows', 'raise STOP_LOSS_PERCENT'];
}

const stopWords = ({ core }: View): string =>
  `the broker takes ${bpsText(core.config?.stopLossBps ?? 0)} with the order`;

function passFinding({ core }: View): Finding {
  if (!core.reconciled) return ['not done in this session', 'wait for the broker to answer'];
  if (core.differences.length > 0) {
    return [`${core.differences.length} difference(s)`, 'wait for the next look at the broker'];
  }
  const isOpen =
    workingOrders(core.orders).some(isUnresolved) ||
    core.positions.some(isUnsettled) ||
    core.strays.length > 0 ||
    core.unexplainedSince !== undefined;
  return isOpen ? ['something is not explained yet', 'see the orders and the activity'] : undefined;
}

function journalFinding({ core }: View): Finding {
  const { tripped, reason } = core.breakers.PERSISTENCE;
  if (tripped) return [reason, 'make room on the disk, then start again'];
  return core.outside.journalFaultAt === undefined
    ? undefined
    : ['a write failed', 'make room on the disk, then start again'];
}

/** In the order in which a person would look. */
const CHECKS: readonly Check[] = [
  { name: 'token', finds: tokenFinding, words: () => 'the session is authorised and ready' },
  { name: 'account', finds: accountFinding, words: ({ core }) => `${core.account?.login}` },
  { name: 'instrument', finds: instrumentFinding, words: instrumentWords },
  { name: 'clock', finds: clockFinding, words: clockWords },
  { name: 'breakers', finds: breakerFinding, words: () => 'all clear' },
  { name: 'stop loss', finds: stopFinding, words: stopWords },
  { name: 'reconciliation', finds: passFinding, words: () => 'both sides agree' },
  { name: 'journal', finds: journalFinding, words: () => 'it writes' },
];

/** Every item with its colour; all of them are looked at, whatever failed before. */
export function armingChecklist(view: View): readonly ArmingItem[] {
  return CHECKS.map(({ name, finds, words }) => {
    const finding = finds(view);
    return finding === undefined
      ? { name, ok: true, reason: words(view), remedy: undefined }
      : { name, ok: false, reason: finding[0], remedy: finding[1] };
  });
}

/**
 * End of the trading day this instant or the next session belongs to; at most 12 h away. The
 * breaks between the intervals of one day disarm nobody.
 */
function armedUntil(core: Core, at: Wall): Wall | undefined {
  const sessions = core.instrument?.sessions ?? [];
  if (sessionAt(sessions, at).state === 'unknown') return undefined;
  const next = sessions.find((one) => one.close > at);
  if (next === undefined) return undefined;
  const day = dayKeyOf(next.open);
  const close = sessions.reduce(
    (end, one) => (dayKeyOf(one.open) === day ? Math.max(end, one.close) : end),
    next.close as number,
  );
  return wall(Math.min(close, at + ARMED_MS));
}

export type ArmAnswer = { readonly ok: boolean; readonly reason: string };

const no = (reason: string): ArmAnswer => ({ ok: false, reason });
const DRY = 'orders of this run never reach the broker: start one with --mode live';

/** Arms this run, when the number is the account's and every item is green (F119). */
export function arm(turn: Turn, typed: string, by: Untrusted): ArmAnswer {
  const { core } = turn;
  if (core.arming.state === 'not-possible') return no(DRY);
  if (isArmed(turn)) return no('it is armed already');
  const red = armingChecklist(turn).find((item) => !item.ok);
  if (red !== undefined) return no(`${red.name}: ${red.reason}; ${red.remedy}`);
  const { account } = core;
  const until = armedUntil(core, turn.at.wall);
  if (account === undefined || until === undefined) return no('the account is not known');
  if (typed !== account.login && typed !== account.id) {
    return no('that is not the number of this account');
  }
  const { mono: since } = turn.at;
  const byMono = (since + ARMED_MS) as Mono;
  change(turn, { arming: { state: 'armed', account: account.login, since, until, byMono } });
  const text = `armed for account ${account.login}`;
  record(turn, { kind: 'arming', change: 'armed', account: account.login, until, reason: by });
  tell(turn, 'operator', 'warn', `${text}: orders go to the broker`);
  alert(turn, 'warning', text);
  return { ok: true, reason: text };
}

/** Takes it back; positions stay managed and protected. */
export function disarm(turn: Turn, by: Untrusted): ArmAnswer {
  const { arming } = turn.core;
  if (arming.state === 'not-possible') return no(DRY);
  if (arming.state !== 'armed') return no('it is not armed');
  lay(turn, { change: 'disarmed', why: 'disarmed by the operator', by });
  return { ok: true, reason: 'entries no longer leave; positions stay managed' };
}

/** The session is over, or twelve hours are: what was armed is not any more. */
export function expireArming(turn: Turn): void {
  if (turn.core.arming.state !== 'armed' || isArmed(turn)) return;
  const why = 'the arming expired at the end of its trading day or after 12 h';
  lay(turn, { change: 'expired', why, by: why });
}

interface Laid {
  readonly change: 'disarmed' | 'expired';
  readonly why: string;
  readonly by: string;
}

function lay(turn: Turn, laid: Laid): void {
  const { arming } = turn.core;
  if (arming.state !== 'armed') return;
  const { account } = arming;
  const { why, by } = laid;
  change(turn, { arming: { state: 'unarmed', why } });
  record(turn, { kind: 'arming', change: laid.change, account, until: undefined, reason: by });
  tell(turn, 'operator', 'warn', why);
  alert(turn, 'warning', why);
}
