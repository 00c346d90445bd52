/**
 * Metrics and health over HTTP, from the latest snapshot: `/metrics`, `/healthz`, `/readyz`.
 * Deliberately read-only and without ids, names or texts: nobody changes anything here (F122).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Snapshot } from '../engine/index.ts';
import { PRICE_SCALE } from '../engine/index.ts';
import { type MetricsSources, metricsText } from './metrics-text.ts';
import type { RiskCounts } from './risk-book.ts';

type Prometheus = typeof import('prom-client');
type Registry = InstanceType<Prometheus['Registry']>;

/** Somebody else listens there, or we may not. Exit code 64. */
export class PortUnavailable extends Error {
  override readonly name = 'PortUnavailable';
}

export interface TelemetryParts {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The latest picture; undefined before the run has started. */
  readonly snapshot: () => Snapshot | undefined;
  /** False once the loop has stopped. */
  readonly isAlive: () => boolean;
  /** What the news source did; undefined where it keeps no book. */
  readonly news?: () => NewsBook | undefined;
  /** What the engine refused since the start of the process. */
  readonly risk?: () => RiskCounts | undefined;
  /** Why the process is not well, in words without ids; empty when it is. */
  readonly ills?: () => readonly string[];
  /** Histograms, counts and figures of the process. */
  readonly sources?: MetricsSources;
}

export interface NewsBook {
  /** Since the start, by words such as `failed nitter rate-limited`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Millionths of a dollar in this UTC day. */
  readonly spentTodayMicros: number;
}

export interface Telemetry {
  readonly port: number;
  close(): Promise<void>;
}

interface GaugeRow {
  readonly name: string;
  readonly help: string;
  /** Absent is not zero: a gauge without a value is left out of the answer (I18). */
  readonly value: (snapshot: Snapshot) => number | undefined;
}

const percent = (bps: number | undefined) => (bps === undefined ? undefined : bps / 100);

function money(snapshot: Snapshot, amount: number | undefined): number | undefined {
  if (snapshot.account === undefined || amount === undefined) return undefined;
  return amount / 10 ** snapshot.account.exponent;
}

/** Every gauge; money in the account's currency, prices as quoted. */
export const GAUGES: readonly GaugeRow[] = [
  {
    name: 'bot_current_balance',
    help: 'Account balance, without open positions.',
    value: (now) => money(now, now.account?.balance),
  },
  {
    name: 'bot_total_pnl',
    help: 'Net result of all closed trades.',
    value: (now) => money(now, now.stats.netProfit),
  },
  {
    name: 'bot_daily_pnl',
    help: 'Result of the trading day, open positions included.',
    value: (now) => money(now, now.account?.dayPnl),
  },
  {
    name: 'bot_win_rate',
    help: 'Winning trades in per cent of all; absent before the first.',
    value: (now) => percent(now.stats.winRateBps),
  },
  {
    name: 'bot_open_positions',
    help: 'Open positions.',
    value: (now) => now.positions.length,
  },
  {
    name: 'bot_total_trades',
    help: 'Closed trades.',
    value: (now) => now.stats.trades,
  },
  {
    name: 'bot_current_price',
    help: 'Bid; absent while no fresh quote is known.',
    value: ({ quote }) => (quote?.fresh === true ? quote.bid / PRICE_SCALE : undefined),
  },
  {
    name: 'bot_current_rsi',
    help: 'RSI of the last closed bar, 0 to 100.',
    value: (now) => now.indicators.rsi,
  },
  {
    name: 'bot_current_sentiment',
    help: 'Sentiment score, -100 to 100; absent when none is valid.',
    value: ({ sentiment: { reading } }) =>
      reading === undefined || reading.expired ? undefined : reading.score,
  },
  {
    name: 'bot_sentiment_age_seconds',
    help: 'Age of the last sentiment reading, also after it expired; absent before the first.',
    value: ({ sentiment: { reading } }) =>
      reading === undefined ? undefined : reading.ageMs / 1_000,
  },
  {
    name: 'bot_sentiment_confidence',
    help: 'Confidence of the sentiment reading in per cent; absent when none is valid.',
    value: ({ sentiment: { reading } }) =>
      reading === undefined || reading.expired ? undefined : reading.confidence,
  },
  {
    name: 'bot_sentiment_simulated',
    help: '1 when the sentiment is made up by the simulator, 0 when it comes from a real source.',
    value: ({ sentiment: { reading } }) =>
      reading === undefined ? undefined : Number(reading.simulated),
  },
  {
    name: 'bot_next_event_seconds',
    help: 'Seconds until the next scheduled event; absent when none is known.',
    value: ({ nextEvent, wall }) =>
      nextEvent === undefined || nextEvent.at < wall ? undefined : (nextEvent.at - wall) / 1_000,
  },
  {
    name: 'bot_runtime_seconds',
    help: 'Seconds since the run began.',
    value: (now) => now.runtimeMs / 1_000,
  },
];

const UNKNOWN_MAX_MS = 60_000;

/** Why the engine is not ready, in words without ids; empty when it is (F122). */
export function unreadiness(now: Snapshot | undefined): readonly string[] {
  if (now === undefined) return ['the run has not started'];
  const { link, session, quote, positions, orders, breakers } = now;
  const isOpen = session.state === 'open';
  const isLost = (order: Snapshot['orders'][number]) =>
    order.state === 'QUARANTINED' || (order.state === 'UNKNOWN' && order.ageMs > UNKNOWN_MAX_MS);
  const rows: readonly (readonly [boolean, string])[] = [
    [link.state !== 'READY', `the link is ${link.state}`],
    [isOpen && quote?.fresh !== true, 'no fresh quote in an open session'],
    [positions.some((one) => one.ours && one.state === 'NAKED'), 'a position has no stop'],
    [orders.some(isLost), 'an order has no known outcome'],
    [
      breakers.some((one) => one.name === 'PERSISTENCE' && one.tripped),
      'the journal does not write',
    ],
  ];
  return rows.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}

/** Breakers and blocked decisions by name; names come from closed lists of ours (F122). */
function riskMetrics(prometheus: Prometheus, registry: Registry) {
  const { Counter, Gauge } = prometheus;
  const distance = new Gauge({
    name: 'bot_breaker_distance',
    help: 'How much of the way to the trip is used, 0 to 1; absent while it is not known.',
    labelNames: ['breaker'],
    registers: [registry],
  });
  const tripped = new Gauge({
    name: 'bot_breaker_tripped',
    help: '1 while the breaker is tripped, else 0.',
    labelNames: ['breaker'],
    registers: [registry],
  });
  const trips = new Counter({
    name: 'bot_breaker_trips_total',
    help: 'How often the breaker tripped since the start of the process.',
    labelNames: ['breaker'],
    registers: [registry],
  });
  const blocked = new Counter({
    name: 'bot_decisions_blocked_total',
    help: 'Closed bars without an entry, by the gate that blocked it, since the start.',
    labelNames: ['gate'],
    registers: [registry],
  });
  return (now: Snapshot | undefined, counts: RiskCounts | undefined): void => {
    for (const metric of [distance, tripped, trips, blocked]) metric.reset();
    for (const { name: breaker, used, tripped: isTripped } of now?.breakers ?? []) {
      if (used !== undefined) distance.set({ breaker }, used);
      tripped.set({ breaker }, Number(isTripped));
    }
    for (const [breaker, count] of Object.entries(counts?.trips ?? {})) {
      trips.inc({ breaker }, count);
    }
    for (const [gate, count] of Object.entries(counts?.blocked ?? {})) blocked.inc({ gate }, count);
  };
}

type Render = () => Promise<{ readonly type: string; readonly text: string }>;

/** Loaded only when metrics are asked for: it would be a tenth of the start otherwise. */
export async function renderer(parts: Omit<TelemetryParts, 'host' | 'port'>): Promise<Render> {
  const { snapshot, news, risk, sources = {} } = parts;
  const { default: prometheus } = await import('prom-client');
  const { Counter, Gauge, Registry } = prometheus;
  const registry = new Registry();
  const steps = new Counter({
    name: 'bot_sentiment_events_total',
    help: 'What the news source did since the start: asked, answered, failed, skipped, switched.',
    labelNames: ['event'],
    registers: [registry],
  });
  const spent = new Gauge({
    name: 'bot_sentiment_spent_dollars',
    help: 'What the news source has cost in this UTC day; absent where nothing can cost.',
    registers: [registry],
  });
  const readNews = (): void => {
    const book = news?.();
    steps.reset();
    for (const [event, count] of Object.entries(book?.counts ?? {})) steps.inc({ event }, count);
    if (book === undefined) spent.remove();
    else spent.set(book.spentTodayMicros / 1e6);
  };
  const gauges = GAUGES.map(({ name, help, value }) => ({
    value,
    gauge: new Gauge({ name, help, registers: [registry] }),
  }));
  const readRisk = riskMetrics(prometheus, registry);
  return async () => {
    const now = snapshot();
    readNews();
    readRisk(now, risk?.());
    for (const { gauge, value } of gauges) {
      const current = now === undefined ? undefined : value(now);
      if (current === undefined || !Number.isFinite(current)) gauge.remove();
      else gauge.set(current);
    }
    const text = (await registry.metrics()) + metricsText(now, sources);
    return { type: registry.contentType, text };
  };
}

/** Bounds for whoever talks to us: small heads, no bodies, no lingering, few at a time (I27). */
const BOUNDS = { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 5_000 } as const;
const CONNECTIONS_MAX = 32;

/** Listens; throws {@link PortUnavailable} with one sentence and the remedy. */
export async function openTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const render = await renderer(parts);
  const server = createServer(
    { ...BOUNDS, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      answer(parts, render, request, response).catch(() => response.destroy());
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, parts);
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : parts.port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: TelemetryParts): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      reject(
        new PortUnavailable(
          `Port ${port} on ${host} ${why}: set METRICS_PORT or --metrics-port to a free one, or ` +
            'stop the program that listens there.',
        ),
      );
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      // A failing client is its own problem; the engine goes on.
      server.on('error', () => undefined);
      resolve();
    });
  });
}

async function answer(
  parts: TelemetryParts,
  render: Render,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const say = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
    response.writeHead(status, { 'content-type': type, connection: 'close' });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'read only\n');
  const path = request.url?.split('?')[0];
  if (path === '/healthz') {
    const ills = parts.isAlive() ? (parts.ills?.() ?? []) : ['the loop has stopped'];
    return ills.length === 0 ? say(200, 'ok\n') : say(503, `${ills.join('\n')}\n`);
  }
  if (path === '/readyz') {
    const reasons = [...unreadiness(parts.snapshot()), ...(parts.ills?.() ?? [])];
    return reasons.length === 0 ? say(200, 'ready\n') : say(503, `${reasons.join('\n')}\n`);
  }
  if (path !== '/metrics') return say(404, 'here are /metrics, /healthz and /readyz\n');
  const { type, text } = await render();
  return say(200, text, type);
}
