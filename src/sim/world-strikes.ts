/**
 * What happens when a fault strikes by the clock: a table from its name to the deed.
 * Deliberately touches the world through one small stage; says whether there was anything to hit.
 */
import {
  type Event,
  type Generation,
  generation,
  instrumentId,
  money,
  mono,
  type Price,
  price,
  type QuoteEvent,
  type Side,
  volume,
  wall,
} from '../engine/index.ts';
import { LABEL_TAG } from '../engine/orders.ts';
import type { PositionFacts } from './exchange-types.ts';
import type { Dice, FAULTS, FaultName } from './faults.ts';
import { FCPO_ID } from './fcpo.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { OUTSIDE } from './world-desk.ts';
import type { WorldJournal } from './world-journal.ts';
import type { WorldMarket } from './world-market.ts';
import type { WorldOptions } from './world-options.ts';
import type { WorldSide } from './world-side.ts';

export interface Stage {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly broker: WorldSide;
  readonly journal: WorldJournal;
  readonly market: WorldMarket;
  readonly post: (event: Event) => void;
  /** The process dies now; it is started again after that many milliseconds. */
  readonly crash: (downMs: number) => void;
  /** The process dies after that many more effects. */
  readonly crashAfter: (effects: number, downMs: number) => void;
  /** Moves the wall clock of our machine by that much. */
  readonly skew: (milliseconds: number) => void;
  /** The process handles nothing for so long; false while it does so already. */
  readonly stall: (milliseconds: number) => boolean;
  /** Asks for a price out of order, on the next tick or as a bar begins. */
  readonly nextQuote: (
    make: (bid: Price, ask: Price) => Partial<QuoteEvent>,
    when?: 'as a bar begins',
  ) => void;
}

type Strike = (stage: Stage) => boolean;
/** Those that strike by the clock; the others wait for their occasion. */
type TimedName = Extract<(typeof FAULTS)[number], { readonly per: 'hour' }>['name'];

export const STRIKES: Readonly<Record<TimedName, Strike>> = {
  linkDrop: ({ broker }) => broker.drop('reset by peer'),
  partitionIn: (stage) => partition(stage, 'in'),
  partitionOut: (stage) => partition(stage, 'out'),
  partitionBoth: (stage) => partition(stage, 'both'),
  flap: ({ broker, dice }) => {
    broker.doom(dice.of('flap').integer(3, 8));
    return true;
  },
  crash: ({ crash, dice }) => {
    crash(downTime(dice, 'crash'));
    return true;
  },
  crashAtEffect: ({ crashAfter, dice }) => {
    crashAfter(dice.of('crashAtEffect').integer(1, 12), downTime(dice, 'crashAtEffect'));
    return true;
  },
  journalSlow: ({ journal, clock, dice }) => {
    journal.slowUntil(mono(clock.mono() + dice.of('journalSlow').integer(5_000, 60_000)));
    return true;
  },
  journalFails: ({ journal, clock, dice, crash }) => {
    journal.fail();
    const chance = dice.of('journalFails');
    clock.after(chance.integer(5_000, 60_000), () => {
      if (journal.failed()) crash(downTime(dice, 'journalFails'));
    });
    return true;
  },
  stopRemoved: (stage) => amendOutside(stage, 'stopRemoved', ({ target }) => ({ target })),
  stopMoved: (stage) =>
    amendOutside(stage, 'stopMoved', ({ stop, target }) => {
      const chance = stage.dice.of('stopMoved');
      const moved = stop === undefined ? undefined : price(stop + chance.integer(-9, 9) * 100_000);
      return { stop: moved, target: chance.chance(300) ? undefined : target };
    }),
  serverClose: ({ broker, dice }) => {
    const position = oneOf(broker, isOpen);
    if (position === undefined) return false;
    broker.desk.serverCloses(position.id, dice.of('serverClose').chance(500));
    return true;
  },
  outsideClose: ({ broker, dice, clock }) => {
    const position = oneOf(broker, isOpen);
    if (position === undefined) return false;
    const lots = position.volume / 100;
    const part = dice.of('outsideClose').integer(1, Math.max(1, lots)) * 100;
    const size = volume(Math.min(part, position.volume));
    const about = { ref: `${OUTSIDE}close`, time: clock.wall(), positionId: position.id };
    broker.desk.apply({ type: 'close', ...about, volume: size });
    return true;
  },
  foreignPosition: (stage) => openOutside(stage, 'foreignPosition', undefined),
  taggedStranger: (stage) =>
    openOutside(stage, 'taggedStranger', `${LABEL_TAG}b-2001-${stage.clock.wall()}`),
  cashFlow: ({ broker, dice, clock }) => {
    const amount = money(dice.of('cashFlow').integer(-200_000, 300_000));
    broker.desk.apply({ type: 'cash', time: clock.wall(), amount });
    return true;
  },
  swapCharge: ({ broker, dice, clock }) => {
    const position = oneOf(broker, isOpen);
    if (position === undefined) return false;
    const amount = money(dice.of('swapCharge').integer(-900, 200));
    broker.desk.apply({ type: 'swap', time: clock.wall(), positionId: position.id, amount });
    return true;
  },
  gap: ({ market, dice }) => {
    market.jump(dice.of('gap').integer(-400, 400));
    return true;
  },
  frozenQuotes: ({ broker, dice }) => {
    if (!broker.hears()) return false;
    broker.freeze(dice.of('frozenQuotes').integer(4_000, 40_000));
    return true;
  },
  outlierQuote: (stage) => {
    const chance = stage.dice.of('outlierQuote');
    const up = chance.chance(500);
    const when = chance.chance(500) ? 'as a bar begins' : undefined;
    const factor = up ? 1.1 : 0.9;
    const far = (side: Price): Price => price(Math.round((side * factor) / 100_000) * 100_000);
    stage.nextQuote((bid, ask) => ({ bid: far(bid), ask: far(ask) }), when);
    return true;
  },
  oneSidedQuote: ({ nextQuote, dice }) => {
    const bidOnly = dice.of('oneSidedQuote').chance(500);
    nextQuote(() => (bidOnly ? { ask: undefined } : { bid: undefined }));
    return true;
  },
  crossedQuote: ({ nextQuote }) => {
    nextQuote((bid, ask) => ({ bid: price(ask + 300_000), ask: price(bid) }));
    return true;
  },
  staleQuote: ({ nextQuote, clock, dice }) => {
    const time = wall(clock.wall() - dice.of('staleQuote').integer(1_000, 90_000));
    nextQuote((bid, ask) => ({ bid: price(bid - 500_000), ask: price(ask - 500_000), time }));
    return true;
  },
  strangeQuote: ({ nextQuote, dice, broker }) => {
    const isOther = dice.of('strangeQuote').chance(500);
    const before = generation(Math.max(0, broker.generation() - 1)) as Generation;
    const about = isOther ? { instrumentId: instrumentId('9999') } : { generation: before };
    nextQuote((bid, ask) => ({ ...about, bid: price(bid / 2), ask: price(ask / 2) }));
    return true;
  },
  wideSpread: ({ market, clock, dice }) => {
    market.widen(true);
    clock.after(dice.of('wideSpread').integer(1_000, 120_000), () => market.widen(false));
    return true;
  },
  clockJump: ({ skew, dice, clock }) => {
    const by = dice.of('clockJump').integer(-600, 600) * 1_000;
    skew(by);
    clock.after(dice.of('clockJump').integer(10_000, 600_000), () => skew(0));
    return true;
  },
  closeOnly: ({ broker, clock, dice }) => {
    broker.changeSymbol('close-only');
    const spell = dice.of('closeOnly').integer(60_000, 900_000);
    clock.after(spell, () => broker.changeSymbol('open'));
    return true;
  },
  maintenance: ({ broker, dice }) =>
    broker.maintain(dice.of('maintenance').integer(5_000, 120_000)),
  historyLags: ({ broker, dice, clock }) => {
    const chance = dice.of('historyLags');
    const position = oneOf(broker, isOpen);
    const lots = (position?.volume ?? 0) / 100;
    if (position === undefined || lots < 2) return false;
    const part = chance.integer(1, lots - 1) * 100;
    closeUnheard(broker, clock, position, part);
    clock.after(2_000, () => {
      broker.hidePast(chance.integer(20_000, 60_000));
      closeUnheard(broker, clock, position, position.volume - part);
    });
    return true;
  },
  quietPart: ({ broker, dice, clock }) => {
    const position = oneOf(broker, (one) => isOpen(one) && one.volume >= 200);
    if (position === undefined) return false;
    // What the engine believes of a close of its own is in doubt then, and the deals are read.
    broker.desk.nextClose(() => {
      const lots = position.volume / 100;
      closeUnheard(broker, clock, position, dice.of('quietPart').integer(1, lots - 1) * 100);
      dice.count('quietPart');
    });
    return false;
  },
  authRefused: ({ broker, dice }) => broker.refuseLogins(dice.of('authRefused').integer(1, 4)),
  diskLow: ({ post, clock, dice, options }) => {
    const least = options.config.diskFreeMinMib;
    const chance = dice.of('diskLow');
    post({ type: 'host', freeMib: chance.integer(0, least - 1) });
    const spell = chance.integer(30_000, 600_000);
    for (const later of [spell, spell + 60_000]) {
      clock.after(later, () => post({ type: 'host', freeMib: 10 * least }));
    }
    return true;
  },
  longTask: ({ stall, dice }) => stall(dice.of('longTask').integer(250, 8_000)),
};

function closeUnheard(
  { desk }: WorldSide,
  clock: VirtualClock,
  { id }: PositionFacts,
  size: number,
): void {
  const ref = `${OUTSIDE}unheard-${id}-${clock.mono()}`;
  desk.mute(ref);
  const about = { ref, time: clock.wall(), positionId: id };
  desk.apply({ type: 'close', ...about, volume: volume(size) });
}

/** One side of a row of the table, for the dice. */
export const TIMED = Object.keys(STRIKES) as readonly TimedName[];

const isOpen = (position: PositionFacts): boolean => position.status === 'OPEN';

const oneOf = (
  broker: WorldSide,
  matches: (position: PositionFacts) => boolean,
): PositionFacts | undefined => broker.desk.state().positions.find(matches);

/** A few seconds, or long enough for the world to have moved on. */
function downTime(dice: Dice, name: FaultName): number {
  const chance = dice.of(name);
  return chance.chance(700) ? chance.integer(500, 20_000) : chance.integer(20_000, 900_000);
}

function partition({ broker, dice }: Stage, direction: 'in' | 'out' | 'both'): boolean {
  if (broker.state() !== 'READY') return false;
  const names = { in: 'partitionIn', out: 'partitionOut', both: 'partitionBoth' } as const;
  const chance = dice.of(names[direction]);
  const isLong = chance.chance(300);
  broker.partition(
    direction,
    isLong ? chance.integer(60_000, 900_000) : chance.integer(1_000, 45_000),
  );
  return true;
}

interface Levels {
  readonly stop?: Price | undefined;
  readonly target?: Price | undefined;
}

function amendOutside(
  { broker, clock }: Stage,
  name: FaultName,
  change: (levels: Levels) => Levels,
): boolean {
  const position = oneOf(broker, (one) => isOpen(one) && one.protectiveOrderId !== undefined);
  if (position === undefined) return false;
  const { stop, target } = change(position);
  broker.desk.apply({
    type: 'amend',
    ref: `${OUTSIDE}${name}`,
    time: clock.wall(),
    positionId: position.id,
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
  });
  return true;
}

/** A person buys or sells beside us, and closes it again some time later. */
function openOutside(
  { broker, clock, dice, options }: Stage,
  name: FaultName,
  label: string | undefined,
): boolean {
  const chance = dice.of(name);
  const side: Side = chance.chance(500) ? 'buy' : 'sell';
  const before = new Set(broker.desk.state().positions.map((one) => one.id));
  broker.desk.apply({
    type: 'submit',
    ref: `${OUTSIDE}${name}`,
    time: clock.wall(),
    instrumentId: FCPO_ID,
    side,
    volume: volume(chance.integer(1, 4) * 100),
    ...(chance.chance(500) ? { stopDistance: price(options.config.stopLossBps * 100_000) } : {}),
    ...(label === undefined ? {} : { label }),
  });
  const mine = broker.desk.state().positions.find((one) => !before.has(one.id));
  if (mine === undefined) return false;
  clock.after(chance.integer(30_000, 900_000), () => broker.desk.serverCloses(mine.id, false));
  return true;
}

/** Lets every fault of the plan strike by the clock, until the dice are disarmed. */
export function armStrikes(stage: Stage, note: (text: string) => void): void {
  const { clock, dice } = stage;
  const arm = (name: (typeof TIMED)[number]): void => {
    const delay = dice.nextIn(name);
    if (delay === undefined) return;
    clock.after(delay, () => {
      if (!dice.armed()) return;
      if (STRIKES[name](stage)) {
        dice.count(name);
        note(`fault ${name}`);
      }
      arm(name);
    });
  };
  for (const name of TIMED) arm(name);
}
