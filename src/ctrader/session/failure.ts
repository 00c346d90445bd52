/**
 * What an error answer means: for the request it belongs to, and for the session as a whole.
 * Deliberately never repeats a trading request (I06), and correlates by our own id first (F19).
 */
import { mono } from '../../engine/index.ts';
import { type ErrorCourse, errorCourse, errorRow } from '../errors.ts';
import { forgetRates, isGauge } from './gauges.ts';
import { onJobFailed } from './jobs.ts';
import { ANSWER, ASK, becomeReady, reauthenticate, refuseLogin, refuseToken } from './login.ts';
import { block, find, type Pending, settle } from './requests.ts';
import { LINK_TIMES, type Purpose } from './state.ts';
import {
  change,
  closeLine,
  doubtTrades,
  note,
  type Turn,
  tellFailed,
  tradesInFlight,
} from './turn.ts';

/** An error as the wire states it, with both time scales already in milliseconds. */
export interface WireError {
  readonly code: string;
  readonly description: string | undefined;
  readonly clientMsgId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly maintenanceEndMs: number | undefined;
  /** The order and position it names; zero means none (F19). */
  readonly targets: readonly string[];
}

const sentence = ({ code, description }: WireError): string => {
  const words = errorRow(code).words;
  return description === undefined ? `${code}: ${words}` : `${code}: ${words} (${description})`;
};

/** Any error message: order error, error answer, transport error. */
export function onError(turn: Turn, error: WireError): void {
  const { requests } = turn.state;
  const pending = find(requests, error.clientMsgId) ?? byTarget(turn, error);
  const course = errorCourse(error.code, error.description);
  if (pending === undefined) {
    // A stranger's id is a stranger's request: other clients trade on the same account (F19).
    if (error.clientMsgId !== undefined) {
      note(turn, `an error for a request that is not ours: ${sentence(error)}`);
      return;
    }
    note(turn, `an error that names no request: ${sentence(error)}`);
    const description = error.description ?? errorRow(error.code).words;
    doubtTrades(turn, { code: error.code, description });
    steer(turn, error, course);
    return;
  }
  const settled = settle(requests, pending.id, false);
  const held = course === 'throttled';
  const wait = error.retryAfterMs;
  change(turn, { requests: held ? block(settled, pending.name, wait, turn.at.mono) : settled });
  settleFailure(turn, pending, error, course);
}

/** The one request in flight that names the same order or position. */
function byTarget(turn: Turn, error: WireError): Pending<Purpose> | undefined {
  if (error.clientMsgId !== undefined) return undefined;
  const named = error.targets.filter((each) => each !== '0');
  const found = tradesInFlight(turn.state).filter(
    ({ purpose }) =>
      purpose.type === 'trade' && purpose.target !== undefined && named.includes(purpose.target),
  );
  return found.length === 1 ? found[0] : undefined;
}

function settleFailure(
  turn: Turn,
  { purpose }: Pending<Purpose>,
  error: WireError,
  course: ErrorCourse,
): void {
  if (purpose.type === 'trade') {
    const { definitive, words } = errorRow(error.code);
    const description = error.description ?? words;
    tellFailed(turn, purpose.requestId, definitive, { code: error.code, description });
    if (course === 'application' || course === 'account') steer(turn, error, course);
    return;
  }
  if (purpose.type === 'job') {
    onJobFailed(turn, purpose.job, sentence(error));
    if (course !== 'request' && course !== 'throttled') steer(turn, error, course);
    return;
  }
  if (isGauge(purpose)) {
    note(turn, sentence(error));
    if (purpose.type === 'rates' && course !== 'already') forgetRates(turn);
    if (course !== 'request' && course !== 'throttled' && course !== 'already') {
      steer(turn, error, course);
    }
    return;
  }
  // Any answer to the probe proves that the link lives.
  if (purpose.type === 'probe') return;
  if (course === 'throttled') {
    ASK[purpose.type](turn);
  } else if (course === 'already' && ANSWER[purpose.type](turn, undefined)) {
    note(turn, `${purpose.type}: ${sentence(error)}; the next answer must confirm it`);
  } else if (course === 'already' || (course === 'request' && purpose.type !== 'subscribe')) {
    closeLine(turn, sentence(error));
  } else if (course === 'request') {
    note(turn, sentence(error));
    becomeReady(turn);
  } else {
    steer(turn, error, course);
  }
}

/** What the error means for the session, whatever it answered. */
function steer(turn: Turn, error: WireError, course: ErrorCourse): void {
  const reason = sentence(error);
  if (course === 'application' || course === 'account') reauthenticate(turn, course, reason);
  else if (course === 'refused') refuseLogin(turn, `${reason}; ${errorRow(error.code).advice}`);
  else if (course === 'token') refuseToken(turn, `${reason}; ${errorRow(error.code).advice}`);
  else if (course === 'reconnect') closeLine(turn, reason);
  else if (course === 'maintenance') pause(turn, maintenanceMs(turn, error), true, reason);
  else if (course === 'crowded') pause(turn, LINK_TIMES.crowdedMs, false, reason);
}

/** Until the announced end, but looking now and then: ends are announced wrongly too (F24). */
function maintenanceMs(turn: Turn, { maintenanceEndMs }: WireError): number {
  const { maintenanceMinMs, maintenanceMaxMs } = LINK_TIMES;
  if (maintenanceEndMs === undefined) return maintenanceMinMs * 2;
  const left = maintenanceEndMs - turn.at.wall;
  return Math.min(Math.max(left, maintenanceMinMs), maintenanceMaxMs);
}

function pause(turn: Turn, ms: number, maintenance: boolean, reason: string): void {
  change(turn, { trouble: { ...turn.state.trouble, pause: { ms, maintenance } } });
  closeLine(turn, reason);
}

/** A question nobody answered in time. */
export function onExpired(turn: Turn, { purpose, name }: Pending<Purpose>): void {
  const text = `no answer to ${name} in time`;
  if (purpose.type === 'trade') {
    tellFailed(turn, purpose.requestId, false, { code: 'NO_ANSWER', description: text });
  } else if (purpose.type === 'job') {
    onJobFailed(turn, purpose.job, text);
  } else if (isGauge(purpose)) {
    note(turn, text);
    if (purpose.type === 'rates') forgetRates(turn);
  } else {
    closeLine(turn, text);
  }
}

/** The answer of a request of ours could not be read (F14). */
export function onUnreadable(turn: Turn, pending: Pending<Purpose>, reason: string): void {
  const { id, purpose } = pending;
  change(turn, { requests: settle(turn.state.requests, id, false) });
  if (purpose.type === 'trade') {
    tellFailed(turn, purpose.requestId, false, { code: 'UNREADABLE', description: reason });
  } else if (purpose.type === 'job') {
    onJobFailed(turn, purpose.job, reason);
  } else if (isGauge(purpose)) {
    if (purpose.type === 'rates') forgetRates(turn);
  } else if (purpose.type !== 'probe') {
    closeLine(turn, reason);
  }
}

/** Notes how long the last answer took; shown with the next state of the link. */
export function measure(turn: Turn, pending: Pending<Purpose>): void {
  const roundTripMs = mono(turn.at.mono - pending.sentAt);
  change(turn, { health: { ...turn.state.health, roundTripMs } });
}
