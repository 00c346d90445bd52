/**
 * The `support-bundle` verb: what somebody who helps needs to know, in one compressed JSON file.
 * Deliberately sends nothing anywhere, and everything in it has passed redaction.ts.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../runtime/loop.ts';
import { openReadOnly } from '../../runtime/sqlite.ts';
import type { ConfigRefusal, ResolvedConfig } from '../config.ts';
import { SETTING_ROWS } from '../config-schema.ts';
import { isSecretName } from '../config-sources.ts';
import { readEnvFile } from '../env-file.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { redactor } from '../redaction.ts';
import { logFile, secretsOf } from '../run-log.ts';
import { type Place, placeOf } from '../run-place.ts';
import { VERSION } from '../version.ts';
import { listSettings } from './config.ts';
import { doctorCommand } from './doctor.ts';
import { statusCommand } from './status.ts';

const NAME = 'palm-oil-tui';
const LOG_LINES = 200;
const LOG_BYTES = 262_144;

export interface BundleWish {
  readonly preview: boolean;
  readonly withAmounts: boolean;
  /** Absent: a name with the time in it, here. */
  readonly output: string | undefined;
}

/** As `status --json` asks. */
const AS_JSON = { json: true, handover: false, sign: undefined } as const;

/** Prints the content, or writes it: 0; 64 when the file is there already or cannot be made. */
export async function supportBundle(
  loaded: ResolvedConfig | ConfigRefusal,
  wish: BundleWish,
  /** `env` as it was before the secrets were taken out of it. */
  { io, env }: { readonly io: Io; readonly env: Io['env'] },
): Promise<number> {
  const redact = redactor({
    secrets: [
      ...secretTexts(env),
      ...(loaded.status === 'resolved' ? secretsOf(loaded.config) : []),
    ],
    accounts: identities(loaded, env),
    home: env['HOME'] ?? homedir(),
    withAmounts: wish.withAmounts,
  });
  const now = new Date(systemClock().wall()).toISOString();
  const text = `${JSON.stringify(await content(loaded, now, { io, redact }), null, 2)}\n`;
  if (wish.preview) {
    io.stdout.write(text);
    return EXIT.ok;
  }
  const file = wish.output ?? `${NAME}-support-${now.slice(0, 19).replace(/\D/g, '')}.json.gz`;
  try {
    writeFileSync(file, gzipSync(text), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    io.stderr.write(`${NAME}: ${file} cannot be made (${code}): name another with --output.\n`);
    return EXIT.usage;
  }
  io.stdout.write(`${file}\n`);
  io.stderr.write('Nothing was sent. Look at it first: support-bundle --preview, or gunzip -c.\n');
  return EXIT.ok;
}

interface Tools {
  readonly io: Io;
  readonly redact: (value: unknown) => unknown;
}

async function content(
  loaded: ResolvedConfig | ConfigRefusal,
  time: string,
  { io, redact }: Tools,
): Promise<object> {
  const place = loaded.status === 'resolved' ? placeOrNone(loaded) : undefined;
  const wish = { offline: true, orders: false, json: true };
  const link = loaded.status === 'resolved' ? statusWish(loaded) : undefined;
  const sections: Readonly<Record<string, () => unknown>> = {
    configuration: () =>
      said(io, (quiet) => listSettings(loaded, quiet, { origin: 1, json: true })),
    warnings: () => loaded.warnings,
    doctor: () => said(io, (quiet) => doctorCommand(loaded, wish, quiet)),
    status: () =>
      link === undefined ? null : said(io, (quiet) => statusCommand(link, AS_JSON, quiet)),
    journal: () => (place === undefined ? null : journalCounts(place.journalFile)),
    log: () => (place === undefined ? [] : logTail(logFile(place.stateDir))),
  };
  const about = {
    version: VERSION,
    time,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    terminal: io.env['TERM'] ?? null,
  };
  const told: Record<string, unknown> = { about };
  for (const [name, look] of Object.entries(sections)) {
    try {
      told[name] = redact(await look());
    } catch (error) {
      told[name] = redact({ fault: error instanceof Error ? error.message : 'unknown' });
    }
  }
  return told;
}

function placeOrNone(resolved: ResolvedConfig): Place | undefined {
  try {
    return placeOf(resolved);
  } catch {
    // The doctor's lines say what is wrong with it.
    return undefined;
  }
}

const statusWish = ({ config }: ResolvedConfig) => ({
  socket: undefined,
  environment: undefined,
  account: undefined,
  dataDir: config.paths.dataDir,
  look: {
    theme: undefined,
    ascii: false,
    noColor: false,
    screenReader: false,
    bell: false,
    renderer: 'cells' as const,
  },
});

/** What another verb would have printed: its object, or its sentences when it has none. */
async function said(io: Io, act: (quiet: Io) => number | Promise<number>): Promise<unknown> {
  const text = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        text[name] += String(chunk);
        done();
      },
    });
  const code = await act({ ...io, stdout: into('out'), stderr: into('err') });
  if (text.out === '') return { code, sentences: text.err.trim().split('\n') };
  return JSON.parse(text.out);
}

/** How many rows of which kind; whether they are sound is the doctor's line `database`. */
async function journalCounts(file: string): Promise<unknown> {
  const database = await openReadOnly(file);
  try {
    const kinds = database.prepare('SELECT kind, count(*) AS n FROM entries GROUP BY kind').all();
    const [kept] = database.prepare('SELECT count(*) AS n FROM checkpoints').all();
    return { file, entries: kinds, checkpoints: kept };
  } finally {
    database.close();
  }
}

/** The last lines of the log of runs with a screen; a headless run's lines went elsewhere. */
function logTail(file: string): unknown {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, LOG_BYTES));
    const length = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8', 0, length).split('\n');
    if (size > bytes.length) lines.shift();
    return lines
      .filter((line) => line !== '')
      .slice(-LOG_LINES)
      .map(parsed);
  } finally {
    closeSync(descriptor);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** Every secret that is around, also of a configuration that is refused. */
function secretTexts(env: Io['env']): readonly string[] {
  return [env, dotenv()].flatMap((values) =>
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && isHidden(name) ? [value] : [],
    ),
  );
}

const HIDDEN = /secret|token|passw|passphrase|api_?key|credential/i;
/** Names of no secret may look like one; their values are numbers, addresses or places. */
const isHidden = (name: string): boolean =>
  isSecretName(name) || (HIDDEN.test(name) && !SETTING_ROWS.some(({ row }) => row.env === name));

function dotenv(): Readonly<Record<string, string | undefined>> {
  try {
    return readEnvFile(readFileSync('.env', 'utf8')).values;
  } catch {
    return {};
  }
}

const IDENTITY = /^CTRADER_(ACCOUNT|CLIENT)_ID(_LIVE)?$/;

function identities(loaded: ResolvedConfig | ConfigRefusal, env: Io['env']): readonly string[] {
  const named = [env, dotenv()].flatMap((values) =>
    Object.entries(values).flatMap(([name, value]) => (IDENTITY.test(name) ? (value ?? []) : [])),
  );
  if (loaded.status === 'refused') return named;
  const { account, accountId, accountIdLive, clientId, clientIdLive, environment } = loaded.config;
  const known = [environment === 'sim' ? undefined : account, accountId, accountIdLive];
  return [...named, ...[...known, clientId, clientIdLive].flatMap((one) => one ?? [])];
}
