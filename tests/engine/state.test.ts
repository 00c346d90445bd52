/** The empty state and the digest: what it hears, what it must not hear. */
import { describe, expect, it } from 'vitest';
import { BREAKERS, mono, seq, wall } from '../../src/engine/index.ts';
import { digest, type EngineState, initialState } from '../../src/engine/state.ts';
import { hold, orderOf, positionOf } from './desk.ts';

describe('initialState', () => {
  it('knows nothing, trips nothing, and survives JSON', () => {
    const state = initialState();
    expect(Object.keys(state.core.breakers)).toEqual([...BREAKERS]);
    expect(Object.values(state.core.breakers).every((one) => !one.tripped)).toBe(true);
    expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify(initialState())));
    expect(digest(JSON.parse(JSON.stringify(state)) as EngineState)).toBe(digest(state));
  });
});

describe('digest', () => {
  const bench = hold();
  const { state } = bench;
  const own = digest(state);
  const core = (fields: Partial<EngineState['core']>) =>
    digest({ ...state, core: { ...state.core, ...fields } });

  it('is 16 hex digits and does not hear what time it is (A10)', () => {
    expect(own).toMatch(/^[0-9a-f]{16}$/);
    const at = { seq: seq(9_999), mono: mono(9_999_999), wall: wall(1) };
    expect(digest({ ...state, at })).toBe(own);
  });

  it('does not hear the order of fields, nor absent against not there (I17 F91)', () => {
    const order = orderOf(bench);
    const backwards = Object.fromEntries(Object.entries(order).toReversed());
    expect(core({ orders: [backwards as unknown as typeof order] })).toBe(own);
    const sparse = JSON.parse(JSON.stringify(state.core.positions)) as typeof state.core.positions;
    expect(core({ positions: sparse })).toBe(own);
  });

  it('hears a changed cent, volume, state, breaker, streak or bar (A10 I17)', () => {
    const position = positionOf(bench);
    const account = state.core.account;
    if (account === undefined) throw new Error('no account');
    const kill = { ...state.core.breakers.KILL, tripped: true };
    const changed = [
      core({ account: { ...account, balance: (account.balance + 1) as never } }),
      core({ positions: [{ ...position, volume: (position.volume + 1) as never }] }),
      core({ positions: [] }),
      core({ orders: [{ ...orderOf(bench), state: 'UNKNOWN' }] }),
      core({ breakers: { ...state.core.breakers, KILL: kill } }),
      core({ lossStreak: 1 }),
      core({ tradingState: 'halted' }),
      digest({ ...state, market: { ...state.market, barCount: 1 } }),
    ];
    expect(new Set([own, ...changed]).size).toBe(changed.length + 1);
  });
});
