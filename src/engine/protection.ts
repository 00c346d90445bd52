/**
 * The stop and target of a position: what the broker shows is judged, repaired and improved.
 * Deliberately moves a stop towards the market only, by configuration; whoever loosens it, it is
 * not this engine (I10). Every change asks for both legs and is read back (F39).
 */

import { DEADLINES } from './config.ts';
import { copyOfPosition, type Mutable, positionWith } from './copies.ts';
import { priceText } from './format.ts';
import { byId } from './ids.ts';
import { askReconcile, canAsk } from './inquiry.ts';
import { freshQuote } from './market.ts';
import type { Side } from './model.ts';
import { plannedStop, putPosition } from './positions.ts';
import { amendKey, mayAct, requestAmend, requestClose } from './requests.ts';
import { trip } from './risk/breakers.ts';
import { closeRefusal } from './risk/egress.ts';
import type { Position } from './state.ts';
import { alert, type Turn, tell } from './turn.ts';
import { mulDiv, type Price, price, snapPrice, tickSize } from './units.ts';

/** What the broker shows; absent means that it shows none. */
export interface Levels {
  readonly stop?: Price | undefined;
  readonly target?: Price | undefined;
}

/** How often a level that is not as it should be is asked for again. */
const REPAIR_TRIES = 3;
/** Between two improvements of one stop; and the part of the distance that is worth one. */
const IMPROVE_APART_MS = 5_000;
const IMPROVE_PART = 10;

/** True when a stop is further from the market than another one. */
export const isLooser = (side: Side, stop: Price, than: Price): boolean =>
  side === 'buy' ? stop < than : stop > than;

/**
 * A new position with the levels that the broker shows now: our own change read back (F39), a
 * looser stop kept within the planned loss and restored beyond it (R20, F38, F49), all else taken
 * (R19, R21).
 */
export function takeLevels(turn: Turn, known: Position, shown: Levels): Mutable<Position> {
  const { stop, target } = shown;
  const next = copyOfPosition(readBack(turn, known, shown));
  next.stop = stop;
  next.target = target;
  if (!known.ours || stop === undefined) return next;
  const worst = worstStop(turn, known);
  const isBeyond = worst !== undefined && isLooser(known.side, stop, worst.limit);
  if (known.stop === undefined) {
    // F49: the first stop of a fill; the plan is what was sized for.
    const isPlanned = known.orderId !== undefined && isBeyond;
    if (isPlanned) next.repair = { stop: worst.stop, target, tries: 0 };
    return next;
  }
  if (!isLooser(known.side, stop, known.stop)) return next;
  const digits = turn.core.instrument?.digits ?? 5;
  const words = `${priceText(known.stop, digits)} to ${priceText(stop, digits)}`;
  if (!isBeyond) {
    const text = `the stop of position ${known.id} was loosened from outside: ${words} (R20)`;
    tell(turn, 'position', 'warn', text);
    return next;
  }
  trip(turn, 'INTEGRITY', `the stop of position ${known.id} was loosened: ${words} (R20)`);
  const back = isLooser(known.side, known.stop, worst.limit) ? worst.stop : known.stop;
  next.repair = { stop: back, target, tries: 0 };
  return next;
}

/** The broker answered our amend, in whole or in part; an older word of levels proves nothing. */
function readBack(turn: Turn, known: Position, { stop, target }: Levels): Position {
  const { amending } = known;
  if (amending === undefined || stop !== amending.stop) return known;
  if (target === amending.target) {
    return positionWith(known, { amending: undefined, repair: undefined });
  }
  if (amending.target === undefined) return positionWith(known, { amending: undefined });
  const tries = known.repair?.tries ?? 0;
  tell(turn, 'position', 'bad', `position ${known.id} lost its target with the amend (F39)`);
  const repair = { stop: amending.stop, target: amending.target, tries };
  return positionWith(known, { amending: undefined, repair });
}

/** The stop that the position was sized for, and how far a rounding may be from it. */
function worstStop(turn: Turn, position: Position) {
  const stop = plannedStop(turn, position);
  const { instrument } = turn.core;
  if (stop === undefined || instrument === undefined) return undefined;
  const tick = tickSize(instrument.digits);
  return { stop, limit: price(position.side === 'buy' ? stop - tick : stop + tick) };
}

/** On the clock: what is asked and not answered, what must be repaired, what may be improved. */
export function tendProtection(turn: Turn, position: Position): void {
  const { amending, repair, closing, ours, state } = position;
  if (amending !== undefined) {
    if (turn.at.mono - amending.askedAt <= DEADLINES.bytesToEvidenceMs) return;
    putPosition(turn, positionWith(position, { amending: undefined }));
    tell(turn, 'position', 'warn', `no word about the levels of position ${position.id} (F39)`);
    if (canAsk(turn.core)) askReconcile(turn);
    return;
  }
  if (!ours || closing !== undefined || state !== 'PROTECTED') return;
  if (closeRefusal(turn) !== undefined) return;
  if (repair !== undefined) repairLevels(turn, position, repair);
  else if (position.wanted === undefined) improveStop(turn, position);
}

function repairLevels(
  turn: Turn,
  position: Position,
  repair: NonNullable<Position['repair']>,
): void {
  const { stop, side, id } = position;
  const isTight = stop !== undefined && !isLooser(side, stop, repair.stop);
  const isWhole = position.target === repair.target || repair.target === undefined;
  if (isTight && isWhole) {
    putPosition(turn, positionWith(position, { repair: undefined }));
  } else if (repair.tries >= REPAIR_TRIES) {
    putPosition(turn, positionWith(position, { repair: undefined }));
    alert(turn, 'critical', `the levels of position ${id} cannot be repaired`);
    if (!isTight) requestClose(turn, position, 'its stop cannot be restored (R20)');
  } else if (mayAct(turn.core, turn.at.mono, amendKey(id))) {
    const next = positionWith(position, { repair: { ...repair, tries: repair.tries + 1 } });
    const levels = { stop: isTight ? stop : repair.stop, target: repair.target ?? position.target };
    requestAmend(turn, next, levels, isTight ? 'restore the target' : 'restore the stop (R20)');
  }
}

/** Trailing stop and break-even, both off unless configured: towards the market or not at all. */
function improveStop(turn: Turn, position: Position): void {
  const { core, at } = turn;
  const { config, instrument, link } = core;
  if (config === undefined || instrument === undefined || position.stop === undefined) return;
  if (!(config.trailingStopBps > 0 || config.breakEvenBps > 0) || link.state !== 'READY') return;
  const since = position.improvedAt;
  if (since !== undefined && at.mono - since < IMPROVE_APART_MS) return;
  const quote = freshQuote(turn.market, link.generation, at.mono, config.quoteAgeMaxMs);
  if (quote === undefined) return;
  const now = position.side === 'buy' ? quote.bid : quote.ask;
  const best = bestStop(position, now, config, instrument.digits);
  if (best === undefined || !isWorthIt(position, best, now, instrument)) return;
  if (!mayAct(core, at.mono, amendKey(position.id), false)) return;
  const next = positionWith(position, { improvedAt: at.mono });
  const reason = `the stop follows the market to ${priceText(best, instrument.digits)}`;
  requestAmend(turn, next, { stop: best, target: position.target }, reason);
}

type Following = { readonly trailingStopBps: number; readonly breakEvenBps: number };

/** The tightest stop that the configuration asks for at this price; on the grid, never nearer. */
export function bestStop(
  position: Pick<Position, 'side' | 'entry'>,
  now: Price,
  config: Following,
  digits: number,
): Price | undefined {
  const { side, entry } = position;
  const sign = side === 'buy' ? 1 : -1;
  const stops: number[] = [];
  if (config.trailingStopBps > 0) {
    stops.push(now - sign * mulDiv(now, config.trailingStopBps, 10_000, 'ceil'));
  }
  const gain = sign * (now - entry);
  const due = mulDiv(entry, config.breakEvenBps, 10_000, 'ceil');
  if (config.breakEvenBps > 0 && gain >= due) stops.push(entry);
  if (stops.length === 0) return undefined;
  const best = side === 'buy' ? Math.max(...stops) : Math.min(...stops);
  return snapPrice(price(best), digits, side === 'buy' ? 'floor' : 'ceil');
}

/** Nearer to the market by enough, and still as far from it as the broker wants. */
function isWorthIt(
  { side, stop }: Position,
  best: Price,
  now: Price,
  instrument: { readonly digits: number; readonly stopDistanceMin: Price },
): boolean {
  if (stop === undefined) return false;
  const sign = side === 'buy' ? 1 : -1;
  const tick = tickSize(instrument.digits);
  const left = sign * (now - best);
  const gained = sign * (best - stop);
  const least = Math.max(tick, Math.floor(left / IMPROVE_PART));
  return gained >= least && left >= Math.max(tick, instrument.stopDistanceMin);
}

/** The target of the plan, where a broker would still take it; the market may be beyond. */
export function plannedTarget(turn: Turn, position: Position): Price | undefined {
  const { config, instrument, link } = turn.core;
  const order = byId(turn.core.orders, position.orderId);
  if (config === undefined || instrument === undefined || order === undefined) return undefined;
  const quote = freshQuote(turn.market, link.generation, turn.at.mono, config.quoteAgeMaxMs);
  if (quote === undefined) return undefined;
  const isBuy = position.side === 'buy';
  const raw = isBuy ? position.entry + order.targetDistance : position.entry - order.targetDistance;
  const target = snapPrice(price(raw), instrument.digits, isBuy ? 'floor' : 'ceil');
  const away = isBuy ? target - quote.bid : quote.ask - target;
  return away > instrument.targetDistanceMin ? target : undefined;
}
