/**
 * Engines broken on purpose in what they know, show and write down: each so that a checker says one
 * of its sentences. Deliberately crude: what matters is that the checker, not the engine, notices.
 */
import { mono, price, type Stamped, volume } from '../../src/engine/index.ts';
import type { EngineState } from '../../src/engine/state.ts';
import type { Subject } from '../../src/sim/world-subject.ts';
import { twisted, withCore } from './planted-defects.ts';
import {
  afterEach,
  closesCome,
  inEagerWorlds,
  type Planted,
  pictured,
  recordsAs,
  sentAs,
  stopsGo,
} from './planted-twists.ts';

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

export const SETTLING_DEFECTS = inEagerWorlds([...SETTLING, ...WRITING]);
