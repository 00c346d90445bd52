/**
 * The panic ladder: four rungs, what each still has to send, and what the newest picture proves.
 * Deliberately believes the snapshot and never an answer to a command: "sent" proves nothing.
 */
import { type CommandBody, type Snapshot, volumeText } from '../engine/index.ts';
import { openOrders } from './book.ts';
import { TRADING_STATE } from './look.ts';

export const RUNGS = ['stop', 'reduce', 'cancel', 'flatten'] as const;
export type Rung = (typeof RUNGS)[number];

export interface RungWords {
  readonly does: string;
  /** Sentences about what is proven, and about what is not yet. */
  readonly proven: readonly string[];
  readonly open: readonly string[];
}

export interface Wish {
  readonly body: CommandBody;
  readonly target: string;
  readonly words: string;
}

interface RungRule {
  readonly does: string;
  readonly proof: (snapshot: Snapshot) => Pick<RungWords, 'proven' | 'open'>;
  readonly wishes: (snapshot: Snapshot) => readonly Wish[];
}

/** Links over which the broker's word on positions and orders is current. */
const CURRENT: ReadonlySet<Snapshot['link']['state']> = new Set(['READY', 'NO_PRICES']);

const killOf = ({ breakers }: Snapshot) =>
  breakers.find((one) => one.name === 'KILL' && one.tripped);

const either = (holds: boolean, proven: string, open: string) =>
  holds ? { proven: [proven], open: [] } : { proven: [], open: [open] };

/** What is left, or that nothing is, which only a current link can prove. */
function left(snapshot: Snapshot, open: readonly string[], none: string) {
  const { state } = snapshot.link;
  if (open.length > 0) return { proven: [], open };
  if (CURRENT.has(state)) return { proven: [none], open: [] };
  return { proven: [], open: [`link ${state}: what the broker holds is not known now`] };
}

const RULES: Readonly<Record<Rung, RungRule>> = {
  stop: {
    does: 'no entry until breaker KILL is reset with a reason',
    proof: (snapshot) =>
      either(
        killOf(snapshot) !== undefined && !snapshot.entriesAllowed,
        'breaker KILL is tripped',
        'breaker KILL is not tripped',
      ),
    wishes: (snapshot) =>
      killOf(snapshot) === undefined
        ? [{ body: { type: 'kill', flatten: false }, target: 'kill', words: 'stop entries' }]
        : [],
  },
  reduce: {
    does: 'only closing is allowed until entries are resumed',
    proof: ({ tradingState }) => {
      const words = `trading is ${TRADING_STATE[tradingState]}`;
      return either(tradingState !== 'active', words, words);
    },
    wishes: ({ tradingState }) => {
      const body = { type: 'setTradingState', state: 'reducing' } as const;
      return tradingState === 'active' ? [{ body, target: 'entries', words: 'reduce only' }] : [];
    },
  },
  cancel: {
    does: 'cancel the orders that wait at the broker',
    proof: (snapshot) =>
      left(
        snapshot,
        openOrders(snapshot).map(
          (one) => `order ${one.id}: ${one.side} ${volumeText(one.volume)}, ${one.state}`,
        ),
        'no order of ours is open',
      ),
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
    proof: (snapshot) =>
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
    wishes: ({ positions }) =>
      positions.some((one) => one.ours && !ON_ITS_WAY.has(one.state))
        ? [{ body: { type: 'flatten' }, target: 'flatten', words: 'close everything' }]
        : [],
  },
};

const ON_ITS_WAY: ReadonlySet<string> = new Set(['CLOSING', 'UNSETTLED']);

export function rungWords(rung: Rung, snapshot: Snapshot): RungWords {
  const { does, proof } = RULES[rung];
  return { does, ...proof(snapshot) };
}

export const rungWishes = (rung: Rung, snapshot: Snapshot): readonly Wish[] =>
  RULES[rung].wishes(snapshot);

/** What a rung and all above it still have to send, the mildest first. */
export const ladderWishes = (rung: Rung, snapshot: Snapshot): readonly Wish[] =>
  RUNGS.slice(0, RUNGS.indexOf(rung) + 1).flatMap((one) => rungWishes(one, snapshot));

export const rungOf = (typed: string): Rung | undefined => RUNGS.find((one) => one === typed);
