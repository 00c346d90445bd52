/**
 * `backtest` and `sweep` as a person uses them: output, files, and every wrong input one sentence.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { golden } from '../../support/golden.ts';
import { runVerb } from '../../support/verb-io.ts';

let home = '';
const before = process.cwd();
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'backtest-'));
  process.chdir(home);
  writeFileSync(join(home, 'bars.csv'), csvOf(700));
});
afterAll(() => {
  process.chdir(before);
  rmSync(home, { recursive: true });
});

const HEADER = 'time_utc_iso,open,high,low,close,volume';

/** Five-minute bars that wave around 4,000: slow enough to be entered, wide enough to be left. */
function csvOf(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.UTC(2025, 0, 6) + at * 300_000).toISOString().slice(0, 19);
    const level = (index: number) => 4_000 + Math.round(90 * Math.sin(index / 23));
    const [open, close] = [level(at), level(at + 1)];
    return `${time}Z,${open},${Math.max(open, close) + 3},${Math.min(open, close) - 3},${close},`;
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}

const run = (...argv: string[]) =>
  runVerb(argv, { XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, LANG: 'C.UTF-8' });

const OWN = ['--bars', 'bars.csv', '--sessions', 'bars', '--set', 'TREND_FILTER=false'];

describe('backtest', () => {
  it('reports, and writes trades and a page that needs nothing else', async () => {
    const files = ['--trades', 'trades.csv', '--html', 'report.html'];
    const { code, out, err } = await run('backtest', ...OWN, ...files);
    expect([code, err]).toEqual([0, '']);
    for (const words of ['Sharpe (daily, 252, rf 0)', 'Equity', 'Drawdown', '2025-01', 'Fills']) {
      expect(out).toContain(words);
    }
    const trades = readFileSync('trades.csv', 'utf8').trimEnd().split('\n');
    const counted = /Trades\s+(\d+):/.exec(out)?.[1];
    expect(trades.length - 1).toBe(Number(counted));
    expect(trades.length).toBeGreaterThan(2);
    const page = readFileSync('report.html', 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/https?:|<script|<link|src=/);
  });

  it('gives one JSON object, the same twice, where absent figures are null', async () => {
    const first = await run('backtest', ...OWN, '--json', '--set', 'RSI_OVERSOLD=2');
    const second = await run('backtest', ...OWN, '--json', '--set', 'RSI_OVERSOLD=2');
    expect(first.out).toBe(second.out);
    const report = JSON.parse(first.out);
    expect(report.statistics.bars).toBe(700);
    expect(report.facts.strategy).toContain('below 2');
    expect(Object.values(report.statistics)).not.toContain('Infinity');
  });

  it('reads a compressed file and sums it to a longer timeframe', async () => {
    writeFileSync('bars.csv.gz', gzipSync(csvOf(700)));
    const args = ['--bars', 'bars.csv.gz', '--sessions', 'bars', '--timeframe', '10m', '--json'];
    const { code, out } = await run('backtest', ...args);
    expect(code).toBe(0);
    expect(JSON.parse(out).statistics.bars).toBe(350);
  });

  it('takes readings of a file and says when one is broken', async () => {
    writeFileSync('news.csv', 'time,score,confidence\n2025-01-06T09:00:00Z,40,80\n');
    const { code, out } = await run('backtest', ...OWN, '--sentiment', 'news.csv');
    expect(code).toBe(0);
    expect(out).toContain('readings of news.csv');
    writeFileSync('bad.csv', 'time,score,confidence\n2025-01-06T09:00:00Z,400,80\n');
    const bad = await run('backtest', ...OWN, '--sentiment', 'bad.csv');
    expect([bad.code, bad.out]).toEqual([64, '']);
    expect(bad.err).toContain('line 2: score "400"');
  });
});

describe('sweep', () => {
  it('writes one line a set, and speaks about luck beside it', async () => {
    const { code, out, err } = await run('sweep', ...OWN, '--min-trades', '2');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(193);
    expect(lines[0]?.startsWith('rsi_buy,rsi_sell,tp,sl,profit_factor,win_rate')).toBe(true);
    expect(err).toMatch(/\n(PASS|WEAK|FAIL): /);
    const again = await run('optimize', ...OWN, '--quiet', '--out', 'rows.csv');
    expect([again.code, again.out, again.err]).toEqual([0, '', '']);
    expect(readFileSync('rows.csv', 'utf8')).toBe(out);
  });

  it('agrees with backtest on the set that it names', async () => {
    const param = ['--param', 'rsi_buy=30', '--param', 'rsi_sell=70', '--param', 'tp=2'];
    const { out } = await run('sweep', ...OWN, ...param, '--param', 'sl=1.5', '--quiet');
    const cells = out.trimEnd().split('\n').at(-1)?.split(',') ?? [];
    const report = JSON.parse((await run('backtest', ...OWN, '--json')).out);
    expect(Number(cells[6])).toBe(report.statistics.trades);
    expect(Number(cells[5])).toBeCloseTo(report.statistics.winRate, 4);
  });
});

describe('the committed examples', () => {
  it.each(['1m', '5m'])(
    'are what their command prints about the bundled month: %s',
    async (time) => {
      const { code, out, err } = await run('backtest', '--timeframe', time);
      expect([code, err]).toEqual([0, '']);
      golden(
        `../docs/examples/backtest-${time}.txt`,
        `$ palm-oil-tui backtest --timeframe ${time}\n${out}`,
      );
    },
  );
});

describe('doubts about bars', () => {
  it('names holes inside trading hours, and none where a session ended', async () => {
    const text = csvOf(40).split('\n');
    const shifted = text.map((line) => line.replace('T00:', 'T02:').replace('T01:', 'T03:'));
    const session = [text[0], ...shifted.slice(7, 25)];
    writeFileSync('holes.csv', `${[...session.slice(0, 6), ...session.slice(12)].join('\n')}\n`);
    const { code, err } = await run('backtest', '--bars', 'holes.csv', '--timeframe', '5m');
    expect(code).toBe(0);
    expect(err).toContain('One hole of more than three bars in trading hours, the longest 6 bars');
  });

  it('refuses bars outside the hours with their line', async () => {
    const { code, err } = await run('backtest', '--bars', 'bars.csv');
    expect([code, err]).toEqual([64, expect.stringMatching(/line 2, the bar of 2025-01-06T00:00/)]);
  });
});

describe('wrong input is one sentence, exit 64, nothing on standard output, no file', () => {
  const rows = (text: string) => `${HEADER}\n${text}\n`;
  const good = '2025-01-06T00:00:00Z,10,11,9,10,';
  it.each([
    ['an empty file', '', 'line 1, column header'],
    ['another delimiter', rows(good).replaceAll(',', ';'), 'line 1, column header'],
    ['no data', `${HEADER}\n`, 'at least one line of data'],
    ['not a number', rows(`${good}\n2025-01-06T00:05:00Z,NaN,11,9,10,`), 'line 3, column open'],
    ['a negative price', rows('2025-01-06T00:00:00Z,10,11,-9,10,'), 'line 2, column low'],
    [
      'an earlier time',
      rows(`${good}\n2025-01-05T23:55:00Z,10,11,9,10,`),
      'line 3, column time_utc_iso',
    ],
    ['a torn line', rows(`${good}\n2025-01-06T00:05:00Z,10,11`), 'line 3, column all'],
    ['a repeated time', rows(`${good}\n${good}`), 'line 3, column time_utc_iso'],
    ['another zone', rows('2025-01-06T08:00:00+08:00,10,11,9,10,'), 'line 2, column time_utc_iso'],
    ['a high below the close', rows('2025-01-06T00:00:00Z,10,9,9,10,'), 'line 2, column high'],
    ['one bar', rows(good), 'fewer than two bars'],
  ])('%s', async (_name, text, words) => {
    writeFileSync('wrong.csv', text);
    const where = ['--bars', 'wrong.csv', '--sessions', 'bars'];
    const { code, out, err } = await run('backtest', ...where, '--html', 'none.html');
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(words);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync('none.html')).toBe(false);
  });

  it.each([
    [['--bars', 'nowhere.csv'], 'nowhere.csv cannot be read: it does not exist'],
    [['--bars', 'bars.csv'], 'say --sessions bars'],
    [[...OWN, '--spread', '0.5'], '--spread must be a multiple of 1'],
    [[...OWN, '--swap', '-4.5'], 'needed is LONG,SHORT,DAY,HH:MM'],
    [[...OWN, '--swap', '-4.5,1,sunday,22:00'], 'needed is LONG,SHORT,DAY,HH:MM'],
    [[...OWN, '--spread', '-1'], '--spread: "-1" is not allowed'],
    [[...OWN, '--set', 'RSI_PEROID=3'], 'Did you mean RSI_PERIOD?'],
    [[...OWN, '--set', 'RSI_PERIOD=1'], 'RSI_PERIOD'],
    [[...OWN, '--set', 'CTRADER_ACCOUNT_ID=3'], 'no strategy or risk setting'],
    [[...OWN, '--set', 'RSI_OVERSOLD=80'], 'RSI_OVERSOLD must be below'],
    [[...OWN, '--sessions', 'never'], 'allowed is fcpo or bars'],
    [[...OWN, '--timeframe', '1m'], '5 min long and cannot make 1 min'],
    [[...OWN, '--html', 'no/such/place.html'], 'cannot be written'],
  ])('%s', async (args, words) => {
    const { code, out, err } = await run('backtest', ...args);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(words);
  });

  it('of a sweep', async () => {
    for (const args of [
      ['--param', 'tp=3:1:1'],
      ['--param', 'rsi_buy=90', '--param', 'rsi_sell=10'],
      ['--min-trades', 'x'],
      ['--param', 'tp=1:3:0'],
      ['--param', 'sl=NaN'],
      ['--param', 'rsi_period=2.5'],
      ['--param', 'tp=0.1:50:0.01', '--param', 'sl=0.1:20:0.01'],
      ['--param', 'sl=6:7:1'],
    ]) {
      const { code, out } = await run('sweep', ...OWN, ...args);
      expect([code, out], args.join(' ')).toEqual([64, '']);
    }
  });
});
