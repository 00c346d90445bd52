/**
 * When to ask whom: schedule, single flight, rests, caps; emits a bounded reading or abstains.
 * Deliberately holds no value for others: the engine's copy is the only cache (F105).
 */
import {
  type Clock,
  DEADLINES,
  type RefreshAnswer,
  type SentimentListener,
  type SentimentReading,
  type SentimentSource,
  untrusted,
  type Wall,
  wall,
} from '../engine/index.ts';
import { type BrakeState, brake, type Combined, combine, RELEASED } from './combine.ts';
import { createRestLadder, type MoneyCap, REST, type RestLadder } from './limits.ts';
import type {
  AskMoment,
  FailureReason,
  Opinion,
  OpinionSource,
  RandomSource,
  SentimentNote,
  SkipReason,
  SourceOutcome,
} from './opinion.ts';
import type { SentimentStore } from './store.ts';

export interface PollerSettings {
  /** Asked first. */
  readonly primary: OpinionSource | undefined;
  readonly fallback: OpinionSource | undefined;
  /** `both`: always both. `on-failure`: the fallback only when the primary gave nothing. */
  readonly consult: 'both' | 'on-failure';
  /** Between two refreshes; shorter than the lifetime, so that readings overlap. */
  readonly everyMs: number;
  readonly simulated: boolean;
}

export interface PollerPorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly money: MoneyCap;
  readonly store: SentimentStore;
  readonly note: (note: SentimentNote) => void;
}

/** Since the start; keys are `asked perplexity`, `failed nitter rate-limited`, `switched` … */
export type SentimentCounts = Readonly<Record<string, number>>;

export interface SentimentStatus {
  readonly counts: SentimentCounts;
  /** Source of the last reading given, also after it expired. */
  readonly source: string | undefined;
  readonly apart: number | undefined;
  /** Why the last refresh gave nothing; undefined when it gave a reading. */
  readonly abstained: string | undefined;
  readonly spentTodayMicros: number;
  readonly isAsking: boolean;
}

export interface SentimentPoller extends SentimentSource {
  status(): SentimentStatus;
}

/** A confirmation, and a refresh by hand, wait at least this long after the last question. */
const GAP_MS = 10_000;

/** Reasons after which a repetition soon is pointless. */
const DEFINITIVE: ReadonlySet<FailureReason> = new Set(['unauthorized', 'refused-address']);

interface Seat {
  readonly source: OpinionSource;
  readonly rest: RestLadder;
}

export function createSentimentPoller(
  settings: PollerSettings,
  ports: PollerPorts,
): SentimentPoller {
  return new Poller(settings, ports);
}

/** Owns one timer and at most one running refresh. */
class Poller implements SentimentPoller {
  readonly #settings: PollerSettings;
  readonly #ports: PollerPorts;
  readonly #seats: readonly Seat[];
  readonly #counts = new Map<string, number>();
  #emit: SentimentListener | undefined;
  #timer: ReturnType<Clock['after']> | undefined;
  #flight: AbortController | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #brake: BrakeState = RELEASED;
  #source: string | undefined;
  #apart: number | undefined;
  #abstained: string | undefined;
  /** What each source said instead of an answer, in this refresh. */
  readonly #silent = new Map<string, string>();

  constructor(settings: PollerSettings, ports: PollerPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#seats = [settings.primary, settings.fallback].flatMap((source) =>
      source === undefined ? [] : { source, rest: createRestLadder(ports.random) },
    );
  }

  start(emit: SentimentListener): void {
    this.#emit = emit;
    this.#schedule(0);
  }

  /** Joins a running refresh; otherwise asks now, or as soon as the last question is 10 s old. */
  refresh(): RefreshAnswer {
    const refused = (reason: string): RefreshAnswer => ({ asked: false, reason });
    if (this.#emit === undefined) return refused('the news source is not running');
    if (this.#flight !== undefined) return refused('a question is under way already');
    const idle = this.#seats.map((seat) => this.#idleBecause(seat));
    if (idle.every((why) => why !== undefined)) return refused(idle.join('; '));
    const waitMs = Math.max(0, GAP_MS - (this.#ports.clock.mono() - this.#askedAt));
    this.#schedule(waitMs);
    const when = waitMs === 0 ? 'now' : `in ${Math.ceil(waitMs / 1_000)} s`;
    return { asked: true, reason: `the news are asked ${when}` };
  }

  /** Why this source cannot be asked now, in words; undefined when it can. */
  #idleBecause({ source, rest }: Seat): string | undefined {
    const { clock, money } = this.#ports;
    const restMs = rest.remaining(clock.mono());
    if (restMs > 0)
      return `${source.name} rests for ${Math.ceil(restMs / 1_000)} s after a failure`;
    if (money.allows(clock.wall(), source.assumedCostMicros)) return undefined;
    return `${source.name} has used the money of this day`;
  }

  stop(): void {
    this.#emit = undefined;
    this.#timer?.cancel();
    this.#flight?.abort();
  }

  status(): SentimentStatus {
    return {
      counts: Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))),
      source: this.#source,
      apart: this.#apart,
      abstained: this.#abstained,
      spentTodayMicros: this.#ports.money.spentMicros(this.#ports.clock.wall()),
      isAsking: this.#flight !== undefined,
    };
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#ports.clock.after(delayMs, () => {
      if (this.#emit !== undefined) void this.#refresh();
    });
  }

  async #refresh(): Promise<void> {
    const { clock } = this.#ports;
    const flight = new AbortController();
    this.#flight = flight;
    const at: AskMoment = { mono: clock.mono(), wall: clock.wall() };
    this.#askedAt = at.mono;
    this.#silent.clear();
    const opinions = await this.#gather(at, flight.signal);
    this.#flight = undefined;
    if (this.#emit === undefined) return;
    const isSettled = this.#conclude(opinions, at);
    this.#schedule(isSettled ? this.#settings.everyMs : this.#soonest());
  }

  async #gather(at: AskMoment, signal: AbortSignal): Promise<readonly Opinion[]> {
    const answers: (Opinion | undefined)[] = [];
    if (this.#settings.consult === 'both') {
      answers.push(...(await Promise.all(this.#seats.map((seat) => this.#ask(seat, at, signal)))));
    } else {
      for (const seat of this.#seats) {
        const opinion = await this.#ask(seat, at, signal);
        answers.push(opinion);
        if (opinion !== undefined) break;
      }
    }
    return answers.filter((opinion) => opinion !== undefined);
  }

  async #ask(seat: Seat, at: AskMoment, signal: AbortSignal): Promise<Opinion | undefined> {
    const { clock, money } = this.#ports;
    const { source } = seat;
    const now = clock.mono();
    if (seat.rest.remaining(now) > 0) return this.#skip(source, 'resting');
    const reserved = source.assumedCostMicros;
    if (!money.reserve(clock.wall(), reserved)) return this.#skip(source, 'money-cap');
    this.#note({ type: 'asked', source: source.name }, `asked ${source.name}`);
    const outcome = await source.ask(at, signal);
    money.settle(reserved, costOf(outcome, reserved));
    if (signal.aborted) return undefined;
    if (outcome.status === 'answered') return this.#answered(seat, outcome.opinion, at, now);
    this.#failed(seat, outcome);
    return undefined;
  }

  #skip(source: OpinionSource, reason: SkipReason): undefined {
    this.#silent.set(source.name, reason);
    this.#note(
      { type: 'skipped', source: source.name, reason },
      `skipped ${source.name} ${reason}`,
    );
  }

  #answered(seat: Seat, opinion: Opinion, at: AskMoment, asked: number): Opinion {
    seat.rest.succeeded();
    const tookMs = this.#ports.clock.mono() - asked;
    this.#note({ type: 'answered', opinion, tookMs }, `answered ${opinion.source}`);
    const { source, score, confidence, asOf, citations, costMicros, sha256 } = opinion;
    this.#ports.store.append({
      ...{ role: 'source', askedAt: at.wall, knownAt: this.#ports.clock.wall(), source },
      ...{ score, confidence, asOf, citations, costMicros, sha256 },
    });
    return opinion;
  }

  #failed(seat: Seat, outcome: Exclude<SourceOutcome, { status: 'answered' }>): void {
    const now = this.#ports.clock.mono();
    const { name } = seat.source;
    const isFailure = outcome.status === 'failed';
    const reason = isFailure ? outcome.reason : 'abstained';
    this.#silent.set(name, reason);
    const detail = isFailure ? outcome.detail : untrusted(outcome.reason);
    const retryAfterMs = isFailure ? outcome.retryAfterMs : undefined;
    const restMs = seat.rest.failed(now, retryAfterMs, isFailure && DEFINITIVE.has(outcome.reason));
    this.#note(
      { type: 'failed', source: name, reason, detail, restMs },
      `failed ${name} ${reason}`,
    );
  }

  /** True when the next refresh may wait its regular time. */
  #conclude(opinions: readonly Opinion[], at: AskMoment): boolean {
    const { clock } = this.#ports;
    const ageMs = clock.mono() - at.mono;
    if (ageMs > DEADLINES.sentimentLifetimeMs) return this.#abstain('the answer came too late');
    const combination = combine(opinions);
    if (combination.status === 'abstained') {
      this.#apart = combination.apart;
      const silent = [...this.#silent].map(([name, reason]) => `${name} ${reason}`).join(', ');
      return this.#abstain(opinions.length === 0 ? silent : combination.reason);
    }
    const { view } = combination;
    const braked = brake(this.#brake, view.score, at.mono);
    this.#brake = braked.state;
    if (braked.status === 'held') {
      const { previous } = braked;
      this.#note({ type: 'held', score: view.score, previous }, 'held');
      return this.#abstain('a large change waits for a second refresh that agrees');
    }
    // F105: the age is a mono difference; in today's wall time it survives clock changes.
    this.#give(view, opinions, wall(clock.wall() - ageMs));
    return true;
  }

  #give(view: Combined, opinions: readonly Opinion[], askedAt: Wall): void {
    const { score, confidence, source, asOf, citations, apart } = view;
    const { simulated } = this.#settings;
    const reading: SentimentReading = {
      ...{ score, confidence, source, simulated, askedAt, citations },
    };
    const known = opinions.flatMap((one) => one.costMicros ?? []);
    const costMicros =
      known.length === opinions.length ? known.reduce((sum, one) => sum + one, 0) : undefined;
    const sha256 = opinions.length === 1 ? opinions[0]?.sha256 : undefined;
    const knownAt = this.#ports.clock.wall();
    const row = { role: 'used', askedAt, knownAt, source, score, confidence } as const;
    this.#ports.store.append({ ...row, asOf, citations, costMicros, sha256 });
    const name = opinions.map((one) => one.source).join('+');
    if (this.#source !== undefined && this.#source !== name) {
      this.#note({ type: 'switched', from: this.#source, to: name }, 'switched');
    }
    this.#source = name;
    this.#apart = apart;
    this.#abstained = undefined;
    this.#note({ type: 'emitted', reading, apart }, 'emitted');
    this.#emit?.(reading);
  }

  #abstain(reason: string): false {
    this.#abstained = reason;
    this.#note({ type: 'abstained', reason }, 'abstained');
    this.#emit?.(undefined, reason);
    return false;
  }

  /** After an abstention: when the first rest ends, but never a busy loop (I28). */
  #soonest(): number {
    const now = this.#ports.clock.mono();
    const rests = this.#seats.map((seat) => seat.rest.remaining(now));
    const first = Math.min(...rests.map((rest) => Math.max(rest, REST.minMs)));
    return Math.min(this.#settings.everyMs, first);
  }

  #note(note: SentimentNote, counter: string): void {
    this.#counts.set(counter, (this.#counts.get(counter) ?? 0) + 1);
    this.#ports.note(note);
  }
}

/** Refusals before any work are free; after a lost answer the assumption stands. */
function costOf(outcome: SourceOutcome, assumed: number): number {
  if (outcome.status === 'answered') return outcome.opinion.costMicros ?? assumed;
  if (outcome.status === 'abstained') return assumed;
  return outcome.costMicros ?? (FREE.has(outcome.reason) ? 0 : assumed);
}

const FREE: ReadonlySet<FailureReason> = new Set([
  ...(['refused-address', 'own-limit', 'unauthorized', 'forbidden', 'missing'] as const),
  ...(['rate-limited', 'client-error', 'redirect'] as const),
]);
