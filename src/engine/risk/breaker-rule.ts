/**
 * What a row of the breaker table is made of, and the few questions that several rows ask.
 * Deliberately no rows: the ones about money and market are in `breakers.ts`, the ones about
 * orders, link and machine in `breaker-rows.ts`.
 */
import { dayKeyOf } from '../calendar.ts';
import type { BreakerName } from '../event.ts';
import type { Breaker, Core, EngineState } from '../state.ts';

/** What the rules may look at: a state, at an instant. */
export type View = Pick<EngineState, 'at' | 'market' | 'core'>;

export interface BreakerRule {
  readonly name: BreakerName;
  /** The reason to trip now, or nothing. */
  trips(view: View): string | undefined;
  /** True when its clearing rule is satisfied; never asked for manual ones. */
  clears(view: View, breaker: Breaker): boolean;
  readonly manualOnly: boolean;
  /** `bar` rules are asked when a bar closes or history arrives, the others on every look. */
  readonly on: 'bar' | 'always';
  /** What clears it, for people. */
  readonly clearedBy: string;
  /** Used share of the way to the trip, 0 to 1, and the same in words. */
  distance(view: View): { readonly used: number | undefined; readonly words: string };
  /** Whether all is calm now: the breaker remembers since when without a break. */
  readonly calm?: (view: View, breaker: Breaker) => boolean;
  /** Its rule may be satisfied although what tripped it is still remembered. */
  readonly clearsWhileDue?: true;
  /** Nothing clears it before the next trading day, and nothing calms it until then. */
  readonly holdsForTheDay?: true;
  /** It trips on what happens outside, whether the account was reconciled or not. */
  readonly tripsAnytime?: true;
  /** What begins anew when it clears. */
  readonly forgets?: (core: Core, by: 'rule' | 'reset') => Partial<Core>;
  /** Why a person may not reset it now (breaker rule 6). */
  readonly resetRefusal?: (view: View) => string | undefined;
}

export const nextDay = (view: View, breaker: Breaker): boolean =>
  breaker.sinceDay !== undefined && dayKeyOf(view.at.wall) > breaker.sinceDay;

export const heldFor = (view: View, breaker: Breaker, ms: number): boolean =>
  breaker.sinceMono !== undefined && view.at.mono - breaker.sinceMono >= ms;

export const calmFor = (view: View, breaker: Breaker, ms: number): boolean =>
  breaker.calmSince !== undefined && view.at.mono - breaker.calmSince >= ms;

/** Used share and words of something that is counted up to a limit. */
export const counted = (count: number, limit: number, what: string) => ({
  used: Math.min(1, count / Math.max(1, limit)),
  words: `${count} of ${limit} ${what}`,
});

export const manual = (name: BreakerName, clearedBy: string): BreakerRule => ({
  name,
  trips: () => undefined,
  clears: () => false,
  manualOnly: true,
  on: 'always',
  clearedBy,
  distance: (view) => ({ used: view.core.breakers[name].tripped ? 1 : 0, words: '' }),
});
