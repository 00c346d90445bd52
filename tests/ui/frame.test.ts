// Whole screens: golden pictures of every situation, and laws that hold at every size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/engine/index.ts';
import { positionId, RUNGS, seq, untrusted, wall } from '../../src/engine/index.ts';
import { PANELS } from '../../src/ui/layout.ts';
import { plainText } from '../../src/ui/lines.ts';
import { displayWidth } from '../../src/ui/text.ts';
import type { Dialog } from '../../src/ui/ui-state.ts';
import { quiet } from '../support/builders-snapshot.ts';
import {
  afterKeys,
  draw,
  LOGINS,
  OPENED,
  picture,
  type Screen,
  SIZES,
  sized,
} from '../support/frames.ts';
import { golden } from '../support/golden.ts';
import { SITUATIONS, type Situation } from '../support/situations-snapshot.ts';

const EVERY = Object.keys(SITUATIONS) as Situation[];

describe('golden screens', () => {
  for (const size of SIZES) {
    for (const name of EVERY) {
      it(`${name} at ${size}`, () => {
        golden(`ui/frames/${size}/${name}.txt`, picture(SITUATIONS[name](), sized(size)));
      });
    }
    it(`connecting at ${size}`, () => {
      golden(`ui/frames/${size}/connecting.txt`, picture(undefined, sized(size)));
    });
  }

  it('a long position at 120x40, as the README shows it', () => {
    const screen = { columns: 120, rows: 40 };
    golden('ui/frames/console-120x40.txt', picture(SITUATIONS.long(), screen));
  });

  it.each(['80x24', '120x40'])('ASCII at %s', (size) => {
    const text = picture(SITUATIONS.long(), { ...sized(size), ascii: true });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    golden(`ui/frames/${size}/long-ascii.txt`, text);
  });

  it.each([
    ['none', 'dark'],
    ['16', 'dark'],
    ['256', 'light'],
    ['true', 'colour-blind'],
    ['256', 'contrast'],
    ['256', 'red-up'],
  ] as const)('with colour level %s and theme %s', (colour, theme) => {
    const lines = draw(SITUATIONS.tripped(), { columns: 80, rows: 24, colour, theme });
    golden(`ui/frames/80x24/tripped-${colour}-${theme}.ansi`, `${lines.join('\n')}\n`);
  });

  it.each(PANELS)('%s focused and zoomed at 80x24', (panel) => {
    const at = { columns: 80, rows: 24 };
    const ui = { focus: panel, tab: panel };
    golden(`ui/frames/80x24/focus-${panel}.txt`, picture(SITUATIONS.long(), { ...at, ui }));
    const zoomed = { ...at, ui: { ...ui, zoom: true } };
    golden(`ui/frames/80x24/zoom-${panel}.txt`, picture(SITUATIONS.long(), zoomed));
  });
});

describe('dialogs', () => {
  const dialogIn = (size: string, situation: Situation, keys: readonly string[]) => {
    const screen = sized(size);
    return { ...screen, ui: afterKeys(situation, keys, screen) };
  };

  it.each(OPENED)('%s at 80x24', (name, situation, keys) => {
    const screen = dialogIn('80x24', situation, keys);
    golden(`ui/frames/80x24/dialog-${name}.txt`, picture(SITUATIONS[situation](), screen));
  });

  it.each(OPENED)('%s at 120x40, in colour', (name, situation, keys) => {
    const screen = { ...dialogIn('120x40', situation, keys), colour: '256' } as const;
    const lines = draw(SITUATIONS[situation](), screen);
    golden(`ui/frames/120x40/dialog-${name}.ansi`, `${lines.join('\n')}\n`);
  });
});

describe('a recording', () => {
  const playback = { state: 'paused', speed: 60 } as const;

  it.each(SIZES)('at %s', (size) => {
    const text = picture(SITUATIONS.long(), { ...sized(size), ui: { playback } });
    golden(`ui/frames/${size}/replay.txt`, text);
  });

  it('with its keys explained, at 80x24', () => {
    const screen = { ...sized('80x24'), ui: { playback } };
    const ui = afterKeys('long', ['?'], screen);
    golden('ui/frames/80x24/replay-help.txt', picture(SITUATIONS.long(), { ...screen, ui }));
  });
});

describe('a login from inside the console', () => {
  it.each(LOGINS)('%s', (name, ui) => {
    const low = picture(SITUATIONS.tripped(), { ...sized('80x24'), ui });
    golden(`ui/frames/80x24/dialog-${name}.txt`, low);
    const colour = { ...sized('120x40'), ui, colour: '256' } as const;
    const lines = draw(SITUATIONS.tripped(), colour);
    golden(`ui/frames/120x40/dialog-${name}.ansi`, `${lines.join('\n')}\n`);
  });

  it('the address is whole at every size that has panels', () => {
    for (const size of ['60x16', '60x24', '80x24', '120x40', '240x70']) {
      const [, ui] = LOGINS[0] ?? ['', {}];
      const shown = picture(SITUATIONS.tripped(), { ...sized(size), ui });
      const inner = [...shown.matchAll(/│ (\S+) *│/g)].map((match) => match[1]).join('');
      expect(inner, size).toContain(
        'state=Qm9s0r2kT5vYwX8zA1cD4eF7gH0jK3mN6pR9sU2vX5y&product=web',
      );
    }
  });
});

describe('dialogs in a low terminal', () => {
  const boxes = OPENED.filter(([name]) => name !== 'disabled');
  it.each(['60x16', '60x24', '80x16', '80x24', '100x30'])('at %s say how to close them', (size) => {
    for (const [name, situation, keys] of boxes) {
      const screen = sized(size);
      const ui = afterKeys(situation, keys, screen);
      expect(picture(SITUATIONS[situation](), { ...screen, ui }), name).toContain('Esc');
    }
  });

  it.each(['60x16', '80x24', '120x40'])('every rung of the ladder is there at %s', (size) => {
    for (const situation of EVERY) {
      const screen = sized(size);
      const ui = afterKeys(situation, ['K'], screen);
      const shown = picture(SITUATIONS[situation](), { ...screen, ui });
      for (const rung of RUNGS) expect(shown).toMatch(new RegExp(`[·✓] ${rung} +\\w`));
    }
  });
});

/** Every line exactly as wide as the terminal, and as many as the frame has rows. */
function expectExact(lines: readonly string[], { columns, rows }: Screen): void {
  if (lines.length !== Math.max(1, rows - 1)) throw new Error(`rows at ${columns}x${rows}`);
  for (const line of lines) {
    const own = displayWidth(plainText(line));
    if (own !== columns) throw new Error(`${own} cells at ${columns}x${rows}: ${plainText(line)}`);
  }
}

describe('laws of every screen', () => {
  it('every line has exactly the width, at every size from 1x1 to 200x60 (F113)', () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 200 }),
      rows: fc.integer({ min: 1, max: 60 }),
    });
    const screens = fc.tuple(
      size,
      fc.constantFrom(...EVERY),
      fc.constantFrom(...PANELS),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(...OPENED.map(([, , keys]) => keys), []),
      fc.constantFrom(undefined, { state: 'paused', speed: 100_000 } as const),
    );
    fc.assert(
      fc.property(screens, ([at, name, focus, zoom, ascii, keys, playback]) => {
        const ui = afterKeys(name, keys, { ...at, ui: { focus, tab: focus, zoom, playback } });
        expectExact(draw(SITUATIONS[name](), { ...at, ascii, ui, colour: '256' }), at);
      }),
      { numRuns: 1_200 },
    );
  });

  it('the numbers the layout promises are present and whole from 60x16 to 240x70 (F113)', () => {
    const size = fc.record({
      columns: fc.integer({ min: 60, max: 240 }),
      rows: fc.integer({ min: 16, max: 70 }),
    });
    const promised = ['4012', '4014', '-312.50', 'NONE', '37 m 08 s'];
    const wider = ['-2,520.00', '3998', '3918', '3968', '4041'];
    const focused = fc.constantFrom(...PANELS);
    fc.assert(
      fc.property(size, focused, fc.boolean(), (at, focus, zoom) => {
        const ui = { focus, tab: focus, zoom };
        const anywhere = picture(SITUATIONS.tripped(), { ...at, ui });
        // A cut number would be followed by an ellipsis, one without room is filled with marks.
        expect(anywhere).not.toMatch(/\d…|##/);
        expect(anywhere).toContain('-312.50');
        const table = picture(SITUATIONS.tripped(), at);
        const wanted = at.columns < 80 || at.rows < 24 ? promised : [...promised, ...wider];
        for (const number of wanted) expect(table).toContain(number);
      }),
      { numRuns: 300 },
    );
  });

  it('survives the smallest sizes one by one', () => {
    for (let columns = 1; columns <= 62; columns += 3) {
      for (let rows = 1; rows <= 18; rows += 1) {
        for (const name of EVERY) {
          expectExact(draw(SITUATIONS[name](), { columns, rows }), { columns, rows });
        }
      }
    }
  });

  it('words from outside never move the cursor, whatever they are (I24)', () => {
    const hostile = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\x1b[2J', '\x1b]0;x\x07', '\x9b1m', '\u202e', '\u200b', '油', '\n'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 30,
    });
    fc.assert(
      fc.property(hostile, fc.constantFrom(...SIZES), (text, size) => {
        const at = sized(size);
        for (const line of draw(poisoned(text), at)) {
          const shown = plainText(line);
          const isMoving = /\p{Cc}|\p{Bidi_Control}/u.test(shown);
          if (isMoving || displayWidth(shown) !== at.columns) {
            throw new Error(`at ${size}: ${JSON.stringify(shown)}`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the mode is in words at every size that can hold it (F116)', () => {
    for (const { columns, rows } of [...SIZES.map(sized), { columns: 16, rows: 2 }]) {
      const [first] = draw(SITUATIONS.tripped(), { columns, rows });
      expect(plainText(first ?? '')).toContain('LIVE REAL MONEY');
    }
  });

  it('no stop and unknown are words on every screen, whatever has focus (F116)', () => {
    for (const panel of PANELS) {
      for (const size of SIZES) {
        const ui = { focus: panel, tab: panel };
        expect(picture(SITUATIONS.tripped(), { ...sized(size), ui })).toContain('NO STOP');
        expect(picture(SITUATIONS.unknown(), { ...sized(size), ui })).toContain('UNKNOWN');
      }
    }
  });

  it('a picture depends on nothing but its inputs', () => {
    const screen = { columns: 120, rows: 40 };
    expect(draw(quiet(), screen)).toEqual(draw(quiet(), screen));
  });

  it('what is behind a dialog steps back, the two top rows do not', () => {
    const at = { columns: 120, rows: 40, colour: '256' as const };
    const plain = draw(SITUATIONS.long(), at);
    const asked = draw(SITUATIONS.long(), { ...at, ui: afterKeys('long', ['c'], at) });
    expect(asked.slice(0, 2)).toEqual(plain.slice(0, 2));
    const axis = asked.findIndex((line) => plainText(line).includes('┤4000'));
    expect(plain[axis]).toContain('\x1b[38;5;78m');
    expect(new Set(asked[axis]?.match(/\x1b\[[0-9;]*m/g))).toEqual(
      new Set(['\x1b[38;5;245m', '\x1b[0m']),
    );
  });

  it('every dialog of the union is drawn or is in the footer', () => {
    const dialogs: readonly Dialog[] = [
      { type: 'help', top: 0 },
      { type: 'details', row: 'p:gone' },
      { type: 'breakers', index: 99 },
      { type: 'reset', breaker: 'KILL', typed: '' },
      { type: 'filter', typed: 'x' },
      { type: 'quit' },
      { type: 'login', typed: '' },
      { type: 'inbox', index: 7 },
      { type: 'palette', typed: 'zzz', index: 3 },
      { type: 'ladder', typed: '', typedAt: 0 },
      { type: 'arming', typed: '', typedAt: 0 },
      { type: 'entry', seq: seq(0) },
      { type: 'explain', barTime: wall(0) },
      {
        type: 'verdict',
        ruling: { type: 'adopt', positionId: positionId('1') },
        typed: '',
        index: 0,
        shown: '',
      },
    ];
    const bare = picture(quiet(), { columns: 80, rows: 24 });
    for (const dialog of dialogs) {
      expect(picture(quiet(), { columns: 80, rows: 24, ui: { dialog } })).not.toBe(bare);
    }
  });
});

/** The same words in every place where somebody else's text can arrive. */
function poisoned(text: string): Snapshot {
  const base = SITUATIONS.long();
  const first = base.activity[0];
  const decision = base.decisions[0];
  return {
    ...base,
    instrument: base.instrument && { ...base.instrument, name: text, description: untrusted(text) },
    account: base.account && { ...base.account, login: text, brokerName: untrusted(text) },
    link: { ...base.link, reason: untrusted(text) },
    activity: first === undefined ? [] : [{ ...first, text, outside: untrusted(text) }],
    decisions:
      decision === undefined
        ? []
        : [
            {
              ...decision,
              sentence: text,
              gates: decision.gates.map((gate) => ({ ...gate, value: text })),
            },
          ],
    breakers: base.breakers.map((one) => ({ ...one, tripped: true, reason: text, distance: text })),
    entriesBlockedBy: text,
  };
}
