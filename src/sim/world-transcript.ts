/**
 * The last lines of a world, readable by a trader, kept as facts and written only when asked for.
 * Deliberately leaves out what moves nothing: quiet prices and clock ticks.
 */
import { shownDecision } from '../engine/decision-words.ts';
import {
  type BrokerRequest,
  decimalText,
  type Event,
  type JournalRecord,
  type Wall,
} from '../engine/index.ts';

export interface TranscriptEntry {
  readonly step: number;
  readonly wall: Wall;
  readonly event: Event | string;
  readonly records: readonly JournalRecord[];
  readonly sent: readonly BrokerRequest[];
  readonly queries: number;
}

export interface Transcript {
  note(entry: TranscriptEntry): void;
  /** At most that many lines, oldest first. */
  lines(count: number): string[];
}

const KEPT = 400;

export function createTranscript(): Transcript {
  let entries: TranscriptEntry[] = [];
  return {
    note: (entry) => {
      entries.push(entry);
      if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT);
    },
    lines: (count) => entries.flatMap(linesOf).slice(-count),
  };
}

function linesOf({ step, wall, event, records, sent, queries }: TranscriptEntry): string[] {
  const time = new Date(wall).toISOString().slice(11, 23);
  const head = `${time} #${step} ${typeof event === 'string' ? event : eventWords(event)}`;
  const asked = queries === 0 ? [] : [`             > query ${queries}`];
  return [
    head,
    ...records.map((record) => `             > record ${recordWords(record)}`),
    ...sent.map((request) => `             > transmit ${requestWords(request)}`),
    ...asked,
  ];
}

function eventWords(event: Event): string {
  const side = (value: number | undefined) =>
    value === undefined ? '-' : decimalText(value / 100_000, 0);
  switch (event.type) {
    case 'quote':
      return `quote ${side(event.bid)}/${side(event.ask)} g${event.generation}`;
    case 'link':
      return `link ${event.state} g${event.generation} ${event.reason ?? ''}`;
    case 'orderUpdate': {
      const { update } = event;
      const kind = update.protective ? 'protective' : update.closing ? 'closing' : 'entry';
      const size = `${update.executed}/${update.volume} p${update.positionId}`;
      return `order ${update.brokerOrderId} ${kind} ${update.status} ${size}`;
    }
    case 'deal': {
      const { deal } = event;
      const what = deal.close === undefined ? 'opens' : `closes (${deal.cause})`;
      return `deal ${deal.id} ${what} ${deal.filled} of p${deal.positionId} at ${side(deal.price)}`;
    }
    case 'protection':
      return `levels p${event.positionId} stop ${side(event.stop)} target ${side(event.target)}`;
    case 'brokerSnapshot':
      return passWords(event);
    case 'requestFailed':
      return `failed ${event.requestId} ${event.code} ${event.definitive ? '' : '(ambiguous)'}`;
    case 'account':
      return `account ${event.account.balance} v${event.account.balanceVersion}`;
    case 'durable':
      return `durable up to ${event.upTo}`;
    case 'sent':
      return `sent ${event.requestId}`;
    case 'command':
      return `command ${JSON.stringify(event.command.body)}`;
    case 'egressRefused':
      return `egress refused ${event.requestId}: ${event.reason}`;
    default:
      return event.type;
  }
}

function passWords({ pass }: Extract<Event, { type: 'brokerSnapshot' }>): string {
  if (!pass.complete) return `pass void: ${pass.reason}`;
  const { positions, orders, deals, historyFrom } = pass.snapshot;
  const held = positions.map(({ id, volume, stop }) => `p${id} ${volume} stop ${stop ?? 'none'}`);
  const past = historyFrom === undefined ? 'no history' : `${deals.length} deals of history`;
  return `pass [${held.join(', ')}] ${orders.length} orders, ${past}`;
}

function recordWords(record: JournalRecord): string {
  switch (record.kind) {
    case 'order':
      return `${record.clientOrderId} ${record.from ?? '-'} -> ${record.to}: ${record.reason}`;
    case 'decision':
      return `decision ${shownDecision(record.decision).sentence}`;
    case 'position':
      return `position ${record.positionId} ${record.state}: ${record.reason}`;
    case 'request':
      return `request ${record.request.requestId}: ${record.reason}`;
    case 'deal':
      return `deal ${record.dealId} net ${record.net}: ${record.reason}`;
    case 'breaker':
      return `breaker ${record.breaker} ${record.change}: ${record.reason}`;
    case 'dayOpened':
      return `day ${record.dayKey} opened with ${record.openingEquity}`;
    case 'command':
      return `command ${record.commandId} ${record.outcome}: ${record.reason}`;
    case 'arming':
      return `${record.change} for ${record.account}: ${record.reason}`;
    case 'difference':
      return `${record.row} ${record.subject}: ${record.text}`;
    case 'note':
      return record.text;
  }
}

const requestWords = (request: BrokerRequest): string =>
  request.type === 'closePosition'
    ? `${request.requestId} of ${request.volume}`
    : request.type === 'amendProtection'
      ? `${request.requestId} to ${request.stop}`
      : `${request.type} ${request.requestId}`;
