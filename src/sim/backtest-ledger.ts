/**
 * What a backtest counts while it runs: trades from deals, decisions and breakers from records.
 * Deliberately no statistics: those are made from the finished list.
 */
import type { BreakerName, DecisionRun, GateName, JournalRecord, Side } from '../engine/index.ts';
import type { DealFacts } from './exchange-types.ts';

/** One position from its entry to its end. Prices and money are integers of the engine's units. */
export interface Trade {
  readonly side: Side;
  readonly volume: number;
  readonly entryTime: number;
  readonly entryPrice: number;
  readonly exitTime: number;
  readonly exitPrice: number;
  readonly cause: DealFacts['cause'];
  /** After all costs; minor units. */
  readonly net: number;
  readonly commission: number;
  /** Balance before the entry. */
  readonly balanceBefore: number;
  /**
   * Worst and best distance from the entry of the prices at which it could have been closed (a
   * short position at the ask), both at least 0.
   */
  readonly adverse: number;
  readonly favourable: number;
  readonly bars: number;
}

/** A position that is held. */
interface Open {
  readonly deal: DealFacts;
  readonly bar: number;
  readonly balance: number;
  /** What a closing price is above the bid. */
  readonly above: number;
  highest: number;
  lowest: number;
}

export interface Ledger {
  readonly spread: number;
  bar: number;
  barsHeld: number;
  readonly trippedBy: Partial<Record<BreakerName, number>>;
  swap: number;
  readonly trades: Trade[];
  readonly blockedBy: Partial<Record<GateName | 'none', number>>;
  /** Oldest first. */
  readonly open: Open[];
}

export const emptyLedger = (spread: number): Ledger => ({
  spread,
  bar: 0,
  barsHeld: 0,
  trippedBy: {},
  swap: 0,
  trades: [],
  blockedBy: {},
  open: [],
});

export function noteRecord(ledger: Ledger, record: JournalRecord): void {
  if (record.kind === 'decision') count(ledger, record.decision.blockedBy ?? 'none', 1);
  else if (record.kind === 'breaker' && record.change === 'tripped') {
    const { breaker } = record;
    ledger.trippedBy[breaker] = (ledger.trippedBy[breaker] ?? 0) + 1;
  }
}

/** The same of many decisions at once. */
export function noteDecisions(ledger: Ledger, { blockedBy }: DecisionRun): void {
  for (const each of blockedBy) count(ledger, each.gate, each.count);
}

function count({ blockedBy }: Ledger, gate: GateName | 'none', times: number): void {
  blockedBy[gate] = (blockedBy[gate] ?? 0) + times;
}

export function book(ledger: Ledger, deal: DealFacts, balance: number): void {
  if (deal.close === undefined) {
    const at = deal.price;
    const above = deal.side === 'sell' ? ledger.spread : 0;
    ledger.open.push({ deal, bar: ledger.bar, balance, above, highest: at, lowest: at });
    return;
  }
  const open = taken(ledger.open, deal);
  if (open === undefined) return;
  const { grossProfit, swap, commission, conversionFee, entryPrice } = deal.close;
  markOne(open, deal.price - open.above);
  const long = open.deal.side === 'buy';
  ledger.trades.push({
    side: open.deal.side,
    volume: deal.filled,
    entryTime: open.deal.time,
    entryPrice,
    exitTime: deal.time,
    exitPrice: deal.price,
    cause: deal.cause,
    net: grossProfit + swap + commission + conversionFee,
    commission,
    balanceBefore: open.balance,
    adverse: long ? entryPrice - open.lowest : open.highest - entryPrice,
    favourable: long ? open.highest - entryPrice : entryPrice - open.lowest,
    bars: ledger.bar - open.bar + 1,
  });
}

/** The position of a deal, which is no longer among those that are held. */
function taken(held: Open[], { positionId }: DealFacts): Open | undefined {
  let place = 0;
  while (place < held.length && held[place]?.deal.positionId !== positionId) place += 1;
  if (place === held.length - 1) return held.pop();
  return held.splice(place, 1)[0];
}

/** A bid that every held position lived through. */
export function mark(open: readonly Open[], bid: number): void {
  for (let at = 0; at < open.length; at += 1) markOne(open[at] as Open, bid);
}

function markOne(one: Open, bid: number): void {
  const now = bid + one.above;
  if (now > one.highest) one.highest = now;
  if (now < one.lowest) one.lowest = now;
}
