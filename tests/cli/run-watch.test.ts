/** How soon a stuck run is red, which trouble ends it by itself, and with which exit code. */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/cli/config-resolve.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { createRunWatch, healable } from '../../src/cli/run-watch.ts';
import { wall } from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { illsOf } from '../../src/runtime/health.ts';
import { unreadiness } from '../../src/runtime/telemetry.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { order, position, quiet } from '../support/builders-snapshot.ts';
import { EngineBench, MORNING } from '../support/engine.ts';

const { link, session, quote } = quiet();

it('trouble that a new start may heal has its exit code (F122 F123)', () => {
  expect(healable(quiet(), [])).toBeUndefined();
  expect(healable(undefined, [])).toBeUndefined();
  const cases = [
    [quiet(), ['the loop has not turned for 11 s'], EXIT.stuck],
    [quiet(), ['the journal does not write'], EXIT.persistence],
    [quiet(), ['the disk has not answered for 9 s'], EXIT.persistence],
    [quiet({ link: { ...link, state: 'DISCONNECTED' } }), [], EXIT.unreachable],
    [
      quiet({
        session: { ...session, state: 'open' },
        quote: quote === undefined ? undefined : { ...quote, fresh: false },
      }),
      [],
      EXIT.unreachable,
    ],
  ] as const;
  for (const [now, ills, code] of cases) expect(healable(now, ills)?.code).toBe(code);
});

it('trouble that needs a person, a login or patience does not end a run', () => {
  for (const state of ['AUTH_HALT', 'MAINTENANCE', 'HALTED'] as const) {
    expect(healable(quiet({ link: { ...link, state } }), [])).toBeUndefined();
  }
  const bare = quiet({
    positions: [position({ state: 'NAKED' })],
    orders: [order({ state: 'UNKNOWN', ageMs: 99_000 })],
  });
  expect(healable(bare, [])).toBeUndefined();
});

const RED_MS = 15_000;

/** A headless run on a hand-moved clock; each of its three vital parts can be stopped. */
async function stage(unhealthySecs: string) {
  const platform = { os: 'linux', home: '/home/ann', cwd: '/home/ann' };
  const env = { UNHEALTHY_EXIT_SECS: unhealthySecs };
  const resolved = resolveConfig({ options: { ui: 'false' }, env, platform });
  if (resolved.status === 'refused') throw new Error(resolved.faults.join('\n'));
  const bench = new EngineBench();
  bench.start();
  bench.ready();
  const clock = createVirtualClock(wall(MORNING));
  const stuck = { feed: false, journal: 0, loop: 0 };
  const since = (at: number): number => (at === 0 ? 0 : clock.mono() - at);
  const parts = {
    loop: {
      state: () => bench.state,
      now: () => bench.instant(),
      quietFor: () => since(stuck.loop),
      post: () => undefined,
    },
    journal: { waitsFor: () => since(stuck.journal), broken: () => false },
  };
  const ended: number[] = [];
  const nothing = (): void => undefined;
  const log = { error: nothing, warn: nothing, info: nothing, debug: nothing };
  const watch = createRunWatch({
    config: resolved.config,
    env: {},
    pid: 1,
    log: { ...log, keepSecret: nothing },
    isAlive: () => true,
    isWatched: () => false,
    onUnwell: (code) => ended.push(code),
    clock,
  });
  await watch.open(() => parts);
  watch.began();
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 250) {
      clock.advanceBy(250);
      if (stuck.loop > 0) continue;
      bench.wait(250);
      if (!stuck.feed) bench.quote(4_600, 4_602);
    }
  };
  /** What the two pages would say now. */
  const reasons = (): readonly string[] => {
    const ills = illsOf({
      quietFor: parts.loop.quietFor,
      journalWaitsFor: parts.journal.waitsFor,
      journalBroken: parts.journal.broken,
    });
    return [...ills, ...unreadiness(snapshot(bench.state, parts.loop.now()))];
  };
  return { clock, stuck, pass, reasons, ended, watch };
}

describe('a run that is stuck', () => {
  it.each([
    ['feed', /no fresh quote/, EXIT.unreachable],
    ['journal', /disk has not answered/, EXIT.persistence],
    ['loop', /loop has not turned/, EXIT.stuck],
  ] as const)(
    '%s: red within 15 s, and ended with its code (F122 F123)',
    async (part, why, code) => {
      const { clock, stuck, pass, reasons, ended, watch } = await stage('60');
      pass(120_000);
      expect([reasons(), ended]).toEqual([[], []]);
      if (part === 'feed') stuck.feed = true;
      else stuck[part] = clock.mono();
      pass(RED_MS);
      expect(reasons().join()).toMatch(why);
      expect(ended).toEqual([]);
      pass(70_000);
      expect(ended[0]).toBe(code);
      watch.stopping();
      await watch.close();
    },
  );

  it('and well again in time goes on, and has its whole patience the next time', async () => {
    const { clock, stuck, pass, reasons, ended } = await stage('60');
    pass(1_000);
    for (let times = 0; times < 3; times += 1) {
      stuck.journal = clock.mono();
      pass(50_000);
      expect(reasons()).not.toEqual([]);
      stuck.journal = 0;
      pass(20_000);
    }
    expect([reasons(), ended]).toEqual([[], []]);
  });
});
