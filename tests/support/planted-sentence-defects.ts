/**
 * Engines broken on purpose so that every sentence a checker can say is said once.
 * Deliberately crude: what matters is that the checker, not the engine, notices.
 */
import {
  type BrokerRequest,
  type Event,
  type JournalRecord,
  mono,
  type Permitted,
  positionId,
  price,
  type Stamped,
  volume,
} from '../../src/engine/index.ts';
import { CLEAR_BREAKER, type Core, type EngineState } from '../../src/engine/state.ts';
import { emptyTrail } from '../../src/engine/trail.ts';
import { ENGINE, type Subject } from '../../src/sim/world-subject.ts';
import { type EagerParts, eagerWorld } from './eager-world.ts';
import { type PlantedDefect, type Twist, twisted, withCore } from './planted-defects.ts';

type Planted = Omit<PlantedDefect, 'world' | 'says'> & {
  readonly says: RegExp;
  readonly parts?: EagerParts;
};

type Quote = NonNullable<EngineState['market']['quote']>;

/** The state after an input of that type, changed. */
const afterEach = (
  type: Event['type'],
  change: (after: EngineState, before: EngineState) => EngineState,
): Subject =>
  twisted({
    after: (after, before, { event }) => (event.type === type ? change(after, before) : after),
  });

/** The state in which the bytes of an entry leave, changed just then. */
const asBytesLeave = (change: (after: EngineState) => EngineState): Subject => {
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

const withoutCore = (fields: Partial<Core>): Subject =>
  asBytesLeave((after) => withCore(after, fields));

const withQuote = (change: (quote: Quote) => Quote): Subject =>
  asBytesLeave((after) => {
    const { quote } = after.market;
    return quote === undefined
      ? after
      : { ...after, market: { ...after.market, quote: change(quote) } };
  });

const recordsAs = (change: (record: JournalRecord) => readonly JournalRecord[]): Subject =>
  twisted({
    hands: (hands) => ({
      ...hands,
      record: (record, barrier) => {
        for (const one of change(record)) hands.record(one, barrier);
      },
    }),
  });

/** What leaves, changed, one for one or for many. */
const sentAs = (
  change: (request: Permitted<BrokerRequest>) => readonly Permitted<BrokerRequest>[],
): Twist => ({
  hands: (hands) => ({
    ...hands,
    transmit: (request) => {
      for (const one of change(request)) hands.transmit(one);
    },
  }),
});

const pictured = (change: (shown: ReturnType<Subject['picture']>) => object): Subject => ({
  ...ENGINE,
  picture: (state) => {
    const shown = ENGINE.picture(state);
    return { ...shown, ...change(shown) } as typeof shown;
  },
});

const isClose = (request: BrokerRequest): boolean => request.type === 'closePosition';
const closesCome = { options: { operatorMs: 8_000 } };
const stopsGo = { plan: { missingStop: 600, stopRemoved: 60 } };

/** Believes in stops that a look does not show, and in its belief being newer. */
function faithful(): Subject {
  const protect = (input: Stamped, { core }: EngineState): Stamped => {
    const { event } = input;
    if (event.type !== 'brokerSnapshot' || !event.pass.complete) return input;
    const { snapshot } = event.pass;
    const positions = snapshot.positions.map((one) => {
      const known = core.positions.find(({ id }) => id === one.id);
      return { ...one, stop: one.stop ?? known?.stop ?? price(1_000_000) };
    });
    const pass = { complete: true, snapshot: { ...snapshot, positions } } as const;
    return { ...input, event: { ...event, pass } };
  };
  return twisted({
    input: protect,
    before: (state) =>
      withCore(state, {
        positions: state.core.positions.map((one) => ({
          ...one,
          stop: one.stop ?? price(1_000_000),
          nakedSince: undefined,
          changedAt: mono(state.at.mono + 60_000),
        })),
      }),
  });
}

const SENDING: readonly Planted[] = [
  {
    id: 'I05',
    about: 'enters before its announcement is durable',
    says: /left before the record that announces it/,
    subject: () =>
      twisted({
        hands: (hands, _input, { core }) => ({
          ...hands,
          record: (record, barrier) => {
            hands.record(record, barrier);
            if (record.kind !== 'order' || record.to !== 'SEND_BEGINS') return;
            const { clientOrderId: id, side, volume: size } = record;
            const distances = { stopDistance: price(100_000), targetDistance: price(100_000) };
            const about = { requestId: id, clientOrderId: id, label: id, side, volume: size };
            const { instrument } = core;
            hands.transmit({
              type: 'submitOrder',
              destination: 'paper',
              instrumentId: instrument?.id,
              ...about,
              ...distances,
            } as never);
          },
        }),
      }),
  },
  {
    id: 'I15',
    about: 'forgets a side of its quote',
    says: /without both sides/,
    subject: () => withQuote((quote) => ({ ...quote, bid: undefined })),
  },
  {
    id: 'I15',
    about: 'enters on a crossed quote',
    says: /crossed/,
    subject: () => withQuote((quote) => ({ ...quote, bid: quote.ask, ask: quote.bid })),
    parts: { config: { spreadMaxBps: 200 } },
  },
  {
    id: 'I15',
    about: 'takes every quote for fresh when its bytes leave',
    says: /price that is \d+ ms old/,
    subject: () =>
      twisted({
        before: (state, { event, mono: now }) =>
          event.type !== 'durable' || state.market.quote === undefined
            ? state
            : {
                ...state,
                market: { ...state.market, quote: { ...state.market.quote, acceptedAt: now } },
              },
      }),
    parts: { config: { quoteAgeMaxMs: 100 }, options: { syncMs: 900, tickMs: 4_000 } },
  },
  {
    id: 'I16',
    about: 'does not hear that a symbol may only be closed',
    says: /not allowed/,
    subject: () =>
      twisted({
        input: (input) => {
          const { event } = input;
          if (event.type !== 'instrument') return input;
          const instrument = { ...event.instrument, status: 'open' as const };
          return { ...input, event: { ...event, instrument } };
        },
      }),
    parts: { plan: { closeOnly: 20 } },
  },
  {
    id: 'I16',
    about: 'sends a stop between two ticks',
    says: /distances .* are off the grid/,
    subject: () =>
      twisted(
        sentAs((one) =>
          one.type === 'submitOrder'
            ? [{ ...one, stopDistance: price(one.stopDistance + 1) }]
            : [one],
        ),
      ),
  },
  {
    id: 'I29',
    about: 'sends every close three times',
    says: /more than one closePosition of \d+ a second/,
    subject: () => twisted(sentAs((one) => (isClose(one) ? [one, one, one] : [one]))),
    parts: closesCome,
  },
  {
    id: 'I29',
    about: 'closes whatever number it can think of',
    says: /more than thirty closes in a minute/,
    subject: () =>
      twisted(
        sentAs((one) =>
          one.type === 'closePosition'
            ? Array.from({ length: 31 }, (_, index) => ({
                ...one,
                positionId: positionId(`${index}`),
              }))
            : [one],
        ),
      ),
    parts: closesCome,
  },
  {
    id: 'I32',
    about: 'enters without an account',
    says: /without account or instrument/,
    subject: () => withoutCore({ account: undefined }),
  },
  {
    id: 'I32',
    about: 'enters before it has looked at the broker',
    says: /without the day or a reconciliation/,
    subject: () => withoutCore({ reconciled: false }),
  },
  {
    id: 'I32',
    about: 'enters without a link',
    says: /without a ready link/,
    subject: () =>
      asBytesLeave((after) => withCore(after, { link: { ...after.core.link, state: 'SYNCING' } })),
  },
  {
    id: 'I32',
    about: 'enters without indicators',
    says: /without indicators/,
    subject: () =>
      asBytesLeave(({ market, ...rest }) => ({
        ...rest,
        market: { ...market, indicators: { ...market.indicators, rsiSeries: emptyTrail(1) } },
      })),
  },
  {
    id: 'I32',
    about: 'does not wait for the news that it needs',
    says: /without sentiment/,
    subject: () =>
      twisted({
        input: (input) => {
          const { event } = input;
          if (event.type !== 'started') return input;
          const config = { ...event.config, sentimentMode: 'off' as const };
          return { ...input, event: { ...event, config } };
        },
      }),
    parts: { plan: { noSentiment: 600 }, config: { sentimentMode: 'required' } },
  },
];

const BREAKING: readonly Planted[] = [
  {
    id: 'I04',
    about: 'does not mind that an order believed dead is filled',
    says: /INTEGRITY is not tripped: .* filled after all/,
    subject: () =>
      twisted({
        hands: (hands) => ({
          ...hands,
          record: (record, barrier) => {
            const isIts = record.kind === 'breaker' && record.breaker === 'INTEGRITY';
            if (!isIts) hands.record(record, barrier);
          },
        }),
        after: (after) =>
          withCore(after, { breakers: { ...after.core.breakers, INTEGRITY: CLEAR_BREAKER } }),
      }),
    parts: { plan: { lateExecution: 600 } },
  },
  {
    id: 'I04',
    about: 'shrugs off a write that failed',
    says: /PERSISTENCE is not tripped: a write failed/,
    subject: () =>
      twisted({
        input: (input) =>
          input.event.type === 'journalFault' ? { ...input, event: { type: 'clock' } } : input,
      }),
    parts: { plan: { journalFails: 40 } },
  },
  {
    id: 'I04',
    about: 'believes its clock right whatever is measured',
    says: /CLOCK is not tripped: the clock is .* ms off/,
    subject: () =>
      twisted({
        input: (input) => {
          const { event } = input;
          return event.type === 'clockSkew' ? { ...input, event: { ...event, skewMs: 0 } } : input;
        },
      }),
    parts: { plan: { clockJump: 40 } },
  },
];

const SETTLING: readonly Planted[] = [
  {
    id: 'I07',
    about: 'keeps its own stops whatever a look shows',
    says: /still differs from the broker's/,
    subject: () =>
      afterEach('brokerSnapshot', (after, before) =>
        withCore(after, {
          positions: after.core.positions.map((one) => {
            const old = before.core.positions.find(({ id }) => id === one.id);
            return old === undefined ? one : { ...one, stop: old.stop, changedAt: old.changedAt };
          }),
        }),
      ),
    parts: { plan: { stopMoved: 90, strippedEvent: 600 } },
  },
  {
    id: 'I07',
    about: 'never notices that a position is gone',
    says: /is not at the broker and yet/,
    subject: () =>
      afterEach('brokerSnapshot', (after, before) =>
        withCore(after, {
          positions: after.core.positions.map((one) =>
            one.state === 'UNSETTLED'
              ? (before.core.positions.find(({ id }) => id === one.id) ?? one)
              : one,
          ),
        }),
      ),
    parts: { plan: { serverClose: 90, strippedEvent: 600 } },
  },
  {
    id: 'I09',
    about: 'believes in a stop that is not there',
    says: /is believed protected and has no stop/,
    subject: faithful,
    parts: stopsGo,
  },
  {
    id: 'I11',
    about: 'reads a cent more on its account',
    says: /balance \d+ at version \d+, was \d+/,
    subject: () =>
      afterEach('account', (after) => {
        const { account } = after.core;
        if (account === undefined) return after;
        return withCore(after, {
          account: { ...account, balance: (account.balance + 1) as never },
        });
      }),
  },
  {
    id: 'I11',
    about: 'counts a cent more with each of its trades',
    says: /closed trades sum up to/,
    subject: () =>
      twisted({
        after: (after, { core }) => {
          const { stats } = after.core;
          if (stats.trades === core.stats.trades) return after;
          return withCore(after, {
            stats: { ...stats, netProfit: (stats.netProfit + 1) as never },
          });
        },
      }),
    parts: { options: { safetyMs: 8 * 60_000 } },
  },
  {
    id: 'I13',
    about: 'counts a position down to nothing and keeps it',
    says: /has volume 0/,
    subject: () =>
      afterEach('protection', (after) =>
        withCore(after, {
          positions: after.core.positions.map((one) => ({ ...one, volume: volume(0) })),
        }),
      ),
  },
  {
    id: 'I18',
    about: 'shows a position in another state',
    says: /^position .* is shown as/,
    subject: () =>
      pictured(({ positions }) => ({
        positions: positions.map((one) => ({ ...one, state: 'CLOSING' as const })),
      })),
  },
  {
    id: 'I18',
    about: 'always shows entries as allowed',
    says: /entries are shown as allowed/,
    subject: () => pictured(() => ({ entriesAllowed: true })),
    parts: { plan: { linkDrop: 40, longTask: 90 } },
  },
  {
    id: 'I18',
    about: 'shows every quote as fresh',
    says: /is shown as fresh/,
    subject: () =>
      pictured(({ quote }) => (quote === undefined ? {} : { quote: { ...quote, fresh: true } })),
    parts: { plan: { frozenQuotes: 60 } },
  },
  {
    id: 'I22',
    about: 'writes down the opening of a day twice',
    says: /was opened after/,
    subject: () => recordsAs((one) => (one.kind === 'dayOpened' ? [one, one] : [one])),
  },
  {
    id: 'I28',
    about: 'answers itself for ever',
    says: /inputs at one instant/,
    subject: () =>
      twisted({
        hands: (hands, { event }) => {
          const isAnswer = event.type === 'egressRefused' || event.type === 'barsLoaded';
          if (isAnswer) hands.refused('nothing', 'link DISCONNECTED');
          return hands;
        },
      }),
  },
];

const WRITING: readonly Planted[] = [
  {
    id: 'I14',
    about: 'sums up something that is no number',
    says: /core\.stats\.netProfit is NaN/,
    subject: () =>
      afterEach('deal', (after) =>
        withCore(after, { stats: { ...after.core.stats, netProfit: Number.NaN as never } }),
      ),
  },
  {
    id: 'I14',
    about: 'closes half a hundredth of a unit',
    says: /closePosition\.volume is no whole number/,
    subject: () =>
      twisted(
        sentAs((one) =>
          one.type === 'closePosition'
            ? [{ ...one, volume: (one.volume - 0.5) as typeof one.volume }]
            : [one],
        ),
      ),
    parts: closesCome,
  },
  {
    id: 'I14',
    about: 'writes down a text with no number in it',
    says: /says .*NaN/,
    subject: () =>
      recordsAs((one) => (one.kind === 'order' ? [{ ...one, reason: 'RSI NaN' }] : [one])),
  },
  {
    id: 'I31',
    about: 'moves an order without a reason',
    says: /became \w+ without a reason/,
    subject: () => recordsAs((one) => (one.kind === 'order' ? [{ ...one, reason: '' }] : [one])),
  },
  {
    id: 'I31',
    about: 'asks for something without a reason',
    says: /has no reason/,
    subject: () => recordsAs((one) => (one.kind === 'request' ? [{ ...one, reason: '' }] : [one])),
    parts: stopsGo,
  },
  {
    id: 'I31',
    about: 'does not write down what it intends',
    says: /left and no record explains it/,
    subject: () =>
      recordsAs((one) => {
        const isIntent = one.kind === 'order' && one.to === 'INTENT';
        return isIntent ? [{ kind: 'note', text: 'something is intended' }] : [one];
      }),
  },
];

export const SENTENCE_DEFECTS: readonly PlantedDefect[] = [
  ...SENDING,
  ...BREAKING,
  ...SETTLING,
  ...WRITING,
].map(({ parts, ...planted }) => ({ ...planted, world: eagerWorld(parts ?? {}) }));
