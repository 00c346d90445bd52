/**
 * An engine on a bench: hand-moved time, a journal that answers when told, a readable transcript.
 * Deliberately plays the broker by hand; whole worlds are in the simulator's own tests.
 */

import { shownDecision } from '../../src/engine/decision-words.ts';
import type { Effect } from '../../src/engine/effect.ts';
import type { Event, Stamped } from '../../src/engine/event.ts';
import {
  type Account,
  accountId,
  type Bar,
  type BrokerPosition,
  type BrokerSnapshot,
  brokerOrderId,
  type Command,
  type CommandBody,
  commandId,
  type Deal,
  dealId,
  decimalText,
  type EngineConfig,
  generation,
  type Instrument,
  instrumentId,
  money,
  mono,
  type OrderUpdate,
  positionId,
  price,
  type Seq,
  type Side,
  seq,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { type EngineState, initialState } from '../../src/engine/state.ts';
import { drive } from '../../src/engine/step.ts';
import { listOf, newestOf } from '../../src/engine/trail.ts';
import { CONFIG } from './engine-config.ts';

export { CONFIG };

/** Monday 2025-01-06 02:30:00 UTC, the opening of the morning session. */
export const MORNING = Date.UTC(2025, 0, 6, 2, 30);
const HOUR = 3_600_000;

export const FCPO: Instrument = {
  id: instrumentId('301'),
  name: 'FCPO',
  description: untrusted('Crude Palm Oil'),
  digits: 0,
  lotSize: volume(2_500),
  minVolume: volume(100),
  maxVolume: volume(250_000),
  stepVolume: volume(100),
  quoteCurrency: 'MYR',
  status: 'open',
  stopDistanceMin: price(0),
  targetDistanceMin: price(0),
  sessions: [0, 1, 2].flatMap((day) => {
    const base = MORNING + day * 24 * HOUR;
    return [
      { open: wall(base), close: wall(base + 2 * HOUR) },
      { open: wall(base + 4 * HOUR), close: wall(base + 7.5 * HOUR) },
    ];
  }),
};

export const ACCOUNT: Account = {
  id: accountId('7000007'),
  login: '5000007',
  brokerName: untrusted('Bench'),
  isLive: false,
  currency: 'MYR',
  exponent: 2,
  balance: money(5_000_000),
  balanceVersion: 1,
  leverageCents: 2_000,
  access: 'full',
};

export const ringgit = (value: number) => price(Math.round(value * 100_000));

/** Bars of a quiet market before the session: closes swing by a few ringgit around `level`. */
export function quietBars(count: number, level: number, end: number, timeframeMs: number): Bar[] {
  return Array.from({ length: count }, (_, index) => {
    const close = ringgit(level + ((index * 7) % 5) - 2);
    const open = ringgit(level + (((index + 4) * 7) % 5) - 2);
    const high = price(Math.max(open, close) + 200_000);
    const low = price(Math.min(open, close) - 200_000);
    return {
      openTime: wall(end - (count - index) * timeframeMs),
      open,
      high,
      low,
      close,
      ticks: 9,
    };
  });
}

/** The engine, its time and everything it let out. */
export class EngineBench {
  state: EngineState = initialState();
  readonly effects: Effect[] = [];
  readonly lines: string[] = [];
  readonly inputs: Stamped[] = [];
  /** Barriers the journal has not answered yet. */
  readonly barriers: Seq[] = [];
  readonly requests: Extract<Effect, { type: 'transmit' }>['request'][] = [];
  private monoNow = 0;
  private wallNow: number;
  private seqNow = 0;
  private commands = 0;
  private readonly config: EngineConfig;

  constructor(config: EngineConfig = CONFIG, start: number = MORNING) {
    this.config = config;
    this.wallNow = start;
  }

  get now(): number {
    return this.wallNow;
  }

  /** One input, stamped now; returns the effects of its step. */
  feed(event: Event): Effect[] {
    this.seqNow += 1;
    const input: Stamped = {
      seq: seq(this.seqNow),
      mono: mono(this.monoNow),
      wall: wall(this.wallNow),
      event,
    };
    this.inputs.push(input);
    const out: Effect[] = [];
    const waiting: Event[] = [];
    const told = this.state.core.activity;
    this.state = drive(this.state, input, {
      record: (record, barrier) => {
        out.push({ type: 'record', record, barrier });
        if (barrier) this.barriers.push(input.seq);
      },
      transmit: (request) => {
        out.push({ type: 'transmit', request });
        this.requests.push(request);
      },
      query: (query) => out.push({ type: 'query', query }),
      subscribe: (id) => out.push({ type: 'subscribe', instrumentId: id }),
      alert: (level, text) => out.push({ type: 'alert', level, text }),
      refused: (requestId, reason) => waiting.push({ type: 'egressRefused', requestId, reason }),
    });
    this.effects.push(...out);
    this.note(input, out, told);
    for (const next of waiting) this.feed(next);
    return out;
  }

  /** The instant it is at, as its loop would say. */
  instant(): { readonly mono: Stamped['mono']; readonly wall: Stamped['wall'] } {
    return { mono: mono(this.monoNow), wall: wall(this.wallNow) };
  }

  /** Moves time in clock events of 250 ms. */
  wait(ms: number): void {
    const end = this.monoNow + ms;
    while (this.monoNow < end) {
      this.jump(Math.min(250, end - this.monoNow));
      this.feed({ type: 'clock' });
    }
  }

  /** Moves time without telling the engine. */
  jump(ms: number): void {
    this.monoNow += ms;
    this.wallNow += ms;
  }

  /** Moves the wall clock alone, as a suspend or a person would. */
  slip(ms: number): void {
    this.wallNow += ms;
  }

  /** The journal answers everything it was asked for, oldest first, also what that brings. */
  durable(): void {
    for (let upTo = this.barriers.shift(); upTo !== undefined; upTo = this.barriers.shift()) {
      this.feed({ type: 'durable', upTo });
    }
  }

  /** The journal answers one barrier only. */
  durableOnce(): void {
    const upTo = this.barriers.shift();
    if (upTo !== undefined) this.feed({ type: 'durable', upTo });
  }

  start(): void {
    this.feed({ type: 'started', runId: 'bench', config: this.config, version: 'test' });
  }

  /** Connects, reconciles with the given broker side, loads history and gets ready. */
  ready(
    options: {
      snapshot?: Partial<BrokerSnapshot>;
      bars?: Bar[];
      generation?: number;
      account?: Account;
    } = {},
  ): void {
    const gen = generation(options.generation ?? 1);
    this.feed({ type: 'link', state: 'SYNCING', generation: gen });
    this.feed({ type: 'account', account: options.account ?? ACCOUNT });
    this.feed({ type: 'instrument', instrument: FCPO, generation: gen });
    const midnight = Math.floor(this.wallNow / 86_400_000) * 86_400_000;
    const today = { historyFrom: wall(midnight), historyTo: wall(this.wallNow) };
    this.pass({ ...today, ...options.snapshot }, gen);
    const { timeframeMs } = this.config;
    const bars = options.bars ?? quietBars(150, 4_600, this.wallNow, timeframeMs);
    this.feed({
      type: 'barsLoaded',
      instrumentId: FCPO.id,
      timeframeMs,
      bars,
      asOf: wall(this.wallNow),
    });
    this.quote(4_600, 4_602, { generation: gen });
    this.feed({ type: 'link', state: 'READY', generation: gen });
    this.wait(250);
  }

  pass(snapshot: Partial<BrokerSnapshot>, gen = this.state.core.link.generation): void {
    const empty: BrokerSnapshot = {
      account: this.state.core.account ?? ACCOUNT,
      positions: [],
      orders: [],
      deals: [],
      endedOrders: [],
    };
    this.feed({
      type: 'brokerSnapshot',
      generation: gen,
      pass: { complete: true, snapshot: { ...empty, ...snapshot } },
    });
  }

  quote(
    bid: number | undefined,
    ask: number | undefined,
    options: { generation?: number; time?: number; initial?: boolean } = {},
  ): void {
    this.feed({
      type: 'quote',
      instrumentId: FCPO.id,
      generation: generation(options.generation ?? this.state.core.link.generation),
      bid: bid === undefined ? undefined : ringgit(bid),
      ask: ask === undefined ? undefined : ringgit(ask),
      time: wall(options.time ?? this.wallNow),
      initial: options.initial ?? false,
    });
  }

  sentiment(score: number): void {
    const reading = {
      score,
      confidence: 70,
      source: 'bench',
      simulated: true,
      askedAt: wall(this.wallNow),
      citations: [],
    };
    this.feed({ type: 'sentiment', reading });
  }

  /** One bar of the timeframe that ends at `close`, with a quote every three seconds. */
  bar(close: number): void {
    const from = (this.state.market.forming?.close ?? ringgit(close)) / 100_000;
    const steps = this.config.timeframeMs / 3_000;
    for (let index = 1; index <= steps; index += 1) {
      this.jump(3_000);
      const bid = Math.round(from + ((close - from) * index) / steps);
      this.quote(bid, bid + 2);
      this.feed({ type: 'clock' });
    }
  }

  command(body: CommandBody, role: Command['role'] = 'operator'): void {
    this.commands += 1;
    const command = { id: commandId(`k${this.commands}`), role, by: untrusted('me'), body };
    this.feed({ type: 'command', command });
  }

  orderUpdate(fields: Partial<OrderUpdate>): void {
    const base: OrderUpdate = {
      brokerOrderId: brokerOrderId('900'),
      instrumentId: FCPO.id,
      side: 'buy',
      volume: volume(700),
      executed: volume(0),
      status: 'working',
      closing: false,
      protective: false,
      time: wall(this.wallNow),
    };
    const update = { ...base, ...fields };
    this.feed({ type: 'orderUpdate', generation: this.state.core.link.generation, update });
  }

  deal(fields: Partial<Deal>): void {
    const base: Deal = {
      id: dealId('1'),
      brokerOrderId: brokerOrderId('900'),
      positionId: positionId('500'),
      instrumentId: FCPO.id,
      side: 'buy',
      filled: volume(700),
      price: ringgit(4_602),
      time: wall(this.wallNow),
      commission: money(-210),
      exponent: 2,
      cause: 'request',
    };
    const deal = { ...base, ...fields };
    this.feed({ type: 'deal', generation: this.state.core.link.generation, deal });
  }

  transcript(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private note(
    input: Stamped,
    out: readonly Effect[],
    told: EngineState['core']['activity'],
  ): void {
    const activity = listOf(this.state.core.activity);
    const seen = newestOf(told);
    const fresh = seen === undefined ? activity : activity.slice(activity.lastIndexOf(seen) + 1);
    const quiet = input.event.type === 'clock' || input.event.type === 'quote';
    if (quiet && out.length === 0 && fresh.length === 0) return;
    const time = new Date(input.wall).toISOString().slice(11, 23);
    this.lines.push(`${time} ${eventWords(input.event)}`);
    for (const line of fresh) this.lines.push(`             ${line.kind.padEnd(9)}${line.text}`);
    for (const effect of out) this.lines.push(`             > ${effectWords(effect)}`);
  }
}

function eventWords(event: Event): string {
  if (event.type === 'quote') {
    const side = (value: number | undefined) =>
      value === undefined ? '-' : decimalText(value / 100_000, 0);
    return `quote    ${side(event.bid)}/${side(event.ask)}`;
  }
  if (event.type === 'link') return `link     ${event.state} g${event.generation}`;
  if (event.type === 'command') return `command  ${event.command.body.type}`;
  if (event.type === 'requestFailed') return `failed   ${event.requestId} ${event.code}`;
  return event.type;
}

function effectWords(effect: Effect): string {
  if (effect.type === 'record') {
    const { record } = effect;
    const bar = effect.barrier ? ' (barrier)' : '';
    if (record.kind === 'order') return `record   ${record.to} ${record.clientOrderId}${bar}`;
    if (record.kind === 'decision')
      return `record   decision: ${shownDecision(record.decision).sentence}`;
    if (record.kind === 'request') return `record   ${record.request.requestId}${bar}`;
    if (record.kind === 'breaker') return `record   ${record.breaker} ${record.change}`;
    return `record   ${record.kind}${bar}`;
  }
  if (effect.type === 'transmit')
    return `transmit ${effect.request.type} ${effect.request.requestId}`;
  if (effect.type === 'query') return `query    ${effect.query.type}`;
  if (effect.type === 'alert') return `alert    ${effect.level}: ${effect.text}`;
  return `${effect.type}`;
}

/** A position as the broker would show it. */
export function brokerPosition(fields: Partial<BrokerPosition> = {}): BrokerPosition {
  return {
    id: positionId('500'),
    instrumentId: FCPO.id,
    side: 'buy' as Side,
    volume: volume(700),
    entry: ringgit(4_602),
    stop: ringgit(4_532),
    target: ringgit(4_694),
    openedAt: wall(MORNING),
    swap: money(0),
    commission: money(-210),
    usedMargin: money(161_070),
    ...fields,
  };
}
