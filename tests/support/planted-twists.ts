/**
 * Short ways to break an engine on purpose: what it records, sends, shows or believes, changed.
 * Deliberately no defect itself; the worlds they show in are eager ones.
 */
import type { BrokerRequest, Event, JournalRecord, Permitted } from '../../src/engine/index.ts';
import type { Core, EngineState } from '../../src/engine/state.ts';
import { ENGINE, type Subject } from '../../src/sim/world-subject.ts';
import { type EagerParts, eagerWorld } from './eager-world.ts';
import { type PlantedDefect, type Twist, twisted, withCore } from './planted-defects.ts';

export type Planted = Omit<PlantedDefect, 'world' | 'says'> & {
  readonly says: RegExp;
  readonly parts?: EagerParts;
};

type Quote = NonNullable<EngineState['market']['quote']>;

/** The state after an input of that type, changed. */
export const afterEach = (
  type: Event['type'],
  change: (after: EngineState, before: EngineState) => EngineState,
): Subject =>
  twisted({
    after: (after, before, { event }) => (event.type === type ? change(after, before) : after),
  });

/** The state in which the bytes of an entry leave, changed just then. */
export const asBytesLeave = (change: (after: EngineState) => EngineState): Subject => {
  const isAnnounced = (order: Core['orders'][number]): boolean =>
    order.state === 'SEND_BEGINS' && order.barrier !== undefined;
  return afterEach('durable', (after, before) => {
    const leaving = before.core.orders.find(isAnnounced);
    const isOut = after.core.orders.some(({ id, state, barrier }) => {
      return id === leaving?.id && state === 'SEND_BEGINS' && barrier === undefined;
    });
    return isOut ? change(after) : after;
  });
};

export const withoutCore = (fields: Partial<Core>): Subject =>
  asBytesLeave((after) => withCore(after, fields));

export const withQuote = (change: (quote: Quote) => Quote): Subject =>
  asBytesLeave((after) => {
    const { quote } = after.market;
    return quote === undefined
      ? after
      : { ...after, market: { ...after.market, quote: change(quote) } };
  });

export const recordsAs = (change: (record: JournalRecord) => readonly JournalRecord[]): Subject =>
  twisted({
    hands: (hands) => ({
      ...hands,
      record: (record, barrier) => {
        for (const one of change(record)) hands.record(one, barrier);
      },
    }),
  });

/** What leaves, changed, one for one or for many. */
export const sentAs = (
  change: (request: Permitted<BrokerRequest>) => readonly Permitted<BrokerRequest>[],
): Twist => ({
  hands: (hands) => ({
    ...hands,
    transmit: (request) => {
      for (const one of change(request)) hands.transmit(one);
    },
  }),
});

export const pictured = (change: (shown: ReturnType<Subject['picture']>) => object): Subject => ({
  ...ENGINE,
  picture: (state) => {
    const shown = ENGINE.picture(state);
    return { ...shown, ...change(shown) } as typeof shown;
  },
});

export const isClose = (request: BrokerRequest): boolean => request.type === 'closePosition';
export const closesCome = { options: { operatorMs: 8_000 } };
export const stopsGo = { plan: { missingStop: 600, stopRemoved: 60 } };

export const inEagerWorlds = (defects: readonly Planted[]): readonly PlantedDefect[] =>
  defects.map(({ parts, ...planted }) => ({ ...planted, world: eagerWorld(parts ?? {}) }));
