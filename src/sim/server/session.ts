/**
 * One connection as the server sees it: frames in and out, what was authorised and subscribed, and
 * the rules of silence on both sides.
 * Deliberately knows no request: `requests.ts` gives the messages their meaning.
 */

import type { WireMessage } from '../../ctrader/wire/codec.ts';
import { decodeEnvelope, encodeEnvelope, type OutgoingMessage } from '../../ctrader/wire/codec.ts';
import { type FrameReader, frameReader } from '../../ctrader/wire/frame.ts';
import type { WireName } from '../../ctrader/wire/schema.gen.ts';
import type { Clock, Timer } from '../../engine/index.ts';
import { type ConnectionFaults, type FaultAction, piecesOf } from './faults.ts';
import type { Switches } from './parameters.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { withStrangeFields } from './strange-fields.ts';

/** Where a session writes; closing twice is harmless. */
export interface ServerLine {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** What a connection gives to whoever owns its bytes. */
export interface Inlet {
  bytes(chunk: Uint8Array): void;
  /** The other side is gone; nothing is written any more. */
  closed(): void;
}

/** Quotes of one symbol on one account; gone with the connection. */
export interface Subscription {
  readonly accountId: string;
  readonly symbolId: string;
  readonly withTime: boolean;
  /** Bar periods that travel with the quotes, in order of subscription. */
  readonly periods: Set<number>;
}

export interface Session {
  /** From 1, in order of connection. */
  readonly number: number;
  readonly rate: RateLimit;
  /** Authorised accounts and the access token of each, in order of authorisation. */
  readonly accounts: Map<string, string>;
  /** By account and symbol, see `subscriptionKey`. */
  readonly subscriptions: Map<string, Subscription>;
  isApplication(): boolean;
  setApplication(authorised: boolean): void;
  isOpen(): boolean;
  /** Dropped in silence when the connection has ended. */
  send(message: OutgoingMessage): void;
  /** Runs in the order asked, at least `delayMs` later; never after the end of the connection. */
  later(delayMs: number, act: () => void): void;
  close(): void;
}

export interface SessionParams {
  readonly number: number;
  readonly line: ServerLine;
  readonly clock: Clock;
  readonly switches: Switches;
  readonly faults: ConnectionFaults | undefined;
  readonly received: (session: Session, message: WireMessage) => void;
  readonly ended: (session: Session) => void;
}

/** Measured: the server closes after 30 s without any frame, and speaks after 25 s of its own. */
const SILENCE = { clientMs: 30_000, serverMs: 25_000, unauthorisedMs: 30_000 } as const;

export const subscriptionKey = (accountId: string, symbolId: string): string =>
  `${accountId}/${symbolId}`;

export const createSession = (params: SessionParams): Session & Inlet => new Connection(params);

class Connection implements Session, Inlet {
  readonly number: number;
  readonly rate: RateLimit;
  readonly accounts = new Map<string, string>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly #params: SessionParams;
  readonly #reader: FrameReader;
  readonly #passage: Passage;
  readonly #waiting: (() => void)[] = [];
  #strangerSince: number;
  #lastIn: number;
  #lastOut: number;
  #lastDue: number;
  #application = false;
  #open = true;
  #watchdog: Timer | undefined;

  constructor(params: SessionParams) {
    this.#params = params;
    this.number = params.number;
    this.rate = createRateLimit(params.switches);
    this.#reader = frameReader({ maxBytes: params.switches.frameBytesMax });
    this.#passage = createPassage(params.faults);
    this.#strangerSince = params.clock.mono();
    this.#lastIn = this.#strangerSince;
    this.#lastOut = this.#strangerSince;
    this.#lastDue = this.#strangerSince;
    this.#watch();
  }

  isApplication(): boolean {
    return this.#application;
  }

  setApplication(authorised: boolean): void {
    this.#application = authorised;
    if (!authorised) this.#strangerSince = this.#params.clock.mono();
    this.#watch();
  }

  isOpen(): boolean {
    return this.#open;
  }

  send(message: OutgoingMessage): void {
    if (!this.#open) return;
    const { clock, switches } = this.#params;
    const plain = encodeEnvelope(message);
    const bytes = switches.unknownFields ? withStrangeFields(message.name, plain) : plain;
    const action = this.#passage('out', message.name);
    if (action?.type === 'close') this.close();
    else if (action?.type === 'delay') clock.after(action.delayMs, () => this.#write(bytes));
    else if (action?.type !== 'drop') this.#writePieces(bytes, action);
    if (action?.type === 'duplicate') this.#write(bytes);
  }

  #writePieces(bytes: Uint8Array, action: FaultAction | undefined): void {
    const { pieces, ends } = piecesOf(bytes, action);
    for (const piece of pieces) this.#write(piece);
    if (ends) this.close();
  }

  later(delayMs: number, act: () => void): void {
    const { clock } = this.#params;
    const now = clock.mono();
    this.#lastDue = Math.max(this.#lastDue, now + delayMs);
    this.#waiting.push(act);
    clock.after(this.#lastDue - now, () => this.#waiting.shift()?.());
  }

  close(): void {
    if (!this.#open) return;
    this.#params.line.close();
    this.closed();
  }

  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watchdog?.cancel();
    this.#waiting.length = 0;
    this.#params.ended(this);
  }

  bytes(chunk: Uint8Array): void {
    if (!this.#open) return;
    const { frames, fault } = this.#reader.push(chunk);
    if (frames.length > 0) this.#lastIn = this.#params.clock.mono();
    for (const body of frames) if (this.#open) this.#receive(body);
    if (fault?.type !== 'tooLong' || !this.#open) return;
    if (this.#params.switches.longFrame === 'FRAME_TOO_LONG') {
      this.send(tooLong(fault.declaredBytes));
    }
    this.close();
  }

  #receive(body: Uint8Array): void {
    const { clock, received } = this.#params;
    const sent = decodeEnvelope(body);
    const action = this.#passage('in', sent.kind === 'message' ? sent.name : undefined);
    const [piece] = action?.type === 'corrupt' ? piecesOf(body, action).pieces : [];
    const message = piece === undefined ? sent : decodeEnvelope(piece);
    const pass = (): void => {
      if (this.#open) received(this, message);
    };
    if (action?.type === 'close') this.close();
    else if (action?.type === 'delay') clock.after(action.delayMs, pass);
    else if (action?.type !== 'drop') pass();
    if (action?.type === 'duplicate') pass();
  }

  #write(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#lastOut = this.#params.clock.mono();
    this.#params.line.write(bytes);
  }

  /** Looks at the clock when the next deadline may have passed, not at every frame. */
  #watch(): void {
    this.#watchdog?.cancel();
    const { clock } = this.#params;
    const now = clock.mono();
    const silent = this.#lastIn + SILENCE.clientMs;
    const strange = this.#strangerSince + SILENCE.unauthorisedMs;
    const deadline = this.#application ? silent : Math.min(silent, strange);
    if (now >= deadline) {
      this.close();
      return;
    }
    if (this.#application && now >= this.#lastOut + SILENCE.serverMs) {
      this.send({ name: 'ProtoHeartbeatEvent', fields: {} });
      // Also when a fault swallowed it: the next one is due after the same time.
      this.#lastOut = now;
    }
    const speak = this.#lastOut + SILENCE.serverMs;
    const next = this.#application ? Math.min(deadline, speak) : deadline;
    if (this.#open) this.#watchdog = clock.after(next - now, () => this.#watch());
  }
}

const tooLong = (bytes: number): OutgoingMessage => ({
  name: 'ProtoOAErrorRes',
  fields: { errorCode: 'FRAME_TOO_LONG', description: `Frame of ${bytes} bytes is too long` },
});

type Passage = (direction: 'in' | 'out', name: WireName | undefined) => FaultAction | undefined;

/** Counts frames for the fault script. */
function createPassage(faults: ConnectionFaults | undefined): Passage {
  const counts = new Map<string, number>();
  const next = (key: string): number => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
  return (direction, name) => {
    if (faults === undefined) return undefined;
    const count = next(direction);
    const countOfName = next(`${direction} ${name ?? ''}`);
    return faults({ direction, name, count, countOfName });
  };
}
