// The bell rings for new trouble once; copied text cannot end its own sequence.
import { describe, expect, it } from 'vitest';
import { canCopy, copySequence, ringsFor, troubles } from '../../src/ui/signals.ts';
import { SITUATIONS } from '../support/situations-snapshot.ts';

describe('bell', () => {
  it('knows every kind of trouble', () => {
    expect(troubles(SITUATIONS.quiet())).toEqual([]);
    expect(troubles(SITUATIONS.tripped())).toEqual([
      'breaker DAILY_LOSS',
      'breaker LOSS_STREAK',
      'naked 70012',
    ]);
    expect(troubles(SITUATIONS.unknown())).toEqual(['order c-7f3a']);
  });

  it('rings for what is new, not for what was there or went away', () => {
    expect(ringsFor(undefined, ['a'])).toBe(false);
    expect(ringsFor([], ['a'])).toBe(true);
    expect(ringsFor(['a'], ['a'])).toBe(false);
    expect(ringsFor(['a'], [])).toBe(false);
    expect(ringsFor(['a'], ['b'])).toBe(true);
  });
});

describe('clipboard', () => {
  it('carries any text as base 64', () => {
    const sequence = copySequence('a\u0007\u001b[2J油');
    const [, text = ''] = /^\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007$/.exec(sequence) ?? [];
    expect(Buffer.from(text, 'base64').toString('utf8')).toBe('a\u0007\u001b[2J油');
  });

  it.each([
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'tmux-256color' }, true],
    [{ TERM: 'linux' }, false],
    [{ TERM: 'vt220' }, false],
    [{}, false],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, false],
  ])('%o: %s', (env, can) => expect(canCopy(env)).toBe(can));
});
