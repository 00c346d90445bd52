/**
 * How long the steps of the way take, in histograms: from a quote to its decision, from an order to
 * its bytes, to the broker and back, to the disk, and how late the event loop runs.
 * Deliberately beside the state and in the machine's own time: nothing is decided by it, and a
 * simulated run stays the same by seed.
 */
import type { Event, JournalRecord } from '../engine/index.ts';

export interface HistogramRow {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds, ascending; the last bucket has none. */
  readonly bounds: readonly number[];
}

const FINE = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.1];
const MIDDLE = [5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const COARSE = [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

/** Every histogram; seconds. */
export const HISTOGRAMS = {
  tickToDecision: {
    name: 'bot_tick_to_decision_seconds',
    help: 'From a quote in the inbox until the engine has decided on it, whatever it decided.',
    bounds: FINE,
  },
  decisionToBytes: {
    name: 'bot_decision_to_bytes_seconds',
    help: 'From the record of a request until its bytes are with the socket; the commit is in it.',
    bounds: MIDDLE,
  },
  orderRoundTrip: {
    name: 'bot_order_round_trip_seconds',
    help: 'From the bytes of an order until the first answer of the broker to it.',
    bounds: COARSE,
  },
  commit: {
    name: 'bot_commit_seconds',
    help: 'From handing rows to the journal until they are durable.',
    bounds: MIDDLE,
  },
  loopDelay: {
    name: 'bot_event_loop_delay_seconds',
    help: 'How much later than asked for a timer of twice a second came.',
    bounds: MIDDLE,
  },
} as const satisfies Readonly<Record<string, HistogramRow>>;

export type TimingName = keyof typeof HISTOGRAMS;

/** Counts of one histogram, one for each bound and one beyond; not cumulative. */
export interface Counts {
  readonly buckets: readonly number[];
  /** Seconds. */
  readonly sum: number;
}

export interface Timings {
  /** A figure that is not a span of time is left out. */
  observe(name: TimingName, milliseconds: number): void;
  counts(name: TimingName): Counts;
}

export function createTimings(): Timings {
  const names = Object.keys(HISTOGRAMS) as TimingName[];
  const book = Object.fromEntries(
    names.map((name) => {
      const buckets = new Array<number>(HISTOGRAMS[name].bounds.length + 1).fill(0);
      return [name, { buckets, sum: 0 }];
    }),
  ) as Record<TimingName, { readonly buckets: number[]; sum: number }>;
  return {
    observe(name, milliseconds) {
      const seconds = milliseconds / 1_000;
      if (!(seconds >= 0 && Number.isFinite(seconds))) return;
      const bounds: readonly number[] = HISTOGRAMS[name].bounds;
      let index = 0;
      while (index < bounds.length && seconds > (bounds[index] ?? 0)) index += 1;
      const one = book[name];
      one.buckets[index] = (one.buckets[index] ?? 0) + 1;
      one.sum += seconds;
    },
    counts: (name) => book[name],
  };
}

/** Follows requests from their record to the broker's first answer. */
export interface OrderWatch {
  /** A record was written; requests begin here. */
  recorded(record: JournalRecord): void;
  /** An event came in. */
  heard(event: Event): void;
}

interface Flying {
  readonly clientOrderId: string | undefined;
  readonly recordedAt: number;
  sentAt: number | undefined;
}

/** More than can be under way at once; the oldest go first (I27). */
const FLYING_MAX = 256;

/**
 * `now` is the machine's time, `runNow` that of the run (simulated in the simulator, where the way
 * to the broker is simulated too); milliseconds.
 */
export function createOrderWatch(
  timings: Timings,
  now: () => number,
  runNow: () => number,
): OrderWatch {
  const flying = new Map<string, Flying>();
  const answered = (id: string, one: Flying): void => {
    flying.delete(id);
    if (one.sentAt !== undefined) timings.observe('orderRoundTrip', runNow() - one.sentAt);
  };
  const sent = (id: string): void => {
    const one = flying.get(id);
    if (one === undefined || one.sentAt !== undefined) return;
    one.sentAt = runNow();
    timings.observe('decisionToBytes', now() - one.recordedAt);
  };
  const failed = (id: string): void => {
    const one = flying.get(id);
    if (one !== undefined) answered(id, one);
  };
  const updated = (clientOrderId: string | undefined): void => {
    if (clientOrderId === undefined) return;
    for (const [id, one] of flying) if (one.clientOrderId === clientOrderId) answered(id, one);
  };
  return {
    recorded(record) {
      if (record.kind !== 'request') return;
      const { request } = record;
      if (flying.size >= FLYING_MAX) flying.delete(flying.keys().next().value ?? '');
      const clientOrderId = 'clientOrderId' in request ? request.clientOrderId : undefined;
      flying.set(request.requestId, { clientOrderId, recordedAt: now(), sentAt: undefined });
    },
    heard(event) {
      if (flying.size === 0) return;
      if (event.type === 'sent') sent(event.requestId);
      else if (event.type === 'requestFailed') failed(event.requestId);
      else if (event.type === 'orderUpdate') updated(event.update.clientOrderId);
    },
  };
}
