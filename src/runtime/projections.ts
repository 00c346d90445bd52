/**
 * What a journal adds up to, told row by row: trades, the account's curve, decisions, readings,
 * and the audit trail. Deliberately keeps only what is still open, so that any journal fits into
 * memory; and decides nothing: what is not in the journal is absent here.
 */
import {
  type Account,
  addMoney,
  addVolume,
  type BrokerSnapshot,
  type ClientOrderId,
  type Deal,
  type DecisionRecord,
  type Event,
  type Instrument,
  type JournalRecord,
  type Money,
  money,
  mulDiv,
  type PositionId,
  type Price,
  price,
  type SentimentReading,
  type Side,
  type Volume,
  volume,
  type Wall,
  wall,
} from '../engine/index.ts';
import type { JournalRow } from './journal-view.ts';

/** A position of ours from its opening on; absent is what the journal does not say. */
export interface TradeRow {
  /** 1, 2, 3 in the order in which they closed; absent while it is open. */
  readonly number: number | undefined;
  readonly positionId: PositionId;
  readonly orderId: ClientOrderId | undefined;
  readonly side: Side;
  readonly symbol: string | undefined;
  /** Decimals of its prices. */
  readonly digits: number | undefined;
  readonly volume: Volume;
  readonly entryPrice: Price;
  readonly openedAt: Wall | undefined;
  /** The newest levels the broker confirmed. */
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
  /** Of all its closing deals, by volume. */
  readonly closePrice: Price | undefined;
  readonly closedVolume: Volume;
  readonly closedAt: Wall | undefined;
  /** After all costs; the sum of its closing deals. */
  readonly net: Money;
  readonly exponent: number;
  readonly closeReason: Deal['cause'] | undefined;
  /** The decision that opened it. */
  readonly decision: DecisionRecord | undefined;
}

/** The account after a closed trade, or the equity a day began with. */
export interface EquityPoint {
  readonly at: Wall;
  readonly amount: Money;
  readonly exponent: number | undefined;
  readonly cause: 'trade' | 'day';
}

/** An order, a breaker, a command, an arming: who did what, when and why. */
export interface AuditRow {
  readonly id: number;
  readonly seq: number;
  readonly at: Wall;
  readonly kind: JournalRecord['kind'] | 'asked' | 'started';
  readonly subject: string;
  readonly what: string;
  /** Our own words, or text from outside: never fit for a terminal as it is. */
  readonly why: string;
  readonly by: string | undefined;
}

/** Who is told; absent ones cost nothing. */
export interface ProjectionSink {
  opened?(trade: TradeRow): void;
  closed?(trade: TradeRow): void;
  equity?(point: EquityPoint): void;
  decision?(decision: DecisionRecord, seq: number): void;
  sentiment?(reading: SentimentReading | undefined, why: string | undefined, at: Wall): void;
  audit?(row: AuditRow): void;
}

/** What is open at one moment is bounded in the engine too; a damaged history must not grow. */
const MOST = 1_024;

function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST && oldest !== undefined) map.delete(oldest);
}

interface OpenTrade {
  trade: TradeRow;
  ours: boolean;
  isTold: boolean;
}

export class Projections {
  readonly #sink: ProjectionSink;
  readonly #instruments = new Map<string, Instrument>();
  /** Our number of an order by the broker's. */
  readonly #orders = new Map<string, ClientOrderId>();
  readonly #decisions = new Map<ClientOrderId, DecisionRecord>();
  readonly #open = new Map<PositionId, OpenTrade>();
  readonly #labels = new Map<string, ClientOrderId>();
  /** What the newest input told; its records say which of it counted (I12). */
  #deals: readonly Deal[] = [];
  #decided: DecisionRecord | undefined;
  #exponent: number | undefined;
  #trades = 0;

  constructor(sink: ProjectionSink) {
    this.#sink = sink;
  }

  take(row: JournalRow): void {
    if (row.kind === 'input') this.#input(row.event, row);
    else this.#record(row.record, row);
  }

  #input(event: Event, row: Place): void {
    this.#decided = undefined;
    this.#deals = [];
    if (event.type === 'instrument') {
      keep(this.#instruments, event.instrument.id, event.instrument);
    } else if (event.type === 'account') this.#account(event.account);
    else if (event.type === 'orderUpdate') {
      const { brokerOrderId, clientOrderId, label } = event.update;
      const ours = clientOrderId ?? (label === undefined ? undefined : this.#labels.get(label));
      if (ours !== undefined) keep(this.#orders, brokerOrderId, ours);
    } else if (event.type === 'deal') this.#deals = [event.deal];
    else if (event.type === 'protection') {
      this.#levels(event.positionId, event.stop, event.target);
    } else if (event.type === 'brokerSnapshot') {
      if (event.pass.complete) this.#snapshot(event.pass.snapshot);
    } else if (event.type === 'sentiment') {
      this.#sink.sentiment?.(event.reading, event.abstained, wall(row.wall));
    } else if (event.type === 'started') {
      this.#audit(row, ['started', event.runId, `version ${event.version}`, ''], undefined);
    } else if (event.type === 'command') {
      const { id, body, by, role } = event.command;
      const isAdoption = body.type === 'verdict' && body.ruling.type === 'adopt';
      if (isAdoption) this.#adopt(body.ruling.positionId);
      this.#audit(row, ['asked', id, `${body.type} (${role})`, JSON.stringify(body)], by);
    }
  }

  #record(record: JournalRecord, row: Place): void {
    const audit = auditOf(record);
    if (audit !== undefined) this.#audit(row, audit, undefined);
    if (record.kind === 'decision') {
      this.#decided = record.decision;
      this.#sink.decision?.(record.decision, row.seq);
    } else if (record.kind === 'order' && record.to === 'INTENT') {
      // The decision and its order are records of one step.
      if (this.#decided !== undefined) keep(this.#decisions, record.clientOrderId, this.#decided);
    } else if (record.kind === 'request' && record.request.type === 'submitOrder') {
      keep(this.#labels, record.request.label, record.request.clientOrderId);
    } else if (record.kind === 'deal') {
      const deal = this.#deals.find(({ id }) => id === record.dealId);
      if (deal !== undefined) this.#deal(deal, record.net);
    } else if (record.kind === 'position' && record.state === 'CLOSED') {
      this.#close(record.positionId);
    } else if (record.kind === 'dayOpened') {
      const { openingEquity: amount } = record;
      const at = wall(row.wall);
      this.#sink.equity?.({ at, amount, exponent: this.#exponent, cause: 'day' });
    }
  }

  #account(account: Account): void {
    this.#exponent = account.exponent;
  }

  #snapshot({ account, positions, deals, orders, endedOrders }: BrokerSnapshot): void {
    this.#account(account);
    for (const { brokerOrderId, clientOrderId, label } of [...orders, ...endedOrders]) {
      const ours = clientOrderId ?? (label === undefined ? undefined : this.#labels.get(label));
      if (ours !== undefined) keep(this.#orders, brokerOrderId, ours);
    }
    this.#deals = deals;
    for (const one of positions) {
      const known = this.#open.get(one.id);
      const label = one.label === undefined ? undefined : this.#labels.get(one.label);
      if (known === undefined && label !== undefined) {
        const about = this.#instruments.get(one.instrumentId);
        const trade = {
          ...this.#blank(one.id, one.side, about),
          orderId: label,
          decision: this.#decisions.get(label),
          volume: one.volume,
          entryPrice: one.entry,
          openedAt: one.openedAt,
        };
        keep(this.#open, one.id, { trade, ours: true, isTold: false });
      }
      this.#levels(one.id, one.stop, one.target);
    }
  }

  #blank(id: PositionId, side: Side, about: Instrument | undefined): TradeRow {
    return {
      number: undefined,
      positionId: id,
      orderId: undefined,
      side,
      symbol: about?.name,
      digits: about?.digits,
      volume: volume(0),
      entryPrice: price(0),
      openedAt: undefined,
      stop: undefined,
      target: undefined,
      closePrice: undefined,
      closedVolume: volume(0),
      closedAt: undefined,
      net: money(0),
      exponent: this.#exponent ?? 0,
      closeReason: undefined,
      decision: undefined,
    };
  }

  #deal(deal: Deal, net: Money): void {
    const { positionId: id, close, exponent } = deal;
    const about = this.#instruments.get(deal.instrumentId);
    const entrySide = deal.side === 'buy' ? 'sell' : 'buy';
    const known = this.#open.get(id) ?? {
      trade: this.#blank(id, close === undefined ? deal.side : entrySide, about),
      ours: false,
      isTold: false,
    };
    const orderId = close === undefined ? this.#orders.get(deal.brokerOrderId) : undefined;
    const grown = close === undefined ? enlarged(known.trade, deal) : reduced(known.trade, deal);
    const trade = {
      ...grown,
      exponent,
      orderId: known.trade.orderId ?? orderId,
      decision: known.trade.decision ?? (orderId && this.#decisions.get(orderId)),
      net: close === undefined ? grown.net : addMoney(grown.net, net),
    };
    const ours = known.ours || orderId !== undefined;
    keep(this.#open, id, { ...known, trade, ours });
    if (close === undefined) return;
    this.#tell(id);
    const at = deal.time;
    this.#sink.equity?.({ at, amount: close.balance, exponent, cause: 'trade' });
  }

  #levels(id: PositionId, stop: Price | undefined, target: Price | undefined): void {
    const known = this.#open.get(id);
    if (known === undefined) return;
    known.trade = { ...known.trade, stop, target };
    if (stop !== undefined) this.#tell(id);
  }

  /** Once, as soon as its levels are confirmed, at the latest when it begins to close. */
  #tell(id: PositionId): void {
    const known = this.#open.get(id);
    if (known === undefined || known.isTold || !known.ours) return;
    known.isTold = true;
    this.#sink.opened?.(known.trade);
  }

  #adopt(id: PositionId): void {
    const known = this.#open.get(id);
    if (known !== undefined) known.ours = true;
  }

  #close(id: PositionId): void {
    const known = this.#open.get(id);
    this.#open.delete(id);
    if (known?.ours !== true) return;
    this.#trades += 1;
    this.#sink.closed?.({ ...known.trade, number: this.#trades });
  }

  #audit({ id, seq, wall: at }: Place, said: Audit, by: string | undefined): void {
    const [kind, subject, what, why] = said;
    this.#sink.audit?.({ id, seq, at: wall(at), kind, subject, what, why, by });
  }
}

type Place = Pick<JournalRow, 'id' | 'seq' | 'wall'>;
type Audit = readonly [AuditRow['kind'], string, string, string];

/** Decisions and deals have tables of their own; everything else that was done is audited. */
function auditOf(record: JournalRecord): Audit | undefined {
  switch (record.kind) {
    case 'order':
      return [
        'order',
        record.clientOrderId,
        `${record.from ?? 'none'} > ${record.to}`,
        record.reason,
      ];
    case 'breaker':
      return ['breaker', record.breaker, record.change, record.reason];
    case 'command':
      return ['command', record.commandId, record.outcome, record.reason];
    case 'arming':
      return ['arming', record.account, record.change, record.reason];
    case 'request':
      return ['request', record.request.requestId, record.request.type, record.reason];
    case 'position':
      return ['position', record.positionId, record.state, record.reason];
    case 'difference':
      return ['difference', record.subject, record.row, record.text];
    case 'note':
      return ['note', '', 'noted', record.text];
    case 'decision':
    case 'deal':
    case 'dayOpened':
      return undefined;
  }
}

/** The mean of two prices by volume, rounded as the engine rounds an entry. */
function mixed(a: Price, inA: Volume, b: Price, inB: Volume): Price {
  return inA === 0 ? b : price(a + mulDiv(price(b - a), inB, addVolume(inA, inB), 'away'));
}

function enlarged(trade: TradeRow, deal: Deal): TradeRow {
  const entryPrice = mixed(trade.entryPrice, trade.volume, deal.price, deal.filled);
  const openedAt = trade.openedAt ?? deal.time;
  return { ...trade, entryPrice, openedAt, volume: addVolume(trade.volume, deal.filled) };
}

function reduced(trade: TradeRow, deal: Deal): TradeRow {
  const { close } = deal;
  if (close === undefined) return trade;
  const before = trade.closePrice ?? deal.price;
  const isUnknown = trade.volume === 0;
  return {
    ...trade,
    // Opened before the journal begins: what the closing deal says of it.
    entryPrice: isUnknown ? close.entryPrice : trade.entryPrice,
    volume: isUnknown ? close.closedVolume : trade.volume,
    closePrice: mixed(before, trade.closedVolume, deal.price, close.closedVolume),
    closedVolume: addVolume(trade.closedVolume, close.closedVolume),
    closedAt: deal.time,
    closeReason: deal.cause,
  };
}
