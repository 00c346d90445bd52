/**
 * The breakers about link and machine: each at its exact threshold, one short of it, and
 * what alone clears it.
 */
import { describe, expect, it } from 'vitest';
import { BREAKERS, generation, type LinkState, untrusted } from '../../../src/engine/index.ts';
import { BREAKER_RULES } from '../../../src/engine/risk/breakers.ts';
import { snapshot } from '../../../src/engine/snapshot.ts';
import { newestOf } from '../../../src/engine/trail.ts';
import type { EngineBench } from '../../support/engine.ts';
import { closingDeal, hold, positionOf, readyBench, relink, reready, waitQuoted } from '../desk.ts';
import { HOUR, reset, skew, TRIPS, tripped } from './breaker-desk.ts';

const host = (bench: EngineBench, fields: { loopDelayMs?: number; freeMib?: number }) =>
  bench.feed({ type: 'host', ...fields });
const words = (bench: EngineBench, name: keyof typeof BREAKER_RULES) =>
  BREAKER_RULES[name].distance(bench.state).words;
const lastAnswer = (bench: EngineBench) => bench.state.core.commands.at(-1);

describe('CONNECTIVITY', () => {
  it('trips at the fifth lost link in 10 min (F08)', () => {
    const bench = readyBench();
    for (let count = 0; count < 4; count += 1) relink(bench, 60_000);
    expect([tripped(bench, 'CONNECTIVITY'), words(bench, 'CONNECTIVITY')]).toEqual([
      false,
      '4 of 5 losses',
    ]);
    relink(bench, 250);
    expect(tripped(bench, 'CONNECTIVITY')).toBe(true);
  });

  it('calls that nobody answers are no losses, at whatever stage a line dies is one (F08)', () => {
    const bench = readyBench();
    const stages: LinkState[] = ['CONNECTING', 'APP_AUTH', 'ACCOUNT_AUTH', 'SYNCING', 'CONNECTING'];
    const counts = stages.map((state, index) => {
      const now = generation(index + 2);
      bench.feed({ type: 'link', state: 'CONNECTING', generation: now });
      bench.feed({ type: 'link', state, generation: now });
      bench.feed({ type: 'link', state: 'DISCONNECTED', generation: now });
      return bench.state.core.tallies.losses.length;
    });
    // The first one is the READY link that the second generation replaced.
    expect(counts).toEqual([1, 2, 3, 4, 4]);
  });

  it('clears after 10 min READY without a break, and not by a person', () => {
    const bench = TRIPS.CONNECTIVITY();
    waitQuoted(bench, 300_000);
    relink(bench, 250);
    bench.pass({});
    reready(bench);
    waitQuoted(bench, 598_000);
    expect(tripped(bench, 'CONNECTIVITY')).toBe(true);
    bench.command(reset('CONNECTIVITY'));
    expect(lastAnswer(bench)?.status).toBe('refused');
    waitQuoted(bench, 2_000);
    expect(tripped(bench, 'CONNECTIVITY')).toBe(false);
    expect(words(bench, 'CONNECTIVITY')).toBe('0 of 5 losses');
  });
});

describe('CLOCK', () => {
  it.each([5_000, -5_000])('trips at a difference of %s ms, not a millisecond less (F66)', (ms) => {
    const bench = readyBench();
    skew(bench, ms - Math.sign(ms));
    expect(tripped(bench, 'CLOCK')).toBe(false);
    skew(bench, ms);
    expect(tripped(bench, 'CLOCK')).toBe(true);
    const way = ms > 0 ? 'ahead of' : 'behind';
    expect(bench.state.core.breakers.CLOCK.reason).toBe(`our clock is 5.0 s ${way} the broker's`);
  });

  it('warns once from 2 s on (F66)', () => {
    const bench = readyBench();
    for (const ms of [1_999, 2_000, 3_000, 2_500]) skew(bench, ms);
    const warnings = bench.effects.filter((one) => one.type === 'alert');
    expect(warnings).toHaveLength(1);
    expect(tripped(bench, 'CLOCK')).toBe(false);
  });

  it.each([600_000, 9 * HOUR, -5_000, -24 * HOUR])(
    'trips when the wall clock moves %s ms on its own; prices before are gone (F64 F65)',
    (ms) => {
      const bench = readyBench();
      bench.slip(ms);
      bench.feed({ type: 'clock' });
      expect(tripped(bench, 'CLOCK')).toBe(true);
      expect(bench.state.market.quote).toBeUndefined();
      const looks = bench.effects.filter((one) => one.type === 'query');
      expect(looks.at(-1)).toMatchObject({ query: { type: 'reconcile' } });
    },
  );

  it('F65 the bar that spans the gap is dropped, and the broker is asked for it whole', () => {
    const bench = readyBench();
    bench.quote(4_600, 4_602);
    expect(bench.state.market.forming).toBeDefined();
    const { barCount } = bench.state.market;
    bench.slip(180_000);
    bench.feed({ type: 'clock' });
    expect(bench.state.market.forming).toBeUndefined();
    const asked = bench.effects.filter((one) => one.type === 'query').slice(-2);
    expect(asked).toMatchObject([{ query: { type: 'bars' } }, { query: { type: 'reconcile' } }]);
    bench.jump(300_000);
    bench.quote(4_600, 4_602);
    expect(bench.state.market.barCount).toBe(barCount);
  });

  it('does not trip by a step below 5 s, nor by a restart after hours (F64)', () => {
    const bench = readyBench();
    bench.slip(4_999);
    bench.feed({ type: 'clock' });
    expect(tripped(bench, 'CLOCK')).toBe(false);
    bench.slip(9 * HOUR);
    bench.start();
    expect(tripped(bench, 'CLOCK')).toBe(false);
  });

  it('clears after 60 s measured below 2 s and one clean pass, and not without either', () => {
    const measured = (passes: boolean, gap: number): boolean => {
      const bench = TRIPS.CLOCK();
      bench.wait(1_000);
      if (passes) bench.pass({});
      skew(bench, 1_999);
      for (let left = gap; left > 0; left -= 10_000) {
        waitQuoted(bench, Math.min(left, 10_000));
        skew(bench, -1_999);
      }
      return tripped(bench, 'CLOCK');
    };
    expect(measured(true, 60_000)).toBe(false);
    expect(measured(true, 50_000)).toBe(true);
    expect(measured(false, 60_000)).toBe(true);
    const silent = TRIPS.CLOCK();
    silent.pass({});
    skew(silent, 0);
    silent.wait(600_000);
    expect(tripped(silent, 'CLOCK')).toBe(true);
  });

  it('2 s is not calm: the minute begins again (F66)', () => {
    const bench = TRIPS.CLOCK();
    bench.wait(1_000);
    bench.pass({});
    for (let tens = 0; tens < 12; tens += 1) {
      skew(bench, tens === 5 ? 2_000 : 0);
      waitQuoted(bench, 10_000);
    }
    expect(tripped(bench, 'CLOCK')).toBe(true);
    skew(bench, 0);
    expect(tripped(bench, 'CLOCK')).toBe(false);
  });
});

describe('AUTH', () => {
  it('trips at the third refused login, or when the broker lets nobody in at all', () => {
    const bench = readyBench();
    const refused = (authRefusals: number) => {
      const now = generation(authRefusals + 1);
      bench.feed({ type: 'link', state: 'CONNECTING', generation: now });
      bench.feed({ type: 'link', state: 'DISCONNECTED', generation: now, authRefusals });
      return tripped(bench, 'AUTH');
    };
    expect([refused(1), refused(2), words(bench, 'AUTH'), refused(3)]).toEqual([
      false,
      false,
      '2 of 3 logins refused',
      true,
    ]);
    expect(tripped(TRIPS.AUTH(), 'AUTH')).toBe(true);
  });

  it('clears by a login that succeeds, not by time and not by a person', () => {
    const bench = TRIPS.AUTH();
    bench.jump(48 * HOUR);
    bench.wait(1_000);
    bench.command(reset('AUTH'));
    expect(tripped(bench, 'AUTH')).toBe(true);
    bench.feed({ type: 'link', state: 'SYNCING', generation: generation(2) });
    expect(tripped(bench, 'AUTH')).toBe(false);
    expect(words(bench, 'AUTH')).toBe('0 of 3 logins refused');
  });
});

describe('LOOP', () => {
  it('trips at 5 s of delay, and refuses entries beyond one without tripping', () => {
    const bench = readyBench();
    host(bench, { loopDelayMs: 4_999 });
    expect(tripped(bench, 'LOOP')).toBe(false);
    bench.bar(4_600);
    const decision = newestOf(bench.state.core.decisions);
    expect(decision?.risk.state).toBe('the program is 5.0 s late');
    host(bench, { loopDelayMs: 1_000 });
    bench.bar(4_600);
    expect(bench.state.core.orders).toHaveLength(1);
    host(bench, { loopDelayMs: 5_000 });
    expect(tripped(bench, 'LOOP')).toBe(true);
  });

  it('clears after 60 s below 0.2 s; a delay of 0.2 s begins them again', () => {
    const bench = TRIPS.LOOP();
    host(bench, { loopDelayMs: 10 });
    waitQuoted(bench, 59_000);
    host(bench, { loopDelayMs: 200 });
    host(bench, { loopDelayMs: 199 });
    waitQuoted(bench, 59_000);
    expect(tripped(bench, 'LOOP')).toBe(true);
    waitQuoted(bench, 1_000);
    bench.wait(250);
    expect(tripped(bench, 'LOOP')).toBe(false);
  });
});

describe('PERSISTENCE by low space', () => {
  it('trips below the limit, not at it; a write proven with enough space clears it (F85)', () => {
    const bench = readyBench();
    host(bench, { freeMib: 200 });
    expect(tripped(bench, 'PERSISTENCE')).toBe(false);
    host(bench, { freeMib: 199 });
    expect(tripped(bench, 'PERSISTENCE')).toBe(true);
    bench.durable();
    bench.wait(60_000);
    expect(tripped(bench, 'PERSISTENCE')).toBe(true);
    host(bench, { freeMib: 5_000 });
    expect(tripped(bench, 'PERSISTENCE')).toBe(true);
    bench.durable();
    expect(tripped(bench, 'PERSISTENCE')).toBe(false);
  });

  it('a failed write meanwhile is for a person, whatever space there is (rule 6)', () => {
    const bench = readyBench();
    host(bench, { freeMib: 1 });
    bench.feed({ type: 'journalFault', reason: untrusted('no space left') });
    host(bench, { freeMib: 5_000 });
    bench.durable();
    expect(tripped(bench, 'PERSISTENCE')).toBe(true);
    bench.jump(1_000);
    bench.start();
    host(bench, { freeMib: 10 });
    bench.command(reset('PERSISTENCE'));
    expect(lastAnswer(bench)?.reason).toBe('only 10 MiB are free for the journal');
    host(bench, { freeMib: 5_000 });
    bench.command(reset('PERSISTENCE'));
    expect(tripped(bench, 'PERSISTENCE')).toBe(false);
  });
});

describe('closing while they are tripped', () => {
  it.each(BREAKERS)('%s lets a close leave (I04 I32)', (name) => {
    const bench = hold();
    const { core } = bench.state;
    const breakers = { ...core.breakers, [name]: { ...core.breakers[name], tripped: true } };
    bench.state = { ...bench.state, core: { ...core, breakers } };
    bench.command({ type: 'flatten' });
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'closePosition' });
    bench.deal(closingDeal(bench, { id: '9', size: positionOf(bench).volume, net: 100 }));
    expect(bench.state.core.positions).toHaveLength(0);
  });

  it('every one is in the picture with its distance, and blocks there too (rule 3)', () => {
    const bench = TRIPS.LOOP();
    const shown = snapshot(bench.state, bench.state.at);
    expect(shown.breakers).toHaveLength(15);
    expect(shown.entriesBlockedBy).toContain('LOOP');
  });
});
