/**
 * What the live sentiment source needs from outside its folder: its settings, its prompt, its
 * store.
 * Deliberately touches files only here; asking, parsing and abstaining are `src/sentiment`.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportSentimentCsv,
  importSentimentCsv,
  type LiveSentimentSettings,
  type PromptTemplate,
  promptFiles,
  readTemplate,
  type SentimentStore,
} from '../sentiment/index.ts';
import type { Config } from './config.ts';

/** The prompt cannot be used; the message is for a person. Exit code 64. */
export class UnusablePrompt extends Error {
  override readonly name = 'UnusablePrompt';
}

const FILE = 'sentiment.csv';
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
  return {
    instrument: config.symbol,
    perplexity:
      key === undefined
        ? undefined
        : {
            key,
            endpoint,
            model,
            template: promptFor(config.symbol),
            assumedCostMicros: config.perplexityCostMillis * MILLI_MICROS,
          },
    nitter: instances.length === 0 || accounts.length === 0 ? undefined : { instances, accounts },
    consult: config.sentimentConsult,
    dailyCapMicros: config.sentimentCapCents * CENT_MICROS,
    spentTodayMicros: spentToday(join(stateDir, FILE), now),
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

function promptFor(instrument: string): PromptTemplate {
  for (const name of promptFiles(instrument)) {
    const places = ['./data/prompts/', '../../data/prompts/'];
    const place = places
      .map((folder) => new URL(folder + name, import.meta.url))
      .find((one) => existsSync(one));
    if (place === undefined) continue;
    const reading = readTemplate(readFileSync(place, 'utf8'));
    if (reading.status === 'read') return reading.template;
    throw new UnusablePrompt(`The prompt ${name} cannot be used: ${reading.reason}.`);
  }
  throw new UnusablePrompt(`There is no prompt for ${instrument}: data/prompts is incomplete.`);
}

const DAY_MS = 86_400_000;

/** So that a restart does not forget what was spent. */
function spentToday(file: string, now: number): number {
  if (!existsSync(file)) return 0;
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  return importSentimentCsv(readFileSync(file, 'utf8'))
    .rows.filter((row) => row.role === 'source' && row.askedAt >= midnight)
    .reduce((sum, row) => sum + (row.costMicros ?? 0), 0);
}
