/**
 * The verbs that read a journal as the command line sees them: trades, explain, replay.
 * Deliberately thin: flags name a journal, and each verb is loaded when it is asked for.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { JournalView } from '../../runtime/journal-view.ts';
import { loadConfig } from '../config.ts';
import type { SettingName } from '../config-schema.ts';
import { EXIT } from '../exit.ts';
import { addSettingFlags, givenFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { findJournal, type JournalWish } from '../journal-finder.ts';

type Values = Readonly<Record<string, unknown>>;
type Verb = (parent: Command, usage: string, about: string, example: string) => Command;

interface Ending {
  readonly io: Io;
  readonly done: (code: number) => void;
}

const NAME = 'palm-oil-tui';
const WHICH = [
  'environment',
  'accountId',
  'mode',
  'dataDir',
] as const satisfies readonly SettingName[];
const JSON_FLAG = ['--json', 'JSON instead of text'] as const;
export type Format = 'csv' | 'json';

/** How it looks and how fast it goes. */
const REPLAYED = ['speed', 'theme', 'ascii', 'noColor', 'screenReader', 'renderer'] as const;

const which = (command: Command, more: readonly SettingName[] = []): Command =>
  addSettingFlags(command, [...WHICH, ...more]).option('--journal <file>', 'the journal itself');

/** Adds trades, explain and replay to the program. */
export function addJournalVerbs(program: Command, verb: Verb, { io, done }: Ending): void {
  const trades = which(verb(program, 'trades', 'closed trades of a journal', 'trades --json'))
    .option(...JSON_FLAG)
    .action(async (values: Values) => {
      const { listTrades } = await import('./trades.ts');
      done(await withJournal(values, io, (view) => listTrades(view, values['json'] === true, io)));
    });
  which(verb(trades, 'export', 'all of them as a file', 'trades export --format csv'))
    .option('--format <name>', 'csv or json [csv]', formatOf, 'csv')
    .option('--audit', 'the audit trail instead: orders, breakers, commands, and why')
    .action(async (_own: Values, command: Command) => {
      const values: Values = command.optsWithGlobals();
      const { exportAudit, exportTrades } = await import('./trades.ts');
      const tell = values['audit'] === true ? exportAudit : exportTrades;
      const format: Format = values['format'] === 'json' ? 'json' : 'csv';
      done(await withJournal(values, io, (view) => tell(view, format, io)));
    });
  const usage = 'explain <what> <which>';
  which(verb(program, usage, 'why a bar, a trade or an order', 'explain bar 14:35'))
    .option(...JSON_FLAG)
    .action(async (what: string, name: string, values: Values) => {
      const { explain, topicOf } = await import('./explain.ts');
      const topic = topicOf(what, name);
      if (typeof topic === 'string') return done(refuse(io, topic));
      const isJson = values['json'] === true;
      return done(await withJournal(values, io, (view) => explain(view, topic, isJson, io)));
    });
  which(verb(program, 'replay [file]', 'a recorded session again', 'replay --verify'), REPLAYED)
    .option('--verify', 'compare every record and state with those of then')
    .option('--backtest', 'compare its decisions with those of a backtest of its bars')
    .option(...JSON_FLAG)
    .action(async (file: string | undefined, values: Values) => {
      if (file !== undefined && values['journal'] !== undefined) {
        return done(refuse(io, 'the journal is named twice: keep one of them.'));
      }
      const [isVerify, isBacktest] = [values['verify'] === true, values['backtest'] === true];
      if (isVerify && isBacktest) {
        return done(refuse(io, '--verify and --backtest are two comparisons: keep one of them.'));
      }
      const named = file === undefined ? values : { ...values, journal: file };
      if (!isVerify && !isBacktest) return done(await watch(named, io));
      const compare = isBacktest
        ? (await import('./parity.ts')).parityCommand
        : (await import('./replay.ts')).verifyCommand;
      const isJson = values['json'] === true;
      return done(await withJournal(named, io, (view) => compare(view, isJson, io)));
    });
}

/** The session on the screen. */
async function watch(values: Values, io: Io): Promise<number> {
  const loaded = loadConfig({ ...givenFlags(values), env: { ...io.env } });
  if (loaded.status === 'refused') return refuse(io, ...loaded.faults);
  const { speed, theme, ascii, noColor, screenReader: reads, renderer } = loaded.config;
  const colour = noColor ? { colour: false } : {};
  const look = { theme, renderer, reads, ...(ascii ? { ascii } : {}), ...colour };
  const { replayScreen } = await import('./replay-screen.ts');
  return withJournal(values, io, (view) => replayScreen(view, { speed, look }, io));
}

function formatOf(text: string): Format {
  if (text === 'csv' || text === 'json') return text;
  throw new InvalidArgumentError(`--format is csv or json, not ${JSON.stringify(text)}.`);
}

function refuse(io: Io, ...sentences: readonly string[]): number {
  for (const text of sentences) io.stderr.write(`${NAME}: ${text}\n`);
  return EXIT.usage;
}

/** Opens the journal that was meant, hands it over and closes it; the answer is the exit code. */
async function withJournal(
  values: Values,
  io: Io,
  read: (view: JournalView) => number | Promise<number>,
): Promise<number> {
  const wish = wishOf(values, io);
  if (typeof wish === 'number') return wish;
  const found = findJournal(wish);
  if (found.status === 'none') return refuse(io, found.sentence);
  if (found.others > 0) {
    io.stderr.write(
      `${NAME}: ${found.others + 1} journals fit, this is the newest: ${found.file}\n`,
    );
  }
  const { viewJournal } = await import('../../runtime/journal-view.ts');
  const { JournalDamaged } = await import('../../runtime/recovery.ts');
  let view: JournalView | undefined;
  try {
    view = await viewJournal(found.file);
    return await read(view);
  } catch (error) {
    if (!(error instanceof JournalDamaged)) throw error;
    io.stderr.write(`${NAME}: ${error.message}\n`);
    return EXIT.persistence;
  } finally {
    view?.close();
  }
}

function wishOf(values: Values, io: Io): JournalWish | number {
  const { options, configFile } = givenFlags(values);
  const { environment, accountId: account, mode, ...rest } = options;
  const file = typeof values['journal'] === 'string' ? values['journal'] : undefined;
  const loaded = loadConfig({ options: rest, configFile, env: io.env });
  if (loaded.status === 'refused') {
    return file === undefined
      ? refuse(io, ...loaded.faults)
      : { file, environment, account, mode, dataDir: '' };
  }
  const { databasePath, paths } = loaded.config;
  const isNarrow = [environment, account, mode].some((text) => text !== undefined);
  const named = file ?? (databasePath === undefined || isNarrow ? undefined : paths.journal);
  return { file: named, environment, account, mode, dataDir: paths.dataDir };
}
