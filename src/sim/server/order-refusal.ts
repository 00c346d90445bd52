/**
 * Refusals of orders on the wire, prices on the grid, and who asked for what.
 * Deliberately without trading rules: those are the exchange's.
 */
import { PRICE_SCALE, type Price, price, tickSize } from '../../engine/index.ts';
import { optional } from '../exchange-records.ts';
import type { Session } from './session.ts';
import { type Asked, errorName, outgoing, refuse, type World } from './world.ts';

/** Who asked, through the exchange and back: the connection's number and the message id. */
export const refOf = (
  asked: Pick<Asked<'ProtoOANewOrderReq'>, 'session' | 'clientMsgId'>,
): string =>
  asked.clientMsgId === undefined
    ? String(asked.session.number)
    : `${asked.session.number}:${asked.clientMsgId}`;

export interface Requester {
  readonly connection: number;
  readonly clientMsgId: string | undefined;
}

export function requesterOf(ref: string): Requester {
  const colon = ref.indexOf(':');
  return colon === -1
    ? { connection: Number(ref), clientMsgId: undefined }
    : { connection: Number(ref.slice(0, colon)), clientMsgId: ref.slice(colon + 1) };
}

export interface OrderRefusal {
  readonly code: string;
  readonly description: string;
  readonly orderId?: string | undefined;
  readonly positionId?: string | undefined;
}

/** A 2132; its ids only when the request named them. */
export function refuseOrder(
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

/** A decimal on the instrument's grid as our integer; undefined when it has more digits. */
export function scaledPrice(decimal: number, digits: number): Price | undefined {
  const scaled = Math.round(decimal * PRICE_SCALE);
  const fits = Number.isSafeInteger(scaled) && scaled / PRICE_SCALE === decimal;
  return fits && scaled % tickSize(digits) === 0 ? price(scaled) : undefined;
}

export const tooManyDigits = (what: string, decimal: number, digits: number): OrderRefusal => ({
  code: 'INVALID_REQUEST',
  description:
    `Order ${what} = ${decimal} has more digits than symbol allows. ` + `Allowed ${digits} digits`,
});

export const invalid = (description: string): OrderRefusal => ({
  code: 'INVALID_REQUEST',
  description,
});
