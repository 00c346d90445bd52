/**
 * The crash matrix: a reference day without faults, and the same day with the process killed after
 * each effect it handed out. Deliberately compares what the exchange has, not what the engine says.
 */
import { listOf } from '../../src/engine/trail.ts';
import type { ExchangeState } from '../../src/sim/exchange-types.ts';
import { FAULTS } from '../../src/sim/faults.ts';
import { playWorld } from '../../src/sim/world.ts';
import { drawOptions, type WorldOptions } from '../../src/sim/world-options.ts';
import type { PlayedWorld } from '../../src/sim/world-subject.ts';

/** Nine trades, closes by stop, target and person, entries on both sides. */
const SEED = 4;
const MINUTES = 50;
const EVERY_FAULT = FAULTS.map(({ name }) => name);

/** Delays are constant, so that a restart shifts no draw of the market or the link. */
function dayOptions(crashAt?: WorldOptions['crashAt']): WorldOptions {
  const steady = { latencyMs: 1, syncMs: 1, operatorMs: 400_000, safetyMs: MINUTES * 60_000 };
  const drawn = drawOptions(SEED, { without: EVERY_FAULT });
  // Levels that follow the price depend on which prices were seen: a restart may move them later.
  // So does whether an entry within a few ticks fills.
  const { entrySlippageTicks: _range, ...plain } = drawn.config;
  const config = { ...plain, trailingStopBps: 0, breakEvenBps: 0 };
  const options = { ...drawn, ...steady, config };
  return crashAt === undefined ? options : { ...options, crashAt };
}

/** From a decision to its fill, on that link and disk. */
const FLIGHT_MS = 100;

export const KEEPS = ['all', 'synced'] as const;

export interface Reference {
  readonly effects: number;
  readonly trades: number;
  readonly deals: readonly string[];
  readonly balance: number;
  /** What the person said, by its ids. */
  readonly commands: readonly string[];
}

/** One line a deal: instant, side, volume, price, costs, profit. */
const dealsOf = ({ deals }: ExchangeState): readonly string[] =>
  listOf(deals).map((deal) => {
    const { time, side, filled, price, commission, close } = deal;
    const profit = close === undefined ? 'opens' : `closes with ${close.grossProfit}`;
    return `${time} ${side} ${filled} at ${price}, commission ${commission}, ${profit}`;
  });

const commandsOf = ({ state }: PlayedWorld): readonly string[] =>
  state.core.commands.map(({ id }) => id);

export function referenceDay(): Reference {
  const day = playWorld(dayOptions());
  const { outcome, violation, trades } = day.result;
  if (outcome !== 'held') throw new Error(`the reference day ${outcome}: ${violation?.sentence}`);
  const { exchange, effects } = day;
  const { balance } = exchange.account;
  return { effects, trades, deals: dealsOf(exchange), balance, commands: commandsOf(day) };
}

/**
 * `equal`: every deal and the balance are those of the reference day. `unsent`: the crash came
 * between the decision of an entry and its first byte, so that it never was, and all before is
 * equal. `proven`: the same, after the record that it is being sent, so that its absence had to be
 * proven first. `cautious`: a calm bar was lost with the rows that were not synced, so that a
 * tripped breaker stayed so for one bar longer. `unheard`: a command of the person was lost with
 * the rows that were not synced, and so never shown as done: its breaker stays tripped. Anything
 * else is a failure, in a sentence.
 */
export type Verdict =
  | { readonly kind: 'equal' | 'unsent' | 'proven' | 'cautious' | 'unheard' }
  | string;

export type Counts = Record<Exclude<Verdict, string>['kind'], number>;
export const noCounts = (): Counts => ({
  equal: 0,
  unsent: 0,
  proven: 0,
  cautious: 0,
  unheard: 0,
});

export function crashedDay(
  reference: Reference,
  crashAt: NonNullable<WorldOptions['crashAt']>,
): Verdict {
  const day = playWorld(dayOptions(crashAt));
  const { outcome, violation } = day.result;
  if (outcome !== 'held') return `${outcome}: ${violation?.id} ${violation?.sentence}`;
  const deals = dealsOf(day.exchange);
  const at = reference.deals.findIndex((deal, index) => deals[index] !== deal);
  if (at < 0 && deals.length === reference.deals.length) {
    const { balance } = day.exchange.account;
    if (balance === reference.balance) return { kind: 'equal' };
    return `the balance is ${balance}, not ${reference.balance}`;
  }
  const missing = reference.deals[at] ?? 'the end of the day';
  // Whatever left is at the exchange: only an entry that never left may be missing.
  if (!missing.endsWith('opens')) return `${missing} is missing: ${deals[at] ?? 'nothing'} instead`;
  const sinceDeath = Number.parseInt(missing, 10) - (day.diedAt ?? 0);
  if (sinceDeath < 0 || sinceDeath > FLIGHT_MS) {
    if (isHeldBack(day, Number.parseInt(missing, 10))) return { kind: 'cautious' };
    const heard = commandsOf(day);
    const isLost = reference.commands.some((id) => !heard.includes(id));
    if (crashAt.keeps === 'synced' && isLost) return { kind: 'unheard' };
    return `${missing} is missing, and the process died ${sinceDeath} ms before it`;
  }
  const isProven = day.state.core.orders.some((order) => order.state === 'ABSENT');
  return { kind: isProven ? 'proven' : 'unsent' };
}

/** A breaker was still tripped at that instant, and cleared by its rule within two bars. */
function isHeldBack({ state }: PlayedWorld, instant: number): boolean {
  const bars = 2 * (state.core.config?.timeframeMs ?? 0);
  return listOf(state.core.activity).some(
    ({ kind, text, wall }) =>
      kind === 'breaker' && / cleared/.test(text) && wall > instant && wall <= instant + bars,
  );
}
