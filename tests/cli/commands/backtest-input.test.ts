/**
 * What `backtest` and `sweep` refuse: every wrong file, option and place is one sentence, exit 64,
 * nothing on standard output, and no file.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerb } from '../../support/verb-io.ts';
import { BAR_HEADER, wavingBars } from '../../support/waving-bars.ts';

let home = '';
const before = process.cwd();
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'backtest-input-'));
  process.chdir(home);
  writeFileSync('bars.csv', wavingBars(700));
  writeFileSync('torn.csv.gz', gzipSync(wavingBars(700)).subarray(0, 4_000));
});
afterAll(() => {
  process.chdir(before);
  rmSync(home, { recursive: true });
});

const run = (...argv: string[]) =>
  runVerb(argv, { XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, LANG: 'C.UTF-8' });

const OWN = ['--bars', 'bars.csv', '--sessions', 'bars', '--set', 'TREND_FILTER=false'];

describe('wrong input is one sentence, exit 64, nothing on standard output, no file', () => {
  const rows = (text: string) => `${BAR_HEADER}\n${text}\n`;
  const good = '2025-01-06T00:00:00Z,10,11,9,10,';
  it.each([
    ['an empty file', '', 'line 1, column header'],
    ['another delimiter', rows(good).replaceAll(',', ';'), 'line 1, column header'],
    ['no data', `${BAR_HEADER}\n`, 'at least one line of data'],
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
    ['bars', `${BAR_HEADER}\n${good}\n`, 'missing columns'],
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
    [
      [...OWN, '--rolls', '2025-02-30'],
      '--rolls: "2025-02-30" is not allowed; needed is 2024-11-18',
    ],
    [[...OWN, '--rolls', '2025-01-07='], 'is not allowed'],
    [[...OWN, '--rolls', '2025-01-08,2025-01-07'], 'must be in the order of their times'],
    [[...OWN, '--rolls', '2030-01-01'], 'bars.csv: there is no bar after the roll 2030-01-01'],
    [[...OWN, '--rolls', '2025-01-07=-9999'], 'a price would not be above 0'],
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
