/**
 * What `backtest` and `sweep` are told, read and checked: files, costs, settings; each doubt a
 * sentence.
 * Deliberately computes nothing and writes nothing.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  type Account,
  configFaults,
  decimalText,
  money,
  tickSize,
  VOLUME_SCALE,
  wall,
} from '../../engine/index.ts';
import { importSentimentCsv } from '../../sentiment/store.ts';
import type { BacktestSentiment, BacktestSetup } from '../../sim/backtest.ts';
import {
  type BacktestMarket,
  backtestMarket,
  distanceOf,
  instrumentOf,
  type SessionRule,
} from '../../sim/backtest-market.ts';
import type { SwapRule } from '../../sim/backtest-swap.ts';
import { type BarColumns, narrowed } from '../../sim/bar-columns.ts';
import { type Zone, zoneOf } from '../../sim/bar-forms.ts';
import { type Roll, rolled } from '../../sim/bar-rolls.ts';
import { readBarColumns } from '../../sim/bar-text.ts';
import { SIMULATED_ACCOUNT } from '../../sim/fcpo.ts';
import { faultText } from '../../sim/recording.ts';
import type { ReportFacts } from '../../sim/report-text.ts';
import { type Config, engineConfig, loadConfig } from '../config.ts';
import { SETTING_ROWS, type SettingName } from '../config-schema.ts';
import { eventCalendar, scheduledBetween, UnusableCalendar } from '../event-feed.ts';
import type { Io } from '../io.ts';
import { nearest } from '../nearest.ts';
import { VERSION } from '../version.ts';
import { barCache } from './bar-cache.ts';

/** Something a person can put right; the sentence says what and how. Exit code 64. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
}

export type Values = Readonly<Record<string, unknown>>;

export interface BacktestInput {
  readonly market: BacktestMarket;
  readonly setup: BacktestSetup;
  readonly facts: ReportFacts;
  /** About settings; what is odd about the bars is for `backtest-doubts.ts`. */
  readonly warnings: readonly string[];
}

const SAMPLE = 'fcpo-1m-sample.csv.gz';
const DAY_MS = 86_400_000;
const BYTES_MAX = 512 * 1024 * 1024;
const GROUPS: ReadonlySet<string> = new Set(['instrument', 'strategy', 'risk', 'sentiment']);
const NAME = /^[A-Z][A-Z0-9_]*$/;

const textOf = (values: Values, name: string): string => String(values[name] ?? '');

/** Throws {@link UnusableInput}. */
export function readInput(values: Values, io: Io): BacktestInput {
  const { config, warnings } = settingsOf(values, io);
  const engine = engineConfig(config);
  const faults = configFaults(engine);
  if (faults.length > 0) throw new UnusableInput(`${faults.join('; ')}.`);
  const file = values['bars'] === undefined ? samplePath() : textOf(values, 'bars');
  const { dataDir } = config.paths;
  const rolls = rollsOf(values);
  const { columns, steps } = withRolls(file, columnsOfFile(file, dataDir, values), rolls);
  const market = marketOf(file, columns, {
    timeframeMs: engine.timeframeMs,
    sessions: rule(values),
  });
  const costs = costsOf(values, market);
  const account = { ...SIMULATED_ACCOUNT, balance: money(minor(values, 'balance', 1)) };
  const sentiment = sentimentOf(textOf(values, 'sentiment'));
  const events = eventsOf(config, market);
  const filter = engine.trendFilter ? `, EMA ${engine.emaPeriod} trend filter` : '';
  return {
    market,
    setup: {
      config: engine,
      account,
      costs,
      sentiment,
      ...(events === undefined ? {} : { events }),
    },
    warnings,
    facts: {
      source: values['bars'] === undefined ? `the bundled sample ${SAMPLE}` : basename(file),
      timeframe: `${engine.timeframeMs / 60_000} min`,
      strategy:
        `${engine.strategy}: RSI ${engine.rsiPeriod} below ${engine.rsiOversold} or above ` +
        `${engine.rsiOverbought}${filter}, target ${engine.takeProfitBps / 100} %, ` +
        `stop ${engine.stopLossBps / 100} %, risk ${engine.riskBps / 100} % of equity`,
      sentiment: sentimentText(values) + (events === undefined ? '' : EVENT_WORDS),
      account: accountText(account, market),
      costs:
        `spread ${textOf(values, 'spread')}, slippage ${textOf(values, 'slippage')}, ` +
        `commission ${textOf(values, 'commission')} ${account.currency} a lot and side, ` +
        swapText(values, account.currency),
      sessions: rule(values) === 'fcpo' ? 'FCPO hours, days without bars closed' : 'where bars are',
      ...(rolls.length === 0 ? {} : { rolls: rollsText(rolls, steps) }),
      currency: account.currency,
      exponent: account.exponent,
      version: VERSION,
    },
  };
}

/** Prices of another market are traded as if they were those of this contract: it is said. */
function accountText(account: Account, market: BacktestMarket): string {
  const { lotSize, minVolume } = instrumentOf(market);
  const tonnes = (volume: number): string => String(volume / VOLUME_SCALE);
  return (
    `${decimalText(account.balance, account.exponent)} ${account.currency} at the beginning, ` +
    `leverage 1:${account.leverageCents / 100}, lots of ${tonnes(lotSize)} tonnes, at least ` +
    `${tonnes(minVolume)}`
  );
}

function settingsOf(values: Values, io: Io): { config: Config; warnings: readonly string[] } {
  const options: Partial<Record<SettingName, string>> = { environment: 'sim', mode: 'dry-run' };
  for (const pair of (values['set'] ?? []) as readonly string[]) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (at < 1 || !NAME.test(name)) {
      throw new UnusableInput(`--set needs NAME=VALUE, such as RSI_PERIOD=10; got "${pair}".`);
    }
    const known = SETTING_ROWS.filter(({ row }) => GROUPS.has(row.group));
    const found = known.find(({ row }) => row.env === name);
    if (found === undefined) {
      const near = nearest(
        name,
        known.flatMap(({ row }) => row.env ?? []),
      );
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      throw new UnusableInput(`--set: there is no strategy or risk setting ${name}.${hint}`);
    }
    options[found.name] = pair.slice(at + 1);
  }
  if (values['timeframe'] !== undefined) options.timeframeMs = textOf(values, 'timeframe');
  const asked = values['config'];
  const loaded = loadConfig({
    options,
    configFile: typeof asked === 'string' ? asked : undefined,
    env: { ...io.env },
  });
  if (loaded.status === 'refused') throw new UnusableInput(loaded.faults.join(' '));
  return { config: loaded.config, warnings: loaded.warnings };
}

/** Beside the bundle, or in the repository. */
function samplePath(): string {
  const places = ['./data/', '../../../data/'].map((at) => new URL(at + SAMPLE, import.meta.url));
  const place = places.find((one) => existsSync(one));
  if (place === undefined) throw new UnusableInput(`The bundled sample ${SAMPLE} is missing.`);
  return fileURLToPath(place);
}

function rule(values: Values): SessionRule {
  const text = textOf(values, 'sessions');
  if (text === 'fcpo' || text === 'bars') return text;
  throw new UnusableInput(`--sessions: "${text}" is not allowed; allowed is fcpo or bars.`);
}

function marketOf(
  file: string,
  columns: BarColumns,
  options: { readonly timeframeMs: number; readonly sessions: SessionRule },
): BacktestMarket {
  const found = backtestMarket(columns, options);
  if (!found.ok) throw new UnusableInput(`${file}: ${found.reason}.`);
  return found.market;
}

function withRolls(file: string, columns: BarColumns, rolls: readonly Roll[]) {
  if (rolls.length === 0) return { columns, steps: [] };
  const found = rolled(columns, rolls);
  if (!found.ok) throw new UnusableInput(`${file}: ${found.reason}.`);
  return found;
}

const ROLL = /^(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?)(?:=([+-]?\d{1,7}(?:\.\d{1,5})?))?$/;

/** Instants in UTC, a date for its midnight, each with the step between the contracts if known. */
function rollsOf(values: Values): readonly Roll[] {
  if (values['rolls'] === undefined) return [];
  const rolls = textOf(values, 'rolls')
    .split(',')
    .map((text) => {
      const [, when = '', step] = ROLL.exec(text) ?? [];
      const at = Date.parse(when);
      const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(when.slice(0, 10));
      const known = step === undefined ? undefined : distanceOf(Number(step));
      if (isDay) return { at, step: known };
      const form = '2024-11-18, 2024-11-18T02:30Z or 2024-11-18=+23, commas between';
      throw new UnusableInput(`--rolls: "${text}" is not allowed; needed is ${form}.`);
    });
  if (rolls.every(({ at }, nth) => nth === 0 || at > (rolls[nth - 1]?.at ?? 0))) return rolls;
  throw new UnusableInput('--rolls must be in the order of their times.');
}

function rollsText(rolls: readonly Roll[], steps: readonly number[]): string {
  const told = rolls.map(({ at }, nth) => {
    const step = steps[nth] ?? 0;
    const text = decimalText(step, 5).replace(/\.?0+$/, '');
    return `${new Date(at).toISOString().slice(0, 10)} by ${step > 0 ? '+' : ''}${text}`;
  });
  return `prices before ${told.join(', ')}: percentages are of moved prices`;
}

/** From the cache, or parsed: only what was parsed without a fault is kept. */
function columnsOfFile(file: string, dataDir: string, values: Values): BarColumns {
  const zone = textOf(values, 'barTimes');
  const reader = zoneWish(values);
  const cache = readable(file, () => barCache(file, dataDir, zone));
  const known = cache.find();
  if (known !== undefined) return known;
  const reading = readBarColumns(plainBytes(file), reader);
  if (!reading.ok) throw new UnusableInput(`${file}: ${faultText(reading.fault)}.`);
  const columns = narrowed(reading.columns);
  cache.keep(columns);
  return columns;
}

/** The zone of times that name none; throws {@link UnusableInput}. */
export function zoneWish(values: Values): Zone | undefined {
  const zone = textOf(values, 'barTimes');
  const found = zone === '' ? undefined : zoneOf(zone);
  if (zone === '' || found !== undefined) return found;
  throw new UnusableInput(
    `--bar-times: "${zone}" is not allowed; UTC, +02:00 or a name such as Asia/Kuala_Lumpur is.`,
  );
}

const contentOf = (file: string): string => plainBytes(file).toString('utf8');

/** Unpacked, when it is packed; throws {@link UnusableInput}. */
export function plainBytes(file: string): Buffer {
  return readable(file, () => {
    if (statSync(file).size > BYTES_MAX) throw new Error(TOO_LARGE);
    const bytes = readFileSync(file);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return isPacked ? gunzipSync(bytes, { maxOutputLength: BYTES_MAX }) : bytes;
  });
}

const TOO_LARGE = `it is larger than ${BYTES_MAX / 1024 / 1024} MiB; cut it into parts`;
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
  Z_BUF_ERROR: 'the packed file ends early; fetch it again',
  Z_DATA_ERROR: 'the packed file is damaged; fetch it again',
  ERR_BUFFER_TOO_LARGE: `unpacked ${TOO_LARGE}`,
};

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = WHY[code ?? ''] ?? message;
    throw new UnusableInput(`${file} cannot be read: ${why}.`);
  }
}

function sentimentOf(what: string): BacktestSentiment {
  if (what === 'off' || what === 'neutral') return { type: what };
  const { rows, faults } = importSentimentCsv(contentOf(what));
  if (faults.length > 0) throw new UnusableInput(`${what}: ${faults[0]}.`);
  const used = rows.filter((row) => row.role === 'used');
  if (used.length === 0) throw new UnusableInput(`${what} holds no reading.`);
  return {
    type: 'readings',
    rows: used.map(({ knownAt, score, confidence, source, askedAt, citations }) => ({
      knownAt,
      reading: { score, confidence, source, simulated: false, askedAt, citations },
    })),
  };
}

const EVENT_WORDS = '; no entries around scheduled events';

/** The events of the span, when their windows were asked for. */
function eventsOf(config: Config, market: BacktestMarket): BacktestSetup['events'] {
  if (config.eventWindows === 'off') return undefined;
  try {
    const calendar = eventCalendar(config);
    const [first, last] = [market.start[0] ?? 0, market.start[market.count - 1] ?? 0];
    return calendar && scheduledBetween(calendar, wall(first - DAY_MS), wall(last + DAY_MS));
  } catch (error) {
    if (error instanceof UnusableCalendar) throw new UnusableInput(error.message);
    throw error;
  }
}

function sentimentText(values: Values): string {
  const what = textOf(values, 'sentiment');
  if (what === 'off') return 'off: the news gate was removed';
  if (what === 'neutral') return 'neutral: the news gate agreed with every entry';
  return `readings of ${basename(what)}, each from the instant it was known`;
}

/** Plainly written: no sign, no exponent, no thousands. */
function decimal(values: Values, name: string, digits = 5): number {
  const text = textOf(values, name);
  if (new RegExp(`^\\d{1,9}(\\.\\d{1,${digits}})?$`).test(text)) return Number(text);
  const form = `a number from 0 to 999999999 with at most ${digits} decimals`;
  throw new UnusableInput(`--${name}: "${text}" is not allowed; ${form} is.`);
}

function minor(values: Values, name: string, least: number): number {
  const amount = Math.round(decimal(values, name, 2) * 100);
  if (amount >= least * 100) return amount;
  throw new UnusableInput(`--${name} must be at least ${least}.`);
}

function costsOf(values: Values, market: BacktestMarket): BacktestSetup['costs'] {
  const tick = tickSize(market.digits);
  const distance = (name: string) => {
    const found = distanceOf(decimal(values, name));
    if (found % tick === 0) return found;
    const step = decimalText(tick, 5).replace(/\.?0+$/, '');
    throw new UnusableInput(`--${name} must be a multiple of ${step}, the step of these prices.`);
  };
  const commission = { type: 'perLot', minorPerLot: minor(values, 'commission', 0) } as const;
  const swap = swapOf(values);
  const rest = swap === undefined ? {} : { swap };
  return { spread: distance('spread'), slippage: distance('slippage'), commission, ...rest };
}

const RATE = '(-?\\d{1,7}(?:\\.\\d\\d?)?)';
const SWAP = new RegExp(`^${RATE},${RATE},([a-z]+),([01]\\d|2[0-3]):([0-5]\\d)$`);
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday'];

/** All of it is stated or nothing: no rate, day or hour is ours to assume. */
function swapOf(values: Values): SwapRule | undefined {
  const text = values['swap'];
  if (text === undefined) return undefined;
  const [, long, short, day = '', hour, minute] = SWAP.exec(String(text)) ?? [];
  const tripleDay = WEEKDAYS.indexOf(day);
  if (long === undefined || tripleDay < 1) {
    const form = 'LONG,SHORT,DAY,HH:MM, such as -4.50,1.20,wednesday,22:00 (UTC)';
    throw new UnusableInput(`--swap: "${text}" is not allowed; needed is ${form}.`);
  }
  const at = (Number(hour) * 60 + Number(minute)) * 60_000;
  const minorOf = (amount: string | undefined) => Math.round(Number(amount) * 100);
  return { long: minorOf(long), short: minorOf(short), tripleDay, at };
}

function swapText(values: Values, currency: string): string {
  if (swapOf(values) === undefined) return 'no swap';
  const [long, short, day, time] = String(values['swap']).split(',');
  const rates = `swap ${long} long, ${short} short ${currency} a lot and night`;
  return `${rates} at ${time} UTC, 3 on ${day}`;
}
