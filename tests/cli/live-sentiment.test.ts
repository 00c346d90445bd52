/** Settings, prompt and store of the live sentiment source, on real files. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/cli/config.ts';
import {
  liveSentimentSettings,
  noteLevel,
  sentimentStore,
  spendingBook,
} from '../../src/cli/live-sentiment.ts';
import { untrusted, wall } from '../../src/engine/index.ts';
import { importSentimentCsv } from '../../src/sentiment/index.ts';
import { createMoneyCap } from '../../src/sentiment/limits.ts';
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

  it('remembers over a restart what was spent today, questions without an answer too', () => {
    const directory = tempDir();
    const book = spendingBook(directory, (why) => expect.unreachable(why));
    const startedAt = wall(NOON);
    const cap = { capMicros: 20_000, spentTodayMicros: 0, startedAt, onSpent: book };
    const before = createMoneyCap(cap);
    const spent = (now: number) => liveSentimentSettings(config({}), directory, now);
    // Killed while the question was under way: the reservation stands.
    before.reserve(startedAt, 6_000);
    expect(spent(NOON + 1_000).spentTodayMicros).toBe(6_000);
    before.settle(6_000, 11_000);
    expect(spent(NOON + 1_000).spentTodayMicros).toBe(11_000);
    const { spentTodayMicros } = spent(NOON + 1_000);
    const after = createMoneyCap({ ...cap, spentTodayMicros });
    expect(after.reserve(startedAt, 9_001)).toBe(false);
    expect(after.reserve(startedAt, 9_000)).toBe(true);
    expect(spent(NOON + 12 * 3_600_000).spentTodayMicros).toBe(0);
  });

  it('opens the purse neither for a clock set back nor for a book that cannot be read', () => {
    const directory = tempDir();
    spendingBook(directory, (why) => expect.unreachable(why))({
      day: Math.floor(NOON / 86_400_000),
      micros: 7_000,
    });
    const spent = (now: number) =>
      liveSentimentSettings(config({}), directory, now).spentTodayMicros;
    expect(spent(NOON - 3 * 86_400_000)).toBe(7_000);
    const file = join(directory, 'sentiment-spent.json');
    for (const broken of ['', '{', '[]', '{"day":"x","micros":1}', '{"day":1e99,"micros":0}']) {
      writeFileSync(file, broken);
      expect(spent(NOON)).toBe(1_000_000);
    }
  });

  it('asks with a prompt of one’s own, and refuses one that cannot be used (F108)', () => {
    const file = join(tempDir(), 'mine.txt');
    const env = { PERPLEXITY_API_KEY: 'canary-key', SENTIMENT_PROMPT: file };
    const settings = () => liveSentimentSettings(config(env), tempDir(), NOON);
    expect(settings).toThrow(/does not exist/);
    writeFileSync(file, '[system]\nAnswer +100 or -100.\n[user]\n{{instrument}}?');
    expect(settings).toThrow(/does not define neutral/);
    writeFileSync(file, '[system]\nNeutral is 0.\n[user]\n{{instrument}}?');
    expect(settings().perplexity?.template.user).toBe('{{instrument}}?');
  });

  it('takes plain http from this machine only', () => {
    const instances = (text: string) => config({ NITTER_INSTANCES: text }).nitterInstances;
    expect(instances('https://n.example,http://127.0.0.1:8088')).toHaveLength(2);
    expect(() => instances('http://n.example')).toThrow(/NITTER_INSTANCES/);
    expect(() => instances('http://127.0.0.1.evil.example')).toThrow(/NITTER_INSTANCES/);
  });

  it('keeps its readings where only the owner reads them', () => {
    const directory = tempDir();
    const store = sentimentStore(directory, (why) => expect.unreachable(why));
    store.append(row(NOON - 86_400_000, 9_000));
    store.append(row(NOON - 60_000, 5_000));
    const file = join(directory, 'sentiment.csv');
    expect(importSentimentCsv(readFileSync(file, 'utf8'))).toMatchObject({ faults: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('logs failures and changes of source where people look', () => {
    expect(noteLevel({ type: 'switched', from: 'perplexity', to: 'nitter' })).toBe('info');
    const failed = {
      source: 'nitter',
      reason: 'timeout',
      detail: untrusted(''),
      restMs: 1,
    } as const;
    expect(noteLevel({ type: 'failed', ...failed })).toBe('warn');
    expect(noteLevel({ type: 'asked', source: 'nitter' })).toBe('debug');
  });

  it('loses history and nothing else when the file cannot be written (F85)', () => {
    const faults: string[] = [];
    sentimentStore(join(tempDir(), 'gone'), (why) => faults.push(why)).append(row(NOON, 1));
    expect(faults).toHaveLength(1);
  });
});
