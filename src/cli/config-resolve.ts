/**
 * Texts in; one validated configuration, or every fault at once, out.
 * Deliberately pure: no file, no clock, no process; config.ts is the shell around it.
 */

import type { Secret } from '../ctrader/secret.ts';
import {
  type AccountId,
  accountId,
  configFaults,
  type EngineConfig,
  type Environment,
} from '../engine/index.ts';
import { alertFaults } from './config-alerts.ts';
import { isLoopback } from './config-kinds.ts';
import {
  absolute,
  defaultConfigFile,
  defaultDataDir,
  joinPath,
  type Platform,
  stateDirName,
} from './config-paths.ts';
import { SETTING_ROWS, type SettingName, type SettingValues } from './config-schema.ts';
import type { Setting } from './config-setting.ts';
import { type ConfigSources, collect, type Findings, type Origin } from './config-sources.ts';
import { type LoginNote, loginName, readLoginNote } from './login-note.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Absent: authorization is needed before anything can be read (exit 13). */
  readonly accessToken: Secret | undefined;
}

export interface Paths {
  readonly configFile: string;
  readonly dataDir: string;
  /** `ENV-ACCOUNT-MODE` below the data directory. */
  readonly stateDir: string;
  readonly journal: string;
  /** Without an extension; `.json` is the note, `.enc` the tokens, `.lock` the lock of a login. */
  readonly login: string;
}

export interface Config extends Omit<SettingValues, 'environment' | 'server'> {
  readonly environment: Environment;
  /** The broker's host; absent in the simulator, which is in this process. */
  readonly host: string | undefined;
  readonly credentials: Credentials | undefined;
  /** The account of this environment; absent only in the simulator. */
  readonly account: AccountId | undefined;
  /** What a stored login says of itself; its tokens are in the store it names. */
  readonly login: LoginNote | undefined;
  readonly paths: Paths;
}

export type Origins = Readonly<Record<SettingName, Origin>>;

export interface ResolvedConfig {
  readonly status: 'resolved';
  readonly config: Config;
  readonly origins: Origins;
  readonly warnings: readonly string[];
}

export interface ConfigRefusal {
  readonly status: 'refused';
  /** One sentence each: key, value, origin, what is allowed. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export interface ConfigInput extends ConfigSources {
  readonly platform: Platform;
  /** Text of a file that may be absent: the notes of stored logins. */
  readonly readNote?: (path: string) => string | undefined;
  /** A login needs no account yet: it is how one is found. */
  readonly purpose?: 'login' | undefined;
}

/** The public hosts of the broker. */
export const HOSTS = { demo: 'demo.ctraderapi.com', live: 'live.ctraderapi.com' } as const;
const SIM_ACCOUNT = 'simulated';

/** Outside text in a message: cut, quoted, nothing a terminal would obey (I24). */
function quoted(value: string): string {
  const cut = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return JSON.stringify(cut).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The name a person knows a setting by. */
export function nameOf(row: Setting<unknown>): string {
  return row.env ?? row.flag?.split(' ')[0] ?? '';
}

/** `.env`, `environment`, `command line --speed`, `configuration file /path`, `default`. */
export function originText(origin: Origin): string {
  const needsDetail = origin.source === 'command line' || origin.source === 'configuration file';
  return needsDetail ? `${origin.source} ${origin.detail}` : origin.source;
}

type Draft = Map<SettingName, unknown>;

/** Precedence: command line, environment, `.env`, configuration file, default. */
export function resolveConfig(input: ConfigInput): ResolvedConfig | ConfigRefusal {
  const findings = collect(input);
  const faults = [...findings.faults];
  const draft: Draft = new Map();
  for (const { name, row } of SETTING_ROWS) {
    const found = findings.found.get(name);
    if (found === undefined) continue;
    const read = row.kind.schema.safeParse(found.text);
    if (read.success) draft.set(name, read.data);
    else faults.push(badValue(row, found.text, found.origin));
  }
  const environment = environmentOf(draft, input);
  const origins = withDefaults(draft, findings, environment);
  if (faults.length > 0) return { status: 'refused', faults, warnings: findings.warnings };

  const values = Object.fromEntries(draft) as unknown as SettingValues;
  const config = assemble(values, environment, { input, origins });
  const more = [
    ...(input.purpose === 'login' ? [] : accountFaults(config)),
    ...crossFaults(config, values, origins),
    ...configFaults(engineConfig(config)),
  ];
  const warnings = [...findings.warnings, ...doubts(config, origins)];
  if (more.length > 0) return { status: 'refused', faults: more, warnings };
  return { status: 'resolved', config, origins, warnings };
}

function badValue(row: Setting<unknown>, value: string, origin: Origin): string {
  const shown = row.kind.secret ? '(a secret, not shown)' : quoted(value);
  const isFlag = origin.source === 'command line';
  const name = isFlag ? origin.detail : nameOf(row);
  const where = isFlag ? origin.source : originText(origin);
  const comma = /^\d+,\d+$/.test(value) && !row.kind.secret ? ' Write a decimal point.' : '';
  const verdict = `is not allowed; allowed is ${row.kind.allowed}.${comma}`;
  return `${name}: ${shown} from the ${where} ${verdict}`;
}

/** Credentials and a token: the person wants real quotes. Anything less is the simulator. */
function environmentOf(draft: Draft, input: ConfigInput): Environment {
  const chosen = draft.get('environment') as Environment | undefined;
  if (chosen !== undefined) return chosen;
  if (!draft.has('clientId') || !draft.has('clientSecret')) return 'sim';
  const isLocal = isLoopback(String(draft.get('server') ?? ''));
  const dataDir = dataDirOf(draft.get('dataDir') as string | undefined, input);
  const file = joinPath(input.platform, dataDir, loginName('demo', isLocal));
  return draft.has('accessToken') || noteOf(file, input) !== undefined ? 'demo' : 'sim';
}

const noteOf = (file: string, { readNote }: ConfigInput): LoginNote | undefined =>
  readLoginNote(readNote?.(`${file}.json`));

function dataDirOf(given: string | undefined, { platform, env }: ConfigInput): string {
  return given === undefined ? defaultDataDir(platform, env) : absolute(platform, given);
}

function withDefaults(draft: Draft, findings: Findings, environment: Environment): Origins {
  const origins: Partial<Record<SettingName, Origin>> = {};
  for (const { name, row } of SETTING_ROWS) {
    const found = findings.found.get(name);
    origins[name] = found?.origin ?? { source: 'default', detail: '' };
    if (found !== undefined) continue;
    const { fallback } = row;
    const text = typeof fallback === 'function' ? fallback(environment) : fallback;
    draft.set(name, text === undefined ? undefined : row.kind.schema.parse(text));
  }
  return origins as Origins;
}

interface Context {
  readonly input: ConfigInput;
  readonly origins: Origins;
}

function assemble(values: SettingValues, environment: Environment, context: Context): Config {
  const { input, origins } = context;
  const { server, ...rest } = values;
  const file = loginFile(values, environment, input);
  const credentials = credentialsOf(values, environment);
  const found = environment === 'sim' ? undefined : noteOf(file, input);
  // A token that is given by hand has nothing to do with the stored login.
  const login = credentials?.accessToken === undefined ? found : undefined;
  const account = accountOf(values, environment, origins) ?? login?.account;
  const isAsked = origins.metricsPort.source === 'command line';
  return {
    ...rest,
    environment,
    metricsEnabled: values.metricsEnabled || isAsked,
    host: environment === 'sim' ? undefined : (server ?? HOSTS[environment]),
    credentials,
    login,
    account: account === undefined ? undefined : accountId(account),
    paths: {
      ...pathsOf(values, stateDirName(environment, account ?? SIM_ACCOUNT, values.mode), input),
      login: file,
    },
  };
}

/** `--account` means the account of whatever environment runs; stored ids never cross over. */
function accountOf(values: SettingValues, environment: Environment, origins: Origins) {
  const isFlag = origins.accountId.source === 'command line';
  if (environment === 'demo' || isFlag) return values.accountId;
  return environment === 'live' ? values.accountIdLive : undefined;
}

function credentialsOf(values: SettingValues, environment: Environment): Credentials | undefined {
  if (environment === 'sim') return undefined;
  const isLive = environment === 'live';
  const clientId = isLive ? values.clientIdLive : values.clientId;
  const clientSecret = isLive ? values.clientSecretLive : values.clientSecret;
  const accessToken = isLive ? values.accessTokenLive : values.accessToken;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { clientId, clientSecret, accessToken };
}

function loginFile(values: SettingValues, environment: Environment, input: ConfigInput): string {
  const kind = environment === 'live' ? 'live' : 'demo';
  const name = loginName(kind, isLoopback(values.server ?? ''));
  return joinPath(input.platform, dataDirOf(values.dataDir, input), name);
}

function pathsOf(
  values: SettingValues,
  stateName: string,
  input: ConfigInput,
): Omit<Paths, 'login'> {
  const { platform, env } = input;
  const dataDir = dataDirOf(values.dataDir, input);
  const stateDir = joinPath(platform, dataDir, stateName);
  return {
    configFile: input.configFile?.path ?? defaultConfigFile(platform, env),
    dataDir,
    stateDir,
    journal:
      values.databasePath === undefined
        ? joinPath(platform, stateDir, 'journal.db')
        : absolute(platform, values.databasePath),
  };
}

function crossFaults(config: Config, values: SettingValues, origins: Origins): string[] {
  return [
    ...accessFaults(config),
    ...armFaults(config),
    ...hostFaults(config, values),
    ...simFaults(config, origins),
    ...alertFaults(config),
  ];
}

function armFaults({ arm, mode, ui }: Config): string[] {
  if (arm === undefined) return [];
  if (mode !== 'live') return ['--arm is only for live mode: add --mode live, or leave it out.'];
  return ui ? ['--arm is only for --no-ui: on the screen, key m asks for the account.'] : [];
}

function accessFaults(config: Config): string[] {
  if (config.environment === 'sim') return [];
  const suffix = config.environment === 'live' ? '_LIVE' : '';
  const faults: string[] = [];
  if (config.credentials === undefined) {
    faults.push(
      `The ${config.environment} environment needs CTRADER_CLIENT_ID${suffix} and ` +
        `CTRADER_CLIENT_SECRET${suffix} in the environment or .env; --env sim needs nothing.`,
    );
  }
  return faults;
}

function accountFaults(config: Config): string[] {
  if (config.environment === 'sim' || config.account !== undefined) return [];
  const suffix = config.environment === 'live' ? '_LIVE' : '';
  return [
    `The ${config.environment} environment needs an account, and none is chosen for you: ` +
      `give --account, set CTRADER_ACCOUNT_ID${suffix}, or choose one with ` +
      'palm-oil-tui accounts --use ID; --env sim needs nothing.',
  ];
}

function hostFaults(config: Config, values: SettingValues): string[] {
  const faults: string[] = [];
  const server = values.server ?? '';
  if (!isLoopback(server)) {
    for (const [name, value] of [
      ['CTRADER_CA_FILE', values.caFile],
      ['CTRADER_AUTH_URL', values.authUrl],
      ['CTRADER_TOKEN_URL', values.tokenUrl],
    ] as const) {
      if (value === undefined) continue;
      faults.push(`${name} is only for a broker on this machine: set CTRADER_SERVER=127.0.0.1.`);
    }
  }
  for (const [name, value] of [
    ['CTRADER_AUTH_URL', values.authUrl],
    ['CTRADER_TOKEN_URL', values.tokenUrl],
  ] as const) {
    if (value === undefined || isLoopback(new URL(value).hostname)) continue;
    faults.push(`${name}: ${quoted(value)} must be an address of this machine.`);
  }
  if (config.environment === 'live' && isLoopback(server)) {
    faults.push(
      `CTRADER_SERVER=${server} is this machine, which is never --env live: a simulator is ` +
        '--env demo.',
    );
  }
  const other = config.environment === 'demo' ? HOSTS.live : HOSTS.demo;
  if (config.environment !== 'sim' && server.toLowerCase() === other) {
    faults.push(`CTRADER_SERVER=${other} does not belong to --env ${config.environment}.`);
  }
  return faults;
}

function simFaults(config: Config, origins: Origins): string[] {
  if (config.environment === 'sim') return [];
  return SETTING_ROWS.flatMap(({ name, row }) => {
    const origin = origins[name];
    if (row.simOnly !== true || origin.source !== 'command line') return [];
    return `${origin.detail} is only for the simulator: leave it out, or add --env sim.`;
  });
}

function doubts(config: Config, origins: Origins): string[] {
  const warnings: string[] = [];
  if (!config.dryRun && config.mode !== 'live') {
    warnings.push(
      `DRY_RUN=false (${originText(origins.dryRun)}) alone sends no orders: this is a dry run. ` +
        'Live needs --mode live and arming.',
    );
  }
  if (config.metricsEnabled && !isLoopback(config.metricsHost)) {
    warnings.push(`Metrics are visible to other machines (METRICS_HOST=${config.metricsHost}).`);
  }
  return warnings;
}

/** What the engine is told; every number already in its own integer unit. */
export function engineConfig(config: Config): EngineConfig {
  return {
    environment: config.environment,
    mode: config.mode,
    instrumentName: config.symbol,
    strategy: 'rsi-sentiment',
    timeframeMs: config.timeframeMs,
    rsiPeriod: config.rsiPeriod,
    rsiOversold: config.rsiOversold,
    rsiOverbought: config.rsiOverbought,
    emaPeriod: config.emaPeriod,
    trendFilter: config.trendFilter,
    sentimentMode: config.sentimentMode,
    sentimentThreshold: config.sentimentThreshold,
    takeProfitBps: config.takeProfitBps,
    stopLossBps: config.stopLossBps,
    trailingStopBps: config.trailingStopBps,
    breakEvenBps: config.breakEvenBps,
    riskBps: config.riskBps,
    maxPositions: config.maxPositions,
    maxDailyLossBps: config.maxDailyLossBps,
    lossStreakMax: config.lossStreakMax,
    spreadMaxBps: config.spreadMaxBps,
    quoteAgeMaxMs: config.quoteAgeMaxMs,
    feedAgeMaxMs: config.feedAgeMaxMs,
    slippageMaxBps: config.slippageMaxBps,
    rejectsMax: config.rejectsMax,
    entriesPerMinute: config.entriesPerMinute,
    entriesPerDay: config.entriesPerDay,
    linkLossesMax: config.linkLossesMax,
    clockSkewMaxMs: config.clockSkewMaxMs,
    loopDelayMaxMs: config.loopDelayMaxMs,
    diskFreeMinMib: config.diskFreeMinMib,
    ...(config.entryOrder === 'market-range'
      ? { entrySlippageTicks: config.entrySlippageTicks }
      : {}),
  };
}
