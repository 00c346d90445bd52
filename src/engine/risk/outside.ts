/**
 * Facts the engine cannot see itself: the clock's difference, the loop's delay, free space, proven
 * writes, and the broker's own figure of open profit. Deliberately believes the newest word of each
 * and decides nothing: the breaker table does.
 */
import { markedPnl } from '../accounting.ts';
import { DEADLINES, LIMITS } from '../config.ts';
import { convertedUp, lastChain } from '../conversion.ts';
import type { BrokerPnlEvent, ClockSkewEvent, HostEvent } from '../event.ts';
import { moneyText, secondsText } from '../format.ts';
import { askReconcile } from '../inquiry.ts';
import { withoutQuote } from '../market.ts';
import type { At, Position } from '../state.ts';
import { alert, askBars, change, record, type Turn, tell } from '../turn.ts';
import { type Money, money, mulDiv, worth } from '../units.ts';
import { evaluateBreakers, trip, tripIfDue, watchCalm } from './breakers.ts';
import { NOTHING_KNOWN, type Outside } from './tallies.ts';

function learn(turn: Turn, fields: Partial<Outside>): void {
  change(turn, { outside: Object.assign(copyOf(turn.core.outside), fields) });
}

/** Field by field, in the one form that all code which reads them was compiled for. */
const copyOf = (known: Outside): Outside => ({
  skewMs: known.skewMs,
  skewAt: known.skewAt,
  loopDelayMs: known.loopDelayMs,
  freeMib: known.freeMib,
  journalFaultAt: known.journalFaultAt,
  authRefusals: known.authRefusals,
  conversion: known.conversion,
  brokerPnl: known.brokerPnl,
  pnlDoubts: known.pnlDoubts,
});

/** The difference was measured again (F66). */
export function onClockSkew(turn: Turn, { generation, skewMs }: ClockSkewEvent): void {
  if (generation !== turn.core.link.generation) return;
  const before = Math.abs(turn.core.outside.skewMs ?? 0);
  learn(turn, { skewMs, skewAt: turn.at.mono });
  const off = Math.abs(skewMs);
  if (off >= DEADLINES.clockSkewWarnMs && before < DEADLINES.clockSkewWarnMs) {
    const text = `this computer's clock differs by ${secondsText(off)} from the broker's`;
    tell(turn, 'system', 'warn', text);
    alert(turn, 'warning', text);
  }
  evaluateBreakers(turn, 'always');
}

/** The loop was late or is quick again, or free space was measured. */
export function onHost(turn: Turn, { loopDelayMs, freeMib }: HostEvent): void {
  if (loopDelayMs !== undefined) {
    const before = turn.core.outside.loopDelayMs ?? 0;
    learn(turn, { loopDelayMs });
    if (loopDelayMs >= DEADLINES.loopDelayWarnMs && before < DEADLINES.loopDelayWarnMs) {
      tell(turn, 'system', 'warn', `the program was ${secondsText(loopDelayMs)} late`);
    }
  }
  if (freeMib !== undefined) learn(turn, { freeMib });
  evaluateBreakers(turn, 'always');
  const { tripped } = turn.core.breakers.PERSISTENCE;
  if (freeMib === undefined || !tripped || turn.core.outside.journalFaultAt !== undefined) return;
  if (freeMib < (turn.core.config?.diskFreeMinMib ?? 0)) return;
  // Its answer is the proof that clears: a sync with enough space (rule 6).
  record(
    turn,
    { kind: 'note', text: 'there is space again: proving that the journal writes' },
    true,
  );
}

/** A write or a sync failed: only a person clears that, after a restart. */
export function onJournalFault(turn: Turn, reason: string): void {
  learn(turn, { journalFaultAt: turn.at.mono });
  trip(turn, 'PERSISTENCE', `the journal does not write: ${reason}`);
}

/** The journal answered: with enough space that proves that it writes again. */
export function noteProof(turn: Turn): void {
  const { breakers, outside, config } = turn.core;
  if (!breakers.PERSISTENCE.tripped || outside.journalFaultAt !== undefined) return;
  const { freeMib } = outside;
  if (freeMib === undefined || config === undefined || freeMib < config.diskFreeMinMib) return;
  watchCalm(turn, 'PERSISTENCE', true);
  evaluateBreakers(turn, 'always');
}

/**
 * Wall and monotonic time must move together: a machine that slept, or a clock that was set, is a
 * world of old prices and unread events (F64, F65). A start begins a new reckoning.
 */
export function noteTime(turn: Turn, before: At): void {
  const moved = turn.at.wall - before.wall - (turn.at.mono - before.mono);
  if (Math.abs(moved) < DEADLINES.timeGapMs || turn.core.config === undefined) return;
  learn(turn, { skewMs: undefined, skewAt: undefined });
  watchCalm(turn, 'CLOCK', false);
  const way = moved > 0 ? 'forward' : 'back';
  trip(turn, 'CLOCK', `time moved ${secondsText(Math.abs(moved))} ${way}, unexplained`);
  // The bar that spans the gap is part of two worlds: the broker knows it whole (F65).
  turn.market = { ...withoutQuote(turn.market), forming: undefined };
  if (turn.core.link.state !== 'READY') return;
  askBars(turn);
  askReconcile(turn);
}

/** A process begins: what was measured before it is no news, and calm must be shown anew. */
export function forgetOutside(turn: Turn): void {
  const { journalFaultAt, pnlDoubts } = turn.core.outside;
  learn(turn, { ...NOTHING_KNOWN, journalFaultAt, pnlDoubts });
}

/** How many logins in a row were refused; a link that does not say so was not refused. */
export function noteLogin(turn: Turn, authRefusals: number | undefined): void {
  const known = turn.core.outside.authRefusals;
  const { state } = turn.core.link;
  const isIn = state === 'SYNCING' || state === 'READY';
  const next = isIn ? 0 : (authRefusals ?? known);
  if (next !== known) learn(turn, { authRefusals: next });
  tripIfDue(turn, 'AUTH');
}

/** The broker's own figures beside ours; a difference beyond the bound is named once (F60). */
export function onBrokerPnl(turn: Turn, event: BrokerPnlEvent): void {
  if (event.generation !== turn.core.link.generation) return;
  for (const { id, net } of event.positions) {
    const position = turn.core.positions.find((one) => one.id === id);
    if (position !== undefined) compare(turn, position, net);
  }
  learn(turn, { brokerPnl: { at: turn.at.mono, nets: event.positions } });
}

function compare(turn: Turn, position: Position, stated: Money): void {
  const { account, outside } = turn.core;
  const { pnlDoubts } = outside;
  const own = markedPnl(position, turn.core, turn.market, turn.at.mono);
  const bound = pnlBound(turn, position);
  if (own === undefined || bound === undefined || account === undefined) return;
  const isKnown = pnlDoubts.includes(position.id);
  const isOff = Math.abs(own - stated) > bound;
  if (isOff === isKnown) return;
  const others = pnlDoubts.filter((id) => id !== position.id);
  learn(turn, { pnlDoubts: isOff ? [...others, position.id] : others });
  const { exponent } = account;
  const words = `${moneyText(own, exponent)} by us, ${moneyText(stated, exponent)} by the broker`;
  const text = `open result of position ${position.id}: ${words}`;
  tell(turn, 'position', isOff ? 'bad' : 'good', text);
  if (!isOff) return;
  record(turn, { kind: 'note', text: `${text} (F60)` });
  alert(turn, 'warning', text);
}

/** What prices of two moments may differ by, in money of the account. */
function pnlBound({ core }: Turn, { entry, volume }: Position): Money | undefined {
  const chain = lastChain(core);
  if (chain === undefined || core.account === undefined) return undefined;
  const notional = worth(entry, volume, core.account.exponent, 'ceil');
  const share = mulDiv(notional, LIMITS.pnlDoubtBps, 10_000, 'ceil');
  return convertedUp(money(share), chain);
}
