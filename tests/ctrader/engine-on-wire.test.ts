/**
 * The engine behind the client on the simulated broker's wire, in memory and by a hand-moved clock:
 * the clock of this computer is wrong by seconds, and nobody but the broker's stamps can tell.
 */
import { describe, expect, it } from 'vitest';
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { armingChecklist } from '../../src/engine/arming.ts';
import { type Event, type Stamped, seq, wall } from '../../src/engine/index.ts';
import type { Clock } from '../../src/engine/ports.ts';
import { trippedBreakers } from '../../src/engine/risk/breakers.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { drive } from '../../src/engine/step.ts';
import { DEFAULT_START, SIMULATED_ACCOUNT } from '../../src/sim/fcpo.ts';
import { createSyntheticMarket, DEFAULT_LEVEL } from '../../src/sim/market.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import { createSimulatorServer } from '../../src/sim/server/server.ts';
import { STANDARD_CREDENTIALS, standardBroker } from '../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { CONFIG } from '../support/engine-config.ts';

const LIVE = {
  ...CONFIG,
  environment: 'demo',
  mode: 'live',
  timeframeMs: 60_000,
  rsiOversold: 99,
  rsiOverbought: 100,
  sentimentMode: 'off',
  trendFilter: false,
} as const;

/** Everything that is between a person and the broker, with our clock off by so much. */
function wired(skewMs: number) {
  const clock = createVirtualClock(DEFAULT_START);
  const market = createSyntheticMarket({
    seed: 'wire',
    liveFrom: DEFAULT_START,
    startLevel: DEFAULT_LEVEL,
    historyMinutes: 600,
  });
  const server = createSimulatorServer(standardBroker({ clock, seed: '1', market }));
  const ours: Clock = { ...clock, wall: () => wall(clock.wall() + skewMs) };
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
    clock: ours,
    credentials: {
      clientId: STANDARD_CREDENTIALS.clientId,
      clientSecret: secret(STANDARD_CREDENTIALS.clientSecret),
      accessToken: secret(STANDARD_CREDENTIALS.accessToken),
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => 0.5,
    note: () => undefined,
  });
  let state: EngineState = initialState();
  const post = (event: Event): void => {
    const input: Stamped = {
      seq: seq(state.at.seq + 1),
      mono: clock.mono(),
      wall: ours.wall(),
      event,
    };
    const later = (next: Event): void => {
      clock.after(1, () => post(next));
    };
    state = drive(state, input, {
      record: (_record, barrier) => {
        if (barrier) later({ type: 'durable', upTo: input.seq });
      },
      transmit: (request) => broker.send(request),
      query: (query) => broker.query(query),
      subscribe: (id) => broker.subscribe(id),
      alert: () => undefined,
      refused: (requestId, reason) => later({ type: 'egressRefused', requestId, reason }),
    });
  };
  post({ type: 'started', runId: 'wire', config: LIVE, version: 'test' });
  broker.start(post);
  /** Time goes on until something is true; a bound instead of a hope. */
  const until = (condition: (now: EngineState) => boolean, what: string): void => {
    for (let step = 0; step < 2_400 && !condition(state); step += 1) {
      clock.advanceBy(250);
      post({ type: 'clock' });
    }
    expect(condition(state), what).toBe(true);
  };
  const arm = (): void => {
    const body = { type: 'arm', account: SIMULATED_ACCOUNT.login };
    post({ type: 'command', command: { id: 'k1', role: 'operator', by: 'me', body } } as never);
  };
  return { state: () => state, until, arm };
}

const clockItem = (state: EngineState) =>
  armingChecklist(state).find(({ name }) => name === 'clock');

describe('the engine on the wire', () => {
  it.each([
    [0, true, /^0(\.\d)? s from/],
    [3_000, false, /^[23](\.\d)? s from/],
    [-3_000, false, /^[23](\.\d)? s from/],
  ])('measures a clock that is %d ms off from the stamps of prices (F66)', (skewMs, ok, words) => {
    const { state, until } = wired(skewMs);
    until(({ core }) => core.link.state === 'READY', 'ready');
    expect(clockItem(state())).toMatchObject({ ok: false, reason: 'not known yet' });
    until(({ core }) => core.outside.skewMs !== undefined, 'the difference');
    expect(Math.abs((state().core.outside.skewMs ?? 0) - skewMs)).toBeLessThan(500);
    expect(clockItem(state())).toMatchObject({ ok, reason: expect.stringMatching(words) });
    expect(state().core.breakers.CLOCK.tripped).toBe(false);
  });

  it('trips CLOCK from five seconds on: nothing enters, and nothing is armed (F66 I04)', () => {
    const { state, until, arm } = wired(6_000);
    until(({ core }) => core.breakers.CLOCK.tripped, 'the breaker');
    arm();
    expect(state().core.arming.state).toBe('unarmed');
    expect(trippedBreakers(state().core)).toContain('CLOCK');
  });
});
