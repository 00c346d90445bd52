// Whole screens as the tests and the contact sheets draw them: a situation, a size, keys pressed.
// Deliberately without a terminal: lines come out of the same pure function as in the product.
import type { Snapshot } from '../../src/engine/index.ts';
import { frameLines } from '../../src/ui/frame.ts';
import { plainText } from '../../src/ui/lines.ts';
import type { LoginStep } from '../../src/ui/login.ts';
import { type ColourLevel, makeLook, type THEMES } from '../../src/ui/look.ts';
import { initialUi, type UiState } from '../../src/ui/ui-state.ts';
import { update } from '../../src/ui/update.ts';
import { NOON } from './builders-snapshot.ts';
import { SITUATIONS, type Situation } from './situations-snapshot.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly ui?: Partial<UiState>;
  readonly ascii?: boolean;
  readonly colour?: ColourLevel;
  readonly theme?: (typeof THEMES)[number];
}

export function uiFor({ columns, rows, ui }: Screen): UiState {
  const start = initialUi({
    columns,
    rows,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  });
  return { ...start, snapshotAt: 0, output: COST, equity: SEEN, ...ui };
}

/** Equity of the last hour, as a screen would have seen it. */
const SEEN = {
  everyMs: 30_000,
  points: Array.from({ length: 120 }, (_, index) => ({
    at: NOON - (120 - index) * 30_000,
    value: 5_000_000 + Math.round(9_000 * Math.sin(index / 15) + 60 * index),
  })),
};

/** What a line that cannot keep up does to the screen. */
const COST = {
  bytesPerSecond: 1_874,
  framesPerSecond: 4.6,
  everyMs: 200,
  dropped: 1_307,
  delayMs: 12,
};

export function draw(snapshot: Snapshot | undefined, screen: Screen): readonly string[] {
  const look = makeLook({
    colour: screen.colour ?? 'none',
    theme: screen.theme ?? 'dark',
    ascii: screen.ascii ?? false,
  });
  return frameLines({ snapshot, ui: uiFor(screen), look, version: '0.1.0' });
}

export const picture = (snapshot: Snapshot | undefined, screen: Screen): string =>
  `${draw(snapshot, screen)
    .map((line) => plainText(line).trimEnd())
    .join('\n')}\n`;

export const SIZES = ['80x24', '120x40', '200x60', '60x16', '40x10'] as const;
export const sized = (size: string) => {
  const [columns = 0, rows = 0] = size.split('x').map(Number);
  return { columns, rows };
};

/** Keys that open a dialog, on the situation in which it says most. */
export const OPENED: readonly (readonly [string, Situation, readonly string[]])[] = [
  ['help', 'quiet', ['?']],
  ['close', 'long', ['c', 'c', 'l']],
  ['flatten', 'tripped', ['f']],
  ['ladder', 'tripped', ['K', 'f', 'l']],
  ['ladder-unknown', 'unknown', ['K']],
  ['palette', 'tripped', [':']],
  ['palette-typed', 'quiet', [':', 'f', 'l']],
  ['inbox', 'differing', ['i', 'down', 'down']],
  ['inbox-quarantined', 'differing', ['i']],
  ['verdict', 'differing', ['i', 'v', 'l', 'o', 'o', 'k', 'e', 'd']],
  ['cancel', 'differing', ['down', 'c', 'c', 'a']],
  ['explain', 'quiet', ['w', 'enter', 'j']],
  ['entry', 'quiet', ['8', 'enter']],
  ['login-sim', 'quiet', ['l']],
  ['login', 'tripped', ['l']],
  ['diagnostics', 'stale', ['d']],
  ['quit-flat', 'quiet', ['q']],
  ['resume', 'tripped', ['p']],
  ['breakers', 'tripped', ['b']],
  ['reset', 'tripped', ['b', 'r', 'f', 'i', 'x']],
  ['details-position', 'long', ['enter']],
  ['details-order', 'unknown', ['enter']],
  ['quit', 'tripped', ['q']],
  ['filter', 'quiet', ['w', '/', 's', 'p']],
  ['disabled', 'quiet', ['c']],
];

export const afterKeys = (situation: Situation, keys: readonly string[], screen: Screen): UiState =>
  keys.reduce(
    (ui, key) => update(ui, { type: 'key', key, alone: true, now: 0 }, SITUATIONS[situation]())[0],
    uiFor(screen),
  );

const LOGIN_STEPS: Readonly<Record<string, LoginStep>> = {
  'login-waiting': {
    state: 'waiting',
    address:
      'https://id.ctrader.com/my/settings/openapi/grantingaccess/?client_id=7f1c_0k3b9&' +
      'redirect_uri=http%3A%2F%2Flocalhost%3A7000&scope=trading&' +
      'state=Qm9s0r2kT5vYwX8zA1cD4eF7gH0jK3mN6pR9sU2vX5y&product=web',
    leftMs: 297_000,
    hint: 'A browser was asked to show it. From another computer: paste its last address here.',
  },
  'login-failed': {
    state: 'failed',
    sentence: 'Access was not allowed on the page of the broker.',
  },
};

/** A login made from inside the console, at a step that is told from outside. */
export const LOGINS = Object.entries(LOGIN_STEPS).map(
  ([name, step]): readonly [string, Partial<UiState>] => [
    name,
    {
      canLogin: true,
      dialog: { type: 'login', typed: '' },
      login: { count: 1, wish: undefined, step, toldAt: 0 },
    },
  ],
);
