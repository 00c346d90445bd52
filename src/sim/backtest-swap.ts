/**
 * Swap of a backtest: what a position costs, or earns, a night.
 * Deliberately no rate of its own: long, short, the day of three nights and the hour are stated.
 */
import { type Money, money, mulDiv, type Side, type Volume } from '../engine/index.ts';
import { DAY_MS } from './fcpo.ts';

export interface SwapRule {
  /** Minor units of the account a lot and night; negative is paid. */
  readonly long: number;
  readonly short: number;
  /** The day whose night counts three times, for the weekend: 1 Monday to 5 Friday, in UTC. */
  readonly tripleDay: number;
  /** Milliseconds after midnight UTC: who holds a position then, holds it over night. */
  readonly at: number;
}

/** 1 January 1970 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/** How many nights lie after one instant and not after another; none on Saturday and Sunday. */
export function nightsBetween({ at, tripleDay }: SwapRule, from: number, to: number): number {
  let nights = 0;
  const first = Math.floor((from - at) / DAY_MS) + 1;
  const last = Math.floor((to - at) / DAY_MS);
  for (let day = first; day <= last; day += 1) {
    const weekday = weekdayOf(day);
    if (weekday === tripleDay) nights += 3;
    else if (weekday !== 0 && weekday !== 6) nights += 1;
  }
  return nights;
}

/** For a position of that side and volume; half a minor unit away from zero, as brokers round. */
export function swapOf(
  rule: SwapRule,
  held: { readonly side: Side; readonly volume: Volume },
  nights: number,
  lotSize: Volume,
): Money {
  const rate = held.side === 'buy' ? rule.long : rule.short;
  return money(mulDiv(rate * nights, held.volume, lotSize, 'away'));
}
