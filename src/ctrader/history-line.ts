/**
 * A connection of its own for questions about the past: it introduces itself, authorises one
 * account, and then asks one thing at a time, slower than the broker's limit.
 * Deliberately subscribes to nothing and cannot trade; a line that is lost stays lost.
 */
import type { Clock, Environment, Mono } from '../engine/index.ts';
import { errorRow } from './errors.ts';
import type { Credentials } from './secret.ts';
import { chooseAccount, chooseInstrument } from './session/choice.ts';
import type { Dial, Line } from './transport.ts';
import {
  decodeEnvelope,
  encodeEnvelope,
  type KnownMessage,
  type OutgoingMessage,
  type WireMessage,
} from './wire/codec.ts';
import { frameReader, WIRE_LIMITS } from './wire/frame.ts';
import type { ProtoOALightSymbol, WireName } from './wire/schema.gen.ts';

/** Why no more answers come from this line; the message is for a person. */
export class HistoryStopped extends Error {
  override readonly name = 'HistoryStopped';
  /** `token`: renew it; `lost`: dial again; `refused`: asking again changes nothing. */
  readonly reason: 'token' | 'lost' | 'refused';
  constructor(reason: 'token' | 'lost' | 'refused', message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface HistoryLineParams {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly accountId: string;
  readonly environment: Environment;
}

type Answer<N extends WireName> = Extract<KnownMessage, { readonly name: N }>['fields'];

export interface HistoryLine {
  readonly accountId: string;
  /** The instrument of exactly that name; rejects with the nearest names. */
  instrument(name: string): Promise<ProtoOALightSymbol>;
  /** Rejects with {@link HistoryStopped}. One question at a time. */
  ask<N extends WireName>(message: OutgoingMessage, answer: N): Promise<Answer<N>>;
  close(): void;
}

/** Milliseconds. */
export const HISTORY_PACE = {
  /** At most four a second, where the broker allows five. */
  betweenMs: 250,
  answerMs: 20_000,
  /** When the broker says "too many" and not how long to wait. */
  heldBackMs: 5_000,
  heldBackMostMs: 120_000,
  heldBackTimes: 5,
} as const;

const PAST: ReadonlySet<string> = new Set(['ProtoOAGetTrendbarsReq', 'ProtoOAGetTickDataReq']);

/** What the broker tells without being asked, and what ends the line. */
const GOODBYES: Readonly<Record<string, 'token' | 'lost'>> = {
  ProtoOAAccountsTokenInvalidatedEvent: 'token',
  ProtoOAAccountDisconnectEvent: 'lost',
  ProtoOAClientDisconnectEvent: 'lost',
};

/** Dials and logs in. Rejects with {@link HistoryStopped}. */
export async function openHistoryLine(params: HistoryLineParams): Promise<HistoryLine> {
  const { credentials, accountId, environment } = params;
  const line = new AskedLine(params);
  try {
    await line.opened();
    const { clientId } = credentials;
    const clientSecret = credentials.clientSecret.reveal();
    await line.ask(
      { name: 'ProtoOAApplicationAuthReq', fields: { clientId, clientSecret } },
      'ProtoOAApplicationAuthRes',
    );
    const accessToken = credentials.accessToken.reveal();
    const list = await line.ask(
      { name: 'ProtoOAGetAccountListByAccessTokenReq', fields: { accessToken } },
      'ProtoOAGetAccountListByAccessTokenRes',
    );
    const host = environment === 'sim' ? 'demo' : environment;
    const wanted = { accountId, environment: host } as const;
    const choice = chooseAccount(list.ctidTraderAccount ?? [], wanted);
    if (!choice.ok) throw new HistoryStopped('refused', sentence(choice.reason));
    const fields = { ctidTraderAccountId: accountId, accessToken };
    await line.ask({ name: 'ProtoOAAccountAuthReq', fields }, 'ProtoOAAccountAuthRes');
    return line;
  } catch (error) {
    line.close();
    throw error;
  }
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[\p{Cc}\p{Cf}]/gu, '?')}.`;

interface Waiting {
  readonly message: OutgoingMessage;
  readonly answer: WireName;
  readonly resolve: (fields: KnownMessage['fields']) => void;
  readonly reject: (error: HistoryStopped) => void;
  heldBack: number;
}

class AskedLine implements HistoryLine {
  readonly accountId: string;
  readonly #clock: Clock;
  readonly #line: Line;
  readonly #reader = frameReader({ maxBytes: WIRE_LIMITS.frameBytes });
  #waiting: Waiting | undefined;
  #ended: HistoryStopped | undefined;
  #open: { readonly resolve: () => void; readonly reject: (e: HistoryStopped) => void } | undefined;
  #isOpen = false;
  #timer: { cancel(): void } | undefined;
  #lastPast: Mono | undefined;

  constructor({ dial, clock, accountId }: HistoryLineParams) {
    this.accountId = accountId;
    this.#clock = clock;
    this.#line = dial({
      opened: () => {
        this.#isOpen = true;
        this.#open?.resolve();
      },
      bytes: (chunk) => this.#heard(chunk),
      closed: (reason) => this.#end('lost', `The connection to the broker failed: ${reason}.`),
    });
  }

  opened(): Promise<void> {
    this.#limit();
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      if (this.#isOpen) return resolve();
      this.#open = { resolve, reject };
    });
  }

  async instrument(name: string): Promise<ProtoOALightSymbol> {
    const { symbol = [] } = await this.ask(
      { name: 'ProtoOASymbolsListReq', fields: { ctidTraderAccountId: this.accountId } },
      'ProtoOASymbolsListRes',
    );
    const choice = chooseInstrument(symbol, name, []);
    if (choice.ok) return choice.value;
    throw new HistoryStopped('refused', sentence(choice.reason));
  }

  ask<N extends WireName>(message: OutgoingMessage, answer: N): Promise<Answer<N>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      // The name of the answer decides its fields; the union cannot see that.
      const settle = resolve as (fields: KnownMessage['fields']) => void;
      this.#waiting = { message, answer, resolve: settle, reject, heldBack: 0 };
      this.#say();
    });
  }

  close(): void {
    this.#end('lost', 'The connection was closed.');
  }

  /** The question leaves when its turn has come; the answer's time begins with it. */
  #say(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#timer?.cancel();
    const isPast = PAST.has(waiting.message.name);
    const now = this.#clock.mono();
    const due = this.#lastPast === undefined ? now : this.#lastPast + HISTORY_PACE.betweenMs;
    if (isPast && due > now) {
      this.#timer = this.#clock.after(due - now, () => this.#say());
      return;
    }
    if (isPast) this.#lastPast = now;
    this.#limit();
    this.#line.write(encodeEnvelope(waiting.message));
  }

  #limit(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(HISTORY_PACE.answerMs, () =>
      this.#end('lost', 'The broker does not answer.'),
    );
  }

  #heard(chunk: Uint8Array): void {
    const { frames, fault } = this.#reader.push(chunk);
    for (const frame of frames) if (this.#ended === undefined) this.#read(decodeEnvelope(frame));
    if (fault?.type === 'tooLong') this.#end('lost', 'The broker answered something too long.');
  }

  #read(message: WireMessage): void {
    if (message.kind === 'undecodable') {
      this.#end('lost', 'The broker answered something unreadable.');
    }
    if (message.kind !== 'message') return;
    const goodbye = GOODBYES[message.name];
    if (goodbye !== undefined) {
      this.#end(goodbye, 'The broker ended the session.');
    } else if (message.name === 'ProtoOAErrorRes') {
      const { errorCode, retryAfter } = message.fields;
      this.#refused(errorCode, retryAfter);
    } else if (message.name === 'ProtoErrorRes') {
      this.#refused(message.fields.errorCode, undefined);
    } else if (message.name === this.#waiting?.answer) {
      this.#answered(message);
    }
  }

  #answered({ name, fields }: KnownMessage): void {
    const { ctidTraderAccountId: whose } = fields as { readonly ctidTraderAccountId?: string };
    if (whose !== undefined && whose !== this.accountId) {
      this.#end('lost', `The broker answered for another account (${name}).`);
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#timer?.cancel();
    waiting?.resolve(fields);
  }

  #refused(code: string, retryAfterS: number | undefined): void {
    const name = /^\w{1,64}$/.test(code) ? code : 'an error without a readable name';
    const { words, course } = errorRow(code);
    const text = `The broker refused (${name}): ${words}.`;
    if (course === 'throttled' && this.#waiting !== undefined) {
      this.#holdBack(this.#waiting, retryAfterS, text);
    } else if (course === 'token' || course === 'refused') {
      this.#end(course === 'token' ? 'token' : 'refused', text);
    } else this.#end(course === 'request' ? 'refused' : 'lost', text);
  }

  #holdBack(waiting: Waiting, retryAfterS: number | undefined, text: string): void {
    waiting.heldBack += 1;
    if (waiting.heldBack > HISTORY_PACE.heldBackTimes) {
      this.#end('lost', text);
      return;
    }
    const asked = retryAfterS === undefined ? HISTORY_PACE.heldBackMs : retryAfterS * 1_000;
    this.#timer?.cancel();
    const delay = Math.min(Math.max(asked, HISTORY_PACE.betweenMs), HISTORY_PACE.heldBackMostMs);
    this.#timer = this.#clock.after(delay, () => this.#say());
  }

  #end(reason: HistoryStopped['reason'], text: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = new HistoryStopped(reason, text);
    this.#timer?.cancel();
    this.#waiting?.reject(this.#ended);
    this.#open?.reject(this.#ended);
    this.#line.close();
  }
}
