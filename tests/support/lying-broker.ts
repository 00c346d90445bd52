/**
 * An engine before a broker that tells one thing wrong: the true exchange of the fault worlds, a
 * short trade, and one message that is lost, late, doubled, overtaken, or other than it was.
 * Deliberately asserts nothing; the juries of the worlds and the tests do.
 */
import {
  type BrokerEvent,
  type BrokerQuery,
  type BrokerRequest,
  type Event,
  generation,
  type JournalRecord,
  type Permitted,
  price,
  type Stamped,
  seq,
  untrusted,
  type Wall,
  wall,
} from '../../src/engine/index.ts';
import { snapshot } from '../../src/engine/snapshot.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { drive, type Hands } from '../../src/engine/step.ts';
import { createJury, type Jury, type Violation } from '../../src/sim/checkers.ts';
import type { Dice, FaultName } from '../../src/sim/faults.ts';
import { FCPO_ID, fcpoInstrument } from '../../src/sim/fcpo.ts';
import { snapshotOf } from '../../src/sim/paper-events.ts';
import { createPrng } from '../../src/sim/prng.ts';
import { createVirtualClock, type VirtualClock } from '../../src/sim/virtual-clock.ts';
import { createWorldDesk, type RequestDesk } from '../../src/sim/world-desk.ts';
import { createWorldJournal, type WorldJournal } from '../../src/sim/world-journal.ts';
import { drawOptions, type WorldOptions } from '../../src/sim/world-options.ts';
import { CONFIG, MORNING, quietBars } from './engine.ts';

const MINUTE = 60_000;
/** Ten seconds before a bar ends. */
const START = wall(MORNING + 10 * MINUTE - 10_000);
const LEVEL = 4_600;
const SESSIONS = [{ open: wall(MORNING), close: wall(MORNING + 120 * MINUTE) }];

/** What becomes of one message: nothing, itself, or others, each after so many milliseconds. */
export type Lie = (event: BrokerEvent) => readonly (readonly [BrokerEvent, number])[];

/** Where the lie is told: the n-th message of the whole story. */
export interface Plan {
  readonly at: number;
  readonly lie: Lie;
}

/** What the exchange itself does with the trade. */
export interface Story {
  readonly name: string;
  /** Faults of the desk that strike once. */
  readonly once?: readonly FaultName[];
  /** Messages of this story that never come. */
  readonly silent?: (event: BrokerEvent) => boolean;
  /** The order is given up at the exchange before it fills. */
  readonly cancels?: true;
}

const OPTIONS: WorldOptions = {
  ...drawOptions(1),
  config: {
    ...CONFIG,
    timeframeMs: MINUTE,
    rsiOversold: 99,
    rsiOverbought: 100,
    sentimentMode: 'off',
    trendFilter: false,
    entriesPerDay: 1,
  },
  start: START,
  sessions: SESSIONS,
};

function diceOf(faults: readonly FaultName[]): Dice {
  const left = new Set(faults);
  const prng = createPrng('bad input');
  return {
    // The largest part, and a fill that is slow enough to be given up.
    of: () => ({ ...prng, integer: (low, high) => Math.max(low, Math.min(high, 20_000)) }),
    fires: (name) => left.delete(name),
    nextIn: () => undefined,
    count: () => undefined,
    armed: () => false,
    disarm: () => undefined,
    counts: () => ({}) as never,
  };
}

export class LyingBroker {
  readonly clock: VirtualClock = createVirtualClock(START);
  readonly desk: RequestDesk;
  readonly records: JournalRecord[] = [];
  /** Everything the broker would have told, in order. */
  readonly told: BrokerEvent[] = [];
  /** What the wrong message brought, in its own steps. */
  readonly answer: JournalRecord[] = [];
  readonly sent: Permitted<BrokerRequest>[] = [];
  state: EngineState = initialState();
  violation: Violation | undefined;
  readonly #story: Story;
  readonly #plan: Plan | undefined;
  readonly #journal: WorldJournal;
  readonly #jury: Jury;
  readonly #wrong = new WeakSet<BrokerEvent>();
  #queue: Event[] = [];
  #isDraining = false;
  #steps = 0;
  #quotes = 0;
  #heardAt = 0;

  constructor(story: Story, plan?: Plan) {
    this.#story = story;
    this.#plan = plan;
    const dice = diceOf([...(story.once ?? []), ...(story.cancels ? ['slowFill' as const] : [])]);
    const shared = { options: OPTIONS, clock: this.clock, dice };
    this.desk = createWorldDesk({
      ...shared,
      generation: () => generation(1),
      tell: (event) => this.#tell(event),
    });
    const chance = createPrng('disk');
    const post = (event: Event) => this.post(event);
    this.#journal = createWorldJournal({ ...shared, chance, syncMs: 1, post });
    this.#jury = createJury({
      options: OPTIONS,
      desk: this.desk,
      journal: this.#journal,
      hearing: () => {
        const at = this.clock.mono();
        const heard = this.#heardAt === 0 ? undefined : at;
        return { generation: 1, bidAt: heard, askAt: heard, bid: price(LEVEL * 100_000) };
      },
      picture: (state) => snapshot(state, state.at),
    });
  }

  /** The whole story: ready, in, protected, out, and a while for what is open. */
  play(): this {
    this.post({ type: 'started', runId: 'bad', config: OPTIONS.config, version: 'test' });
    this.#connect();
    this.#run(12_000);
    if (this.#story.cancels === true) this.#giveUp();
    this.#gauges();
    this.#run(4_000);
    const [position] = this.state.core.positions;
    if (position?.ours === true) this.#close(position);
    this.#run(9_000);
    return this;
  }

  /** Until nothing is open any more, five minutes at most. */
  settle(open: (state: EngineState) => string | undefined): string | undefined {
    for (let spent = 0; spent < 300_000; spent += 5_000) {
      const matter = open(this.state);
      if (matter === undefined || this.violation !== undefined) return undefined;
      this.#run(5_000);
    }
    return open(this.state);
  }

  end(): Violation | undefined {
    return this.violation ?? this.#jury.end(this.state);
  }

  post(event: Event): void {
    this.#queue.push(event);
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#handle(next);
    }
    this.#isDraining = false;
  }

  #connect(): void {
    for (const state of ['CONNECTING', 'APP_AUTH', 'ACCOUNT_AUTH', 'SYNCING'] as const) {
      this.#tell({ type: 'link', state, generation: generation(1) });
    }
    this.#tell({ type: 'account', account: this.desk.state().account });
    this.#tell({
      type: 'instrument',
      instrument: fcpoInstrument(SESSIONS),
      generation: generation(1),
    });
    this.#pass(undefined);
    this.#quote(true);
    this.#tell({ type: 'link', state: 'READY', generation: generation(1) });
    this.#quote(false);
  }

  #giveUp(): void {
    const order = this.desk.state().orders.find((one) => one.clientOrderId !== undefined);
    if (order === undefined) return;
    const time = this.clock.wall();
    this.desk.apply({ type: 'cancelRest', ref: 'out', time, orderId: order.id });
  }

  #close({ id, volume }: { id: string; volume: number }): void {
    const body = { type: 'closePosition', positionId: id, seen: { seq: 1, volume } };
    const command = { id: 'k1', role: 'operator', by: untrusted('me'), body };
    this.post({ type: 'command', command } as never);
  }

  /** One of each message that is not about the trade. */
  #gauges(): void {
    const about = { generation: generation(1) };
    const [position] = this.state.core.positions;
    this.#tell({ type: 'clockSkew', ...about, skewMs: 3 });
    const steps = [{ bid: price(440_000), ask: price(441_000), inverted: true }];
    this.#tell({ type: 'conversion', ...about, from: 'MYR', to: 'USD', steps });
    if (position === undefined) return;
    const net = -2_000 as never;
    this.#tell({ type: 'brokerPnl', ...about, positions: [{ id: position.id, net }] });
    const leg = { state: 'open', filled: position.volume, entry: position.entry, net } as const;
    const id = this.state.core.orders[0]?.id;
    if (id === undefined) return;
    this.#tell({ type: 'shadow', id, side: 'buy', real: leg, paper: leg });
  }

  /** A price every two seconds and a clock every second. */
  #run(milliseconds: number): void {
    for (let spent = 0; spent < milliseconds; spent += 1_000) {
      this.clock.advanceBy(1_000);
      if (spent % 2_000 === 0) this.#quote(false);
      this.post({ type: 'clock' });
    }
  }

  #quote(initial: boolean): void {
    this.#quotes += 1;
    this.#heardAt = this.clock.mono() + 1;
    const bid = price((LEVEL + (this.#quotes % 3)) * 100_000);
    const ask = price(bid + 100_000);
    const about = { instrumentId: FCPO_ID, bid, ask, time: this.clock.wall(), initial } as const;
    if (!initial) this.desk.apply({ type: 'quote', ...about });
    this.#tell({ type: 'quote', ...about, generation: generation(1) });
  }

  #pass(historyFrom: Wall | undefined): void {
    const now = this.clock.wall();
    const shown = snapshotOf(this.desk.state(), { historyFrom, now });
    const pass = { complete: true, snapshot: shown } as const;
    this.#tell({ type: 'brokerSnapshot', generation: generation(1), pass });
  }

  #tell(event: BrokerEvent): void {
    if (this.#story.silent?.(event) === true) return;
    const index = this.told.length;
    this.told.push(event);
    if (this.#plan?.at !== index) {
      this.post(event);
      return;
    }
    for (const [other, delayMs] of this.#plan.lie(event)) {
      if (other !== event) this.#wrong.add(other);
      if (delayMs === 0) this.post(other);
      else this.clock.after(delayMs, () => this.post(other));
    }
  }

  #handle(event: Event): void {
    const before = this.state;
    const input: Stamped = {
      seq: seq(before.at.seq + 1),
      mono: this.clock.mono(),
      wall: this.clock.wall(),
      event,
    };
    const records: JournalRecord[] = [];
    const sent: Permitted<BrokerRequest>[] = [];
    const queries: BrokerQuery[] = [];
    const refusals: { requestId: string; reason: string }[] = [];
    if (event.type !== 'clock') this.#journal.append(input);
    this.state = drive(before, input, this.#hands(input, { records, sent, queries, refusals }));
    this.#steps += 1;
    this.records.push(...records);
    this.sent.push(...sent);
    if (this.#wrong.has(event as BrokerEvent)) this.answer.push(...records);
    this.violation ??= this.#jury.step({
      number: this.#steps,
      at: this.clock.mono(),
      input,
      before,
      after: this.state,
      records,
      sent,
      queries,
      refusals,
    });
  }

  #hands(
    { seq: at }: Stamped,
    out: {
      records: JournalRecord[];
      sent: Permitted<BrokerRequest>[];
      queries: BrokerQuery[];
      refusals: { requestId: string; reason: string }[];
    },
  ): Hands {
    return {
      record: (record, barrier) => {
        out.records.push(record);
        this.#journal.record(at, record, barrier);
      },
      transmit: (request) => {
        out.sent.push(request);
        const { requestId } = request;
        this.#tell({ type: 'sent', generation: generation(1), requestId });
        this.clock.after(5, () => this.desk.receive(request));
      },
      query: (query) => {
        out.queries.push(query);
        if (query.type === 'reconcile') this.clock.after(5, () => this.#pass(query.historyFrom));
        else this.#bars(query);
      },
      subscribe: () => undefined,
      alert: () => undefined,
      refused: (requestId, reason) => {
        out.refusals.push({ requestId, reason });
        this.post({ type: 'egressRefused', requestId, reason });
      },
    };
  }

  #bars({ instrumentId, timeframeMs }: Extract<BrokerQuery, { type: 'bars' }>): void {
    const asOf = this.clock.wall();
    const end = Math.floor(asOf / timeframeMs) * timeframeMs;
    const bars = quietBars(111, LEVEL, end, timeframeMs);
    this.#tell({ type: 'barsLoaded', instrumentId, timeframeMs, bars, asOf });
  }
}
