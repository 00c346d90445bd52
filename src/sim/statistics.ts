/**
 * Every figure of a backtest report with its definition: one place, so that a number means one
 * thing.
 * Deliberately without sentinels: what cannot be computed is absent. Conventions: daily equity with
 * open
 * profit and after costs, days without a bar left out, 252 days a year, sample deviation, no
 * risk-free rate.
 */
import type { BacktestResult, Trade } from './backtest.ts';
import type { BacktestMarket } from './backtest-market.ts';

/** Trading days a year of an exchange: what "annualised" means everywhere in a report. */
export const DAYS_A_YEAR = 252;
const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;

export const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);

export const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : sumOf(values) / values.length;

/** Sample standard deviation (divisor n - 1); absent below two values. */
export function deviationOf(values: readonly number[]): number | undefined {
  const mean = meanOf(values);
  if (mean === undefined || values.length < 2) return undefined;
  const squares = sumOf(values.map((value) => (value - mean) ** 2));
  return Math.sqrt(squares / (values.length - 1));
}

const ratio = (top: number | undefined, bottom: number | undefined): number | undefined =>
  top === undefined || bottom === undefined || bottom === 0 ? undefined : top / bottom;

/** Mean over sample deviation, times the root of 252. */
export function sharpeOf(daily: readonly number[]): number | undefined {
  const perDay = ratio(meanOf(daily), deviationOf(daily));
  return perDay === undefined ? undefined : perDay * Math.sqrt(DAYS_A_YEAR);
}

/**
 * Mean over the root of the mean squared shortfall below 0, over ALL days; times the root of 252.
 */
export function sortinoOf(daily: readonly number[]): number | undefined {
  const shortfall = meanOf(daily.map((value) => Math.min(0, value) ** 2));
  const below = shortfall === undefined ? undefined : Math.sqrt(shortfall);
  const perDay = ratio(meanOf(daily), below);
  return perDay === undefined ? undefined : perDay * Math.sqrt(DAYS_A_YEAR);
}

/** (end / start) ^ (1 / years) - 1, calendar years of 365.25 days; absent when wiped out. */
export function cagrOf(start: number, end: number, durationMs: number): number | undefined {
  if (durationMs <= 0 || start <= 0 || end <= 0) return undefined;
  return (end / start) ** (YEAR_MS / durationMs) - 1;
}

/** Linear interpolation between order statistics; `share` 0 to 1. */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Historic value at risk: the daily return that 5 % of days are below; negative is a loss. */
export const varOf = (daily: readonly number[]): number | undefined => quantileOf(daily, 0.05);

/** Mean of the daily returns at or below the value at risk. */
export function cvarOf(daily: readonly number[]): number | undefined {
  const limit = varOf(daily);
  return limit === undefined ? undefined : meanOf(daily.filter((value) => value <= limit));
}

/** Root of n (at most 100) times mean over sample deviation of the trades' results. */
export function sqnOf(nets: readonly number[]): number | undefined {
  const quality = ratio(meanOf(nets), deviationOf(nets));
  return quality === undefined ? undefined : quality * Math.sqrt(Math.min(100, nets.length));
}

export interface Drawdown {
  /** From the highest equity so far to the lowest after it, money and share of the peak. */
  readonly amount: number;
  readonly share: number;
  /** Index of the peak, of the bottom, and of the first value back at the peak (absent: never). */
  readonly peakAt: number;
  readonly bottomAt: number;
  readonly recoveredAt: number | undefined;
  /** Longest stretch below a former peak, in values. */
  readonly longest: number;
}

/** By share of the peak; over any series of equity. */
export function drawdownOf(equity: ArrayLike<number>): Drawdown {
  let peak = equity[0] ?? 0;
  let [peakIndex, peakAt, bottomAt, share, amount, longest] = [0, 0, 0, 0, 0, 0];
  let recoveredAt: number | undefined = 0;
  for (let index = 0; index < equity.length; index += 1) {
    const value = equity[index] ?? 0;
    if (value >= peak) {
      if (recoveredAt === undefined && peakAt === peakIndex) recoveredAt = index;
      peak = value;
      peakIndex = index;
    }
    longest = Math.max(longest, index - peakIndex);
    const down = peak > 0 ? (peak - value) / peak : 0;
    if (down <= share) continue;
    share = down;
    amount = peak - value;
    peakAt = peakIndex;
    bottomAt = index;
    recoveredAt = undefined;
  }
  return { amount, share, peakAt, bottomAt, recoveredAt, longest };
}

export interface DrawdownTimes {
  readonly peak: number;
  readonly bottom: number;
  readonly recovered: number | undefined;
}

/** Instants of a drawdown over the starting balance and then the equity at the end of each bar. */
function drawdownTimesOf(
  { start, end }: BacktestMarket,
  { peakAt, bottomAt, recoveredAt }: Drawdown,
): DrawdownTimes {
  const timeOf = (at: number): number => (at === 0 ? start[0] : end[at - 1]) ?? 0;
  return {
    peak: timeOf(peakAt),
    bottom: timeOf(bottomAt),
    recovered: recoveredAt === undefined ? undefined : timeOf(recoveredAt),
  };
}

export interface DailyEquity {
  /** Number of the UTC day; an evening session belongs to its own UTC date. */
  readonly day: number;
  readonly equity: number;
}

/** Equity at the close of the last bar of each UTC day that has one. */
export function dailyEquity(market: BacktestMarket, equity: ArrayLike<number>): DailyEquity[] {
  const days: DailyEquity[] = [];
  for (let bar = 0; bar < market.count; bar += 1) {
    const day = Math.floor((market.start[bar] ?? 0) / DAY_MS);
    const now = { day, equity: equity[bar] ?? 0 };
    if (days.at(-1)?.day === day) days[days.length - 1] = now;
    else days.push(now);
  }
  return days;
}

/** Simple returns, the first against the starting balance. */
export function returnsOf(start: number, values: readonly number[]): number[] {
  let before = start;
  return values.map((value) => {
    const change = before > 0 ? value / before - 1 : 0;
    before = value;
    return change;
  });
}

function longestStreak(nets: readonly number[], sign: 1 | -1): number {
  let [run, longest] = [0, 0];
  for (const net of nets) {
    run = Math.sign(net) === sign ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

export interface MonthRow {
  /** `2024-10`. */
  readonly month: string;
  readonly net: number;
  /** Share of the equity at its beginning. */
  readonly share: number;
}

function monthsOf(start: number, days: readonly DailyEquity[]): MonthRow[] {
  const ends = new Map<string, number>();
  for (const { day, equity } of days) {
    ends.set(new Date(day * DAY_MS).toISOString().slice(0, 7), equity);
  }
  let before = start;
  return [...ends].map(([month, equity]) => {
    const net = equity - before;
    const share = before > 0 ? net / before : 0;
    before = equity;
    return { month, net, share };
  });
}

/** Money is in minor units of the account; shares are fractions (0.05 is 5 %). */
export interface Statistics {
  readonly bars: number;
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly flat: number;
  readonly netProfit: number;
  readonly grossProfit: number;
  readonly grossLoss: number;
  readonly commission: number;
  readonly returnShare: number;
  readonly cagr: number | undefined;
  readonly sharpe: number | undefined;
  readonly sortino: number | undefined;
  readonly calmar: number | undefined;
  readonly profitFactor: number | undefined;
  readonly expectancy: number | undefined;
  readonly sqn: number | undefined;
  readonly winRate: number | undefined;
  readonly averageWin: number | undefined;
  readonly averageLoss: number | undefined;
  readonly payoff: number | undefined;
  readonly exposure: number;
  readonly averageBars: number | undefined;
  /** Of prices, in price units. */
  readonly averageAdverse: number | undefined;
  readonly averageFavourable: number | undefined;
  readonly worstAdverse: number | undefined;
  readonly drawdown: Drawdown;
  /** When the largest drawdown began, was deepest and was made good (absent: never). */
  readonly drawdownTimes: DrawdownTimes;
  readonly drawdownDays: number;
  readonly dailyVar: number | undefined;
  readonly dailyCvar: number | undefined;
  readonly longestWins: number;
  readonly longestLosses: number;
  readonly buyAndHold: number;
  readonly months: readonly MonthRow[];
  readonly daily: readonly DailyEquity[];
}

export function statisticsOf(market: BacktestMarket, result: BacktestResult): Statistics {
  const { trades, equity, startBalance } = result;
  const daily = dailyEquity(market, equity);
  const ends = daily.map((day) => day.equity);
  const returns = returnsOf(startBalance, ends);
  const from = market.start[0] ?? 0;
  const to = market.end[market.count - 1] ?? from;
  const last = equity[equity.length - 1] ?? startBalance;
  const cagr = cagrOf(startBalance, last, to - from);
  const drawdown = drawdownOf([startBalance, ...equity]);
  const firstOpen = market.open[0] ?? 1;
  return {
    ...tradeStatistics(trades),
    bars: market.count,
    from,
    to,
    days: daily.length,
    netProfit: last - startBalance,
    returnShare: last / startBalance - 1,
    cagr,
    sharpe: sharpeOf(returns),
    sortino: sortinoOf(returns),
    calmar: ratio(cagr, drawdown.share),
    exposure: result.barsHeld / market.count,
    drawdown,
    drawdownTimes: drawdownTimesOf(market, drawdown),
    drawdownDays: drawdownOf([startBalance, ...ends]).longest,
    dailyVar: varOf(returns),
    dailyCvar: cvarOf(returns),
    buyAndHold: (market.close[market.count - 1] ?? firstOpen) / firstOpen - 1,
    months: monthsOf(startBalance, daily),
    daily,
  };
}

/** A trade with result zero is neither a win nor a loss. */
function tradeStatistics(trades: readonly Trade[]) {
  const nets = trades.map((trade) => trade.net);
  const won = nets.filter((net) => net > 0);
  const lost = nets.filter((net) => net < 0);
  const grossProfit = sumOf(won);
  const grossLoss = sumOf(lost);
  const averageWin = meanOf(won);
  const averageLoss = meanOf(lost);
  const adverse = trades.map((trade) => trade.adverse);
  return {
    trades: trades.length,
    wins: won.length,
    losses: lost.length,
    flat: nets.length - won.length - lost.length,
    grossProfit,
    grossLoss,
    commission: sumOf(trades.map((trade) => trade.commission)),
    profitFactor: ratio(grossProfit, -grossLoss),
    expectancy: meanOf(nets),
    sqn: sqnOf(nets),
    winRate: ratio(won.length, nets.length),
    averageWin,
    averageLoss,
    payoff: ratio(averageWin, averageLoss === undefined ? undefined : -averageLoss),
    averageBars: meanOf(trades.map((trade) => trade.bars)),
    averageAdverse: meanOf(adverse),
    averageFavourable: meanOf(trades.map((trade) => trade.favourable)),
    worstAdverse: adverse.length === 0 ? undefined : adverse.reduce((a, b) => Math.max(a, b)),
    longestWins: longestStreak(nets, 1),
    longestLosses: longestStreak(nets, -1),
  };
}
