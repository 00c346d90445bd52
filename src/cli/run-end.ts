/**
 * How a run ends for those outside: the exit code and the one line a person reads afterwards.
 * Deliberately says no more than the last state knows (I18).
 */
import { moneyText, type Snapshot } from '../engine/index.ts';
import { snapshot } from '../engine/snapshot.ts';
import type { EngineState } from '../engine/state.ts';
import type { Console } from './compose.ts';
import { EXIT } from './exit.ts';

export function exitCode(state: EngineState): number {
  const { orders, positions, breakers } = state.core;
  if (breakers.PERSISTENCE.tripped) return EXIT.persistence;
  if (orders.some((order) => order.state === 'UNKNOWN' || order.state === 'QUARANTINED')) {
    return EXIT.orderUnknown;
  }
  const isBare = positions.some((one) => one.ours && one.stop === undefined);
  return isBare ? EXIT.stopUnconfirmed : EXIT.ok;
}

/** What a person reads after the screen is gone. */
export function lastLine(console: Console): string {
  const picture: Snapshot = snapshot(console.loop.state(), console.loop.now());
  const { positions, account, orders } = picture;
  const ours = positions.filter((one) => one.ours);
  const bare = ours.filter((one) => one.stop === undefined).length;
  const unknown = orders.filter((one) => one.state === 'UNKNOWN').length;
  const stops =
    ours.length === 0 ? 'flat' : bare === 0 ? 'every stop confirmed' : `${bare} WITHOUT stop`;
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
