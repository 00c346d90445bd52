/**
 * The latching breakers as a table: what trips each, what clears it, how far it is from tripping.
 * Deliberately never cleared by an evaluation that merely finds nothing wrong: only by its own rule
 * or
 * an audited reset (I21). Unknown input counts as tripped for entries (rule 1).
 */
import { dayPnl, dayPnlWith, openPnlAt } from '../accounting.ts';
import { dayKeyOf, sessionAt } from '../calendar.ts';
import { DEADLINES, LIMITS } from '../config.ts';
import { copyOfBreaker, copyOfBreakers } from '../copies.ts';
import { BREAKERS, type BreakerName } from '../event.ts';
import { bpsText } from '../format.ts';
import { ATR_PERIOD, atrValue } from '../indicators.ts';
import { freshQuote } from '../market.ts';
import { type Breaker, CLEAR_BREAKER, type Core } from '../state.ts';
import { sizeOf } from '../trail.ts';
import { alert, change, owned, record, type Turn, tell } from '../turn.ts';
import { type Money, mulDiv, type Price, productAtMost } from '../units.ts';
import { BREAKER_ROWS } from './breaker-rows.ts';
import { type BreakerRule, calmFor, heldFor, manual, nextDay, type View } from './breaker-rule.ts';

export type { BreakerRule, View } from './breaker-rule.ts';

/** Inclusive and cross-multiplied: no rounding may save the last cent (F59). */
function reachesLimit({ config, day }: Core, pnl: Money | undefined): boolean {
  if (pnl === undefined || config === undefined || day === undefined) return false;
  return productAtMost(pnl, 10_000, -day.openingEquity, config.maxDailyLossBps);
}

/**
 * True when quotes up to that closing price could change the breaker that a quote can change: then
 * each of them must be looked at. Of several positions nobody knows the worst moment.
 */
export function mayLoseTheDay({ core }: View, worst: Price): boolean {
  const { positions, breakers } = core;
  const [position] = positions;
  if (position === undefined) return false;
  if (positions.length > 1 || breakers.DAILY_LOSS.tripped) return true;
  const open = openPnlAt(position, core, worst);
  return open !== undefined && reachesLimit(core, dayPnlWith(core, open));
}

function lossReason({ core, market, at }: View): string | undefined {
  const pnl = dayPnl(core, market, at.mono);
  if (core.config === undefined || !reachesLimit(core, pnl)) return undefined;
  const limit = bpsText(core.config.maxDailyLossBps);
  return `the day's result reached -${limit} of the opening equity`;
}

const DAILY_LOSS: BreakerRule = {
  name: 'DAILY_LOSS',
  trips: lossReason,
  clears: (view, breaker) =>
    nextDay(view, breaker) && heldFor(view, breaker, DEADLINES.dailyLossHoldMs),
  resetRefusal: (view) => {
    if (view.core.lossResetDay === dayKeyOf(view.at.wall)) return 'it was reset today already';
    return lossReason(view) === undefined ? undefined : 'the loss still stands at the limit';
  },
  holdsForTheDay: true,
  manualOnly: false,
  on: 'always',
  clearedBy: 'next trading day and 60 min, or reset',
  distance: (view) => {
    const { core } = view;
    const pnl = dayPnl(core, view.market, view.at.mono);
    const limit = core.config?.maxDailyLossBps ?? 0;
    if (pnl === undefined || core.day === undefined || core.day.openingEquity <= 0) {
      return { used: undefined, words: 'not known yet' };
    }
    const bps = mulDiv(pnl, 10_000, core.day.openingEquity, 'away');
    const used = bps < 0 ? Math.min(1, -bps / limit) : 0;
    return { used, words: `${bps > 0 ? '+' : ''}${bpsText(bps)} of -${bpsText(limit)}` };
  },
};

const LOSS_STREAK: BreakerRule = {
  name: 'LOSS_STREAK',
  trips: (view) => {
    const limit = view.core.config?.lossStreakMax ?? 0;
    return view.core.lossStreak >= limit ? `${view.core.lossStreak} losses in a row` : undefined;
  },
  clears: nextDay,
  clearsWhileDue: true,
  forgets: () => ({ lossStreak: 0 }),
  holdsForTheDay: true,
  manualOnly: false,
  on: 'always',
  clearedBy: 'next trading day, or reset',
  distance: (view) => {
    const limit = view.core.config?.lossStreakMax ?? 1;
    const { lossStreak } = view.core;
    return { used: Math.min(1, lossStreak / limit), words: `${lossStreak} of ${limit} losses` };
  },
};

/** ATR and the newest true range as multiples of the median ATR; absent when not computable. */
function heat(view: View): { readonly atr: number; readonly range: number } | undefined {
  const { indicators } = view.market;
  const atr = atrValue(indicators.atr);
  const middle = indicators.atrMedian;
  if (atr === undefined || middle === undefined || middle === 0) return undefined;
  if (sizeOf(indicators.atrSample) < LIMITS.atrSample) return undefined;
  return { atr: atr / middle, range: indicators.atr.range / middle };
}

/** From these multiples of the median on it is wild. */
const WILD = { atr: 2, range: 3 } as const;

/** A little more than that, turned round, so that no rounding of a quotient matters. */
const TAME = { atr: 0.5005, range: 0.3335 } as const;

/** The median from which on a closed bar with these measures cannot trip VOLATILITY. */
export const tameFrom = (atr: number, range: number): number =>
  Math.max(atr * TAME.atr, range * TAME.range);

/** Whether such a bar cannot trip it at that median or a larger one. */
export const isTameAt = (median: number, atr: number, range: number): boolean =>
  atr * TAME.atr <= median && range * TAME.range <= median;

function heatReason(view: View): string | undefined {
  const now = heat(view);
  if (now === undefined) return `fewer than ${LIMITS.atrSample + ATR_PERIOD} bars to measure it`;
  if (now.atr >= WILD.atr) return `ATR is ${now.atr.toFixed(2)} x its median`;
  if (now.range < WILD.range) return undefined;
  return `one bar's range is ${now.range.toFixed(2)} x the median`;
}

const VOLATILITY: BreakerRule = {
  name: 'VOLATILITY',
  trips: heatReason,
  clears: (_view, breaker) => breaker.calmBars >= 3,
  clearsWhileDue: true,
  resetRefusal: () => 'it clears by itself: 3 closed bars with ATR at most 1.5 x its median',
  manualOnly: false,
  on: 'bar',
  clearedBy: '3 closed bars with ATR at most 1.5 x its median',
  distance: (view) => {
    const now = heat(view);
    if (now === undefined) return { used: undefined, words: 'not measurable yet' };
    return { used: Math.min(1, now.atr / 2), words: `ATR ${now.atr.toFixed(2)} of 2.00 x median` };
  },
};

/** How long the feed has been silent while the calendar says open; absent when closed. */
export function feedSilence(view: View): number | undefined {
  const { instrument, link } = view.core;
  if (instrument === undefined || link.state !== 'READY') return undefined;
  const session = sessionAt(instrument.sessions, view.at.wall);
  if (session.state !== 'open' || session.openedAt === undefined) return undefined;
  const quote = view.market.quote;
  const sinceOpen = view.at.wall - session.openedAt;
  const sinceReady = view.at.mono - link.since;
  const bound = Math.min(sinceOpen, sinceReady);
  if (quote === undefined || quote.generation !== link.generation) return bound;
  return Math.min(view.at.mono - quote.acceptedAt, sinceOpen);
}

function silenceReason(view: View): string | undefined {
  const silence = feedSilence(view);
  const limit = view.core.config?.feedAgeMaxMs ?? 0;
  return silence !== undefined && silence > limit
    ? `no quote for ${Math.round(silence / 1_000)} s in an open session`
    : undefined;
}

const FEED: BreakerRule = {
  name: 'FEED',
  trips: silenceReason,
  calm: feedIsFresh,
  clears: (view, breaker) => calmFor(view, breaker, DEADLINES.feedClearsAfterMs),
  resetRefusal: () => 'it clears by itself: 10 s of fresh quotes',
  manualOnly: false,
  on: 'always',
  clearedBy: '10 s of fresh quotes',
  distance: (view) => {
    const silence = feedSilence(view);
    const limit = view.core.config?.feedAgeMaxMs ?? 1;
    if (silence === undefined) return { used: 0, words: 'session closed or no link' };
    const seconds = Math.max(0, Math.floor(silence / 1_000));
    return { used: Math.min(1, silence / limit), words: `${seconds} s of ${limit / 1_000} s` };
  },
};

/** One row a breaker, in the order in which they are shown. */
export const BREAKER_RULES: Readonly<Record<BreakerName, BreakerRule>> = {
  DAILY_LOSS,
  LOSS_STREAK,
  VOLATILITY,
  FEED,
  KILL: manual('KILL', 'reset by the operator only'),
  INTEGRITY: manual('INTEGRITY', 'reset, once the difference is gone'),
  ...BREAKER_ROWS,
};

/** The same in that order as lists: they are walked with every input that is no quote. */
const RULES = BREAKERS.map((name) => BREAKER_RULES[name]);
const RULES_OF_EVERY_LOOK = RULES.filter((rule) => rule.on === 'always');
/** Prices and silence make these due. What the others look at only becomes less with time. */
const MARKET_RULES: readonly BreakerRule[] = [DAILY_LOSS, VOLATILITY, FEED];

/**
 * Trips a breaker once; the record goes to the journal and every entry stops at the gates (I04).
 */
export function trip(turn: Turn, name: BreakerName, reason: string): void {
  const old = turn.core.breakers[name];
  if (old.tripped) return;
  const tripped: Breaker = {
    tripped: true,
    since: turn.at.wall,
    sinceMono: turn.at.mono,
    sinceDay: dayKeyOf(turn.at.wall),
    reason,
    calmSince: undefined,
    calmBars: 0,
  };
  putBreaker(turn, name, tripped);
  record(turn, { kind: 'breaker', breaker: name, change: 'tripped', reason });
  tell(turn, 'breaker', 'bad', `breaker ${name} tripped: ${reason}`);
  alert(turn, name === 'VOLATILITY' ? 'warning' : 'critical', `breaker ${name}: ${reason}`);
}

/** Clears a breaker, by its rule or by an audited reset. */
export function clear(turn: Turn, name: BreakerName, reason: string, by: 'rule' | 'reset'): void {
  if (!turn.core.breakers[name].tripped) return;
  putBreaker(turn, name, CLEAR_BREAKER);
  change(turn, BREAKER_RULES[name].forgets?.(turn.core, by) ?? {});
  record(turn, { kind: 'breaker', breaker: name, change: 'cleared', reason });
  tell(turn, 'breaker', 'good', `breaker ${name} cleared: ${reason}`);
}

/** Trips one breaker when its rule says so now, ready or not: what deals say needs no link. */
export function tripIfDue(turn: Turn, name: BreakerName): void {
  if (turn.core.config === undefined) return;
  const why = BREAKER_RULES[name].trips(turn);
  if (why !== undefined) trip(turn, name, why);
}

/**
 * Looks at every rule; called on clock, deals and account changes, and with `bar` on closed bars.
 */
export function evaluateBreakers(turn: Turn, occasion: 'bar' | 'always'): void {
  if (turn.core.config === undefined) return;
  if (isStill(turn) && isMarketCalm(turn, occasion)) return;
  let isDue = false;
  for (const rule of occasion === 'bar' ? RULES : RULES_OF_EVERY_LOOK) {
    if (!evaluate(turn, rule)) isDue = true;
  }
  if (!isDue) still = lookAt(turn);
}

/** What counted rules look at. */
function lookAt({ core, at }: View) {
  const { breakers, tallies, entriesSent, lossStreak, outside, link, config } = core;
  return { breakers, tallies, entriesSent, lossStreak, outside, link, config, at };
}

/** The last look that found no rule due and none of them tripped. */
let still: ReturnType<typeof lookAt> | undefined;

/** True when no counted rule can be due, or tripped: nothing they look at changed since then. */
function isStill({ core, at }: View): boolean {
  return (
    still !== undefined &&
    core.breakers === still.breakers &&
    core.tallies === still.tallies &&
    core.entriesSent === still.entriesSent &&
    core.lossStreak === still.lossStreak &&
    core.outside === still.outside &&
    core.link === still.link &&
    core.config === still.config &&
    at.mono >= still.at.mono &&
    at.wall >= still.at.wall
  );
}

/** The rules of the market in one look. */
function isMarketCalm(view: View, occasion: 'bar' | 'always'): boolean {
  const { DAILY_LOSS: loss, VOLATILITY: heat, FEED: feed } = view.core.breakers;
  if (loss.tripped || heat.tripped || feed.tripped) return false;
  if (lossReason(view) !== undefined || silenceReason(view) !== undefined) return false;
  return occasion !== 'bar' || heatReason(view) === undefined;
}

/** Only the rule that a single quote can change: the day's loss of an open position. */
export function evaluateOnQuote(turn: Turn): void {
  if (turn.core.positions.length > 0) evaluate(turn, DAILY_LOSS);
}

/**
 * True when, with the core as it is and within that day, only a closed bar (VOLATILITY), silence
 * (FEED) or the price of a position (DAILY_LOSS) can change a breaker: nothing else is due, for
 * what the other rules count only becomes less with time, and what is tripped holds for the day.
 */
export function isCalm(view: View, dayKey: number): boolean {
  const { breakers, positions } = view.core;
  for (const rule of isStill(view) ? MARKET_RULES : RULES) {
    const { tripped, sinceDay } = breakers[rule.name];
    if (tripped) {
      const isHeld = rule.holdsForTheDay === true && sinceDay === dayKey;
      if (!rule.manualOnly && !isHeld) return false;
      continue;
    }
    const isOfMarket = rule === VOLATILITY || rule === FEED;
    if (isOfMarket || (rule === DAILY_LOSS && positions.length > 0)) continue;
    if (rule.trips(view) !== undefined) return false;
  }
  return true;
}

/** True when a rule is neither due nor was. */
function evaluate(turn: Turn, rule: BreakerRule): boolean {
  const breaker = turn.core.breakers[rule.name];
  const why = rule.trips(turn);
  if (!breaker.tripped) {
    const isTold = rule.tripsAnytime === true || ready(turn.core);
    if (why !== undefined && isTold) trip(turn, rule.name, why);
    return why === undefined;
  }
  if (rule.calm !== undefined) watchCalm(turn, rule.name, rule.calm(turn, breaker));
  if (rule.manualOnly) return false;
  const now = turn.core.breakers[rule.name];
  const holds = rule.clearsWhileDue === true ? undefined : why;
  if (holds === undefined && rule.clears(turn, now)) {
    clear(turn, rule.name, rule.clearedBy, 'rule');
  }
  return false;
}

/**
 * Before the first bars are loaded nothing can be measured; entries are blocked by the data gate.
 */
const ready = (core: Core): boolean => core.reconciled && core.instrument !== undefined;

/** Only quotes calm the feed breaker: a closed session or a lost link is silence, not freshness. */
function feedIsFresh({ core, market, at }: View): boolean {
  const { link, config, instrument } = core;
  if (config === undefined || instrument === undefined || link.state !== 'READY') return false;
  if (sessionAt(instrument.sessions, at.wall).state !== 'open') return false;
  return freshQuote(market, link.generation, at.mono, config.quoteAgeMaxMs) !== undefined;
}

/** Remembers since when all has been calm without a break, for the breakers that ask. */
export function watchCalm(turn: Turn, name: BreakerName, calm: boolean): void {
  const breaker = turn.core.breakers[name];
  const since = calm ? (breaker.calmSince ?? turn.at.mono) : undefined;
  if (since === breaker.calmSince) return;
  const watched = copyOfBreaker(breaker);
  watched.calmSince = since;
  putBreaker(turn, name, watched);
}

/** A closed bar counts towards the calm that clears VOLATILITY. */
export function countCalmBar(turn: Turn): void {
  const breaker = turn.core.breakers.VOLATILITY;
  if (!breaker.tripped) return;
  const now = heat(turn);
  const calm = now !== undefined && now.atr <= 1.5 && heatReason(turn) === undefined;
  const counted = copyOfBreaker(breaker);
  counted.calmBars = calm ? breaker.calmBars + 1 : 0;
  putBreaker(turn, 'VOLATILITY', counted);
}

/** The names of those that are tripped, remembered for the record that was asked about last. */
const tripped: { of: Core['breakers'] | undefined; names: readonly BreakerName[] } = {
  of: undefined,
  names: [],
};

export function trippedBreakers({ breakers }: Core): readonly BreakerName[] {
  if (tripped.of !== breakers) {
    tripped.of = breakers;
    tripped.names = BREAKERS.filter((name) => breakers[name].tripped);
  }
  return tripped.names;
}

function putBreaker(turn: Turn, name: BreakerName, breaker: Breaker): void {
  const breakers = copyOfBreakers(turn.core.breakers);
  breakers[name] = breaker;
  owned(turn).breakers = breakers;
}
