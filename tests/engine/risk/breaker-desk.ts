/**
 * What the breaker tests share: how to trip exactly one of them, and what was recorded about it.
 * Deliberately asserts nothing.
 */
import { type BreakerName, type CommandBody, untrusted } from '../../../src/engine/index.ts';
import { brokerPosition, EngineBench, MORNING, quietBars } from '../../support/engine.ts';
import { closingDeal, EAGER, hold, positionOf, readyBench } from '../desk.ts';

export const HOUR = 3_600_000;
export const tripped = (bench: EngineBench, name: BreakerName) =>
  bench.state.core.breakers[name].tripped;
export const changes = (bench: EngineBench, name: BreakerName) =>
  bench.effects.flatMap((one) =>
    one.type === 'record' && one.record.kind === 'breaker' && one.record.breaker === name
      ? [one.record.change]
      : [],
  );
export const reset = (breaker: BreakerName): CommandBody => ({
  type: 'resetBreaker',
  breaker,
  reason: untrusted('looked at it'),
});

export function streak(bench: EngineBench, lossStreak: number): void {
  bench.state = { ...bench.state, core: { ...bench.state.core, lossStreak } };
}

/** Loses an amount by one of our positions, closed. */
export function lose(bench: EngineBench, amount: number): void {
  bench.deal(
    closingDeal(bench, { id: `l${bench.now}`, size: positionOf(bench).volume, net: -amount }),
  );
}

/** Puts the engine into a state in which exactly this breaker is tripped. */
export const TRIPS: Readonly<Record<BreakerName, () => EngineBench>> = {
  DAILY_LOSS: () => {
    const bench = hold();
    lose(bench, 250_000);
    return bench;
  },
  LOSS_STREAK: () => {
    const bench = hold();
    streak(bench, 2);
    lose(bench, 1);
    return bench;
  },
  VOLATILITY: () => {
    const bench = new EngineBench(EAGER);
    bench.start();
    bench.ready({ bars: quietBars(60, 4_600, MORNING, EAGER.timeframeMs) });
    return bench;
  },
  FEED: () => {
    const bench = readyBench();
    bench.wait(15_250);
    return bench;
  },
  KILL: () => {
    const bench = readyBench();
    bench.command({ type: 'kill', flatten: false });
    return bench;
  },
  INTEGRITY: () => {
    const bench = hold();
    bench.wait(4_000);
    bench.quote(4_600, 4_602);
    bench.pass({ positions: [brokerPosition()].map((one) => ({ ...one, side: 'sell' as const })) });
    return bench;
  },
  PERSISTENCE: () => {
    const bench = readyBench();
    bench.feed({ type: 'journalFault', reason: untrusted('no space left') });
    return bench;
  },
};
