/**
 * What a picture proves of a panic: entries stopped, reducing only, no order, no position of ours.
 * Deliberately believes the snapshot and never an answer to a command: "sent" proves nothing. The
 * ladder on the screen and the `panic` verb judge by this one place.
 */
import { volumeText } from './format.ts';
import type { TradingState } from './model.ts';
import type { Snapshot } from './snapshot-shape.ts';

/** The rungs of the ladder, the mildest first. */
export const RUNGS = ['stop', 'reduce', 'cancel', 'flatten'] as const;
export type Rung = (typeof RUNGS)[number];

/** Sentences about what is proven, and about what is not yet; one of them is never empty. */
export interface RungProof {
  readonly proven: readonly string[];
  readonly open: readonly string[];
}

/** The state as every screen and verb names it. */
export const TRADING_STATE: Readonly<Record<TradingState, string>> = {
  active: 'ACTIVE',
  reducing: 'PAUSED',
  halted: 'HALTED',
};

/** Links over which the broker's word on positions and orders is current. */
const CURRENT: ReadonlySet<Snapshot['link']['state']> = new Set(['READY', 'NO_PRICES']);

const either = (holds: boolean, proven: string, open: string): RungProof =>
  holds ? { proven: [proven], open: [] } : { proven: [], open: [open] };

/** What is left, or that nothing is, which only a current link can prove. */
function left({ link }: Snapshot, items: readonly string[], none: string): RungProof {
  if (CURRENT.has(link.state)) return { proven: items.length > 0 ? [] : [none], open: items };
  const unknown = `link ${link.state}: what the broker holds is not known now`;
  return { proven: [], open: [...items, unknown] };
}

const PROOFS: Readonly<Record<Rung, (snapshot: Snapshot) => RungProof>> = {
  stop: ({ breakers, entriesAllowed }) =>
    either(
      breakers.some((one) => one.name === 'KILL' && one.tripped) && !entriesAllowed,
      'entries are blocked: breaker KILL is tripped',
      'breaker KILL is not tripped',
    ),
  reduce: ({ tradingState }) => {
    const words = `trading is ${TRADING_STATE[tradingState]}`;
    return either(tradingState !== 'active', words, words);
  },
  cancel: (snapshot) =>
    left(
      snapshot,
      snapshot.orders
        .filter((one) => one.working)
        .map((one) => `order ${one.id}: ${one.side} ${volumeText(one.volume)}, ${one.state}`),
      'no order of ours is open',
    ),
  flatten: (snapshot) =>
    left(
      snapshot,
      snapshot.positions
        .filter((one) => one.ours)
        .map((one) => {
          const stop = one.stop === undefined ? ', NO STOP' : '';
          const held = `${one.side} ${volumeText(one.volume)}`;
          return `position ${one.id}: ${held}, ${one.state}${stop}`;
        }),
      'no position of ours is open',
    ),
};

/** Judges the picture by one rung, whoever brought it about. */
export const rungProof = (rung: Rung, snapshot: Snapshot): RungProof => PROOFS[rung](snapshot);
