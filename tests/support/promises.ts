// Worlds of any size, and the numbers that panels and dialogs promise to show whole (F113).
// Deliberately one check for the suite's samples and for the script that walks every size.
import fc from 'fast-check';
import {
  money,
  positionId,
  price,
  priceText,
  type Snapshot,
  volume,
  volumeText,
} from '../../src/engine/index.ts';
import { frameLines } from '../../src/ui/frame.ts';
import { layoutOf, type PanelId } from '../../src/ui/layout.ts';
import { plainText } from '../../src/ui/lines.ts';
import { makeLook } from '../../src/ui/look.ts';
import { moneyWords, signedMoney } from '../../src/ui/text.ts';
import { initialUi, type UiState } from '../../src/ui/ui-state.ts';
import { update } from '../../src/ui/update.ts';
import { position, quiet } from './builders-snapshot.ts';

export interface At {
  readonly columns: number;
  readonly rows: number;
  readonly focus: PanelId;
  readonly zoom: boolean;
}

const look = makeLook({ colour: 'none', theme: 'dark', ascii: false });

/** Dialogs that show numbers of the snapshot, by the keys that open them. */
export const DIALOGS = {
  details: ['enter'],
  close: ['c'],
  flatten: ['f'],
  ladder: ['K'],
  quit: ['q'],
  login: ['l'],
  breakers: ['b'],
  explain: ['7', 'enter'],
  entry: ['8', 'enter'],
  help: ['?'],
  palette: [':'],
  diagnostics: ['d'],
} as const satisfies Record<string, readonly string[]>;
export type DialogName = keyof typeof DIALOGS;

/** A market and an account of any size that the product is meant for: 9.9 million in each. */
const cents = fc.integer({ min: -999_999_999, max: 999_999_999 });
const held = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  tonnes: fc.integer({ min: 1, max: 2_500 }),
  stop: fc.boolean(),
  pnl: cents,
  bps: fc.integer({ min: -9_999, max: 99_999 }),
  ageMs: fc.integer({ min: 0, max: 90 * 86_400_000 }),
});
export const world = fc.record({
  digits: fc.integer({ min: 0, max: 3 }),
  bid: fc.integer({ min: 500, max: 19_999 }),
  spread: fc.integer({ min: 1, max: 40 }),
  /** Older than a minute is stale. */
  quoteAgeMs: fc.oneof(fc.constant(400), fc.integer({ min: 60_000, max: 90 * 86_400_000 })),
  positions: fc.array(held, { maxLength: 4 }),
  balance: fc.integer({ min: 0, max: 999_999_999 }),
  equity: cents,
  dayPnl: cents,
  dayPnlBps: fc.integer({ min: -9_999, max: 99_999 }),
  usedMargin: fc.integer({ min: 0, max: 999_999_999 }),
  freeMargin: cents,
  net: cents,
  drawdown: fc.integer({ min: 0, max: 999_999_999 }),
  trades: fc.integer({ min: 0, max: 99_999 }),
});
export type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function snapshotOf(one: World): Snapshot {
  const tick = 10 ** (5 - one.digits);
  const at = (ticks: number) => price(one.bid * 100_000 + ticks * tick);
  const base = quiet();
  if (base.quote === undefined || base.account === undefined || base.instrument === undefined) {
    throw new Error('the quiet day has a quote and an account');
  }
  return quiet({
    instrument: { ...base.instrument, digits: one.digits },
    quote: {
      ...base.quote,
      bid: at(0),
      ask: at(one.spread),
      ageMs: one.quoteAgeMs,
      fresh: one.quoteAgeMs < 60_000,
      dayOpen: at(-7),
      dayHigh: at(90),
      dayLow: at(-90),
    },
    positions: one.positions.map((row, index) =>
      position({
        id: positionId(String(70_000 + index)),
        side: row.side,
        volume: volume(row.tonnes * 100),
        entry: at(-11),
        current: at(0),
        stop: row.stop ? at(-61) : undefined,
        target: at(77),
        openPnl: money(row.pnl),
        openPnlBps: row.bps,
        ageMs: row.ageMs,
        state: row.stop ? 'PROTECTED' : 'NAKED',
      }),
    ),
    account: {
      ...base.account,
      balance: money(one.balance),
      equity: money(one.equity),
      dayPnl: money(one.dayPnl),
      dayPnlBps: one.dayPnlBps,
      usedMargin: money(one.usedMargin),
      freeMargin: money(one.freeMargin),
    },
    stats: {
      ...base.stats,
      trades: one.trades,
      wins: one.trades >> 1,
      losses: one.trades - (one.trades >> 1),
      netProfit: money(one.net),
      maxDrawdown: money(one.drawdown),
    },
  });
}

/** The numbers each panel promises when it is on the screen and there is room for its rows. */
const PROMISES: Readonly<Record<string, (snapshot: Snapshot, rows: number) => readonly string[]>> =
  {
    market: ({ quote, instrument }) =>
      quote === undefined || instrument === undefined
        ? []
        : [priceText(quote.bid, instrument.digits), priceText(quote.ask, instrument.digits)],
    blotter: ({ positions, instrument }, rows) =>
      positions
        .slice(0, Math.max(0, rows - 1))
        .flatMap((one) => [
          volumeText(one.volume),
          signedMoney(one.openPnl ?? money(0), 2),
          ...(one.stop === undefined
            ? ['NO STOP']
            : [priceText(one.stop, instrument?.digits ?? 0)]),
        ]),
    account: ({ account, stats }) =>
      account === undefined
        ? []
        : [
            moneyWords(account.balance, 2),
            moneyWords(account.equity ?? money(0), 2),
            signedMoney(account.dayPnl ?? money(0), 2),
            moneyWords(account.usedMargin, 2),
            signedMoney(stats.netProfit, 2),
            moneyWords(stats.maxDrawdown, 2),
          ],
    signal: ({ indicators }) => [(indicators.rsi ?? Number.NaN).toFixed(1)],
  };

/** True when the text stands there on its own: no digit, sign, point or comma touches it. */
export const isWhole = (text: string, wanted: string): boolean => {
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\d.,+-])${escaped}(?![\\d]|[.,]\\d)`).test(text);
};

/** The numbers a dialog promises, whatever the size. */
const DIALOG_PROMISES: Partial<Record<DialogName, (snapshot: Snapshot) => readonly string[]>> = {
  details: ({ positions, instrument }) =>
    positions
      .slice(0, 1)
      .flatMap((one) => [
        ...[one.entry, one.current, one.stop, one.target].flatMap((level) =>
          level === undefined ? [] : [priceText(level, instrument?.digits ?? 0)],
        ),
        signedMoney(one.openPnl ?? money(0), 2),
        volumeText(one.volume),
      ]),
  close: ({ positions }) =>
    positions
      .slice(0, 1)
      .flatMap((one) => [one.id, volumeText(one.volume), signedMoney(one.openPnl ?? money(0), 2)]),
  flatten: (snapshot) => (snapshot.positions.length === 0 ? [] : [openSum(snapshot)]),
  quit: ({ positions }) => positions.map((one) => volumeText(one.volume)),
  login: ({ account }) => (account === undefined ? [] : [moneyWords(account.balance, 2)]),
};

const openSum = ({ positions }: Snapshot): string =>
  signedMoney(money(positions.reduce((sum, one) => sum + (one.openPnl ?? 0), 0)), 2);

/** The header, from its second row: what is open, and the day where there is room for both. */
const headerPromises = (snapshot: Snapshot, columns: number): readonly string[] => [
  ...(snapshot.positions.length === 0 ? [] : [openSum(snapshot)]),
  ...(columns < 80 ? [] : [signedMoney(snapshot.account?.dayPnl ?? money(0), 2)]),
];

function uiAt({ columns, rows, focus, zoom }: At): UiState {
  const start = initialUi({
    columns,
    rows,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  });
  return { ...start, snapshotAt: 0, focus, tab: focus, zoom };
}

/** Throws with the number and the place when one is cut, filled with marks, or missing. */
export function check(one: World, at: At, dialog?: DialogName): void {
  const snapshot = snapshotOf(one);
  const keys = dialog === undefined ? [] : DIALOGS[dialog];
  const ui = keys.reduce<UiState>(
    (state, key) => update(state, { type: 'key', key, alone: true, now: 0 }, snapshot)[0],
    uiAt(at),
  );
  const lines = frameLines({ snapshot, ui, look, version: '0.1.0' }).map(plainText);
  const panel = `${at.focus}${at.zoom ? ' zoomed' : ''}`;
  const where = `${at.columns}x${at.rows} ${dialog ?? panel}`;
  const filled = lines.find((line) => line.includes('##'));
  if (filled !== undefined) throw new Error(`a number had no room at ${where}: ${filled}`);
  const cutAt = lines.find((line) => /\d…/.test(line));
  if (cutAt !== undefined) throw new Error(`a number was cut at ${where}: ${cutAt}`);
  const demand = (wanted: readonly string[], name: string, text: string): void => {
    const missing = wanted.find((number) => !isWhole(text, number));
    if (missing !== undefined)
      throw new Error(`${missing} is not in ${name} at ${where}:\n${text}`);
  };
  if (dialog !== undefined && ui.dialog !== undefined) {
    demand(DIALOG_PROMISES[dialog]?.(snapshot) ?? [], dialog, lines.join('\n'));
    return;
  }
  demand(headerPromises(snapshot, at.columns), 'the header', lines[1] ?? '');
  for (const { show, rect, bare } of layoutOf(ui).tiles) {
    const text = lines
      .slice(rect.y, rect.y + rect.height)
      .map((line) => line.slice(rect.x, rect.x + rect.width))
      .join('\n');
    demand(PROMISES[show]?.(snapshot, rect.height - (bare ? 0 : 1)) ?? [], show, text);
  }
}
