/**
 * What is and what was: open positions, past orders and deals, bars, open profit, margins.
 * Deliberately changes nothing; every answer is a look at the exchange or at the market.
 */

import { type Bar, money, price, volume, type Wall, wall } from '../../engine/index.ts';
import { listOf } from '../../engine/trail.ts';
import { marginOf } from '../costs.ts';
import { listedAs, openProfit, quotedAt, scaleOf } from '../exchange-money.ts';
import { isPending } from '../exchange-pending.ts';
import { optional } from '../exchange-records.ts';
import type { DealFacts, ExchangeState, OrderFacts } from '../exchange-types.ts';
import { barsUpTo, isPeriod } from './bar-periods.ts';
import { encodeBar, encodeDeal, encodeOrder, encodePosition, termsOf } from './encode.ts';
import { type Asked, type RequestTable, refuse, reply, type World } from './world.ts';

/** The largest timestamp a request may carry, UTC milliseconds. */
const LATEST = 2_147_483_646_000;

interface Window {
  readonly from: number;
  readonly to: number;
}

interface WindowFields {
  readonly ctidTraderAccountId: string;
  readonly fromTimestamp?: number;
  readonly toTimestamp?: number;
}

type WindowAsked = Parameters<typeof refuse>[0] & { readonly fields: WindowFields };

/** The asked window, open ends filled in; answers the refusal itself when it makes no sense. */
function windowOf(asked: WindowAsked): Window | undefined {
  const { fromTimestamp: from = 0, toTimestamp: to = LATEST } = asked.fields;
  if (from >= 0 && to <= LATEST && from <= to) return { from, to };
  refuse(asked, {
    code: 'INCORRECT_BOUNDARIES',
    description: 'Incorrect period boundaries',
    accountId: asked.fields.ctidTraderAccountId,
  });
  return undefined;
}

const within = (time: number, { from, to }: Window): boolean => time >= from && time <= to;

/** The account's exchange; the request table has seen to it that the account exists. */
function stateOf(world: World, accountId: string): ExchangeState {
  const state = world.desks.get(accountId)?.state();
  if (state === undefined) throw new Error(`no account ${accountId}`);
  return state;
}

function encoderOf(world: World, state: ExchangeState) {
  const terms = (symbolId: string) => {
    const symbol = world.symbols.get(symbolId);
    return symbol && termsOf(state, symbol);
  };
  return {
    orders: (orders: readonly OrderFacts[]) =>
      orders.flatMap((order) => {
        const found = terms(order.instrumentId);
        return found === undefined ? [] : [encodeOrder(order, found)];
      }),
    deals: (deals: readonly DealFacts[]) =>
      deals.flatMap((deal) => {
        const found = terms(deal.instrumentId);
        return found === undefined ? [] : [encodeDeal(deal, found)];
      }),
    positions: (positions: ExchangeState['positions']) =>
      positions.flatMap((position) => {
        const found = terms(position.instrumentId);
        return found === undefined ? [] : [encodePosition(position, found)];
      }),
  };
}

/** Open positions with their levels, pending orders; protective orders only when asked for. */
function reconciles(asked: Asked<'ProtoOAReconcileReq'>): void {
  const { world, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const encode = encoderOf(world, state);
  const shown = (order: OrderFacts): boolean =>
    order.type === 'PROTECTIVE' ? fields.returnProtectionOrders === true : isPending(order);
  reply(asked, 'ProtoOAReconcileRes', {
    ctidTraderAccountId: accountId,
    position: encode.positions(state.positions.filter(({ status }) => status === 'OPEN')),
    order: encode.orders(state.orders.filter(shown)),
  });
}

/** Newest first: rows are kept in the order they happened. */
function page<T>(rows: readonly T[], most: number): { rows: T[]; hasMore: boolean } {
  return { rows: rows.slice(-most).reverse(), hasMore: rows.length > most };
}

function listsDeals(asked: Asked<'ProtoOADealListReq'>): void {
  const { world, fields } = asked;
  const window = windowOf(asked);
  if (window === undefined) return;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const asks = fields.maxRows ?? 0;
  const most = asks > 0 ? Math.min(asks, world.switches.rowsMax) : world.switches.rowsMax;
  const { rows, hasMore } = page(
    listOf(state.deals).filter(({ time }) => within(time, window)),
    most,
  );
  const deal = encoderOf(world, state).deals(rows);
  reply(asked, 'ProtoOADealListRes', { ctidTraderAccountId: accountId, deal, hasMore });
}

function listsDealsOfPosition(asked: Asked<'ProtoOADealListByPositionIdReq'>): void {
  const { world, fields } = asked;
  const window = windowOf(asked);
  if (window === undefined) return;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const own = listOf(state.deals).filter(
    (deal) => deal.positionId === fields.positionId && within(deal.time, window),
  );
  const { rows, hasMore } = page(own, world.switches.rowsMax);
  const deal = encoderOf(world, state).deals(rows);
  reply(asked, 'ProtoOADealListByPositionIdRes', {
    ctidTraderAccountId: accountId,
    deal,
    hasMore,
  });
}

/** By last change, the latest last; among equals the later number last. */
const byChange = (a: OrderFacts, b: OrderFacts): number =>
  a.updatedAt - b.updatedAt || Number(a.id) - Number(b.id);

const allOrders = (state: ExchangeState): OrderFacts[] =>
  [...listOf(state.endedOrders), ...state.orders].sort(byChange);

function listsOrders(asked: Asked<'ProtoOAOrderListReq'>): void {
  const { world, fields } = asked;
  const window = windowOf(asked);
  if (window === undefined) return;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const own = allOrders(state).filter(({ updatedAt }) => within(updatedAt, window));
  const { rows, hasMore } = page(own, world.switches.rowsMax);
  const order = encoderOf(world, state).orders(rows);
  reply(asked, 'ProtoOAOrderListRes', { ctidTraderAccountId: accountId, order, hasMore });
}

function listsOrdersOfPosition(asked: Asked<'ProtoOAOrderListByPositionIdReq'>): void {
  const { world, fields } = asked;
  const window = windowOf(asked);
  if (window === undefined) return;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const own = allOrders(state).filter(
    (order) => order.positionId === fields.positionId && within(order.updatedAt, window),
  );
  const { rows, hasMore } = page(own, world.switches.rowsMax);
  const order = encoderOf(world, state).orders(rows);
  reply(asked, 'ProtoOAOrderListByPositionIdRes', {
    ctidTraderAccountId: accountId,
    order,
    hasMore,
  });
}

/** Ended orders too, with every deal they made. */
function describesOrder(asked: Asked<'ProtoOAOrderDetailsReq'>): void {
  const { world, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const encode = encoderOf(world, state);
  const [order] = encode.orders(allOrders(state).filter(({ id }) => id === fields.orderId));
  if (order === undefined) {
    const { login } = state.account;
    const description = `Order ${fields.orderId} not found or not belong to trader ${login}`;
    refuse(asked, { code: 'ORDER_NOT_FOUND', description, accountId });
    return;
  }
  const own = listOf(state.deals).filter(({ brokerOrderId }) => brokerOrderId === fields.orderId);
  const deal = encode.deals(own);
  reply(asked, 'ProtoOAOrderDetailsRes', { ctidTraderAccountId: accountId, order, deal });
}

/** Oldest first; counted back from `toTimestamp`, the bar that opens there included. */
function listsBars(asked: Asked<'ProtoOAGetTrendbarsReq'>): void {
  const { world, fields } = asked;
  const { ctidTraderAccountId: accountId, period, symbolId } = fields;
  const window = windowOf(asked);
  if (window === undefined) return;
  if (!world.symbols.has(symbolId)) {
    const description = `Symbol not found: ${symbolId}`;
    refuse(asked, { code: 'SYMBOL_NOT_FOUND', description, accountId });
    return;
  }
  if (!isPeriod(period)) {
    const description = `Unknown period ${period}`;
    refuse(asked, { code: 'INVALID_REQUEST', description, accountId });
    return;
  }
  const { bars, hasMore } = barPage(asked, window);
  reply(asked, 'ProtoOAGetTrendbarsRes', {
    ctidTraderAccountId: accountId,
    period,
    ...optional('timestamp', fields.toTimestamp),
    trendbar: bars.map(encodeBar),
    symbolId,
    hasMore,
  });
}

function barPage(
  asked: Asked<'ProtoOAGetTrendbarsReq'>,
  window: Window,
): { bars: readonly Bar[]; hasMore: boolean } {
  const { world, fields } = asked;
  const { switches } = world;
  const feed = world.feeds.get(fields.symbolId);
  if (feed === undefined) return { bars: [], hasMore: false };
  const counted = fields.count !== undefined && fields.count > 0;
  const most = Math.min(counted ? (fields.count ?? 0) : switches.barsMax, switches.barsMax);
  // The market must not be asked beyond its present: that would reveal a quote not yet published.
  const to: Wall = wall(Math.min(window.to, world.clock.wall()));
  const bounded = !counted || switches.fromBoundsCount;
  const found = barsUpTo(feed.market, fields.period, most + 1, to).filter(
    (bar) => !bounded || bar.openTime >= window.from,
  );
  const hasMore = found.length > most;
  const short = hasMore && switches.oneBarLess ? 1 : 0;
  return { bars: most === short ? [] : found.slice(short - most), hasMore };
}

/** Net has the opening commission and the swap in it, not the closing commission. */
function valuesPositions(asked: Asked<'ProtoOAGetPositionUnrealizedPnLReq'>): void {
  const { world, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const open = state.positions.filter(({ status }) => status === 'OPEN');
  reply(asked, 'ProtoOAGetPositionUnrealizedPnLRes', {
    ctidTraderAccountId: accountId,
    positionUnrealizedPnL: open.map((position) => {
      const net = openProfit(state, position);
      const gross = money(net - position.swap - position.commission);
      return { positionId: position.id, grossUnrealizedPnL: gross, netUnrealizedPnL: net };
    }),
    moneyDigits: state.account.exponent,
  });
}

/** 1/100 of a unit: beyond any order, and small enough for an exact product. */
const MARGIN_VOLUME_MAX = 10 ** 12;

function expectsMargin(asked: Asked<'ProtoOAExpectedMarginReq'>): void {
  const { world, fields } = asked;
  const accountId = fields.ctidTraderAccountId;
  const state = stateOf(world, accountId);
  const listing = listedAs(state, fields.symbolId);
  const quote = quotedAt(state, fields.symbolId);
  if (listing === undefined) {
    const description = `Symbol not found: ${fields.symbolId}`;
    refuse(asked, { code: 'SYMBOL_NOT_FOUND', description, accountId });
    return;
  }
  if (quote?.bid === undefined || quote.ask === undefined) {
    refuse(asked, { code: 'NO_QUOTES', description: 'No quotes', accountId });
    return;
  }
  if ((fields.volume ?? []).some((size) => size <= 0 || size > MARGIN_VOLUME_MAX)) {
    const description = 'Order volume is out of range';
    refuse(asked, { code: 'TRADING_BAD_VOLUME', description, accountId });
    return;
  }
  const { bid, ask } = quote;
  const { leverageCents, exponent } = state.account;
  const scale = scaleOf(state, listing);
  const margin = (at: number, size: number): number =>
    marginOf(price(at), volume(size), leverageCents, scale);
  reply(asked, 'ProtoOAExpectedMarginRes', {
    ctidTraderAccountId: accountId,
    margin: (fields.volume ?? []).map((size) => ({
      volume: size,
      buyMargin: margin(ask, size),
      sellMargin: margin(bid, size),
    })),
    moneyDigits: exponent,
  });
}

export const HISTORY: RequestTable = {
  ProtoOAReconcileReq: { needs: 'account', bucket: 'other', answer: reconciles },
  ProtoOAGetTrendbarsReq: { needs: 'account', bucket: 'history', answer: listsBars },
  ProtoOADealListReq: { needs: 'account', bucket: 'history', answer: listsDeals },
  ProtoOADealListByPositionIdReq: {
    needs: 'account',
    bucket: 'list',
    answer: listsDealsOfPosition,
  },
  ProtoOAOrderListReq: { needs: 'account', bucket: 'list', answer: listsOrders },
  ProtoOAOrderListByPositionIdReq: {
    needs: 'account',
    bucket: 'list',
    answer: listsOrdersOfPosition,
  },
  ProtoOAOrderDetailsReq: { needs: 'account', bucket: 'other', answer: describesOrder },
  ProtoOAGetPositionUnrealizedPnLReq: {
    needs: 'account',
    bucket: 'other',
    answer: valuesPositions,
  },
  ProtoOAExpectedMarginReq: { needs: 'account', bucket: 'other', answer: expectsMargin },
};
