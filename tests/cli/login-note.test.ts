/** What is remembered of a login: read back exactly, or not at all; the countdown in words. */
import { describe, expect, it } from 'vitest';
import { loginName, loginNoteText, readLoginNote, timeLeft } from '../../src/cli/login-note.ts';

const NOTE = {
  clientId: 'id-7',
  store: 'encrypted-file',
  scope: 'trading',
  expiresAt: 1_800_000_000_000,
  account: '1000001',
} as const;

describe('the note of a login', () => {
  it('reads back, with an account or without', () => {
    expect(readLoginNote(loginNoteText(NOTE))).toEqual(NOTE);
    const without = { ...NOTE, account: undefined };
    expect(readLoginNote(loginNoteText(without))).toEqual(without);
  });

  it.each([
    undefined,
    '',
    '{',
    'null',
    '[]',
    JSON.stringify({ ...NOTE, v: 2 }),
    JSON.stringify({ ...NOTE, v: 1, store: 'plain' }),
    JSON.stringify({ ...NOTE, v: 1, scope: 'all' }),
    JSON.stringify({ ...NOTE, v: 1, expiresAt: 'soon' }),
  ])('%j is no login', (text) => {
    expect(readLoginNote(text)).toBeUndefined();
  });

  it('an account that is no number is forgotten, the login stays', () => {
    const odd = JSON.stringify({ ...NOTE, v: 1, account: '../x' });
    expect(readLoginNote(odd)).toEqual({ ...NOTE, account: undefined });
  });

  it('keeps demo, live and the simulators of this machine apart', () => {
    const names = [true, false].flatMap((local) => [
      loginName('demo', local),
      loginName('live', local),
    ]);
    expect(new Set(names).size).toBe(4);
  });

  it.each([
    [30 * 86_400_000, '30 days'],
    [86_400_000, '1 day'],
    [7_200_000, '2 hours'],
    [60_000, '1 minute'],
    [59_999, 'less than a minute'],
    [0, 'ended'],
    [-1, 'ended'],
  ])('%d ms left are %s', (left, words) => {
    expect(timeLeft(NOTE.expiresAt + left, NOTE.expiresAt)).toBe(words);
  });
});
