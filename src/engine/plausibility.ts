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

/** The words for a value that does not hold. */
const off = (holds: boolean, what: string, value: unknown): string | undefined =>
  holds ? undefined : `${what} ${said(value)}`;

/** An absent value is never wrong here: who needs it asks (F16). */
const levelFits = (value: number | undefined): boolean => value === undefined || isPrice(value);

const accountOff = ({
  balance,
  balanceVersion,
  exponent,
  leverageCents,
}: Account): string | undefined =>
  off(isAmount(balance), 'account balance', balance) ??
  off(isCount(balanceVersion), 'account balanceVersion', balanceVersion) ??
  off(isExponent(exponent), 'account exponent', exponent) ??
  off(isVolume(leverageCents), 'account leverageCents', leverageCents);

/** The levels of a position. */
const levelsOff = ({ stop, target }: Pick<BrokerPosition, 'stop' | 'target'>): string | undefined =>
  off(levelFits(stop), 'position stop', stop) ?? off(levelFits(target), 'position target', target);

const closeOff = ({
  entryPrice,
  closedVolume,
  grossProfit,
  swap,
  commission,
  conversionFee,
  balance,
  balanceVersion,
}: DealClose): string | undefined =>
  off(isPrice(entryPrice), 'deal entryPrice', entryPrice) ??
  off(isVolume(closedVolume), 'deal closedVolume', closedVolume) ??
  off(isAmount(grossProfit), 'deal grossProfit', grossProfit) ??
  off(isAmount(swap), 'deal swap', swap) ??
  off(isAmount(commission), 'deal commission', commission) ??
  off(isAmount(conversionFee), 'deal conversionFee', conversionFee) ??
  off(isAmount(balance), 'deal balance', balance) ??
  off(isCount(balanceVersion), 'deal balanceVersion', balanceVersion);

const pricesOff = ({ open, high, low, close }: Bar): string | undefined =>
  off(isPrice(open), 'bar open', open) ??
  off(isPrice(high), 'bar high', high) ??
  off(isPrice(low), 'bar low', low) ??
  off(isPrice(close), 'bar close', close);

const gridOff = ({
  digits,
  lotSize,
  minVolume,
  maxVolume,
  stepVolume,
  stopDistanceMin,
  targetDistanceMin,
}: Instrument): string | undefined =>
  off(isWhole(digits, 0, 5), 'instrument digits', digits) ??
  off(isVolume(lotSize), 'instrument lotSize', lotSize) ??
  off(isVolume(minVolume), 'instrument minVolume', minVolume) ??
  off(isVolume(maxVolume), 'instrument maxVolume', maxVolume) ??
  off(isVolume(stepVolume), 'instrument stepVolume', stepVolume) ??
  off(isWhole(stopDistanceMin, 0, PRICE_MAX), 'instrument stopDistanceMin', stopDistanceMin) ??
  off(isWhole(targetDistanceMin, 0, PRICE_MAX), 'instrument targetDistanceMin', targetDistanceMin);

/** Worth of a volume at a price in minor units: beyond this no mark could be computed. */
const isTooMuch = (price: number, volume: number, exponent: number): boolean =>
  (price / 1e5) * (volume / 100) * 10 ** exponent > MONEY_MAX;

function dealOff(deal: Deal, now: Wall): string | undefined {
  const { close, price, filled, time, commission, exponent } = deal;
  const found =
    off(isVolume(filled), 'deal filled', filled) ??
    off(isPrice(price), 'deal price', price) ??
    off(isInstant(time, now), 'deal time', time) ??
    off(isAmount(commission), 'deal commission', commission) ??
    off(isExponent(exponent), 'deal exponent', exponent) ??
    (close && closeOff(close));
  if (found !== undefined) return found;
  if (isTooMuch(price, filled, exponent)) return `deal filled ${filled}`;
  if (close !== undefined && close.closedVolume > filled) {
    return `deal closedVolume ${close.closedVolume}, filled ${filled}`;
  }
  return undefined;
}

function orderOff(update: OrderUpdate, now: Wall): string | undefined {
  const { executed, volume, protective, stop, target, waitsAt, time } = update;
  // The protective order of a position that is over may show no volume any more.
  const isSized = protective ? isCount(volume) : isVolume(volume);
  return (
    off(isSized, 'order volume', volume) ??
    off(isCount(executed), 'order executed', executed) ??
    off(levelFits(stop), 'order stop', stop) ??
    off(levelFits(target), 'order target', target) ??
    off(levelFits(waitsAt), 'order waitsAt', waitsAt) ??
    off(isInstant(time, now), 'order time', time) ??
    (executed > volume ? `order executed ${executed} of ${volume}` : undefined)
  );
}

function positionOff(position: BrokerPosition, exponent: number, now: Wall): string | undefined {
  const { entry, volume, openedAt, swap, commission, usedMargin } = position;
  return (
    off(isVolume(volume), 'position volume', volume) ??
    off(isPrice(entry), 'position entry', entry) ??
    levelsOff(position) ??
    off(isInstant(openedAt, now), 'position openedAt', openedAt) ??
    off(isAmount(swap), 'position swap', swap) ??
    off(isAmount(commission), 'position commission', commission) ??
    off(isAmount(usedMargin), 'position usedMargin', usedMargin) ??
    (isTooMuch(entry, volume, exponent) ? `position volume ${volume}` : undefined)
  );
}

/** One impossible number makes the whole look worthless: a part of it proves nothing (R28). */
function snapshotOff(shown: BrokerSnapshot, now: Wall): string | undefined {
  const { account, positions, orders, endedOrders, deals, historyFrom, historyTo } = shown;
  const found = accountOff(account);
  if (found !== undefined) return found;
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
  const found = pricesOff(bar);
  if (found !== undefined) return found;
  const { open, high, low, close, openTime } = bar;
  if (!isWhole(openTime, EPOCH, asOf)) return `bar openTime ${said(openTime)}`;
  const isDrawn = low <= open && low <= close && high >= open && high >= close;
  return isDrawn ? undefined : `bar low ${low} high ${high}`;
}

function instrumentOff(instrument: Instrument): string | undefined {
  const found = gridOff(instrument);
  if (found !== undefined) return found;
  const { minVolume, maxVolume, sessions } = instrument;
  if (minVolume > maxVolume) return `instrument minVolume ${minVolume} above ${maxVolume}`;
  return first(sessions, ({ open, close }) =>
    isWhole(open, EPOCH, LAST_DAY) && isWhole(close, open + 1, LAST_DAY)
      ? undefined
      : `instrument session ${said(open)} to ${said(close)}`,
  );
}

const legOff = ({ filled, entry, exit, exitAt, net }: ShadowLeg): string | undefined =>
  off(isCount(filled), 'twin filled', filled) ??
  off(levelFits(entry), 'twin entry', entry) ??
  off(levelFits(exit), 'twin exit', exit) ??
  off(exitAt === undefined || isWhole(exitAt, EPOCH, LAST_DAY), 'twin exitAt', exitAt) ??
  off(isAmount(net), 'twin net', net);

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
  instrument: ({ instrument }) => instrumentOff(instrument),
  account: ({ account }) => accountOff(account),
  orderUpdate: ({ update }, now) => orderOff(update, now),
  deal: ({ deal }, now) => dealOff(deal, now),
  protection: levelsOff,
  brokerSnapshot: ({ pass }, now) => (pass.complete ? snapshotOff(pass.snapshot, now) : undefined),
  clockSkew: ({ skewMs }) =>
    isWhole(skewMs, -CENTURY_MS, CENTURY_MS) ? undefined : `clock difference ${said(skewMs)}`,
  brokerPnl: ({ positions }) =>
    first(positions, ({ net }) => (isAmount(net) ? undefined : `net ${said(net)}`)),
  shadow: ({ real, paper }) => legOff(real) ?? legOff(paper),
};

/** The first thing in a message that cannot be, in words; nothing when all of it may be true. */
export function absurdityOf<T extends BrokerEvent['type']>(
  event: Extract<BrokerEvent, { type: T }>,
  now: Wall,
): string | undefined {
  return OFFS[event.type as T](event, now);
}
