/**
 * What the live sentiment source needs from outside its folder: its settings, its prompt, its
 * store.
 * Deliberately touches files only here; asking, parsing and abstaining are `src/sentiment`.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SentimentSource } from '../engine/index.ts';
import {
  exportSentimentCsv,
  type LiveSentimentSettings,
  type PromptTemplate,
  promptFiles,
  readTemplate,
  type SentimentNote,
  type SentimentStatus,
  type SentimentStore,
  type Spent,
} from '../sentiment/index.ts';
import type { Config } from './config.ts';

/** The prompt cannot be used; the message is for a person. Exit code 64. */
export class UnusablePrompt extends Error {
  override readonly name = 'UnusablePrompt';
}

/** The live source also says what it did since the start. */
export type NewsSource = SentimentSource & { status?(): SentimentStatus };

/** Failures and changes of source are for everybody, single questions for who looks closely. */
export function noteLevel(note: SentimentNote): 'debug' | 'info' | 'warn' {
  if (note.type === 'failed') return 'warn';
  return note.type === 'switched' || note.type === 'held' ? 'info' : 'debug';
}

const FILE = 'sentiment.csv';
const SPENT_FILE = 'sentiment-spent.json';
const PROMPT_CHARACTERS = 16_000;
const DAY_MS = 86_400_000;
const CENT_MICROS = 10_000;
const MILLI_MICROS = 1_000;

/** Throws {@link UnusablePrompt} when a key is configured and no prompt file can be used. */
export function liveSentimentSettings(
  config: Config,
  stateDir: string,
  now: number,
): LiveSentimentSettings {
  const { perplexityApiKey: key, perplexityEndpoint: endpoint, perplexityModel: model } = config;
  const { nitterInstances: instances, kolAccounts: accounts } = config;
  const capMicros = config.sentimentCapCents * CENT_MICROS;
  return {
    instrument: config.symbol,
    perplexity:
      key === undefined
        ? undefined
        : {
            key,
            endpoint,
            model,
            template: promptFor(config),
            assumedCostMicros: config.perplexityCostMillis * MILLI_MICROS,
          },
    nitter: instances.length === 0 || accounts.length === 0 ? undefined : { instances, accounts },
    consult: config.sentimentConsult,
    dailyCapMicros: capMicros,
    spentTodayMicros: spentToday(join(stateDir, SPENT_FILE), now, capMicros),
    simulated: false,
  };
}

/**
 * Appends every opinion to a table that a backtest can read back; a full disk costs history only.
 */
export function sentimentStore(stateDir: string, onFault: (why: string) => void): SentimentStore {
  const file = join(stateDir, FILE);
  return {
    append: (row) => {
      const [header = '', line = ''] = exportSentimentCsv([row]).split('\n');
      try {
        const text = existsSync(file) ? `${line}\n` : `${header}\n${line}\n`;
        appendFileSync(file, text, { mode: 0o600 });
      } catch (error) {
        onFault(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function promptFor({ symbol, sentimentPrompt }: Config): PromptTemplate {
  const place = sentimentPrompt ?? shippedPrompt(symbol);
  if (place === undefined) {
    throw new UnusablePrompt(`There is no prompt for ${symbol}: data/prompts is incomplete.`);
  }
  const reading = readTemplate(promptText(place));
  if (reading.status === 'read') return reading.template;
  throw new UnusablePrompt(`The prompt ${place} cannot be used: ${reading.reason}.`);
}

/** Beside the bundle or in the repository; the most specific name first. */
function shippedPrompt(instrument: string): string | undefined {
  return promptFiles(instrument)
    .flatMap((name) => ['./data/prompts/', '../../data/prompts/'].map((folder) => folder + name))
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
}

function promptText(place: string): string {
  try {
    const text = readFileSync(place, 'utf8');
    if (text.length > PROMPT_CHARACTERS) throw new Error('it is longer than 16,000 characters');
    return text;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it does not exist' : message;
    throw new UnusablePrompt(`The prompt ${place} cannot be read: ${why}.`);
  }
}

/**
 * What was spent on the day of the file, if it is not over: a restart opens no purse again.
 * A file that cannot be understood counts as all of it; a clock set back does not make a new day.
 */
function spentToday(file: string, now: number, capMicros: number): number {
  if (!existsSync(file)) return 0;
  try {
    const { day, micros } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Spent>;
    if (!Number.isSafeInteger(day) || !Number.isSafeInteger(micros)) return capMicros;
    return (day ?? 0) >= Math.floor(now / DAY_MS) ? Math.max(0, micros ?? 0) : 0;
  } catch {
    return capMicros;
  }
}

/** Writes the sum whole or not at all, before the question leaves. */
export function spendingBook(stateDir: string, onFault: (why: string) => void) {
  const file = join(stateDir, SPENT_FILE);
  return (spent: Spent): void => {
    try {
      writeFileSync(`${file}.part`, `${JSON.stringify(spent)}\n`, { mode: 0o600 });
      renameSync(`${file}.part`, file);
    } catch (error) {
      onFault(error instanceof Error ? error.message : String(error));
    }
  };
}
