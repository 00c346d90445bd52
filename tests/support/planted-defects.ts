/**
 * Engines that are broken on purpose, one for each checker of the worlds: it must catch its own.
 * Deliberately small wrappers around the real engine, so that only the planted belief is wrong.
 */

import {
  type BrokerRequest,
  clientOrderId,
  type Event,
  money,
  type Permitted,
  price,
  type Stamped,
  volume,
} from '../../src/engine/index.ts';
import { CLEAR_BREAKER, type Core, type EngineState } from '../../src/engine/state.ts';
import { drive, type Hands } from '../../src/engine/step.ts';
import { emptyTrail } from '../../src/engine/trail.ts';
import type { WorldOptions } from '../../src/sim/world-options.ts';
import { ENGINE, type Subject } from '../../src/sim/world-subject.ts';

export interface PlantedDefect {
  /** The invariant it breaks. */
  readonly id: string;
  readonly about: string;
  /** Where a world begins that meets it soon, when the first does not. */
  readonly from?: number;
  /** What the checker says, when the checker can say several things. */
  readonly says?: RegExp;
  /** The world it shows in soonest, made from one that is drawn. */
  readonly world?: (drawn: WorldOptions) => WorldOptions;
  /** A fresh one for every world: some remember. */
  readonly subject: () => Subject;
}

const mute: Hands = {
  record: () => undefined,
  transmit: () => undefined,
  query: () => undefined,
  subscribe: () => undefined,
  alert: () => undefined,
  refused: () => undefined,
};

/** The engine with another input, another result or other hands. */
export interface Twist {
  readonly input?: (input: Stamped, state: EngineState) => Stamped;
  readonly before?: (state: EngineState, input: Stamped) => EngineState;
  readonly after?: (after: EngineState, before: EngineState, input: Stamped) => EngineState;
  readonly hands?: (hands: Hands, input: Stamped, state: EngineState) => Hands;
}

export function twisted({ input: other, before, after, hands: wrap }: Twist): Subject {
  const run = (state: EngineState, input: Stamped, hands: Hands): EngineState => {
    const told = other?.(input, state) ?? input;
    const from = before?.(state, told) ?? state;
    const next = drive(from, told, wrap?.(hands, told, state) ?? hands);
    return after?.(next, state, told) ?? next;
  };
  return { ...ENGINE, drive: run, replay: (state, input) => run(state, input, mute) };
}

export const withCore = (state: EngineState, fields: Partial<Core>): EngineState => ({
  ...state,
  core: { ...state.core, ...fields },
});

const withEvent = (input: Stamped, event: Event): Stamped => ({ ...input, event });

/** Changes every entry on its way out. */
const entriesAs = (
  change: (entry: Permitted<Extract<BrokerRequest, { type: 'submitOrder' }>>, hands: Hands) => void,
): Twist => ({
  hands: (hands) => ({
    ...hands,
    transmit: (request) => {
      if (request.type === 'submitOrder') {
        change(request as Permitted<Extract<BrokerRequest, { type: 'submitOrder' }>>, hands);
      } else hands.transmit(request);
    },
  }),
});

const clearBreakers = (core: Core): Core['breakers'] =>
  Object.fromEntries(Object.keys(core.breakers).map((name) => [name, CLEAR_BREAKER])) as never;

function hiddenCounter(): Subject {
  let steps = 0;
  return twisted({
    after: (after, before) => {
      steps += 1;
      if (after.core.deals === before.core.deals) return after;
      return withCore(after, { rejects: steps, lossStreak: after.core.lossStreak + (steps % 2) });
    },
  });
}

function twoOrders(): Subject {
  return twisted({
    after: (after, before) => {
      const fresh = after.core.orders.length > before.core.orders.length;
      const order = after.core.orders.at(-1);
      if (!fresh || order === undefined) return after;
      const twin = { ...order, id: clientOrderId(`${order.id}~2`) };
      return withCore(after, { orders: [...after.core.orders, twin] });
    },
  });
}

const onPass = (input: Stamped): boolean => input.event.type === 'brokerSnapshot';

/** One price far off is believed as if three had agreed. */
function gullible(): Subject {
  const run = (state: EngineState, input: Stamped, hands: Hands): EngineState => {
    const { event } = input;
    const bid = state.market.quote?.bid;
    const isFar =
      event.type === 'quote' &&
      bid !== undefined &&
      event.bid !== undefined &&
      Math.abs(event.bid - bid) * 20 > bid;
    const from = isFar ? drive(drive(state, input, mute), input, mute) : state;
    return drive(from, input, hands);
  };
  return { ...ENGINE, drive: run, replay: (state, input) => run(state, input, mute) };
}

const HANDS_DEFECTS: readonly PlantedDefect[] = [
  {
    id: 'I01',
    about: 'enters twice on one signal',
    subject: () =>
      twisted(
        entriesAs((entry, hands) => {
          hands.transmit(entry);
          const id = clientOrderId(`${entry.clientOrderId}~2`);
          hands.transmit({ ...entry, clientOrderId: id });
        }),
      ),
  },
  {
    id: 'I06',
    about: 'sends the bytes of an order again',
    subject: () =>
      twisted(
        entriesAs((entry, hands) => {
          hands.transmit(entry);
          hands.transmit(entry);
        }),
      ),
  },
  {
    id: 'I05',
    about: 'sends a close as soon as it is asked for',
    subject: () =>
      twisted({
        hands: (hands) => ({
          ...hands,
          record: (record, barrier) => {
            hands.record(record, barrier);
            if (record.kind !== 'request') return;
            hands.transmit({ ...record.request, destination: 'paper' } as never);
          },
        }),
      }),
  },
  {
    id: 'I10',
    about: 'amends a stop away from the market',
    from: 4,
    subject: () =>
      twisted({
        hands: (hands) => ({
          ...hands,
          transmit: (one) =>
            hands.transmit(one.type === 'amendProtection' ? { ...one, stop: price(1) } : one),
        }),
      }),
  },
  {
    id: 'I13',
    about: 'closes twice the volume',
    subject: () =>
      twisted({
        hands: (hands) => ({
          ...hands,
          transmit: (request) =>
            hands.transmit(
              request.type === 'closePosition'
                ? { ...request, volume: volume(request.volume * 2) }
                : request,
            ),
        }),
      }),
  },
  {
    id: 'I16',
    about: 'raises the volume off the grid',
    subject: () =>
      twisted(
        entriesAs((entry, hands) => hands.transmit({ ...entry, volume: volume(entry.volume + 1) })),
      ),
  },
  {
    id: 'I19',
    about: 'sends every request to the broker, and in live mode to paper',
    subject: () =>
      twisted({
        hands: (hands) => ({
          ...hands,
          transmit: (request) => {
            const destination = request.destination === 'paper' ? 'broker' : 'paper';
            hands.transmit({ ...request, destination });
          },
        }),
      }),
  },
  {
    id: 'I32',
    about: 'holds a close to the rules of an entry',
    subject: () =>
      twisted({
        hands: (hands, _input, state) => ({
          ...hands,
          transmit: (request) => {
            const blocks = state.core.positions.length >= (state.core.config?.maxPositions ?? 1);
            if (request.type === 'submitOrder' || !blocks) hands.transmit(request);
            else hands.refused(request.requestId, 'slot: no longer free');
          },
        }),
      }),
  },
  {
    id: 'I29',
    about: 'asks for a pass with every clock tick',
    subject: () =>
      twisted({
        hands: (hands, input) => ({
          ...hands,
          query: (query) => {
            hands.query(query);
            if (input.event.type !== 'clock' || query.type !== 'reconcile') return;
            for (let again = 0; again < 6; again += 1) hands.query(query);
          },
        }),
      }),
  },
];

const BELIEF_DEFECTS: readonly PlantedDefect[] = [
  { id: 'I02', about: 'opens two orders at once', subject: twoOrders },
  {
    id: 'I03',
    about: 'forgets positions and orders when it looks for a free slot',
    subject: () =>
      twisted({
        before: (state, { event }) =>
          event.type === 'quote' || event.type === 'durable'
            ? withCore(state, { positions: [] })
            : state,
        after: (after, before, { event }) =>
          event.type === 'quote' || event.type === 'durable'
            ? withCore(after, { positions: before.core.positions })
            : after,
      }),
  },
  {
    id: 'I07',
    about: 'ignores what a pass says about positions',
    from: 2,
    subject: () =>
      twisted({
        after: (after, before, input) =>
          onPass(input) ? withCore(after, { positions: before.core.positions }) : after,
      }),
  },
  {
    id: 'I08',
    about: 'takes a void pass for an empty one',
    subject: () =>
      twisted({
        after: (after, _before, { event }) =>
          event.type === 'brokerSnapshot' && !event.pass.complete
            ? withCore(after, { positions: [] })
            : after,
      }),
  },
  {
    id: 'I09',
    about: 'does nothing about a missing stop',
    subject: () =>
      twisted({
        hands: (hands, { event }) => (event.type === 'clock' ? withoutRequests(hands) : hands),
        after: (after, before, { event }) =>
          event.type === 'clock'
            ? withCore(after, { positions: before.core.positions, outbox: before.core.outbox })
            : after,
      }),
  },
  {
    id: 'I11',
    about: 'books every closing deal with one cent more',
    subject: () =>
      twisted({
        input: (input) => {
          const { event } = input;
          if (event.type !== 'deal' || event.deal.close === undefined) return input;
          const { close } = event.deal;
          const richer = { ...close, grossProfit: money(close.grossProfit + 1) };
          return withEvent(input, { ...event, deal: { ...event.deal, close: richer } });
        },
      }),
  },
  {
    id: 'I12',
    about: 'forgets which deals were applied',
    from: 2,
    subject: () =>
      twisted({ after: (after) => withCore(after, { deals: emptyTrail(after.core.deals.limit) }) }),
  },
  { id: 'I15', about: 'believes every price', from: 28, subject: gullible },
  { id: 'I17', about: 'counts its own steps in secret', subject: hiddenCounter },
  {
    id: 'I18',
    about: 'shows an unknown order as accepted',
    from: 2,
    subject: () => ({
      ...ENGINE,
      picture: (state) => {
        const shown = ENGINE.picture(state);
        const orders = shown.orders.map((order) =>
          order.state === 'UNKNOWN' ? { ...order, state: 'ACCEPTED' as const } : order,
        );
        return { ...shown, orders };
      },
    }),
  },
  {
    id: 'I21',
    about: 'starts with clear breakers',
    from: 2,
    subject: () =>
      twisted({
        after: (after, _before, { event }) =>
          event.type === 'started'
            ? withCore(after, { breakers: clearBreakers(after.core) })
            : after,
      }),
  },
  {
    id: 'I22',
    about: 'opens the day again after a restart',
    subject: () =>
      twisted({
        after: (after, _before, { event }) =>
          event.type === 'started' ? withCore(after, { day: undefined }) : after,
      }),
  },
  {
    id: 'I28',
    about: 'does not notice that a later connection is ready',
    from: 7,
    subject: () =>
      twisted({
        input: (input) => {
          const { event } = input;
          const isLater = event.type === 'link' && event.generation > 2;
          return isLater && event.state === 'READY' ? withEvent(input, { type: 'clock' }) : input;
        },
      }),
  },
  {
    id: 'I33',
    about: 'takes every position for its own',
    from: 2,
    subject: () =>
      twisted({
        after: (after) =>
          after.core.positions.every(({ ours }) => ours)
            ? after
            : withCore(after, {
                positions: after.core.positions.map((one) => ({ ...one, ours: true })),
              }),
      }),
  },
];

/** Records of requests would announce what is never sent. */
const withoutRequests = (hands: Hands): Hands => ({
  ...hands,
  record: (record, barrier) => {
    if (record.kind !== 'request') hands.record(record, barrier);
  },
});

export const PLANTED_DEFECTS: readonly PlantedDefect[] = [...HANDS_DEFECTS, ...BELIEF_DEFECTS];
