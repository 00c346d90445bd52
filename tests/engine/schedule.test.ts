/** Scheduled events: the gate around them, what is shown, and what is not known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownDecision } from '../../src/engine/decision-words.ts';
import { type Decision, LIMITS, type ScheduledEvent, wall } from '../../src/engine/index.ts';
import { eventFreeUntil, eventGate, eventWindow, nextEvent } from '../../src/engine/schedule.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { type EngineBench, MORNING } from '../support/engine.ts';
import { orderOf, readyBench } from './desk.ts';

const MINUTE = 60_000;
const event = (name: string, minute: number, before = 10, after = 20): ScheduledEvent => ({
  name,
  at: wall(MORNING + minute * MINUTE),
  from: wall(MORNING + (minute - before) * MINUTE),
  to: wall(MORNING + (minute + after) * MINUTE),
});

function told(bench: EngineBench, events: readonly ScheduledEvent[], windows: 'on' | 'off'): void {
  const until = wall(MORNING + 100 * 60 * MINUTE);
  bench.feed({ type: 'schedule', windows, events, until });
}
function latest(bench: EngineBench): Decision {
  const record = newestOf(bench.state.core.decisions);
  if (record === undefined) throw new Error('no decision');
  return shownDecision(record);
}
const gateNow = (bench: EngineBench) => latest(bench).gates[2];

describe('the event gate', () => {
  it('blocks an entry inside a window and says until when', () => {
    const bench = readyBench();
    told(bench, [event('MPOB monthly data', 10)], 'on');
    bench.bar(4_600);
    const decision = latest(bench);
    expect(decision.blockedBy).toBe('event');
    expect(decision.sentence).toBe(
      'no entry: event: MPOB monthly data until 03:00 UTC, needs outside no-entry windows',
    );
    expect(bench.state.core.orders).toEqual([]);
  });

  it('includes the beginning of a window and excludes its end', () => {
    const at = (minute: number) => ({
      at: { wall: wall(MORNING + minute * MINUTE) },
      core: {
        schedule: {
          ...{ windows: 'on' as const, events: [event('x', 30)] },
          until: wall(MORNING + 600 * MINUTE),
        },
      },
    });
    expect([19.99, 20, 30, 49.99, 50].map((minute) => eventGate(at(minute)).pass)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('knows before which instant it stays open without a break', () => {
    const schedules = fc.record({
      windows: fc.constantFrom('on' as const, 'off' as const),
      events: fc.array(
        fc
          .tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 15 }))
          .map(([minute, around]) => event('x', minute, around, around + 1)),
        { maxLength: 5 },
      ),
      until: fc.integer({ min: 0, max: 100 }).map((minute) => wall(MORNING + minute * MINUTE)),
    });
    fc.assert(
      fc.property(fc.option(schedules, { nil: undefined }), (schedule) => {
        const view = (minute: number) => ({
          ...{ at: { wall: wall(MORNING + minute * MINUTE) }, core: { schedule } },
        });
        let before = MORNING - 31 * MINUTE;
        for (let minute = -30; minute < 110; minute += 1) {
          const now = view(minute);
          const isTold = now.at.wall < before;
          // What was told of a time ahead holds when it comes.
          if (isTold) expect(eventGate(now).pass).toBe(true);
          const free = eventFreeUntil(now);
          expect(free !== undefined).toBe(eventGate(now).pass);
          if (isTold) expect(free).toBe(before);
          before = free ?? 0;
        }
      }),
    );
  });

  it('only shows the event where windows are off', () => {
    const bench = readyBench();
    told(bench, [event('MPOB monthly data', 10)], 'off');
    bench.bar(4_600);
    expect(gateNow(bench)).toEqual({
      ...{ gate: 'event', pass: true },
      value: 'MPOB monthly data in 5 min',
      threshold: 'windows are off',
    });
    expect(orderOf(bench).state).toBe('INTENT');
  });

  it('passes and says so without a calendar', () => {
    const bench = readyBench();
    bench.bar(4_600);
    expect(gateNow(bench)).toMatchObject({ pass: true, value: 'no calendar' });
  });

  it('blocks when nothing is known any more and windows are on (I32)', () => {
    const bench = readyBench();
    bench.feed({ type: 'schedule', windows: 'on', events: [], until: wall(bench.now) });
    bench.bar(4_600);
    expect(gateNow(bench)).toMatchObject({ pass: false, value: 'the calendar is out of date' });
  });

  it('is asked again before bytes leave: a window that begins meanwhile blocks', () => {
    const bench = readyBench();
    const begins = wall(bench.now + 300_000 + 300);
    const late = { name: 'USDA', at: begins, from: begins, to: wall(begins + MINUTE) };
    told(bench, [late], 'on');
    bench.bar(4_600);
    expect(orderOf(bench).state).toBe('INTENT');
    bench.jump(600);
    bench.durable();
    expect(bench.requests).toEqual([]);
    expect(bench.transcript()).toContain('event: USDA until');
  });

  it('never blocks a close (I32)', () => {
    const bench = readyBench();
    told(bench, [event('x', 0, 60, 600)], 'on');
    expect(snapshot(bench.state, bench.state.at).entriesBlockedBy).toContain('event: x until');
    bench.command({ type: 'flatten' });
    expect(bench.state.core.commands.at(-1)?.reason).toBe('there is nothing of ours to close');
  });
});

describe('what is shown', () => {
  it('is the next event, or the one whose window holds', () => {
    const bench = readyBench();
    told(bench, [event('past', -5, 0, 1), event('next', 30), event('later', 60)], 'on');
    const shown = () => snapshot(bench.state, bench.state.at).nextEvent;
    expect(shown()).toEqual({
      ...{ name: 'next', at: MORNING + 30 * MINUTE },
      waitsUntil: undefined,
    });
    bench.jump(25 * MINUTE);
    bench.wait(250);
    expect(shown()).toMatchObject({ name: 'next', waitsUntil: MORNING + 50 * MINUTE });
  });

  it('is of several windows the one that ends last', () => {
    const bench = readyBench();
    told(bench, [event('long', 1, 5, 90), event('short', 2, 5, 5)], 'on');
    expect(eventWindow(bench.state)?.name).toBe('long');
  });

  it('is bounded, and what was cut off counts as not known (I27)', () => {
    const bench = readyBench();
    const many = Array.from({ length: LIMITS.schedule + 9 }, (_, at) => event(`e${at}`, at + 1));
    told(bench, many, 'off');
    const { schedule } = bench.state.core;
    expect(schedule?.events).toHaveLength(LIMITS.schedule);
    expect(schedule?.until).toBe(many[LIMITS.schedule - 1]?.at);
    expect(nextEvent(bench.state)?.name).toBe('e0');
  });
});
