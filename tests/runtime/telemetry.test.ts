/**
 * Metrics and health as a scraper, an orchestrator and an unfriendly neighbour see them.
 * Deliberately over real sockets on the loopback interface.
 */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BREAKERS, type Snapshot } from '../../src/engine/index.ts';
import {
  GAUGES,
  type NewsBook,
  openTelemetry,
  PortUnavailable,
  type Telemetry,
  unreadiness,
} from '../../src/runtime/telemetry.ts';
import { breaker, order, position, quiet } from '../support/builders-snapshot.ts';
import { waitFor } from '../support/wait-for.ts';

const HOST = '127.0.0.1';
const opened: Telemetry[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function serve(snapshot: () => Snapshot | undefined, isAlive = () => true) {
  const telemetry = await openTelemetry({ host: HOST, port: 0, snapshot, isAlive });
  opened.push(telemetry);
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`http://${HOST}:${telemetry.port}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };
  return { port: telemetry.port, get };
}

describe('metrics', () => {
  it('have the documented names, in units a person reads', async () => {
    const now = quiet();
    const { get } = await serve(() => now);
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    const values = new Map(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
    );
    const names = GAUGES.map((row) => row.name);
    expect(names).toEqual([
      'bot_current_balance',
      'bot_total_pnl',
      'bot_daily_pnl',
      'bot_win_rate',
      'bot_open_positions',
      'bot_total_trades',
      'bot_current_price',
      'bot_current_rsi',
      'bot_current_sentiment',
      'bot_sentiment_age_seconds',
      'bot_sentiment_confidence',
      'bot_sentiment_simulated',
      'bot_next_event_seconds',
      'bot_runtime_seconds',
    ]);
    for (const name of names) expect(text).toContain(`# TYPE ${name} gauge`);
    const balance = (now.account?.balance ?? 0) / 10 ** (now.account?.exponent ?? 0);
    expect(values.get('bot_current_balance')).toBe(balance);
    expect(values.get('bot_current_price')).toBe((now.quote?.bid ?? 0) / 100_000);
    expect(values.get('bot_runtime_seconds')).toBe(now.runtimeMs / 1_000);
  });

  it('count what the news source did, and what it cost today', async () => {
    const counts = { 'asked perplexity': 3, 'failed perplexity rate-limited': 1, switched: 1 };
    let book: NewsBook | undefined = { counts, spentTodayMicros: 12_500 };
    const parts = { host: HOST, port: 0, snapshot: () => quiet(), isAlive: () => true };
    const telemetry = await openTelemetry({ ...parts, news: () => book });
    opened.push(telemetry);
    const text = async () => (await fetch(`http://${HOST}:${telemetry.port}/metrics`)).text();
    for (const once of [await text(), await text()]) {
      expect(once).toContain('bot_sentiment_events_total{event="asked perplexity"} 3');
      expect(once).toContain('{event="failed perplexity rate-limited"} 1');
      expect(once).toContain('bot_sentiment_spent_dollars 0.0125');
    }
    book = undefined;
    expect(await text()).not.toMatch(/^bot_sentiment_(events|spent)/m);
  });

  it('name each breaker with its distance, its trips and what it blocked', async () => {
    const now = quiet({
      breakers: [
        { ...breaker('CLOCK', 1), tripped: true },
        { ...breaker('FEED'), used: undefined },
      ],
    });
    const risk = () => ({ trips: { CLOCK: 2 }, blocked: { breakers: 3, spread: 1 } });
    const parts = { host: HOST, port: 0, snapshot: () => now, isAlive: () => true };
    const telemetry = await openTelemetry({ ...parts, risk });
    opened.push(telemetry);
    for (let again = 0; again < 2; again += 1) {
      const text = await (await fetch(`http://${HOST}:${telemetry.port}/metrics`)).text();
      expect(text).toContain('bot_breaker_distance{breaker="CLOCK"} 1');
      expect(text).not.toContain('bot_breaker_distance{breaker="FEED"}');
      expect(text).toContain('bot_breaker_tripped{breaker="FEED"} 0');
      expect(text).toContain('bot_breaker_trips_total{breaker="CLOCK"} 2');
      expect(text).toContain('bot_decisions_blocked_total{gate="breakers"} 3');
      expect(text).toContain('bot_decisions_blocked_total{gate="spread"} 1');
    }
  });

  it('leave out what is not known, also when it was known before (I18)', async () => {
    let now = quiet();
    const { get } = await serve(() => now);
    expect((await get('/metrics')).text).toMatch(/^bot_current_price \d/m);
    now = { ...now, quote: undefined, account: undefined };
    const { text } = await get('/metrics');
    expect(text).not.toMatch(/^bot_current_price/m);
    expect(text).not.toMatch(/^bot_current_balance/m);
    expect(text).toMatch(/^bot_total_trades \d/m);
  });

  it('show no login, names, ids or texts (F122 I23)', async () => {
    const now = quiet({ positions: [position()], orders: [order()] });
    const { get } = await serve(() => now);
    const { text } = await get('/metrics');
    const said = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const breakers = BREAKERS.join('|');
    const pattern = new RegExp(`^bot_[a-z_]+(\\{breaker="(${breakers})"\\})? -?[\\d.]+$`);
    for (const line of said) expect(line).toMatch(pattern);
  });

  it('name the remedy when the port is taken (exit 64)', async () => {
    const { port } = await serve(() => quiet());
    const second = openTelemetry({
      host: HOST,
      port,
      snapshot: () => undefined,
      isAlive: () => true,
    });
    await expect(second).rejects.toThrow(PortUnavailable);
    await expect(second).rejects.toThrow(/in use.*METRICS_PORT/);
  });
});

describe('health', () => {
  it('is about the loop, readiness about trading', async () => {
    let isAlive = true;
    const { get } = await serve(
      () => undefined,
      () => isAlive,
    );
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await get('/readyz')).toEqual({ status: 503, text: 'the run has not started\n' });
    isAlive = false;
    expect((await get('/healthz')).status).toBe(503);
  });

  it('names every reason why the engine is not ready (F122)', () => {
    const ready = quiet();
    expect(unreadiness(ready)).toEqual([]);
    const { link, session, quote, breakers } = ready;
    const stale = quote === undefined ? undefined : { ...quote, fresh: false };
    const cases: readonly (readonly [Partial<Snapshot>, RegExp | undefined])[] = [
      [{ link: { ...link, state: 'SYNCING' } }, /SYNCING/],
      [{ session: { ...session, state: 'open' }, quote: stale }, /fresh/],
      [{ session: { ...session, state: 'closed' }, quote: stale }, undefined],
      [{ positions: [position({ state: 'NAKED' })] }, /no stop/],
      [{ positions: [position({ state: 'NAKED', ours: false })] }, undefined],
      [{ orders: [order({ state: 'UNKNOWN', ageMs: 61_000 })] }, /outcome/],
      [{ orders: [order({ state: 'UNKNOWN', ageMs: 9_000 })] }, undefined],
      [
        {
          breakers: breakers.map((one) =>
            one.name === 'PERSISTENCE' ? { ...breaker('PERSISTENCE'), tripped: true } : one,
          ),
        },
        /journal/,
      ],
    ];
    for (const [extra, reason] of cases) {
      const reasons = unreadiness({ ...ready, ...extra });
      if (reason === undefined) expect(reasons).toEqual([]);
      else expect(reasons).toEqual([expect.stringMatching(reason)]);
    }
  });
});

describe('an unfriendly neighbour (F122)', () => {
  it('can ask for nothing but three pages, and change nothing', async () => {
    const { get } = await serve(() => quiet());
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get('/metrics', method)).status).toBe(405);
    }
    expect((await get('/../etc/passwd')).status).toBe(404);
    expect((await get('/metrics?x=1', 'HEAD')).text).toBe('');
  });

  it('gets a large head or nonsense refused, and holds no more than a few lines', async () => {
    const { port, get } = await serve(() => quiet());
    const raw = (bytes: string) =>
      new Promise<string>((resolve) => {
        let text = '';
        const socket = connect({ host: HOST, port }, () => socket.write(bytes));
        socket.on('data', (chunk) => {
          text += chunk.toString();
        });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(text));
      });
    expect(await raw(`GET /metrics HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).toContain('431');
    expect(await raw('\u0016\u0003\u0001 not http\r\n\r\n')).toContain('400');
    const idle = Array.from({ length: 100 }, () => connect({ host: HOST, port }));
    let closed = 0;
    for (const socket of idle) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        closed += 1;
      });
    }
    await waitFor('the crowd to be turned away', () => closed >= 60);
    for (const socket of idle) socket.destroy();
    await waitFor('the rest to go', () => closed === 100);
    expect((await get('/healthz')).status).toBe(200);
  });
});
