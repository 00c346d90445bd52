/**
 * Win rate, profit factor and drawdown of the closed trades of this account, one trade at a time.
 * Deliberately on realised balances only; open P&L is shown elsewhere.
 */
import type { Stats } from './state.ts';
import { addMoney, type Money, money, mulDiv, subMoney } from './units.ts';

/**
 * One of our positions was fully closed with this net result; zero is neither win nor loss (F61).
 */
export function countTrade(stats: Stats, net: Money, balanceAfter: Money): Stats {
  const peak =
    stats.peakBalance === undefined
      ? money(Math.max(subMoney(balanceAfter, net), balanceAfter))
      : money(Math.max(stats.peakBalance, balanceAfter));
  const drawdown = subMoney(peak, balanceAfter);
  const deeper = drawdown > stats.maxDrawdown;
  return {
    trades: stats.trades + 1,
    wins: stats.wins + (net > 0 ? 1 : 0),
    losses: stats.losses + (net < 0 ? 1 : 0),
    grossProfit: net > 0 ? addMoney(stats.grossProfit, net) : stats.grossProfit,
    grossLoss: net < 0 ? addMoney(stats.grossLoss, net) : stats.grossLoss,
    netProfit: addMoney(stats.netProfit, net),
    peakBalance: peak,
    maxDrawdown: deeper ? drawdown : stats.maxDrawdown,
    maxDrawdownBps:
      deeper && peak > 0 ? mulDiv(drawdown, 10_000, peak, 'away') : stats.maxDrawdownBps,
  };
}

/** Cash came or went: the peak goes with it, or a withdrawal would look like a drawdown (F58). */
export const withCash = (stats: Stats, amount: Money): Stats =>
  stats.peakBalance === undefined
    ? stats
    : { ...stats, peakBalance: addMoney(stats.peakBalance, amount) };

export const winRateBps = (stats: Stats): number | undefined =>
  stats.trades === 0 ? undefined : mulDiv(stats.wins, 10_000, stats.trades, 'away');

/** Gross profit over gross loss; absent while there is no loss to divide by. */
export const profitFactor = (stats: Stats): number | undefined =>
  stats.grossLoss === 0 ? undefined : stats.grossProfit / -stats.grossLoss;
