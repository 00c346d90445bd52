/**
 * A recording through the whole program: number of bars, first and last close, and RSI at ten named
 * instants equal what a few plain lines compute from the same file.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import technicalindicators from 'technicalindicators';
import { beforeAll, describe, expect, it } from 'vitest';
import { listOf, type Trail } from '../../src/engine/trail.ts';
import { exactValue } from '../../src/runtime/exact-json.ts';
import { openReadOnly } from '../../src/runtime/sqlite.ts';
import { Headless } from './headless.ts';
import { ensureBuilt, freshHome, ROOT } from './terminal-session.ts';

beforeAll(ensureBuilt);

interface PlainBar {
  readonly time: string;
  readonly close: number;
}

/** Closes of five-minute bars, straight from the text. */
function fiveMinuteBars(text: string): PlainBar[] {
  const bars = new Map<number, PlainBar>();
  for (const line of text.trim().split('\n').slice(1)) {
    const [time = '', , , , close = ''] = line.split(',');
    const open = Math.floor(Date.parse(time) / 300_000) * 300_000;
    bars.set(open, { time: new Date(open).toISOString(), close: Number(close) });
  }
  return [...bars.values()];
}

/** Wilder's RSI as the textbook writes it, over the whole series. */
function textbookRsi(closes: readonly number[], period: number): (number | undefined)[] {
  const moves = closes.slice(1).map((close, index) => close - (closes[index] ?? 0));
  let up = 0;
  let down = 0;
  return closes.map((_, index) => {
    if (index < period) return undefined;
    if (index === period) {
      up = moves.slice(0, period).reduce((sum, move) => sum + Math.max(move, 0), 0) / period;
      down = moves.slice(0, period).reduce((sum, move) => sum + Math.max(-move, 0), 0) / period;
    } else {
      const move = moves[index - 1] ?? 0;
      up = (up * (period - 1) + Math.max(move, 0)) / period;
      down = (down * (period - 1) + Math.max(-move, 0)) / period;
    }
    return up + down === 0 ? 50 : 100 - 100 / (1 + up / down);
  });
}

const DATES = 4;

describe('--replay', () => {
  it('rebuilds the recorded bars and their RSI to 1e-9', async () => {
    const whole = gunzipSync(readFileSync(join(ROOT, 'data', 'fcpo-1m-sample.csv.gz'))).toString();
    const lines = whole.trim().split('\n');
    const dates = [...new Set(lines.slice(1).map((line) => line.slice(0, 10)))].slice(0, DATES);
    const text = [lines[0], ...lines.slice(1).filter((line) => dates.includes(line.slice(0, 10)))]
      .join('\n')
      .concat('\n');
    const home = freshHome();
    const file = join(home.path, 'minutes.csv');
    writeFileSync(file, text);
    const program = new Headless(home.path, ['--replay', file, '--speed', '100000']);
    const stopped = await program.line('the end', (line) => line.message === 'stopped');
    expect(await program.ended).toEqual({ code: 0, signal: null });

    const expected = fiveMinuteBars(text);
    expect(stopped['bars']).toBe(expected.length);
    expect(stopped['lastClose']).toBe(String(expected.at(-1)?.close));

    const started = program.lines.find((line) => line.message === 'started');
    const { closed, rsiAt } = await journaledBars(String(started?.['journal']));
    expect(closed.map((bar) => bar.close / 100_000)).toEqual(expected.map((bar) => bar.close));
    const closes = expected.map((bar) => bar.close);
    const reference = textbookRsi(closes, 14);
    const library = technicalindicators.RSI.calculate({ period: 14, values: closes });
    const warm = expected.length - rsiAt.size;
    expect(warm).toBeGreaterThan(40);
    const step = Math.floor(rsiAt.size / 10);
    const named = Array.from({ length: 10 }, (_, index) => warm + index * step);
    for (const index of named) {
      const bar = expected[index];
      const own = rsiAt.get(Date.parse(bar?.time ?? ''));
      expect(own, `RSI at ${bar?.time}`).toBeDefined();
      expect(Math.abs((own ?? 0) - (reference[index] ?? 0))).toBeLessThan(1e-9);
      // The library rounds its RSI to two decimals; rounded alike they are equal.
      expect(Math.abs(Number(own?.toFixed(2)) - (library[index - 14] ?? 0))).toBeLessThan(1e-9);
    }
    home.remove();
  });
});

interface StoredBar {
  readonly openTime: number;
  readonly close: number;
}

/** The closed bars and their RSI, from the checkpoint that the run left. */
async function journaledBars(file: string) {
  const database = await openReadOnly(file);
  const row = database.prepare('SELECT state FROM checkpoints ORDER BY id DESC LIMIT 1').get() as {
    state: string;
  };
  database.close();
  const { market } = exactValue(row.state) as {
    market: { closed: Trail<StoredBar>; indicators: { rsiSeries: Trail<number> } };
  };
  const closed = listOf(market.closed);
  const series = listOf(market.indicators.rsiSeries);
  const measured = closed.slice(-series.length);
  const rsiAt = new Map(measured.map((bar, index) => [bar.openTime, series[index] ?? Number.NaN]));
  return { closed, rsiAt };
}
