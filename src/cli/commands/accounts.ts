/**
 * The `accounts` verb: what the token opens, and which account runs use.
 * Deliberately never picks one: `--use` names it, and it must be on the list (F100).
 */
import { type AccountList, type ListedAccount, listAccounts } from '../../ctrader/account-list.ts';
import type { Tokens } from '../../ctrader/oauth/tokens.ts';
import type { Secret } from '../../ctrader/secret.ts';
import { systemClock } from '../../runtime/loop.ts';
import { dialBroker } from '../compose.ts';
import type { Config, Credentials } from '../config.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { updateNote } from '../login-place.ts';
import { LoginUnusable, openTokens } from '../stored-tokens.ts';

const NAME = 'palm-oil-tui';

export interface AccountsWish {
  readonly use: string | undefined;
  readonly json: boolean;
}

export async function accountsCommand(config: Config, wish: AccountsWish, io: Io): Promise<number> {
  const refuse = (sentence: string, code: number): number => {
    io.stderr.write(`${NAME}: ${sentence}\n`);
    return code;
  };
  try {
    const note = (_level: string, sentence: string) => io.stderr.write(`${sentence}\n`);
    const tokens = await openTokens(config, io, { quiet: () => true, note });
    const token = config.credentials?.accessToken;
    if (tokens === undefined && token === undefined) {
      return refuse(`There is no login for ${config.environment}: run ${NAME} login.`, NO_LOGIN);
    }
    const list = await ask(config, tokens, token);
    await tokens?.stop();
    if (list.status === 'invalidToken') return refuse(list.sentence, NO_LOGIN);
    if (list.status === 'failed') return refuse(list.sentence, EXIT.unreachable);
    if (wish.use !== undefined) return use(config, wish.use, list.accounts, { io, refuse });
    io.stdout.write(wish.json ? jsonOf(list, config) : textOf(list, config));
    return EXIT.ok;
  } catch (error) {
    if (error instanceof LoginUnusable) return refuse(error.message, NO_LOGIN);
    throw error;
  }
}

const NO_LOGIN = EXIT.authorization;

/** A refused stored token is renewed once, as in a run. */
async function ask(
  config: Config,
  tokens: Tokens | undefined,
  given: Secret | undefined,
): Promise<AccountList> {
  const { clientId, clientSecret } = config.credentials as Credentials;
  const once = (accessToken: Secret) =>
    listAccounts({
      dial: dialBroker(config),
      clock: systemClock(),
      credentials: { clientId, clientSecret, accessToken },
    });
  const token = given ?? tokens?.current();
  if (token === undefined) throw new LoginUnusable('There is no token.');
  const first = await once(token);
  if (first.status !== 'invalidToken' || tokens === undefined) return first;
  const end = await tokens.distrust(token);
  if (end.status === 'renewed') return once(tokens.current());
  const status = end.status === 'refused' ? 'invalidToken' : 'failed';
  return { status, sentence: end.sentence };
}

interface Ways {
  readonly io: Io;
  readonly refuse: (sentence: string, code: number) => number;
}

function use(
  config: Config,
  id: string,
  accounts: readonly ListedAccount[],
  { io, refuse }: Ways,
): number {
  const found = accounts.find((one) => one.id === id);
  const byLogin = accounts.find((one) => one.login === id);
  if (found === undefined) {
    const hint = byLogin === undefined ? '' : ` ${id} is a login; the account id is ${byLogin.id}.`;
    return refuse(`The token does not open account ${id}.${hint}`, EXIT.usage);
  }
  if (found.isLive !== (config.environment === 'live')) {
    const other = found.isLive === true ? 'live' : 'demo';
    return refuse(
      `Account ${id} does not belong to ${config.environment}: add --env ${other}.`,
      EXIT.usage,
    );
  }
  if (config.login === undefined) {
    return refuse(
      'A token from the environment has no memory: set CTRADER_ACCOUNT_ID.',
      EXIT.usage,
    );
  }
  updateNote(config, { account: id });
  io.stdout.write(`Runs on ${config.environment} now use account ${id}.\n`);
  return EXIT.ok;
}

type Listed = Extract<AccountList, { readonly status: 'listed' }>;

function jsonOf({ accounts, mayTrade }: Listed, config: Config): string {
  const rows = accounts.map((one) => ({
    id: one.id,
    login: one.login ?? null,
    live: one.isLive ?? null,
    broker: one.broker === undefined ? null : clean(one.broker),
    used: one.id === config.account,
  }));
  return `${JSON.stringify({ mayTrade: mayTrade ?? null, accounts: rows })}\n`;
}

function textOf({ accounts, mayTrade }: Listed, config: Config): string {
  const rows = accounts.map((one) => [
    one.id === config.account ? '*' : ' ',
    one.id,
    one.login ?? '-',
    one.isLive === undefined ? '?' : one.isLive ? 'live' : 'demo',
    one.broker === undefined ? '-' : clean(one.broker),
  ]);
  const table = [['', 'account', 'login', 'kind', 'broker'], ...rows];
  const wide = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(wide[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const may =
    mayTrade === false ? 'This token may look and not trade.' : 'This token may look and trade.';
  const how =
    config.account === undefined ? `Choose one: ${NAME} accounts --use ID` : '* is used by runs.';
  return `${lines.join('\n')}\n${mayTrade === undefined ? '' : `${may}\n`}${how}\n`;
}

/** Names of brokers are outside text: nothing a terminal obeys (I24). */
const clean = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, 60);
