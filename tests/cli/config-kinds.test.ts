/** Kinds of values: what text is read, exactly as what, and what is refused (F118). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  address,
  bpsAsPercent,
  choice,
  duration,
  flag,
  integer,
  isLoopback,
  type Kind,
  list,
  percent,
  seconds,
  secret,
  timeframe,
} from '../../src/cli/config-kinds.ts';

function parse<T>(kind: Kind<T>, text: string): T | 'refused' {
  const read = kind.schema.safeParse(text);
  return read.success ? read.data : 'refused';
}

describe('percent', () => {
  it.each([
    ['1.5', 150],
    ['1.15', 115],
    ['2', 200],
    ['0.1', 10],
    ['5.0', 500],
    ['1.5%', 150],
    ['1.5 %', 150],
  ])('reads %s as %i basis points, exactly', (text, bps) => {
    expect(parse(percent(10, 500), text)).toBe(bps);
  });

  it.each([
    '',
    '0',
    '0.05',
    '5.01',
    '-1',
    '+1',
    '1,5',
    '1.555',
    '1e0',
    'NaN',
    '.5',
    '1.',
    '٣',
    '0x1',
  ])('refuses %j (F118)', (text) => expect(parse(percent(10, 500), text)).toBe('refused'));

  it('every basis point survives the way to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), (bps) => {
        expect(parse(percent(0, 99_999), bpsAsPercent(bps))).toBe(bps);
      }),
    );
  });
});

describe('whole numbers', () => {
  it.each(['1.0', '1e3', '0x10', ' 5', '5 ', '05', '-0', '1_000', '٥', '99999999999999999'])(
    'refuse %j',
    (text) => expect(parse(integer(0, 10_000), text)).toBe('refused'),
  );

  it('hold their bounds on both sides', () => {
    expect(['1', '2', '9', '10'].map((text) => parse(integer(2, 9), text))).toEqual([
      'refused',
      2,
      9,
      'refused',
    ]);
  });

  it('seconds arrive as milliseconds and show as seconds', () => {
    expect(parse(seconds(1, 300), '5')).toBe(5_000);
    expect(seconds(1, 300).show(5_000)).toBe('5');
    expect(parse(seconds(1, 300), '301')).toBe('refused');
  });
});

describe('times', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['6h', 21_600_000],
    ['2d', 172_800_000],
  ])('a duration %s is %i ms and shows itself again', (text, ms) => {
    expect(parse(duration(10), text)).toBe(ms);
    expect(parse(duration(10), duration(10).show(ms))).toBe(ms);
  });

  it.each(['0s', '11d', '1.5h', '5', 'h', '5 m', '1w', '-1h'])('a duration %j is refused', (text) =>
    expect(parse(duration(10), text)).toBe('refused'),
  );

  it('a timeframe is one the broker knows', () => {
    expect(parse(timeframe(), '5m')).toBe(300_000);
    expect(parse(timeframe(), '1H')).toBe(3_600_000);
    expect(parse(timeframe(), '7m')).toBe('refused');
  });
});

describe('words, lists and addresses', () => {
  it('a word is read in any case and kept as written in the table', () => {
    expect(parse(choice('info', 'warn'), 'INFO')).toBe('info');
    expect(parse(choice('info', 'warn'), 'inf')).toBe('refused');
  });

  it('a doubtful boolean is a question, not a no', () => {
    expect(['true', 'FALSE', '1', 'off', 'nope', ''].map((text) => parse(flag(), text))).toEqual([
      true,
      false,
      true,
      false,
      'refused',
      'refused',
    ]);
  });

  it('a list drops empty parts and refuses a bad one', () => {
    expect(parse(list(/^[a-z]+$/, 'words'), 'a, b,,c')).toEqual(['a', 'b', 'c']);
    expect(parse(list(/^[a-z]+$/, 'words'), 'a,B')).toBe('refused');
  });

  it.each([
    ['https://api.example.com/v1', true],
    ['http://127.0.0.1:8899', true],
    ['http://localhost:8899', true],
    ['http://example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['https://user:pass@example.com', false],
    ['file:///etc/passwd', false],
    ['example.com', false],
  ])('address %s is allowed: %s', (text, isAllowed) => {
    expect(parse(address(), text) === text).toBe(isAllowed);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['LOCALHOST', true],
    ['127.0.0.1.nip.io', false],
    ['10.0.0.1', false],
    ['', false],
  ])('%j is this machine: %s', (host, isLocal) => expect(isLoopback(host)).toBe(isLocal));

  it('a secret never shows itself (F98)', () => {
    const value = secret().schema.parse('canary-123');
    expect(secret().show(value)).not.toContain('canary');
    expect(value.reveal()).toBe('canary-123');
  });
});
