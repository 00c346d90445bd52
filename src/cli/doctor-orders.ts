/**
 * `doctor --orders`: the whole order path with one smallest position: opened with a stop, its fill
 * and stop confirmed, the stop moved, closed, and the money of the deals compared with the balance.
 * Deliberately without the engine and its gate: a person asked for exactly this. Never live.
 */
import { type Connection, createConnection } from '../ctrader/connection.ts';
import { TRADING_ENCODERS } from '../ctrader/trading.ts';
import {
  type Account,
  type BrokerEvent,
  type BrokerSnapshot,
  clientOrderId,
  type Deal,
  type Instrument,
  moneyText,
  type PositionId,
  PRICE_SCALE,
  type Price,
  wall,
} from '../engine/index.ts';
import type { Config } from './config.ts';
import { type Finding, fail, ok, skip } from './finding.ts';
import type { Io } from './io.ts';
import { type OrderDesk, orderDesk } from './order-desk.ts';
import { LoginUnusable } from './stored-tokens.ts';

/** Each step, and coming in; milliseconds of the broker's time. */
const STEP_MS = 15_000;
const LOGIN_MS = 30_000;
/** The stop is far enough not to be hit in a minute, the moved one as well. */
const STOP_PART = 0.02;
const MOVED_PART = 0.015;
/** The history is read from a little before the order: clocks differ. */
const BEFORE_MS = 120_000;
const LOOK_NOW = 'look at the account in another cTrader application now';
const LABEL = 'palm:doctor';

export async function checkOrders(config: Config, io: Io): Promise<readonly Finding[]> {
  if (config.environment !== 'sim' && config.account === undefined) {
    return [fail('orders', 'no account is chosen', 'palm-oil-tui accounts --use ID')];
  }
  let desk: OrderDesk | undefined;
  try {
    desk = await orderDesk(config, io);
    return await new Path(desk, config).walk();
  } catch (error) {
    if (!(error instanceof LoginUnusable)) throw error;
    return [fail('orders', error.message, 'palm-oil-tui login')];
  } finally {
    desk?.close();
  }
}

/** A step did not happen; the message names it. */
class Missing extends Error {}

class Path {
  readonly #desk: OrderDesk;
  readonly #connection: Connection;
  readonly #events: BrokerEvent[] = [];
  #positionId: PositionId | undefined;
  /** Refusals among the events before this one are known. */
  #known = 0;

  constructor(desk: OrderDesk, config: Config) {
    this.#desk = desk;
    this.#connection = createConnection({
      dial: desk.dial,
      clock: desk.clock,
      credentials: desk.credentials,
      random: () => 0.5,
      environment: 'demo',
      accountId: desk.accountId,
      instrumentName: config.symbol,
      instrumentAliases: config.symbolAliases,
      encoders: TRADING_ENCODERS,
    });
  }

  async walk(): Promise<readonly Finding[]> {
    this.#connection.start((event) => {
      this.#events.push(event);
      if (event.type === 'instrument') this.#connection.subscribe(event.instrument.id);
    });
    try {
      await this.#until('the login', LOGIN_MS, () => this.#link() === 'READY' || undefined);
      return await this.#trade();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      return await this.#broken(error.message);
    } finally {
      this.#connection.stop();
    }
  }

  async #trade(): Promise<readonly Finding[]> {
    const account = this.#last('account')?.account;
    const instrument = this.#last('instrument')?.instrument;
    if (account === undefined || instrument === undefined) throw new Missing('the account');
    const why = this.#unsuited(account, instrument);
    if (why !== undefined) return [why];
    const opened = await this.#open(instrument);
    const started = this.#desk.clock.wall();
    const held = await this.#protected('the stop at the broker', () => true);
    const moved = levels(instrument, opened.price, MOVED_PART).stop;
    const target = held.target;
    this.#send({ type: 'amendProtection', positionId: opened.positionId, stop: moved, target });
    await this.#protected('the moved stop', ({ stop }) => stop === moved);
    const { positionId } = opened;
    this.#send({ type: 'closePosition', positionId, volume: opened.filled });
    const closed = await this.#deal('the closing deal', ({ close }) => close !== undefined);
    const look = await this.#look(wall(started - BEFORE_MS));
    return this.#judge(look, { opened, closed, account });
  }

  /** Where a position must not be opened, or cannot. */
  #unsuited(account: Account, { status, sessions }: Instrument): Finding | undefined {
    if (account.isLive) return fail('orders', 'the account is live', 'choose a demo account');
    if (account.access !== 'full') {
      return fail('orders', `the account allows ${account.access}`, 'log in with --scope trading');
    }
    const now = this.#desk.clock.wall();
    const isOpen = sessions.some(({ open, close }) => open <= now && now < close);
    return status === 'open' && isOpen
      ? undefined
      : skip('orders', 'the market is closed: try again while it trades');
  }

  #open(instrument: Instrument): Promise<Deal> {
    const quote = this.#last('quote');
    const price = quote?.ask ?? quote?.bid;
    if (price === undefined) throw new Missing('a price');
    const distance = levels(instrument, price, STOP_PART).distance;
    const id = `doctor-${this.#desk.clock.wall()}`;
    this.#send({
      type: 'submitOrder',
      clientOrderId: clientOrderId(id),
      label: LABEL,
      instrumentId: instrument.id,
      side: 'buy',
      volume: instrument.minVolume,
      stopDistance: distance,
      targetDistance: distance,
    });
    return this.#deal('the fill', (deal) => {
      this.#positionId = deal.positionId;
      return true;
    });
  }

  #judge(
    look: BrokerSnapshot,
    facts: { readonly opened: Deal; readonly closed: Deal; readonly account: Account },
  ): readonly Finding[] {
    const { opened, closed, account } = facts;
    const { close } = closed;
    if (look.positions.some(({ id }) => id === opened.positionId)) {
      return [fail('orders', `position ${opened.positionId} is still open`, LOOK_NOW)];
    }
    const listed = [opened, closed].every(({ id }) => look.deals.some((deal) => deal.id === id));
    if (!listed || close === undefined) {
      return [
        fail('orders', 'the history of the broker lacks a deal', 'try again; then report it'),
      ];
    }
    const { grossProfit, swap, commission, conversionFee } = close;
    const net = grossProfit + swap + commission + conversionFee;
    const change = look.account.balance - account.balance;
    const text = moneyText(close.balance, account.exponent);
    const path = 'opened, stop confirmed, stop moved, closed, deals and balance agree';
    if (look.account.balance !== close.balance || change !== net) {
      const what = `the balance moved by ${change} and the deals say ${net} (smallest units)`;
      return [fail('orders', what, 'another program may trade there; try again without it')];
    }
    return [
      ok(
        'orders',
        `${path}: net ${moneyText(net as typeof grossProfit, account.exponent)}, \
balance ${text} ${account.currency}`,
      ),
    ];
  }

  /** What is missing; a position that may be open is closed, and said. */
  async #broken(step: string): Promise<readonly Finding[]> {
    const refused = this.#last('requestFailed');
    const link = this.#last('link');
    const code = refused === undefined ? link?.reason : `${refused.code}: ${refused.description}`;
    const what = `${step} did not come${code === undefined ? '' : ` (${code})`}`;
    const positionId = this.#positionId;
    if (positionId === undefined) {
      const isSent = this.#last('sent') !== undefined && refused?.definitive !== true;
      return [fail('orders', what, isSent ? LOOK_NOW : 'nothing was opened; see the lines above')];
    }
    this.#known = this.#events.length;
    const volume = this.#last('deal')?.deal.filled;
    const isClosed = (): true | undefined =>
      this.#events.some((e) => e.type === 'deal' && e.deal.close !== undefined) || undefined;
    if (isClosed() === undefined && volume !== undefined) {
      this.#send({ type: 'closePosition', positionId, volume });
      await this.#until('the close', STEP_MS, isClosed).catch(() => undefined);
    }
    const end = isClosed() ? 'it was closed again' : `position ${positionId} may be open`;
    return [fail('orders', `${what}; ${end}`, LOOK_NOW)];
  }

  #send(body: Body): void {
    const requestId = `doctor-${this.#events.length}-${body.type}`;
    this.#connection.send({ ...body, requestId });
  }

  #deal(what: string, fits: (deal: Deal) => boolean): Promise<Deal> {
    return this.#until(what, STEP_MS, () =>
      this.#events
        .flatMap((event) => (event.type === 'deal' ? [event.deal] : []))
        .filter(({ positionId }) => (this.#positionId ?? positionId) === positionId)
        .find(fits),
    );
  }

  #protected(what: string, fits: (levels: { stop: Price }) => boolean) {
    return this.#until(what, STEP_MS, () => {
      const event = this.#last('protection');
      if (event?.stop === undefined || event.positionId !== this.#positionId) return undefined;
      return fits({ stop: event.stop }) ? event : undefined;
    });
  }

  #look(historyFrom: BrokerSnapshotFrom): Promise<BrokerSnapshot> {
    const before = this.#events.length;
    this.#connection.query({ type: 'reconcile', historyFrom });
    return this.#until('the history', STEP_MS, () =>
      this.#events
        .slice(before)
        .flatMap((e) => (e.type === 'brokerSnapshot' && e.pass.complete ? [e.pass.snapshot] : []))
        .at(0),
    );
  }

  #last<T extends BrokerEvent['type']>(type: T): Extract<BrokerEvent, { type: T }> | undefined {
    const found = this.#events.findLast((event) => event.type === type);
    return found as Extract<BrokerEvent, { type: T }> | undefined;
  }

  #link = (): string | undefined => this.#last('link')?.state;

  async #until<T>(what: string, limitMs: number, probe: () => T | undefined): Promise<T> {
    const { clock, pass } = this.#desk;
    const end = clock.mono() + limitMs;
    for (;;) {
      const found = probe();
      if (found !== undefined) return found;
      const isHalted = ['AUTH_HALT', 'HALTED'].includes(this.#link() ?? '');
      const isRefused = this.#events
        .slice(this.#known)
        .some(({ type }) => type === 'requestFailed');
      if (clock.mono() > end || isHalted || isRefused) throw new Missing(what);
      await pass();
    }
  }
}

type Request = Parameters<Connection['send']>[0];
type Body = Request extends infer R ? (R extends unknown ? Omit<R, 'requestId'> : never) : never;
type BrokerSnapshotFrom = ReturnType<typeof wall>;

/** A part of the price as a distance on the grid, and the stop of a buyer that far away. */
function levels({ digits }: Instrument, price: Price, part: number) {
  const tickSize = PRICE_SCALE / 10 ** digits;
  const distance = (Math.ceil((price * part) / tickSize) * tickSize) as Price;
  const grid = Math.floor(price / tickSize) * tickSize;
  return { distance, stop: (grid - distance) as Price };
}
