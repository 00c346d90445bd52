/**
 * Killed at any instant: a checkpoint anywhere is exact, and a restart anywhere forgets nothing.
 */
import { describe, expect, it } from 'vitest';
import { BREAKERS, mono, type Seq, type Stamped, seq } from '../../src/engine/index.ts';
import { isTerminal } from '../../src/engine/order-moves.ts';
import { digest, type EngineState, initialState } from '../../src/engine/state.ts';
import { step } from '../../src/engine/step.ts';
import { referenceDay } from './day.ts';
import { EAGER } from './desk.ts';

const DAY = referenceDay();
const INPUTS: readonly Stamped[] = DAY.inputs;
const FINAL = digest(DAY.state);

const CUTS: readonly number[] = INPUTS.map((_, index) => index);

const STATES: readonly EngineState[] = INPUTS.reduce<EngineState[]>((states, input) => {
  states.push(step(states.at(-1) ?? initialState(), input)[0]);
  return states;
}, []);

const stateAfter = (index: number): EngineState => {
  const state = STATES[index];
  if (state === undefined) throw new Error(`no input ${index}`);
  return state;
};

describe('the reference day', () => {
  it('has something of everything', () => {
    const { core } = DAY.state;
    expect(core.stats.trades).toBe(3);
    expect(core.lossStreak).toBe(2);
    expect(core.breakers.DAILY_LOSS.tripped).toBe(true);
    expect(core.orders.map((order) => order.state)).toEqual(['FILLED', 'FILLED', 'FILLED']);
    expect(core.reconnects).toBe(1);
    expect(CUTS.length).toBeGreaterThan(300);
  });

  it('replays from its inputs to the same digest (I17 I30 F91)', () => {
    expect(digest(stateAfter(INPUTS.length - 1))).toBe(FINAL);
  });

  it('continues to the same digest from a JSON checkpoint after any input (I17 F82 F91)', () => {
    for (const cut of CUTS) {
      let state = JSON.parse(JSON.stringify(stateAfter(cut))) as EngineState;
      expect(digest(state)).toBe(digest(stateAfter(cut)));
      for (const input of INPUTS.slice(cut + 1)) state = step(state, input)[0];
      if (digest(state) !== FINAL) expect.fail(`a checkpoint after input ${cut} goes elsewhere`);
    }
  });

  it('a restart after any input loses no position, breaker, day, streak (F82 I21 I22 P06)', () => {
    for (const cut of CUTS) {
      const before = stateAfter(cut);
      const { core } = restarted(before);
      const ids = (state: EngineState['core']) =>
        state.positions.map((one) => [one.id, one.volume, one.ours]);
      expect(ids(core)).toEqual(ids(before.core));
      for (const name of BREAKERS) {
        if (before.core.breakers[name].tripped)
          expect(core.breakers[name]).toEqual(before.core.breakers[name]);
      }
      const { day, lossStreak, stats, deals, signals, account, tradingState } = before.core;
      expect({ ...core, ...{ lossStreak, stats, deals, signals, tradingState } }).toEqual(core);
      expect([core.day, core.account]).toEqual([day, account]);
      for (const [index, order] of core.orders.entries()) {
        const was = before.core.orders[index]?.state;
        const wanted =
          was === undefined || isTerminal(was) ? was : was === 'INTENT' ? 'ABORTED' : 'UNKNOWN';
        expect(order.state).toBe(wanted);
      }
      expect(core.outbox).toEqual([]);
    }
  });

  it('a restart after any input never sends the same entry again (I01 I06)', () => {
    for (const cut of CUTS) {
      let state = restarted(stateAfter(cut));
      const sent = new Set<string>();
      const out = (effects: ReturnType<typeof step>[1]) => {
        for (const effect of effects) {
          if (effect.type !== 'transmit' || effect.request.type !== 'submitOrder') continue;
          expect(sent.has(effect.request.clientOrderId)).toBe(false);
          sent.add(effect.request.clientOrderId);
        }
      };
      for (const order of state.core.orders) sent.add(order.id);
      // The old answers of journal and broker arrive once more, after the restart.
      for (const input of INPUTS.slice(Math.max(0, cut - 30), cut + 30)) {
        const late = input.event.type === 'durable' || input.event.type === 'sent';
        if (!late) continue;
        const [next, effects] = step(state, { ...state.at, event: input.event });
        state = next;
        out(effects);
      }
    }
  });
});

function restarted(state: EngineState): EngineState {
  const at = {
    seq: seq(state.at.seq + 1) as Seq,
    mono: mono(state.at.mono + 1),
    wall: state.at.wall,
  };
  const config = { ...EAGER, timeframeMs: 60_000 };
  const event = { type: 'started', runId: 'again', config, version: 'test' } as const;
  return step(JSON.parse(JSON.stringify(state)) as EngineState, { ...at, event })[0];
}
