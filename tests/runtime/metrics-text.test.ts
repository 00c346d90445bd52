/** The whole page of metrics, as strictly as a scraper and promtool read it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/index.ts';
import { ROWS } from '../../src/runtime/metrics-text.ts';
import { openTelemetry, type Telemetry } from '../../src/runtime/telemetry.ts';
import { createTimings, HISTOGRAMS, type TimingName } from '../../src/runtime/timings.ts';
import { breaker, order, position, quiet } from '../support/builders-snapshot.ts';
import { readExposition } from '../support/exposition.ts';

const SEED_NAMES = [
  'bot_current_balance',
  'bot_total_pnl',
  'bot_daily_pnl',
  'bot_win_rate',
  'bot_open_positions',
  'bot_total_trades',
  'bot_current_price',
  'bot_current_rsi',
  'bot_current_sentiment',
  'bot_runtime_seconds',
];

const opened: Telemetry[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function page(snapshot: Snapshot | undefined, spans: readonly number[] = []) {
  const timings = createTimings();
  for (const ms of spans) {
    for (const name of Object.keys(HISTOGRAMS) as TimingName[]) timings.observe(name, ms);
  }
  const telemetry = await openTelemetry({
    host: '127.0.0.1',
    port: 0,
    snapshot: () => snapshot,
    isAlive: () => true,
    risk: () => ({ trips: { CLOCK: 2 }, blocked: { spread: 1 } }),
    news: () => ({ counts: { 'asked perplexity': 1 }, spentTodayMicros: 5 }),
    sources: {
      timings,
      host: () => ({ residentBytes: 9e7, heapBytes: 2e7, externalBytes: 3e6, cpuSeconds: 1.5 }),
      counts: { alerts: () => ({ 'a"\\b\n': 1 }), log: () => ({ info: 3 }) },
    },
  });
  opened.push(telemetry);
  const answer = await fetch(`http://127.0.0.1:${telemetry.port}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return readExposition(await answer.text());
}

describe('the page of metrics', () => {
  it('is valid to the last line, with values and without any (I14 I18)', async () => {
    const full = quiet({ positions: [position()], orders: [order()] });
    for (const now of [full, undefined]) {
      const families = await page(now, now === undefined ? [] : [0.02, 3, 80, 1e6]);
      for (const name of SEED_NAMES) expect(families.get(name)?.type).toBe('gauge');
      for (const { name, type } of ROWS) expect(families.get(name)?.type).toBe(type);
      for (const { name } of Object.values(HISTOGRAMS)) {
        expect(families.get(name)?.type).toBe('histogram');
      }
      const hasValue = SEED_NAMES.filter((name) => families.get(name)?.samples.length === 1);
      expect(hasValue).toEqual(now === undefined ? [] : SEED_NAMES);
    }
  });

  it('counts every span once, in the first bucket it fits and all above', async () => {
    const families = await page(quiet(), [0.02, 3, 80, 1e6]);
    const commit = families.get('bot_commit_seconds')?.samples ?? [];
    const at = (le: string) => commit.find((one) => one.labels['le'] === le)?.value;
    expect([at('0.0005'), at('0.005'), at('0.1'), at('2.5'), at('+Inf')]).toEqual([1, 2, 3, 3, 4]);
    const sum = commit.find((one) => one.name.endsWith('_sum'))?.value;
    expect(sum).toBeCloseTo(1_000.08302);
  });

  it('tells a position without stop and an order without outcome as numbers', async () => {
    const bare = quiet({
      positions: [position({ state: 'NAKED' })],
      orders: [order({ state: 'UNKNOWN' })],
    });
    const families = await page(bare);
    expect(families.get('bot_positions_without_stop')?.samples[0]?.value).toBe(1);
    expect(families.get('bot_orders_unknown')?.samples[0]?.value).toBe(1);
  });

  it('names breakers with their distance, and nobody and nothing else (F122 I23)', async () => {
    const now = quiet({ breakers: [{ ...breaker('CLOCK'), used: 1 }] });
    const families = await page(now);
    const labels = [...families.values()].flatMap((one) =>
      one.samples.flatMap((sample) => Object.keys(sample.labels)),
    );
    expect(new Set(labels)).toEqual(
      new Set(['breaker', 'gate', 'event', 'le', 'outcome', 'level']),
    );
  });
});

const HEAD = '# HELP h X.\n# TYPE h histogram\n';

describe('the strict reader', () => {
  it('refuses what promtool refuses', () => {
    const broken = [
      'bot_x 1\n',
      '# HELP bot_x X.\n# TYPE bot_x gauge\nbot_x 1',
      '# TYPE bot_x gauge\nbot_x 1\n',
      '# HELP bot_x X.\n# TYPE bot_x counter\nbot_x 1\n',
      '# HELP bot_x X.\n# TYPE bot_x gauge\nbot_x 1\nbot_x 2\n',
      '# HELP bot_x X.\n# TYPE bot_x gauge\nbot_x one\n',
      '# HELP bot_x X.\n# TYPE bot_x gauge\nbot_x{a="b} 1\n',
      `${HEAD}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
      `${HEAD}h_bucket{le="1"} 2\nh_sum 1\nh_count 2\n`,
    ];
    for (const text of broken) expect(() => readExposition(text), text).toThrow();
  });
});
