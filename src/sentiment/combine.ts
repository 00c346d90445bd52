/**
 * Several opinions of one moment to one, weighted by confidence; contradiction is an abstention.
 * Then the brake: one refresh cannot swing the score far without a second one that agrees (F102).
 * Deliberately pure; what to do while waiting is the poller's.
 */
import type { Mono, Untrusted, Wall } from '../engine/index.ts';
import type { Opinion } from './opinion.ts';

export interface Combined {
  readonly score: number;
  readonly confidence: number;
  readonly source: string;
  readonly asOf: Wall | undefined;
  readonly citations: readonly Untrusted[];
  /** Points between the two sources; undefined for one. */
  readonly apart: number | undefined;
}

export type Combination =
  | { readonly status: 'combined'; readonly view: Combined }
  | { readonly status: 'abstained'; readonly reason: string; readonly apart?: number };

/** Both sources beyond this, on opposite sides, contradict each other. */
const FIRM_POINTS = 30;
/** From this distance on the source's name says how far the two are apart. */
const SHOWN_APART = 30;

export function combine(opinions: readonly Opinion[]): Combination {
  const [first, second] = opinions;
  if (first === undefined) return { status: 'abstained', reason: 'no source has an answer' };
  if (second === undefined) return { status: 'combined', view: alone(first) };
  const apart = Math.abs(first.score - second.score);
  const contradict =
    Math.sign(first.score) === -Math.sign(second.score) &&
    Math.min(Math.abs(first.score), Math.abs(second.score)) >= FIRM_POINTS;
  if (contradict) {
    const views = [first, second].map((one) => `${one.source} ${signed(one.score)}`).join(', ');
    return { status: 'abstained', reason: `the sources contradict: ${views}`, apart };
  }
  const weight = first.confidence + second.confidence;
  if (weight === 0) return { status: 'abstained', reason: 'no source is confident', apart };
  const weighted = first.score * first.confidence + second.score * second.confidence;
  // The better informed source sets the level; distance takes from it.
  const top = Math.max(first.confidence, second.confidence);
  const names = `${first.source}+${second.source}`;
  const asOf = [first.asOf, second.asOf].filter((at) => at !== undefined).sort((a, b) => b - a)[0];
  return {
    status: 'combined',
    view: {
      score: Math.round(weighted / weight) + 0,
      confidence: Math.round(top * (1 - apart / 200)),
      source: apart >= SHOWN_APART ? `${names} (${apart} apart)` : names,
      asOf,
      citations: [...new Set([...first.citations, ...second.citations])].slice(0, 10),
      apart,
    },
  };
}

function alone(opinion: Opinion): Combined {
  const { score, confidence, source, asOf, citations } = opinion;
  return { score, confidence, source, asOf, citations, apart: undefined };
}

const signed = (score: number): string => (score > 0 ? `+${score}` : String(score));

/** Points one refresh may move the score. */
export const MAX_CHANGE = 60;
/** Two refreshes agree when they are this close. */
const AGREEING = MAX_CHANGE / 2;
/** A waiting view older than this is forgotten. */
const WAIT_MS = 600_000;

export interface BrakeState {
  readonly accepted: number | undefined;
  readonly waiting: { readonly score: number; readonly at: Mono } | undefined;
}

export const RELEASED: BrakeState = { accepted: undefined, waiting: undefined };

export type Braked =
  | { readonly status: 'accepted'; readonly state: BrakeState }
  | { readonly status: 'held'; readonly previous: number; readonly state: BrakeState };

/**
 * Accepts a score within 60 points of the last accepted one, however old that is, or one that a
 * second, later refresh confirms. The first score of a run has nothing to be compared with.
 */
export function brake(state: BrakeState, score: number, at: Mono): Braked {
  const { accepted, waiting } = state;
  const isStep = accepted === undefined || Math.abs(score - accepted) <= MAX_CHANGE;
  const isConfirmed =
    waiting !== undefined &&
    at - waiting.at <= WAIT_MS &&
    Math.abs(score - waiting.score) <= AGREEING;
  if (isStep || isConfirmed) {
    return { status: 'accepted', state: { accepted: score, waiting: undefined } };
  }
  return { status: 'held', previous: accepted, state: { accepted, waiting: { score, at } } };
}
