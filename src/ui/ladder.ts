/**
 * The panic ladder: four rungs, what each does and still has to send.
 * Deliberately no judgement of its own: what the newest picture proves is the engine's word.
 */
import {
  type CommandBody,
  RUNGS,
  type Rung,
  type RungProof,
  rungProof,
  type Snapshot,
} from '../engine/index.ts';
import { openOrders } from './book.ts';

export interface RungWords extends RungProof {
  readonly does: string;
}

export interface Wish {
  readonly body: CommandBody;
  readonly target: string;
  readonly words: string;
}

interface RungRule {
  readonly does: string;
  readonly wishes: (snapshot: Snapshot) => readonly Wish[];
}

const killOf = ({ breakers }: Snapshot) =>
  breakers.find((one) => one.name === 'KILL' && one.tripped);

const RULES: Readonly<Record<Rung, RungRule>> = {
  stop: {
    does: 'no entry until breaker KILL is reset with a reason',
    wishes: (snapshot) =>
      killOf(snapshot) === undefined
        ? [{ body: { type: 'kill', flatten: false }, target: 'kill', words: 'stop entries' }]
        : [],
  },
  reduce: {
    does: 'only closing is allowed until entries are resumed',
    wishes: ({ tradingState }) => {
      const body = { type: 'setTradingState', state: 'reducing' } as const;
      return tradingState === 'active' ? [{ body, target: 'entries', words: 'reduce only' }] : [];
    },
  },
  cancel: {
    does: 'cancel the orders that wait at the broker',
    wishes: (snapshot) =>
      openOrders(snapshot).flatMap(({ id, brokerOrderId }) =>
        brokerOrderId === undefined
          ? []
          : [
              {
                body: { type: 'cancelOrder', brokerOrderId } as const,
                target: `o:${id}`,
                words: `cancel order ${id}`,
              },
            ],
      ),
  },
  flatten: {
    does: 'close every position of ours at the market price',
    wishes: ({ positions }) =>
      positions.some((one) => one.ours && !ON_ITS_WAY.has(one.state))
        ? [{ body: { type: 'flatten' }, target: 'flatten', words: 'close everything' }]
        : [],
  },
};

const ON_ITS_WAY: ReadonlySet<string> = new Set(['CLOSING', 'UNSETTLED']);

export function rungWords(rung: Rung, snapshot: Snapshot): RungWords {
  return { does: RULES[rung].does, ...rungProof(rung, snapshot) };
}

export const rungWishes = (rung: Rung, snapshot: Snapshot): readonly Wish[] =>
  RULES[rung].wishes(snapshot);

/** What a rung and all above it still have to send, the mildest first. */
export const ladderWishes = (rung: Rung, snapshot: Snapshot): readonly Wish[] =>
  RUNGS.slice(0, RUNGS.indexOf(rung) + 1).flatMap((one) => rungWishes(one, snapshot));

export const rungOf = (typed: string): Rung | undefined => RUNGS.find((one) => one === typed);
