/**
 * One world under one seed: an engine, an exchange, a link, a journal and a clock, all faulty.
 * First the faults strike (safety), then they stop and everything must be resolved (liveness).
 * Deliberately knows the engine only through the subject it is handed, so that broken ones can be.
 */

import {
  type Event,
  type Mono,
  mono,
  type Stamped,
  seq,
  type Wall,
  wall,
} from '../engine/index.ts';
import { isTerminal } from '../engine/order-moves.ts';
import { digest, type EngineState, initialState } from '../engine/state.ts';
import type { Hands } from '../engine/step.ts';
import { createJury, type Jury, type Violation } from './checkers.ts';
import { createDice, type Dice } from './faults.ts';
import { createPrng } from './prng.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { WorldBroker } from './world-broker.ts';
import type { Outcome, StepFacts } from './world-checks.ts';
import { unresolved } from './world-converged.ts';
import { WorldFeed } from './world-feed.ts';
import { WorldInbox } from './world-inbox.ts';
import { createWorldJournal, type WorldJournal } from './world-journal.ts';
import { createWorldMarket, type WorldMarket } from './world-market.ts';
import { createOperator } from './world-operator.ts';
import type { WorldOptions } from './world-options.ts';
import { countReached, type Reached } from './world-reach.ts';
import type { WorldKit, WorldSide } from './world-side.ts';
import { armStrikes, type Stage } from './world-strikes.ts';
import {
  Death,
  ENGINE,
  type PlayedWorld,
  type Subject,
  textOf,
  type WorldResult,
} from './world-subject.ts';
import { createTranscript, type Transcript } from './world-transcript.ts';

/** The modelled link and a journal in memory. */
const CORE: WorldKit = { broker: (parts) => new WorldBroker(parts), measuresSkew: false };

export const runWorld = (
  options: WorldOptions,
  subject: Subject = ENGINE,
  kit: WorldKit = CORE,
): WorldResult => new World(options, subject, kit).run();

/** The same, with what is left of the exchange. */
export function playWorld(options: WorldOptions): PlayedWorld {
  const world = new World(options, ENGINE, CORE);
  const result = world.run();
  return { result, ...world.left() };
}

const BUSY_MS = 250;
const IDLE_MS = 1_000;
const CLOSED_MS = 10_000;

class World {
  readonly #options: WorldOptions;
  readonly #subject: Subject;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #market: WorldMarket;
  readonly #broker: WorldSide;
  readonly #feed: WorldFeed;
  readonly #journal: WorldJournal;
  readonly #jury: Jury;
  readonly #transcript: Transcript = createTranscript();
  #state: EngineState = initialState();
  readonly #inbox: WorldInbox;
  #isAlive = false;
  #skew = 0;
  /** True time of the start of this process, and the engine's time then. */
  #bornAt = 0;
  #monoBase = 0;
  #runs = 0;
  #steps = 0;
  #entries = 0;
  #effects = 0;
  readonly #reached: Reached = { moves: {}, rows: {}, situations: {} };
  #diedAt: Wall | undefined;
  #deathIn: { effects: number; downMs: number } | undefined;
  #end: Pick<WorldResult, 'outcome' | 'violation'> | undefined;

  constructor(options: WorldOptions, subject: Subject, kit: WorldKit) {
    this.#options = options;
    this.#subject = subject;
    const prng = createPrng(`world/${options.seed}/run`);
    this.#clock = createVirtualClock(options.start);
    this.#dice = createDice(options.plan, prng.stream('faults'));
    const { start, config } = options;
    this.#market = createWorldMarket(prng.stream('market'), start, config.timeframeMs);
    const post = (event: Event) => this.#post(event);
    const shared = { options, clock: this.#clock, dice: this.#dice, post };
    this.#inbox = new WorldInbox({ clock: this.#clock, handle: (event) => this.#handle(event) });
    const chance = prng.stream('link');
    const skew = () => this.#skew;
    this.#broker = kit.broker({ ...shared, chance, market: this.#market, skew });
    const disk = { chance: prng.stream('disk'), syncMs: options.syncMs, disk: kit.disk };
    this.#journal = createWorldJournal({ ...shared, ...disk });
    this.#feed = new WorldFeed({
      ...shared,
      chance: prng.stream('pace'),
      market: this.#market,
      broker: this.#broker,
      skew,
      measuresSkew: kit.measuresSkew,
    });
    this.#jury = createJury({
      options,
      desk: this.#broker.desk,
      journal: this.#journal,
      hearing: () => this.#feed.hearing(),
      picture: (state) => subject.picture(state),
    });
  }

  run(): WorldResult {
    const { safetyMs, livenessMs, operatorMs, crashAt } = this.#options;
    if (crashAt !== undefined) this.#deathIn = { effects: crashAt.effect, downMs: 1 };
    this.#startProcess(initialState());
    this.#feed.start();
    createOperator({
      clock: this.#clock,
      chance: createPrng(`world/${this.#options.seed}/operator`),
      everyMs: operatorMs,
      isActive: () => this.#dice.armed(),
      state: () => (this.#isAlive ? this.#state : undefined),
      post: (event) => this.#post(event),
      knows: (id) => this.#broker.desk.state().orders.some((one) => one.clientOrderId === id),
    });
    this.#armStrikes();
    this.#runUntil(safetyMs);
    this.#dice.disarm();
    this.#skew = 0;
    this.#deathIn = undefined;
    this.#broker.heal();
    if (this.#journal.failed()) this.#die(1_000);
    const most = safetyMs + livenessMs;
    let open = this.#openMatters();
    while (this.#end === undefined && open !== undefined && this.#clock.mono() < most) {
      this.#runUntil(this.#clock.mono() + 5_000);
      open = this.#openMatters();
    }
    if (this.#end === undefined) this.#judgeEnd(open);
    return this.#result();
  }

  left(): Omit<PlayedWorld, 'result'> {
    const exchange = this.#broker.desk.state();
    return { state: this.#state, exchange, effects: this.#effects, diedAt: this.#diedAt };
  }

  #judgeEnd(open: string | undefined): void {
    const stuck = open === undefined ? undefined : { id: 'I28', sentence: open };
    const violation = stuck ?? this.#jury.end(this.#state);
    const outcome = violation === undefined ? 'held' : stuck === undefined ? 'broken' : 'stuck';
    this.#end = { outcome, violation };
  }

  #openMatters(): string | undefined {
    return this.#isAlive ? unresolved(this.#state, this.#broker) : 'the process is not running';
  }

  #result(): WorldResult {
    const { outcome = 'held', violation } = this.#end ?? {};
    return {
      seed: this.#options.seed,
      outcome,
      violation,
      steps: this.#steps,
      simulatedMs: this.#clock.mono(),
      entries: this.#entries,
      trades: this.#state.core.stats.trades,
      counts: this.#dice.counts(),
      ...this.#reached,
      fingerprint: `${digest(this.#state)}-${this.#steps}`,
      transcript: outcome === 'held' ? [] : this.#transcript.lines(40),
    };
  }

  #runUntil(instant: number): void {
    for (;;) {
      const due = this.#clock.nextDue();
      if (this.#end !== undefined || due === undefined || due > instant) break;
      this.#clock.runNext();
    }
    if (this.#end === undefined) this.#clock.advanceTo(mono(instant));
  }

  #startProcess(state: EngineState): void {
    this.#state = state;
    this.#isAlive = true;
    this.#runs += 1;
    this.#bornAt = this.#clock.mono();
    this.#monoBase = state.at.mono;
    const { config } = this.#options;
    this.#post({ type: 'started', runId: `world-${this.#runs}`, config, version: 'world' });
    this.#broker.connect();
    this.#tickClock(this.#runs);
  }

  /** The process dies: the engine, the connection and the unsynced tail of the journal with it. */
  #die(downMs: number): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#inbox.clear();
    this.#deathIn = undefined;
    this.#broker.abandon();
    this.#diedAt = this.#clock.wall();
    const kept = this.#journal.crash(this.#options.crashAt?.keeps);
    this.#jury.crash(kept);
    this.#note(`the process died; the journal keeps inputs up to ${kept}`);
    this.#clock.after(downMs, () => this.#recover());
  }

  #recover(): void {
    try {
      const { state, differs } = this.#journal.recover((from, input) => {
        return this.#subject.replay(from, input);
      });
      if (differs === undefined) this.#startProcess(state);
      else this.#fail('broken', { id: 'I17', sentence: differs });
    } catch (error) {
      this.#fail('crashed', { id: 'F124', sentence: `replay: ${textOf(error)}` });
    }
  }

  #fail(outcome: WorldResult['outcome'], violation: Violation): void {
    this.#end ??= { outcome, violation };
  }

  #post(event: Event): void {
    if (this.#isAlive && this.#end === undefined) this.#inbox.post(event);
  }

  /** As the loop does it: append, drive, and a clock that changes nothing leaves no trace. */
  #handle(event: Event): void {
    if (!this.#isAlive || this.#end !== undefined) return;
    this.#feed.hear(event);
    const input = this.#stamp(event);
    const before = this.#state;
    const out: Outcome = { records: [], sent: [], queries: [], refusals: [] };
    const isClock = event.type === 'clock';
    if (!isClock) this.#journal.append(input);
    let waiting: (() => void)[] | undefined = isClock ? [] : undefined;
    try {
      this.#state = this.#subject.drive(before, input, this.#hands(input, out, waiting));
      if (waiting !== undefined && (this.#state !== before || waiting.length > 0)) {
        this.#journal.append(input);
        const held = waiting;
        waiting = undefined;
        for (const act of held) act();
      }
    } catch (error) {
      if (!(error instanceof Death)) {
        this.#note(event);
        this.#fail('crashed', { id: 'F124', sentence: textOf(error) });
        return;
      }
      this.#finishDeadStep(before, input, out);
    }
    this.#steps += 1;
    this.#judge({ ...out, number: this.#steps, at: this.#clock.mono(), input, before });
    const death = this.#deathIn;
    if (death !== undefined && death.effects <= 0) this.#die(death.downMs);
  }

  /** What the dead process had decided a replay decides again; what it did not send is not sent. */
  #finishDeadStep(before: EngineState, input: Stamped, out: Outcome): void {
    out.records.length = 0;
    const nothing = (): void => undefined;
    this.#state = this.#subject.drive(before, input, {
      record: (record) => out.records.push(record),
      transmit: nothing,
      query: nothing,
      subscribe: nothing,
      alert: nothing,
      refused: nothing,
    });
  }

  #judge(parts: Omit<StepFacts, 'after'>): void {
    const after = this.#state;
    const { before, records, sent, queries, input, number } = parts;
    if (after !== before) this.#journal.settled(after);
    const { event, wall: on } = input;
    const isLoud = after.core !== before.core && event.type !== 'clock';
    if (isLoud || records.length + sent.length + queries.length > 0) {
      const entry = { step: number, wall: on, event, records, sent };
      this.#transcript.note({ ...entry, queries: queries.length });
    }
    for (const request of sent) if (request.type === 'submitOrder') this.#entries += 1;
    countReached(this.#reached, { event, records, before, after });
    const violation = this.#jury.step({ ...parts, after });
    if (violation !== undefined) this.#fail('broken', violation);
  }

  #stamp(event: Event): Stamped {
    return {
      seq: seq(this.#state.at.seq + 1),
      mono: this.#engineTime(),
      wall: wall(this.#clock.wall() + this.#skew),
      event,
    };
  }

  #engineTime(): Mono {
    return mono(this.#monoBase + this.#clock.mono() - this.#bornAt);
  }

  #hands(input: Stamped, out: Outcome, waiting: (() => void)[] | undefined): Hands {
    const effect = (act: () => void): void => {
      const now = (): void => {
        const death = this.#deathIn;
        if (death !== undefined) {
          if (death.effects <= 0) throw new Death();
          death.effects -= 1;
        }
        this.#effects += 1;
        act();
      };
      if (waiting === undefined) now();
      else waiting.push(now);
    };
    return {
      record: (record, barrier) =>
        effect(() => {
          out.records.push(record);
          this.#journal.record(input.seq, record, barrier);
        }),
      transmit: (request) =>
        effect(() => {
          out.sent.push(request);
          this.#broker.send(request);
        }),
      query: (query) =>
        effect(() => {
          out.queries.push(query);
          this.#broker.query(query);
        }),
      subscribe: () => effect(() => this.#broker.subscribe()),
      alert: () => undefined,
      refused: (requestId, reason) =>
        effect(() => {
          out.refusals.push({ requestId, reason });
          this.#post({ type: 'egressRefused', requestId, reason });
        }),
    };
  }

  #tickClock(run: number): void {
    const { core } = this.#state;
    const isBusy =
      core.outbox.length > 0 ||
      core.positions.some((one) => one.state !== 'PROTECTED') ||
      core.orders.some((one) => !isTerminal(one.state));
    const delay = isBusy ? BUSY_MS : this.#feed.isOpen() ? IDLE_MS : CLOSED_MS;
    this.#clock.after(delay, () => {
      if (!this.#isAlive || run !== this.#runs) return;
      this.#post({ type: 'clock' });
      if (this.#isAlive) this.#tickClock(run);
    });
  }

  #armStrikes(): void {
    const stage: Stage = {
      options: this.#options,
      clock: this.#clock,
      dice: this.#dice,
      broker: this.#broker,
      journal: this.#journal,
      market: this.#market,
      post: (event) => this.#post(event),
      crash: (downMs) => this.#die(downMs),
      crashAfter: (effects, downMs) => {
        if (this.#isAlive) this.#deathIn = { effects, downMs };
      },
      skew: (milliseconds) => {
        this.#skew = this.#dice.armed() ? milliseconds : 0;
      },
      stall: (milliseconds) => this.#isAlive && this.#inbox.stall(milliseconds),
      nextQuote: (make, when) => this.#feed.next(make, when),
    };
    armStrikes(stage, (text) => this.#note(text));
  }

  #note(event: Event | string): void {
    const on = wall(this.#clock.wall() + this.#skew);
    const nothing = { records: [], sent: [], queries: 0 };
    this.#transcript.note({ step: this.#steps, wall: on, event, ...nothing });
  }
}
