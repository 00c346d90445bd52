/**
 * Every message of the broker missing, late, doubled, overtaken, contradictory or absurd, at every
 * point of a trade: a clear record, a named state, nothing lost (F14 F16 F19 F25 F31 F32 F74).
 * Deliberately one lie a run: what two of them do together is for the worlds of faults.
 */
import { describe, expect, it } from 'vitest';
import type { BrokerEvent } from '../../src/engine/index.ts';
import { newestOf } from '../../src/engine/trail.ts';
import { unresolved } from '../../src/sim/world-converged.ts';
import { type Lie, LyingBroker, type Story } from '../support/lying-broker.ts';

const STORIES: readonly Story[] = [
  { name: 'in and out' },
  { name: 'filled in parts', once: ['partialFill'] },
  { name: 'ended with a part', once: ['partialCancel'] },
  { name: 'given up unfilled', cancels: true },
  {
    name: 'told by deals alone',
    silent: (event) => event.type === 'orderUpdate' && !event.update.protective,
  },
];

interface Row {
  readonly name: string;
  readonly lie: Lie;
  /** It cannot be true: the journal must say so in the step that heard it. */
  readonly mustTell?: true;
}

const once = (event: BrokerEvent, delayMs = 0) => [[event, delayMs]] as const;

/** What can happen to any message on its way. */
const ON_THE_WAY: readonly Row[] = [
  { name: 'missing', lie: () => [] },
  { name: '7 s late', lie: (event) => once(event, 7_000) },
  { name: '40 s late', lie: (event) => once(event, 40_000) },
  {
    name: 'doubled',
    lie: (event) => [
      [event, 0],
      [structuredClone(event), 0],
      [structuredClone(event), 9_000],
    ],
  },
  { name: 'overtaken by its neighbour', lie: (event) => once(event, 200) },
];

type Path = readonly (string | number)[];

/** Every number of a message; of a list the first and the last entry. */
function numbersOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path];
  if (Array.isArray(value)) {
    const ends = [...new Set([0, value.length - 1])].filter((index) => index >= 0);
    return ends.flatMap((index) => numbersOf(value[index], [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => numbersOf(one, [...path, key]));
}

/** The same message with something else at one place. */
function put(event: BrokerEvent, path: Path, value: unknown): BrokerEvent {
  const copy = structuredClone(event);
  let at = copy as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[String(key)] as Record<string, unknown>;
  at[String(path.at(-1))] = value;
  return copy;
}

const NEVER = [Number.NaN, Number.MAX_SAFE_INTEGER, 0.5, Number.NEGATIVE_INFINITY];
const PRICES = ['bid', 'ask', 'price', 'entry', 'entryPrice', 'stop', 'target'];
const BAR = ['open', 'high', 'low', 'close'];
const VOLUMES = ['filled', 'volume', 'closedVolume', 'minVolume', 'maxVolume', 'stepVolume'];
const POSITIVE = new Set([...PRICES, ...BAR, ...VOLUMES, 'lotSize', 'leverageCents']);
const INSTANT = /^(time|openTime|openedAt|historyTo)$/;
const FAR = [-1, 0, 1_000, 253_402_300_800_000];

/** Nothing of it may have filled yet, and a protective order that is over shows no volume. */
const mayBeNone = (name: string, path: Path, event: BrokerEvent): boolean =>
  (event.type === 'shadow' && name === 'filled') ||
  (event.type === 'orderUpdate' && event.update.protective && path.at(-1) === 'volume');

/** Values that a number of that name cannot have. */
function absurdOf(name: string, path: Path, event: BrokerEvent): readonly number[] {
  if (mayBeNone(name, path, event)) return [...NEVER, -1];
  if (POSITIVE.has(name)) return [...NEVER, 0, -1];
  return INSTANT.test(name) ? [...NEVER, ...FAR] : NEVER;
}

/** What is no figure of the market, or is simply not ours. */
const SILENT = new Set(['generation', 'ticks', 'timeframeMs']);

/** Every value at the first message of a kind; at each later one another of them in turn. */
function absurdities(event: BrokerEvent, number: number): Row[] {
  return numbersOf(event).flatMap((path, index) => {
    const name = String(path.at(-1));
    if (SILENT.has(name)) return [];
    const all = absurdOf(name, path, event);
    const values = number === 0 ? all : [all[(number + index) % all.length] ?? Number.NaN];
    return values.map((value): Row => {
      const lie: Lie = (told) => once(put(told, path, value));
      return { name: `absurd: ${path.join('.')} is ${value}`, lie, mustTell: true };
    });
  });
}

const other = (path: Path, value: unknown, about: string): Row => ({
  name: `contradictory: ${about}`,
  lie: (event) => once(put(event, path, value)),
  mustTell: true,
});
const quietly = ({ name, lie }: Row): Row => ({ name, lie });

/** What denies what is known, by kind of message. */
const DENIALS: {
  readonly [T in BrokerEvent['type']]: (event: Extract<BrokerEvent, { type: T }>) => Row[];
} = {
  link: ({ state }) => {
    const row = other(['generation'], 0, 'an older connection');
    return state === 'CONNECTING' ? [quietly(row)] : [row];
  },
  quote: () => [
    quietly(other(['instrumentId'], '999', 'another instrument')),
    quietly(other(['generation'], 9, 'another connection')),
  ],
  barsLoaded: () => [quietly(other(['instrumentId'], '999', 'another instrument'))],
  instrument: () => [quietly(other(['instrument', 'id'], '999', 'another id'))],
  account: ({ account }) =>
    [
      other(['account', 'id'], '42', 'another account'),
      other(['account', 'currency'], 'XAU', 'another currency'),
      other(['account', 'exponent'], 3, 'another exponent'),
      // The first word denies nothing yet; the first look at everything does.
    ].map((row) => (account.balanceVersion === 1 ? quietly(row) : row)),
  orderUpdate: ({ update }) =>
    update.closing || update.protective
      ? []
      : [
          other(['update', 'side'], 'sell', 'the other side'),
          other(['update', 'volume'], update.volume + 100, 'another volume'),
          other(['update', 'executed'], update.volume + 100, 'more than the whole'),
          other(['update', 'instrumentId'], '999', 'another instrument'),
          quietly(other(['update', 'clientOrderId'], 'b-2001-1', 'another order of ours')),
          quietly(other(['update', 'positionId'], '777', 'another position')),
          quietly(other(['update', 'brokerOrderId'], '888', 'another number')),
          quietly(other(['update', 'status'], 'rejected', 'refused')),
          quietly(other(['update', 'status'], 'expired', 'expired')),
          quietly(other(['update', 'status'], 'working', 'still working')),
        ],
  deal: ({ deal }) => [
    other(['deal', 'side'], deal.side === 'buy' ? 'sell' : 'buy', 'the other side'),
    other(['deal', 'exponent'], 5, 'another exponent'),
    other(['deal', 'instrumentId'], '999', 'another instrument'),
    quietly(other(['deal', 'filled'], deal.filled + 100, 'another volume')),
    quietly(other(['deal', 'positionId'], '777', 'another position')),
    quietly(other(['deal', 'brokerOrderId'], '888', 'another order')),
  ],
  protection: ({ stop }) => [
    quietly(other(['positionId'], '777', 'another position')),
    quietly(other(['stop'], undefined, 'no stop')),
    quietly(other(['target'], undefined, 'no target')),
    ...(stop === undefined ? [] : [other(['target'], stop, 'a target behind the stop')]),
  ],
  brokerSnapshot: ({ pass }) => {
    if (!pass.complete) return [];
    const at = ['pass', 'snapshot'];
    return [
      other([...at, 'account', 'id'], '42', 'another account'),
      other([...at, 'account', 'currency'], 'XAU', 'another currency'),
      quietly(other(['generation'], 9, 'another connection')),
      quietly(other([...at, 'positions'], [], 'nothing is open')),
      quietly(other([...at, 'orders'], [], 'nothing waits')),
    ];
  },
  requestFailed: () => [],
  sent: () => [
    quietly(other(['requestId'], 'b-2001-1', 'another request')),
    quietly(other(['generation'], 9, 'another connection')),
  ],
  clockSkew: () => [quietly(other(['generation'], 9, 'another connection'))],
  conversion: () => [quietly(other(['to'], 'XAU', 'another currency'))],
  brokerPnl: () => [quietly(other(['positions', 0, 'id'], '777', 'another position'))],
  shadow: () => [quietly(other(['id'], 'b-2001-1', 'another order'))],
};

const denialsOf = <T extends BrokerEvent['type']>(
  event: Extract<BrokerEvent, { type: T }>,
): Row[] => (DENIALS[event.type as T] as (one: typeof event) => Row[])(event);

/** Prices come by the hundred: the first three, and two while something is open. */
function isWorth(event: BrokerEvent, index: number, told: readonly BrokerEvent[]): boolean {
  if (event.type !== 'quote') return true;
  const number = told.slice(0, index).filter(({ type }) => type === 'quote').length;
  return number < 3 || number === 6 || number === 8;
}

/** Told as wrong where a price has no record of its own: prices are only counted (F74). */
const isTold = ({ answer, state }: LyingBroker): boolean =>
  answer.length > 0 || state.market.heldCount > 0;

/**
 * What may stay open because it has a name and blocks entries: a link that never said READY, an
 * account that denies every look at it until the next connection, and a position that only a false
 * deal knew, which a person has to judge (R12).
 */
const isNamed = (open: string, { state }: LyingBroker): boolean =>
  open.startsWith('the link is ') ||
  (open === 'there was no reconciliation' && isVoid(state)) ||
  (open.includes('777 is UNSETTLED') && state.core.breakers.INTEGRITY.tripped);

/** Each look is refused, and said to be: the first word of the account was about another one. */
const isVoid = ({ core }: LyingBroker['state']): boolean =>
  newestOf(core.activity)?.text.startsWith('reconciliation void') === true;

/** What is wrong with how one lie ended, or nothing. */
function complaint(story: Story, at: number, row: Row): string | undefined {
  try {
    const world = new LyingBroker(story, { at, lie: row.lie }).play();
    const open = world.settle((state) => unresolved(state, world));
    const violation = world.end();
    if (violation !== undefined) return `${violation.id} ${violation.sentence}`;
    if (open !== undefined && !isNamed(open, world)) return `stuck: ${open}`;
    if (row.mustTell && !isTold(world)) return 'no record says so';
    const orders = world.sent.filter(({ type }) => type === 'submitOrder').length;
    return orders > 1 ? `${orders} entries left` : undefined;
  } catch (error) {
    return `threw: ${(error as Error).message}`;
  }
}

describe('bad input', () => {
  for (const story of STORIES) {
    const { told } = new LyingBroker(story).play();
    const isFirst = story === STORIES[0];
    const points = told
      .map((event, at) => ({ event, at }))
      .filter(({ event, at }) => isWorth(event, at, told));
    const kinds = isFirst
      ? [...new Set(told.map(({ type }) => type))]
      : (['orderUpdate', 'deal', 'protection', 'account', 'sent'] as const);
    for (const kind of kinds) {
      it(`${story.name}: each ${kind} wrong in every way (F14 F16 F19 F25 F31 F32 I14)`, () => {
        const complaints: string[] = [];
        points
          .filter(({ event }) => event.type === kind)
          .forEach(({ event, at }, number) => {
            const absurd = isFirst ? absurdities(event, number) : [];
            for (const row of [...ON_THE_WAY, ...denialsOf(event), ...absurd]) {
              const why = complaint(story, at, row);
              if (why !== undefined) complaints.push(`${at} ${kind} ${row.name}: ${why}`);
            }
          });
        expect(complaints).toEqual([]);
      });
    }
  }
});
