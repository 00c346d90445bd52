/**
 * The state in a checkpoint of an earlier version, brought to the shape of this one: a user who
 * installs a newer version keeps positions, breakers, the day and the losing streak, although the
 * prices behind the checkpoint are gone.
 * Deliberately one step a number, each adding only what its version did not know, as not known.
 */
import { LIMITS } from './config.ts';
import { type EngineState, STATE_SHAPE } from './state.ts';
import { emptyTrail, pushed } from './trail.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A whole state of some version, as a checkpoint has it. */
interface Earlier {
  readonly at: unknown;
  readonly core: Fields;
  readonly market: Fields;
}

type Step = (state: Earlier) => Earlier;

const withCore =
  (fields: Fields): Step =>
  (state) => ({ ...state, core: { ...state.core, ...fields } });

/** The spreads were one list of runs, oldest first; now the growing one is apart. */
const withSpreadsApart: Step = (state) => {
  const { size, runs } = state.market['spreads'] as {
    readonly size: number;
    readonly runs: readonly object[];
  };
  const none = emptyTrail<object>(LIMITS.spreadSample);
  const older = runs.slice(0, -1).reduce<typeof none>(pushed, none);
  return { ...state, market: { ...state.market, spreads: { size, last: runs.at(-1), older } } };
};

const trailOf = (list: unknown, limit: number) =>
  ((list ?? []) as readonly unknown[]).reduce(pushed<unknown>, emptyTrail<unknown>(limit));

/** What happened, the deals and the signals were lists, oldest first. */
const withTrails: Step = (state) => {
  const { signals, deals, activity } = state.core;
  const trails = {
    signals: trailOf(signals, LIMITS.signals),
    deals: trailOf(deals, LIMITS.deals),
    activity: trailOf(activity, LIMITS.activity),
  };
  return withCore(trails)(state);
};

/** From the shape of this number to the next one. A new shape needs a step here. */
const STEPS: Readonly<Record<number, Step>> = {
  2: withCore({ shadow: undefined }),
  3: withCore({ askedBack: false }),
  4: withCore({ doubtedAt: undefined }),
  // Its day is asked of the broker again before anything enters.
  5: (state) => withSpreadsApart(withCore({ dayRead: undefined })(state)),
  6: withTrails,
};

/** Absent when there is no way from that shape to this one. */
export function takenOver(state: object, shape: number): EngineState | undefined {
  let taken = state as Earlier;
  for (let at = shape; at < STATE_SHAPE; at += 1) {
    const step = STEPS[at];
    if (step === undefined) return undefined;
    taken = step(taken);
  }
  return shape > STATE_SHAPE ? undefined : (taken as unknown as EngineState);
}
