/**
 * The interfaces of the hands: Broker, Journal, Clock, SentimentSource, EngineLink.
 * Deliberately no implementation and no promise that the engine itself would wait for.
 */
import type { BrokerQuery, BrokerRequest, JournalRecord } from './effect.ts';
import type { BrokerEvent, Command, RefreshAnswer, Stamped } from './event.ts';
import type { SentimentReading } from './model.ts';
import type { Permitted } from './permitted.ts';
import type { Snapshot } from './snapshot-shape.ts';
import type { InstrumentId, Mono, Seq, Untrusted, Wall } from './units.ts';

/** A running timer; cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
}

/** Time for the hands. The engine never sees one: its time is in the stamp. */
export interface Clock {
  mono(): Mono;
  wall(): Wall;
  /** Calls back once, at least `delayMs` later; callbacks never run inside this call. */
  after(delayMs: number, callback: () => void): Timer;
}

/** One broker, whatever is behind it: the wire, the paper exchange, history. */
export interface Broker {
  /** The first event after every (re)connection that reaches SYNCING is a `brokerSnapshot`. */
  start(emit: (event: BrokerEvent) => void): void;
  /** Never throws, never waits; every outcome is an event. */
  send(request: Permitted<BrokerRequest>): void;
  query(query: BrokerQuery): void;
  subscribe(instrumentId: InstrumentId): void;
  stop(): Promise<void>;
}

export type JournalAnswer =
  | { readonly type: 'durable'; readonly upTo: Seq }
  | { readonly type: 'fault'; readonly reason: Untrusted };

/** The disk as a peer: it is told things and answers with events. */
export interface Journal {
  /** State-affecting input, before it acts. */
  append(input: Stamped): void;
  /** What the step of input `seq` wrote; `barrier` asks for an answer. */
  record(seq: Seq, record: JournalRecord, barrier: boolean): void;
}

/** Takes a reading, or an abstention (`undefined`) with its reason. */
export type SentimentListener = (reading: SentimentReading | undefined, abstained?: string) => void;

/** Asks for the news opinion; answers with a reading or an abstention. */
export interface SentimentSource {
  start(emit: SentimentListener): void;
  /** One question now, within the source's own limits; a refusal says which. */
  refresh(): RefreshAnswer;
  stop(): void;
}

/** The screen's whole world: snapshots out, commands in. */
export interface EngineLink {
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  send(command: Command): void;
}
