/**
 * What `doctor` sees without the network: program, terminal, settings, files, journals, stores.
 * Deliberately changes nothing: no directory is made, no store is opened, no journal is repaired.
 */
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '../runtime/loop.ts';
import { verifyJournal } from '../runtime/recovery.ts';
import type { Config, ConfigRefusal, ResolvedConfig } from './config.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import type { Io } from './io.ts';
import { liveSentimentSettings, UnusablePrompt } from './live-sentiment.ts';
import { describeStore } from './login-place.ts';

const NODE_LEAST = [20, 20] as const;
const SIZE_LEAST = { columns: 80, rows: 24 } as const;
const MIB = 1_048_576;
/** Reading a journal as a whole takes its time; more than this is left unread, and said. */
export const JOURNAL_MS = 20_000;

export function checkNode(version: string, platform: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const what = `Node ${version} on ${platform}`;
  const isEnough = major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1]);
  return isEnough ? ok('node', what) : fail('node', what, 'install Node 20.20 or newer');
}

export function checkTerminal(io: Io, ascii: boolean): Finding {
  const out = io.stdout as NodeJS.WriteStream;
  const input = io.stdin as NodeJS.ReadStream;
  const headless = 'runs here need --no-ui; the screen needs a terminal';
  if (out.isTTY !== true || input.isTTY !== true) {
    return warn('terminal', 'input or output is not a terminal', headless);
  }
  const { columns = 0, rows = 0 } = out;
  const name = (io.env['TERM'] ?? 'unknown').replace(/[^\w.+-]/g, '?').slice(0, 40);
  if (name === 'dumb') return warn('terminal', 'the terminal is dumb', headless);
  const what = `${name}, ${columns} x ${rows}`;
  if (columns < SIZE_LEAST.columns || rows < SIZE_LEAST.rows) {
    return warn('terminal', what, 'make it at least 80 x 24; less is shown in a short form');
  }
  const locale = io.env['LC_ALL'] || io.env['LC_CTYPE'] || io.env['LANG'] || '';
  if (!ascii && process.platform !== 'win32' && !/utf-?8/i.test(locale)) {
    return warn('terminal', `${what}, and the locale is not UTF-8`, 'set LANG, or use --ascii');
  }
  return ok('terminal', what);
}

/** Each fault and each doubt is a line of its own; they name key, origin and what is allowed. */
export function checkConfig(loaded: ResolvedConfig | ConfigRefusal): readonly Finding[] {
  const doubts = loaded.warnings.map((text) =>
    warn('configuration', text, 'palm-oil-tui config list --origin shows where it comes from'),
  );
  if (loaded.status === 'refused') {
    const remedy = 'correct it there, then palm-oil-tui config check';
    return [...loaded.faults.map((text) => fail('configuration', text, remedy)), ...doubts];
  }
  const { environment, account, mode, host } = loaded.config;
  const where = host === undefined ? '' : ` at ${host}`;
  const what = `${environment}${where}, ${mode}`;
  if (environment === 'sim') return [ok('configuration', what), ...doubts, ...envFile()];
  const state =
    account === undefined
      ? warn('configuration', `${what}, no account chosen`, 'palm-oil-tui accounts --use ID')
      : ok('configuration', `${what}, account ${account}`);
  return [state, ...doubts, ...envFile()];
}

/** A file with secrets in it that others can read. */
function envFile(): readonly Finding[] {
  if (process.platform === 'win32' || !existsSync('.env')) return [];
  if ((statSync('.env').mode & 0o077) === 0) return [];
  return [warn('.env', 'others on this computer can read .env', 'chmod 600 .env')];
}

/** Where the state is or will be: reachable, ours alone, and with room. */
export function checkState(config: Config): Finding {
  const { dataDir } = config.paths;
  let there = resolve(dataDir);
  while (!existsSync(there)) there = dirname(there);
  const remedy = 'make it writable for you, or name another with --data-dir';
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    const facts = statSync(there);
    if (!facts.isDirectory()) return fail('state', `${there} is not a directory`, remedy);
    const { bavail, bsize } = statfsSync(there);
    const free = Math.floor((bavail * bsize) / MIB);
    const isThere = there === resolve(dataDir);
    const what = `${dataDir}${isThere ? '' : ' (will be made)'}, ${free} MiB free`;
    if (free < config.diskFreeMinMib) return fail('state', what, 'free some space');
    if (isThere && (facts.mode & 0o022) !== 0 && process.platform !== 'win32') {
      return warn('state', `${what}, writable for others`, `chmod 700 ${dataDir}`);
    }
    return ok('state', what);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail('state', `${there} cannot be used (${code})`, remedy);
  }
}

/** Every journal below the data directory, and the one that was named: form, hashes and chain. */
export async function checkJournals(config: Config): Promise<readonly Finding[]> {
  const files = journalsOf(config);
  if (files.length === 0) return [ok('database', 'no journal yet')];
  const clock = systemClock();
  const until = clock.mono() + JOURNAL_MS;
  const findings: Finding[] = [];
  for (const file of files) findings.push(await checkJournal(file, () => clock.mono() > until));
  return findings;
}

function journalsOf({ paths }: Config): readonly string[] {
  const below = existsSync(paths.dataDir)
    ? readdirSync(paths.dataDir)
        .map((name) => join(paths.dataDir, name, 'journal.db'))
        .filter((file) => existsSync(file))
    : [];
  const named = existsSync(paths.journal) ? [paths.journal] : [];
  return [...new Set([...named, ...below])].slice(0, 50);
}

const DAMAGED = 'move it away or restore a copy, after checking positions at the broker';

async function checkJournal(file: string, isLate: () => boolean): Promise<Finding> {
  try {
    let count = 0;
    const faults = await verifyJournal(file, () => {
      count += 1;
      return isLate();
    });
    const [first] = faults;
    if (first !== undefined) return fail('database', `${file}: ${first}`, DAMAGED);
    if (isLate()) {
      const what = `${file}: ${count} entries verified, the rest not in the time there is`;
      return warn('database', what, 'a run verifies what it needs at its start');
    }
    return ok('database', `${file}: ${count} entries, every hash and the chain verified`);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return fail('database', `${file} cannot be read (${why})`, DAMAGED);
  }
}

/** Which store, and how strong it is; nothing is opened. */
export function checkStore(config: Config, io: Io): Finding {
  if (config.environment === 'sim') return skip('secret store', 'the simulator needs no tokens');
  const store = describeStore(config, io);
  if (store === undefined) {
    const remedy = `palm-oil-tui login --env ${config.environment}`;
    return warn('secret store', 'nothing is stored: there is no login yet', remedy);
  }
  const what = `${store.name} (${store.strength}): ${store.sentence}`;
  const remedy = 'palm-oil-tui login keeps tokens in a keychain or an encrypted file';
  return store.strength === 'weak' ? warn('secret store', what, remedy) : ok('secret store', what);
}

/** Whether there is a source at all; whether it can be reached is asked with the network. */
export function checkSentiment(config: Config): Finding {
  if (config.environment === 'sim') return ok('sentiment', 'simulated');
  if (config.sentimentMode === 'off') return ok('sentiment', 'switched off');
  try {
    const wall = systemClock().wall();
    const { perplexity, nitter } = liveSentimentSettings(config, config.paths.stateDir, wall);
    const names = [
      ...(perplexity === undefined ? [] : [`Perplexity (${perplexity.model})`]),
      ...(nitter === undefined ? [] : [`${nitter.accounts.length} timelines of Nitter`]),
    ];
    if (names.length > 0) return ok('sentiment', names.join(', then '));
    const remedy = 'set PERPLEXITY_API_KEY, or NITTER_INSTANCES and KOL_1, or SENTIMENT_MODE=off';
    return warn('sentiment', 'no source: entries wait', remedy);
  } catch (error) {
    if (!(error instanceof UnusablePrompt)) throw error;
    return fail('sentiment', error.message, 'name another file with SENTIMENT_PROMPT');
  }
}
