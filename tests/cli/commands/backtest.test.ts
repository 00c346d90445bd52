/**
 * `backtest` and `sweep` as a person uses them: output, files, and every wrong input one sentence.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { golden } from '../../support/golden.ts';
import { runVerb, verbIo } from '../../support/verb-io.ts';

let home = '';
const before = process.cwd();
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'backtest-'));
  process.chdir(home);
  writeFileSync(join(home, 'bars.csv'), csvOf(700));
  writeFileSync(join(home, 'torn.csv.gz'), gzipSync(csvOf(700)).subarray(0, 4_000));
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
    const still = csvOf(300).replace(/(Z),.*,$/gm, '$1,4000,4003,3997,4000,');
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
    writeFileSync(file, csvOf(300));
    await run('backtest', '--bars', file, '--sessions', 'bars', '--html', 'safe.html');
    const page = readFileSync('safe.html', 'utf8');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&lt;b&gt;&amp;&quot;it&#39;s&quot;.csv');
  });
});

describe('doubts about bars', () => {
  it('names holes inside trading hours, and none where a session ended', async () => {
    const text = csvOf(40).split('\n');
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
    const lines = csvOf(700).trimEnd().split('\n');
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
    ['a price without end', rows('2025-01-06T00:00:00Z,10,Infinity,9,10,'), 'line 2, column high'],
    ['another zone', rows('2025-01-06T08:00:00+08:00,10,11,9,10,'), 'line 2, column time_utc_iso'],
    ['a high below the close', rows('2025-01-06T00:00:00Z,10,9,9,10,'), 'line 2, column high'],
    ['one bar', rows(good), 'fewer than two bars'],
  ])('%s', async (_name, text, words) => {
    writeFileSync('wrong.csv', text);
    const where = ['--bars', 'wrong.csv', '--sessions', 'bars'];
    for (const verb of [
      ['backtest', '--html'],
      ['backtest', '--trades'],
      ['sweep', '--out'],
    ]) {
      const { code, out, err } = await run(...verb, 'none', ...where);
      expect([code, out]).toEqual([64, '']);
      expect(err).toContain(words);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
      expect(readdirSync('.').filter((name) => name.startsWith('none'))).toEqual([]);
    }
  });

  it.each([
    ['an empty file', '', 'the table is empty'],
    ['no reading', 'time,score,confidence\n', 'holds no reading'],
    ['another delimiter', 'time;score;confidence\n', 'missing columns: time, score, confidence'],
    [
      'a score that is none',
      'time,score,confidence\n2025-01-06T09:00:00Z,NaN,80\n',
      'line 2: score',
    ],
    ['no zone', 'time,score,confidence\n2025-01-06 09:00,40,80\n', 'is no time with a zone'],
    ['a torn line', 'time,score,confidence\n2025-01-06T09:00:00Z,40\n', 'line 2: 2 cells'],
    ['bars', `${HEADER}\n${good}\n`, 'missing columns'],
  ])('%s for readings', async (_name, text, words) => {
    writeFileSync('news.csv', text);
    for (const verb of ['backtest', 'sweep']) {
      const { code, out, err } = await run(verb, ...OWN, '--sentiment', 'news.csv');
      expect([code, out]).toEqual([64, '']);
      expect(err).toContain(words);
    }
  });

  it.each([
    [['--bars', 'nowhere.csv'], 'nowhere.csv cannot be read: it does not exist'],
    [
      ['--bars', 'bars.csv'],
      'are its times UTC? For a market with other hours say --sessions bars',
    ],
    [['--bars', '.'], '. cannot be read: it is a directory'],
    [['--bars', 'torn.csv.gz'], 'the packed file ends early'],
    [[...OWN, '--spread', '0.5'], '--spread must be a multiple of 1'],
    [[...OWN, '--swap', '-4.5'], 'needed is LONG,SHORT,DAY,HH:MM'],
    [[...OWN, '--swap', '-4.5,1,sunday,22:00'], 'needed is LONG,SHORT,DAY,HH:MM'],
    [[...OWN, '--spread', '-1'], '--spread: "-1" is not allowed'],
    [[...OWN, '--commission', '0.001'], 'with at most 2 decimals'],
    [[...OWN, '--balance', '1e9'], '--balance: "1e9" is not allowed'],
    [[...OWN, '--timeframe', '7m'], 'RSI_TIMEFRAME: "7m" from the command line is not allowed'],
    [[...OWN, '--set', 'RSI_PERIOD='], 'RSI_PERIOD: "" from the command line is not allowed'],
    [[...OWN, '--sped', '3'], 'Did you mean one of --set, --spread?'],
    [[...OWN, '--nope'], 'backtest --help lists the options'],
    [[...OWN, '--set', 'RSI_PEROID=3'], 'Did you mean RSI_PERIOD?'],
    [[...OWN, '--set', 'RSI_PERIOD=1'], 'RSI_PERIOD'],
    [[...OWN, '--set', 'CTRADER_ACCOUNT_ID=3'], 'no strategy or risk setting'],
    [[...OWN, '--set', 'RSI_OVERSOLD=80'], 'RSI_OVERSOLD must be below'],
    [[...OWN, '--sessions', 'never'], 'allowed is fcpo or bars'],
    [[...OWN, '--timeframe', '1m'], '5 min long and cannot make 1 min'],
    [[...OWN, '--html', 'no/such/place.html'], 'its directory does not exist; make it first'],
    [[...OWN, '--html', '.'], '. cannot be written: it is a directory; name a file in it'],
    [[...OWN, '--trades', 'bars.csv/trades.csv'], 'a part of its path is no directory'],
  ])('%s', async (args, words) => {
    const { code, out, err } = await run('backtest', ...args);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(words);
  });

  it('none of two files is left when one of them cannot be written', async () => {
    const { code } = await run('backtest', ...OWN, '--trades', 'alone.csv', '--html', 'no/x.html');
    expect(code).toBe(64);
    expect(readdirSync('.').filter((name) => name.startsWith('alone'))).toEqual([]);
  });

  it.each([
    [['--param', 'nonsense'], 'a parameter is one of rsi_buy, rsi_sell, tp, sl'],
    [['--param', 'tp=1:2'], 'write tp=from:to:step, or tp=value'],
    [['--param', 'tp=3:1:1'], 'tp goes upwards between 0.1 and 50'],
    [['--param', 'tp=1:3:0'], 'is not allowed'],
    [['--param', 'sl=NaN'], 'is not allowed'],
    [['--param', 'rsi_buy=0'], 'rsi_buy goes upwards between 1 and 99'],
    [['--param', 'rsi_period=2.5'], 'in whole numbers'],
    [['--param', 'rsi_buy=90', '--param', 'rsi_sell=10'], 'rsi_buy must be below rsi_sell'],
    [['--param', 'tp=0.1:50:0.01', '--param', 'sl=0.1:20:0.01'], 'sets are too many'],
    [['--param', 'sl=6:7:1'], 'No set is left'],
    [['--min-trades', 'x'], '--min-trades: "x" is not allowed'],
    [['--walk-forward', '20'], 'a whole number up to 19 is'],
    [['--workers', '-1'], 'a whole number up to 64 is'],
    [['--shard', '5/3'], 'a part such as 2/8 is'],
    [['--merge', '.'], '. cannot be read: it is a directory'],
    [['--out', 'no/such/place.csv'], 'its directory does not exist; make it first'],
    [['--out', '.'], 'it is a directory; name a file in it'],
  ])('of a sweep: %s', async (args, words) => {
    const { code, out, err } = await run('sweep', ...OWN, ...args);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(words);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
