/**
 * What breakers count: refusals, bad fills, lost links, entries; and what is known of the world
 * outside. Deliberately in the state, never in a variable: a crash forgets nothing (I21).
 */
import { bounded } from '../bars.ts';
import { dayKeyOf } from '../calendar.ts';
import { DEADLINES, LIMITS } from '../config.ts';
import type { BrokerPnlEvent, ConversionEvent, LinkState } from '../event.ts';
import { bpsText } from '../format.ts';
import type { Deal } from '../model.ts';
import type { Order } from '../state.ts';
import { change, owned, record, type Turn, tell } from '../turn.ts';
import { type ClientOrderId, type Mono, mulDiv, type PositionId, productAtMost } from '../units.ts';
import { tripIfDue } from './breakers.ts';

export interface Tallies {
  /** When an entry was refused for its spread, by the broker for good, and when a link was lost. */
  readonly wideSpreads: readonly Mono[];
  readonly rejects: readonly Mono[];
  readonly losses: readonly Mono[];
  /** Orders of one day whose fill was worse than allowed. */
  readonly badFills: { readonly day: number; readonly orders: readonly ClientOrderId[] };
  /** Entries handed to the broker in one day, which only grows (F64); full: at that day's cap. */
  readonly entries: { readonly day: number; readonly count: number; readonly isFull: boolean };
}

/** The newest word about what the engine cannot see itself. */
export interface Outside {
  readonly skewMs: number | undefined;
  readonly skewAt: Mono | undefined;
  readonly loopDelayMs: number | undefined;
  readonly freeMib: number | undefined;
  /** A write or sync failed at this time and nobody has reset the breaker since. */
  readonly journalFaultAt: Mono | undefined;
  readonly authRefusals: number;
  /** The newest conversion from the quote currency to the account's, and when it was heard. */
  readonly conversion: { readonly chain: ConversionEvent; readonly at: Mono } | undefined;
  /** The broker's own figures of open profit, and when they were told (F60). */
  readonly brokerPnl: { readonly at: Mono; readonly nets: BrokerPnlEvent['positions'] } | undefined;
  /** Positions whose worth the broker states otherwise than we do. */
  readonly pnlDoubts: readonly PositionId[];
}

export const NO_TALLIES: Tallies = {
  wideSpreads: [],
  rejects: [],
  losses: [],
  badFills: { day: 0, orders: [] },
  entries: { day: 0, count: 0, isFull: false },
};

export const NOTHING_KNOWN: Outside = {
  skewMs: undefined,
  skewAt: undefined,
  loopDelayMs: undefined,
  freeMib: undefined,
  journalFaultAt: undefined,
  authRefusals: 0,
  conversion: undefined,
  brokerPnl: undefined,
  pnlDoubts: [],
};

/** How many happened at most so long ago; exactly so long ago still counts. Oldest first. */
export function within(times: readonly Mono[], now: Mono, ms: number): number {
  let first = times.length;
  while (first > 0 && now - (times[first - 1] ?? now) <= ms) first -= 1;
  return times.length - first;
}

const more = (times: readonly Mono[], now: Mono): readonly Mono[] =>
  bounded(times, now, LIMITS.tally);

function count(turn: Turn, fields: Partial<Tallies>): void {
  const { wideSpreads, rejects, losses, badFills, entries } = turn.core.tallies;
  const known = { wideSpreads, rejects, losses, badFills, entries };
  owned(turn).tallies = Object.assign(known, fields);
}

/** An entry was refused because of the spread: at its decision, or when it was about to leave. */
export function noteSpreadRefusal(turn: Turn): void {
  count(turn, { wideSpreads: more(turn.core.tallies.wideSpreads, turn.at.mono) });
  tripIfDue(turn, 'SPREAD');
}

/** The broker refused an entry for good (F33). */
export function noteReject(turn: Turn): void {
  change(turn, { rejects: turn.core.rejects + 1 });
  count(turn, { rejects: more(turn.core.tallies.rejects, turn.at.mono) });
  tripIfDue(turn, 'REJECTS');
}

/** The bytes of an entry left; counted whatever becomes of the order (F50). */
export function noteEntrySent(turn: Turn): void {
  const core = owned(turn);
  const { entriesSent, tallies, config } = core;
  const { mono } = turn.at;
  // What is older than the minute of the cap never counts again.
  const young = entriesSent.filter((at) => mono - at < DEADLINES.capMinuteMs);
  core.entriesSent = bounded(young, mono, LIMITS.orders);
  const today = dayKeyOf(turn.at.wall);
  const isNew = today > tallies.entries.day;
  const day = isNew ? today : tallies.entries.day;
  const sent = isNew ? 1 : tallies.entries.count + 1;
  const isFull = config !== undefined && sent >= config.entriesPerDay;
  core.tallies = {
    wideSpreads: tallies.wideSpreads,
    rejects: tallies.rejects,
    losses: tallies.losses,
    badFills: tallies.badFills,
    entries: { day, count: sent, isFull },
  };
  tripIfDue(turn, 'ORDER_RATE');
}

/** An opening deal against the price its order was decided on: worse than the limit counts once. */
export function noteFill(turn: Turn, order: Order, deal: Deal): void {
  const { config, tallies } = turn.core;
  const { decidedPrice, side, id } = order;
  if (config === undefined || decidedPrice === undefined) return;
  const worse = side === 'buy' ? deal.price - decidedPrice : decidedPrice - deal.price;
  if (productAtMost(worse, 10_000, decidedPrice, config.slippageMaxBps)) return;
  const today = dayKeyOf(turn.at.wall);
  const isNew = today > tallies.badFills.day;
  const { day, orders } = isNew ? { day: today, orders: [] } : tallies.badFills;
  if (orders.includes(id)) return;
  count(turn, { badFills: { day, orders: bounded(orders, id, LIMITS.tally) } });
  const share = bpsText(mulDiv(worse, 10_000, decidedPrice, 'away'));
  const text = `the fill was ${share} worse than the price decided on`;
  record(turn, { kind: 'note', text: `${id}: ${text} (F49)` });
  tell(turn, 'deal', 'warn', text);
  tripIfDue(turn, 'SLIPPAGE');
}

/** States in which there was a line that could be lost. */
const HAD_LINE: ReadonlySet<LinkState> = new Set<LinkState>([
  'APP_AUTH',
  'ACCOUNT_AUTH',
  'SYNCING',
  'READY',
  'DEGRADED',
  'NO_PRICES',
]);

/** A line that had been open is gone (F08); a call that nobody answered is not a loss. */
export function noteLinkLost(turn: Turn, before: LinkState): void {
  if (!HAD_LINE.has(before)) return;
  count(turn, { losses: more(turn.core.tallies.losses, turn.at.mono) });
  tripIfDue(turn, 'CONNECTIVITY');
}
