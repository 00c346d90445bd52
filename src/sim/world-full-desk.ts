/**
 * The exchange of a world at full depth: the one behind the simulated broker.
 * Deliberately tells nobody anything itself: what happens here travels as frames.
 */
import { findNewest } from '../engine/trail.ts';
import type { ExchangeInput } from './exchange-types.ts';
import { SIMULATED_ACCOUNT } from './fcpo.ts';
import type { SimulatorServer } from './server/server.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { closeByServer, type WorldDesk } from './world-desk.ts';

const NOBODY: ReadonlySet<string> = new Set();

export function createFullDesk(server: SimulatorServer, clock: VirtualClock): WorldDesk {
  const account = SIMULATED_ACCOUNT.id;
  const balances = new Map<number, number>();
  const state = () => {
    const now = server.exchange(account);
    if (now === undefined) throw new Error('the account of the world is not at the broker');
    return now;
  };
  const note = (): void => {
    const now = state().account;
    balances.set(now.balanceVersion, now.balance);
  };
  const apply = (input: ExchangeInput): void => {
    server.act(account, input);
    note();
  };
  note();
  return {
    state,
    apply,
    serverCloses: (id, isInstant) =>
      closeByServer({ state, apply }, id, { time: clock.wall(), isInstant }),
    mute: () => undefined,
    nextClose: () => undefined,
    pending: () => 0,
    late: () => NOBODY,
    balanceAt: (version) => {
      note();
      const known = balances.get(version);
      if (known !== undefined) return known;
      const deal = findNewest(state().deals, ({ close }) => close?.balanceVersion === version);
      return deal?.close?.balance;
    },
  };
}
