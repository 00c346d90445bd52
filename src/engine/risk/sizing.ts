/**
 * Volume from stop distance, equity and the instrument's grid: always rounded down, never raised
 * (F41).
 * Deliberately refuses what it cannot know, such as a rate that is missing or old (I32).
 */
import type { EngineConfig } from '../config.ts';
import { type Chain, convertedUp } from '../conversion.ts';
import type { DecisionTerms } from '../decision-record.ts';
import { moneyText, volumeText } from '../format.ts';
import {
  type Money,
  money,
  mulDiv,
  type Price,
  priceBps,
  snapPrice,
  subMoney,
  tickSize,
  type Volume,
  volume,
  worth,
} from '../units.ts';

export type Sizing =
  | {
      readonly ok: true;
      readonly volume: Volume;
      readonly stopDistance: Price;
      readonly targetDistance: Price;
      readonly risk: Money;
      /** The price it was sized for. */
      readonly at: Price;
    }
  | { readonly ok: false; readonly reason: string };

export interface SizingInput {
  readonly config: EngineConfig;
  readonly instrument: DecisionTerms['instrument'];
  readonly account: NonNullable<DecisionTerms['account']>;
  readonly equity: Money;
  readonly usedMargin: Money;
  /** The price the entry would pay. */
  readonly at: Price;
  /** From the quote currency to the account's; absent when it is missing or old (F60, I32). */
  readonly chain: Chain | undefined;
}

const denied = (reason: string): Sizing => ({ ok: false, reason });

/** The largest volume whose loss at the stop stays within the risk budget and the free margin. */
export function sizeEntry(input: SizingInput): Sizing {
  const { config, instrument, account, equity, chain } = input;
  if (chain === undefined) {
    return denied(`no fresh rate from ${instrument.quoteCurrency} to ${account.currency}`);
  }
  const distances = plannedDistances(input);
  if (typeof distances === 'string') return denied(distances);
  const step = instrument.stepVolume;
  const perStep = riskOf(step, distances.stop, account.exponent, chain);
  const wanted = wantedOf(equity, perStep, config, step);
  if (wanted === undefined) return denied('no risk budget');
  const size = volume(Math.min(wanted, instrument.maxVolume - (instrument.maxVolume % step)));
  if (size < instrument.minVolume) {
    const least = volumeText(instrument.minVolume);
    return denied(`${volumeText(volume(wanted))} is below the minimum ${least}`);
  }
  const margin = marginOf(input, size, chain);
  const free = subMoney(equity, input.usedMargin);
  if (margin > free) {
    const { exponent } = account;
    return denied(`margin ${moneyText(margin, exponent)} over free ${moneyText(free, exponent)}`);
  }
  return {
    ok: true,
    volume: size,
    stopDistance: distances.stop,
    targetDistance: distances.target,
    risk: riskOf(size, distances.stop, account.exponent, chain),
    at: input.at,
  };
}

/**
 * True when the budget does not pay for the least volume at this price. The stop is no closer at a
 * higher price, so then it does not at any higher price either.
 */
export function isTooSmall(input: SizingInput): boolean {
  const { config, instrument, account, equity, chain } = input;
  const { stepVolume: step, minVolume } = instrument;
  const distances = plannedDistances(input);
  if (chain === undefined || typeof distances === 'string') return false;
  const perStep = riskOf(step, distances.stop, account.exponent, chain);
  const wanted = wantedOf(equity, perStep, config, step);
  return wanted !== undefined && wanted < minVolume;
}

/** What a volume loses at the stop, rounded up. */
const riskOf = (size: Volume, stop: Price, exponent: number, chain: Chain): Money =>
  convertedUp(worth(stop, size, exponent, 'ceil'), chain);

/** As many steps as the budget pays for; nothing when there is no budget. */
function wantedOf(
  equity: Money,
  perStep: Money,
  { riskBps }: EngineConfig,
  step: Volume,
): number | undefined {
  const budget = mulDiv(equity, riskBps, 10_000, 'floor');
  return budget <= 0 || perStep <= 0 ? undefined : Math.floor(budget / perStep) * step;
}

/** Stop rounded away from the market, target towards the entry, both on the grid (F40). */
function plannedDistances(input: SizingInput): { stop: Price; target: Price } | string {
  const { config, instrument, at } = input;
  const { digits } = instrument;
  const stop = snapPrice(priceBps(at, config.stopLossBps, 'ceil'), digits, 'ceil');
  const target = snapPrice(priceBps(at, config.takeProfitBps, 'floor'), digits, 'floor');
  const tick = tickSize(digits);
  if (stop < tick || target < tick) return 'stop or target is below one tick';
  if (stop < instrument.stopDistanceMin) return "the stop is closer than the broker's minimum";
  if (target < instrument.targetDistanceMin)
    return "the target is closer than the broker's minimum";
  return { stop, target };
}

/** Margin of a volume at the account's leverage: worth / leverage, rounded up. */
export function marginOf(input: SizingInput, size: Volume, chain: Chain): Money {
  const notional = convertedUp(worth(input.at, size, input.account.exponent, 'ceil'), chain);
  return money(mulDiv(notional, 100, Math.max(100, input.account.leverageCents), 'ceil'));
}
