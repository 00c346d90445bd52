/** Screens and terminals that die while an order is on its way: the engine does not notice. */
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { Headless } from './headless.ts';
import { type HeldBroker, holdBroker } from './held-broker.ts';
import { ensureBuilt, freshHome, runVerb, TerminalSession } from './terminal-session.ts';

/** Enters at the end of almost any minute, on either side, whatever the news say. */
const EAGER = {
  RSI_TIMEFRAME: '1m',
  RSI_PERIOD: '5',
  RSI_OVERSOLD: '49',
  RSI_OVERBOUGHT: '51',
  TREND_FILTER: 'false',
  SENTIMENT_MODE: 'off',
} as const;
/** What a start and an arming take on a busy machine; when it is too little, a minute more. */
const LEAD_MS = 8_000;

let home: ReturnType<typeof freshHome>;
let broker: HeldBroker;
let engine: Headless;
let port = 0;
const screens: TerminalSession[] = [];

beforeAll(ensureBuilt, 120_000);
beforeEach(async () => {
  home = freshHome();
  broker = await holdBroker(home.path, LEAD_MS);
  port = await freePort();
  const metrics = ['--metrics-port', String(port)];
  const args = ['--env', 'demo', '--mode', 'live', '--arm', broker.account, ...metrics];
  engine = new Headless(home.path, args, { ...EAGER, ...broker.env });
});
afterEach(async () => {
  for (const screen of screens.splice(0)) await screen.close();
  engine.kill('SIGKILL');
  await engine.ended;
  await broker.stop();
  home.remove();
});

function attach(...args: string[]): TerminalSession {
  const given = { args: ['attach', ...args], cols: 100, rows: 30, home: home.path };
  const screen = new TerminalSession(given);
  screens.push(screen);
  return screen;
}

/** What an orchestrator would hear now; waits until it is that. */
const readiness = (code: number, says: RegExp): Promise<unknown> => {
  const asks = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return answer.status === code && says.test(await answer.text());
  };
  return vi.waitUntil(asks, { timeout: 60_000, interval: 200 });
};

const status = async () => JSON.parse((await runVerb(home.path, ['status', '--json'])).out);

it('an order survives its screens and terminals; attach shows it (F112 I07)', async () => {
  await engine.line('the arming', ({ message }) => /orders go to the broker/.test(message));
  const operator = attach();
  const observer = attach('--read-only');
  await Promise.all([operator.waitFor(/READY/, 60_000), observer.waitFor(/READY/, 60_000)]);
  await vi.waitUntil(() => broker.orders() === 1, { timeout: 200_000, interval: 50 });

  const open = [expect.objectContaining({ executed: 0, working: true })];
  expect((await status()).orders).toEqual(open);
  operator.kill('SIGKILL');
  observer.hangUp();
  // The shell that started the engine is told too.
  engine.kill('SIGHUP');
  await engine.line('the hang-up', ({ message }) => /the terminal is gone/.test(message));
  await engine.line('the operator gone', (line) => line['event'] === 'the operator left');
  expect((await status()).orders).toEqual(open);
  await readiness(503, /no fresh quote in an open session/);

  broker.release();
  const stop = await engine.line('the stop', ({ message }) => /stop \d+ confirmed/.test(message));
  const [, position = '', price = ''] = /position (\d+) stop (\d+)/.exec(stop.message) ?? [];
  const again = attach();
  await again.waitFor(price, 60_000);
  expect((await status()).positions).toEqual([
    expect.objectContaining({ id: position, ours: true, stop: Number(price) }),
  ]);
  expect(broker.orders()).toBe(1);
  await readiness(200, /ready/);
  engine.kill('SIGTERM');
  expect(await engine.ended).toEqual({ code: 0, signal: null });
}, 400_000);
