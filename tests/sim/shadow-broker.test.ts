// The twin of a live run: same quotes, same requests, other ids; and nothing of it ever leaves.
import { describe, expect, it } from 'vitest';
import {
  type BrokerEvent,
  type BrokerRequest,
  clientOrderId,
  generation,
  type Permitted,
  type ShadowEvent,
  wall,
} from '../../src/engine/index.ts';
import type { Broker } from '../../src/engine/ports.ts';
import { FIRST_IDS } from '../../src/sim/exchange.ts';
import {
  FCPO_ID,
  fcpoInstrument,
  fcpoListing,
  SIMULATED_ACCOUNT,
  sessionsBetween,
} from '../../src/sim/fcpo.ts';
import { createPaperBroker } from '../../src/sim/paper-broker.ts';
import { withShadow } from '../../src/sim/shadow-broker.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { NOW, ringgit, tonnes } from './exchange-desk.ts';

/** The real side is a second exchange with other ids, whose prices are worse by `worse`. */
function live(worse = 0, refuses = false) {
  const clock = createVirtualClock(NOW);
  let say: (event: BrokerEvent) => void = () => undefined;
  const exchange = createPaperBroker({
    feed: {
      start: (emit) => {
        say = (event) =>
          emit(
            event.type === 'quote' && event.ask !== undefined && event.bid !== undefined
              ? { ...event, ask: ringgit(event.ask / 1e5 + worse) }
              : event,
          );
      },
      query: () => undefined,
      subscribe: () => undefined,
      stop: () => Promise.resolve(),
    },
    clock,
    account: SIMULATED_ACCOUNT,
    ids: { order: 5_000, position: 7_000, deal: FIRST_IDS.deal + 900 },
    positions: [],
    adoptFeedAccount: false,
    list: (instrument) => fcpoListing(instrument.sessions),
  });
  const sent: BrokerRequest[] = [];
  let hear: (event: BrokerEvent) => void = () => undefined;
  const real: Broker = {
    ...exchange,
    // The twin hears the quote as it was; the real exchange fills on the worse one.
    start: (emit) => {
      hear = emit;
      exchange.start((event) => {
        if (event.type !== 'quote') emit(event);
      });
    },
    send: (request) => {
      sent.push(request);
      if (!refuses) return exchange.send(request);
      const { requestId } = request;
      const why = { definitive: true, code: 'MARKET_CLOSED', description: '' } as const;
      hear({ type: 'requestFailed', generation: generation(1), requestId, ...why } as BrokerEvent);
    },
  };
  const seen: BrokerEvent[] = [];
  const broker = withShadow(real, clock, SIMULATED_ACCOUNT);
  broker.start((event) => seen.push(event));
  const here = { generation: generation(1) };
  say({ type: 'link', state: 'SYNCING', ...here });
  const instrument = fcpoInstrument(sessionsBetween(NOW, wall(NOW + 86_400_000)));
  say({ type: 'instrument', instrument, ...here });
  const quote = (bid: number, ask: number): void => {
    const event: BrokerEvent = {
      type: 'quote',
      instrumentId: FCPO_ID,
      bid: ringgit(bid),
      ask: ringgit(ask),
      time: clock.wall(),
      initial: false,
      ...here,
    };
    say(event);
    hear(event);
  };
  const send = (request: BrokerRequest) => broker.send(request as Permitted<BrokerRequest>);
  const enter = (): void => {
    quote(4_000, 4_002);
    send({
      type: 'submitOrder',
      requestId: 'r-1',
      clientOrderId: clientOrderId('c-1'),
      label: 'pot c-1',
      instrumentId: FCPO_ID,
      side: 'buy',
      volume: tonnes(25),
      stopDistance: ringgit(60),
      targetDistance: ringgit(90),
    });
    clock.advanceBy(1_000);
  };
  const told = () => seen.filter((event): event is ShadowEvent => event.type === 'shadow');
  return { clock, quote, send, enter, sent, seen, told };
}

describe('shadow twin', () => {
  it('the same order on both sides, each under its own ids, ends alike (F119)', () => {
    const run = live();
    run.enter();
    expect(run.told().at(-1)).toMatchObject({
      real: { state: 'open', entry: ringgit(4_002) },
      paper: { state: 'open', entry: ringgit(4_002) },
    });
    run.quote(3_930, 3_932);
    run.clock.advanceBy(1_000);
    const last = run.told().at(-1);
    expect(last?.real).toMatchObject({ state: 'closed' });
    expect(last?.paper).toEqual(last?.real);
  });

  it('a worse fill at the broker is seen beside the one on paper', () => {
    const run = live(3);
    run.enter();
    expect(run.told().at(-1)).toMatchObject({
      real: { entry: ringgit(4_005) },
      paper: { entry: ringgit(4_002) },
    });
  });

  it('a close of the real position closes the twin under its own id', () => {
    const run = live();
    run.enter();
    const deal = run.seen.find((event) => event.type === 'deal');
    if (deal?.type !== 'deal') throw new Error('the real side did not fill');
    const { positionId } = deal.deal;
    run.send({ type: 'closePosition', requestId: 'r-2', positionId, volume: tonnes(25) } as never);
    run.clock.advanceBy(1_000);
    expect(run.told().at(-1)).toMatchObject({
      real: { state: 'closed' },
      paper: { state: 'closed' },
    });
  });

  it('an order the broker refuses is missing beside its fill on paper', () => {
    const run = live(0, true);
    run.enter();
    expect(run.told().at(-1)).toMatchObject({
      real: { state: 'none' },
      paper: { state: 'open' },
    });
  });

  it('the real broker gets each request once, and none of the twin’s events gets out (I19)', () => {
    const run = live();
    run.enter();
    run.quote(3_930, 3_932);
    run.clock.advanceBy(1_000);
    expect(run.sent).toHaveLength(1);
    const deals = run.seen.filter((event) => event.type === 'deal');
    expect(deals).toHaveLength(2);
    for (const { deal } of deals) expect(Number(deal.positionId)).toBeGreaterThanOrEqual(7_000);
  });
});
