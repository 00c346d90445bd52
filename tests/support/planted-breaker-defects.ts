/**
 * Engines broken on purpose at one breaker each: one that never trips it, one that enters although
 * it is tripped, one that clears it too soon. Deliberately in worlds where little but its own cause
 * happens, so that each is caught within simulated minutes.
 */
import { BREAKERS, type BreakerName } from '../../src/engine/index.ts';
import { NO_TALLIES } from '../../src/engine/risk/tallies.ts';
import { CLEAR_BREAKER, type EngineState } from '../../src/engine/state.ts';
import { type EagerParts, eagerWorld } from './eager-world.ts';
import { type PlantedDefect, twisted, withCore } from './planted-defects.ts';

/** What makes a breaker trip, and soon. */
interface Cause extends EagerParts {
  /** What trips it again in every step, so that whoever is deaf to it forgets that too. */
  readonly tally?: 'badFills' | 'losses';
  /** Where an entry comes soon enough after the trip. */
  readonly from?: number;
}

const CAUSES: Readonly<Record<BreakerName, Cause>> = {
  KILL: { options: { operatorMs: 20_000 } },
  DAILY_LOSS: { config: { maxDailyLossBps: 1 } },
  LOSS_STREAK: { config: { lossStreakMax: 1 } },
  VOLATILITY: { plan: { gap: 60 }, from: 4 },
  FEED: { plan: { frozenQuotes: 90 } },
  SPREAD: { plan: { wideSpread: 90 } },
  SLIPPAGE: { plan: { slippage: 600 }, config: { slippageMaxBps: 1 }, tally: 'badFills' },
  REJECTS: { plan: { refusal: 600 } },
  ORDER_RATE: { config: { entriesPerMinute: 1 } },
  CONNECTIVITY: { plan: { linkDrop: 90 }, config: { linkLossesMax: 3 }, tally: 'losses' },
  CLOCK: { plan: { clockJump: 40 } },
  PERSISTENCE: { plan: { diskLow: 40 } },
  AUTH: { plan: { authRefused: 40 } },
  INTEGRITY: { plan: { contradiction: 300 }, from: 3 },
  LOOP: { plan: { longTask: 90 } },
};

const withBreaker = (
  state: EngineState,
  name: BreakerName,
  breaker: EngineState['core']['breakers'][BreakerName],
): EngineState => withCore(state, { breakers: { ...state.core.breakers, [name]: breaker } });

/** Its limit is reached and it stays as it is. */
const lame = (name: BreakerName): PlantedDefect => ({
  id: 'I04',
  about: `never trips ${name}`,
  says: new RegExp(`^${name} is not tripped`),
  world: eagerWorld(CAUSES[name]),
  subject: () =>
    twisted({
      hands: (hands) => ({
        ...hands,
        record: (record, barrier) => {
          const isIts = record.kind === 'breaker' && record.breaker === name;
          if (!isIts) hands.record(record, barrier);
        },
      }),
      after: (after) =>
        after.core.breakers[name].tripped ? withBreaker(after, name, CLEAR_BREAKER) : after,
    }),
});

function withoutTrip(state: EngineState, name: BreakerName): EngineState {
  const { tally } = CAUSES[name];
  const clear = withBreaker(state, name, CLEAR_BREAKER);
  if (tally === undefined) return clear;
  return withCore(clear, { tallies: { ...clear.core.tallies, [tally]: NO_TALLIES[tally] } });
}

function withTripOf(before: EngineState, after: EngineState, name: BreakerName): EngineState {
  const { tally } = CAUSES[name];
  const tripped = withBreaker(after, name, before.core.breakers[name]);
  if (tally === undefined) return tripped;
  return withCore(tripped, {
    tallies: { ...after.core.tallies, [tally]: before.core.tallies[tally] },
  });
}

/** It trips and is written down, and no gate asks for it. */
const deaf = (name: BreakerName): PlantedDefect => ({
  id: 'I04',
  about: `enters while ${name} is tripped`,
  from: CAUSES[name].from ?? 1,
  says: new RegExp(`left while .*${name}.* was tripped`),
  world: eagerWorld(CAUSES[name]),
  subject: () =>
    twisted({
      before: (state) => (state.core.breakers[name].tripped ? withoutTrip(state, name) : state),
      after: (after, before) =>
        before.core.breakers[name].tripped ? withTripOf(before, after, name) : after,
      hands: (hands, _input, { core }) => ({
        ...hands,
        record: (record, barrier) => {
          const isIts = record.kind === 'breaker' && record.breaker === name;
          if (!isIts || !core.breakers[name].tripped) hands.record(record, barrier);
        },
      }),
    }),
});

/** It is cleared by the first clock tick after its trip. */
const sloppy = (name: BreakerName): PlantedDefect => ({
  id: 'I21',
  about: `clears ${name} with the next look at the clock`,
  says: new RegExp(`^${name} was cleared against its rule`),
  world: eagerWorld(CAUSES[name]),
  subject: () =>
    twisted({
      hands: (hands, { event }, { core }) => {
        if (event.type === 'clock' && core.breakers[name].tripped) {
          const reason = 'it looks calm';
          hands.record({ kind: 'breaker', breaker: name, change: 'cleared', reason }, false);
        }
        return hands;
      },
      after: (after, before, { event }) =>
        event.type === 'clock' && before.core.breakers[name].tripped
          ? withBreaker(after, name, CLEAR_BREAKER)
          : after,
    }),
});

/**
 * AUTH is tripped only while no login stands: whoever does not ask for it has no link to enter by.
 */
const HARMLESS: ReadonlySet<BreakerName> = new Set<BreakerName>(['AUTH']);

/** Neither its own breaker nor the cap itself is asked. */
const uncapped: PlantedDefect = {
  ...deaf('ORDER_RATE'),
  id: 'I29',
  about: 'enters more often in a minute than allowed',
  says: /too many entries in a minute/,
  world: eagerWorld({ config: { entriesPerMinute: 1, timeframeMs: 15_000 } }),
  subject: () =>
    twisted({
      before: (state) => withCore(withoutTrip(state, 'ORDER_RATE'), { entriesSent: [] }),
      after: (after, before) => {
        const fresh = after.core.entriesSent;
        const entriesSent = [...before.core.entriesSent, ...fresh];
        const tripped = before.core.breakers.ORDER_RATE.tripped;
        return withCore(tripped ? withTripOf(before, after, 'ORDER_RATE') : after, { entriesSent });
      },
    }),
};

export const BREAKER_DEFECTS: readonly PlantedDefect[] = BREAKERS.flatMap((name) => [
  lame(name),
  ...(HARMLESS.has(name) ? [] : [deaf(name)]),
  sloppy(name),
]).concat(uncapped);
