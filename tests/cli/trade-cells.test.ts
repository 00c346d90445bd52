/** Trades as cells: exact figures, empty for what is absent, and nothing a spreadsheet runs. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  csvCell,
  TRADE_COLUMNS,
  TRADE_HEADER,
  tradeCells,
  tradeLine,
} from '../../src/cli/trade-cells.ts';
import { money, positionId, price, volume, wall } from '../../src/engine/index.ts';
import type { TradeRow } from '../../src/runtime/projections.ts';

const TRADE: TradeRow = {
  number: 3,
  positionId: positionId('9007199254740993'),
  orderId: undefined,
  side: 'sell',
  symbol: 'FCPO',
  digits: 0,
  volume: volume(750),
  entryPrice: price(459_000_000),
  openedAt: wall(Date.UTC(2026, 2, 2, 3, 0)),
  stop: price(466_000_000),
  target: undefined,
  closePrice: price(460_012_345),
  closedVolume: volume(750),
  closedAt: wall(Date.UTC(2026, 2, 2, 4, 0)),
  net: money(-7),
  exponent: 2,
  closeReason: 'stop',
  decision: undefined,
};

describe('the columns of trades', () => {
  it('are the promised ones in order', () => {
    expect(TRADE_HEADER).toBe(
      'timestamp,event,side,symbol,entry_price,sl,tp,volume,rsi,sentiment_score,' +
        'sentiment_confidence,signal,position_id,close_price,pnl,close_reason\n',
    );
  });

  it('hold exact decimals of the integers, and nothing for what is not known', () => {
    expect(tradeLine(TRADE, 'close')).toBe(
      '2026-03-02T04:00:00.000Z,close,sell,FCPO,4590,4660,,7.50,,,,,9007199254740993,' +
        '4600.12345,-0.07,stop\n',
    );
    expect(tradeCells(TRADE, 'open')).toMatchObject({
      event: 'open',
      close_price: undefined,
      pnl: undefined,
      tp: undefined,
    });
  });

  it('come back from any reader as they went in', () => {
    const strange = 'a "b",\nc';
    const [row] = parse(TRADE_HEADER + tradeLine({ ...TRADE, symbol: strange }, 'close'), {
      columns: [...TRADE_COLUMNS],
      from: 2,
    }) as Record<string, string>[];
    expect(row?.['symbol']).toBe('a "b", c');
    expect(row?.['pnl']).toBe('-0.07');
  });
});

describe('a cell with text from outside', () => {
  it.each(['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\t=1', ' =1', '=HYPERLINK("http://x","y")'])(
    'is no formula: %j',
    (text) => {
      const [[cell]] = parse(csvCell(text)) as [[string]];
      expect(cell.startsWith("'")).toBe(true);
    },
  );

  it('stays a number when it is one', () => {
    expect(csvCell('-0.07')).toBe('-0.07');
    expect(csvCell(undefined)).toBe('');
  });
});
