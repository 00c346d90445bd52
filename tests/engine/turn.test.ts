/** One turn: the old state is never touched, what happened is bounded, effects keep their order. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/engine/config.ts';
import { initialState } from '../../src/engine/state.ts';
import { newestOf, sizeOf } from '../../src/engine/trail.ts';
import {
  alert,
  beginTurn,
  change,
  configOf,
  endTurn,
  record,
  tell,
} from '../../src/engine/turn.ts';

describe('a turn', () => {
  it('leaves the state it began with as it was', () => {
    const state = initialState();
    const copy = structuredClone(state);
    const turn = beginTurn(state, state.at);
    change(turn, { lossStreak: 2 });
    tell(turn, 'system', 'plain', 'hello');
    expect(state).toEqual(copy);
    const { lossStreak, activity } = endTurn(turn)[0].core;
    expect([lossStreak, newestOf(activity)?.text]).toEqual([2, 'hello']);
  });

  it('hands effects out in the order in which they were made', () => {
    const state = initialState();
    const turn = beginTurn(state, state.at);
    record(turn, { kind: 'note', text: 'first' }, true);
    alert(turn, 'info', 'second');
    expect(endTurn(turn)[1]).toEqual([
      { type: 'record', record: { kind: 'note', text: 'first' }, barrier: true },
      { type: 'alert', level: 'info', text: 'second' },
    ]);
  });

  it('keeps a bounded story (I27)', () => {
    const state = initialState();
    const turn = beginTurn(state, state.at);
    for (let index = 0; index < 400; index += 1) tell(turn, 'system', 'plain', `line ${index}`);
    expect(sizeOf(turn.core.activity)).toBe(LIMITS.activity);
    expect(newestOf(turn.core.activity)?.text).toBe('line 399');
  });

  it('nothing is handled before the run has started', () => {
    const state = initialState();
    expect(() => configOf(beginTurn(state, state.at))).toThrow('before the run has started');
  });
});
