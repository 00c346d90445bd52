/**
 * The news reading as entries may use it: how old it is, whether it still counts, what it permits.
 * Deliberately asks nobody and holds nothing; readings arrive as events and live in the core.
 */
import { DEADLINES } from './config.ts';
import type { GateResult } from './decision-record.ts';
import type { SentimentEvent } from './event.ts';
import type { SentimentReading, Side } from './model.ts';
import type { Core } from './state.ts';
import { change, type Turn, tell } from './turn.ts';
import { type Mono, mono, type Wall } from './units.ts';

/** What this file needs to see of the engine. */
export interface NewsView {
  readonly core: Pick<Core, 'sentiment' | 'config'>;
  readonly at: { readonly mono: Mono; readonly wall: Wall };
}

/** Keeps the newest reading with the moment of asking; an abstention takes nothing away early. */
export function onSentiment(turn: Turn, event: SentimentEvent): void {
  const { reading, abstained } = event;
  if (reading === undefined) {
    if (abstained !== turn.core.abstained) change(turn, { abstained });
    return;
  }
  const ageMs = Math.max(0, turn.at.wall - reading.askedAt);
  const before = turn.core.sentiment?.reading.source;
  change(turn, { sentiment: { reading, at: mono(turn.at.mono - ageMs) }, abstained: undefined });
  const [from, to] = [before, reading.source].map((name) => name?.replace(/ \(.*$/, ''));
  if (from === undefined || from === to) return;
  tell(turn, 'sentiment', 'plain', `the news come from ${to} now, before from ${from}`);
}

/**
 * Milliseconds since the question was asked; undefined without a reading. The larger of two clocks:
 * the monotonic one survives a wall clock set back, the wall clock counts a suspend and the time
 * between two runs, which the monotonic one does not (F65, F105). An error makes it older.
 */
export function newsAgeMs({ core, at }: NewsView): number | undefined {
  const held = core.sentiment;
  if (held === undefined) return undefined;
  return Math.max(0, at.mono - held.at, at.wall - held.reading.askedAt);
}

/** The reading while its lifetime lasts, its last millisecond included. */
export function liveReading(view: NewsView): SentimentReading | undefined {
  const ageMs = newsAgeMs(view);
  if (ageMs === undefined || ageMs > DEADLINES.sentimentLifetimeMs) return undefined;
  return view.core.sentiment?.reading;
}

/** Does a score permit that side? Without a side: would it permit any? */
export function permits(score: number, limit: number, side: Side | undefined): boolean {
  if (side === undefined) return Math.abs(score) > limit;
  return side === 'buy' ? score > limit : score < -limit;
}

/**
 * The news at the last looks before bytes leave: a reading that expired or turned since the bar
 * closed takes its permission back (I32). Passes where no reading is required.
 */
export function newsGate(view: NewsView, side: Side | undefined): GateResult {
  const { config } = view.core;
  const seconds = DEADLINES.sentimentLifetimeMs / 1_000;
  const gate = 'sentiment';
  const threshold = `a reading of at most ${seconds} s`;
  if (config?.sentimentMode === 'off') {
    return { gate, pass: true, value: 'not asked', threshold: 'gate is off' };
  }
  const ageMs = newsAgeMs(view);
  if (ageMs === undefined) return { gate, pass: false, value: 'no reading', threshold };
  const reading = liveReading(view);
  const age = `${Math.floor(ageMs / 1_000)} s old`;
  if (reading === undefined) return { gate, pass: false, value: `expired, ${age}`, threshold };
  const limit = config?.sentimentThreshold ?? 100;
  if (side === undefined || permits(reading.score, limit, side)) {
    return { gate, pass: true, value: age, threshold };
  }
  const value = `${scoreText(reading.score)} no longer permits to ${side}`;
  return { gate, pass: false, value, threshold };
}

/** With its sign, so that 30 and -30 are not taken for each other. */
export const scoreText = (score: number): string => `${score > 0 ? '+' : ''}${score}`;
