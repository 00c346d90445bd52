/**
 * Candles with entries, exits, stop and target, a price axis, a time axis and the RSI strip.
 * Deliberately draws into a small grid of cells; direction is told by shape, colour only repeats
 * it.
 */
import { type Bar, type Price, priceText, type Snapshot, tickSize } from '../../engine/index.ts';
import { type Area, type Line, span } from '../lines.ts';
import type { Glyphs, Role } from '../look.ts';
import { clockMinutes, displayWidth, fitNumberLeft, reading } from '../text.ts';
import { lineChart } from './line-chart.ts';
import { Raster } from './raster.ts';

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
}

interface Plot {
  readonly raster: Raster;
  readonly bars: readonly Bar[];
  /** Columns from one candle to the next. */
  readonly pitch: number;
  readonly width: number;
  readonly scale: Scale;
  readonly digits: number;
  readonly glyphs: Glyphs;
  readonly shapes: ReturnType<typeof shapesOf>;
  readonly ascii: boolean;
}

const PITCH_TWO_FROM = 40;
const LEVELS_STRETCH = 1.5;

/** Half-row of a price from the top, 0 to 2 * rows - 1; outside values run out of that range. */
const halfOf = (value: number, { low, high, rows }: Scale): number =>
  Math.round(((high - value) / (high - low)) * (rows * 2 - 1));

export function chartPanel(snapshot: Snapshot, area: Area): readonly Line[] {
  const { width, height, look } = area;
  const digits = snapshot.instrument?.digits;
  const all = [...snapshot.bars.closed];
  if (snapshot.bars.forming !== undefined) all.push(snapshot.bars.forming);
  if (digits === undefined || all.length < 2) return [[span('dim', ' waiting for bars')]];
  const rsiRows = height >= 18 ? 4 : height >= 12 ? 3 : height >= 9 ? 2 : 0;
  const rows = height - rsiRows - (height >= 6 ? 1 : 0);
  const tallest = Math.max(all[all.length - 1]?.high ?? 0, snapshot.quote?.bid ?? 0) as Price;
  const axisCells = displayWidth(priceText(tallest, digits)) + 2;
  const plotWidth = width - axisCells;
  if (rows < 4 || plotWidth < 16) {
    const closes = all.map((bar) => bar.close as number);
    return lineChart(closes, { width, height, look }).map((row) => [span('accent', row)]);
  }
  const pitch = plotWidth >= PITCH_TWO_FROM ? 2 : 1;
  const bars = all.slice(-Math.floor((plotWidth - 1) / pitch));
  const scale = scaleOf(bars, snapshot, rows);
  const raster = new Raster(width, height);
  const { glyphs, ascii } = look;
  const shapes = shapesOf(glyphs);
  const plot = { raster, bars, pitch, width: plotWidth, scale, digits, glyphs, shapes, ascii };
  drawLevels(plot, snapshot);
  bars.forEach((bar, index) => {
    drawCandle(plot, bar, columnOf(plot, index));
  });
  drawLevelWords(plot, snapshot);
  drawMarks(plot, snapshot);
  drawPriceAxis(plot, snapshot);
  if (rsiRows > 0) drawRsi(plot, snapshot, { top: rows, rows: rsiRows });
  if (height >= 6) drawTimeAxis(plot, snapshot, height - 1);
  return raster.lines();
}

const columnOf = ({ width, bars, pitch }: Plot, index: number): number =>
  width - 2 - (bars.length - 1 - index) * pitch;

/** Range of the bars, with stop and target when they are near enough not to flatten the candles. */
function scaleOf(bars: readonly Bar[], snapshot: Snapshot, rows: number): Scale {
  let low = Math.min(...bars.map((bar) => bar.low));
  let high = Math.max(...bars.map((bar) => bar.high));
  const range = Math.max(high - low, 1);
  for (const { price } of levelsOf(snapshot)) {
    const stretched = Math.max(high, price) - Math.min(low, price);
    if (stretched > range * LEVELS_STRETCH) continue;
    low = Math.min(low, price);
    high = Math.max(high, price);
  }
  if (low === high) return { low: low - 1, high: high + 1, rows };
  return { low, high, rows };
}

interface Level {
  readonly price: number;
  readonly role: Role;
  readonly word: string;
}

function levelsOf({ positions }: Snapshot): readonly Level[] {
  return positions.flatMap((position) => [
    ...(position.stop === undefined
      ? []
      : [{ price: position.stop, role: 'stop' as const, word: 'stop' }]),
    ...(position.target === undefined
      ? []
      : [{ price: position.target, role: 'target' as const, word: 'target' }]),
  ]);
}

function drawLevels({ raster, scale, width, glyphs }: Plot, snapshot: Snapshot): void {
  for (const { price, role } of levelsOf(snapshot)) {
    const row = halfOf(price, scale) >> 1;
    if (row < 0 || row >= scale.rows) continue;
    for (let x = 0; x < width; x += 1) raster.put(x, row, glyphs.level, role);
  }
}

function drawLevelWords({ raster, scale, digits, glyphs }: Plot, snapshot: Snapshot): void {
  for (const { price, role, word } of levelsOf(snapshot)) {
    const half = halfOf(price, scale);
    const text = `${word} ${priceText(price as Price, digits)}`;
    if (half < 0) raster.text(1, 0, ` ${text} ${glyphs.up} `, role);
    else if (half >> 1 >= scale.rows) {
      raster.text(1, scale.rows - 1, ` ${text} ${glyphs.down} `, role);
    } else raster.text(1, half >> 1, ` ${text} `, role);
  }
}

/** What fills half a cell of a candle. */
type Half = 'none' | 'wick' | 'body';

/** Glyphs of a candle's cell by what fills its upper and its lower half. */
type Shapes = Readonly<Record<string, string>>;

const shapesOf = (glyphs: Glyphs): { readonly rise: Shapes; readonly fall: Shapes } => {
  const wicks = {
    'wick wick': glyphs.wick,
    'wick none': glyphs.wickUpper,
    'none wick': glyphs.wickLower,
  };
  return {
    rise: {
      ...wicks,
      'body body': glyphs.rise,
      'body none': glyphs.riseUpper,
      'none body': glyphs.riseLower,
      'body wick': glyphs.riseOverWick,
      'wick body': glyphs.wickOverRise,
    },
    fall: {
      ...wicks,
      'body body': glyphs.fall,
      'body none': glyphs.fallUpper,
      'none body': glyphs.fallLower,
      'body wick': glyphs.fallUpper,
      'wick body': glyphs.fallLower,
    },
  };
};

function drawCandle({ raster, scale, shapes }: Plot, bar: Bar, x: number): void {
  const rising = bar.close >= bar.open;
  const own = rising ? shapes.rise : shapes.fall;
  const high = halfOf(bar.high, scale);
  const low = halfOf(bar.low, scale);
  const top = halfOf(Math.max(bar.open, bar.close), scale);
  const bottom = halfOf(Math.min(bar.open, bar.close), scale);
  const at = (half: number): Half =>
    half >= top && half <= bottom ? 'body' : half >= high && half <= low ? 'wick' : 'none';
  // A broker may send a body beyond its own range: it is drawn all the same.
  const first = Math.max(0, Math.floor(Math.min(high, top) / 2));
  const last = Math.min(scale.rows - 1, Math.floor(Math.max(low, bottom) / 2));
  for (let row = first; row <= last; row += 1) {
    const glyph = own[`${at(row * 2)} ${at(row * 2 + 1)}`];
    if (glyph !== undefined) raster.put(x, row, glyph, rising ? 'up' : 'down');
  }
}

/** Entries point the way of the trade, exits are crosses. */
function drawMarks(plot: Plot, { marks, bars: { timeframeMs } }: Snapshot): void {
  const { raster, bars, scale, glyphs } = plot;
  for (const mark of marks) {
    const index = bars.findIndex(
      (bar) => mark.wall >= bar.openTime && mark.wall < bar.openTime + timeframeMs,
    );
    const row = halfOf(mark.price, scale) >> 1;
    if (index < 0 || row < 0 || row >= scale.rows) continue;
    const entry = mark.side === 'buy' ? glyphs.up : glyphs.down;
    raster.put(columnOf(plot, index), row, mark.kind === 'entry' ? entry : glyphs.exit, 'mark');
  }
}

/** The smallest of 1, 2, 5 times a power of ten ticks that is at least `least`. */
function roundStep(least: number, tick: number): number {
  let power = tick;
  while (power * 10 <= least) power *= 10;
  return ([1, 2, 5].find((factor) => power * factor >= least) ?? 10) * power;
}

function drawPriceAxis(
  { raster, scale, width, digits, glyphs, bars }: Plot,
  snapshot: Snapshot,
): void {
  for (let row = 0; row < scale.rows; row += 1) raster.put(width, row, glyphs.vertical, 'rule');
  const cells = raster.width - width - 1;
  const tick = tickSize(digits);
  const perRow = (scale.high - scale.low) / scale.rows;
  const gap = scale.rows >= 12 ? 3 : 2;
  const step = roundStep(perRow * gap, tick);
  for (let value = Math.ceil(scale.low / step) * step; value <= scale.high; value += step) {
    const row = halfOf(value, scale) >> 1;
    raster.put(width, row, glyphs.axis, 'rule');
    raster.text(width + 1, row, fitNumberLeft(priceText(value as Price, digits), cells), 'dim');
  }
  const current = snapshot.quote?.bid ?? bars[bars.length - 1]?.close;
  if (current === undefined) return;
  const row = Math.max(0, Math.min(scale.rows - 1, halfOf(current, scale) >> 1));
  const fresh = snapshot.quote?.fresh === true;
  raster.put(width, row, glyphs.here, fresh ? 'strong' : 'warn');
  const text = fitNumberLeft(priceText(current, digits), cells);
  raster.text(width + 1, row, text, fresh ? 'strong' : 'warn');
}

const TIME_MULTIPLES = [1, 2, 3, 4, 6, 12, 24, 48, 72, 144, 288, 576];
const TIME_CELLS = 10;

/** Labels belong to bars at round times, so they travel with the candles and never jump. */
function drawTimeAxis(plot: Plot, { bars: { timeframeMs } }: Snapshot, row: number): void {
  const { raster, bars, pitch, width } = plot;
  const every = TIME_MULTIPLES.find((one) => one * pitch >= TIME_CELLS) ?? 576;
  let free = 0;
  bars.forEach((bar, index) => {
    const x = columnOf(plot, index);
    if (bar.openTime % (timeframeMs * every) !== 0 || x < free || x + 5 > width) return;
    raster.text(x, row, clockMinutes(bar.openTime), 'dim');
    free = x + 7;
  });
}

const RSI_LOW = 10;
const RSI_HIGH = 90;

function drawRsi(
  plot: Plot,
  { indicators }: Snapshot,
  strip: { readonly top: number; readonly rows: number },
): void {
  const { raster, width, bars, glyphs } = plot;
  const { oversold, overbought, rsi, rsiSeries } = indicators;
  const scale: Scale = { low: RSI_LOW, high: RSI_HIGH, rows: strip.rows };
  const halfAt = (value: number) => halfOf(Math.max(RSI_LOW, Math.min(RSI_HIGH, value)), scale);
  for (let row = 0; row < strip.rows; row += 1) {
    raster.put(width, strip.top + row, glyphs.vertical, 'rule');
  }
  for (const level of [overbought, oversold]) {
    const row = strip.top + (halfAt(level) >> 1);
    for (let x = 0; x < width; x += 1) raster.put(x, row, glyphs.dash, 'rule');
    raster.put(width, row, glyphs.axis, 'rule');
    raster.text(width + 1, row, fitNumberLeft(String(level), raster.width - width - 1), 'dim');
  }
  // The series ends with the last closed bar; the forming one has no reading yet.
  const closed = bars.length - 1;
  const shown = rsiSeries.slice(-closed);
  const readings = shown.flatMap((value, index): readonly Reading[] => {
    const x = columnOf(plot, closed - shown.length + index);
    const beyond = value <= oversold || value >= overbought;
    const role = beyond ? 'warn' : 'accent';
    return Number.isFinite(value) && x >= 0 ? [{ x, value, role }] : [];
  });
  if (!plot.ascii) drawDots(plot, strip, readings);
  else {
    for (const { x, value, role } of readings) {
      raster.put(x, strip.top + (halfAt(value) >> 1), ASCII_READING, role);
    }
  }
  raster.text(1, strip.top, ` RSI ${reading(rsi)} `, 'dim');
}

/** Unlike the dots of the two thresholds, on which a reading may lie. */
const ASCII_READING = '*';

interface Reading {
  readonly x: number;
  readonly value: number;
  readonly role: Role;
}

/** Bits of the eight dots of a cell, by row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const DOTS_BLANK = 0x2800;

/** A line through the readings with two dots across and four down in every cell. */
function drawDots(
  { raster }: Plot,
  { top, rows }: { readonly top: number; readonly rows: number },
  readings: readonly Reading[],
): void {
  const last = rows * 4 - 1;
  const share = (value: number) =>
    (RSI_HIGH - Math.max(RSI_LOW, Math.min(RSI_HIGH, value))) / (RSI_HIGH - RSI_LOW);
  const cells = new Map<string, { bits: number; x: number; row: number; role: Role }>();
  const dot = (x: number, y: number, role: Role): void => {
    const [cellX, row] = [x >> 1, y >> 2];
    const key = `${cellX} ${row}`;
    const bits = (cells.get(key)?.bits ?? 0) | (DOTS[y & 3]?.[x & 1] ?? 0);
    cells.set(key, { bits, x: cellX, row, role });
  };
  let before: { readonly x: number; readonly y: number } | undefined;
  for (const { x, value, role } of readings) {
    const [dotX, dotY] = [x * 2, Math.round(share(value) * last)];
    const from = before ?? { x: dotX, y: dotY };
    const steps = Math.max(1, dotX - from.x, Math.abs(dotY - from.y));
    for (let step = 1; step <= steps; step += 1) {
      const at = step / steps;
      const middleX = Math.round(from.x + (dotX - from.x) * at);
      dot(middleX, Math.round(from.y + (dotY - from.y) * at), role);
    }
    before = { x: dotX, y: dotY };
  }
  for (const { bits, x, row, role } of cells.values()) {
    raster.put(x, top + row, String.fromCharCode(DOTS_BLANK + bits), role);
  }
}
