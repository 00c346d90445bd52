// Reading recordings: exact prices, and a broken line named with what would be right.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultText, readBars, readTicks } from '../../src/sim/recording.ts';

const HEAD = 'time_utc_iso,open,high,low,close,volume';
const bars = (...lines: string[]): string => [HEAD, ...lines, ''].join('\n');
const GOOD = '2024-10-16T02:30:00Z,4233,4237,4226,4230,102';

function faultOf(text: string): string {
  const read = readBars(text);
  return read.ok ? 'no fault' : faultText(read.fault);
}

describe('recorded bars', () => {
  it('become exact integers; lots are not a number of quotes', () => {
    const read = readBars(bars(GOOD, '2024-10-16T02:31:00Z,1.14814,1.2,1.1,1.15,'));
    expect(read).toEqual({
      ok: true,
      rows: [
        {
          openTime: Date.parse('2024-10-16T02:30:00Z'),
          open: 423_300_000,
          high: 423_700_000,
          low: 422_600_000,
          close: 423_000_000,
          ticks: 0,
        },
        {
          openTime: Date.parse('2024-10-16T02:31:00Z'),
          open: 114_814,
          high: 120_000,
          low: 110_000,
          close: 115_000,
          ticks: 0,
        },
      ],
    });
  });

  it('may end lines the Windows way and without a last line break', () => {
    expect(readBars(`${HEAD}\r\n${GOOD}\r\n`).ok).toBe(true);
    expect(readBars(`${HEAD}\n${GOOD}`).ok).toBe(true);
  });

  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a wrong header',
      `time,open\n${GOOD}`,
      'line 1, column header: "time,open" is not allowed; expected exactly',
    ],
    [
      'no data',
      `${HEAD}\n`,
      'line 2, column all: "" is not allowed; expected at least one line of data',
    ],
    ['a missing field', bars(GOOD, '2024-10-16T02:31:00Z,1,1,1,1'), 'line 3, column all'],
    ['an empty line inside', bars(GOOD, '', GOOD), 'line 3, column all: ""'],
    ['a local time', bars('2024-10-16T02:30:00+08:00,1,1,1,1,'), 'line 2, column time_utc_iso'],
    [
      'a day that does not exist',
      bars('2024-02-30T02:30:00Z,1,1,1,1,'),
      'column time_utc_iso: "2024-02-30T02:30:00Z"',
    ],
    [
      'a repeated time',
      bars(GOOD, GOOD),
      'line 3, column time_utc_iso: "2024-10-16T02:30:00Z" is not allowed; expected a time later',
    ],
    [
      'text for a price',
      bars('2024-10-16T02:30:00Z,abc,1,1,1,'),
      'line 2, column open: "abc" is not allowed; expected a price above 0',
    ],
    ['a price of zero', bars('2024-10-16T02:30:00Z,1,1,0,1,'), 'line 2, column low: "0"'],
    ['six decimals', bars('2024-10-16T02:30:00Z,1.123456,2,1,1,'), 'line 2, column open'],
    ['an exponent', bars('2024-10-16T02:30:00Z,1e3,2000,1,1,'), 'line 2, column open: "1e3"'],
    [
      'a high below the close',
      bars('2024-10-16T02:30:00Z,5,6,4,7,'),
      'line 2, column high: "6" is not allowed; expected not below',
    ],
    ['a low above the open', bars('2024-10-16T02:30:00Z,5,8,6,7,'), 'line 2, column low: "6"'],
    ['a negative volume', bars('2024-10-16T02:30:00Z,5,8,4,7,-1'), 'line 2, column volume: "-1"'],
  ];
  for (const [name, text, expected] of cases) {
    it(`names ${name}`, () => {
      expect(faultOf(text)).toContain(expected);
    });
  }

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(readBars(a).ok).toBe(false);
        expect(typeof readBars(`${HEAD}\n${a},${b},1,1,1,`).ok).toBe('boolean');
        expect(readTicks(b).ok).toBe(false);
      }),
    );
  });
});

describe('recorded ticks', () => {
  const read = (line: string) => readTicks(`time_utc_ms,bid,ask\n1000,1.5,1.6\n${line}\n`);

  it('keep their times and both sides, equal times allowed', () => {
    expect(read('1000,1.4,1.5')).toMatchObject({
      ok: true,
      rows: [{ time: 1000 }, { time: 1000, bid: 140_000, ask: 150_000 }],
    });
  });

  it('may not go back, cross or lack a side', () => {
    expect(read('999,1.4,1.5')).toMatchObject({ fault: { line: 3, column: 'time_utc_ms' } });
    expect(read('1001,1.6,1.5')).toMatchObject({ fault: { line: 3, column: 'ask' } });
    expect(read('1001,,1.5')).toMatchObject({ fault: { line: 3, column: 'bid' } });
    expect(read('1.5,1.4,1.5')).toMatchObject({ fault: { line: 3, column: 'time_utc_ms' } });
  });
});
