/**
 * What `doctor` asks of the network: names, TLS, the clock, the token, the sources of news.
 * Only hosts of the allow-list are asked, nothing secret leaves except to the broker over verified
 * TLS, and every question has a limit of its own.
 */
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { type AccountList, listAccounts } from '../ctrader/account-list.ts';
import { OAUTH_ADDRESSES } from '../ctrader/oauth/grant.ts';
import { probeTls, type TlsFacts } from '../ctrader/tls-probe.ts';
import { hostOf } from '../runtime/alert-routes.ts';
import { systemClock } from '../runtime/loop.ts';
import { dialBroker } from './compose.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config-kinds.ts';
import { HOSTS } from './config-resolve.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import type { Io } from './io.ts';
import { timeLeft } from './login-note.ts';
import { routesOf } from './run-alerts.ts';
import { LoginUnusable, openTokens } from './stored-tokens.ts';

export const LIMIT_MS = { name: 3_000, tls: 6_000, clock: 6_000, token: 20_000 } as const;

interface Target {
  readonly check: string;
  readonly host: string;
  readonly port: number;
  /** A run with these settings cannot do without it. */
  readonly needed: boolean;
}

const HTTPS = 443;
const DAY_MS = 86_400_000;
const CERTIFICATE_SOON_DAYS = 14;
const SKEW = { doubtMs: 2_000, wrongMs: 60_000 } as const;

/** The promise, or `late` when it takes longer; what it does then is nobody's business. */
export function within<T>(limitMs: number, work: Promise<T>, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = systemClock().after(limitMs, () => resolve(late()));
    work.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}

/** Hosts of the broker: the configured one; the two public ones unless it is on this machine. */
function brokers({ environment, host, port }: Config): readonly Target[] {
  if (host !== undefined && isLoopback(host)) {
    return [{ check: 'broker', host, port, needed: true }];
  }
  const names = ['demo', 'live'] as const;
  return names.map((name) => ({
    check: `${name} host`,
    host: name === environment && host !== undefined ? host : HOSTS[name],
    port,
    needed: name === environment,
  }));
}

const tokenAddress = ({ tokenUrl }: Config): URL => new URL(tokenUrl ?? OAUTH_ADDRESSES.token);

function newsHosts(config: Config): readonly Target[] {
  const { environment, sentimentMode, perplexityApiKey, kolAccounts } = config;
  if (environment === 'sim' || sentimentMode === 'off') return [];
  const addresses = [
    ...(perplexityApiKey === undefined ? [] : [config.perplexityEndpoint]),
    ...(kolAccounts.length === 0 ? [] : config.nitterInstances),
  ];
  return addresses
    .map((address) => new URL(address))
    .filter(({ protocol }) => protocol === 'https:')
    .map(({ hostname, port }) => ({
      check: 'sentiment',
      host: hostname,
      port: port === '' ? HTTPS : Number(port),
      needed: false,
    }));
}

/** Everything this configuration may connect to; a run refuses anything else. */
export function checkAllowList(config: Config): Finding {
  const broker = config.environment === 'sim' ? [] : [`${config.host}:${config.port}`];
  const hosts = [
    ...broker,
    ...broker.map(() => tokenAddress(config).host),
    ...newsHosts(config).map(({ host, port }) => `${host}:${port}`),
    ...routesOf(config).map(hostOf),
  ];
  if (hosts.length === 0) return ok('outbound', 'nothing: the simulator is inside');
  return ok('outbound', `only to ${[...new Set(hosts)].join(', ')}`);
}

/** All questions at once; the slowest decides how long it takes. */
export async function checkNetwork(config: Config, io: Io): Promise<readonly Finding[]> {
  const targets = [...brokers(config), ...newsHosts(config)];
  const all = await Promise.all([
    ...targets.map((target) => checkHost(target, config)),
    checkClock(config).then((finding) => [finding]),
    checkToken(config, io),
  ]);
  return all.flat();
}

async function checkHost(target: Target, config: Config): Promise<readonly Finding[]> {
  const { check, host, port, needed } = target;
  const bad = needed ? fail : warn;
  const found = await resolveName(host);
  if (found.length === 0) {
    const what = `${host} has no address`;
    return [bad(check, what, 'check the network and its name service')];
  }
  const isLocal = isLoopback(host);
  const ca = isLocal && config.caFile !== undefined ? textOf(config.caFile) : {};
  if (ca === undefined) {
    return [bad(check, `${config.caFile} cannot be read`, 'correct CTRADER_CA_FILE')];
  }
  const params = { host, port, serverName: host, ...ca };
  const probe = await probeTls(params, systemClock(), LIMIT_MS.tls);
  if (probe.status === 'failed') {
    const remedy = 'check network, proxy and clock; verification cannot be switched off';
    return [bad(check, `${host}:${port} (${found[0]}): ${probe.sentence}`, remedy)];
  }
  return [tlsFinding(check, `${host}:${port} (${found[0]})`, probe.facts)];
}

/** Empty when there is none, or nobody answers in time. */
const resolveName = (host: string): Promise<readonly string[]> =>
  within(
    LIMIT_MS.name,
    lookup(host, { all: true }).then(
      (all) => all.map(({ address }) => address),
      () => [],
    ),
    () => [],
  );

function textOf(file: string): { readonly ca: string } | undefined {
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    return undefined;
  }
}

function tlsFinding(check: string, where: string, facts: TlsFacts): Finding {
  const { protocol, cipher, chain, endsAt } = facts;
  const what = `${where}: ${protocol}, ${cipher}, ${chain.join(' < ')}`;
  if (endsAt === undefined) return ok(check, what);
  const days = Math.floor((endsAt - systemClock().wall()) / DAY_MS);
  const told = `${what}, ends in ${days} days`;
  return days < CERTIFICATE_SOON_DAYS
    ? warn(check, told, 'the broker must renew its certificate; look again in a few days')
    : ok(check, told);
}

/** Our clock against the host of the login, which states its own to the second. */
async function checkClock(config: Config): Promise<Finding> {
  const address = tokenAddress(config);
  const bad = config.environment === 'sim' ? warn : fail;
  try {
    const clock = systemClock();
    const before = clock.wall();
    const response = await fetch(address.origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(LIMIT_MS.clock),
    });
    const stamp = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isFinite(stamp)) return skip('clock', `${address.host} tells no time`);
    // The stamp is cut to its second and was made somewhere between question and answer.
    const after = clock.wall();
    const skew =
      before - (stamp + 1_000) > 0 ? before - (stamp + 1_000) : Math.min(0, after - stamp);
    const seconds = Math.round(skew / 100) / 10;
    const what = `${seconds} s off the clock of ${address.host}`;
    const remedy = 'set the clock, best by NTP (timedatectl set-ntp true)';
    if (Math.abs(skew) > SKEW.wrongMs) return fail('clock', what, remedy);
    return Math.abs(skew) > SKEW.doubtMs ? warn('clock', what, remedy) : ok('clock', what);
  } catch {
    return bad('clock', `${address.host} does not answer`, 'check network, proxy and firewall');
  }
}

/** Does the broker take the token, for which accounts, and how long? It is not renewed here. */
async function checkToken(config: Config, io: Io): Promise<readonly Finding[]> {
  const { environment, credentials, login } = config;
  if (environment === 'sim') return [skip('token', 'the simulator needs none')];
  const again = `palm-oil-tui login --env ${environment}`;
  if (credentials === undefined) return [fail('token', 'there is no application', again)];
  const given = credentials.accessToken;
  if (given === undefined && login === undefined) return [fail('token', 'there is none', again)];
  try {
    const tokens = await openTokens(config, io, { quiet: () => true, note: () => undefined });
    const accessToken = given ?? tokens?.current();
    if (accessToken === undefined) return [fail('token', 'there is none', again)];
    const { clientId, clientSecret } = credentials;
    const end = tokens?.expiresAt();
    const list = await listAccounts({
      dial: dialBroker(config),
      clock: systemClock(),
      credentials: { clientId, clientSecret, accessToken },
    });
    return [tokenFinding(list, end, again), ...accountFinding(list, config)];
  } catch (error) {
    if (error instanceof LoginUnusable) return [fail('token', error.message, again)];
    // A file named in the configuration that is gone: the host's check has named it.
    return [fail('token', 'it could not be presented', 'see the lines above')];
  }
}

function tokenFinding(list: AccountList, end: number | undefined, again: string): Finding {
  const now = systemClock().wall();
  const life = end === undefined ? 'its end is not known' : `${timeLeft(end, now)} left`;
  if (list.status === 'invalidToken') {
    const remedy = end === undefined ? 'provide a fresh one' : `a run renews it; or ${again}`;
    return fail('token', `${list.sentence} (${life})`, remedy);
  }
  if (list.status === 'failed') return fail('token', list.sentence, 'check the lines above');
  if (list.mayTrade === false) {
    return warn('token', `valid, ${life}, and may only look`, `${again} --scope trading`);
  }
  if (end === undefined) {
    return warn('token', `valid, ${life}`, `nobody renews a token from outside; ${again} does`);
  }
  return ok('token', `valid, ${life}`);
}

function accountFinding(list: AccountList, { account, environment }: Config): readonly Finding[] {
  if (list.status !== 'listed' || account === undefined) return [];
  const found = list.accounts.find(({ id }) => id === account);
  const choose = 'palm-oil-tui accounts lists them, --use ID chooses';
  if (found === undefined) return [fail('account', `the token does not open ${account}`, choose)];
  const isOther = found.isLive !== undefined && found.isLive !== (environment === 'live');
  return isOther
    ? [fail('account', `${account} does not belong to ${environment}`, choose)]
    : [ok('account', `${account} is opened by the token`)];
}
