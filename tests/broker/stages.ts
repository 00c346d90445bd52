/**
 * The three brokers on one kind of stage, so that the same questions can be put to each: paper,
 * backtest, and the wire client over the simulator. All begin at 4600 / 4602 in an open market.
 * Deliberately plays only prices and time; what is asked and expected is in the suite.
 */
import { createCtraderBroker } from '../../src/ctrader/broker.ts';
import { secret } from '../../src/ctrader/secret.ts';
import {
  type Broker,
  type BrokerEvent,
  generation,
  type InstrumentId,
  type LinkState,
  price,
  type Wall,
  wall,
} from '../../src/engine/index.ts';
import { createHistoryBroker } from '../../src/sim/backtest-broker.ts';
import { wideMarket } from '../../src/sim/backtest-market.ts';
import { FIRST_IDS } from '../../src/sim/exchange.ts';
import {
  FCPO_ID,
  fcpoInstrument,
  fcpoListing,
  SIMULATED_ACCOUNT,
  sessionsBetween,
} from '../../src/sim/fcpo.ts';
import { createPaperBroker } from '../../src/sim/paper-broker.ts';
import { memoryDial } from '../../src/sim/server/memory-dial.ts';
import type { Switches } from '../../src/sim/server/parameters.ts';
import { STANDARD_CREDENTIALS } from '../../src/sim/server/standard-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { barsOf, marketOf } from '../sim/backtest-history.ts';
import { bench, START, toldMarket } from '../sim/server/bench.ts';

export interface Stage {
  readonly broker: Broker;
  readonly events: BrokerEvent[];
  readonly instrumentId: InstrumentId;
  readonly began: Wall;
  /** Lets whatever is on its way arrive; prices do not move. */
  settle(): void;
  /** The market falls to 4500 / 4502 at once; only once. */
  fall(): void;
}

export const FALL = { from: 4_600, to: 4_500, spread: 2 } as const;
const whole = (ringgit: number) => price(ringgit * 100_000);
const SETTLE_MS = 2_000;

function paper(): Stage {
  const clock = createVirtualClock(START);
  let say: (event: BrokerEvent) => void = () => undefined;
  const broker = createPaperBroker({
    feed: {
      start: (emit) => {
        say = emit;
      },
      query: () => undefined,
      subscribe: () => undefined,
      stop: () => Promise.resolve(),
    },
    clock,
    account: SIMULATED_ACCOUNT,
    ids: FIRST_IDS,
    positions: [],
    adoptFeedAccount: false,
    list: (instrument) => fcpoListing(instrument.sessions),
  });
  const events: BrokerEvent[] = [];
  broker.start((event) => events.push(event));
  const link = (state: LinkState) => say({ type: 'link', state, generation: generation(1) });
  const quote = (bid: number) =>
    say({
      type: 'quote',
      instrumentId: FCPO_ID,
      generation: generation(1),
      bid: whole(bid),
      ask: whole(bid + FALL.spread),
      time: clock.wall(),
      initial: false,
    });
  const instrument = fcpoInstrument(sessionsBetween(START, wall(START + 86_400_000)));
  link('SYNCING');
  say({ type: 'instrument', instrument, generation: generation(1) });
  const empty = { positions: [], orders: [], deals: [], endedOrders: [] };
  const snapshot = { ...empty, account: SIMULATED_ACCOUNT };
  const pass = { complete: true, snapshot } as const;
  say({ type: 'brokerSnapshot', generation: generation(1), pass });
  quote(FALL.from);
  clock.advanceBy(100);
  link('READY');
  return {
    broker,
    events,
    instrumentId: FCPO_ID,
    began: START,
    settle: () => clock.advanceBy(SETTLE_MS),
    fall: () => {
      quote(FALL.to);
      clock.advanceBy(FALL_AFTER_MS);
    },
  };
}

function backtest(): Stage {
  const flat = [FALL.from, FALL.from, FALL.from, FALL.from] as const;
  const low = [FALL.to, FALL.to, FALL.to, FALL.to] as const;
  const market = wideMarket(marketOf(barsOf([flat, flat, low])));
  const broker = createHistoryBroker({
    market,
    account: SIMULATED_ACCOUNT,
    costs: {
      spread: whole(FALL.spread),
      slippage: price(0),
      commission: { type: 'perLot', minorPerLot: 1_500 },
    },
    settle: () => undefined,
    onBar: () => undefined,
    onBars: () => undefined,
    onDeal: () => undefined,
    onPrice: () => undefined,
  });
  const events: BrokerEvent[] = [];
  broker.start((event) => events.push(event));
  broker.moveTo(market.start[0] ?? 0);
  broker.open(0);
  const instrument = events.find((event) => event.type === 'instrument');
  if (instrument?.type !== 'instrument') throw new Error('no instrument');
  return {
    broker,
    events,
    instrumentId: instrument.instrument.id,
    began: broker.now(),
    settle: () => undefined,
    fall: () => {
      broker.moveTo(market.start[2] ?? 0);
      broker.open(2);
    },
  };
}

/** The fall is told as the market's next tick; waiting for it is what lets it happen. */
const FALL_AFTER_MS = 600_000;

/** Where sources about the real server disagree: the other answer of each. */
const OTHER_ANSWERS: Partial<Switches> = {
  secondApplicationAuth: 'CH_CLIENT_ALREADY_AUTHENTICATED',
  invalidOrder: 'errorRes',
  unknownSymbol: 'omit',
  secondSubscription: 'INVALID_REQUEST',
  sessionClose: 'never',
  fromBoundsCount: true,
  oneBarLess: true,
  rowsMax: 3,
  overRate: 'BLOCKED_PAYLOAD_TYPE',
  listsAreHistory: false,
  foreignIds: true,
  protectionEchoesId: true,
  rangeMissed: 'ORDER_REJECTED',
  levelsRemoved: 'ORDER_REPLACED',
  newGrantEndsOlder: true,
  feeRounding: 'nearest',
  unknownFields: true,
};

function overTheWire(switches: Partial<Switches> = {}): Stage {
  const told = [
    { after: 1_000, bid: FALL.from, ask: FALL.from + FALL.spread },
    { after: FALL_AFTER_MS, bid: FALL.to, ask: FALL.to + FALL.spread },
  ];
  const { clock, server } = bench({ market: toldMarket(told), switches });
  const broker = createCtraderBroker({
    dial: memoryDial(server, clock, 20),
    clock,
    credentials: {
      clientId: STANDARD_CREDENTIALS.clientId,
      clientSecret: secret(STANDARD_CREDENTIALS.clientSecret),
      accessToken: secret(STANDARD_CREDENTIALS.accessToken),
    },
    environment: 'demo',
    accountId: SIMULATED_ACCOUNT.id,
    instrumentName: 'FCPO',
    instrumentAliases: [],
    trading: true,
    random: () => 0.5,
  });
  const events: BrokerEvent[] = [];
  broker.start((event) => {
    events.push(event);
    if (event.type === 'instrument') broker.subscribe(event.instrument.id);
  });
  clock.advanceBy(5_000);
  return {
    broker,
    events,
    instrumentId: FCPO_ID,
    began: START,
    settle: () => clock.advanceBy(SETTLE_MS),
    fall: () => clock.advanceBy(FALL_AFTER_MS),
  };
}

export const STAGES: readonly (readonly [string, () => Stage])[] = [
  ['paper broker', paper],
  ['backtest broker', backtest],
  ['wire client over the simulator', () => overTheWire()],
  ['wire client over a simulator with other answers', () => overTheWire(OTHER_ANSWERS)],
];
