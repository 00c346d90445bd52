/**
 * `backtest` and `sweep` as a person uses them: output, files, forms, and doubts about the bars.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { golden } from '../../support/golden.ts';
import { runVerb, verbIo } from '../../support/verb-io.ts';
import { wavingBars } from '../../support/waving-bars.ts';

let home = '';
const before = process.cwd();
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'backtest-'));
  process.chdir(home);
  writeFileSync(join(home, 'bars.csv'), wavingBars(700));
});
afterAll(() => {
  process.chdir(before);
  rmSync(home, { recursive: true });
});

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
    writeFileSync('bars.csv.gz', gzipSync(wavingBars(700)));
    const args = ['--bars', 'bars.csv.gz', '--sessions', 'bars', '--timeframe', '10m', '--json'];
    const { code, out } = await run('backtest', ...args);
    expect(code).toBe(0);
    expect(JSON.parse(out).statistics.bars).toBe(350);
  });

  it('moves what came before a change of contract, which then changes nothing', async () => {
    const add = (line: string, by: number) =>
      line.replace(/Z,(\d+),(\d+),(\d+),(\d+)/, (_, ...prices: string[]) =>
        ['Z', ...prices.slice(0, 4).map((price) => Number(price) + by)].join(','),
      );
    // From the second day on, as if another contract traded 23 above.
    const lines = wavingBars(700).split('\n');
    const other = lines.map((line) => (/^2025-01-0[78]/.test(line) ? add(line, 23) : line));
    writeFileSync('rolls.csv', other.join('\n'));
    const up = lines.map((line) => add(line, 23));
    writeFileSync('up.csv', up.join('\n'));
    const rest = ['--sessions', 'bars', '--set', 'TREND_FILTER=false', '--json'];
    const rolled = await run(
      'backtest',
      '--bars',
      'rolls.csv',
      ...rest,
      '--rolls',
      '2025-01-07=+23',
    );
    const plain = await run('backtest', '--bars', 'up.csv', ...rest);
    const [a, b] = [JSON.parse(rolled.out), JSON.parse(plain.out)];
    expect(a.trades.length).toBeGreaterThan(5);
    expect(a.trades).toEqual(b.trades);
    expect(a.facts.rolls).toBe('prices before 2025-01-07 by +23: percentages are of moved prices');
    expect(
      JSON.parse((await run('backtest', '--bars', 'rolls.csv', ...rest)).out).trades,
    ).not.toEqual(b.trades);
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

/** Without the ends of lines of a report. */
const joined = (text: string): string => text.replace(/\s+/g, ' ');

describe('the report on a terminal', () => {
  const shown = async (columns: number) => {
    const { io, text } = verbIo({ XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, LANG: 'C.UTF-8' });
    Object.assign(io.stdout, { isTTY: true, columns });
    expect(await main(['backtest', ...OWN], io)).toBe(0);
    return text.out;
  };

  it.each([60, 80, 100])('is at most %i wide and cuts no number', async (columns) => {
    const out = await shown(columns);
    const lines = out.split('\n').map((line) => [...line].length);
    expect(Math.max(...lines)).toBeLessThanOrEqual(columns);
    const figures = (text: string) => {
      const from = text.indexOf('Net profit');
      return joined(text.slice(from, text.indexOf('Equity (MYR)')));
    };
    expect(figures(out)).toBe(figures((await run('backtest', ...OWN)).out));
  });

  it('has charts between their highest and lowest value, and the days at their ends', async () => {
    const { out } = await run('backtest', ...OWN);
    const { statistics } = JSON.parse((await run('backtest', ...OWN, '--json')).out);
    const deepest = `-${(statistics.drawdown.share * 100).toFixed(2)} % `;
    const chart = out.slice(out.indexOf('\nDrawdown\n'), out.indexOf('\nMonths'));
    expect(chart).toContain('   0.00 % ');
    expect(chart).toContain(deepest);
    expect(chart).toMatch(/2025-01-06 +2025-01-08\n$/);
  });

  it.each([['backtest'], ['sweep']])(
    '%s writes no control characters into a pipe',
    async (verb) => {
      const { out, err } = await run(verb, ...OWN);
      expect(out + err).not.toMatch(/[^\P{Cc}\n]/u);
    },
  );
});

describe('the machine-readable forms', () => {
  /** Every name with the kind of its value, so that a reader of it is not surprised. */
  const shapeOf = (value: unknown, path = ''): string[] => {
    if (Array.isArray(value)) return value.length === 0 ? [] : shapeOf(value[0], `${path}[]`);
    if (typeof value !== 'object' || value === null) return [`${path} ${typeof value}`];
    return Object.entries(value).flatMap(([name, one]) => shapeOf(one, `${path}.${name}`));
  };

  it('keep their shape', async () => {
    const { out } = await run('backtest', ...OWN, '--json', '--trades', 'shape.csv');
    const lines = shapeOf(JSON.parse(out)).filter((line) => !/blockedBy|trippedBy/.test(line));
    const [header = ''] = readFileSync('shape.csv', 'utf8').split('\n');
    golden('cli/backtest-json.txt', `${[...lines, header].join('\n')}\n`);
  });

  it('say null for every figure that nothing was there for', async () => {
    const still = wavingBars(300).replace(/(Z),.*,$/gm, '$1,4000,4003,3997,4000,');
    writeFileSync('still.csv', still);
    const { out } = await run('backtest', '--bars', 'still.csv', '--sessions', 'bars', '--json');
    const { statistics } = JSON.parse(out);
    const absent = Object.keys(statistics).filter((name) => statistics[name] === null);
    expect(absent).toEqual([
      ...['profitFactor', 'expectancy', 'sqn', 'winRate', 'averageWin', 'averageLoss', 'payoff'],
      ...['averageBars', 'averageAdverse', 'averageFavourable', 'worstAdverse'],
      ...['sharpe', 'sortino', 'calmar'],
    ]);
    const { trades, netProfit, returnShare, cagr, exposure, dailyVar, dailyCvar } = statistics;
    expect({ trades, netProfit, returnShare, cagr, exposure, dailyVar, dailyCvar }).toEqual({
      ...{ trades: 0, netProfit: 0, returnShare: 0, cagr: 0, exposure: 0 },
      ...{ dailyVar: 0, dailyCvar: 0 },
    });
    expect((await run('backtest', '--bars', 'still.csv', '--sessions', 'bars')).out).toContain(
      'Profit factor (after costs)           n/a',
    );
  });

  it('of a page escapes what comes from outside', async () => {
    const file = `<b>&"it's".csv`;
    writeFileSync(file, wavingBars(300));
    await run('backtest', '--bars', file, '--sessions', 'bars', '--html', 'safe.html');
    const page = readFileSync('safe.html', 'utf8');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&lt;b&gt;&amp;&quot;it&#39;s&quot;.csv');
  });
});

describe('doubts about bars', () => {
  it('names holes inside trading hours, and none where a session ended', async () => {
    const text = wavingBars(40).split('\n');
    const shifted = text.map((line) => line.replace('T00:', 'T02:').replace('T01:', 'T03:'));
    const session = [text[0], ...shifted.slice(7, 25)];
    writeFileSync('holes.csv', `${[...session.slice(0, 6), ...session.slice(12)].join('\n')}\n`);
    const { code, out } = await run('backtest', '--bars', 'holes.csv', '--timeframe', '5m');
    expect(code).toBe(0);
    expect(joined(out)).toContain(
      '! One hole of more than three bars in trading hours, the longest 6 bars',
    );
  });

  it('names a pause of weeks, and how many trades were held over it', async () => {
    const { trades } = JSON.parse((await run('backtest', ...OWN, '--json')).out);
    const { entryTime } = trades.find((one: { bars: number }) => one.bars > 9);
    const cut = (entryTime - Date.UTC(2025, 0, 6)) / 300_000 + 5;
    const lines = wavingBars(700).trimEnd().split('\n');
    const later = lines.map((line, at) => (at > cut ? line.replace('2025-01', '2025-03') : line));
    writeFileSync('pause.csv', `${later.join('\n')}\n`);
    const asked = ['--bars', 'pause.csv', '--sessions', 'bars', '--set', 'TREND_FILTER=false'];
    const { out } = await run('backtest', ...asked, '--html', 'pause.html', '--json');
    const [caution] = JSON.parse(out).cautions;
    expect(caution).toMatch(
      /^A pause of more than a week without any bar, the longest from 2025-01-0\d to 2025-03-0\d: /,
    );
    expect(caution).toContain(': taken as a closed market; 1 trade was held over it.');
    expect(readFileSync('pause.html', 'utf8')).toContain(`<p class="caution">${caution}</p>`);
    const swept = await run('sweep', ...asked, '--param', 'tp=2', '--param', 'sl=1');
    expect(swept.err).toContain('taken as a closed market.');
  });

  it('says when no reading was known in the time of the bars', async () => {
    writeFileSync('old.csv', 'time,score,confidence\n2019-01-06T09:00:00Z,40,80\n');
    const { out } = await run('backtest', ...OWN, '--sentiment', 'old.csv');
    expect(out).toContain('! None of the 1 readings was known in the time of these bars.');
  });

  it('refuses bars outside the hours with their line', async () => {
    const { code, err } = await run('backtest', '--bars', 'bars.csv');
    expect([code, err]).toEqual([64, expect.stringMatching(/line 2, the bar of 2025-01-06T00:00/)]);
  });
});
