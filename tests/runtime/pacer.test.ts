/** Virtual time against real time: order, patience with the disk, and turns for others. */
import { describe, expect, it, vi } from 'vitest';
import { type Wall, wall } from '../../src/engine/index.ts';
import { createPacer, type PacerParts } from '../../src/runtime/pacer.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { MORNING } from '../support/engine.ts';

function world(fields: Partial<PacerParts> = {}) {
  const time = createVirtualClock(wall(MORNING));
  const log: string[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    parts.onEnd = resolve;
    parts.onDefect = reject;
  });
  return { time, log, ended, parts: { ...parts, time, ...fields } };
}

const parts = {
  loop: { turn: () => false },
  journal: { pending: () => false, settled: () => Promise.resolve() },
  speed: 100_000,
  idle: () => false,
  idleFactor: 60,
  until: undefined as Wall | undefined,
  onEnd: (): void => undefined,
  onDefect: (_error: unknown): void => undefined,
};

describe('pacer', () => {
  it('runs callbacks in order, one turn after each, and stops at the given instant', async () => {
    const { time, log, ended, parts: all } = world();
    const tick = (): void => {
      log.push(String(time.mono()));
      time.after(250, tick);
    };
    time.after(250, tick);
    let turns = 0;
    const pacer = createPacer({
      ...all,
      until: wall(MORNING + 1_000),
      loop: {
        turn: () => {
          turns += 1;
          return false;
        },
      },
      onEnd: () => parts.onEnd(),
    });
    pacer.start();
    await ended;
    expect(log).toEqual(['250', '500', '750', '1000']);
    expect(turns).toBe(4);
  });

  it('lets no time pass while the journal owes an answer (A10 I30)', async () => {
    const run = async (delayMs: number): Promise<string[]> => {
      const { time, log, ended, parts: all } = world();
      let isPending = false;
      for (let index = 1; index <= 5; index += 1) {
        time.after(index * 100, () => {
          log.push(`act ${time.mono()}`);
          isPending = true;
        });
      }
      const pacer = createPacer({
        ...all,
        journal: {
          pending: () => isPending,
          settled: () =>
            new Promise((resolve) => {
              setTimeout(() => {
                log.push(`durable ${time.mono()}`);
                isPending = false;
                resolve();
              }, delayMs);
            }),
        },
        onEnd: () => parts.onEnd(),
      });
      pacer.start();
      await ended;
      return log;
    };
    const quick = await run(0);
    expect(await run(15)).toEqual(quick);
    expect(quick.slice(0, 2)).toEqual(['act 100', 'durable 100']);
  });

  it('handles what comes from outside without waiting for its own next look', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { time, parts: all } = world();
    time.after(3_600_000, () => undefined);
    let isWaiting = false;
    const turn = (): boolean => {
      isWaiting = false;
      return false;
    };
    const pacer = createPacer({ ...all, speed: 1, loop: { turn, waits: () => isWaiting } });
    pacer.start();
    await vi.advanceTimersByTimeAsync(0);
    isWaiting = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(isWaiting).toBe(true);
    pacer.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(isWaiting).toBe(false);
    await pacer.stop();
    vi.useRealTimers();
  });

  it('gives the event loop its turn while it catches up', async () => {
    const { time, ended, parts: all } = world();
    const spin = (): void => {
      time.after(1, spin);
    };
    spin();
    const pacer = createPacer({
      ...all,
      until: wall(MORNING + 400_000),
      onEnd: () => parts.onEnd(),
    });
    let turns = 0;
    const probe = setInterval(() => {
      turns += 1;
    }, 1);
    pacer.start();
    await ended;
    clearInterval(probe);
    // It takes many slices, and each must leave a turn; without slices the probe never runs.
    expect(turns).toBeGreaterThan(2);
  });
});
