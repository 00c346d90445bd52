/**
 * The tokens of a stored login, opened for a run or a verb: checked, and renewed while it lives.
 * Deliberately refuses before anything is connected; the sentences name what a person does.
 */
import type { TokenPair } from '../ctrader/oauth/grant.ts';
import { SecretFault } from '../ctrader/oauth/store-key.ts';
import { createTokens, type Tokens } from '../ctrader/oauth/tokens.ts';
import { systemClock } from '../runtime/loop.ts';
import { NoAnswer } from './ask.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { endpointOf, lockLogin, openStore, updateNote } from './login-place.ts';

/** The stored login cannot be used; the message is for a person. Exit code 13. */
export class LoginUnusable extends Error {
  override readonly name = 'LoginUnusable';
}

export interface StoredTokensParts {
  readonly quiet: () => boolean;
  readonly note: (level: 'info' | 'warn', sentence: string) => void;
  /** Told of every text that no line may show, renewed ones included (I23). */
  readonly hide?: (text: string) => void;
}

/** Undefined when the configuration brings a token of its own, or needs none. */
export async function openTokens(
  config: Config,
  io: Io,
  parts: StoredTokensParts,
): Promise<Tokens | undefined> {
  const { login, credentials } = config;
  if (login === undefined || credentials === undefined) return undefined;
  try {
    const store = openStore(login.store, config, io);
    const stored = await store.load();
    if (stored === undefined) {
      throw new LoginUnusable('The stored tokens are gone: run palm-oil-tui login again.');
    }
    if (stored.clientId !== credentials.clientId) {
      throw new LoginUnusable(
        'The stored login belongs to another application (client id): run palm-oil-tui login.',
      );
    }
    const hide = ({ accessToken, refreshToken }: TokenPair): void => {
      parts.hide?.(accessToken.reveal());
      parts.hide?.(refreshToken.reveal());
    };
    hide(stored.pair);
    return createTokens({
      ...parts,
      store,
      endpoint: endpointOf(config),
      login: stored,
      lock: () => lockLogin(config),
      clock: systemClock(),
      onChange: (pair) => {
        hide(pair);
        updateNote(config, { expiresAt: pair.expiresAt });
      },
    });
  } catch (error) {
    if (error instanceof SecretFault || error instanceof NoAnswer) {
      throw new LoginUnusable(error.message);
    }
    throw error;
  }
}
