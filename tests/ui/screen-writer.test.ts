// Cells, not screens: what arrives equals plain painting, and nothing arrives when nothing changed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact, renderLine, span } from '../../src/ui/lines.ts';
import { makeLook } from '../../src/ui/look.ts';
import { cellsOf, ScreenWriter } from '../../src/ui/screen-writer.ts';
import { FakeOutput, type ScreenModel } from '../support/terminal.ts';

const WIDTH = 14;
const HEIGHT = 4;
const look = makeLook({ colour: 'true', theme: 'dark', ascii: false });

/** The same lines painted plainly: every cell where the line says it is. */
const plainly = (lines: readonly string[], width = WIDTH) =>
  lines.map((line) => {
    const { characters, styles } = cellsOf(line, width);
    return characters.map((character, x) => ({ character, style: styles[x] }));
  });

const expectSame = (screen: ScreenModel, lines: readonly string[]) => {
  expect(screen.foreign).toEqual([]);
  const [shown, wanted] = [screen.cells().slice(0, lines.length), plainly(lines)];
  // A comparison of thousands of cells is for the one that differs.
  if (JSON.stringify(shown) !== JSON.stringify(wanted)) expect(shown).toEqual(wanted);
};

const piece = fc.record({
  role: fc.constantFrom('text', 'good', 'bad', 'badge', 'dim', 'alarm'),
  text: fc.string({
    unit: fc.constantFrom('a', 'b', ' ', ' ', '7', '油', '価', '🌴', 'e\u0301', '─', '█'),
    maxLength: 6,
  }),
});
const frame = fc
  .array(fc.array(piece, { maxLength: 5 }), { minLength: HEIGHT, maxLength: HEIGHT })
  .map((lines) => lines.map((line) => renderLine(exact(line, WIDTH), look)));

describe('screen writer', () => {
  it('equals plain painting for any sequence of frames, with wide characters', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
        const output = new FakeOutput(WIDTH, HEIGHT);
        const writer = new ScreenWriter(output);
        for (const lines of frames) {
          writer.paint(lines, WIDTH);
          expectSame(output.screen, lines);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('writes nothing when nothing changed, and one synchronised write when something did', () => {
    const output = new FakeOutput(20, 2);
    const writer = new ScreenWriter(output);
    const lines = (price: string) => [`bid ${price}            `, ' '.repeat(20)];
    writer.paint(lines('4012'), 20);
    writer.paint(lines('4012'), 20);
    expect(output.written).toHaveLength(1);
    writer.paint(lines('4013'), 20);
    expect(output.written[1]).toBe('\x1b[?2026h\x1b[1;8H3\x1b[?2026l');
  });

  it('clears once at the start and once per resize, never in between (F115)', () => {
    const output = new FakeOutput(WIDTH, HEIGHT);
    const writer = new ScreenWriter(output);
    const lines = (text: string, width: number) => [
      renderLine(exact([span('text', text)], width), look),
    ];
    for (let count = 0; count < 20; count += 1) writer.paint(lines(String(count), WIDTH), WIDTH);
    expect(output.written.join('').split('\x1b[2J')).toHaveLength(2);
    writer.paint(lines('x', 9), 9);
    expect(output.written.join('').split('\x1b[2J')).toHaveLength(3);
  });

  it('keeps one frame at most while nothing drains, then shows the last (F115)', () => {
    const output = new FakeOutput(WIDTH, 1);
    const writer = new ScreenWriter(output);
    output.closeTap();
    const line = (count: number) => [String(count).padEnd(WIDTH)];
    for (let count = 0; count < 100; count += 1) writer.paint(line(count), WIDTH);
    expect(output.waiting).toBe(1);
    expect(writer.dropped).toBe(98);
    output.openTap();
    expect(output.screen.line(0).trim()).toBe('99');
  });

  it('paints everything again after it was told to forget', () => {
    const output = new FakeOutput(WIDTH, 1);
    const writer = new ScreenWriter(output);
    writer.paint(['4012'.padEnd(WIDTH)], WIDTH);
    output.screen.feed('\x1b[1;1Hgarbage');
    writer.forget();
    writer.paint(['4012'.padEnd(WIDTH)], WIDTH);
    expect(output.screen.line(0).trim()).toBe('4012');
  });

  it('refreshes every cell over foreign bytes without a clear', () => {
    const output = new FakeOutput(WIDTH, 2);
    const writer = new ScreenWriter(output);
    const lines = ['4012'.padEnd(WIDTH), ' '.repeat(WIDTH)];
    writer.paint(lines, WIDTH);
    output.screen.feed('\x1b[1;1Hgarbage\x1b[2;3Hmore');
    writer.refresh();
    writer.paint(lines, WIDTH);
    expectSame(output.screen, lines);
    expect(output.written.join('').split('\x1b[2J')).toHaveLength(2);
  });

  it('writes nothing after it was closed, not even what was waiting', () => {
    const output = new FakeOutput(WIDTH, 1);
    const writer = new ScreenWriter(output);
    output.closeTap();
    writer.paint(['one'.padEnd(WIDTH)], WIDTH);
    writer.paint(['two'.padEnd(WIDTH)], WIDTH);
    writer.close();
    output.openTap();
    writer.paint(['three'.padEnd(WIDTH)], WIDTH);
    expect(output.written).toHaveLength(1);
  });

  it('a sequence that is not SGR ends the line instead of reaching the terminal (I24)', () => {
    const output = new FakeOutput(WIDTH, 1);
    new ScreenWriter(output).paint([`ok\x1b[2Jbad`], WIDTH);
    expect(output.screen.clears).toBe(2);
    expect(output.screen.line(0).trim()).toBe('ok');
  });
});
