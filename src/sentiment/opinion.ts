/**
 * The words of this folder: what a source may answer, how it may fail, what observers are told.
 * Deliberately types only; a score is always an integer from -100 to 100, absent is never zero.
 */
import type { Mono, SentimentReading, Untrusted, Wall } from '../engine/index.ts';

export type SourceName = 'perplexity' | 'nitter';

/** Why a source gave nothing; a closed list, because each one is a counter. */
export type FailureReason =
  | 'timeout'
  | 'network'
  | 'cancelled'
  | 'refused-address'
  | 'redirect'
  | 'unauthorized'
  | 'forbidden'
  | 'missing'
  | 'rate-limited'
  | 'own-limit'
  | 'client-error'
  | 'server-error'
  | 'content-type'
  | 'too-large'
  | 'blocked-page'
  | 'unreadable'
  | 'unusable-answer';

/** One source's view of one moment. */
export interface Opinion {
  readonly source: SourceName;
  /** -100 to 100. */
  readonly score: number;
  /** 0 to 100 %. */
  readonly confidence: number;
  /** Time of the newest item the source says it used. */
  readonly asOf: Wall | undefined;
  readonly citations: readonly Untrusted[];
  /** Millionths of a dollar; undefined when the source did not say. */
  readonly costMicros: number | undefined;
  /** Of the raw answer, lower-case hexadecimal. */
  readonly sha256: string;
}

export interface SourceFailure {
  readonly status: 'failed';
  readonly reason: FailureReason;
  /** For people; may contain outside text, never a secret. */
  readonly detail: Untrusted;
  readonly retryAfterMs?: number;
  readonly costMicros?: number;
  readonly sha256?: string;
}

export type SourceOutcome =
  | { readonly status: 'answered'; readonly opinion: Opinion }
  /** The source works and honestly has nothing to say. */
  | { readonly status: 'abstained'; readonly reason: string; readonly sha256?: string }
  | SourceFailure;

/** The moment of asking: age is counted from here on `mono` (F105). */
export interface AskMoment {
  readonly mono: Mono;
  readonly wall: Wall;
}

export interface OpinionSource {
  readonly name: SourceName;
  /** What one question may cost when the answer does not say; 0 for a free source. */
  readonly assumedCostMicros: number;
  /** Never rejects. */
  ask(at: AskMoment, signal: AbortSignal): Promise<SourceOutcome>;
}

/** A key that prints as a mask (I23). */
export interface Key {
  reveal(): string;
}

/** SHA-256 of UTF-8 text as 64 lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** Uniform, 0 inclusive to 1 exclusive. */
export type RandomSource = () => number;

export type SkipReason = 'resting' | 'money-cap' | 'own-limit';

/** What happened, for the log, the counters and the screen. */
export type SentimentNote =
  | { readonly type: 'asked'; readonly source: SourceName }
  | { readonly type: 'answered'; readonly opinion: Opinion; readonly tookMs: number }
  | {
      readonly type: 'failed';
      readonly source: SourceName;
      readonly reason: FailureReason | 'abstained';
      readonly detail: Untrusted;
      readonly restMs: number;
    }
  | { readonly type: 'skipped'; readonly source: SourceName; readonly reason: SkipReason }
  | { readonly type: 'held'; readonly score: number; readonly previous: number }
  | { readonly type: 'abstained'; readonly reason: string }
  | { readonly type: 'switched'; readonly from: string; readonly to: string }
  | {
      readonly type: 'emitted';
      readonly reading: SentimentReading;
      /** Points between the two sources; undefined when only one answered. */
      readonly apart: number | undefined;
    };
