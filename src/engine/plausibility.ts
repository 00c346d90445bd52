/**
 * What a message of the broker cannot mean: numbers that no price, volume, amount or instant has
 * (F16, F59, F74, I14). The first field that is off, with its value, or nothing.
 * Deliberately knows no order of ours: words that deny what we know are in `denials.ts`.
 */
import type { BrokerEvent, ShadowLeg } from './event.ts';
import type {
  Account,
  Bar,
  BrokerPosition,
  BrokerSnapshot,
  Deal,
  DealClose,
  Instrument,
  OrderUpdate,
} from './model.ts';
import type { Wall } from './units.ts';

/** A hundred million quote units: beyond any market, and times a volume it keeps its digits. */
const PRICE_MAX = 1e13;
const VOLUME_MAX = 1e13;
/** Minor units; sums of a few of them are still exact. */
const MONEY_MAX = 1e15;
/** 1971 to 2100: a recorded past is none too old, and a time in other units never fits. */
const EPOCH = 31_536_000_000;
const LAST_DAY = 4_102_444_800_000;
/** A clock without a battery is decades off, which CLOCK is for; not more. */
const CENTURY_MS = 3_155_760_000_000;
/** How wrong our own clock may be (F66) before the broker's time looks like nonsense. */
export const CLOCK_SLACK_MS = 26 * 3_600_000;

/** As a word of ours: what is no number is not written down as one (I14). */
const said = (value: unknown): string => (Number.isFinite(value) ? String(value) : 'no number');

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

/** A price that a market can have. On the way of every quote. */
export const isPrice = (value: number): boolean =>
  value > 0 && value <= PRICE_MAX && Number.isSafeInteger(value);

const isVolume = (value: number): boolean => isWhole(value, 1, VOLUME_MAX);
const isAmount = (value: number): boolean => isWhole(value, -MONEY_MAX, MONEY_MAX);
const isCount = (value: number): boolean => isWhole(value, 0, MONEY_MAX);
const isExponent = (value: number): boolean => isWhole(value, 0, 8);

/** An instant that the broker may speak of now: ended, or nearly so. */
export const isInstant = (value: number, now: Wall): boolean =>
  isWhole(value, EPOCH, now + CLOCK_SLACK_MS);

/** True when a live price may bear that stamp: our clock is at most a day and a bit off. */
export const isNow = (time: number, now: Wall): boolean =>
  Math.abs(time - now) <= CLOCK_SLACK_MS && Number.isSafeInteger(time);

/** An absent value is never wrong here: who needs it asks (F16). */
const orAbsent =
  (holds: (value: number) => boolean) =>
  (value: number | undefined): boolean =>
    value === undefined || holds(value);

const levelFits = orAbsent(isPrice);

/** What a field must hold by a time of ours; most hold at any. */
type Holds = (value: never, now: Wall) => boolean;
type Fields<T> = readonly (readonly [name: Extract<keyof T, string>, holds: Holds])[];

function firstOff<T extends object>(
  what: string,
  facts: T,
  fields: Fields<T>,
  now: Wall,
): string | undefined {
  for (const field of fields) {
    const value = facts[field[0]];
    if (!field[1](value as never, now)) return `${what} ${field[0]} ${said(value)}`;
  }
  return undefined;
}

const ACCOUNT: Fields<Account> = [
  ['balance', isAmount],
  ['balanceVersion', isCount],
  ['exponent', isExponent],
  ['leverageCents', isVolume],
];

const LEVELS: Fields<Pick<BrokerPosition, 'stop' | 'target'>> = [
  ['stop', levelFits],
  ['target', levelFits],
];

const CLOSE: Fields<DealClose> = [
  ['entryPrice', isPrice],
  ['closedVolume', isVolume],
  ['grossProfit', isAmount],
  ['swap', isAmount],
  ['commission', isAmount],
  ['conversionFee', isAmount],
  ['balance', isAmount],
  ['balanceVersion', isCount],
];

const BAR: Fields<Bar> = [
  ['open', isPrice],
  ['high', isPrice],
  ['low', isPrice],
  ['close', isPrice],
];

const INSTRUMENT: Fields<Instrument> = [
  ['digits', (value: number) => isWhole(value, 0, 5)],
  ['lotSize', isVolume],
  ['minVolume', isVolume],
  ['maxVolume', isVolume],
  ['stepVolume', isVolume],
  ['stopDistanceMin', (value: number) => isWhole(value, 0, PRICE_MAX)],
  ['targetDistanceMin', (value: number) => isWhole(value, 0, PRICE_MAX)],
];

const DEAL: Fields<Deal> = [
  ['filled', isVolume],
  ['price', isPrice],
  ['time', isInstant],
  ['commission', isAmount],
  ['exponent', isExponent],
];

const ORDER: Fields<OrderUpdate> = [
  ['executed', isCount],
  ['stop', levelFits],
  ['target', levelFits],
  ['waitsAt', levelFits],
  ['time', isInstant],
];

const POSITION: Fields<BrokerPosition> = [
  ['volume', isVolume],
  ['entry', isPrice],
  ...LEVELS,
  ['openedAt', isInstant],
  ['swap', isAmount],
  ['commission', isAmount],
  ['usedMargin', isAmount],
];

const LEG: Fields<ShadowLeg> = [
  ['filled', isCount],
  ['entry', levelFits],
  ['exit', levelFits],
  ['exitAt', orAbsent((value) => isWhole(value, EPOCH, LAST_DAY))],
  ['net', isAmount],
];

/** Worth of a volume at a price in minor units: beyond this no mark could be computed. */
const isTooMuch = (price: number, volume: number, exponent: number): boolean =>
  (price / 1e5) * (volume / 100) * 10 ** exponent > MONEY_MAX;

function dealOff(deal: Deal, now: Wall): string | undefined {
  const { close, price, filled, exponent } = deal;
  const off = firstOff('deal', deal, DEAL, now) ?? (close && firstOff('deal', close, CLOSE, now));
  if (off !== undefined) return off;
  if (isTooMuch(price, filled, exponent)) return `deal filled ${filled}`;
  if (close !== undefined && close.closedVolume > filled) {
    return `deal closedVolume ${close.closedVolume}, filled ${filled}`;
  }
  return undefined;
}

function orderOff(update: OrderUpdate, now: Wall): string | undefined {
  const { executed, volume, protective } = update;
  // The protective order of a position that is over may show no volume any more.
  const isSized = protective ? isCount(volume) : isVolume(volume);
  if (!isSized) return `order volume ${said(volume)}`;
  const off = firstOff('order', update, ORDER, now);
  return off ?? (executed > volume ? `order executed ${executed} of ${volume}` : undefined);
}

function positionOff(position: BrokerPosition, exponent: number, now: Wall): string | undefined {
  const { entry, volume } = position;
  const off = firstOff('position', position, POSITION, now);
  return off ?? (isTooMuch(entry, volume, exponent) ? `position volume ${volume}` : undefined);
}

/** One impossible number makes the whole look worthless: a part of it proves nothing (R28). */
function snapshotOff(shown: BrokerSnapshot, now: Wall): string | undefined {
  const { account, positions, orders, endedOrders, deals, historyFrom, historyTo } = shown;
  const off = firstOff('account', account, ACCOUNT, now);
  if (off !== undefined) return off;
  if (historyTo !== undefined && !isInstant(historyTo, now)) return `historyTo ${said(historyTo)}`;
  if (historyFrom !== undefined && !Number.isSafeInteger(historyFrom)) {
    return `historyFrom ${said(historyFrom)}`;
  }
  return (
    first(positions, (one) => positionOff(one, account.exponent, now)) ??
    first(orders, (one) => orderOff(one, now)) ??
    first(endedOrders, (one) => orderOff(one, now)) ??
    first(deals, (one) => dealOff(one, now))
  );
}

function first<T>(list: readonly T[], off: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const found = off(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A bar that no market can have drawn, or one from tomorrow, would hold up all that follow. */
export function barOff(bar: Bar, asOf: Wall): string | undefined {
  const off = firstOff('bar', bar, BAR, asOf);
  if (off !== undefined) return off;
  const { open, high, low, close, openTime } = bar;
  if (!isWhole(openTime, EPOCH, asOf)) return `bar openTime ${said(openTime)}`;
  const isDrawn = low <= open && low <= close && high >= open && high >= close;
  return isDrawn ? undefined : `bar low ${low} high ${high}`;
}

function instrumentOff(instrument: Instrument, now: Wall): string | undefined {
  const off = firstOff('instrument', instrument, INSTRUMENT, now);
  if (off !== undefined) return off;
  const { minVolume, maxVolume, sessions } = instrument;
  if (minVolume > maxVolume) return `instrument minVolume ${minVolume} above ${maxVolume}`;
  return first(sessions, ({ open, close }) =>
    isWhole(open, EPOCH, LAST_DAY) && isWhole(close, open + 1, LAST_DAY)
      ? undefined
      : `instrument session ${said(open)} to ${said(close)}`,
  );
}

const legOff = (leg: ShadowLeg, now: Wall): string | undefined => firstOff('twin', leg, LEG, now);

type Offs = {
  readonly [T in BrokerEvent['type']]: (
    event: Extract<BrokerEvent, { type: T }>,
    now: Wall,
  ) => string | undefined;
};

const fits = (): undefined => undefined;

/** One row a message. Prices, rates and bars are judged where they are taken, one by one. */
const OFFS: Offs = {
  link: fits,
  quote: fits,
  conversion: fits,
  sent: fits,
  requestFailed: fits,
  barsLoaded: ({ asOf }, now) => (isInstant(asOf, now) ? undefined : `bars asOf ${said(asOf)}`),
  instrument: ({ instrument }, now) => instrumentOff(instrument, now),
  account: ({ account }, now) => firstOff('account', account, ACCOUNT, now),
  orderUpdate: ({ update }, now) => orderOff(update, now),
  deal: ({ deal }, now) => dealOff(deal, now),
  protection: (event, now) => firstOff('position', event, LEVELS, now),
  brokerSnapshot: ({ pass }, now) => (pass.complete ? snapshotOff(pass.snapshot, now) : undefined),
  clockSkew: ({ skewMs }) =>
    isWhole(skewMs, -CENTURY_MS, CENTURY_MS) ? undefined : `clock difference ${said(skewMs)}`,
  brokerPnl: ({ positions }) =>
    first(positions, ({ net }) => (isAmount(net) ? undefined : `net ${said(net)}`)),
  shadow: ({ real, paper }, now) => legOff(real, now) ?? legOff(paper, now),
};

/** The first thing in a message that cannot be, in words; nothing when all of it may be true. */
export function absurdityOf<T extends BrokerEvent['type']>(
  event: Extract<BrokerEvent, { type: T }>,
  now: Wall,
): string | undefined {
  return OFFS[event.type as T](event, now);
}
