/**
 * The loop: a bounded inbox, one stamp, the journal, the engine, its hands; and the system clock.
 * Deliberately decides nothing. The only place outside the simulator where time is read (A13).
 */
import {
  type AlertLevel,
  type BrokerQuery,
  type BrokerRequest,
  DEADLINES,
  type Event,
  type InstrumentId,
  type JournalRecord,
  LIMITS,
  type Mono,
  mono,
  type Permitted,
  type QuoteEvent,
  type Seq,
  type Stamped,
  seq,
  untrusted,
  wall,
} from '../engine/index.ts';
import type { Clock, Journal, Timer } from '../engine/ports.ts';
import type { EngineState } from '../engine/state.ts';
import { drive, type Hands } from '../engine/step.ts';
import { createOrderWatch, type OrderWatch, type Timings } from './timings.ts';

/** The broker and alert hands; the journal is handed in apart. */
export interface LoopHands {
  transmit(request: Permitted<BrokerRequest>): void;
  query(query: BrokerQuery): void;
  subscribe(instrumentId: InstrumentId): void;
  alert(level: AlertLevel, text: string): void;
}

export interface LoopParts {
  readonly state: EngineState;
  readonly clock: Clock;
  /** Monotonic time already used by former runs of this journal. */
  readonly monoBase: Mono;
  readonly journal: Journal;
  readonly hands: LoopHands;
  /** Asks for a call of `turn()` soon; never calls back inside this call. */
  readonly schedule: (turn: () => void) => void;
  /** After a turn that changed the state. */
  readonly onChange: (state: EngineState) => void;
  /** A broken invariant or an unexpected throw: the loop has stopped for good (F124). */
  readonly onDefect: (error: unknown) => void;
  /** Where spans of time are counted, in the machine's own time; nothing is decided by them. */
  readonly timings?: Timings;
}

export interface Loop {
  /** Appends to the inbox; safe from any callback. */
  post(event: Event): void;
  /** Handles what waits, at most one batch; true when something is left. */
  turn(): boolean;
  /** True when something is in the inbox. */
  waits(): boolean;
  state(): EngineState;
  now(): { readonly mono: Mono; readonly wall: ReturnType<typeof wall> };
  /** Starts the clock events, four a second. */
  start(): void;
  stop(): void;
  /** Events that came when the inbox was full; of these only the expendable were dropped. */
  readonly overflows: () => number;
  /** Milliseconds since the last turn, in the machine's time; how health knows that it turns. */
  quietFor(): number;
}

const CLOCK_MS = 250;
/** From here on quotes of one instrument collapse to the latest, side by side (F81). */
const CROWDED = LIMITS.inbox / 10;

/** May be dropped by a full inbox: the next one says the same and more (I27). */
const EXPENDABLE: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'quote',
  'clock',
  'sentiment',
]);

/** How the note of a broken step begins; recovery looks for it. */
const DEFECT = 'defect: ';

const defectNote = (error: unknown): JournalRecord => ({
  kind: 'note',
  text: DEFECT + (error instanceof Error ? error.message : String(error)),
});

/** What a record says about a step that threw, if it does. */
export const defectIn = (record: JournalRecord): string | undefined =>
  record.kind === 'note' && record.text.startsWith(DEFECT)
    ? record.text.slice(DEFECT.length)
    : undefined;

export function createLoop(parts: LoopParts): Loop {
  return new EngineLoop(parts);
}

class EngineLoop implements Loop {
  readonly #parts: LoopParts;
  readonly #inbox: Event[] = [];
  /** When each waiting event came, beside the inbox; empty without timings. */
  readonly #cameAt: number[] = [];
  readonly #orders: OrderWatch | undefined;
  readonly #hands: Hands;
  #state: EngineState;
  #seq: Seq;
  #stamp: Seq;
  #clockTimer: Timer | undefined;
  #scheduled = false;
  #wasLate = false;
  #stopped = false;
  #overflows = 0;
  #overflowTold = false;
  #turnedAt = performance.now();

  constructor(parts: LoopParts) {
    this.#parts = parts;
    const { timings } = parts;
    const machine = (): number => performance.now();
    this.#orders = timings && createOrderWatch(timings, machine, () => parts.clock.mono());
    this.#state = parts.state;
    this.#seq = parts.state.at.seq;
    this.#stamp = this.#seq;
    this.#hands = {
      record: (record: JournalRecord, barrier: boolean) => {
        this.#orders?.recorded(record);
        parts.journal.record(this.#stamp, record, barrier);
      },
      transmit: (request) => parts.hands.transmit(request),
      query: (query) => parts.hands.query(query),
      subscribe: (id) => parts.hands.subscribe(id),
      alert: (level, text) => parts.hands.alert(level, text),
      refused: (requestId, reason) => this.post({ type: 'egressRefused', requestId, reason }),
    };
  }

  waits(): boolean {
    return this.#inbox.length > 0;
  }

  state(): EngineState {
    return this.#state;
  }

  now(): ReturnType<Loop['now']> {
    const { clock, monoBase } = this.#parts;
    return { mono: mono(monoBase + clock.mono()), wall: clock.wall() };
  }

  overflows = (): number => this.#overflows;

  quietFor(): number {
    return performance.now() - this.#turnedAt;
  }

  post(event: Event): void {
    if (this.#stopped) return;
    if (event.type === 'quote' && this.#inbox.length >= CROWDED && this.#collapse(event)) return;
    if (this.#inbox.length >= LIMITS.inbox) {
      this.#overflows += 1;
      if (EXPENDABLE.has(event.type)) return;
      if (this.#inbox.length >= 2 * LIMITS.inbox) {
        this.#stopWith(new Error('the inbox overflowed twice over: the engine does not keep up'));
        return;
      }
    }
    this.#push(event);
    this.#wake();
  }

  #push(event: Event): void {
    this.#inbox.push(event);
    if (this.#orders !== undefined) this.#cameAt.push(performance.now());
  }

  turn(): boolean {
    this.#scheduled = false;
    if (this.#stopped) return false;
    this.#turnedAt = performance.now();
    const before = this.#state;
    try {
      for (let count = 0; count < LIMITS.batch; count += 1) {
        const event = this.#inbox.shift();
        const cameAt = this.#cameAt.shift();
        if (event === undefined) break;
        this.#handle(event);
        this.#timed(event, cameAt);
      }
    } catch (error) {
      this.#stopWith(error);
      return false;
    }
    this.#tellOverflow();
    if (this.#state !== before) this.#parts.onChange(this.#state);
    if (this.#inbox.length > 0) this.#wake();
    return this.#inbox.length > 0;
  }

  #timed(event: Event, cameAt: number | undefined): void {
    if (cameAt === undefined) return;
    this.#orders?.heard(event);
    if (event.type !== 'quote') return;
    this.#parts.timings?.observe('tickToDecision', performance.now() - cameAt);
  }

  start(): void {
    const { clock } = this.#parts;
    const due = clock.mono() + CLOCK_MS;
    this.#clockTimer = clock.after(CLOCK_MS, () => {
      if (this.#stopped) return;
      this.#tellDelay(clock.mono() - due);
      this.post({ type: 'clock' });
      this.start();
    });
  }

  /** How late the own timer came, and once that it is quick again; never in simulated time. */
  #tellDelay(loopDelayMs: number): void {
    const isLate = loopDelayMs >= DEADLINES.loopDelayWarnMs;
    if (isLate || this.#wasLate) this.post({ type: 'host', loopDelayMs });
    this.#wasLate = isLate;
  }

  stop(): void {
    this.#stopped = true;
    this.#clockTimer?.cancel();
    this.#inbox.length = 0;
    this.#cameAt.length = 0;
  }

  #handle(event: Event): void {
    const stamp = seq(this.#seq + 1);
    const { mono: at, wall: on } = this.now();
    const input: Stamped = { seq: stamp, mono: at, wall: on, event };
    this.#stamp = stamp;
    // A clock that changes nothing leaves no trace, so it is kept only after the step has spoken.
    const isClock = event.type === 'clock';
    if (!isClock) this.#parts.journal.append(input);
    const before = this.#state;
    const held: (() => void)[] = [];
    try {
      this.#state = drive(this.#state, input, isClock ? this.#holding(held) : this.#hands);
    } catch (error) {
      if (isClock) this.#parts.journal.append(input);
      // F124: the next start must know which input could not be handled, and why.
      this.#parts.journal.record(stamp, defectNote(error), false);
      throw error;
    }
    if (isClock) {
      if (this.#state === before && held.length === 0) return;
      this.#parts.journal.append(input);
      for (const act of held) act();
    }
    this.#seq = stamp;
  }

  /** A clock's effects wait until its input is in the journal; it can never transmit (A5). */
  #holding(held: (() => void)[]): Hands {
    const hands = this.#hands;
    return {
      record: (record, barrier) => held.push(() => hands.record(record, barrier)),
      transmit: (request) => held.push(() => hands.transmit(request)),
      query: (query) => held.push(() => hands.query(query)),
      subscribe: (id) => held.push(() => hands.subscribe(id)),
      alert: (level, text) => held.push(() => hands.alert(level, text)),
      refused: (requestId, reason) => held.push(() => hands.refused(requestId, reason)),
    };
  }

  /** Merges a quote into the newest waiting one of the same source; true when it found one. */
  #collapse(event: QuoteEvent): boolean {
    for (let index = this.#inbox.length - 1; index >= 0; index -= 1) {
      const waiting = this.#inbox[index];
      if (waiting === undefined || waiting.type !== 'quote') continue;
      if (waiting.instrumentId !== event.instrumentId) continue;
      if (waiting.generation !== event.generation || waiting.initial) return false;
      const bid = event.bid ?? waiting.bid;
      const ask = event.ask ?? waiting.ask;
      this.#inbox[index] = { ...event, bid, ask };
      return true;
    }
    return false;
  }

  /** Nothing of consequence was dropped, but who is this far behind may not take new risk (I27). */
  #tellOverflow(): void {
    if (this.#overflows === 0 || this.#overflowTold) return;
    this.#overflowTold = true;
    const reason = untrusted(`the inbox overflowed: ${this.#inbox.length} inputs still wait`);
    this.#push({ type: 'journalFault', reason });
  }

  #stopWith(error: unknown): void {
    this.stop();
    this.#parts.onDefect(error);
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#parts.schedule(() => this.turn());
  }
}

/** The machine's clock: monotonic from the start of the process, wall in UTC milliseconds. */
export function systemClock(): Clock {
  const started = performance.now();
  return {
    mono: () => mono(Math.floor(performance.now() - started)),
    wall: () => wall(Date.now()),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Calls back again and again, each time after the last call is over, until cancelled. */
export function everyOf(clock: Clock, ms: number, callback: () => void): () => void {
  let timer = clock.after(ms, turn);
  let isOver = false;
  function turn(): void {
    callback();
    if (!isOver) timer = clock.after(ms, turn);
  }
  return () => {
    isOver = true;
    timer.cancel();
  };
}

/** Runs turns as soon as the event loop is free; for real time. */
export const soon = (turn: () => void): void => {
  setImmediate(turn);
};

/** For worlds whose pacer calls `turn()` itself. */
export const never = (_turn: () => void): void => undefined;
