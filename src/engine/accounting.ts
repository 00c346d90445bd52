/**
 * Balance, open P&L, equity and the trading day, in integers of the account's minor unit.
 * Deliberately books only what deals say; marks are estimates at the closing side and never booked.
 */
import { convertedWorse, lastChain } from './conversion.ts';
import { moneyText } from './format.ts';
import { freshQuote, type MarketState } from './market.ts';
import type { Account, DealClose } from './model.ts';
import { trip } from './risk/breakers.ts';
import type { Outside } from './risk/tallies.ts';
import type { Core, Position } from './state.ts';
import { withCash } from './stats.ts';
import { type CoreToRead, change, owned, type Turn, tell } from './turn.ts';
import {
  addMoney,
  type Money,
  type Mono,
  money,
  mulDiv,
  type Price,
  price,
  subMoney,
  type Wall,
  worth,
} from './units.ts';

/** Marks may be this old and still be called current. */
const MARK_AGE_MS = 60_000;

/** In another instrument than ours: our prices and rates say nothing about it (F48, I33). */
const isElsewhere = ({ instrumentId }: Position, { instrument }: CoreToRead): boolean =>
  instrumentId !== undefined && instrument !== undefined && instrumentId !== instrument.id;

/** The price at which a position would close now, or nothing. */
export function closePrice(
  position: Position,
  core: Core,
  market: MarketState,
  now: Mono,
): Price | undefined {
  const quote = freshQuote(market, core.link.generation, now, MARK_AGE_MS);
  if (quote === undefined || isElsewhere(position, core)) return undefined;
  return position.side === 'buy' ? quote.bid : quote.ask;
}

/** Gross profit of a price move for a position, in the quote currency. */
export function grossOf(position: Position, at: Price, exponent: number): Money {
  const distance = position.side === 'buy' ? at - position.entry : position.entry - at;
  return worth(price(distance), position.volume, exponent, 'away');
}

/**
 * Open P&L by our own mark with commission and swap, in the account's currency at the worse side of
 * every rate; nothing without a price or a rate (F60).
 */
export function markedPnl(
  position: Position,
  core: Core,
  market: MarketState,
  now: Mono,
): Money | undefined {
  const at = closePrice(position, core, market, now);
  return at === undefined ? undefined : openPnlAt(position, core, at);
}

/** The same at a price of one's own. */
export function openPnlAt(position: Position, core: CoreToRead, at: Price): Money | undefined {
  const { account } = core;
  const chain = lastChain(core);
  if (account === undefined || isElsewhere(position, core) || chain === undefined) return undefined;
  const costs = addMoney(position.commission, position.swap);
  return addMoney(convertedWorse(grossOf(position, at, account.exponent), chain), costs);
}

/** Our own mark, or the broker's young figure where we have none, or nothing (F60). */
export const openPnl = (
  position: Position,
  core: Core,
  market: MarketState,
  now: Mono,
): Money | undefined =>
  markedPnl(position, core, market, now) ?? statedPnl(position, core.outside, now);

function statedPnl({ id }: Position, { brokerPnl }: Outside, now: Mono): Money | undefined {
  if (brokerPnl === undefined || now - brokerPnl.at > MARK_AGE_MS) return undefined;
  return brokerPnl.nets.find((one) => one.id === id)?.net;
}

/** Balance plus open P&L of every position; nothing when one of them is not known. */
export function equityOf(core: Core, market: MarketState, now: Mono): Money | undefined {
  if (core.account === undefined) return undefined;
  let total = core.account.balance;
  for (const position of core.positions) {
    const pnl = openPnl(position, core, market, now);
    if (pnl === undefined) return undefined;
    total = addMoney(total, pnl);
  }
  return total;
}

/** Realised and unrealised since the day's opening, cash flows excluded (F58, F63). */
export function dayPnl(core: Core, market: MarketState, now: Mono): Money | undefined {
  const equity = equityOf(core, market, now);
  if (equity === undefined || core.day === undefined) return undefined;
  return subMoney(subMoney(equity, core.day.openingEquity), core.day.cashFlow);
}

/** The day's result if the only position were worth that much. */
export function dayPnlWith(core: Core, open: Money): Money | undefined {
  if (core.account === undefined || core.day === undefined) return undefined;
  const equity = addMoney(core.account.balance, open);
  return subMoney(subMoney(equity, core.day.openingEquity), core.day.cashFlow);
}

/** Basis points of the day's opening equity; rounded away from zero, for showing only. */
export const dayPnlBps = (core: Core, pnl: Money): number | undefined =>
  core.day === undefined || core.day.openingEquity <= 0
    ? undefined
    : mulDiv(pnl, 10_000, core.day.openingEquity, 'away');

/** The broker's account facts; an older balance never overwrites a newer (F62). */
export function applyAccount(turn: Turn, account: Account, source: 'event' | 'pass'): void {
  const old = turn.core.account;
  if (old !== undefined && account.balanceVersion < old.balanceVersion) return;
  const { reconciled, link } = turn.core;
  const live = source === 'event' && reconciled && link.state === 'READY';
  const amount = old === undefined ? money(0) : subMoney(account.balance, old.balance);
  if (amount !== 0 && !live) doubtBalance(turn);
  if (old !== undefined && turn.core.accountAt === turn.at.wall && isSame(old, account)) return;
  const core = owned(turn);
  core.account = account;
  core.accountAt = turn.at.wall;
  if (amount !== 0) noteCashFlow(turn, amount);
}

/** True when both say the same, as after a deal that told the balance before. */
const isSame = (one: Account, other: Account): boolean =>
  one.balance === other.balance &&
  one.balanceVersion === other.balanceVersion &&
  one.leverageCents === other.leverageCents &&
  one.access === other.access &&
  one.id === other.id &&
  one.login === other.login &&
  one.brokerName === other.brokerName &&
  one.isLive === other.isLive &&
  one.currency === other.currency &&
  one.exponent === other.exponent;

/**
 * While the link was away a change of the balance may be trades as well as cash: until their deals
 * are
 * read nothing is entered, or a loss would hide as a withdrawal (F58, breaker rule 4).
 */
function doubtBalance(turn: Turn): void {
  const { accountAt, unexplainedSince } = turn.core;
  change(turn, { unexplainedSince: unexplainedSince ?? accountAt ?? turn.at.wall });
}

/** A message that could not be believed may have been a trade: only a later look settles that. */
export function doubtTrades(turn: Turn): void {
  doubtBalance(turn);
  change(turn, { doubtedAt: turn.at.mono });
}

/** The history was read from before the doubt: what no deal took back was cash. */
export function settleDoubt(
  turn: Turn,
  historyFrom: Wall | undefined,
  askedAt: Mono | undefined,
): void {
  const { unexplainedSince: since, doubtedAt } = turn.core;
  if (since === undefined || historyFrom === undefined || historyFrom > since) return;
  if (doubtedAt !== undefined && askedAt !== undefined && askedAt < doubtedAt) return;
  change(turn, { unexplainedSince: undefined, doubtedAt: undefined });
}

function noteCashFlow(turn: Turn, amount: Money): void {
  const { day, account } = turn.core;
  if (account === undefined) return;
  if (day !== undefined) {
    const stats = withCash(turn.core.stats, amount);
    change(turn, { day: { ...day, cashFlow: addMoney(day.cashFlow, amount) }, stats });
  }
  const words = amount > 0 ? 'the balance grew' : 'the balance shrank';
  const text = `${words} by ${moneyText(money(Math.abs(amount)), account.exponent)} without a deal`;
  tell(turn, 'system', 'warn', text);
}

/** What a closing deal brings after all costs; the broker's one documented formula (F55). */
export const netOf = (close: DealClose): Money =>
  money(close.grossProfit + close.swap + close.commission + close.conversionFee);

/**
 * A closing deal changes the balance by its net; the identity is checked on every one (F55, I11).
 */
export function bookClose(turn: Turn, close: DealClose): Money {
  const net = netOf(close);
  const { account } = turn.core;
  if (account === undefined) return net;
  if (close.balanceVersion <= account.balanceVersion) {
    explainLate(turn, close.balanceVersion, net);
    return net;
  }
  const follows = close.balanceVersion === account.balanceVersion + 1;
  const rest = money(close.balance - account.balance - net);
  if (follows && rest !== 0) {
    trip(turn, 'INTEGRITY', 'a closing deal does not explain the change of the balance');
  }
  if (!follows && rest !== 0) doubtBalance(turn);
  const core = owned(turn);
  core.account = booked(account, close);
  core.accountAt = turn.at.wall;
  if (!follows && rest !== 0) noteCashFlow(turn, rest);
  return net;
}

/** The account after a deal, field by field: a spread of it has no form that lasts. */
const booked = (account: Account, { balance, balanceVersion }: DealClose): Account => ({
  id: account.id,
  login: account.login,
  brokerName: account.brokerName,
  isLive: account.isLive,
  currency: account.currency,
  exponent: account.exponent,
  balance,
  balanceVersion,
  leverageCents: account.leverageCents,
  access: account.access,
});

/** The balance was known before its deal: what looked like cash was this trade (F58, F62). */
function explainLate(turn: Turn, version: number, net: Money): void {
  const { day } = turn.core;
  if (day === undefined || version <= day.openingVersion) return;
  const stats = withCash(turn.core.stats, money(-net));
  change(turn, { day: { ...day, cashFlow: subMoney(day.cashFlow, net) }, stats });
}
