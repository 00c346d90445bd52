/**
 * Closed and opened trades as rows of a table: exact decimals from integers, guarded CSV cells.
 * Deliberately knows no file and no journal; absent is an empty cell, never a zero.
 */
import {
  decimalText,
  moneyText,
  type Price,
  priceText,
  volumeText,
  type Wall,
} from '../engine/index.ts';
import type { TradeRow } from '../runtime/projections.ts';

/** In this order in every export. */
export const TRADE_COLUMNS = [
  'timestamp',
  'event',
  'side',
  'symbol',
  'entry_price',
  'sl',
  'tp',
  'volume',
  'rsi',
  'sentiment_score',
  'sentiment_confidence',
  'signal',
  'position_id',
  'close_price',
  'pnl',
  'close_reason',
] as const;
export type TradeColumn = (typeof TRADE_COLUMNS)[number];
export type TradeCells = Readonly<Record<TradeColumn, string | undefined>>;

/** RSI is the one figure that is no integer inside: two decimals, as the screen could show. */
const RSI_DECIMALS = 2;

const instant = (at: Wall | undefined) =>
  at === undefined ? undefined : new Date(at).toISOString();

/** One event of a position as text: exact, in units of the account, the price and the volume. */
export function tradeCells(trade: TradeRow, event: 'open' | 'close'): TradeCells {
  const { decision, digits = 5 } = trade;
  const plain = (value: Price | undefined) =>
    value === undefined ? undefined : priceText(value, digits);
  const isClose = event === 'close';
  const { rsi, sentiment } = decision?.view ?? {};
  return {
    timestamp: instant(isClose ? trade.closedAt : trade.openedAt),
    event,
    side: trade.side,
    symbol: trade.symbol,
    entry_price: plain(trade.entryPrice),
    sl: plain(trade.stop),
    tp: plain(trade.target),
    volume: volumeText(trade.volume),
    rsi: rsi?.toFixed(RSI_DECIMALS),
    sentiment_score: sentiment === undefined ? undefined : decimalText(sentiment.score, 0),
    sentiment_confidence: sentiment === undefined ? undefined : String(sentiment.confidence),
    signal: decision?.signalId,
    position_id: trade.positionId,
    close_price: isClose ? plain(trade.closePrice) : undefined,
    pnl: isClose ? moneyText(trade.net, trade.exponent) : undefined,
    close_reason: isClose ? trade.closeReason : undefined,
  };
}

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * A cell a spreadsheet cannot take for a formula: text that begins like one gets an apostrophe in
 * front; numbers stay numbers.
 */
export function csvCell(text: string | undefined): string {
  if (text === undefined) return '';
  const flat = text.replace(/[\r\n\0]+/g, ' ');
  const guarded = /^\s*[=+\-@\t|]/.test(flat) && !NUMBER.test(flat) ? `'${flat}` : flat;
  return /[",;']/.test(guarded) || guarded !== guarded.trim()
    ? `"${guarded.replaceAll('"', '""')}"`
    : guarded;
}

export const csvLine = (cells: readonly (string | undefined)[]): string =>
  `${cells.map(csvCell).join(',')}\n`;

export const TRADE_HEADER = csvLine(TRADE_COLUMNS);

export const tradeLine = (trade: TradeRow, event: 'open' | 'close'): string => {
  const cells = tradeCells(trade, event);
  return csvLine(TRADE_COLUMNS.map((name) => cells[name]));
};
