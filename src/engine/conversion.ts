/**
 * Money of the quote currency as money of the account, through a chain of quotes handed in (F60).
 * Deliberately one-sided: a loss is converted at the rate that makes it larger, a profit at the one
 * that makes it smaller; nothing is ever converted at a rate nobody stated.
 */
import { DEADLINES } from './config.ts';
import type { ConversionEvent, ConversionStep } from './event.ts';
import { isPrice } from './plausibility.ts';
import type { Core } from './state.ts';
import { type CoreToRead, change, record, type Turn, tell } from './turn.ts';
import { type Money, type Mono, money, mulDiv, PRICE_SCALE } from './units.ts';

export type Chain = readonly ConversionStep[];

/** Both currencies are the same. */
const SAME: Chain = [];

/** The newest chain of the instrument's and the account's currencies, of whatever age. */
export function lastChain({ account, instrument, outside }: CoreToRead): Chain | undefined {
  const { conversion } = outside;
  if (account === undefined || instrument === undefined) return undefined;
  if (instrument.quoteCurrency === account.currency) return SAME;
  if (conversion?.chain.from !== instrument.quoteCurrency) return undefined;
  return conversion.chain.to === account.currency ? conversion.chain.steps : undefined;
}

/** The chain an entry may be sized with: of this link session, and young (I15, I32). */
export function freshChain(core: Core, now: Mono): Chain | undefined {
  const chain = lastChain(core);
  if (chain === undefined || chain === SAME) return chain;
  const { link } = core;
  const { conversion } = core.outside;
  if (conversion === undefined || conversion.chain.generation !== link.generation) return undefined;
  return now - conversion.at <= DEADLINES.conversionAgeMs ? chain : undefined;
}

/** An amount that is not negative, at the rates that make it largest, rounded up. */
export const convertedUp = (amount: Money, chain: Chain): Money =>
  chain.reduce(
    (sum, { bid, ask, inverted }) =>
      money(
        inverted ? mulDiv(sum, PRICE_SCALE, bid, 'ceil') : mulDiv(sum, ask, PRICE_SCALE, 'ceil'),
      ),
    amount,
  );

/** An amount that is not negative, at the rates that make it smallest, rounded down. */
export const convertedDown = (amount: Money, chain: Chain): Money =>
  chain.reduce(
    (sum, { bid, ask, inverted }) =>
      money(
        inverted ? mulDiv(sum, PRICE_SCALE, ask, 'floor') : mulDiv(sum, bid, PRICE_SCALE, 'floor'),
      ),
    amount,
  );

/** A profit or a loss at the worse side of every quote. */
export function convertedWorse(amount: Money, chain: Chain): Money {
  if (chain.length === 0) return amount;
  return amount < 0 ? money(-convertedUp(money(-amount), chain)) : convertedDown(amount, chain);
}

/** A hundred thousand of one currency for one of another: more is no rate, and loses digits. */
const RATE_MAX = 1e10;

const isSound = ({ bid, ask }: ConversionStep): boolean =>
  isPrice(bid) && isPrice(ask) && ask >= bid && ask <= 2 * bid && ask <= RATE_MAX;

/** Keeps a sound chain of the present link; anything else changes nothing (F25, F74). */
export function onConversion(turn: Turn, chain: ConversionEvent): void {
  if (chain.generation !== turn.core.link.generation || chain.steps.length === 0) return;
  if (!chain.steps.every(isSound)) {
    const text = `the rates from ${chain.from} to ${chain.to} make no sense`;
    record(turn, { kind: 'note', text: `${text} (F74)` });
    tell(turn, 'system', 'warn', text);
    return;
  }
  const conversion = { chain, at: turn.at.mono };
  change(turn, { outside: { ...turn.core.outside, conversion } });
}
