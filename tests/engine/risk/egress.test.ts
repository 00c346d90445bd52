/** The last look: what may not leave, whatever was decided before. */
import { describe, expect, it } from 'vitest';
import { type Arming, NOT_POSSIBLE, UNARMED } from '../../../src/engine/arming.ts';
import { dayKeyOf } from '../../../src/engine/calendar.ts';
import type { BrokerRequest } from '../../../src/engine/effect.ts';
import {
  brokerOrderId as asOrderId,
  generation,
  type LinkState,
  mono,
  positionId,
  price,
  volume,
  wall,
} from '../../../src/engine/index.ts';
import { labelOf } from '../../../src/engine/orders.ts';
import { closeRefusal, permit } from '../../../src/engine/risk/egress.ts';
import type { Core, EngineState } from '../../../src/engine/state.ts';
import { step } from '../../../src/engine/step.ts';
import { brokerPosition, type EngineBench, FCPO, MORNING } from '../../support/engine.ts';
import { EAGER, intend, readyBench } from '../desk.ts';

/** The state in which `transmit` is handed to the gate, and the request itself. */
function announced(): {
  state: EngineState;
  request: Extract<BrokerRequest, { type: 'submitOrder' }>;
} {
  const bench = intend();
  bench.durableOnce();
  const { seq, mono: now, wall } = bench.state.at;
  const event = { type: 'durable', upTo: seq } as const;
  const [state, effects] = step(bench.state, { seq, mono: now, wall, event });
  const [effect] = effects.filter((one) => one.type === 'transmit');
  if (effect?.type !== 'transmit' || effect.request.type !== 'submitOrder')
    throw new Error('no entry');
  return { state, request: effect.request };
}

const { state: STATE, request: ENTRY } = announced();
const withCore = (fields: Partial<Core>): EngineState => ({
  ...STATE,
  core: { ...STATE.core, ...fields },
});
const ARMED: Arming = {
  state: 'armed',
  account: '5000007',
  since: mono(0),
  until: wall(STATE.at.wall + 1),
  byMono: mono(STATE.at.mono + 1),
};
const CLOSE: BrokerRequest = {
  type: 'closePosition',
  requestId: 'close-500-1',
  positionId: positionId('500'),
  volume: volume(700),
};
const reason = (view: EngineState, request: BrokerRequest) => {
  const verdict = permit(view, request);
  return verdict.ok ? undefined : verdict.reason;
};

describe('an order that waits', () => {
  it('is never entered nor changed, whoever asks (A2)', () => {
    const { stopDistance, targetDistance, volume: size } = ENTRY;
    const levels = { stopDistance, targetDistance, price: price(460_000_000) };
    const terms = { kind: 'limit', volume: size, ...levels } as const;
    const words = 'orders that wait are not entered';
    expect(reason(STATE, { ...ENTRY, type: 'placeOrder', terms })).toBe(words);
    const brokerOrderId = asOrderId('7');
    const amend = { type: 'amendOrder', requestId: 'r', brokerOrderId, terms } as const;
    expect(reason(STATE, amend)).toBe(words);
  });
});

describe('an entry', () => {
  it('that was announced, is fresh and within its caps may leave (A3)', () => {
    expect(permit(STATE, ENTRY).ok).toBe(true);
    expect(ENTRY).toMatchObject({ label: labelOf(ENTRY.clientOrderId), instrumentId: FCPO.id });
  });

  it('that was not announced may not: no order, or not durable, or sent before (I05 I06)', () => {
    const [order] = STATE.core.orders;
    if (order === undefined) throw new Error('no order');
    const words = 'the order was not announced';
    expect(reason(withCore({ orders: [] }), ENTRY)).toBe(words);
    expect(reason(withCore({ orders: [{ ...order, barrier: STATE.at.seq }] }), ENTRY)).toBe(words);
    for (const state of ['INTENT', 'SENT', 'UNKNOWN', 'FILLED', 'ABORTED'] as const) {
      expect(reason(withCore({ orders: [{ ...order, state }] }), ENTRY)).toBe(words);
    }
  });

  it('that differs from what risk approved may not (A4)', () => {
    const words = 'the request differs from the approved order';
    expect(reason(STATE, { ...ENTRY, volume: volume(800) })).toBe(words);
    expect(reason(STATE, { ...ENTRY, side: 'sell' })).toBe(words);
  });

  it('without its range may not, when entries have one; nor with another base (A4)', () => {
    const { config, orders } = STATE.core;
    if (config === undefined) throw new Error('no configuration');
    const limited = withCore({ config: { ...config, entrySlippageTicks: 2 } });
    expect(reason(limited, ENTRY)).toBe('the entry has no range');
    const base = orders[0]?.decidedPrice ?? price(0);
    const slippage = price(200_000);
    expect(reason(limited, { ...ENTRY, range: { base, slippage } })).toBeUndefined();
    const moved = { base: price(base + 100_000), slippage };
    expect(reason(limited, { ...ENTRY, range: moved })).toBe('the entry has no range');
  });

  it('priced from a stale quote may not (I15 F05)', () => {
    const late = { ...STATE, at: { ...STATE.at, mono: mono(STATE.at.mono + 60_000) } };
    expect(reason(late, ENTRY)).toBe('data: quote stale or one-sided');
    const old = withCore({ link: { ...STATE.core.link, generation: generation(2) } });
    expect(reason(old, ENTRY)).toBe('data: quote stale or one-sided');
  });

  it('may not pass a tripped breaker of any name (I04)', () => {
    for (const name of Object.keys(STATE.core.breakers) as (keyof Core['breakers'])[]) {
      const breakers = { ...STATE.core.breakers };
      breakers[name] = { ...breakers[name], tripped: true };
      expect(reason(withCore({ breakers }), ENTRY)).toBe(`breakers: ${name}`);
    }
  });

  it('that lost its slot since it was announced may not (I03)', () => {
    const bench = readyBench();
    bench.pass({ positions: [brokerPosition()] });
    const { positions } = bench.state.core;
    expect(reason(withCore({ positions }), ENTRY)).toBe('slot: no longer free');
  });

  it('is capped at two a minute and twenty a day, whatever the strategy wants (F50 I29)', () => {
    const ago = (...ages: number[]) => ages.map((age) => mono(STATE.at.mono - age));
    expect(reason(withCore({ entriesSent: ago(59_000) }), ENTRY)).toBeUndefined();
    expect(reason(withCore({ entriesSent: ago(59_999, 1) }), ENTRY)).toBe('2 entries in a minute');
    expect(reason(withCore({ entriesSent: ago(60_000, 1) }), ENTRY)).toBeUndefined();
    const day = dayKeyOf(STATE.at.wall);
    const sent = (on: number, count: number) => {
      const entries = { day: on, count, isFull: count >= 20 };
      return withCore({ tallies: { ...STATE.core.tallies, entries } });
    };
    expect(reason(sent(day, 20), ENTRY)).toBe('20 entries in a day');
    expect(reason(sent(day, 19), ENTRY)).toBeUndefined();
    expect(reason(sent(day - 1, 20), ENTRY)).toBeUndefined();
    // A clock set back is no new day (F64 I22).
    expect(reason(sent(day + 1, 20), ENTRY)).toBe('20 entries in a day');
  });
});

describe('where a request may go', () => {
  const destination = (mode: 'backtest' | 'dry-run' | 'live', request: BrokerRequest) => {
    const arming = mode === 'live' ? ARMED : NOT_POSSIBLE;
    const verdict = permit(withCore({ config: { ...EAGER, mode }, arming }), request);
    return verdict.ok ? verdict.permitted.destination : verdict.reason;
  };
  it('only live mode reaches the broker; dry-run and backtest stay on paper (I19 F119)', () => {
    for (const request of [ENTRY, CLOSE]) {
      expect(destination('dry-run', request)).toBe('paper');
      expect(destination('backtest', request)).toBe('paper');
      expect(destination('live', request)).toBe('broker');
    }
  });
  it('unarmed, an entry stays and a close leaves; so does one after the end of it (I19)', () => {
    const live = { config: { ...EAGER, mode: 'live' } } as const;
    const ended = { ...ARMED, until: STATE.at.wall };
    const slept = { ...ARMED, byMono: STATE.at.mono };
    for (const arming of [UNARMED, NOT_POSSIBLE, ended, slept]) {
      expect(reason(withCore({ ...live, arming }), ENTRY)).toBe('live trading is not armed');
      expect(reason(withCore({ ...live, arming }), CLOSE)).toBeUndefined();
    }
    expect(reason(withCore({ ...live, arming: ARMED }), ENTRY)).toBeUndefined();
  });
  it('nothing leaves to a broker when nothing is configured (I19)', () => {
    const verdict = permit(withCore({ config: undefined }), CLOSE);
    expect(verdict.ok && verdict.permitted.destination).toBe('paper');
  });
});

describe('closing and protecting', () => {
  const links: readonly (readonly [LinkState, boolean])[] = [
    ['DISCONNECTED', false],
    ['CONNECTING', false],
    ['APP_AUTH', false],
    ['ACCOUNT_AUTH', false],
    ['SYNCING', true],
    ['READY', true],
    ['DEGRADED', true],
    ['MAINTENANCE', false],
    ['AUTH_HALT', false],
    ['HALTED', false],
  ];
  it.each(links)('on a link %s: %s (5.6)', (state, allowed) => {
    const view = withCore({ link: { ...STATE.core.link, state } });
    expect(reason(view, CLOSE)).toBe(allowed ? undefined : `link ${state}`);
  });

  it('passes every tripped breaker, stale quotes and a halt by the person (I04 I32)', () => {
    const breakers = { ...STATE.core.breakers };
    for (const name of Object.keys(breakers) as (keyof Core['breakers'])[]) {
      breakers[name] = { ...breakers[name], tripped: true };
    }
    const view = withCore({ breakers, tradingState: 'halted', account: undefined, day: undefined });
    expect(
      reason({ ...view, market: { ...view.market, quote: undefined } }, CLOSE),
    ).toBeUndefined();
  });

  it('waits for the session, but not for an unknown calendar (F44 F69 I32)', () => {
    const when = (bench: EngineBench, wall: number) =>
      closeRefusal({ ...bench.state, at: { ...bench.state.at, wall: wall as never } });
    const bench = readyBench();
    expect(when(bench, MORNING + 3 * 3_600_000)).toBe('the session is closed');
    expect(when(bench, MORNING + 99 * 3_600_000 * 24)).toBeUndefined();
    expect(closeRefusal(withCore({ instrument: undefined }))).toBe('the instrument is not known');
  });
});
