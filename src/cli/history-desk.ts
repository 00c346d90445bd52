/**
 * A broker to ask about the past: the configured one with its token, or the simulator of this
 * process. Deliberately without any way to trade; it may therefore be a live one too.
 */
import type { Secret } from '../ctrader/secret.ts';
import type { Dial } from '../ctrader/transport.ts';
import type { Clock } from '../engine/index.ts';
import { soon, systemClock } from '../runtime/loop.ts';
import { dialBroker } from './compose.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { simulatedDesk } from './order-desk.ts';
import { LoginUnusable, openTokens } from './stored-tokens.ts';

export interface HistoryDesk {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly accountId: string;
  token(): Secret;
  /** A sentence when there is no other token. */
  renew(): Promise<string | undefined>;
  /** The result of `work`, while the broker's time passes. */
  during<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Rejects with {@link LoginUnusable}. */
export async function historyDesk(config: Config, io: Io): Promise<HistoryDesk> {
  if (config.environment === 'sim') return simulated(config);
  const { credentials, account } = config;
  const note = (_level: string, sentence: string) => io.stderr.write(`${sentence}\n`);
  const tokens = await openTokens(config, io, { quiet: () => true, note });
  const given = credentials?.accessToken;
  if (credentials === undefined || (tokens === undefined && given === undefined)) {
    throw new LoginUnusable(
      `There is no login for ${config.environment}: run palm-oil-tui login, or set ` +
        'CTRADER_ACCESS_TOKEN.',
    );
  }
  if (account === undefined) {
    throw new LoginUnusable(
      'No account is chosen: palm-oil-tui accounts lists them, and --use chooses one.',
    );
  }
  const { clientId, clientSecret } = credentials;
  const token = (): Secret => {
    const present = given ?? tokens?.current();
    if (present === undefined) throw new LoginUnusable('There is no token.');
    return present;
  };
  return {
    dial: dialBroker(config),
    clock: systemClock(),
    clientId,
    clientSecret,
    accountId: account,
    token,
    renew: async () => {
      if (given !== undefined || tokens === undefined) {
        return 'A token from the environment cannot be renewed: provide a fresh one.';
      }
      const end = await tokens.distrust(tokens.current());
      return end.status === 'renewed' ? undefined : end.sentence;
    },
    during: (work) => work,
    close: async () => {
      await tokens?.stop();
    },
  };
}

function simulated(config: Config): HistoryDesk {
  const desk = simulatedDesk(config);
  const { dial, clock, credentials, accountId } = desk;
  return {
    dial,
    clock,
    clientId: credentials.clientId,
    clientSecret: credentials.clientSecret,
    accountId,
    token: () => credentials.accessToken,
    renew: async () => 'The simulator knows no other token.',
    during: async (work) => {
      let isOver = false;
      const done = work.finally(() => {
        isOver = true;
      });
      // Told below, whatever happens to it.
      done.catch(() => undefined);
      // Files and locks need the turns of the process too.
      while (!isOver) {
        await desk.pass();
        await new Promise<void>((resolve) => {
          soon(resolve);
        });
      }
      return done;
    },
    close: async () => desk.close(),
  };
}
