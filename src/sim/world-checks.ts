/**
 * What a checker of a world is shown, and how it remembers what the journal was told.
 * Deliberately no invariant here: those that ask before bytes leave are in
 * `world-checks-sending.ts`, those about what was known afterwards in `world-checks-settling.ts`.
 */
import type {
  BrokerQuery,
  BrokerRequest,
  JournalRecord,
  Mono,
  Permitted,
  Price,
  Snapshot,
  Stamped,
} from '../engine/index.ts';
import type { EngineState } from '../engine/state.ts';
import type { WorldDesk } from './world-desk.ts';
import type { WorldJournal } from './world-journal.ts';
import type { WorldOptions } from './world-options.ts';

/** One step of the engine and everything it let out. */
export interface StepFacts {
  readonly number: number;
  /** True monotonic time; the engine's own loses the time while its process was dead. */
  readonly at: Mono;
  readonly input: Stamped;
  readonly before: EngineState;
  readonly after: EngineState;
  readonly records: readonly JournalRecord[];
  readonly sent: readonly Permitted<BrokerRequest>[];
  readonly queries: readonly BrokerQuery[];
  readonly refusals: readonly { readonly requestId: string; readonly reason: string }[];
}

/** What a step lets out, while it does. */
export interface Outcome {
  readonly records: JournalRecord[];
  readonly sent: Permitted<BrokerRequest>[];
  readonly queries: BrokerQuery[];
  readonly refusals: { readonly requestId: string; readonly reason: string }[];
}

/** What reached us of the market on this connection, apart from what the engine made of it. */
export interface Hearing {
  readonly generation: number;
  /** True time of the last plausible price of each side; undefined when none came yet. */
  readonly bidAt: Mono | undefined;
  readonly askAt: Mono | undefined;
  /** What the market really is. */
  readonly bid: Price;
}

/** The world as it is, for whoever must not trust the engine. */
export interface Truth {
  readonly options: WorldOptions;
  readonly desk: WorldDesk;
  readonly journal: WorldJournal;
  readonly hearing: () => Hearing;
  /** True time at which the newest complete pass was taken at the broker. */
  readonly picture: (state: EngineState) => Snapshot;
}

export interface Checker {
  readonly id: string;
  /** Asked also about steps that changed nothing but prices or time. */
  readonly eager?: boolean;
  /** A sentence when the invariant is broken by this step. */
  step?(facts: StepFacts): string | undefined;
  /** The process died; the inputs after this one never happened for the next. */
  crash?(keptSeq: number): void;
  /** Asked once, when everything is resolved. */
  end?(state: EngineState): string | undefined;
}

/** Remembers what records said, as far as the journal that said it still exists. */
export class Ledger<T> {
  #rows: { readonly seq: number; readonly value: T }[] = [];

  add(seq: Stamped['seq'], value: T): void {
    this.#rows.push({ seq, value });
  }

  crash(keptSeq: number): void {
    this.#rows = this.#rows.filter((row) => row.seq <= keptSeq);
  }

  values(): readonly T[] {
    return this.#rows.map((row) => row.value);
  }
}

export type RecordOf<K extends JournalRecord['kind']> = Extract<JournalRecord, { kind: K }>;
export type RequestOf<K extends BrokerRequest['type']> = Extract<BrokerRequest, { type: K }>;

/** The records of one kind in a step. */
export function recordsOf<K extends JournalRecord['kind']>(
  facts: StepFacts,
  kind: K,
): readonly RecordOf<K>[] {
  return facts.records.filter((record): record is RecordOf<K> => record.kind === kind);
}

/** The entries that left in a step. */
export const entriesOf = (facts: StepFacts): readonly Permitted<RequestOf<'submitOrder'>>[] =>
  facts.sent.filter((one): one is Permitted<RequestOf<'submitOrder'>> => {
    return one.type === 'submitOrder';
  });
