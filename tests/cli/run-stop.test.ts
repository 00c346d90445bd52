/** The ladder down: the gate shuts, orders end, and what stays has a stop or is said not to. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { exitCode, stopsText } from '../../src/cli/run-end.ts';
import { inFlightDone, stopsConfirmed, unconfirmed } from '../../src/cli/run-stop.ts';
import type { Event } from '../../src/engine/index.ts';
import { hold, intend, orderOf, protect, shownAs } from '../engine/desk.ts';
import type { EngineBench } from '../support/engine.ts';
import { ringgit } from '../support/engine.ts';

const loopOf = (bench: EngineBench) => ({
  loop: { state: () => bench.state, post: (event: Event) => void bench.feed(event) },
  pause: () => new Promise<void>((resolve) => void setTimeout(resolve, 20)),
});

const naked = (bench: EngineBench) =>
  bench.feed({
    type: 'protection',
    generation: bench.state.core.link.generation,
    positionId: bench.state.core.positions[0]?.id as never,
    stop: undefined,
    target: ringgit(4_694),
  });

async function isSettled(work: Promise<void>): Promise<boolean> {
  let done = false;
  void work.then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(100);
  return done;
}

describe('stopping', () => {
  afterEach(() => void vi.useRealTimers());

  it('P12 the terminal is gone: a naked position is protected before it is over', async () => {
    vi.useFakeTimers();
    const bench = hold();
    bench.wait(4_000);
    naked(bench);
    const loop = loopOf(bench);
    await inFlightDone(loop, 'SIGHUP');
    const over = stopsConfirmed(loop, 'SIGHUP');
    expect(await isSettled(over)).toBe(false);
    expect(stopsText(bench.state)).toBe('1 WITHOUT stop');
    expect(exitCode(bench.state)).toBe(EXIT.stopUnconfirmed);
    bench.wait(250);
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'amendProtection' });
    protect(bench);
    expect(await isSettled(over)).toBe(false);
    bench.pass({ positions: [shownAs(orderOf(bench), {})] });
    expect(await isSettled(over)).toBe(true);
    expect(stopsText(bench.state)).toBe('every stop confirmed');
    expect(exitCode(bench.state)).toBe(EXIT.ok);
  });

  it('P12 a broker that takes no stop: the position is closed within the six seconds', () => {
    const bench = hold();
    bench.wait(4_000);
    naked(bench);
    bench.feed({ type: 'stopping', reason: 'SIGHUP' });
    for (let spent = 0; spent < 6_000; spent += 250) {
      bench.wait(250);
      bench.durable();
    }
    expect(bench.requests.at(-1)).toMatchObject({ type: 'closePosition' });
  });

  it('P12 a stop that nobody looked at since is not confirmed, and the exit code says so', () => {
    const bench = hold();
    expect(exitCode(bench.state)).toBe(EXIT.ok);
    bench.wait(1_000);
    bench.feed({ type: 'stopping', reason: 'SIGTERM' });
    expect(unconfirmed(bench.state)).toHaveLength(1);
    expect(stopsText(bench.state)).toBe('1 stop(s) NOT CONFIRMED by the broker');
    expect(exitCode(bench.state)).toBe(EXIT.stopUnconfirmed);
  });

  it('an entry that is not sent yet is given up, and no bar brings another', async () => {
    vi.useFakeTimers();
    const bench = intend();
    const work = inFlightDone(loopOf(bench), 'operator');
    bench.durable();
    expect(await isSettled(work)).toBe(true);
    expect(orderOf(bench)).toMatchObject({ state: 'ABORTED' });
    bench.bar(4_600);
    bench.durable();
    expect(bench.requests).toEqual([]);
    bench.start();
    expect(bench.state.core.stoppingSince).toBeUndefined();
  });

  it('a recording that is over is not waited for', async () => {
    const bench = hold();
    await inFlightDone(loopOf(bench), 'end');
    await stopsConfirmed(loopOf(bench), 'end');
    expect(bench.state.core.stoppingSince).toBeUndefined();
    expect(exitCode(bench.state)).toBe(EXIT.ok);
  });
});
