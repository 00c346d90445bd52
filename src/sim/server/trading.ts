/**
 * Orders: a desk per account that keeps the exchange's delays, requests in, execution events out.
 * Deliberately no trading rule of its own: the exchange accepts, refuses and executes; here are the
 * refusals that the wire's form alone can cause, and who hears of what.
 */
import {
  ProtoOAChangeBalanceType,
  ProtoOAExecutionType,
  ProtoOAOrderType,
  ProtoOATradeSide,
} from '../../ctrader/wire/schema.gen.ts';
import {
  brokerOrderId,
  type Clock,
  instrumentId,
  PRICE_SCALE,
  type Price,
  positionId,
  price,
  tickSize,
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
import type { Delays, SimulatedAccount } from './parameters.ts';
import type { Session } from './session.ts';
import {
  type Asked,
  errorName,
  outgoing,
  pushToAccount,
  type RequestTable,
  refuse,
  type World,
} from './world.ts';

/** One account's exchange, with the time its steps take. */
export interface Desk {
  readonly registeredAt: number;
  state(): ExchangeState;
  apply(input: ExchangeInput): void;
}

export interface DeskParams {
  readonly account: SimulatedAccount;
  readonly clock: Clock;
  readonly delays: Delays;
  readonly prng: Prng;
  readonly publish: (output: ExchangeOutput) => void;
}

export function createDesk(params: DeskParams): Desk {
  const { clock, delays, prng } = params;
  let state = params.account.exchange;
  const apply = (input: ExchangeInput): void => {
    const [next, outputs] = stepExchange(state, input);
    state = next;
    for (const output of outputs) {
      params.publish(output);
      if (output.type === 'execution') follow(output);
    }
  };
  const follow = ({ due, ref }: ExecutionOutput): void => {
    if (due === undefined) return;
    const [least, most] = due.type === 'fill' ? delays.fill : delays.protect;
    clock.after(prng.integer(least, most), () => {
      const time = clock.wall();
      apply(due.type === 'fill' ? { ...due, ref, time } : { ...due, time });
    });
  };
  return { registeredAt: params.account.registeredAt, state: () => state, apply };
}

/** Who asked, through the exchange and back: the connection's number and the message id. */
const refOf = (asked: Pick<Asked<'ProtoOANewOrderReq'>, 'session' | 'clientMsgId'>): string =>
  asked.clientMsgId === undefined
    ? String(asked.session.number)
    : `${asked.session.number}:${asked.clientMsgId}`;

interface Requester {
  readonly connection: number;
  readonly clientMsgId: string | undefined;
}

function requesterOf(ref: string): Requester {
  const colon = ref.indexOf(':');
  return colon === -1
    ? { connection: Number(ref), clientMsgId: undefined }
    : { connection: Number(ref.slice(0, colon)), clientMsgId: ref.slice(colon + 1) };
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
    case 'swap':
    case 'cash':
      publishBooking(world, accountId, output);
      return;
  }
}

function publishExecution(world: World, accountId: string, output: ExecutionOutput): void {
  const terms = termsFor(world, accountId, output.order.instrumentId);
  if (terms === undefined) return;
  const fields = encodeExecution(accountId, output, terms);
  const asked = output.ref === undefined ? undefined : requesterOf(output.ref);
  for (const session of [...world.sessions]) {
    if (!session.accounts.has(accountId)) continue;
    const own = asked?.connection === session.number || world.switches.foreignIds;
    const id = own ? asked?.clientMsgId : undefined;
    session.send(outgoing('ProtoOAExecutionEvent', fields, id));
  }
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

interface OrderRefusal {
  readonly code: string;
  readonly description: string;
  readonly orderId?: string | undefined;
  readonly positionId?: string | undefined;
}

/** A 2132; its ids only when the request named them. */
function refuseOrder(
  asked: { world: World; session: Session; clientMsgId: string | undefined },
  accountId: string,
  refusal: OrderRefusal,
): void {
  const { world, session, clientMsgId } = asked;
  const { code, description } = refusal;
  if (code === 'INVALID_REQUEST' && world.switches.invalidOrder === 'errorRes') {
    refuse(asked, { code, description, accountId });
    return;
  }
  const fields = {
    ctidTraderAccountId: accountId,
    errorCode: errorName(world, code),
    ...optional('orderId', refusal.orderId),
    ...optional('positionId', refusal.positionId),
    description,
  };
  session.send(outgoing('ProtoOAOrderErrorEvent', fields, clientMsgId));
}

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
  const kinds = ProtoOAChangeBalanceType;
  pushToAccount(world, accountId, 'ProtoOAExecutionEvent', {
    ...common,
    executionType: ProtoOAExecutionType.DEPOSIT_WITHDRAW,
    depositWithdraw: {
      operationType: output.amount < 0 ? kinds.BALANCE_WITHDRAW : kinds.BALANCE_DEPOSIT,
      balanceHistoryId: String(output.balanceVersion),
      balance: output.balance,
      delta: output.amount,
      changeBalanceTimestamp: output.time,
      balanceVersion: output.balanceVersion,
      ...optional('moneyDigits', world.desks.get(accountId)?.state().account.exponent),
    },
  });
}

/** A decimal on the instrument's grid as our integer; undefined when it has more digits. */
function scaledPrice(decimal: number, digits: number): Price | undefined {
  const scaled = Math.round(decimal * PRICE_SCALE);
  const fits = Number.isSafeInteger(scaled) && scaled / PRICE_SCALE === decimal;
  return fits && scaled % tickSize(digits) === 0 ? price(scaled) : undefined;
}

const tooManyDigits = (what: string, decimal: number, digits: number): OrderRefusal => ({
  code: 'INVALID_REQUEST',
  description:
    `Order ${what} = ${decimal} has more digits than symbol allows. ` + `Allowed ${digits} digits`,
});

const invalid = (description: string): OrderRefusal => ({ code: 'INVALID_REQUEST', description });

/** Beyond any price, and small enough to be added to one. */
const DISTANCE_MAX = 10 ** 13;

/** What the form of a new order alone forbids. */
function refusedForm(asked: Asked<'ProtoOANewOrderReq'>): OrderRefusal | undefined {
  const { fields, world } = asked;
  const symbol = world.symbols.get(fields.symbolId);
  if (symbol === undefined) {
    return { code: 'SYMBOL_NOT_FOUND', description: `Symbol not found: ${fields.symbolId}` };
  }
  for (const decimal of [fields.limitPrice, fields.stopPrice]) {
    if (decimal === undefined || scaledPrice(decimal, symbol.digits) !== undefined) continue;
    return tooManyDigits('price', decimal, symbol.digits);
  }
  const market = fields.orderType === ProtoOAOrderType.MARKET;
  if (market && (fields.stopLoss !== undefined || fields.takeProfit !== undefined)) {
    return invalid(
      'SL/TP in absolute values are allowed only for order types: [LIMIT, STOP, STOP_LIMIT]',
    );
  }
  if (!market) return invalid(`Order type ${fields.orderType} is not offered`);
  if (SIDE_OF[fields.tradeSide] === undefined) return invalid('Unknown trade side');
  for (const distance of [fields.relativeStopLoss, fields.relativeTakeProfit]) {
    if (distance === undefined || distance <= DISTANCE_MAX) continue;
    return { code: 'TRADING_BAD_STOPS', description: 'Protection is out of range' };
  }
  if (fields.positionId !== undefined) return invalid('Positions cannot be increased');
  if (fields.trailingStopLoss === true) return invalid('Trailing stops are not offered');
  if (fields.guaranteedStopLoss === true) return invalid('Guaranteed stops are not offered');
  return undefined;
}

const SIDE_OF: { readonly [side: number]: 'buy' | 'sell' } = {
  [ProtoOATradeSide.BUY]: 'buy',
  [ProtoOATradeSide.SELL]: 'sell',
};

function placesOrder(asked: Asked<'ProtoOANewOrderReq'>): void {
  const { fields, world } = asked;
  const accountId = fields.ctidTraderAccountId;
  const refusal = refusedForm(asked);
  const side = SIDE_OF[fields.tradeSide];
  if (refusal !== undefined || side === undefined) {
    refuseOrder(asked, accountId, refusal ?? invalid('Unknown trade side'));
    return;
  }
  const distance = (sent: number | undefined): Price | undefined =>
    sent === undefined ? undefined : price(sent);
  world.desks.get(accountId)?.apply({
    type: 'submit',
    ref: refOf(asked),
    time: world.clock.wall(),
    instrumentId: instrumentId(fields.symbolId),
    side,
    volume: volume(fields.volume),
    ...optional('stopDistance', distance(fields.relativeStopLoss)),
    ...optional('targetDistance', distance(fields.relativeTakeProfit)),
    ...optional('clientOrderId', fields.clientOrderId),
    ...optional('label', fields.label),
    ...optional('comment', fields.comment),
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

/** There are no pending orders to amend. */
function amendsOrder(asked: Asked<'ProtoOAAmendOrderReq'>): void {
  const { ctidTraderAccountId, orderId } = asked.fields;
  const description = `Order not found with id ${orderId}`;
  refuseOrder(asked, ctidTraderAccountId, { code: 'ORDER_NOT_FOUND', description, orderId });
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
    const sentence = "Can't set Trailing Stop Loss parameter without specified Stop Loss";
    refused(invalid(sentence));
    return;
  }
  if (fields.trailingStopLoss === true) {
    refused(invalid('Trailing stops are not offered'));
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
  desk?.apply({ type: 'amend', ref: refOf(asked), time, positionId: id, ...levels });
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
