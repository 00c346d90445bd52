/**
 * The verbs `login` and `logout`: a person allows access once, and takes it back.
 * Deliberately chooses the store before the browser opens: a code lives one minute. Secrets are
 * never shown, and what is pasted does not appear.
 */
import {
  type Callback,
  isLoopbackRedirect,
  listenForCallback,
  newState,
  readPasted,
} from '../../ctrader/oauth/authorize.ts';
import {
  exchangeCode,
  type GrantScope,
  grantAddress,
  OAUTH_ADDRESSES,
  PERMISSIONS_PAGE,
  refreshPair,
  type TokenPair,
} from '../../ctrader/oauth/grant.ts';
import { moveLogin, type SecretStore, type StoreName } from '../../ctrader/oauth/secret-store.ts';
import { SecretFault } from '../../ctrader/oauth/store-key.ts';
import { systemClock } from '../../runtime/loop.ts';
import { askUnseen, canAsk, NoAnswer } from '../ask.ts';
import { openBrowser } from '../browser.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { timeLeft } from '../login-note.ts';
import {
  endpointOf,
  lockLogin,
  openStore,
  passphraseSource,
  removeNote,
  removeTokens,
  updateNote,
  writeNote,
} from '../login-place.ts';

const NAME = 'palm-oil-tui';

export interface LoginWish {
  readonly browser: boolean;
  readonly scope: GrantScope;
  readonly store: StoreName | undefined;
  /** Only moves the present login into that store. */
  readonly moveTo: StoreName | undefined;
}

/** A login that came to nothing; the message is for a person. */
class LoginFailed extends Error {
  override readonly name = 'LoginFailed';
}

/** Runs the verb; every expected failure is one sentence and exit code 13. */
async function guarded(io: Io, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const isExpected =
      error instanceof SecretFault || error instanceof NoAnswer || error instanceof LoginFailed;
    if (!isExpected) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.authorization;
  }
}

export function loginCommand(config: Config, wish: LoginWish, io: Io): Promise<number> {
  return guarded(io, async () => {
    if (wish.moveTo !== undefined) return move(config, wish.moveTo, io);
    const { name, store } = await chooseStore(config, wish.store, io);
    const pair = await authorise(config, wish, io);
    const release = await lockLogin(config);
    try {
      const { clientId } = endpointOf(config).application;
      await store.save({ clientId, scope: wish.scope, pair }, 'fresh');
      const account = config.login?.clientId === clientId ? config.login.account : undefined;
      const { scope } = wish;
      writeNote(config, { clientId, store: name, scope, expiresAt: pair.expiresAt, account });
    } finally {
      release();
    }
    const left = timeLeft(pair.expiresAt, systemClock().wall());
    io.stdout.write(
      `Logged in to ${config.environment}; the token is renewed by itself (${left} left).\n` +
        `${store.describe().sentence}\nNext: ${NAME} accounts\n`,
    );
    return EXIT.ok;
  });
}

async function move(config: Config, to: StoreName, io: Io): Promise<number> {
  if (config.login === undefined) throw new LoginFailed('There is no login to move.');
  if (config.login.store === to) throw new LoginFailed(`The tokens are already in ${to}.`);
  const release = await lockLogin(config);
  try {
    const from = openStore(config.login.store, config, io);
    const moved = await moveLogin(from, openStore(to, config, io));
    if (!moved) throw new LoginFailed('The stored tokens are gone.');
    updateNote(config, { store: to });
  } finally {
    release();
  }
  io.stdout.write(`The tokens are now in: ${to}.\n`);
  return EXIT.ok;
}

/** The wished store, the present one, or the keychain; each is tried before anybody is asked. */
async function chooseStore(
  config: Config,
  wished: StoreName | undefined,
  io: Io,
): Promise<{ readonly name: StoreName; readonly store: SecretStore }> {
  const source = passphraseSource(config, io);
  const chosen = wished ?? config.login?.store;
  const first = chosen ?? (source === 'service' ? 'encrypted-file' : 'keychain');
  const store = openStore(first, config, io);
  if (first === 'encrypted-file') {
    if (source !== undefined) return { name: first, store };
    throw new LoginFailed(
      'The encrypted file needs a passphrase and nobody can be asked: see TOKEN_PASSPHRASE_FD.',
    );
  }
  try {
    await store.probe();
    return { name: first, store };
  } catch (error) {
    if (!(error instanceof SecretFault) || chosen !== undefined || source === undefined)
      throw error;
    io.stderr.write(`${error.message}\nThe tokens go into an encrypted file instead.\n`);
    return { name: 'encrypted-file', store: openStore('encrypted-file', config, io) };
  }
}

/** The way through the page of the broker, to a pair of tokens. */
async function authorise(config: Config, wish: LoginWish, io: Io): Promise<TokenPair> {
  const endpoint = endpointOf(config);
  const { redirectUri } = config;
  const state = newState();
  const address = grantAddress({
    authorizeUrl: config.authUrl ?? OAUTH_ADDRESSES.authorize,
    clientId: endpoint.application.clientId,
    redirectUri,
    scope: wish.scope,
    state,
  });
  const expected = { redirectUri, state };
  const byBrowser = wish.browser && isLoopbackRedirect(redirectUri);
  const answer = byBrowser
    ? await fromBrowser(address, expected, io)
    : await fromPaste(address, expected, io);
  if (answer.type === 'failed') throw new LoginFailed(answer.sentence);
  if (byBrowser && !answer.proven) await vouch(io);
  const granted = await exchangeCode(endpoint, { code: answer.code, redirectUri });
  if (granted.status !== 'granted') throw new LoginFailed(granted.sentence);
  return granted.pair;
}

interface Expected {
  readonly redirectUri: string;
  readonly state: string;
}

async function fromBrowser(address: string, expected: Expected, io: Io): Promise<Callback> {
  const listening = await listenForCallback({
    ...expected,
    clock: systemClock(),
    note: (sentence) => io.stderr.write(`${sentence}\n`),
  });
  if (listening.status === 'failed') throw new LoginFailed(listening.sentence);
  const isOpen = await openBrowser(process.platform, io.env, address);
  const how = isOpen ? 'If no page appeared, open' : 'Open';
  io.stderr.write(
    `${how} this address in a browser on this computer, within five minutes:\n\n${address}\n\n` +
      `On another computer: Ctrl-C, then ${NAME} login --no-browser\n`,
  );
  return listening.answer;
}

async function fromPaste(address: string, expected: Expected, io: Io): Promise<Callback> {
  io.stderr.write(
    `Open this address in any browser and allow access:\n\n${address}\n\n` +
      'The browser then shows an address that begins with ' +
      `${expected.redirectUri} (an error page is fine).\n`,
  );
  const pasted = await askUnseen(io, 'Paste that address, or its code, within a minute: ');
  return readPasted(pasted.reveal(), expected);
}

/** The broker is said to leave the state out: then only the person knows whose answer it was. */
async function vouch(io: Io): Promise<void> {
  const sentence = 'The answer carried no proof that it belongs to this login';
  if (!canAsk(io)) throw new LoginFailed(`${sentence}: use --no-browser.`);
  const answer = await askUnseen(io, `${sentence}. Did you just allow access? Type yes: `);
  if (answer.reveal().trim() !== 'yes') throw new LoginFailed('Given up: nothing was stored.');
}

/** Ends the pair at the broker as far as its API can, then empties the store. */
export function logoutCommand(config: Config, localOnly: boolean, io: Io): Promise<number> {
  return guarded(io, async () => {
    if (config.login === undefined) {
      io.stdout.write(`There is no stored login for ${config.environment}.\n`);
      return EXIT.ok;
    }
    const release = await lockLogin(config);
    try {
      if (localOnly) removeTokens(config);
      else await end(config, config.login.store, io);
      removeNote(config);
    } finally {
      release();
    }
    io.stdout.write(
      `Logged out of ${config.environment}: nothing is stored here any more.\n` +
        `The permission itself is taken back at ${PERMISSIONS_PAGE}\n`,
    );
    return EXIT.ok;
  });
}

async function end(config: Config, name: StoreName, io: Io): Promise<void> {
  const store = openStore(name, config, io);
  let login: Awaited<ReturnType<SecretStore['load']>>;
  try {
    login = await store.load();
  } catch (error) {
    if (!(error instanceof SecretFault)) throw error;
    throw new LoginFailed(`${error.message} To forget it all the same: ${NAME} logout --local.`);
  }
  if (login === undefined) return;
  // There is no request that revokes; but renewing kills the old pair, and the new one is dropped.
  const answer = await refreshPair(endpointOf(config), login.pair.refreshToken);
  if (answer.status === 'unreachable') {
    io.stderr.write(`${answer.sentence} The tokens end by themselves, or on the page below.\n`);
  }
  await store.clear();
}
