/** Settings, prompt and store of the live sentiment source, on real files. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/cli/config.ts';
import { liveSentimentSettings, sentimentStore } from '../../src/cli/live-sentiment.ts';
import { untrusted, wall } from '../../src/engine/index.ts';
import { importSentimentCsv } from '../../src/sentiment/index.ts';
import { tempDir } from '../support/temp-dir.ts';

const NOON = Date.UTC(2025, 0, 6, 12);

function config(env: Readonly<Record<string, string>>) {
  const resolved = resolveConfig({
    options: {},
    env,
    dotenv: undefined,
    configFile: undefined,
    platform: { os: 'linux', home: '/home/trader', cwd: '/home/trader' },
  });
  if (resolved.status !== 'resolved') throw new Error(resolved.faults.join('\n'));
  return resolved.config;
}

const row = (askedAt: number, costMicros: number) => ({
  role: 'source' as const,
  askedAt: wall(askedAt),
  knownAt: wall(askedAt + 900),
  source: 'perplexity',
  score: 42,
  confidence: 70,
  asOf: undefined,
  citations: [untrusted('https://example.org/a,b')],
  costMicros,
  sha256: 'ab'.repeat(32),
});

describe('live sentiment', () => {
  it('asks nobody without a key, an instance or an account', () => {
    const settings = liveSentimentSettings(config({}), tempDir(), NOON);
    expect([settings.perplexity, settings.nitter]).toEqual([undefined, undefined]);
  });

  it('takes the palm-oil prompt and the configured money, and keeps the key masked (I23)', () => {
    const env = { PERPLEXITY_API_KEY: 'canary-key', SENTIMENT_DAILY_CAP_CENTS: '25' };
    const settings = liveSentimentSettings(config(env), tempDir(), NOON);
    expect(settings.dailyCapMicros).toBe(250_000);
    expect(settings.perplexity?.assumedCostMicros).toBe(6_000);
    expect(settings.perplexity?.template.system).toMatch(/neutral/i);
    expect(JSON.stringify(settings)).not.toContain('canary-key');
  });

  it('remembers over a restart what was spent today, and only today', () => {
    const directory = tempDir();
    const store = sentimentStore(directory, (why) => expect.unreachable(why));
    store.append(row(NOON - 86_400_000, 9_000));
    store.append(row(NOON - 3_600_000, 6_000));
    store.append(row(NOON - 60_000, 5_000));
    const settings = liveSentimentSettings(config({}), directory, NOON);
    expect(settings.spentTodayMicros).toBe(11_000);
    const file = join(directory, 'sentiment.csv');
    expect(importSentimentCsv(readFileSync(file, 'utf8'))).toMatchObject({ faults: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('loses history and nothing else when the file cannot be written (F85)', () => {
    const faults: string[] = [];
    sentimentStore(join(tempDir(), 'gone'), (why) => faults.push(why)).append(row(NOON, 1));
    expect(faults).toHaveLength(1);
  });
});
