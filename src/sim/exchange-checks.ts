/**
 * What the simulated exchange refuses, with the broker's codes and recorded sentences.
 * Deliberately changes nothing: each check reads the state and answers with a refusal or with
 * nothing.
 */
import { sessionAt } from '../engine/calendar.ts';
import {
  type Instrument,
  type Price,
  priceText,
  tickSize,
  VOLUME_SCALE,
  type Volume,
  type Wall,
} from '../engine/index.ts';
import { marginOf } from './costs.ts';
import { freeMarginOf, listedAs, quotedAt, scaleOf, tradedAt } from './exchange-money.ts';
import { positionOf } from './exchange-records.ts';
import type {
  AmendInput,
  ExchangeInput,
  ExchangeState,
  LastQuote,
  Listing,
  PositionFacts,
  RefusalCode,
  SubmitInput,
} from './exchange-types.ts';

export interface Refusal {
  readonly code: RefusalCode;
  readonly description: string;
}

type CloseInput = Extract<ExchangeInput, { type: 'close' }>;

export const isOpen = (instrument: Instrument, now: Wall): boolean =>
  sessionAt(instrument.sessions, now).state === 'open';

const CLOSED: Refusal = {
  code: 'MARKET_CLOSED',
  description: 'Trading is not available: Market is closed.',
};

const unitsText = (size: Volume): string => (size / VOLUME_SCALE).toFixed(2);

/** What every order must satisfy, whatever its kind, the market open or not. */
export function refuseOrder(
  state: ExchangeState,
  input: Pick<SubmitInput, 'instrumentId' | 'volume' | 'stopDistance' | 'targetDistance'> & Texts,
): Refusal | undefined {
  const listing = listedAs(state, input.instrumentId);
  if (listing === undefined) {
    return { code: 'SYMBOL_NOT_FOUND', description: `Symbol not found: ${input.instrumentId}` };
  }
  return (
    refuseTexts(input) ??
    refuseStatus(listing.instrument, 'open') ??
    refuseVolume(listing.instrument, input.volume) ??
    refuseDistance(listing.instrument, 'stop loss', input.stopDistance) ??
    refuseDistance(listing.instrument, 'take profit', input.targetDistance) ??
    refuseMinimum(listing.instrument, input)
  );
}

/** In the order in which the broker looks; the first that applies is the answer. */
export function refuseSubmit(state: ExchangeState, input: SubmitInput): Refusal | undefined {
  const common = refuseOrder(state, input);
  const listing = listedAs(state, input.instrumentId);
  if (common !== undefined || listing === undefined) return common;
  if (!isOpen(listing.instrument, input.time)) return CLOSED;
  return refuseMoney(state, listing, input);
}

type Texts = Pick<SubmitInput, 'clientOrderId' | 'label' | 'comment'>;

function refuseTexts(input: Texts): Refusal | undefined {
  return (
    refuseText('clientOrderId', input.clientOrderId, 50) ??
    refuseText('label', input.label, 100) ??
    refuseText('comment', input.comment, 512)
  );
}

function refuseText(name: string, text: string | undefined, most: number): Refusal | undefined {
  if (text === undefined || text.length <= most) return undefined;
  const description = `${name} is longer than ${most} characters`;
  return { code: 'INVALID_REQUEST', description };
}

function refuseStatus(instrument: Instrument, need: 'open' | 'close'): Refusal | undefined {
  const allowed = instrument.status === 'open' || (need === 'close' && isClosable(instrument));
  if (allowed) return undefined;
  return { code: 'TRADING_DISABLED', description: `Trading is disabled for ${instrument.name}` };
}

const isClosable = (instrument: Instrument): boolean => instrument.status === 'close-only';

function refuseVolume(instrument: Instrument, asked: Volume): Refusal | undefined {
  if (asked < instrument.minVolume) {
    return badVolume(asked, 'smaller than', 'minimum allowed', instrument.minVolume);
  }
  if (asked > instrument.maxVolume) {
    return badVolume(asked, 'bigger than', 'maximum allowed', instrument.maxVolume);
  }
  if (asked % instrument.stepVolume !== 0) {
    return badVolume(asked, 'not a multiple of', 'step', instrument.stepVolume);
  }
  return undefined;
}

const badVolume = (asked: Volume, relation: string, name: string, bound: Volume): Refusal => ({
  code: 'TRADING_BAD_VOLUME',
  description:
    `Order volume = ${unitsText(asked)} is ${relation} ` + `${name} volume = ${unitsText(bound)}.`,
});

function refuseDistance(
  instrument: Instrument,
  name: string,
  distance: Price | undefined,
): Refusal | undefined {
  if (distance === undefined) return undefined;
  if (distance > 0 && distance % tickSize(instrument.digits) === 0) return undefined;
  return { code: 'INVALID_REQUEST', description: `Relative ${name} has invalid precision` };
}

function refuseMinimum(
  instrument: Instrument,
  input: Pick<SubmitInput, 'stopDistance' | 'targetDistance'>,
): Refusal | undefined {
  const { stopDistance, targetDistance } = input;
  const near =
    (stopDistance !== undefined && stopDistance < instrument.stopDistanceMin) ||
    (targetDistance !== undefined && targetDistance < instrument.targetDistanceMin);
  return near
    ? { code: 'TRADING_BAD_STOPS', description: 'Protection is too close to market' }
    : undefined;
}

function refuseMoney(
  state: ExchangeState,
  listing: Listing,
  input: SubmitInput,
): Refusal | undefined {
  const at = tradedAt(quotedAt(state, input.instrumentId), input.side);
  if (at === undefined) return { code: 'NO_QUOTES', description: 'No quotes' };
  const { leverageCents } = state.account;
  const margin = marginOf(at, input.volume, leverageCents, scaleOf(state, listing));
  if (margin <= freeMarginOf(state)) return undefined;
  return { code: 'NOT_ENOUGH_MONEY', description: 'Not enough money' };
}

export function openPosition(state: ExchangeState, id: string): PositionFacts | undefined {
  const position = positionOf(state, id);
  return position?.status === 'OPEN' ? position : undefined;
}

export const positionMissing = (id: string): Refusal => ({
  code: 'POSITION_NOT_FOUND',
  description: `Position not found with id ${id}`,
});

export function refuseClose(state: ExchangeState, input: CloseInput): Refusal | undefined {
  const position = openPosition(state, input.positionId);
  if (position === undefined) return positionMissing(input.positionId);
  const listing = listedAs(state, position.instrumentId);
  if (listing === undefined) return positionMissing(input.positionId);
  const { instrument } = listing;
  const status = refuseStatus(instrument, 'close');
  if (status !== undefined) return status;
  // A remainder off the grid may always be closed whole.
  const whole = input.volume === position.volume;
  const volume = whole ? undefined : refuseVolume(instrument, input.volume);
  if (volume !== undefined) return volume;
  if (input.volume > position.volume) {
    const description =
      `Order volume = ${unitsText(input.volume)} is bigger than ` +
      `position volume = ${unitsText(position.volume)}.`;
    return { code: 'TRADING_BAD_VOLUME', description };
  }
  if (!isOpen(instrument, input.time)) return CLOSED;
  const at = tradedAt(quotedAt(state, position.instrumentId), closingSide(position));
  return at === undefined ? { code: 'NO_QUOTES', description: 'No quotes' } : undefined;
}

const closingSide = (position: PositionFacts) => (position.side === 'buy' ? 'sell' : 'buy');

/** One bad level refuses the whole amend; nothing changes. */
export function refuseAmend(state: ExchangeState, input: AmendInput): Refusal | undefined {
  const position = openPosition(state, input.positionId);
  const listing = position && listedAs(state, position.instrumentId);
  if (position === undefined || listing === undefined) return positionMissing(input.positionId);
  if (input.stop === undefined && input.target === undefined) {
    const bare = position.protectiveOrderId === undefined;
    return bare ? { code: 'INVALID_REQUEST', description: 'Nothing to amend.' } : undefined;
  }
  const { instrument } = listing;
  return (
    refuseAbsurd('stopLoss', input.stop) ??
    refuseAbsurd('takeProfit', input.target) ??
    refuseGrid(instrument, input.stop) ??
    refuseGrid(instrument, input.target) ??
    refuseLevels(instrument, position, quotedAt(state, position.instrumentId), input)
  );
}

/** A level is a price: zero and less are none (F15). */
function refuseAbsurd(name: string, level: Price | undefined): Refusal | undefined {
  if (level === undefined || (Number.isSafeInteger(level) && level > 0)) return undefined;
  return { code: 'INVALID_REQUEST', description: `Invalid ${name} price` };
}

function refuseGrid(instrument: Instrument, level: Price | undefined): Refusal | undefined {
  if (level === undefined || level % tickSize(instrument.digits) === 0) return undefined;
  const description =
    `Order price = ${decimals(level)} has more digits than symbol allows. ` +
    `Allowed ${instrument.digits} digits`;
  return { code: 'INVALID_REQUEST', description };
}

const decimals = (level: Price): string => priceText(level, 5).replace(/0+$/, '');

function refuseLevels(
  instrument: Instrument,
  position: PositionFacts,
  quote: LastQuote | undefined,
  input: AmendInput,
): Refusal | undefined {
  const long = position.side === 'buy';
  const now = long ? quote?.bid : quote?.ask;
  if (now === undefined) return { code: 'NO_QUOTES', description: 'No quotes' };
  const bad = (name: 'TP' | 'SL', relation: '>=' | '<=', level: Price): Refusal => {
    const [kind, side] = long ? ['BUY', 'BID'] : ['SELL', 'ASK'];
    const description =
      `New ${name} for ${kind} position should be ${relation} current ${side} price. ` +
      `current ${side}: ${priceText(now, instrument.digits)}, ` +
      `${name}: ${priceText(level, instrument.digits)}`;
    return { code: 'TRADING_BAD_STOPS', description };
  };
  const { stop, target } = input;
  const gain = target === undefined ? undefined : long ? target - now : now - target;
  if (target !== undefined && gain !== undefined && gain < instrument.targetDistanceMin) {
    return bad('TP', long ? '>=' : '<=', target);
  }
  const loss = stop === undefined ? undefined : long ? now - stop : stop - now;
  if (stop !== undefined && loss !== undefined && loss < instrument.stopDistanceMin) {
    return bad('SL', long ? '<=' : '>=', stop);
  }
  return undefined;
}
