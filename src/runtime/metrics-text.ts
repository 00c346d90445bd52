/**
 * What stands in `/metrics` beside the plain gauges: histograms, counters and ages, as text of the
 * Prometheus exposition format 0.0.4.
 * Deliberately free of ids, names and texts of anybody (F122); labels come from closed lists.
 */
import type { Snapshot } from '../engine/index.ts';
import { HISTOGRAMS, type TimingName, type Timings } from './timings.ts';

interface Row {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Absent is not zero (I18). */
  readonly value: (now: Snapshot) => number | undefined;
}

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000);

/** Ages and counts out of the picture. */
export const ROWS: readonly Row[] = [
  {
    name: 'bot_quote_age_seconds',
    type: 'gauge',
    help: 'Age of the newest quote; absent before the first.',
    value: ({ quote }) => seconds(quote?.ageMs),
  },
  {
    name: 'bot_link_state_age_seconds',
    type: 'gauge',
    help: 'How long the link has been in its state.',
    value: ({ link }) => seconds(link.ageMs),
  },
  {
    name: 'bot_link_ready',
    type: 'gauge',
    help: '1 while the link to the broker is READY, else 0.',
    value: ({ link }) => Number(link.state === 'READY'),
  },
  {
    name: 'bot_link_round_trip_seconds',
    type: 'gauge',
    help: 'Round trip of the last heartbeat or request; absent while it is not known.',
    value: ({ link }) => seconds(link.roundTripMs),
  },
  {
    name: 'bot_session_open',
    type: 'gauge',
    help: '1 while the trading session is open, 0 while closed; absent while it is not known.',
    value: ({ session }) => (session.state === 'unknown' ? undefined : +(session.state === 'open')),
  },
  {
    name: 'bot_entries_allowed',
    type: 'gauge',
    help: '1 while an entry would be allowed, else 0.',
    value: (now) => Number(now.entriesAllowed),
  },
  {
    name: 'bot_positions_without_stop',
    type: 'gauge',
    help: 'Own positions without a stop at the broker; anything above 0 is an emergency.',
    value: ({ positions }) => positions.filter((one) => one.ours && one.state === 'NAKED').length,
  },
  {
    name: 'bot_orders_unknown',
    type: 'gauge',
    help: 'Orders whose outcome is not known.',
    value: ({ orders }) =>
      orders.filter((one) => one.state === 'UNKNOWN' || one.state === 'QUARANTINED').length,
  },
  {
    name: 'bot_reconciliation_age_seconds',
    type: 'gauge',
    help: 'Since the last complete look at what the broker holds; absent before the first.',
    value: (now) => seconds(now.reconciliation.ageMs),
  },
  {
    name: 'bot_login_expires_seconds',
    type: 'gauge',
    help: 'Until the stored login ends; absent where nobody knows.',
    value: ({ login, wall }) => (login === undefined ? undefined : (login.expiresAt - wall) / 1e3),
  },
  {
    name: 'bot_quotes_total',
    type: 'counter',
    help: 'Quotes taken.',
    value: (now) => now.counters.quotes,
  },
  {
    name: 'bot_quotes_held_total',
    type: 'counter',
    help: 'Quotes held back as implausible.',
    value: (now) => now.counters.quotesHeld,
  },
  {
    name: 'bot_reconnects_total',
    type: 'counter',
    help: 'Connections to the broker after the first.',
    value: (now) => now.counters.reconnects,
  },
  {
    name: 'bot_order_rejects_total',
    type: 'counter',
    help: 'Orders the broker rejected.',
    value: (now) => now.counters.rejects,
  },
];

/** Counts by word that are kept beside the engine; the words come from closed lists. */
export const BOOKS = {
  alerts: {
    name: 'bot_alerts_total',
    help: 'Alerts by what became of them.',
    label: 'outcome',
  },
  log: {
    name: 'bot_log_lines_suppressed_total',
    help: 'Log lines left out because the same ones came too often.',
    label: 'level',
  },
} as const;

export type BookName = keyof typeof BOOKS;

export interface MetricsSources {
  readonly timings?: Timings;
  readonly counts?: Readonly<Partial<Record<BookName, () => Readonly<Record<string, number>>>>>;
  /** The process: memory, processor time, open descriptors where known. */
  readonly host?: () => HostFigures;
}

export interface HostFigures {
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Held by the heap outside of it: buffers, databases. */
  readonly externalBytes: number;
  /** User and system, since the start. */
  readonly cpuSeconds: number;
}

const HOST_ROWS: readonly (readonly [keyof HostFigures, string, Row['type'], string])[] = [
  ['residentBytes', 'process_resident_memory_bytes', 'gauge', 'Resident memory.'],
  ['heapBytes', 'nodejs_heap_size_used_bytes', 'gauge', 'Used heap.'],
  ['externalBytes', 'nodejs_external_memory_bytes', 'gauge', 'Memory that the heap holds outside.'],
  ['cpuSeconds', 'process_cpu_seconds_total', 'counter', 'Processor time since the start.'],
];

const head = (name: string, type: string, help: string): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

const quoted = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Text to put behind the gauges; ends with a line end. */
export function metricsText(now: Snapshot | undefined, sources: MetricsSources): string {
  const { timings, counts, host } = sources;
  const lines: string[] = [];
  for (const { name, type, help, value } of ROWS) {
    lines.push(...head(name, type, help));
    const current = now === undefined ? undefined : value(now);
    if (current !== undefined && Number.isFinite(current)) lines.push(`${name} ${current}`);
  }
  for (const [book, { name, help, label }] of Object.entries(BOOKS)) {
    lines.push(...head(name, 'counter', help));
    for (const [word, count] of Object.entries(counts?.[book as BookName]?.() ?? {})) {
      lines.push(`${name}{${label}="${quoted(word)}"} ${count}`);
    }
  }
  const figures = host?.();
  for (const [key, name, type, help] of HOST_ROWS) {
    lines.push(...head(name, type, help));
    if (figures !== undefined) lines.push(`${name} ${figures[key]}`);
  }
  if (timings !== undefined) {
    for (const name of Object.keys(HISTOGRAMS) as TimingName[]) {
      lines.push(...histogramLines(name, timings));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Buckets add up from below, as the format wants it; the last one counts everything. */
function histogramLines(key: TimingName, timings: Timings): readonly string[] {
  const { name, help, bounds } = HISTOGRAMS[key];
  const { buckets, sum } = timings.counts(key);
  let below = 0;
  const steps = buckets.map((count, index) => {
    below += count;
    return `${name}_bucket{le="${bounds[index] ?? '+Inf'}"} ${below}`;
  });
  return [
    ...head(name, 'histogram', help),
    ...steps,
    `${name}_sum ${sum}`,
    `${name}_count ${below}`,
  ];
}
