// Appearance: colours from the environment alone, six modes told apart without any.
import { describe, expect, it } from 'vitest';
import {
  detectAscii,
  detectColour,
  makeLook,
  modeRule,
  modeWords,
  THEMES,
} from '../../src/ui/look.ts';
import { displayWidth } from '../../src/ui/text.ts';

describe('colour detection', () => {
  it.each([
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'xterm' }, '16'],
    [{ TERM: 'xterm', COLORTERM: 'truecolor' }, 'true'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{ TERM: 'dumb' }, 'none'],
    [{}, 'none'],
    [{ TERM: 'xterm', FORCE_COLOR: '3' }, 'true'],
    [{ TERM: 'xterm', FORCE_COLOR: '0' }, 'none'],
  ] as const)('%j gives %s', (env, wanted) => {
    expect(detectColour(env)).toBe(wanted);
  });

  it('draws in ASCII where the locale or the console cannot do better', () => {
    expect(detectAscii({ LANG: 'C' })).toBe(true);
    expect(detectAscii({ LANG: 'en_GB.UTF-8' })).toBe(false);
    expect(detectAscii({ LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' })).toBe(true);
    expect(detectAscii({ TERM: 'linux', LANG: 'en_GB.UTF-8' })).toBe(true);
    expect(detectAscii({})).toBe(false);
  });
});

describe('looks', () => {
  it('without colour no role has one', () => {
    for (const theme of THEMES) {
      const { sgr } = makeLook({ colour: 'none', theme, ascii: false });
      for (const parameters of Object.values(sgr)) expect(parameters).toMatch(/^[17;]*$/);
    }
  });

  it('every glyph and its ASCII form take one cell', () => {
    for (const ascii of [false, true]) {
      const { glyphs } = makeLook({ colour: '16', theme: 'dark', ascii });
      for (const glyph of Object.values(glyphs)) expect(displayWidth(glyph)).toBe(1);
    }
  });

  it('tells the six modes apart by words and by frame, in both character sets (F116)', () => {
    const all = (['sim', 'demo', 'live'] as const).flatMap((environment) =>
      (['dry-run', 'live'] as const).map((mode) => modeWords(environment, mode)),
    );
    expect(all).toEqual([
      'SIM',
      'SIM LIVE',
      'DEMO DRY-RUN',
      'DEMO LIVE',
      'LIVE DRY-RUN',
      'LIVE REAL MONEY',
    ]);
    for (const ascii of [false, true]) {
      const look = makeLook({ colour: 'none', theme: 'dark', ascii });
      expect(new Set(all.map((words) => modeRule(words, look))).size).toBe(6);
    }
  });
});
