/**
 * `npm run demo -- --frames [words]`: every frame the tests keep, and sizes and themes they do not,
 * in colour on contact sheets below build/frames/, to be looked at. Words choose sheets by name.
 * Deliberately SVG: whatever shows it brings the font.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { PANELS } from '../src/ui/layout.ts';
import { THEMES } from '../src/ui/look.ts';
import { ROOT } from '../tests/e2e/terminal-session.ts';
import { cellsOf, DARK_SHEET, LIGHT_SHEET } from '../tests/support/cells.ts';
import { afterKeys, draw, LOGINS, OPENED, type Screen, sized } from '../tests/support/frames.ts';
import { SITUATIONS, type Situation } from '../tests/support/situations-snapshot.ts';
import { type Shown, sheetOf } from '../tests/support/svg.ts';

interface Frame extends Omit<Screen, 'columns' | 'rows'> {
  readonly title: string;
  readonly size: string;
  /** Absent before the first snapshot. */
  readonly situation: Situation | undefined;
  readonly keys?: readonly string[];
}

interface Contacts {
  readonly name: string;
  readonly frames: readonly Frame[];
}

const EVERY = Object.keys(SITUATIONS) as Situation[];
const SHEET_SIZES = [
  '40x10',
  '60x16',
  '80x24',
  '100x30',
  '120x40',
  '160x45',
  '200x60',
  '240x70',
] as const;
const LEVELS = ['none', '16', '256', 'true'] as const;
/** A sheet is about so many columns wide and holds so many rows. */
const WIDE = 250;
const HIGH = 84;

const situations = (size: string): readonly Frame[] =>
  [...EVERY, undefined].map((situation) => ({
    title: `${situation ?? 'connecting'} ${size}`,
    size,
    situation,
  }));

const dialogs = (size: string): readonly Frame[] => [
  ...OPENED.map(([name, situation, keys]) => ({ title: `${name} ${size}`, size, situation, keys })),
  ...LOGINS.map(
    ([name, ui]): Frame => ({ title: `${name} ${size}`, size, situation: 'tripped', ui }),
  ),
];

const panels = (size: string, zoom: boolean, situation: Situation): readonly Frame[] =>
  PANELS.map((panel) => ({
    title: `${panel} ${zoom ? 'zoomed' : 'focused'} ${size}`,
    size,
    situation,
    ui: { focus: panel, tab: panel, zoom },
  }));

const themes = (situation: Situation): readonly Frame[] => [
  ...THEMES.flatMap((theme) =>
    LEVELS.filter((one) => one !== 'none').map(
      (colour): Frame => ({ title: `${theme} ${colour}`, size: '80x24', situation, theme, colour }),
    ),
  ),
  { title: 'NO_COLOR', size: '80x24', situation, colour: 'none' },
  { title: 'NO_COLOR --ascii', size: '80x24', situation, colour: 'none', ascii: true },
  { title: '--ascii in 16 colours', size: '80x24', situation, colour: '16', ascii: true },
];

const SHEETS: readonly Contacts[] = [
  ...SHEET_SIZES.map((size) => ({ name: `situations-${size}`, frames: situations(size) })),
  ...['60x16', '80x24', '120x40'].map((size) => ({
    name: `dialogs-${size}`,
    frames: dialogs(size),
  })),
  { name: 'focused-80x24', frames: panels('80x24', false, 'long') },
  { name: 'focused-60x16', frames: panels('60x16', false, 'tripped') },
  { name: 'zoomed-80x24', frames: panels('80x24', true, 'long') },
  { name: 'zoomed-120x40', frames: panels('120x40', true, 'tripped') },
  { name: 'themes-tripped', frames: themes('tripped') },
  { name: 'themes-long', frames: themes('long') },
  {
    name: 'ascii',
    frames: ['60x16', '80x24', '120x40'].map((size) => ({
      title: `--ascii ${size}`,
      size,
      situation: 'long' as const,
      ascii: true,
    })),
  },
];

async function shownOf({ title, size, situation, keys = [], ...rest }: Frame): Promise<Shown> {
  const at = sized(size);
  const screen: Screen = { ...at, colour: 'true', ...rest };
  const ui = situation === undefined ? {} : { ui: afterKeys(situation, keys, screen) };
  const snapshot = situation === undefined ? undefined : SITUATIONS[situation]();
  const lines = draw(snapshot, { ...screen, ...ui });
  const rows = Math.max(1, lines.length);
  const terminal = new xterm.Terminal({ cols: at.columns, rows, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(`\x1b[?7l${lines.join('\r\n')}`, done));
  const paper = rest.theme === 'light' ? LIGHT_SHEET : DARK_SHEET;
  const cells = cellsOf(terminal, paper);
  terminal.dispose();
  return { title, cells, paper: paper.paper };
}

/** Draws what the words name; prints the files. */
export async function drawSheets(words: readonly string[]): Promise<void> {
  const folder = join(ROOT, 'build', 'frames');
  mkdirSync(folder, { recursive: true });
  const wanted = ({ name }: Contacts) => words.every((word) => name.includes(word));
  for (const { name, frames } of SHEETS.filter(wanted)) {
    const [first] = frames;
    const { columns, rows } = sized(first?.size ?? '80x24');
    const across = Math.max(1, Math.floor(WIDE / columns));
    const each = across * Math.max(1, Math.floor(HIGH / rows));
    for (let from = 0; from < frames.length; from += each) {
      const shown = await Promise.all(frames.slice(from, from + each).map(shownOf));
      const part = frames.length > each ? `-${1 + from / each}` : '';
      const file = join(folder, `${name}${part}.svg`);
      writeFileSync(file, sheetOf(shown, across));
      console.log(file);
    }
  }
}
