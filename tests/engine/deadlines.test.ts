/** Everything that expires, to the quarter of a second in which it must. */

import { describe, expect, it } from 'vitest';
import { generation, positionId, volume } from '../../src/engine/index.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { type EngineBench, MORNING } from '../support/engine.ts';
import {
  failed,
  fly,
  hold,
  idsOf,
  intend,
  orderOf,
  positionOf,
  protect,
  relink,
  reready,
  sent,
  shownAs,
  waitQuoted,
} from './desk.ts';

const state = (bench: EngineBench) => orderOf(bench).state;
const kinds = (bench: EngineBench) => bench.requests.map((one) => one.type);

function naked(bench: EngineBench): void {
  const { link } = bench.state.core;
  const levels = { stop: undefined, target: undefined };
  const id = positionId('500');
  bench.feed({ type: 'protection', generation: link.generation, positionId: id, ...levels });
  bench.requests.length = 0;
}

/** Runs a while with quotes, the journal answering at once; returns what was sent and when. */
function run(bench: EngineBench, ms: number): readonly (readonly [number, string])[] {
  const began = bench.now;
  const out: [number, string][] = [];
  for (let spent = 0; spent < ms; spent += 250) {
    bench.wait(250);
    bench.quote(4_600, 4_602);
    const before = bench.requests.length;
    bench.durable();
    for (const one of bench.requests.slice(before)) out.push([bench.now - began, one.type]);
  }
  return out;
}

describe('an order', () => {
  it('is aborted unsent after 2 s, not before (T02)', () => {
    const bench = intend();
    bench.wait(2_000);
    expect(state(bench)).toBe('INTENT');
    bench.wait(250);
    expect(state(bench)).toBe('ABORTED');
  });

  it('is unknown 5 s after its bytes without evidence, not before (T10 F28)', () => {
    const bench = fly();
    bench.wait(5_000);
    expect(state(bench)).toBe('SENT');
    bench.wait(250);
    expect(state(bench)).toBe('UNKNOWN');
    expect(bench.effects).toContainEqual(
      expect.objectContaining({ type: 'alert', level: 'critical' }),
    );
  });

  it('accepted in time waits as long as it takes (F29)', () => {
    const bench = fly();
    bench.orderUpdate({ ...idsOf(orderOf(bench)), positionId: positionId('500') });
    waitQuoted(bench, 600_000);
    expect(state(bench)).toBe('ACCEPTED');
  });

  it('is unknown when no word comes that the bytes left (T10)', () => {
    const bench = intend();
    bench.durable();
    bench.wait(4_000);
    expect(state(bench)).toBe('SEND_BEGINS');
    bench.wait(250);
    expect(state(bench)).toBe('UNKNOWN');
  });

  it('is quarantined after 5 min of asking the broker, never free by time (T13)', () => {
    const bench = fly();
    waitQuoted(bench, 6_000);
    expect(state(bench)).toBe('UNKNOWN');
    waitQuoted(bench, 299_000);
    expect(state(bench)).toBe('UNKNOWN');
    waitQuoted(bench, 3_000);
    expect(state(bench)).toBe('QUARANTINED');
    waitQuoted(bench, 900_000);
    expect(state(bench)).toBe('QUARANTINED');
    expect(newestOf(bench.state.core.decisions)?.blockedBy).toBeDefined();
    bench.orderUpdate({ ...idsOf(orderOf(bench)), status: 'cancelled' });
    expect(state(bench)).toBe('CANCELLED');
  });

  it('minutes without a link are no chance to prove it (T13 P01)', () => {
    const bench = fly();
    relink(bench, 600_000);
    expect(state(bench)).toBe('UNKNOWN');
    bench.pass({});
    reready(bench);
    expect(state(bench)).toBe('UNKNOWN');
  });

  it('a lost link makes everything in flight unknown at once (F02 F11)', () => {
    for (const executed of [undefined, 0, 100]) {
      const bench = fly();
      if (executed !== undefined) {
        const ids = { ...idsOf(orderOf(bench)), positionId: positionId('500') };
        bench.orderUpdate({ ...ids, executed: volume(executed) });
      }
      bench.feed({ type: 'link', state: 'DISCONNECTED', generation: generation(1) });
      expect(state(bench)).toBe('UNKNOWN');
    }
  });
});

describe('a position without a stop', () => {
  it('three amends within 5 s, then the emergency close; nothing more (F37 I09)', () => {
    const bench = hold();
    naked(bench);
    expect(run(bench, 7_000)).toEqual([
      [2_250, 'amendProtection'],
      [3_250, 'amendProtection'],
      [4_250, 'amendProtection'],
      [5_250, 'closePosition'],
    ]);
    expect(positionOf(bench).state).toBe('CLOSING');
  });

  it('a stop that arrives ends the alarm, and the next alarm has all its tries (F37 F38)', () => {
    const bench = hold();
    naked(bench);
    run(bench, 4_500);
    protect(bench);
    expect(positionOf(bench)).toMatchObject({ state: 'PROTECTED', amendsSent: 0 });
    run(bench, 10_000);
    naked(bench);
    run(bench, 7_000);
    expect(kinds(bench)).toEqual([
      'amendProtection',
      'amendProtection',
      'amendProtection',
      'closePosition',
    ]);
  });

  it('a fill that is never confirmed counts from the fill (F37)', () => {
    const bench = fly();
    const ids = { ...idsOf(orderOf(bench)), positionId: positionId('500') };
    bench.orderUpdate({ ...ids, executed: ids.volume, status: 'filled' });
    bench.deal({ filled: ids.volume });
    bench.requests.length = 0;
    const story = run(bench, 6_000);
    expect(story.map(([, type]) => type)).toEqual([
      'amendProtection',
      'amendProtection',
      'amendProtection',
      'closePosition',
    ]);
  });

  it('a refused emergency close is tried again with growing pauses (F44 I29)', () => {
    const bench = hold();
    naked(bench);
    run(bench, 5_250);
    const at: number[] = [];
    for (let spent = 0; spent < 40_000; spent += 250) {
      const position = positionOf(bench);
      if (position.closing !== undefined) {
        at.push(spent);
        failed(bench, position.closing.requestId, { definitive: true, code: 'POSITION_LOCKED' });
      }
      run(bench, 250);
    }
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('nothing is tried while the market is closed or the link is down (F44 F69)', () => {
    const asked = (bench: EngineBench) =>
      bench.effects.filter((one) => one.type === 'record' && one.record.kind === 'request');
    const closed = hold();
    while (closed.now < MORNING + 7_200_000) closed.bar(4_600);
    naked(closed);
    run(closed, 60_000);
    expect(closed.requests).toEqual([]);
    expect(asked(closed)).toEqual([]);
    const down = hold();
    naked(down);
    down.feed({ type: 'link', state: 'DISCONNECTED', generation: generation(1) });
    run(down, 60_000);
    expect(down.requests).toEqual([]);
    expect(asked(down)).toEqual([]);
  });

  it('after a reconnect the stop is restored first, not closed at once (R18 P02)', () => {
    const bench = hold();
    naked(bench);
    run(bench, 4_500);
    expect(kinds(bench)).toHaveLength(3);
    relink(bench, 60_000);
    const { stop: _stop, ...shown } = shownAs(orderOf(bench));
    bench.pass({ positions: [shown] });
    reready(bench);
    expect(run(bench, 3_000).map(([, type]) => type)).toEqual([
      'amendProtection',
      'amendProtection',
    ]);
    expect(positionOf(bench).state).toBe('NAKED');
  });
});

describe('a close', () => {
  it('is in doubt 5 s after its bytes, and asked about with history (F42)', () => {
    const bench = hold();
    bench.command({ type: 'flatten' });
    bench.durable();
    sent(bench, 'close-500-1');
    bench.wait(5_000);
    expect(positionOf(bench).state).toBe('CLOSING');
    waitQuoted(bench, 250);
    expect(positionOf(bench).state).toBe('CLOSE_UNKNOWN');
    waitQuoted(bench, 10_000);
    expect(bench.effects.findLast((one) => one.type === 'query')).toMatchObject({
      query: { type: 'reconcile', historyFrom: expect.any(Number) },
    });
  });
});
