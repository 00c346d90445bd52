// What a terminal emulator shows, as cells with colours: for pictures of live and of drawn screens.
// Deliberately the palette every xterm begins with; a theme of the viewer's is not our business.
import type { Terminal } from '@xterm/headless';
import { INK, PAPER, type SvgCell } from './svg.ts';

const hex = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`;
const SIXTEEN = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f,
  0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
] as const;
const CUBE = [0, 95, 135, 175, 215, 255] as const;
const GREYS_FROM = 232;

/** Colour of one of 256: sixteen of their own, a cube of six, a ramp of greys. */
function paletteHex(index: number): string {
  const own = SIXTEEN[index];
  if (own !== undefined) return hex(own);
  if (index >= GREYS_FROM) return hex((8 + (index - GREYS_FROM) * 10) * 0x010101);
  const at = index - SIXTEEN.length;
  const part = (step: number) => CUBE[Math.floor(at / step) % CUBE.length] ?? 0;
  return hex(part(36) * 0x10000 + part(6) * 0x100 + part(1));
}

export interface Sheet {
  readonly ink: string;
  readonly paper: string;
}
export const DARK_SHEET: Sheet = { ink: INK, paper: PAPER };
export const LIGHT_SHEET: Sheet = { ink: '#24292e', paper: '#ffffff' };

/** Every visible cell of the emulator. */
export function cellsOf(
  terminal: Terminal,
  { ink, paper }: Sheet = DARK_SHEET,
): readonly (readonly SvgCell[])[] {
  const buffer = terminal.buffer.active;
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = buffer.getLine(buffer.viewportY + y);
    return Array.from({ length: terminal.cols }, (_unused, x): SvgCell => {
      const cell = line?.getCell(x);
      const colour = (rgb: boolean, indexed: boolean, value: number, none: string): string =>
        rgb ? hex(value) : indexed ? paletteHex(value) : none;
      if (cell === undefined) return { text: ' ', colour: ink, background: paper, bold: false };
      const front = colour(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor(), ink);
      const back = colour(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor(), paper);
      const isInverse = cell.isInverse() !== 0;
      return {
        text: cell.getWidth() === 0 ? '' : cell.getChars() || ' ',
        colour: isInverse ? back : front,
        background: isInverse ? front : back,
        bold: cell.isBold() !== 0,
      };
    });
  });
}
