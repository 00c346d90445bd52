/**
 * Engines broken on purpose in what they send and when: each so that a checker says one of its
 * sentences. Deliberately crude: what matters is that the checker, not the engine, notices.
 */
import { positionId, price } from '../../src/engine/index.ts';
import { CLEAR_BREAKER } from '../../src/engine/state.ts';
import { emptyTrail } from '../../src/engine/trail.ts';
import { twisted, withCore } from './planted-defects.ts';
import {
  asBytesLeave,
  closesCome,
  inEagerWorlds,
  isClose,
  type Planted,
  sentAs,
  withoutCore,
  withQuote,
} from './planted-twists.ts';

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

export const SENDING_DEFECTS = inEagerWorlds([...SENDING, ...BREAKING]);
