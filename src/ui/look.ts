/**
 * Semantic colours and glyphs: what a role looks like on this terminal, decided once from the
 * environment.
 * Deliberately no role whose meaning is colour alone: every panel also says it in words or shapes.
 */
import type { Environment, Mode } from '../engine/index.ts';

export type ColourLevel = 'none' | '16' | '256' | 'true';
export const THEMES = ['dark', 'light', 'contrast', 'colour-blind', 'red-up'] as const;
export type ThemeName = (typeof THEMES)[number];

export type Role =
  | 'text'
  | 'dim'
  | 'rule'
  | 'title'
  | 'focus'
  | 'strong'
  | 'accent'
  | 'up'
  | 'down'
  | 'good'
  | 'warn'
  | 'bad'
  | 'target'
  | 'stop'
  | 'mark'
  | 'select'
  | 'badge'
  | 'alarm';

/** Shapes a panel may use; every one has an ASCII form of the same width. */
export interface Glyphs {
  readonly ellipsis: string;
  readonly vertical: string;
  readonly tee: string;
  readonly branch: string;
  readonly dot: string;
  readonly bullet: string;
  readonly yes: string;
  readonly no: string;
  readonly notAsked: string;
  readonly warn: string;
  readonly pointer: string;
  readonly up: string;
  readonly down: string;
  readonly exit: string;
  readonly full: string;
  readonly empty: string;
  readonly trackLeft: string;
  readonly trackRight: string;
  readonly track: string;
  readonly knob: string;
  readonly notch: string;
  readonly dash: string;
  readonly level: string;
  readonly wick: string;
  readonly wickUpper: string;
  readonly wickLower: string;
  readonly rise: string;
  readonly riseUpper: string;
  readonly riseLower: string;
  readonly riseOverWick: string;
  readonly wickOverRise: string;
  readonly fall: string;
  readonly fallUpper: string;
  readonly fallLower: string;
  readonly halfUpper: string;
  readonly halfLower: string;
  readonly axis: string;
  readonly here: string;
}

const UNICODE: Glyphs = {
  ellipsis: '…',
  vertical: '│',
  tee: '┬',
  branch: '├',
  dot: '·',
  bullet: '●',
  yes: '✓',
  no: '✗',
  notAsked: '·',
  warn: '▲',
  pointer: '▸',
  up: '▲',
  down: '▼',
  exit: '×',
  full: '━',
  empty: '─',
  trackLeft: '├',
  trackRight: '┤',
  track: '─',
  knob: '●',
  notch: '┼',
  dash: '┄',
  level: '╌',
  wick: '│',
  wickUpper: '╵',
  wickLower: '╷',
  rise: '▌',
  riseUpper: '▘',
  riseLower: '▖',
  riseOverWick: '▘',
  wickOverRise: '▖',
  fall: '█',
  fallUpper: '▀',
  fallLower: '▄',
  halfUpper: '▀',
  halfLower: '▄',
  axis: '┤',
  here: '◂',
};

const ASCII: Glyphs = {
  ellipsis: '~',
  vertical: '|',
  tee: '+',
  branch: '+',
  dot: '-',
  bullet: '*',
  yes: 'y',
  no: 'x',
  notAsked: '.',
  warn: '!',
  pointer: '>',
  up: '^',
  down: 'v',
  exit: 'X',
  full: '#',
  empty: '.',
  trackLeft: '[',
  trackRight: ']',
  track: '-',
  knob: 'O',
  notch: '+',
  dash: '.',
  level: '-',
  wick: '|',
  wickUpper: "'",
  wickLower: ',',
  rise: 'o',
  riseUpper: 'o',
  riseLower: 'o',
  riseOverWick: 'o',
  wickOverRise: 'o',
  fall: '#',
  fallUpper: '#',
  fallLower: '#',
  halfUpper: "'",
  halfLower: '.',
  axis: '|',
  here: '<',
};

/**
 * The six combinations and the line their frames are drawn with: told apart without colour (F116).
 */
const MODES = {
  SIM: { rule: '─', ascii: '-', role: 'badge' },
  'SIM LIVE': { rule: '┈', ascii: '.', role: 'badge' },
  'DEMO DRY-RUN': { rule: '╌', ascii: '~', role: 'badge' },
  'DEMO LIVE': { rule: '━', ascii: '=', role: 'badge' },
  'LIVE DRY-RUN': { rule: '╍', ascii: '+', role: 'badge' },
  'LIVE REAL MONEY': { rule: '═', ascii: '#', role: 'alarm' },
} as const;
export type ModeWords = keyof typeof MODES;

/** Environment and mode in words; `sim` with `dry-run` is just SIM. */
export function modeWords(environment: Environment, mode: Mode): ModeWords {
  if (environment === 'sim') return mode === 'live' ? 'SIM LIVE' : 'SIM';
  if (environment === 'demo') return mode === 'live' ? 'DEMO LIVE' : 'DEMO DRY-RUN';
  return mode === 'live' ? 'LIVE REAL MONEY' : 'LIVE DRY-RUN';
}

export const modeRole = (words: ModeWords): Role => MODES[words].role;
export const modeRule = (words: ModeWords, look: Look): string =>
  look.ascii ? MODES[words].ascii : MODES[words].rule;

/** One role in one theme: the colour on 16, 256 and true-colour terminals, and attributes. */
interface Paint {
  readonly c16: string;
  readonly c256: string;
  readonly rgb: string;
  readonly attributes: string;
}

const paint = (c16: string, c256: number | '', rgb: string, attributes = ''): Paint => ({
  c16,
  c256: c256 === '' ? '' : `38;5;${c256}`,
  rgb: rgb === '' ? '' : `38;2;${rgb}`,
  attributes,
});
const plain = (attributes = ''): Paint => paint('', '', '', attributes);

const DARK: Record<Role, Paint> = {
  text: plain(),
  dim: paint('90', 245, '132;141;151'),
  rule: paint('90', 239, '72;80;90'),
  title: paint('37', 250, '176;184;194', '1'),
  focus: paint('96', 116, '122;202;214', '1'),
  strong: plain('1'),
  accent: paint('36', 116, '122;202;214'),
  up: paint('32', 78, '86;196;132'),
  down: paint('91', 203, '235;98;98'),
  good: paint('32', 78, '86;196;132'),
  warn: paint('33', 221, '232;192;96'),
  bad: paint('91', 203, '240;104;104', '1'),
  target: paint('32', 71, '78;160;112'),
  stop: paint('91', 167, '200;90;90'),
  mark: paint('93', 229, '250;226;150', '1'),
  select: plain('1'),
  badge: paint('36', 116, '122;202;214', '1;7'),
  alarm: paint('91', 196, '255;72;72', '1;7'),
};

const LIGHT: Record<Role, Paint> = {
  ...DARK,
  dim: paint('90', 243, '108;114;122'),
  rule: paint('37', 250, '188;194;200'),
  title: paint('30', 238, '62;68;76', '1'),
  focus: paint('34', 25, '0;92;168', '1'),
  accent: paint('34', 25, '0;92;168'),
  up: paint('32', 28, '0;128;64'),
  down: paint('31', 124, '184;24;32'),
  good: paint('32', 28, '0;128;64'),
  warn: paint('35', 130, '160;92;0'),
  bad: paint('31', 124, '184;24;32', '1'),
  target: paint('32', 65, '60;128;88'),
  stop: paint('31', 131, '168;72;72'),
  mark: paint('30', 90, '128;0;128', '1'),
  badge: paint('34', 25, '0;92;168', '1;7'),
  alarm: paint('31', 160, '208;0;0', '1;7'),
};

const CONTRAST: Record<Role, Paint> = {
  ...DARK,
  dim: plain(),
  rule: plain(),
  title: plain('1'),
  focus: plain('1;7'),
  accent: paint('96', 51, '0;255;255', '1'),
  up: paint('92', 46, '0;255;0', '1'),
  down: paint('91', 196, '255;80;80', '1'),
  good: paint('92', 46, '0;255;0', '1'),
  warn: paint('93', 226, '255;255;0', '1'),
  bad: paint('91', 196, '255;80;80', '1'),
  target: paint('92', 46, '0;255;0'),
  stop: paint('91', 196, '255;80;80'),
};

/** Blue and orange stay apart for every common colour vision. */
const COLOUR_BLIND: Record<Role, Paint> = {
  ...DARK,
  up: paint('94', 75, '92;172;238'),
  good: paint('94', 75, '92;172;238'),
  target: paint('94', 68, '86;136;196'),
  down: paint('33', 208, '238;144;60'),
  bad: paint('93', 208, '250;156;70', '1'),
  stop: paint('33', 172, '200;124;56'),
};

/** East Asian convention for the market; good and bad keep their meaning. */
const RED_UP: Record<Role, Paint> = { ...DARK, up: DARK.down, down: DARK.up };

const PALETTES: Record<ThemeName, Record<Role, Paint>> = {
  dark: DARK,
  light: LIGHT,
  contrast: CONTRAST,
  'colour-blind': COLOUR_BLIND,
  'red-up': RED_UP,
};

/** Everything a panel needs to know about appearance. */
export interface Look {
  readonly colour: ColourLevel;
  readonly theme: ThemeName;
  readonly ascii: boolean;
  readonly glyphs: Glyphs;
  /** SGR parameters per role, empty for plain. */
  readonly sgr: Readonly<Record<Role, string>>;
}

export interface LookChoice {
  readonly colour: ColourLevel;
  readonly theme: ThemeName;
  readonly ascii: boolean;
}

export function makeLook({ colour, theme, ascii }: LookChoice): Look {
  const sgr = {} as Record<Role, string>;
  for (const [role, look] of Object.entries(PALETTES[theme]) as [Role, Paint][]) {
    sgr[role] = [look.attributes, colourOf(look, colour)].filter((part) => part !== '').join(';');
  }
  return { colour, theme, ascii, glyphs: ascii ? ASCII : UNICODE, sgr };
}

/** NO_COLOR forbids colour, not bold and reverse: those stay, they carry the selection. */
function colourOf(look: Paint, level: ColourLevel): string {
  if (level === 'none') return '';
  if (level === '16') return look.c16;
  return level === '256' ? look.c256 : look.rgb;
}

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Colour level from the environment alone: NO_COLOR and FORCE_COLOR first, then what TERM claims.
 */
export function detectColour(env: Env): ColourLevel {
  if ((env['NO_COLOR'] ?? '') !== '') return 'none';
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') {
    const levels: Record<string, ColourLevel> = {
      '0': 'none',
      false: 'none',
      '2': '256',
      '3': 'true',
    };
    return levels[forced] ?? '16';
  }
  const term = env['TERM'] ?? '';
  if (term === '' || term === 'dumb' || term === 'vt100' || term === 'vt220') return 'none';
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 'true';
  if (/-direct$/.test(term)) return 'true';
  return /256/.test(term) ? '256' : '16';
}

/**
 * True where box drawing would come out as rubbish: no UTF-8 locale, or the Linux console's small
 * font.
 */
export function detectAscii(env: Env): boolean {
  if (/^(linux|dumb|vt\d+)$/.test(env['TERM'] ?? '')) return true;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  // Nothing set at all is common in containers whose terminal is UTF-8 all the same.
  return locale !== '' && !/utf-?8/i.test(locale);
}
