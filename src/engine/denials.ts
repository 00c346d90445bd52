/**
 * What a message of the broker denies of what we know: another account, another side, more than was
 * ordered (F19, F25, F31).
 * Deliberately compares with facts that cannot change; whatever may have changed is for the next
 * look at the broker (`reconcile.ts`).
 */

import type { BrokerEvent } from './event.ts';
import { byId } from './ids.ts';
import { isRemembered } from './membership.ts';
import type { Account, Deal, Instrument, OrderUpdate, Side } from './model.ts';
import { orderOf } from './orders.ts';
import type { Core, Order } from './state.ts';
import type { Price } from './units.ts';

type Denials = {
  readonly [T in BrokerEvent['type']]?: (
    event: Extract<BrokerEvent, { type: T }>,
    core: Core,
  ) => string | undefined;
};

const DENIALS: Denials = {
  link: ({ generation }, { link }) =>
    generation < link.generation ? `connection ${generation} is over` : undefined,
  instrument: ({ instrument }, core) => unitsDenied(instrument, core),
  // Until a whole look has confirmed one, the newest word may be the true one.
  account: ({ account }, core) =>
    core.day === undefined ? undefined : accountDenied(account, core),
  orderUpdate: ({ update }, core) => orderDenied(update, core),
  deal: ({ deal }, core) => {
    const why = dealDenied(deal, core);
    // Told again, by whatever source: it counted once (I12).
    return why !== undefined && isRemembered(core.deals, deal.id) ? undefined : why;
  },
  protection: ({ positionId, stop, target }, { positions }) => {
    const side = byId(positions, positionId)?.side;
    return side === undefined ? undefined : levelsDenied(side, stop, target);
  },
  brokerSnapshot: ({ pass }, core) =>
    pass.complete ? accountDenied(pass.snapshot.account, core) : undefined,
};

/** What the message says against what is known, in words; nothing when both may be true. */
export function denialOf<T extends BrokerEvent['type']>(
  event: Extract<BrokerEvent, { type: T }>,
  core: Core,
): string | undefined {
  return DENIALS[event.type as T]?.(event, core);
}

/** So many changes of one balance nobody missed; a version believed once outdates all before it. */
const VERSIONS_MAX = 1_000_000;

/** A run has one account, and its money one scale (F25, F56). */
function accountDenied(told: Account, { account }: Core): string | undefined {
  if (account === undefined) return undefined;
  if (told.id !== account.id) return 'it is about another account';
  if (told.balanceVersion - account.balanceVersion > VERSIONS_MAX) {
    return `account balanceVersion ${told.balanceVersion}`;
  }
  if (told.currency !== account.currency) return `account currency ${told.currency}`;
  return told.exponent === account.exponent ? undefined : `account exponent ${told.exponent}`;
}

/** What every price and volume so far was told in; hours, status and volumes may change (F16). */
const UNITS = ['digits', 'lotSize', 'quoteCurrency'] as const;

function unitsDenied(told: Instrument, { instrument }: Core): string | undefined {
  if (instrument === undefined || told.id !== instrument.id) return undefined;
  const changed = UNITS.find((unit) => told[unit] !== instrument[unit]);
  return changed === undefined
    ? undefined
    : `instrument ${changed} is ${told[changed]}, it was ${instrument[changed]}`;
}

function orderDenied(update: OrderUpdate, { orders }: Core): string | undefined {
  if (update.closing || update.protective) return undefined;
  const order = orderOf(orders, update.brokerOrderId, update.clientOrderId);
  if (order === undefined) return undefined;
  if (update.clientOrderId !== undefined && update.clientOrderId !== order.id) {
    return `order ${update.brokerOrderId} is of ${order.id}, not of ${update.clientOrderId}`;
  }
  if (order.brokerOrderId !== undefined && update.brokerOrderId !== order.brokerOrderId) {
    return `${order.id} is order ${order.brokerOrderId}, not ${update.brokerOrderId}`;
  }
  if (update.side !== order.side) return `${order.id} is a ${order.side}, not a ${update.side}`;
  if (update.volume !== order.volume) {
    return `${order.id} has volume ${order.volume}, not ${update.volume}`;
  }
  return elsewhere(update, order);
}

/** One order opens one position. */
const elsewhere = (
  told: Pick<OrderUpdate, 'positionId'>,
  { id, positionId }: Order,
): string | undefined =>
  positionId === undefined || told.positionId === undefined || told.positionId === positionId
    ? undefined
    : `${id} opened position ${positionId}, not ${told.positionId}`;

/** A fill is near the price that was decided on: this far from it is another instrument's. */
const isFarOff = (price: Price, decided: Price): boolean =>
  price > 2 * decided || decided > 2 * price;

function dealDenied(deal: Deal, core: Core): string | undefined {
  const { account, positions, orders, instrument } = core;
  if (account !== undefined && deal.exponent !== account.exponent) {
    return `deal exponent ${deal.exponent}, the account's is ${account.exponent}`;
  }
  const position = byId(positions, deal.positionId);
  const isElsewhere = instrument !== undefined && deal.instrumentId !== instrument.id;
  // Of the orders only where one could be meant: a closing deal has one that is not among them.
  const order =
    deal.close === undefined || isElsewhere
      ? orderOf(orders, deal.brokerOrderId, undefined)
      : undefined;
  if (isElsewhere && (order !== undefined || position?.ours === true)) {
    return `deal ${deal.id} is in instrument ${deal.instrumentId}`;
  }
  if (deal.close !== undefined) {
    const { balanceVersion } = deal.close;
    if (account !== undefined && balanceVersion - account.balanceVersion > VERSIONS_MAX) {
      return `deal balanceVersion ${balanceVersion}`;
    }
    const isSame = position !== undefined && deal.side === position.side;
    return isSame ? `deal ${deal.id} closes a ${position.side} by a ${deal.side}` : undefined;
  }
  if (order === undefined) return undefined;
  if (deal.side !== order.side) return `${order.id} is a ${order.side}, its deal a ${deal.side}`;
  if (order.dealt + deal.filled > order.volume) {
    return `deals of ${order.id} come to more than its volume ${order.volume}`;
  }
  const { decidedPrice } = order;
  if (decidedPrice !== undefined && isFarOff(deal.price, decidedPrice)) {
    return `deal price ${deal.price}, decided on ${decidedPrice}`;
  }
  return elsewhere(deal, order);
}

/** A stop on the far side of its target protects nothing. */
function levelsDenied(
  side: Side,
  stop: Price | undefined,
  target: Price | undefined,
): string | undefined {
  if (stop === undefined || target === undefined) return undefined;
  const isCrossed = side === 'buy' ? stop >= target : stop <= target;
  return isCrossed ? `stop ${stop} is beyond its target ${target}` : undefined;
}
