/**
 * Pure book-keeping of what was asked: correlation by message id, deadlines, pacing, waiting times.
 * Deliberately no meaning: `purpose` is the machine's own word for what the answer is for.
 */
import type { Mono } from '../../engine/index.ts';
import type { WireName } from '../wire/schema.gen.ts';

/**
 * `trading` never waits in a queue: it leaves now or is refused (F05). The other two yield to it:
 * ordinary requests may use only a part of the budget, so a close is never starved (F23).
 */
export type Lane = 'trading' | 'ordinary' | 'history';

export const PACING = {
  windowMs: 1_000,
  /** Most requests per window that are not history; the broker allows 50. */
  perWindow: 40,
  /** Of these, what only trading requests may use. */
  keptForTrading: 10,
  /** Most history requests per window; the broker allows 5. */
  historyPerWindow: 4,
  /** Most requests that wait, and most that are unanswered. */
  waitingMax: 64,
  pendingMax: 256,
} as const;

export const REPLY_DEADLINE_MS: Readonly<Record<Lane, number>> = {
  trading: 10_000,
  ordinary: 10_000,
  history: 20_000,
};

/** A request that was answered stays known this long: the second event and late errors (F19). */
const REMEMBER_MS = 60_000;

/** A blocked kind of request waits at least this long, doubling up to the cap (retryAfter lies). */
const BLOCK_MS = 1_000;
const BLOCK_MAX_MS = 600_000;

export interface Pending<P> {
  readonly id: string;
  readonly name: WireName;
  readonly lane: Lane;
  readonly purpose: P;
  readonly sentAt: Mono;
  /** True after the first answer: no deadline any more, kept for what follows it. */
  readonly answered: boolean;
}

export interface Waiting<P, M> {
  readonly id: string;
  readonly name: WireName;
  readonly lane: Exclude<Lane, 'trading'>;
  readonly purpose: P;
  readonly message: M;
}

interface Block {
  readonly name: WireName;
  readonly until: number;
  readonly strikes: number;
}

/** Plain data; `P` is the purpose, `M` the message that waits. */
export interface Requests<P, M> {
  readonly prefix: string;
  readonly counter: number;
  readonly pending: readonly Pending<P>[];
  readonly waiting: readonly Waiting<P, M>[];
  /** When the last requests left, oldest first, at most a window's worth. */
  readonly sent: readonly number[];
  readonly sentHistory: readonly number[];
  readonly blocks: readonly Block[];
}

/** Fresh books for one connection: no id of an earlier one can be mistaken for ours (F19). */
export function noRequests<P, M>(prefix: string): Requests<P, M> {
  return {
    prefix,
    counter: 0,
    pending: [],
    waiting: [],
    sent: [],
    sentHistory: [],
    blocks: [],
  };
}

const inWindow = (times: readonly number[], now: number): readonly number[] => {
  const first = times.findIndex((time) => time > now - PACING.windowMs);
  return first < 0 ? [] : first === 0 ? times : times.slice(first);
};

/** True when a request of this lane may leave now. */
export function hasBudget<P, M>(books: Requests<P, M>, lane: Lane, now: number): boolean {
  if (lane === 'history') {
    return inWindow(books.sentHistory, now).length < PACING.historyPerWindow;
  }
  const kept = lane === 'trading' ? 0 : PACING.keptForTrading;
  return inWindow(books.sent, now).length < PACING.perWindow - kept;
}

/** Until when this kind of request is blocked by the broker; `undefined` when it is not. */
export function blockedUntil<P, M>(
  books: Requests<P, M>,
  name: WireName,
  now: number,
): number | undefined {
  const block = books.blocks.find((each) => each.name === name);
  return block !== undefined && block.until > now ? block.until : undefined;
}

/** Notes that a request leaves now. */
export function noteSent<P, M>(
  books: Requests<P, M>,
  request: {
    readonly id: string;
    readonly name: WireName;
    readonly lane: Lane;
    readonly purpose: P;
  },
  now: Mono,
): Requests<P, M> {
  const history = request.lane === 'history';
  const { id, name, lane, purpose } = request;
  const entry: Pending<P> = { id, name, lane, purpose, sentAt: now, answered: false };
  return {
    ...books,
    pending: [...books.pending.slice(1 - PACING.pendingMax), entry],
    sent: history ? books.sent : [...inWindow(books.sent, now), now],
    sentHistory: history ? [...inWindow(books.sentHistory, now), now] : books.sentHistory,
  };
}

/** The next message id; `detail` makes ids of trading requests ours alone, whoever else trades. */
export function nextId<P, M>(
  books: Requests<P, M>,
  detail?: string,
): readonly [Requests<P, M>, string] {
  const counter = books.counter + 1;
  const id = `${books.prefix}${counter}${detail === undefined ? '' : `.${detail}`}`;
  return [{ ...books, counter }, id];
}

/** Puts a request in line; false when the line is full (A11). */
export function enqueue<P, M>(
  books: Requests<P, M>,
  request: Omit<Waiting<P, M>, 'id'>,
): readonly [Requests<P, M>, boolean] {
  if (books.waiting.length >= PACING.waitingMax) return [books, false];
  const [numbered, id] = nextId(books);
  return [{ ...numbered, waiting: [...books.waiting, { ...request, id }] }, true];
}

/** Takes out of the line whatever may leave now, in order, and notes it as sent. */
export function release<P, M>(
  books: Requests<P, M>,
  now: Mono,
): readonly [Requests<P, M>, readonly Waiting<P, M>[]] {
  if (books.waiting.length === 0) return [books, []];
  let next = books;
  const leaving: Waiting<P, M>[] = [];
  const staying: Waiting<P, M>[] = [];
  for (const each of books.waiting) {
    const free = blockedUntil(next, each.name, now) === undefined;
    if (free && hasBudget(next, each.lane, now)) {
      next = noteSent(next, each, now);
      leaving.push(each);
    } else {
      staying.push(each);
    }
  }
  return [leaving.length === 0 ? books : { ...next, waiting: staying }, leaving];
}

/** The request an answer belongs to; ids of strangers and of other connections find none (F19). */
export function find<P, M>(books: Requests<P, M>, id: string | undefined): Pending<P> | undefined {
  return id === undefined ? undefined : books.pending.find((each) => each.id === id);
}

/** Removes an answered request; when it was `served`, the block of its kind is over. */
export function settle<P, M>(books: Requests<P, M>, id: string, served: boolean): Requests<P, M> {
  const name = find(books, id)?.name;
  const pending = books.pending.filter((each) => each.id !== id);
  const blocks = served ? books.blocks.filter((each) => each.name !== name) : books.blocks;
  return { ...books, pending, blocks };
}

/** Marks a trading request as answered; it stays known for the events that follow. */
export function markAnswered<P, M>(books: Requests<P, M>, id: string): Requests<P, M> {
  const known = find(books, id);
  if (known === undefined || known.answered) return books;
  const pending = books.pending.map((each) =>
    each.id === id ? { ...each, answered: true } : each,
  );
  return { ...books, pending };
}

/** Removes what nobody answered in time; answered ones are forgotten silently after a minute. */
export function expire<P, M>(
  books: Requests<P, M>,
  now: Mono,
): readonly [Requests<P, M>, readonly Pending<P>[]] {
  const isOver = (each: Pending<P>) =>
    now - each.sentAt >= (each.answered ? REMEMBER_MS : REPLY_DEADLINE_MS[each.lane]);
  if (!books.pending.some(isOver)) return [books, []];
  const expired = books.pending.filter((each) => isOver(each) && !each.answered);
  return [{ ...books, pending: books.pending.filter((each) => !isOver(each)) }, expired];
}

/**
 * Holds a kind of request back. The wait is the larger of the broker's hint and a doubling one:
 * the hint understates the rolling quota. `retryAfterMs` absent means that there was no hint.
 */
export function block<P, M>(
  books: Requests<P, M>,
  name: WireName,
  retryAfterMs: number | undefined,
  now: number,
): Requests<P, M> {
  const strikes = (books.blocks.find((each) => each.name === name)?.strikes ?? 0) + 1;
  const growing = Math.min(BLOCK_MS * 2 ** Math.min(strikes, 20), BLOCK_MAX_MS);
  const until = now + Math.max(retryAfterMs ?? 0, growing);
  const others = books.blocks.filter((each) => each.name !== name);
  return { ...books, blocks: [...others, { name, until, strikes }] };
}

export const LADDER = {
  firstMs: 1_000,
  maxMs: 60_000,
  /** The ladder starts again only after this long in READY (F08). */
  resetAfterReadyMs: 60_000,
} as const;

/**
 * Wait before connection attempt number `attempt` (from 0): 1, 2, 4 ... 60 s with full jitter.
 * `random` is 0 inclusive to 1 exclusive and comes with the input; the result is whole
 * milliseconds.
 */
export function ladderDelay(attempt: number, random: number): number {
  const ceiling = Math.min(LADDER.maxMs, LADDER.firstMs * 2 ** Math.min(attempt, 16));
  return Math.floor(ceiling * Math.min(Math.max(random, 0), 1));
}
