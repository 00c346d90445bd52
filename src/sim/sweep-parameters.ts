/**
 * What a sweep may vary: names, bounds and steps, and what each value changes in a backtest.
 * Deliberately one table; the four of `CORE_NAMES` share an index, any other one asks for its own.
 */
import { type EngineConfig, money } from '../engine/index.ts';
import type { BacktestSetup } from './backtest.ts';
import type { BacktestCosts } from './backtest-broker.ts';
import { distanceOf } from './backtest-market.ts';

/** Always in a row, and the first columns of the CSV. */
export const CORE_NAMES = ['rsi_buy', 'rsi_sell', 'tp', 'sl'] as const;
export type CoreName = (typeof CORE_NAMES)[number];

/** In a row when they are swept. */
export const OTHER_NAMES = [
  'rsi_period',
  'ema_period',
  'trend_filter',
  'sentiment_threshold',
  'risk',
  'daily_loss',
  'loss_streak',
  'spread_max',
  'max_positions',
  'trailing_stop',
  'break_even',
  'spread',
  'slippage',
  'commission',
  'balance',
] as const;
export type OtherName = (typeof OTHER_NAMES)[number];

export type SweepName = CoreName | OtherName;
export const SWEEP_NAMES: readonly SweepName[] = [...CORE_NAMES, ...OTHER_NAMES];

/** Smallest and largest value, and whether only whole ones are allowed. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
}

const whole = (low: number, high: number): Bounds => ({ low, high, isWhole: true });
const hundredths = (low: number, high: number): Bounds => ({ low, high, isWhole: false });

/** RSI points, percent, bars, units of the price, or units of the account's money. */
export const BOUNDS: Readonly<Record<SweepName, Bounds>> = {
  rsi_buy: hundredths(1, 99),
  rsi_sell: hundredths(1, 99),
  tp: hundredths(0.1, 50),
  sl: hundredths(0.1, 20),
  rsi_period: whole(2, 100),
  ema_period: whole(2, 400),
  trend_filter: whole(0, 1),
  sentiment_threshold: whole(0, 100),
  risk: hundredths(0.1, 5),
  daily_loss: hundredths(0.1, 20),
  loss_streak: whole(1, 20),
  spread_max: hundredths(0.01, 5),
  max_positions: whole(1, 10),
  trailing_stop: hundredths(0, 20),
  break_even: hundredths(0, 20),
  spread: hundredths(0, 10_000),
  slippage: hundredths(0, 10_000),
  commission: hundredths(0, 10_000),
  balance: hundredths(1, 1_000_000_000),
};

const bps = (percent: number): number => Math.round(percent * 100);

const config =
  (change: (value: number) => Partial<EngineConfig>) =>
  (setup: BacktestSetup, value: number): BacktestSetup => ({
    ...setup,
    config: { ...setup.config, ...change(value) },
  });

const costs =
  (change: (value: number) => Partial<BacktestCosts>) =>
  (setup: BacktestSetup, value: number): BacktestSetup => ({
    ...setup,
    costs: { ...setup.costs, ...change(value) },
  });

type Change = (setup: BacktestSetup, value: number) => BacktestSetup;

/** The setup with one value changed, as `backtest` would be told. */
export const CHANGES: Readonly<Record<SweepName, Change>> = {
  rsi_buy: config((value) => ({ rsiOversold: value })),
  rsi_sell: config((value) => ({ rsiOverbought: value })),
  tp: config((value) => ({ takeProfitBps: bps(value) })),
  sl: config((value) => ({ stopLossBps: bps(value) })),
  rsi_period: config((value) => ({ rsiPeriod: value })),
  ema_period: config((value) => ({ emaPeriod: value })),
  trend_filter: config((value) => ({ trendFilter: value === 1 })),
  sentiment_threshold: config((value) => ({ sentimentThreshold: value })),
  risk: config((value) => ({ riskBps: bps(value) })),
  daily_loss: config((value) => ({ maxDailyLossBps: bps(value) })),
  loss_streak: config((value) => ({ lossStreakMax: value })),
  spread_max: config((value) => ({ spreadMaxBps: bps(value) })),
  max_positions: config((value) => ({ maxPositions: value })),
  trailing_stop: config((value) => ({ trailingStopBps: bps(value) })),
  break_even: config((value) => ({ breakEvenBps: bps(value) })),
  spread: costs((value) => ({ spread: distanceOf(value) })),
  slippage: costs((value) => ({ slippage: distanceOf(value) })),
  commission: costs((value) => ({
    commission: { type: 'perLot', minorPerLot: Math.round(value * 100) },
  })),
  balance: (setup, value) => ({
    ...setup,
    account: {
      ...setup.account,
      balance: money(Math.round(value * 10 ** setup.account.exponent)),
    },
  }),
};
