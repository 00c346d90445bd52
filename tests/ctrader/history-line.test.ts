/** Questions about the past on a line of their own, asked of the simulator in memory. */
import { describe, expect, it } from 'vitest';
import {
  HISTORY_PACE,
  type HistoryStopped,
  openHistoryLine,
} from '../../src/ctrader/history-line.ts';
import { barsWithin, ticksWithin } from '../../src/ctrader/history-pages.ts';
import { secret } from '../../src/ctrader/secret.ts';
import { wall } from '../../src/engine/index.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import type { Switches } from '../../src/sim/server/parameters.ts';
import { createSimulatorServer } from '../../src/sim/server/server.ts';
import { bench, START, syntheticMarket } from '../sim/server/bench.ts';

const DAY_MS = 86_400_000;

function world(switches: Partial<Switches> = {}) {
  const { clock, params } = bench({ market: syntheticMarket('7') });
  const asked: { name: string; at: number }[] = [];
  const server = createSimulatorServer({
    ...params,
    switches: { ...params.switches, ...switches },
    faults: () => (frame) => {
      if (frame.direction === 'in') asked.push({ name: frame.name ?? '', at: clock.mono() });
      return undefined;
    },
  });
  const dial = memoryDial(server, clock, 5);
  const during = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false;
    const done = work.finally(() => {
      isOver = true;
    });
    done.catch(() => undefined);
    while (!isOver) {
      clock.advanceBy(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return done;
  };
  const open = (given: { token?: string; accountId?: string } = {}) =>
    openHistoryLine({
      dial,
      clock,
      environment: 'sim',
      accountId: given.accountId ?? '1000001',
      credentials: {
        clientId: 'simulator',
        clientSecret: secret('simulator-secret'),
        accessToken: secret(given.token ?? 'simulator-access'),
      },
    });
  return { during, open, asked, clock };
}

const stopped = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: HistoryStopped) => [error.reason, error.message],
  );

describe('a line for the past', () => {
  it('F23 asks at most four times in any second, over many windows', async () => {
    const { during, open, asked } = world({ ticksMax: 200 });
    const line = await during(open());
    const { symbolId } = await during(line.instrument('FCPO'));
    const span = { from: wall(START - 3 * DAY_MS), to: wall(START) };
    const ticks = await during(ticksWithin(line, symbolId, 'bid', span));
    const times = asked.filter(({ name }) => name === 'ProtoOAGetTickDataReq').map(({ at }) => at);
    expect(ticks.length).toBeGreaterThan(1_000);
    expect(times.length).toBeGreaterThan(5);
    for (const [nth, at] of times.entries()) {
      expect(times.slice(nth).filter((other) => other < at + 1_000).length).toBeLessThanOrEqual(4);
    }
  });

  it('pages of any size tell the same ticks and the same bars', async () => {
    const read = async (switches: Partial<Switches>) => {
      const { during, open } = world(switches);
      const line = await during(open());
      const span = { from: wall(START - 600_000), to: wall(START) };
      const { symbolId } = await during(line.instrument('FCPO'));
      return {
        ticks: await during(ticksWithin(line, symbolId, 'ask', span)),
        bars: await during(barsWithin(line, symbolId, 60_000, span)),
      };
    };
    const whole = await read({});
    expect(whole.bars).toHaveLength(10);
    expect(whole.ticks.length).toBeGreaterThan(20);
    expect(await read({ ticksMax: 3, barsMax: 2 })).toEqual(whole);
    expect(await read({ fromBoundsCount: true })).toEqual(whole);
  });

  it('F23 waits as long as the broker says and asks again', async () => {
    const { during, open, asked } = world({ historyPerSecond: 1, retryAfter: 7 });
    const line = await during(open());
    const { symbolId } = await during(line.instrument('FCPO'));
    const span = { from: wall(START - 600_000), to: wall(START) };
    await during(barsWithin(line, symbolId, 60_000, span));
    await during(barsWithin(line, symbolId, 60_000, span));
    const times = asked.filter(({ name }) => name === 'ProtoOAGetTrendbarsReq');
    const last = times.at(-1)?.at ?? 0;
    const refused = times.at(-2)?.at ?? 0;
    expect(last - refused).toBeGreaterThanOrEqual(HISTORY_PACE.betweenMs);
    expect(times.length).toBeGreaterThan(2);
  });

  it('a refused token, a foreign account, an unknown name: each says what it is', async () => {
    const { during, open } = world();
    expect(await stopped(during(open({ token: 'canary' })))).toEqual([
      'token',
      expect.stringContaining('CH_ACCESS_TOKEN_INVALID'),
    ]);
    expect(await stopped(during(open({ accountId: '9000001' })))).toEqual([
      'refused',
      expect.stringContaining('its account id is 1000001'),
    ]);
    const line = await during(open());
    expect(await stopped(during(line.instrument('FCPX')))).toEqual([
      'refused',
      expect.stringContaining('similar: FCPO'),
    ]);
  });

  it('a line that is lost stays lost, and silence ends it', async () => {
    const { during, open } = world();
    const line = await during(open());
    line.close();
    expect(await stopped(during(line.instrument('FCPO')))).toEqual(['lost', expect.anything()]);
    const { clock } = world();
    const mute = { write: () => undefined, close: () => undefined };
    const none = stopped(
      openHistoryLine({
        dial: () => mute,
        clock,
        environment: 'demo',
        accountId: '1',
        credentials: { clientId: 'x', clientSecret: secret('y'), accessToken: secret('z') },
      }),
    );
    clock.advanceBy(HISTORY_PACE.answerMs);
    expect(await none).toEqual(['lost', 'The broker does not answer.']);
  });
});
