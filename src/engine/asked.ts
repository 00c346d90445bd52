/**
 * What was asked of the broker and is not over: closes, levels, cancels, stray orders, commands.
 * Deliberately types only; all of it is part of the state and survives a restart.
 */
import type { BrokerRequest } from './effect.ts';
import type { Side } from './model.ts';
import type {
  BrokerOrderId,
  ClientOrderId,
  CommandId,
  Mono,
  PositionId,
  Price,
  Seq,
  Untrusted,
  Volume,
} from './units.ts';

/** A closing request of ours on its way. */
export interface Closing {
  readonly requestId: string;
  readonly volume: Volume;
  readonly askedAt: Mono;
  readonly sentAt: Mono | undefined;
  readonly reason: string;
}

/** A closing, protecting or cancelling request that waits for its record to be durable (A5). */
export interface Outgoing {
  readonly barrier: Seq;
  readonly request: BrokerRequest;
}

/** New levels of a position on their way; read back before they are believed (F39). */
export interface Amending {
  readonly requestId: string;
  readonly stop: Price;
  readonly target: Price | undefined;
  readonly askedAt: Mono;
  readonly reason: string;
}

/** Levels the position should carry; what the broker shows instead is put right. */
export interface Repair {
  readonly stop: Price;
  readonly target: Price | undefined;
  readonly tries: number;
}

/** One close, amend or cancel whose bytes left; `key` says what it was about. */
export interface Act {
  readonly key: string;
  readonly requestId: string;
  readonly at: Mono;
}

/** What was asked about one order at the broker, and why the broker would not. */
export interface Cancel {
  readonly id: BrokerOrderId;
  readonly count: number;
  readonly at: Mono;
  readonly refused: string | undefined;
}

export interface Stray {
  readonly id: BrokerOrderId;
  readonly label: Untrusted;
  readonly side: Side;
  readonly volume: Volume;
  readonly since: Mono;
  /** Our order of that label; absent when the journal does not know any. */
  readonly orderId: ClientOrderId | undefined;
}

/** What an accepted command waits for. */
export interface Awaited {
  readonly id: CommandId;
  readonly positions: readonly PositionId[];
  readonly order: BrokerOrderId | undefined;
}
