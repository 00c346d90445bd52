/**
 * What the broker did beside what the paper exchange did with the same orders: the last pairs and
 * running sums.
 * Deliberately for the eye alone: nothing here decides, trips or sends anything.
 */
import { LIMITS } from './config.ts';
import type { ShadowEvent } from './event.ts';
import type { ShadowView } from './snapshot-shape.ts';
import type { Core } from './state.ts';
import { change, type Turn } from './turn.ts';
import { addMoney, type Money, money, type Price, subMoney, tickSize, worth } from './units.ts';

type Pair = ShadowView['pairs'][number];
type Sums = Omit<ShadowView, 'pairs'>;

const NOTHING: Sums = {
  entryTicks: 0,
  exitTicks: 0,
  slippage: money(0),
  divergence: money(0),
  compared: 0,
  missing: 0,
  extra: 0,
};

/** The newest word about a pair takes the place of the older one, in the list and in the sums. */
export function onShadow(turn: Turn, event: ShadowEvent): void {
  const { id, side, real, paper } = event;
  const pair: Pair = { id, side, real, paper };
  const { pairs, ...sums } = turn.core.shadow ?? { pairs: [], ...NOTHING };
  const old = pairs.find((one) => one.id === id);
  const before = old === undefined ? NOTHING : sumsOf(old, turn.core);
  const next = plus(minus(sums, before), sumsOf(pair, turn.core));
  const kept =
    old === undefined
      ? [...pairs, pair].slice(-LIMITS.shadowPairs)
      : pairs.map((one) => (one === old ? pair : one));
  change(turn, { shadow: { pairs: kept, ...next } });
}

/** What one pair adds. */
function sumsOf({ real, paper, side }: Pair, { instrument, account }: Core): Sums {
  if (instrument === undefined || account === undefined) return NOTHING;
  const sign = side === 'buy' ? 1 : -1;
  const entry = worse(real.entry, paper.entry) * sign;
  const isDone = real.state === 'closed' && paper.state === 'closed';
  const exit = isDone ? -worse(real.exit, paper.exit) * sign : 0;
  const tick = tickSize(instrument.digits);
  // On paper a price of another currency is worth one to one: no sum of money to compare.
  const isOwn = instrument.quoteCurrency === account.currency;
  const lost = (distance: number): Money =>
    worth(distance as Price, real.filled, account.exponent, 'away');
  return {
    entryTicks: entry / tick,
    exitTicks: exit / tick,
    slippage: isOwn ? addMoney(lost(entry), lost(exit)) : undefined,
    divergence: isOwn ? (isDone ? subMoney(real.net, paper.net) : money(0)) : undefined,
    compared: isDone ? 1 : 0,
    missing: paper.filled > 0 && real.state === 'none' ? 1 : 0,
    extra: real.filled > 0 && paper.state === 'none' ? 1 : 0,
  };
}

const worse = (real: Price | undefined, paper: Price | undefined): number =>
  real === undefined || paper === undefined ? 0 : real - paper;

const both = (one: Money | undefined, other: Money | undefined, sign: 1 | -1) =>
  one === undefined || other === undefined ? undefined : money(one + sign * other);

const combine = (one: Sums, other: Sums, sign: 1 | -1): Sums => ({
  entryTicks: one.entryTicks + sign * other.entryTicks,
  exitTicks: one.exitTicks + sign * other.exitTicks,
  slippage: both(one.slippage, other.slippage, sign),
  divergence: both(one.divergence, other.divergence, sign),
  compared: one.compared + sign * other.compared,
  missing: one.missing + sign * other.missing,
  extra: one.extra + sign * other.extra,
});

const plus = (one: Sums, other: Sums): Sums => combine(one, other, 1);
const minus = (one: Sums, other: Sums): Sums => combine(one, other, -1);
