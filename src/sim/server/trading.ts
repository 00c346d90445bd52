/**
 * Orders: a desk per account that keeps the exchange's delays, requests in, execution events out.
 * Deliberately no trading rule of its own: the exchange accepts, refuses and executes; here are the
 * refusals that the wire's form alone can cause, and who hears of what.
 */
import {
  ProtoOAChangeBalanceType,
  type ProtoOADepositWithdraw,
  type ProtoOAExecutionEvent,
  ProtoOAExecutionType,
  ProtoOAOrderStatus,
} from '../../ctrader/wire/schema.gen.ts';
import {
  brokerOrderId,
  type Clock,
  PRICE_SCALE,
  type Price,
  positionId,
  volume,
} from '../../engine/index.ts';
import { stepExchange } from '../exchange.ts';
import { optional } from '../exchange-records.ts';
import type {
  ExchangeInput,
  ExchangeOutput,
  ExchangeState,
  ExecutionOutput,
  RefusedOutput,
} from '../exchange-types.ts';
import type { Prng } from '../prng.ts';
import { encodeExecution, encodePosition, termsOf } from './encode.ts';
import {
  invalid,
  type OrderRefusal,
  refOf,
  refuseOrder,
  requesterOf,
  scaledPrice,
  tooManyDigits,
} from './order-refusal.ts';
import { amendsOrder, NO_STOP_TO_TRAIL, placesOrder } from './order-requests.ts';
import type { Delays, SimulatedAccount, Switches } from './parameters.ts';
import { type Asked, outgoing, pushToAccount, type RequestTable, type World } from './world.ts';

/** One account's exchange, with the time its steps take. */
export interface Desk {
  readonly registeredAt: number;
  state(): ExchangeState;
  apply(input: ExchangeInput): void;
  /** Deposits and withdrawals, oldest first. */
  readonly cashFlows: readonly CashOutput[];
}

export type CashOutput = Extract<ExchangeOutput, { type: 'cash' }>;

export interface DeskParams {
  readonly account: SimulatedAccount;
  readonly clock: Clock;
  readonly delays: Delays;
  readonly prng: Prng;
  readonly switches: Pick<Switches, 'protectionEchoesId'>;
  readonly publish: (output: ExchangeOutput) => void;
}

export function createDesk(params: DeskParams): Desk {
  const { clock, delays, prng } = params;
  let state = params.account.exchange;
  const cashFlows: CashOutput[] = [];
  /** `echo` marks what nobody asked for with the request it follows from. */
  const apply = (input: ExchangeInput, echo?: string): void => {
    const [next, outputs] = stepExchange(state, input);
    state = next;
    for (const output of outputs) {
      if (output.type === 'cash') cashFlows.push(output);
      const isBare = output.type === 'execution' && output.ref === undefined;
      params.publish(isBare ? { ...output, ref: echo } : output);
      if (output.type === 'execution') follow(output);
    }
  };
  const follow = ({ due, ref }: ExecutionOutput): void => {
    if (due === undefined) return;
    if (due.type === 'expire') {
      clock.after(Math.max(0, due.at - clock.wall()), () => {
        apply({ type: 'expire', orderId: due.orderId, time: clock.wall() });
      });
      return;
    }
    const [least, most] = due.type === 'fill' ? delays.fill : delays.protect;
    clock.after(prng.integer(least, most), () => {
      const time = clock.wall();
      if (due.type === 'fill') apply({ ...due, ref, time });
      else apply({ ...due, time }, params.switches.protectionEchoesId ? ref : undefined);
    });
  };
  const { registeredAt } = params.account;
  return { registeredAt, state: () => state, apply, cashFlows };
}

/** Events go to every connection that authorised the account, refusals to the one that asked. */
export function publishOutput(world: World, accountId: string, output: ExchangeOutput): void {
  switch (output.type) {
    case 'execution':
      publishExecution(world, accountId, output);
      return;
    case 'refused':
      publishRefusal(world, accountId, output);
      return;
    case 'trailing':
      pushToAccount(world, accountId, 'ProtoOATrailingSLChangedEvent', {
        ctidTraderAccountId: accountId,
        positionId: output.position.id,
        orderId: output.order.id,
        stopPrice: (output.position.stop ?? 0) / PRICE_SCALE,
        utcLastUpdateTimestamp: output.time,
      });
      return;
    case 'swap':
    case 'cash':
      publishBooking(world, accountId, output);
      return;
  }
}

function publishExecution(world: World, accountId: string, output: ExecutionOutput): void {
  const terms = termsFor(world, accountId, output.order.instrumentId);
  if (terms === undefined) return;
  const told = encodeExecution(accountId, output, terms);
  const fields = bare(world, output, missed(world, output, told));
  const asked = output.ref === undefined ? undefined : requesterOf(output.ref);
  for (const session of [...world.sessions]) {
    if (!session.accounts.has(accountId)) continue;
    const own = asked?.connection === session.number || world.switches.foreignIds;
    const id = own ? asked?.clientMsgId : undefined;
    session.send(outgoing('ProtoOAExecutionEvent', fields, id));
  }
}

/** A market-range order that found no price in its range, in the words this server has for it. */
function missed(
  { switches }: World,
  { execution, order }: ExecutionOutput,
  fields: ProtoOAExecutionEvent,
): ProtoOAExecutionEvent {
  const isMissed = execution === 'CANCELLED' && order.type === 'MARKET_RANGE';
  if (!isMissed || switches.rangeMissed === 'ORDER_CANCELLED' || fields.order === undefined) {
    return fields;
  }
  return {
    ...fields,
    executionType: ProtoOAExecutionType.ORDER_REJECTED,
    order: { ...fields.order, orderStatus: ProtoOAOrderStatus.ORDER_STATUS_REJECTED },
  };
}

/** A protective order that lost both levels while its position stays, as this server tells it. */
function bare(
  { switches }: World,
  { execution, order, position }: ExecutionOutput,
  fields: ProtoOAExecutionEvent,
): ProtoOAExecutionEvent {
  const isBare = execution === 'CANCELLED' && order.type === 'PROTECTIVE' && position.volume > 0;
  if (!isBare || switches.levelsRemoved === 'ORDER_CANCELLED' || fields.order === undefined) {
    return fields;
  }
  const { stopPrice: _stop, limitPrice: _limit, ...rest } = fields.order;
  return {
    ...fields,
    executionType: ProtoOAExecutionType.ORDER_REPLACED,
    order: { ...rest, orderStatus: ProtoOAOrderStatus.ORDER_STATUS_ACCEPTED },
  };
}

function termsFor(world: World, accountId: string, symbolId: string) {
  const desk = world.desks.get(accountId);
  const symbol = world.symbols.get(symbolId);
  return desk && symbol && termsOf(desk.state(), symbol);
}

function publishRefusal(world: World, accountId: string, output: RefusedOutput): void {
  const { connection, clientMsgId } = requesterOf(output.ref);
  const session = [...world.sessions].find(({ number }) => number === connection);
  if (session === undefined) return;
  refuseOrder({ world, session, clientMsgId }, accountId, output);
}

/** One deposit or withdrawal, as events and history show it. */
export const encodeCash = (
  output: CashOutput,
  exponent: number | undefined,
): ProtoOADepositWithdraw => ({
  operationType:
    output.amount < 0
      ? ProtoOAChangeBalanceType.BALANCE_WITHDRAW
      : ProtoOAChangeBalanceType.BALANCE_DEPOSIT,
  balanceHistoryId: String(output.balanceVersion),
  balance: output.balance,
  delta: output.amount,
  changeBalanceTimestamp: output.time,
  balanceVersion: output.balanceVersion,
  ...optional('moneyDigits', exponent),
});

type Booking = Extract<ExchangeOutput, { type: 'swap' | 'cash' }>;

/** Bookings carry no order. */
function publishBooking(world: World, accountId: string, output: Booking): void {
  const common = { ctidTraderAccountId: accountId, isServerEvent: true };
  if (output.type === 'swap') {
    const terms = termsFor(world, accountId, output.position.instrumentId);
    if (terms === undefined) return;
    const position = encodePosition(output.position, terms);
    const executionType = ProtoOAExecutionType.SWAP;
    pushToAccount(world, accountId, 'ProtoOAExecutionEvent', {
      ...common,
      executionType,
      position,
    });
    return;
  }
  pushToAccount(world, accountId, 'ProtoOAExecutionEvent', {
    ...common,
    executionType: ProtoOAExecutionType.DEPOSIT_WITHDRAW,
    depositWithdraw: encodeCash(output, world.desks.get(accountId)?.state().account.exponent),
  });
}

function cancelsOrder(asked: Asked<'ProtoOACancelOrderReq'>): void {
  const { fields, world } = asked;
  world.desks.get(fields.ctidTraderAccountId)?.apply({
    type: 'cancel',
    ref: refOf(asked),
    time: world.clock.wall(),
    orderId: brokerOrderId(fields.orderId),
  });
}

/** Both levels are replaced: a level that is not sent is removed (F39). */
function amendsPosition(asked: Asked<'ProtoOAAmendPositionSLTPReq'>): void {
  const { fields, world } = asked;
  const accountId = fields.ctidTraderAccountId;
  const desk = world.desks.get(accountId);
  const position = desk?.state().positions.find(({ id }) => id === fields.positionId);
  const digits = world.symbols.get(position?.instrumentId ?? '')?.digits;
  const refused = (refusal: OrderRefusal): void =>
    refuseOrder(asked, accountId, { ...refusal, positionId: fields.positionId });
  if (fields.trailingStopLoss !== undefined && fields.stopLoss === undefined) {
    refused(invalid(NO_STOP_TO_TRAIL));
    return;
  }
  const levels: { stop?: Price; target?: Price } = {};
  for (const [name, decimal] of [
    ['stop', fields.stopLoss],
    ['target', fields.takeProfit],
  ] as const) {
    if (decimal === undefined || digits === undefined) continue;
    const scaled = scaledPrice(decimal, digits);
    if (scaled === undefined) {
      refused(tooManyDigits('protection', decimal, digits));
      return;
    }
    levels[name] = scaled;
  }
  const time = world.clock.wall();
  const id = positionId(fields.positionId);
  const trailing = optional('trailing', fields.trailingStopLoss);
  desk?.apply({ type: 'amend', ref: refOf(asked), time, positionId: id, ...levels, ...trailing });
}

function closesPosition(asked: Asked<'ProtoOAClosePositionReq'>): void {
  const { fields, world } = asked;
  world.desks.get(fields.ctidTraderAccountId)?.apply({
    type: 'close',
    ref: refOf(asked),
    time: world.clock.wall(),
    positionId: positionId(fields.positionId),
    volume: volume(fields.volume),
  });
}

const TRADE = { needs: 'account', bucket: 'other', trades: true } as const;

export const TRADING: RequestTable = {
  ProtoOANewOrderReq: { ...TRADE, answer: placesOrder },
  ProtoOACancelOrderReq: { ...TRADE, answer: cancelsOrder },
  ProtoOAAmendOrderReq: { ...TRADE, answer: amendsOrder },
  ProtoOAAmendPositionSLTPReq: { ...TRADE, answer: amendsPosition },
  ProtoOAClosePositionReq: { ...TRADE, answer: closesPosition },
};
