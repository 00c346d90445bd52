/** Bars of other programs: the same instants and prices, and each doubt named with its line. */
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../src/sim/bar-forms.ts';
import { readBarColumns } from '../../src/sim/bar-text.ts';
import { faultText } from '../../src/sim/recording.ts';

const FIRST = Date.parse('2024-10-16T02:30:00Z');
const read = (text: string, zone?: string) =>
  readBarColumns(new TextEncoder().encode(text), zone === undefined ? undefined : zoneOf(zone));
const faultOf = (text: string, zone?: string): string => {
  const found = read(text, zone);
  return found.ok ? 'no fault' : faultText(found.fault);
};

const MT5 = '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n';
/** Writer, text, and the zone when the text names none; each of two bars of five minutes. */
const EXPORTS: readonly (readonly [string, string, string | undefined])[] = [
  [
    'palm-oil-tui',
    'time_utc_iso,open,high,low,close,volume\n' +
      '2024-10-16T02:30:00Z,4233,4237.5,4226,4230,102\n' +
      '2024-10-16T02:35:00Z,4230,4231,4229,4229,\n',
    undefined,
  ],
  [
    'MetaTrader 4',
    '2024.10.16,05:30,4233.00,4237.50,4226.00,4230.00,102\r\n' +
      '2024.10.16,05:35,4230.00,4231.00,4229.00,4229.00,7\r\n',
    '+03:00',
  ],
  [
    'MetaTrader 5',
    `${MT5}2024.10.16\t05:30:00\t4233.00\t4237.50\t4226.00\t4230.00\t102\t0\t3\r\n` +
      '2024.10.16\t05:35:00\t4230.00\t4231.00\t4229.00\t4229.00\t7\t0\t3\r\n',
    'Europe/Athens',
  ],
  [
    'TradingView',
    'time,open,high,low,close,Volume,RSI\n' +
      '2024-10-16T10:30:00+08:00,4233,4237.5,4226,4230,102,NaN\n' +
      '2024-10-16T10:35:00+08:00,4230,4231,4229,4229,7,31.5\n',
    undefined,
  ],
  [
    'TradingView',
    `time,open,high,low,close\n${FIRST / 1_000},4233,4237.5,4226,4230\n` +
      `${FIRST / 1_000 + 300},4230,4231,4229,4229\n`,
    undefined,
  ],
  [
    'Dukascopy',
    'Gmt time,Open,High,Low,Close,Volume\n' +
      '16.10.2024 02:30:00.000,4233,4237.5,4226,4230,102.25\n' +
      '16.10.2024 02:35:00.000,4230,4231,4229,4229,0\n',
    undefined,
  ],
  [
    'Dukascopy',
    'Local time,Open,High,Low,Close,Volume\n' +
      '16.10.2024 10:30:00.000 GMT+0800,4233,4237.5,4226,4230,102.25\n' +
      '16.10.2024 10:35:00.000 GMT+0800,4230,4231,4229,4229,0\n',
    undefined,
  ],
  [
    'Yahoo',
    'Datetime,Open,High,Low,Close,Adj Close,Volume\n' +
      '2024-10-16 10:30:00+08:00,4233.000000,4237.500000,4226.0,4230,4230,102\n' +
      '2024-10-16 10:35:00+08:00,4230,4231,4229,4229,4229,0\n',
    undefined,
  ],
];

describe('bars of other programs', () => {
  for (const [writer, text, zone] of EXPORTS) {
    it(`are read as ${writer} writes them: ${text.slice(0, 24).trim()}`, () => {
      const found = read(text, zone);
      expect(found.ok ? found.writtenBy : faultText(found.fault)).toBe(writer);
      if (!found.ok) return;
      const { openTime, open, high, low, close } = found.columns;
      expect([...openTime]).toEqual([FIRST, FIRST + 300_000]);
      expect([...open]).toEqual([423_300_000, 423_000_000]);
      expect([...high]).toEqual([423_750_000, 423_100_000]);
      expect([...low]).toEqual([422_600_000, 422_900_000]);
      expect([...close]).toEqual([423_000_000, 422_900_000]);
    });
  }

  it('of days are dates in a zone that is said', () => {
    const text = 'Date,Open,High,Low,Close,Volume\n2024-10-16,1,1,1,1,5\n2024-10-17,1,1,1,1,5\n';
    const found = read(text, 'Asia/Kuala_Lumpur');
    expect(found.ok && [...found.columns.openTime]).toEqual([
      Date.parse('2024-10-15T16:00:00Z'),
      Date.parse('2024-10-16T16:00:00Z'),
    ]);
  });

  it('without a zone are refused with what to say, and never guessed', () => {
    expect(faultOf('2024.10.16,05:30,1,1,1,1,2\n')).toContain(
      'line 1, column date: "2024.10.16" is not allowed; expected a time zone: say --bar-times',
    );
  });

  it('follow a zone through its change of clocks', () => {
    const zone = zoneOf('Europe/Athens');
    expect(zone?.(Date.UTC(2024, 9, 25, 12))).toBe(Date.UTC(2024, 9, 25, 9));
    expect(zone?.(Date.UTC(2024, 9, 28, 12))).toBe(Date.UTC(2024, 9, 28, 10));
    expect(zoneOf('-03:30')?.(0)).toBe(12_600_000);
    for (const wrong of ['Mars/Base', '+15:00', '+01:60', ''])
      expect(zoneOf(wrong)).toBeUndefined();
  });
});

describe('a broken file of bars', () => {
  const HEAD = 'time_utc_iso,open,high,low,close,volume\n';
  const GOOD = '2024-10-16T02:30:00Z,4,5,3,4,1\n';
  const cases: readonly (readonly [string, string, string])[] = [
    ['unsorted', `${HEAD}${GOOD}2024-10-16T02:25:00Z,4,5,3,4,1\n`, 'line 3, column time_utc_iso'],
    ['duplicated', `${HEAD}${GOOD}${GOOD}`, 'a time later than the line before'],
    ['not a number', `${HEAD}2024-10-16T02:30:00Z,4,NaN,3,4,1\n`, 'line 2, column high: "NaN"'],
    ['negative', `${HEAD}2024-10-16T02:30:00Z,4,5,-3,4,1\n`, 'line 2, column low: "-3"'],
    [
      'without a value',
      'Date,Open,High,Low,Close,Volume\n2024-10-16,null,1,1,1,\n',
      '"2024-10-16"',
    ],
    ['semicolons', `${HEAD}${GOOD.replaceAll(',', ';')}`, 'line 2, column all'],
    ['semicolons in the header', HEAD.replaceAll(',', ';') + GOOD, 'line 1, column header'],
    ['a local time', `${HEAD}2024-10-16T02:30:00+08:00,4,5,3,4,1\n`, 'expected a UTC time'],
    ['empty', '', 'line 1, column header: ""'],
    ['only a header', HEAD, 'at least one line of data'],
    ['the 29th of February 2023', `${HEAD}2023-02-29T02:30:00Z,4,5,3,4,1\n`, 'line 2'],
    ['a torn last line', `${HEAD}${GOOD}2024-10-16T02:35:00Z,4,5`, 'line 3, column all'],
    ['more fields than a line holds', `${HEAD}${','.repeat(500)}\n`, 'line 2, column all'],
  ];
  for (const [name, text, expected] of cases) {
    it(`names what is ${name}`, () => expect(faultOf(text)).toContain(expected));
  }

  it('says that UTF-16 is none, and passes over the mark of UTF-8', () => {
    const wide = Buffer.from(`\ufeff${HEAD}${GOOD}`, 'utf16le');
    const found = readBarColumns(wide);
    expect(found.ok ? '' : faultText(found.fault)).toContain('text in UTF-8');
    expect(read(`\ufeff${HEAD}${GOOD}`).ok).toBe(true);
  });

  it('of prices that would lose a digit is refused, of prices filled with zeros not', () => {
    const line = (price: string): string => `${HEAD}2024-10-16T02:30:00Z,${price},9,1,2,\n`;
    expect(faultOf(line('4.1234500'))).toBe('no fault');
    expect(faultOf(line('4.123451'))).toContain('at most 5 decimals');
    for (const wrong of ['4.', '.5', '4.5.6', '1234567890', '', ' 4']) {
      expect(faultOf(line(wrong))).toContain('column open');
    }
  });
});
