/**
 * Drives the session machine: bytes to messages, messages to the machine, its outputs to the line.
 * It decides nothing, has one timer, and owns the order of starting and stopping.
 */
import type { BrokerEvent, Clock, Generation, Timer } from '../engine/index.ts';
import type { Credentials, Secret } from './secret.ts';
import { heardAt, liveQuote, type SpotKey, spotKey } from './session/live-spot.ts';
import { type SessionMachine, sessionMachine } from './session/machine.ts';
import type {
  CredentialName,
  Draft,
  Moment,
  SessionConfig,
  SessionInput,
  SessionOutput,
  SessionState,
} from './session/state.ts';
import { TRADING_MESSAGES } from './trading.ts';
import type { Dial, Line } from './transport.ts';
import {
  decodeEnvelope,
  encodeEnvelope,
  type OutgoingMessage,
  readLoneSpot,
  readSpotBody,
} from './wire/codec.ts';
import { type FrameReader, frameReader, WIRE_LIMITS } from './wire/frame.ts';

/** Deadlines are looked at this often. */
const TICK_MS = 250;

export interface ConnectionParams extends SessionConfig {
  readonly dial: Dial;
  readonly clock: Clock;
  /** Read anew at every login, so that a getter may give a rotated token. */
  readonly credentials: Credentials;
  /** 0 inclusive to 1 exclusive, for the jitter of reconnecting. */
  readonly random: () => number;
  /** Sentences for the log; free of secrets. */
  readonly note?: (text: string) => void;
}

/** What happened on all lines so far; for metrics and tests. */
export interface ConnectionCounts {
  readonly dials: number;
  readonly losses: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly unreadable: number;
  readonly unknown: number;
  readonly emptyFrames: number;
}

/** What the caller may put in; time is added here. */
type Wish = SessionInput extends infer I
  ? I extends { readonly at: unknown }
    ? Omit<I, 'at'>
    : never
  : never;

export interface Connection {
  start(emit: (event: BrokerEvent) => void): void;
  send(request: Extract<SessionInput, { readonly type: 'send' }>['request']): void;
  query(query: Extract<SessionInput, { readonly type: 'query' }>['query']): void;
  subscribe(id: Extract<SessionInput, { readonly type: 'subscribe' }>['instrumentId']): void;
  /** The next login presents another token: waited for, or the way out of AUTH_HALT (F92). */
  tokenRenewed(): void;
  /** Nobody but a person gets another token: AUTH_HALT, if the token is what is missing. */
  tokenForfeited(reason: string): void;
  stop(): void;
  /** The present link session; 0 before the first. */
  generation(): Generation;
  counts(): ConnectionCounts;
}

/** A connection that is not started yet. */
export const createConnection = (params: ConnectionParams): Connection => new Driver(params);

/** One dialled line with the reader born with it: a fragment never reaches the next line (F03). */
interface Wired {
  line: Line | undefined;
  readonly reader: FrameReader;
}

const NO_COUNTS = {
  dials: 0,
  losses: 0,
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  unreadable: 0,
  unknown: 0,
  emptyFrames: 0,
};

const NO_SYMBOL = { symbolId: undefined };

class Driver implements Connection {
  readonly #params: ConnectionParams;
  readonly #machine: SessionMachine;
  readonly #counts = { ...NO_COUNTS };
  /** Inputs that arise while outputs are carried out; handled in order, never inside each other. */
  readonly #inputs: SessionInput[] = [];
  #state: SessionState;
  #emit: ((event: BrokerEvent) => void) | undefined;
  #wired: Wired | undefined;
  #timer: Timer | undefined;
  #busy = false;
  #tokenSent: Secret | undefined;
  #key: SpotKey;
  /** Quotes came since the last input: the machine learns of it with the next one, a tick away. */
  #isHeard = false;

  constructor(params: ConnectionParams) {
    this.#params = params;
    this.#machine = sessionMachine(params);
    this.#state = this.#machine.initial;
    this.#key = spotKey(params.accountId, undefined);
  }

  start(emit: (event: BrokerEvent) => void): void {
    if (this.#emit !== undefined) return;
    this.#emit = emit;
    this.#put({ type: 'start' });
    this.#tickLater();
  }

  send(request: Extract<SessionInput, { readonly type: 'send' }>['request']): void {
    this.#put({ type: 'send', request, backlog: this.#backlog() });
  }

  query(query: Extract<SessionInput, { readonly type: 'query' }>['query']): void {
    this.#put({ type: 'query', query });
  }

  subscribe(instrumentId: Extract<SessionInput, { readonly type: 'subscribe' }>['instrumentId']) {
    this.#put({ type: 'subscribe', instrumentId });
  }

  tokenRenewed(): void {
    if (this.#timer !== undefined) this.#put({ type: 'tokenRenewed' });
  }

  tokenForfeited(reason: string): void {
    if (this.#timer !== undefined) this.#put({ type: 'tokenForfeited', reason });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#put({ type: 'stop' });
  }

  generation(): Generation {
    return this.#state.generation;
  }

  counts(): ConnectionCounts {
    return { ...this.#counts };
  }

  #backlog(): number {
    return this.#wired?.line?.backlog?.() ?? 0;
  }

  #tickLater(): void {
    this.#timer = this.#params.clock.after(TICK_MS, () => {
      if (this.#timer === undefined) return;
      this.#tickLater();
      if (this.#hasNewToken()) this.#put({ type: 'tokenRenewed' });
      this.#put({ type: 'tick', backlog: this.#backlog() });
    });
  }

  /** Only asked about while the login is refused: a token lives long. */
  #hasNewToken(): boolean {
    if (this.#state.link !== 'AUTH_HALT' || this.#tokenSent === undefined) return false;
    return this.#tokenSent.reveal() !== this.#params.credentials.accessToken.reveal();
  }

  #now(): Moment {
    return { mono: this.#params.clock.mono(), wall: this.#params.clock.wall() };
  }

  #put(wish: Wish): void {
    this.#feed({ ...wish, at: this.#now() } as SessionInput);
  }

  #feed(input: SessionInput): void {
    if (this.#busy) {
      this.#inputs.push(input);
      return;
    }
    this.#busy = true;
    try {
      this.#step(input);
      this.#drain();
    } finally {
      this.#busy = false;
    }
  }

  /** What came up meanwhile, in its order. */
  #drain(): void {
    while (this.#inputs.length > 0) {
      const next = this.#inputs.shift();
      if (next !== undefined) this.#step(next);
    }
  }

  #step(input: SessionInput): void {
    const before = this.#isHeard ? heardAt(this.#state, input.at.mono) : this.#state;
    this.#isHeard = false;
    const [state, outputs] = this.#machine.step(before, input);
    this.#state = state;
    for (const output of outputs) this.#carryOut(output);
  }

  #carryOut(output: SessionOutput): void {
    switch (output.type) {
      case 'event':
        this.#emit?.(output.event);
        return;
      case 'write':
        this.#writeDraft(output.draft, output.id);
        return;
      case 'transmit':
        this.#transmit(output);
        return;
      case 'dial':
        this.#dial();
        return;
      case 'trusted':
        this.#wired?.reader.raiseLimit(WIRE_LIMITS.frameBytes);
        return;
      case 'close':
        this.#close(output.reason);
        return;
      case 'note':
        this.#params.note?.(output.text);
        return;
    }
  }

  #dial(): void {
    this.#counts.dials += 1;
    const reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytesBeforeAuth });
    const wired: Wired = { line: undefined, reader };
    this.#wired = wired;
    // Events of an earlier line find another object here and fall silent (F19).
    const current = () => this.#wired === wired;
    wired.line = this.#params.dial({
      opened: () => {
        if (current()) this.#put({ type: 'opened' });
      },
      bytes: (chunk) => {
        if (current()) this.#read(wired, chunk);
      },
      closed: (reason) => {
        if (current()) this.#lose(reason);
      },
    });
  }

  #read(wired: Wired, chunk: Uint8Array): void {
    this.#counts.bytesIn += chunk.length;
    if (wired.reader.heldBytes() === 0 && readLoneSpot(chunk) && this.#takeQuote()) return;
    const { frames, fault } = wired.reader.push(chunk);
    for (const frame of frames) {
      // A message may end the line: what follows in the same chunk belongs to nobody.
      if (this.#wired !== wired) return;
      if (readSpotBody(frame) && this.#takeQuote()) continue;
      const message = decodeEnvelope(frame);
      this.#counts.messagesIn += 1;
      if (message.kind === 'unknown') this.#counts.unknown += 1;
      if (message.kind === 'undecodable') this.#counts.unreadable += 1;
      this.#feed({ type: 'message', message, at: this.#now() });
    }
    if (fault === undefined || this.#wired !== wired) return;
    if (fault.type === 'emptyFrame') this.#counts.emptyFrames += fault.count;
    else this.#close(`a frame of ${fault.declaredBytes} bytes is longer than allowed`);
  }

  /** The price just read, told without the machine if it would only tell it. */
  #takeQuote(): boolean {
    if (this.#busy) return false;
    const { symbolId } = this.#state.facts.scales ?? NO_SYMBOL;
    if (symbolId !== this.#key.symbolId) this.#key = spotKey(this.#params.accountId, symbolId);
    const quote = liveQuote(this.#state, this.#key, this.#params.clock.wall());
    if (quote === undefined) return false;
    this.#counts.messagesIn += 1;
    this.#isHeard = true;
    this.#busy = true;
    try {
      this.#emit?.(quote);
      this.#drain();
    } finally {
      this.#busy = false;
    }
    return true;
  }

  #close(reason: string): void {
    const line = this.#wired?.line;
    if (this.#wired === undefined) return;
    this.#lose(reason);
    line?.close();
  }

  #lose(reason: string): void {
    this.#wired = undefined;
    this.#counts.losses += 1;
    this.#put({ type: 'closed', reason, random: this.#params.random() });
  }

  #writeDraft(draft: Draft, id: string | undefined): void {
    const message = draft.type === 'plain' ? draft.message : this.#withCredentials(draft.name);
    const why = this.#write(id === undefined ? message : { ...message, clientMsgId: id });
    if (why !== undefined) this.#params.note?.(`${message.name} was not written: ${why}`);
  }

  /** The only place where secrets become bytes (I23). */
  #withCredentials(name: CredentialName): OutgoingMessage {
    const { clientId, clientSecret, accessToken } = this.#params.credentials;
    const ctidTraderAccountId = this.#params.accountId;
    if (name === 'ProtoOAApplicationAuthReq') {
      return { name, fields: { clientId, clientSecret: clientSecret.reveal() } };
    }
    this.#tokenSent = accessToken;
    const token = accessToken.reveal();
    return name === 'ProtoOAAccountAuthReq'
      ? { name, fields: { ctidTraderAccountId, accessToken: token } }
      : { name, fields: { accessToken: token } };
  }

  #transmit(output: Extract<SessionOutput, { readonly type: 'transmit' }>): void {
    const { message, id, requestId } = output;
    const reason = this.#write({ ...message, clientMsgId: id });
    if (reason !== undefined) {
      this.#put({ type: 'unwritten', requestId, reason });
      return;
    }
    const { generation } = this.#state;
    this.#emit?.({ type: 'sent', generation, requestId });
  }

  /** Writes at once or says why not; nothing is ever kept for later (F05). */
  #write(message: OutgoingMessage): string | undefined {
    const line = this.#wired?.line;
    if (line === undefined) return 'there is no line';
    if (this.#params.encoders === undefined && TRADING_MESSAGES.has(message.name)) {
      return 'this connection only receives prices';
    }
    let bytes: Uint8Array;
    try {
      bytes = encodeEnvelope(message);
    } catch {
      // Refused by the checks before encoding (I16); the text could quote a value, so it stays
      // here.
      return 'the message does not pass the checks before encoding';
    }
    line.write(bytes);
    this.#counts.messagesOut += 1;
    this.#counts.bytesOut += bytes.length;
    return undefined;
  }
}
