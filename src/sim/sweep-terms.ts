/**
 * The numbers of a setup as the sweep's kernel needs them, and its two exact money formulas.
 * Deliberately plain doubles: integers throughout, checked once to stay below 2^52.
 */
import { assert, DEADLINES, LIMITS, tickSize } from '../engine/index.ts';
import type { BacktestSetup } from './backtest.ts';
import { instrumentOf, JUMP_MAX } from './backtest-market.ts';
import { rangeOf, type SweepIndex } from './sweep-index.ts';

/** False where the kernel knows no model and the engine itself must run. */
export const screenable = ({ config, costs }: BacktestSetup): boolean =>
  config.maxPositions === 1 &&
  config.trailingStopBps === 0 &&
  config.breakEvenBps === 0 &&
  costs.swap === undefined &&
  costs.commission.type !== 'percentage';

/**
 * False where a price of this market could trip a breaker that the kernel does not know: fills far
 * from what was decided, or many entries refused in a row for a spread that fits at other prices;
 * and where the engine holds a price that jumped until others agree.
 */
export function isCalm({ market, pyramid }: SweepIndex, { config, costs }: BacktestSetup): boolean {
  if (market.largestJump > JUMP_MAX) return false;
  const { low: lowest, high: highest } = rangeOf(pyramid);
  if (costs.slippage * 10_000 > lowest * config.slippageMaxBps) return false;
  const fits = (price: number): boolean =>
    costs.spread <= Math.floor((price * config.spreadMaxBps) / 10_000);
  const isRare = (LIMITS.spreadRefusals - 1) * market.timeframeMs > DEADLINES.spreadWindowMs;
  return isRare || fits(lowest) === fits(highest);
}

/** The numbers of a setup as the kernel needs them, checked to stay exact in doubles. */
export function kernelTerms(index: SweepIndex, setup: BacktestSetup) {
  const { config, account, costs } = setup;
  const { minVolume, maxVolume, stepVolume, lotSize, digits } = instrumentOf(index.market);
  const { high: highest } = rangeOf(index.pyramid);
  assert(highest * maxVolume < 2 ** 51, 'prices and volumes are too large for an exact sweep');
  assert(screenable(setup), 'the kernel screens one position, fixed stops, a commission a lot');
  const divisor = 10_000_000 / 10 ** account.exponent;
  const leverageCents = Math.max(100, account.leverageCents);
  const lot = lotSize as number;
  const [spread, slippage] = [costs.spread as number, costs.slippage as number];
  const minorPerLot = costs.commission.type === 'perLot' ? costs.commission.minorPerLot : 0;
  return {
    balance: account.balance as number,
    divisor,
    leverageCents,
    /** Price times volume times this is the margin, but for rounding. */
    marginShare: 100 / (divisor * leverageCents),
    inverse: 1 / divisor,
    /** Spread, slippage and both commissions of a unit of volume, not rounded. */
    costShare: (spread + slippage) / divisor + (2 * minorPerLot) / lot,
    riskBps: config.riskBps,
    streakMax: config.lossStreakMax,
    entriesPerDay: config.entriesPerDay,
    dailyLossBps: config.maxDailyLossBps,
    tick: tickSize(digits) as number,
    spread,
    slippage,
    minorPerLot,
    min: minVolume as number,
    max: (maxVolume - (maxVolume % stepVolume)) as number,
    step: stepVolume as number,
    lot,
  };
}

export type KernelTerms = ReturnType<typeof kernelTerms>;

/** Quotient of two integers, half away from zero; exact while the product is below 2^52. */
export const away = (product: number, divisor: number): number => {
  const size = Math.floor((Math.abs(product) * 2 + divisor) / (2 * divisor));
  return product < 0 ? -size : size;
};

/** Opening share and closing side of a position. */
export const commissionOf = (terms: KernelTerms, size: number): number =>
  2 * away(terms.minorPerLot * size, terms.lot);
