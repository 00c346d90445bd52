/**
 * The exchange of a world with its faults: what it does with a request, when, and what it tells.
 * Deliberately knows no link: events go to `tell`, which may lose them on the way.
 */
import {
  type BrokerEvent,
  type BrokerRequest,
  type Generation,
  type PositionId,
  price,
  untrusted,
  volume,
  type Wall,
} from '../engine/index.ts';
import { FIRST_IDS, seedExchange, stepExchange } from './exchange.ts';
import { inputOf } from './exchange-input.ts';
import type { Due, ExchangeInput, ExchangeOutput, ExchangeState } from './exchange-types.ts';
import type { Dice } from './faults.ts';
import { FCPO_COSTS, fcpoInstrument, SIMULATED_ACCOUNT } from './fcpo.ts';
import { tellOutput } from './paper-events.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { WorldOptions } from './world-options.ts';

/** Codes that prove that nothing was executed, in the broker's words. */
const REFUSALS = [
  'TRADING_BAD_VOLUME',
  'TRADING_BAD_STOPS',
  'TRADING_BAD_PRICES',
  'TRADING_BAD_STAKE',
  'TRADING_BAD_EXPIRATION_DATE',
  'PROTECTION_IS_TOO_CLOSE_TO_MARKET',
  'NOT_ENOUGH_MONEY',
  'MAX_EXPOSURE_REACHED',
  'TOO_MANY_POSITIONS',
  'SHORT_SELLING_NOT_ALLOWED',
  'TRADING_DISABLED',
  'TRADING_NOT_ALLOWED',
  'MARKET_CLOSED',
  'NO_QUOTES',
  'SYMBOL_HAS_HOLIDAY',
  'SYMBOL_NOT_FOUND',
  'INVALID_REQUEST',
  'UNSUPPORTED_MESSAGE',
  'FRAME_TOO_LONG',
  'CLIENT_NOT_AUTHENTICATED',
  'ACCOUNT_NOT_AUTHORIZED',
  'REQUEST_FREQUENCY_EXCEEDED',
  'BLOCKED_PAYLOAD_TYPE',
  'CHANNEL_IS_BLOCKED',
] as const;

/** Codes that prove nothing. */
const AMBIGUOUS = [
  'TIMEOUT_ERROR',
  'CANT_ROUTE_REQUEST',
  'UNKNOWN_ERROR',
  'CONCURRENT_MODIFICATION',
  'SERVER_IS_UNDER_MAINTENANCE',
  'SERVER_NOT_REACHABLE',
  'SOMETHING_NOBODY_HAS_SEEN_YET',
] as const;

/** How the mark of a request begins that somebody else made. */
export const OUTSIDE = 'outside-';

export interface DeskParts {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly generation: () => Generation;
  readonly tell: (event: BrokerEvent) => void;
}

export interface WorldDesk {
  state(): ExchangeState;
  /** Something that happens at the exchange without us. */
  apply(input: ExchangeInput): void;
  /** The exchange closes on its own, at once or with the delay of any close. */
  serverCloses(positionId: PositionId, isInstant: boolean): void;
  /** Nobody is told of what comes of that request. */
  mute(ref: string): void;
  /** The next close of ours is lost, and that happens instead. */
  nextClose(instead: () => void): void;
  /** Requests, fills and levels that are still to happen. */
  pending(): number;
  /** Client order ids whose fill came after every proof of absence (F34). */
  late(): ReadonlySet<string>;
  /** True when balance and version belong together at the exchange. */
  balanceAt(version: number): number | undefined;
}

/** A desk that takes requests itself. */
export interface RequestDesk extends WorldDesk {
  /** A request that has arrived, after whatever delayed it. */
  receive(request: BrokerRequest): void;
}

/** The exchange closes on its own, at once or with the delay of any close. */
export function closeByServer(
  desk: Pick<WorldDesk, 'state' | 'apply'>,
  positionId: PositionId,
  { time, isInstant }: { readonly time: Wall; readonly isInstant: boolean },
): void {
  const position = desk.state().positions.find((one) => one.id === positionId);
  if (position === undefined || position.status !== 'OPEN') return;
  const ref = `${OUTSIDE}close-${positionId}`;
  desk.apply({ type: 'close', ref, time, positionId, volume: position.volume });
  const order = desk.state().orders.findLast((one) => one.positionId === positionId);
  if (isInstant && order?.type === 'MARKET')
    desk.apply({ type: 'fill', ref, time, orderId: order.id });
}

export function createWorldDesk(parts: DeskParts): RequestDesk {
  return new FaultyDesk(parts);
}

class FaultyDesk implements RequestDesk {
  readonly #parts: DeskParts;
  readonly #late = new Set<string>();
  readonly #balances = new Map<number, number>();
  /** Orders and positions nobody is told about (F11, F28). */
  readonly #muted = new Set<string>();
  #state: ExchangeState;
  #pending = 0;
  #codes = 0;
  #insteadOfClose: (() => void) | undefined;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    const { start, sessions } = parts.options;
    const account = SIMULATED_ACCOUNT;
    this.#state = seedExchange({ account, ids: FIRST_IDS, positions: [], time: start });
    this.#balances.set(account.balanceVersion, account.balance);
    const listing = {
      instrument: fcpoInstrument(sessions),
      costs: FCPO_COSTS,
      quoteToDeposit: { numerator: 1, denominator: 1 },
    };
    this.apply({ type: 'list', listing, time: start });
  }

  state(): ExchangeState {
    return this.#state;
  }

  pending(): number {
    return this.#pending;
  }

  late(): ReadonlySet<string> {
    return this.#late;
  }

  balanceAt(version: number): number | undefined {
    return this.#balances.get(version);
  }

  mute(ref: string): void {
    this.#muted.add(ref);
  }

  nextClose(instead: () => void): void {
    this.#insteadOfClose = instead;
  }

  receive(request: BrokerRequest): void {
    const { dice } = this.#parts;
    const instead = this.#insteadOfClose;
    if (request.type === 'closePosition' && instead !== undefined && dice.armed()) {
      this.#insteadOfClose = undefined;
      instead();
      return;
    }
    if (dice.fires('refusal')) {
      const codes = REFUSALS;
      this.#codes += 1;
      this.#refuse(request, codes[this.#codes % codes.length] ?? codes[0], true);
      return;
    }
    if (dice.fires('ambiguousRefusal')) {
      const chance = dice.of('ambiguousRefusal');
      const code = AMBIGUOUS[chance.integer(0, AMBIGUOUS.length - 1)] ?? AMBIGUOUS[0];
      this.#refuse(request, code, false);
      if (chance.chance(500)) return;
    } else if (dice.fires('lostReply')) {
      this.#muted.add(request.requestId);
    }
    let delay = 0;
    if (dice.fires('lateRequest')) delay = dice.of('lateRequest').integer(500, 30_000);
    if (request.type === 'submitOrder' && dice.fires('lateExecution')) {
      delay = dice.of('lateExecution').integer(70_000, 300_000);
      this.#late.add(request.clientOrderId);
    }
    this.#later(delay, () => this.#arrive(request));
  }

  apply(input: ExchangeInput): void {
    const [next, outputs] = stepExchange(this.#state, input);
    this.#state = next;
    for (const output of outputs) this.#report(output);
  }

  #arrive(request: BrokerRequest): void {
    const { dice } = this.#parts;
    const time = this.#now();
    if (request.type === 'closePosition') {
      const { positionId } = request;
      if (dice.fires('closeRace')) this.serverCloses(positionId, dice.of('closeRace').chance(500));
    }
    this.apply(inputOf(request, time));
  }

  serverCloses(positionId: PositionId, isInstant: boolean): void {
    closeByServer(this, positionId, { time: this.#now(), isInstant });
  }

  #refuse(request: BrokerRequest, code: string, definitive: boolean): void {
    const { generation, tell } = this.#parts;
    tell({
      type: 'requestFailed',
      generation: generation(),
      requestId: request.requestId,
      definitive,
      code,
      description: untrusted(`simulated ${code}`),
    });
  }

  #report(output: ExchangeOutput): void {
    const { generation, tell } = this.#parts;
    const { account } = this.#state;
    this.#balances.set(account.balanceVersion, account.balance);
    if (output.type === 'execution') {
      const { ref, order, deal } = output;
      // One price can end several positions: each has its own version of the balance.
      const { balance, balanceVersion } = deal?.close ?? account;
      this.#balances.set(balanceVersion, balance);
      if (ref !== undefined && this.#muted.has(ref)) this.#muted.add(order.id);
      this.#follow(output.due, ref);
      if (this.#muted.has(order.id)) return;
    }
    if (output.type === 'refused' && this.#muted.has(output.ref)) return;
    // A request of somebody else is refused to somebody else.
    if (output.type === 'refused' && output.ref.startsWith(OUTSIDE)) return;
    tellOutput(output, account, generation(), tell);
  }

  /** Fills and levels follow after their delay, in parts, or never. */
  #follow(due: Due | undefined, ref: string | undefined): void {
    if (due === undefined) return;
    const { dice } = this.#parts;
    if (due.type === 'protect') {
      if (dice.fires('missingStop')) return;
      this.#later(15, () => this.apply({ ...due, time: this.#now() }));
      return;
    }
    // Nobody here leaves orders that wait.
    if (due.type === 'expire') return;
    const slow = dice.fires('slowFill') ? dice.of('slowFill').integer(1_000, 600_000) : 60;
    const slippage = dice.fires('slippage')
      ? { slippage: price(dice.of('slippage').integer(1, 12) * 100_000) }
      : {};
    const order = this.#state.orders.find((one) => one.id === due.orderId);
    const rest = order === undefined ? 0 : order.volume - order.executed;
    const isPart = rest > 100 && dice.fires('partialFill');
    const isCut = rest > 100 && !isPart && dice.fires('partialCancel');
    const most = rest / 100 - 1;
    const part = dice.of('partialFill').integer(1, Math.max(1, most)) * 100;
    const size = isPart || isCut ? { volume: volume(part) } : {};
    this.#later(slow, () => {
      this.apply({ ...due, ref, time: this.#now(), ...size, ...slippage });
      if (!isCut) return;
      const { orderId } = due;
      this.apply({ type: 'cancelRest', ref, time: this.#now(), orderId });
    });
  }

  #later(delayMs: number, act: () => void): void {
    this.#pending += 1;
    this.#parts.clock.after(delayMs, () => {
      this.#pending -= 1;
      act();
    });
  }

  #now(): Wall {
    return this.#parts.clock.wall();
  }
}
