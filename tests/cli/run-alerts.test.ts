/** The alerts of a run over a real route, the summary, and the policy for an absent operator. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/cli/config.ts';
import { resolveConfig } from '../../src/cli/config-resolve.ts';
import { createRunAlerts, type RunLook, summaryOf } from '../../src/cli/run-alerts.ts';
import { type Command, type Snapshot, wall } from '../../src/engine/index.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { breaker, quiet } from '../support/builders-snapshot.ts';
import { type HttpDouble, httpDouble } from '../support/http-double.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR = 3_600_000;
let double: HttpDouble;
beforeEach(async () => {
  double = await httpDouble();
});
afterEach(() => double.close());

function configOf(env: Readonly<Record<string, string>>): Config {
  const platform = { os: 'linux', home: '/home/ann', cwd: '/home/ann/bot' };
  const resolved = resolveConfig({ options: {}, env, platform });
  if (resolved.status === 'refused') throw new Error(resolved.faults.join('\n'));
  return resolved.config;
}

function desk(env: Readonly<Record<string, string>>) {
  const clock = createVirtualClock(wall(Date.UTC(2026, 10, 20, 6)));
  const commands: Command[] = [];
  const quietLog = () => undefined;
  const log = { error: quietLog, warn: quietLog, info: quietLog, debug: quietLog };
  const alerts = createRunAlerts({
    config: configOf(env),
    log: { ...log, keepSecret: quietLog },
    clock,
  });
  const calm = quiet({ orders: [], positions: [], breakers: [breaker('FEED')] });
  const look = (fields: Partial<Snapshot> = {}, extra: Partial<RunLook> = {}) =>
    alerts.look({
      now: { ...calm, tradingState: 'active', ...fields },
      freeMib: 9_000,
      ills: [],
      isWatched: false,
      command: (command) => commands.push(command),
      ...extra,
    });
  return { clock, commands, alerts, look };
}

describe('alerts of a run', () => {
  it('reach the route when a breaker trips, once, and when it clears', async () => {
    const { look } = desk({ ALERT_WEBHOOK_URL: `${double.url}/s3cret` });
    const tripped = { breakers: [{ ...breaker('KILL'), tripped: true, reason: 'pressed' }] };
    look(tripped);
    look(tripped);
    await waitFor('the alert', () => double.asked.length === 1);
    look();
    await waitFor('its end', () => double.asked.length === 2);
    const said = double.asked.map(({ body }) => JSON.parse(body).message as string);
    expect(said).toEqual(['breaker KILL tripped: pressed', 'over: breaker KILL tripped: pressed']);
  });

  it('count a link as lost since it was READY last, whatever it tries meanwhile', async () => {
    const { clock, look, alerts } = desk({ ALERT_WEBHOOK_URL: `${double.url}/x` });
    const { link } = quiet();
    look();
    for (const state of ['CONNECTING', 'DISCONNECTED', 'SYNCING'] as const) {
      clock.advanceBy(25_000);
      look({ link: { ...link, state, ageMs: 10 } });
    }
    await alerts.settled();
    await waitFor('the alert', () => double.asked.length === 1);
    expect(double.asked[0]?.body).toContain('no link to the broker for 75 s');
  });
});

describe('no operator for hours', () => {
  it('stops entries once, and begins to count anew when somebody looked', () => {
    const { clock, commands, look } = desk({ OPERATOR_ABSENT_HOURS: '2' });
    look({}, { isWatched: true });
    clock.advanceBy(2 * HOUR - 1);
    look();
    expect(commands).toEqual([]);
    clock.advanceBy(1);
    look();
    look();
    expect(commands.map((one) => one.body)).toEqual([
      { type: 'setTradingState', state: 'reducing' },
    ]);
    look({}, { isWatched: true });
    clock.advanceBy(2 * HOUR);
    look();
    expect(commands).toHaveLength(2);
  });

  it('only tells where the settings say so, and never undoes what an operator chose', () => {
    const told = desk({ OPERATOR_ABSENT_HOURS: '1', OPERATOR_ABSENT_ACTION: 'alert' });
    const halted = desk({ OPERATOR_ABSENT_HOURS: '1' });
    for (const [one, state] of [
      [told, 'active'],
      [halted, 'halted'],
    ] as const) {
      one.clock.advanceBy(HOUR);
      one.look({ tradingState: state });
      expect(one.commands).toEqual([]);
    }
  });
});

it('the summary says money, positions, trades and breakers, and leaves out what is unknown', () => {
  expect(summaryOf(quiet(), {})).toMatch(/balance [\d,.]+ MYR.*trade\(s\).*0 alert\(s\) failed/);
  expect(summaryOf(quiet({ account: undefined }), {})).not.toContain('balance');
});
