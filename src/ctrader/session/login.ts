/**
 * From an open line to READY: who we are, which account, what is traded, what is open, the first
 * quote. Deliberately one step per answer; a failed step closes the line or stops the session,
 * never skips.
 */
import { type Account, mono } from '../../engine/index.ts';
import {
  accountOf,
  type Complaints,
  instrumentOf,
  isPercentDistance,
  sameScale,
  sameUnits,
} from '../translate.ts';
import type { KnownMessage } from '../wire/codec.ts';
import { ProtoOAAccountType, type ProtoOATrader } from '../wire/schema.gen.ts';
import { chooseAccount, chooseInstrument } from './choice.ts';
import { NO_GAUGES } from './gauges.ts';
import { startPass, voidJobs } from './jobs.ts';
import { LINK_LIMITS, LINK_TIMES, NO_FACTS, NO_FEED, type Purpose } from './state.ts';
import {
  ask,
  askPlain,
  change,
  closeLine,
  doubtTrades,
  emit,
  note,
  type Turn,
  tell,
  tellTokenRefused,
} from './turn.ts';

type Step = Exclude<Purpose['type'], 'job' | 'trade' | 'conversion' | 'rates' | 'openProfit'>;

/** How each step is asked; the same again after a waiting time. */
export const ASK: Readonly<Record<Step, (turn: Turn) => void>> = {
  application: (turn) =>
    ask(turn, { type: 'credentials', name: 'ProtoOAApplicationAuthReq' }, 'ordinary', {
      type: 'application',
    }),
  accounts: (turn) =>
    ask(turn, { type: 'credentials', name: 'ProtoOAGetAccountListByAccessTokenReq' }, 'ordinary', {
      type: 'accounts',
    }),
  account: (turn) =>
    ask(turn, { type: 'credentials', name: 'ProtoOAAccountAuthReq' }, 'ordinary', {
      type: 'account',
    }),
  trader: (turn) =>
    askPlain(turn, { name: 'ProtoOATraderReq', fields: ours(turn) }, { type: 'trader' }),
  assets: (turn) =>
    askPlain(turn, { name: 'ProtoOAAssetListReq', fields: ours(turn) }, { type: 'assets' }),
  symbols: (turn) =>
    askPlain(turn, { name: 'ProtoOASymbolsListReq', fields: ours(turn) }, { type: 'symbols' }),
  symbol: (turn) => {
    const symbolId = turn.state.facts.light?.symbolId;
    if (symbolId === undefined) return;
    const fields = { ...ours(turn), symbolId: [symbolId] };
    askPlain(turn, { name: 'ProtoOASymbolByIdReq', fields }, { type: 'symbol' });
  },
  subscribe: (turn) => {
    const symbolId = turn.state.facts.light?.symbolId;
    if (symbolId === undefined) return;
    const fields = { ...ours(turn), symbolId: [symbolId], subscribeToSpotTimestamp: true };
    askPlain(turn, { name: 'ProtoOASubscribeSpotsReq', fields }, { type: 'subscribe' });
  },
  probe: (turn) => askPlain(turn, { name: 'ProtoOAVersionReq', fields: {} }, { type: 'probe' }),
};

const ours = (turn: Turn) => ({ ctidTraderAccountId: turn.config.accountId });

/** What the answer of each step does; `undefined` where "already done" counts as the answer. */
type Answer = KnownMessage | undefined;
export const ANSWER: Readonly<Record<Step, (turn: Turn, answer: Answer) => boolean>> = {
  application: (turn, answer) => {
    if (answer !== undefined && answer.name !== 'ProtoOAApplicationAuthRes') return false;
    turn.out.push({ type: 'trusted' });
    change(turn, { stage: 'accounts' });
    ASK.accounts(turn);
    return true;
  },
  accounts: (turn, answer) => {
    if (answer?.name !== 'ProtoOAGetAccountListByAccessTokenRes') return false;
    const { ctidTraderAccount = [], permissionScope } = answer.fields;
    const choice = chooseAccount(ctidTraderAccount, turn.config);
    if (!choice.ok) return halt(turn, 'HALTED', choice.reason);
    const facts = { ...turn.state.facts, entry: choice.value, scope: permissionScope };
    change(turn, { facts });
    beginAccount(turn);
    return true;
  },
  account: (turn, answer) => {
    if (answer !== undefined && answer.name !== 'ProtoOAAccountAuthRes') return false;
    const trouble = {
      ...turn.state.trouble,
      refusals: 0,
      tokenRefused: false,
      tokenWait: undefined,
    };
    change(turn, { stage: 'sync', trouble });
    tell(turn, 'SYNCING');
    ASK.trader(turn);
    ASK.assets(turn);
    ASK.symbols(turn);
    return true;
  },
  trader: (turn, answer) => {
    if (answer?.name !== 'ProtoOATraderRes') return false;
    takeTrader(turn, answer.fields.trader);
    return true;
  },
  assets: (turn, answer) => {
    if (answer?.name !== 'ProtoOAAssetListRes') return false;
    change(turn, { facts: { ...turn.state.facts, assets: answer.fields.asset ?? [] } });
    resolve(turn);
    return true;
  },
  symbols: (turn, answer) => {
    if (answer?.name !== 'ProtoOASymbolsListRes') return false;
    change(turn, { facts: { ...turn.state.facts, symbols: answer.fields.symbol ?? [] } });
    resolve(turn);
    return true;
  },
  symbol: (turn, answer) => {
    if (answer?.name !== 'ProtoOASymbolByIdRes') return false;
    const id = turn.state.facts.light?.symbolId;
    const symbol = answer.fields.symbol?.find((each) => each.symbolId === id);
    if (symbol === undefined) return halt(turn, 'HALTED', 'the instrument has no description');
    change(turn, { facts: { ...turn.state.facts, symbol } });
    if (!tellInstrument(turn)) return true;
    if (!turn.state.facts.synced) startPass(turn, undefined, true);
    return true;
  },
  subscribe: (turn, answer) => {
    if (answer !== undefined && answer.name !== 'ProtoOASubscribeSpotsRes') return false;
    change(turn, { feed: { ...turn.state.feed, acknowledged: true } });
    becomeReady(turn);
    return true;
  },
  probe: () => true,
};

/** The line is open: the application introduces itself. */
export function beginApplication(turn: Turn): void {
  change(turn, { stage: 'application', facts: NO_FACTS, feed: NO_FEED, gauges: NO_GAUGES });
  tell(turn, 'APP_AUTH');
  ASK.application(turn);
}

/** Authorises the account; again after a session was lost on the same line. */
export function beginAccount(turn: Turn): void {
  const { entry, scope } = turn.state.facts;
  change(turn, {
    stage: 'account',
    facts: { ...NO_FACTS, entry, scope },
    feed: NO_FEED,
    gauges: NO_GAUGES,
  });
  tell(turn, 'ACCOUNT_AUTH');
  ASK.account(turn);
}

/**
 * A session was lost on a living line: from that step on again, and READY only after everything
 * was read anew (F21 F22). Orders in flight are in doubt; nothing is sent twice.
 */
export function reauthenticate(turn: Turn, from: 'application' | 'account', reason: string): void {
  const { stage, trouble } = turn.state;
  if (stage === 'application' || (stage === 'account' && from === 'account')) return;
  const reauthorisations = trouble.reauthorisations + 1;
  change(turn, { trouble: { ...trouble, reauthorisations, degraded: undefined } });
  note(turn, `the ${from} session was lost: ${reason}`);
  doubtTrades(turn, { code: 'SESSION_LOST', description: reason });
  voidJobs(turn, reason);
  change(turn, { requests: { ...turn.state.requests, pending: [], waiting: [] } });
  if (reauthorisations >= LINK_LIMITS.reauthorisations) {
    halt(turn, 'AUTH_HALT', `the ${from} session was lost again and again: ${reason}`);
  } else if (from === 'application' || turn.state.facts.entry === undefined) {
    beginApplication(turn);
  } else {
    beginAccount(turn);
  }
}

/** Stops and says why; only a person starts it again, or another access token an AUTH_HALT. */
export function halt(turn: Turn, link: 'HALTED' | 'AUTH_HALT', reason: string): true {
  change(turn, { stage: 'stopped' });
  tell(turn, link, reason);
  closeLine(turn, reason);
  return true;
}

/** A login was refused in a way that waiting does not heal (three times stop the session). */
export function refuseLogin(turn: Turn, reason: string): void {
  const refusals = turn.state.trouble.refusals + 1;
  // A new token may be on its way from a slow server: three refusals at once would prove nothing.
  const pause = { ms: LINK_TIMES.refusedMs * 2 ** (refusals - 1), maintenance: false };
  change(turn, { trouble: { ...turn.state.trouble, refusals, pause } });
  if (refusals >= LINK_LIMITS.refusals) halt(turn, 'AUTH_HALT', reason);
  else closeLine(turn, reason);
}

/**
 * The token was refused: counted like any refusal, or waited for if somebody renews it (F92). A
 * session that had an account keeps its line for that, once: a rotation needs no new connection.
 */
export function refuseToken(turn: Turn, reason: string): void {
  const trouble = { ...turn.state.trouble, tokenRefused: true };
  change(turn, { trouble });
  if (turn.config.renewsToken !== true) {
    refuseLogin(turn, reason);
  } else if (turn.state.stage === 'account' && trouble.tokenWait === undefined) {
    const until = mono(turn.at.mono + LINK_TIMES.tokenMs);
    change(turn, { trouble: { ...trouble, tokenWait: { until } } });
    tellTokenRefused(turn, reason);
  } else closeLine(turn, reason);
}

/** The renewed token on the line that was kept for it; false when none was. */
export function presentToken(turn: Turn): boolean {
  const { stage, trouble } = turn.state;
  const { tokenWait } = trouble;
  if (stage !== 'account' || tokenWait === undefined || tokenWait === 'spent') return false;
  note(turn, 'there is another access token: authorising the account again');
  change(turn, { trouble: { ...trouble, tokenWait: 'spent' } });
  beginAccount(turn);
  return true;
}

/** A token server that is away is waited for on the ladder, not on the line. */
export function watchToken(turn: Turn): boolean {
  const { tokenWait } = turn.state.trouble;
  if (tokenWait === undefined || tokenWait === 'spent') return false;
  if (turn.at.mono < tokenWait.until) return false;
  closeLine(turn, 'no other access token in time');
  return true;
}

/** Account settings, whether asked for or pushed. */
export function takeTrader(turn: Turn, trader: ProtoOATrader): void {
  change(turn, { facts: { ...turn.state.facts, trader } });
  if (turn.state.facts.account === undefined) resolve(turn);
  else tellAccount(turn, trader);
}

/** Volumes, positions and closing mean something else on other kinds of account. */
const isHedged = ({ accountType = ProtoOAAccountType.HEDGED }: ProtoOATrader): boolean =>
  accountType === ProtoOAAccountType.HEDGED;

/** Tells the account; without its scale nothing can go on (F56). */
function tellAccount(turn: Turn, trader: ProtoOATrader): Account | undefined {
  const { entry, scope, assets } = turn.state.facts;
  if (entry === undefined || assets === undefined) return undefined;
  const complaints: Complaints = [];
  const account = accountOf({ trader, entry, scope, assets }, complaints);
  if (turn.config.encoders !== undefined && !isHedged(trader)) {
    complaints.push('only hedged accounts can be traded: others net positions or bet stakes');
  }
  if (account === undefined || complaints.length > 0) {
    halt(turn, 'HALTED', complaints.join('; '));
    return undefined;
  }
  // Told as it was said: the engine refuses another scale than before, and we keep the old one.
  if (sameScale(account, turn.state.facts.account)) {
    change(turn, { facts: { ...turn.state.facts, account } });
  }
  emit(turn, { type: 'account', account });
  return account;
}

/** Account, assets and symbols are all here: find the instrument and read its description. */
function resolve(turn: Turn): void {
  const { trader, assets, symbols } = turn.state.facts;
  if (trader === undefined || assets === undefined || symbols === undefined) return;
  const { instrumentName, instrumentAliases } = turn.config;
  const choice = chooseInstrument(symbols, instrumentName, instrumentAliases);
  if (!choice.ok) {
    halt(turn, 'HALTED', choice.reason);
    return;
  }
  // The long list has served its purpose; the state stays small.
  change(turn, { facts: { ...turn.state.facts, symbols: undefined, light: choice.value } });
  if (tellAccount(turn, trader) !== undefined) ASK.symbol(turn);
}

/** Tells the instrument with its calendar as of now; false when it is unusable. */
export function tellInstrument(turn: Turn): boolean {
  const { light, symbol, assets, account } = turn.state.facts;
  if (light === undefined || symbol === undefined || assets === undefined) return false;
  if (account === undefined) return false;
  const complaints: Complaints = [];
  const now = turn.at.wall;
  const reference = turn.state.feed.bid;
  const instrument = instrumentOf({ light, symbol, assets, now, reference }, complaints);
  if (instrument === undefined) {
    halt(turn, 'HALTED', complaints.join('; '));
    return false;
  }
  const { id: symbolId, digits } = instrument;
  const scales = { symbolId, digits, exponent: account.exponent };
  const known = turn.state.facts.instrument;
  if (known === undefined || sameUnits(instrument, known)) {
    change(turn, { facts: { ...turn.state.facts, instrument, scales, calendarAt: now } });
  }
  emit(turn, { type: 'instrument', instrument, generation: turn.state.generation });
  if (instrument.sessions.length === 0) note(turn, 'the trading hours are unknown');
  return true;
}

/** READY needs everything: snapshot, subscription, and both sides of the price (F26). */
export function becomeReady(turn: Turn, marketClosed = false): void {
  const { facts, feed, stage } = turn.state;
  if (stage !== 'sync' || !facts.synced || !feed.acknowledged) return;
  if ((feed.bid === undefined || feed.ask === undefined) && !marketClosed) return;
  if (facts.symbol !== undefined && isPercentDistance(facts.symbol)) tellInstrument(turn);
  change(turn, {
    stage: 'live',
    trouble: {
      ...turn.state.trouble,
      noPriceRounds: 0,
      readySince: turn.at.mono,
      pause: undefined,
    },
  });
  tell(turn, isDegraded(turn) ? 'DEGRADED' : 'READY');
}

const isDegraded = (turn: Turn): boolean => turn.state.trouble.degraded !== undefined;

/** Something is not as it should be: no entries until it is settled (F01 F14). */
export function degrade(turn: Turn, degraded: 'silence' | 'unread', reason: string): void {
  const { trouble, stage } = turn.state;
  if (trouble.degraded === 'unread') return;
  change(turn, { trouble: { ...trouble, degraded } });
  if (stage === 'live') tell(turn, 'DEGRADED', reason);
}

/** The cause is gone; back to READY if that is where we were. */
export function recover(turn: Turn, cause: 'silence' | 'unread'): void {
  const { trouble, stage } = turn.state;
  if (trouble.degraded !== cause) return;
  change(turn, { trouble: { ...trouble, degraded: undefined } });
  if (stage === 'live') tell(turn, 'READY');
}

/** True when the calendar is known and says that the market is closed now. */
export function isClosedNow(turn: Turn): boolean {
  const sessions = turn.state.facts.instrument?.sessions ?? [];
  const now = turn.at.wall;
  return sessions.length > 0 && !sessions.some((each) => each.open <= now && now < each.close);
}
