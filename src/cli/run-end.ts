/**
 * How a run ends for those outside: the exit code and the one line a person reads afterwards.
 * Deliberately says no more than the last state knows (I18).
 */
import { moneyText, type Snapshot } from '../engine/index.ts';
import { snapshot } from '../engine/snapshot.ts';
import type { EngineState } from '../engine/state.ts';
import type { Console } from './compose.ts';
import { EXIT } from './exit.ts';
import { unconfirmed } from './run-stop.ts';

export function exitCode(state: EngineState): number {
  const { orders, breakers } = state.core;
  if (breakers.PERSISTENCE.tripped) return EXIT.persistence;
  if (orders.some((order) => order.state === 'UNKNOWN' || order.state === 'QUARANTINED')) {
    return EXIT.orderUnknown;
  }
  return unconfirmed(state).length > 0 ? EXIT.stopUnconfirmed : EXIT.ok;
}

/** What a person is told who sees no log, where the exit code alone would not say it. */
export function endSentence(state: EngineState, journalFile: string): string | undefined {
  const { tripped, reason } = state.core.breakers.PERSISTENCE;
  if (!tripped) return undefined;
  return (
    `The journal ${journalFile}: ${reason}. Nothing entered since: make room or correct what is ` +
    'named, start again, and reset the breaker PERSISTENCE (b).'
  );
}

/** What is known about the stops of what stays open. */
export function stopsText(state: EngineState): string {
  const ours = state.core.positions.filter((one) => one.ours);
  if (ours.length === 0) return 'flat';
  const bare = ours.filter((one) => one.stop === undefined).length;
  if (bare > 0) return `${bare} WITHOUT stop`;
  const open = unconfirmed(state).length;
  return open === 0 ? 'every stop confirmed' : `${open} stop(s) NOT CONFIRMED by the broker`;
}

/** What a person reads after the screen is gone. */
export function lastLine(console: Console): string {
  const picture: Snapshot = snapshot(console.loop.state(), console.loop.now());
  const { positions, account, orders } = picture;
  const ours = positions.filter((one) => one.ours);
  const unknown = orders.filter((one) => one.state === 'UNKNOWN').length;
  const stops = stopsText(console.loop.state());
  const balance =
    account === undefined
      ? ''
      : `, balance ${moneyText(account.balance, account.exponent)} ${account.currency}`;
  const head = console.journal.head();
  return (
    `palm-oil-tui stopped: ${ours.length} position(s) left, ${stops}, ` +
    `${unknown} unknown order(s)${balance}. ` +
    `Journal ${head.id} entries, digest ${head.hash.slice(0, 16)}.`
  );
}
