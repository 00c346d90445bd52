// No number is ever cut: whatever the layout promises is on the screen, whole, at every size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import { layoutOf, PANELS, type PanelId } from '../../src/ui/layout.ts';
import { plainText } from '../../src/ui/lines.ts';
import { makeLook } from '../../src/ui/look.ts';
import { moneyWords, signedMoney } from '../../src/ui/text.ts';
import { initialUi } from '../../src/ui/ui-state.ts';
import { position, quiet } from '../support/builders-snapshot.ts';

interface At {
  readonly columns: number;
  readonly rows: number;
  readonly focus: PanelId;
  readonly zoom: boolean;
}

const look = makeLook({ colour: 'none', theme: 'dark', ascii: false });
const CORNERS = [
  [60, 16],
  [60, 70],
  [240, 16],
  [240, 70],
  [80, 24],
  [120, 40],
] as const;

/** A market and an account of any size that the product is meant for: 9.9 million in each. */
const cents = fc.integer({ min: -999_999_999, max: 999_999_999 });
const held = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  volume: fc.integer({ min: 1, max: 2_500 }).map((tonnes) => volume(tonnes * 100)),
  stop: fc.boolean(),
  pnl: cents,
  bps: fc.integer({ min: -9_999, max: 99_999 }),
  ageMs: fc.integer({ min: 0, max: 90 * 86_400_000 }),
});
const world = fc.record({
  digits: fc.integer({ min: 0, max: 3 }),
  bid: fc.integer({ min: 500, max: 19_999 }),
  spread: fc.integer({ min: 1, max: 40 }),
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
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

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
      dayOpen: at(-7),
      dayHigh: at(90),
      dayLow: at(-90),
    },
    positions: one.positions.map((row, index) =>
      position({
        id: positionId(String(70_000 + index)),
        side: row.side,
        volume: row.volume,
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
const isWhole = (text: string, wanted: string): boolean => {
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\d.,+-])${escaped}(?![\\d]|[.,]\\d)`).test(text);
};

function check(one: World, at: At): void {
  const snapshot = snapshotOf(one);
  const start = initialUi({
    columns: at.columns,
    rows: at.rows,
    theme: 'dark',
    commandPrefix: 'ui',
    role: 'operator',
    operator: 'ann',
    now: 0,
  });
  const ui = { ...start, snapshotAt: 0, focus: at.focus, tab: at.focus, zoom: at.zoom };
  const lines = frameLines({ snapshot, ui, look, version: '0.1.0' }).map(plainText);
  const where = `${at.columns}x${at.rows} ${at.focus}${at.zoom ? ' zoomed' : ''}`;
  const filled = lines.find((line) => line.includes('##'));
  if (filled !== undefined) throw new Error(`a number had no room at ${where}: ${filled}`);
  const cutAt = lines.find((line) => /\d…/.test(line));
  if (cutAt !== undefined) throw new Error(`a number was cut at ${where}: ${cutAt}`);
  for (const { show, rect, bare } of layoutOf(ui).tiles) {
    const text = lines
      .slice(rect.y, rect.y + rect.height)
      .map((line) => line.slice(rect.x, rect.x + rect.width))
      .join('\n');
    for (const wanted of PROMISES[show]?.(snapshot, rect.height - (bare ? 0 : 1)) ?? []) {
      if (!isWhole(text, wanted))
        throw new Error(`${wanted} is not in ${show} at ${where}:\n${text}`);
    }
  }
}

describe('numbers (F113)', () => {
  it.each(CORNERS)('all promised numbers are whole at %i x %i', (columns, rows) => {
    const views = fc.tuple(world, fc.constantFrom(...PANELS), fc.boolean());
    fc.assert(
      fc.property(views, ([one, focus, zoom]) => check(one, { columns, rows, focus, zoom })),
      { numRuns: 60 },
    );
  });

  it('all promised numbers are whole at any size from 60x16 to 240x70', () => {
    const at = fc.record({
      columns: fc.integer({ min: 60, max: 240 }),
      rows: fc.integer({ min: 16, max: 70 }),
      focus: fc.constantFrom(...PANELS),
      zoom: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.tuple(world, at), ([one, where]) => check(one, where)),
      { numRuns: 500 },
    );
  });

  it('the check itself finds a number that is cut', () => {
    expect(isWhole('P&L 1,234.5', '1,234.50')).toBe(false);
    expect(isWhole('P&L 11,234.50', '1,234.50')).toBe(false);
    expect(isWhole('P&L -1,234.50 t', '-1,234.50')).toBe(true);
  });
});
