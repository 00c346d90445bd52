/**
 * The shadow twin of a live run: a paper exchange that hears the same quotes and the same requests
 * beside the real broker, and the differences between both as events.
 * Deliberately unable to send: the twin is made on a feed without `send`, and its own events end
 * here (F119).
 */
import type {
  Account,
  BrokerEvent,
  BrokerRequest,
  ClientOrderId,
  Permitted,
  Side,
} from '../engine/index.ts';
import type { Broker, Clock } from '../engine/ports.ts';
import { FIRST_IDS } from './exchange.ts';
import { fcpoListing } from './fcpo.ts';
import { createPaperBroker, type Feed } from './paper-broker.ts';
import { createLegs } from './shadow-legs.ts';

type Emit = (event: BrokerEvent) => void;

/** What the twin may know of the real side: prices, the link, the account to begin with. */
const SHARED: ReadonlySet<BrokerEvent['type']> = new Set([
  'link',
  'quote',
  'instrument',
  'account',
]);

/** The real broker with its twin beside it; requests reach the real one first, unchanged. */
export function withShadow(real: Broker, clock: Clock, account: Account): Broker {
  const twin = createTwin(clock, account);
  return {
    start: (emit) =>
      real.start((event) => {
        emit(event);
        twin.hear(event, emit);
      }),
    send: (request) => {
      // Before: the real side may answer inside the call.
      twin.expect(request);
      real.send(request);
      twin.take(request);
    },
    query: (query) => real.query(query),
    subscribe: (id) => real.subscribe(id),
    stop: async () => {
      await twin.stop();
      await real.stop();
    },
  };
}

/** The paper side and the comparison; it is handed no broker. */
function createTwin(clock: Clock, account: Account) {
  const sides = new Map<ClientOrderId, Side>();
  const legs = {
    real: createLegs((id) => sides.get(id)),
    paper: createLegs((id) => sides.get(id)),
  };
  let hasTraded = false;
  let feed: Emit = () => undefined;
  let tell: Emit = () => undefined;
  const paper = paperOn(clock, account, (emit) => {
    feed = emit;
  });
  const report = (id: ClientOrderId): void => {
    const side = sides.get(id);
    if (side === undefined) return;
    const [real, own] = [legs.real.leg(id), legs.paper.leg(id)];
    tell({ type: 'shadow', id, side, real, paper: own });
    if (!ENDED.has(real.state) || !ENDED.has(own.state)) return;
    sides.delete(id);
    legs.real.forget(id);
    legs.paper.forget(id);
  };
  paper.start((event) => legs.paper.hear(event).forEach(report));
  return {
    hear: (event: BrokerEvent, emit: Emit): void => {
      tell = emit;
      // A balance adopted later would take the open positions of paper away.
      const isLate = event.type === 'account' && hasTraded;
      if (SHARED.has(event.type) && !isLate) feed(event);
      legs.real.hear(event).forEach(report);
    },
    expect: (request: BrokerRequest): void => {
      if (request.type !== 'submitOrder') return;
      const { clientOrderId, requestId, side } = request;
      hasTraded = true;
      sides.set(clientOrderId, side);
      legs.real.expect(clientOrderId, requestId);
      legs.paper.expect(clientOrderId, requestId);
    },
    take: (request: Permitted<BrokerRequest>): void => {
      if (request.type === 'submitOrder') {
        paper.send(request);
        return;
      }
      if (request.type !== 'amendProtection' && request.type !== 'closePosition') return;
      const id = legs.real.ownerOf(request.positionId);
      const positionId = id === undefined ? undefined : legs.paper.positionOf(id);
      // A position of before this run, or one that paper never had: there is nothing to move.
      if (positionId !== undefined) paper.send({ ...request, positionId });
    },
    stop: (): Promise<void> => paper.stop(),
  };
}

const ENDED: ReadonlySet<string> = new Set(['closed', 'none']);

function paperOn(clock: Clock, account: Account, onFeed: (emit: Emit) => void): Broker {
  const feed: Feed = {
    start: onFeed,
    query: () => undefined,
    subscribe: () => undefined,
    stop: () => Promise.resolve(),
  };
  return createPaperBroker({
    feed,
    clock,
    account,
    adoptFeedAccount: true,
    ids: FIRST_IDS,
    positions: [],
    list: (instrument) => ({ ...fcpoListing(instrument.sessions), instrument }),
  });
}
