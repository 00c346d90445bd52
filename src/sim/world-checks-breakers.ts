/**
 * Invariants about breakers: what trips one trips it, nothing enters meanwhile, only its rule or a
 * person clears it (I04, I21, section 7 of the safety rules).
 * Deliberately counts from events, records and the exchange: the engine's tallies are not asked.
 */
import { dayKeyOf } from '../engine/calendar.ts';
import { BREAKERS, type BreakerName } from '../engine/index.ts';
import {
  type Checker,
  entriesOf,
  Ledger,
  type RecordOf,
  recordsOf,
  type StepFacts,
  type Truth,
} from './world-checks.ts';
import { createWitnesses } from './world-witnesses.ts';

export const breakerCheckers = (truth: Truth): readonly Checker[] => [
  tripsWhenDue(truth),
  noEntryAfterTrip(),
  latched(),
];

/** What a breaker counts has reached its limit: it is tripped when the step is over. */
function tripsWhenDue(truth: Truth): Checker {
  const witnesses = createWitnesses(truth);
  return {
    id: 'I04',
    eager: true,
    step: (facts) => {
      if (isUneventful(facts)) return undefined;
      const changes = recordsOf(facts, 'breaker');
      let found: string | undefined;
      for (const { name, due, forget } of witnesses) {
        const why = due(facts);
        const isCleared = changes.some((one) => one.breaker === name && one.change === 'cleared');
        if (isCleared) forget?.();
        else if (why !== undefined && !facts.after.core.breakers[name].tripped) {
          found ??= `${name} is not tripped: ${why}`;
        }
      }
      return found;
    },
    crash: (keptSeq) => {
      for (const { crash } of witnesses) crash?.(keptSeq);
    },
  };
}

/** Prices and ticks that changed nothing are nearly all steps, and bring no news to a witness. */
const isUneventful = ({ input, before, after, records }: StepFacts): boolean => {
  const { type } = input.event;
  const isUsual = type === 'quote' || type === 'clock';
  return isUsual && before.core === after.core && records.length === 0;
};

/** Which breakers the journal knows as tripped. */
function trippedIn(records: readonly RecordOf<'breaker'>[]): Set<BreakerName> {
  const tripped = new Set<BreakerName>();
  for (const { breaker, change } of records) {
    if (change === 'tripped') tripped.add(breaker);
    else tripped.delete(breaker);
  }
  return tripped;
}

function noEntryAfterTrip(): Checker {
  const ledger = new Ledger<RecordOf<'breaker'>>();
  return {
    id: 'I04',
    step: (facts) => {
      const fresh = recordsOf(facts, 'breaker');
      for (const record of fresh) ledger.add(facts.input.seq, record);
      const entry = entriesOf(facts)[0];
      if (entry === undefined) return undefined;
      const tripped = BREAKERS.filter((name) => trippedIn(ledger.values()).has(name));
      if (tripped.length === 0) return undefined;
      return `${entry.clientOrderId} left while ${tripped.join(', ')} was tripped`;
    },
    crash: (keptSeq) => ledger.crash(keptSeq),
  };
}

/** Only a person clears these; PERSISTENCE also by space and a proven write, see `mayClear`. */
const MANUAL = new Set<BreakerName>(['KILL', 'INTEGRITY', 'REJECTS']);

/** Next trading day, after as long as is named; or held at least so long. */
const NEXT_DAY: ReadonlyMap<BreakerName, number> = new Map<BreakerName, number>([
  ['DAILY_LOSS', 3_600_000],
  ['LOSS_STREAK', 0],
  ['SLIPPAGE', 0],
]);
const HELD: ReadonlyMap<BreakerName, number> = new Map<BreakerName, number>([
  ['FEED', 10_000],
  ['SPREAD', 60_000],
  ['CONNECTIVITY', 600_000],
  ['CLOCK', 60_000],
  ['LOOP', 60_000],
  ['ORDER_RATE', 60_000],
  ['VOLATILITY', 60_000],
]);

/** A trip stays until its rule or an audited reset, whatever dies meanwhile. */
function latched(): Checker {
  const ledger = new Ledger<RecordOf<'breaker'>>();
  const writes = new Ledger<'failed' | 'reset'>();
  let tripped = new Set<BreakerName>();
  const apply = ({ breaker, change }: RecordOf<'breaker'>): void => {
    if (change === 'tripped') tripped.add(breaker);
    else tripped.delete(breaker);
  };
  return {
    id: 'I21',
    step: (facts) => {
      const { seq, event } = facts.input;
      if (event.type === 'journalFault') writes.add(seq, 'failed');
      for (const record of recordsOf(facts, 'breaker')) {
        ledger.add(seq, record);
        apply(record);
        if (record.change !== 'cleared') continue;
        const isFailed = writes.values().at(-1) === 'failed';
        if (!mayClear(facts, record.breaker, isFailed)) {
          return `${record.breaker} was cleared against its rule`;
        }
        if (record.breaker === 'PERSISTENCE') writes.add(seq, 'reset');
      }
      const { breakers } = facts.after.core;
      const wrong = BREAKERS.find((name) => breakers[name].tripped !== tripped.has(name));
      return wrong && `${wrong} is not what the journal says it is`;
    },
    crash: (keptSeq) => {
      ledger.crash(keptSeq);
      writes.crash(keptSeq);
      tripped = new Set();
      for (const record of ledger.values()) apply(record);
    },
  };
}

function mayClear(facts: StepFacts, name: BreakerName, isWriteFailed: boolean): boolean {
  const { event } = facts.input;
  const body = event.type === 'command' ? event.command.body : undefined;
  if (body?.type === 'resetBreaker' && body.breaker === name) return true;
  if (MANUAL.has(name)) return false;
  const { before, after } = facts;
  // A write was proven: the journal answered, and there is space.
  if (name === 'PERSISTENCE') return event.type === 'durable' && !isWriteFailed && hasSpace(facts);
  if (name === 'AUTH') return after.core.link.state === 'SYNCING' || isReady(facts);
  const { sinceDay, sinceMono } = before.core.breakers[name];
  const held = after.at.mono - (sinceMono ?? after.at.mono);
  const isNextDay = sinceDay !== undefined && dayKeyOf(after.at.wall) > sinceDay;
  const least = NEXT_DAY.get(name);
  if (least !== undefined) return isNextDay && held >= least;
  return held >= (HELD.get(name) ?? Number.POSITIVE_INFINITY);
}

const isReady = ({ after }: StepFacts): boolean => after.core.link.state === 'READY';

const hasSpace = ({ after: { core } }: StepFacts): boolean =>
  (core.outside.freeMib ?? 0) >= (core.config?.diskFreeMinMib ?? Number.POSITIVE_INFINITY);
