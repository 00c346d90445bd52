/** Arming: who may let entries reach a broker, what must hold first, and when it ends. */
import { describe, expect, it } from 'vitest';
import { ARMED_MS, armingChecklist } from '../../src/engine/arming.ts';
import { BREAKERS, type BreakerName, generation, untrusted } from '../../src/engine/index.ts';
import { trip } from '../../src/engine/risk/breakers.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import type { Core, EngineState } from '../../src/engine/state.ts';
import { beginTurn, endTurn } from '../../src/engine/turn.ts';
import { ACCOUNT, type EngineBench, FCPO, ringgit } from '../support/engine.ts';
import { EAGER, hold, orderOf, positionOf, readyBench, unanswered } from './desk.ts';

const LIVE = { ...EAGER, mode: 'live' } as const;
/** The broker's stamps were compared with our clock. */
function timed(bench: EngineBench): EngineBench {
  bench.feed({ type: 'clockSkew', generation: generation(1), skewMs: 40 });
  return bench;
}
const liveBench = (): EngineBench => timed(readyBench(LIVE));
const last = (bench: EngineBench) => bench.state.core.commands.at(-1);
const arm = (bench: EngineBench, account: string = ACCOUNT.login): EngineBench => {
  bench.command({ type: 'arm', account });
  return bench;
};
const shown = (bench: EngineBench) => snapshot(bench.state, bench.state.at).arming;
const kept = (bench: EngineBench) =>
  bench.effects.flatMap((one) =>
    one.type === 'record' && one.record.kind === 'arming' ? [one.record] : [],
  );
const withCore = (state: EngineState, fields: Partial<Core>): EngineState => ({
  ...state,
  core: { ...state.core, ...fields },
});
const red = (state: EngineState) =>
  armingChecklist(state).flatMap(({ name, ok }) => (ok ? [] : [name]));

describe('the checklist', () => {
  it('is green in every item when all is well', () => {
    expect(red(liveBench().state)).toEqual([]);
    expect(shown(liveBench()).checklist).toHaveLength(8);
  });

  it('is red in the item that is wrong, with what to do about it', () => {
    const { state } = liveBench();
    const { core } = state;
    const cases: readonly (readonly [string, Partial<Core>])[] = [
      ['token', { link: { ...core.link, state: 'AUTH_HALT' } }],
      ['account', { account: { ...ACCOUNT, isLive: true } }],
      ['account', { account: { ...ACCOUNT, access: 'close-only' } }],
      ['account', { account: undefined }],
      ['instrument', { instrument: { ...FCPO, status: 'close-only' } }],
      ['instrument', { instrument: { ...FCPO, sessions: [] } }],
      ['clock', { outside: { ...core.outside, skewMs: -2_000 } }],
      ['clock', { outside: { ...core.outside, skewMs: undefined } }],
      ['stop loss', { instrument: { ...FCPO, stopDistanceMin: ringgit(200) } }],
      ['reconciliation', { reconciled: false }],
      ['reconciliation', { unexplainedSince: state.at.wall }],
      ['journal', { outside: { ...core.outside, journalFaultAt: state.at.mono } }],
    ];
    for (const [name, fields] of cases) {
      const found = armingChecklist(withCore(state, fields)).filter(({ ok }) => !ok);
      expect(found.map((item) => item.name)).toEqual([name]);
      expect(found[0]?.remedy).toMatch(/\w/);
    }
  });

  it('a live account is armed in a live run only (I34 F10)', () => {
    const { state } = liveBench();
    const live = { ...LIVE, environment: 'live' } as const;
    expect(red(withCore(state, { config: live }))).toEqual(['account']);
    const account = { ...ACCOUNT, isLive: true };
    expect(red(withCore(state, { config: live, account }))).toEqual([]);
  });

  it('any tripped breaker is in the way', () => {
    const { state } = liveBench();
    for (const name of BREAKERS) {
      const turn = beginTurn(state, state.at);
      trip(turn, name satisfies BreakerName, 'for the test');
      expect(red(endTurn(turn)[0])).toContain('breakers');
    }
  });
});

describe('arming', () => {
  it('a live run starts unarmed: no order is made, and the decision says why (I19)', () => {
    const bench = liveBench();
    bench.bar(4_600);
    bench.durable();
    expect(bench.state.core.orders).toEqual([]);
    expect(shown(bench)).toMatchObject({ state: 'unarmed', why: 'nobody armed this run yet' });
    const picture = snapshot(bench.state, bench.state.at);
    expect(picture.entriesBlockedBy).toBe('state: live trading is not armed');
  });

  it('with the account number entries go to the broker, and the journal says who (F119)', () => {
    const bench = arm(liveBench());
    expect(last(bench)).toMatchObject({ status: 'done' });
    expect(kept(bench)).toMatchObject([{ change: 'armed', account: ACCOUNT.login }]);
    bench.bar(4_600);
    bench.durable();
    expect(orderOf(bench).state).toBe('SEND_BEGINS');
    expect(bench.requests).toMatchObject([{ type: 'submitOrder', destination: 'broker' }]);
  });

  it('another number, a red item, a second time and a dry run are refused with the reason', () => {
    const bench = liveBench();
    for (const wrong of ['', '5000008', ` ${ACCOUNT.login}`, ACCOUNT.login.slice(0, -1)]) {
      arm(bench, wrong);
      expect(last(bench)?.reason).toBe('that is not the number of this account');
    }
    expect(shown(bench).state).toBe('unarmed');
    bench.command({ type: 'kill', flatten: false });
    arm(bench);
    expect(last(bench)?.reason).toMatch(/^breakers: tripped: KILL; /);
    const armed = arm(arm(liveBench()));
    expect(last(armed)).toMatchObject({ status: 'refused', reason: 'it is armed already' });
    const dry = arm(readyBench());
    expect(last(dry)).toMatchObject({ status: 'refused' });
    expect(shown(dry)).toMatchObject({ state: 'not-possible', checklist: [] });
  });

  it('only an operator arms', () => {
    const bench = liveBench();
    bench.command({ type: 'arm', account: ACCOUNT.login }, 'observer');
    expect(shown(bench).state).toBe('unarmed');
  });

  it('disarming keeps closing and protecting (I19)', () => {
    const bench = holding();
    bench.command({ type: 'disarm' });
    expect(shown(bench)).toMatchObject({ state: 'unarmed', why: 'disarmed by the operator' });
    expect(kept(bench).map((one) => one.change)).toEqual(['armed', 'disarmed']);
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'closePosition', destination: 'broker' });
    bench.command({ type: 'disarm' });
    expect(last(bench)).toMatchObject({ status: 'refused', reason: 'it is not armed' });
  });

  it('an entry on its way when the run is disarmed does not leave (A3 I19)', () => {
    const bench = arm(liveBench());
    bench.bar(4_600);
    bench.command({ type: 'disarm' });
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(orderOf(bench).state).toBe('ABORTED');
  });
});

describe('the end of it', () => {
  it('is the end of the trading day, to the millisecond (I19)', () => {
    const bench = arm(liveBench());
    const close = FCPO.sessions[1]?.close ?? 0;
    expect(shown(bench).armedUntil).toBe(close);
    bench.jump(close - bench.now - 1);
    bench.feed({ type: 'clock' });
    expect(shown(bench).state).toBe('armed');
    bench.jump(1);
    expect(
      snapshot(bench.state, { mono: bench.state.at.mono, wall: close as never }).arming,
    ).toEqual(expect.objectContaining({ state: 'unarmed', why: 'it expired' }));
    bench.feed({ type: 'clock' });
    expect(shown(bench).state).toBe('unarmed');
    expect(kept(bench).at(-1)).toMatchObject({ change: 'expired' });
  });

  it('is not the lunch break: the last session of the trading day ends it (I19)', () => {
    const bench = liveBench();
    const at = (from: number, to: number) => ({
      open: (bench.now + from * 3_600_000) as never,
      close: (bench.now + to * 3_600_000) as never,
    });
    const sessions = [at(-1, 1), at(3, 6), at(24, 26)];
    bench.state = withCore(bench.state, { instrument: { ...FCPO, sessions } });
    arm(bench);
    expect(shown(bench).armedUntil).toBe(sessions[1]?.close);
    bench.jump(2 * 3_600_000);
    bench.feed({ type: 'clock' });
    expect(shown(bench).state).toBe('armed');
  });

  it('is twelve hours later when that comes first, by both clocks', () => {
    const bench = liveBench();
    const sessions = [
      { open: (bench.now - 1) as never, close: (bench.now + 2 * ARMED_MS) as never },
    ];
    bench.state = withCore(bench.state, { instrument: { ...FCPO, sessions } });
    arm(bench);
    expect(shown(bench).armedUntil).toBe(bench.now + ARMED_MS);
    // A wall clock that was set back prolongs nothing.
    bench.slip(-ARMED_MS);
    bench.jump(ARMED_MS);
    bench.feed({ type: 'clock' });
    expect(shown(bench).state).toBe('unarmed');
  });

  it('is the next start: what the journal replays never arms (I19 F119)', () => {
    const bench = arm(liveBench());
    bench.start();
    expect(shown(bench)).toMatchObject({ state: 'unarmed', why: 'nobody armed this run yet' });
    expect(shown(bench).checklist.find((item) => !item.ok)).toMatchObject({ name: 'token' });
  });

  it('a lost link does not end it, but nothing enters before all is known again', () => {
    const bench = arm(liveBench());
    const lost = { type: 'link', state: 'DISCONNECTED', generation: generation(1) } as const;
    bench.feed({ ...lost, reason: untrusted('gone') });
    unanswered(bench);
    expect(shown(bench).state).toBe('armed');
    expect(snapshot(bench.state, bench.state.at).entriesAllowed).toBe(false);
  });
});

/** A live run that holds a position of its own. */
function holding(): EngineBench {
  const bench = hold(LIVE, (ready) => arm(timed(ready)));
  positionOf(bench);
  return bench;
}
