/**
 * The fallback source: timelines of the configured accounts over instances that come and go.
 * Deliberately slow: one request at a time, one deadline, no instance asked while it rests.
 */
import { type Clock, untrusted } from '../engine/index.ts';
import { CROWD_LIMITS, crowdView } from './crowd.ts';
import { createRestLadder, type RestLadder } from './limits.ts';
import type { Post, TimelineRead } from './nitter-page.ts';
import type {
  AskMoment,
  FailureReason,
  OpinionSource,
  RandomSource,
  Sha256,
  SourceFailure,
  SourceOutcome,
} from './opinion.ts';
import { inPieces, type Pause } from './pieces.ts';
import { type BoundedHttp, failure, HTTP_LIMITS } from './providers.ts';

export interface TimelineSettings {
  /** Origins, e.g. `https://nitter.example`; asked in this order, the last good one first. */
  readonly instances: readonly string[];
  /** With or without `@`. */
  readonly accounts: readonly string[];
}

export interface TimelinePorts {
  readonly http: BoundedHttp;
  /** Lets the engine go first between pieces of a page; absent: a page is read at once. */
  readonly pause?: Pause | undefined;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly sha256: Sha256;
  readonly mayAsk: () => boolean;
}

/** Accounts read per refresh; more would not fit the limit per minute. */
const MAX_ACCOUNTS = 8;

/** Failures that say something about the instance; the rest is about the account or about us. */
const INSTANCE_FAULTS: ReadonlySet<FailureReason> = new Set([
  ...(['timeout', 'network', 'refused-address', 'redirect', 'unauthorized', 'forbidden'] as const),
  ...(['rate-limited', 'client-error', 'server-error', 'content-type', 'too-large'] as const),
  ...(['blocked-page', 'unreadable'] as const),
]);

interface Instance {
  readonly origin: string;
  readonly rest: RestLadder;
  /** A site that hides its pages behind a challenge may still serve its feed. */
  format: 'page' | 'feed';
}

interface Gathered {
  readonly posts: Post[];
  readonly raw: string[];
  readonly links: Map<string, string>;
  answered: number;
  worst: SourceFailure | undefined;
}

export function createTimelineSource(
  settings: TimelineSettings,
  ports: TimelinePorts,
): OpinionSource {
  const instances = settings.instances.map(
    (origin): Instance => ({
      origin: origin.replace(/\/+$/, ''),
      rest: createRestLadder(ports.random),
      format: 'page',
    }),
  );
  const accounts = [...new Set(settings.accounts.map((name) => name.replace(/^@/, '')))];
  let preferred = 0;
  let turn = 0;

  const ask = async (at: AskMoment, signal: AbortSignal): Promise<SourceOutcome> => {
    const patience = openPatience(ports.clock, signal);
    const found: Gathered = { posts: [], raw: [], links: new Map(), answered: 0, worst: undefined };
    // Each refresh starts one account further, so that a long list is heard in turns.
    const round = accounts.map((_, step) => accounts[(turn + step) % accounts.length] ?? '');
    turn += 1;
    for (const account of round.slice(0, MAX_ACCOUNTS)) {
      if (patience.signal.aborted || !(await readAccount(account, found, patience))) break;
    }
    patience.dispose();
    return conclude(found, at, ports);
  };

  /** False when going on makes no sense: our own limit, or no instance is left. */
  const readAccount = async (
    account: string,
    found: Gathered,
    patience: Patience,
  ): Promise<boolean> => {
    for (let step = 0; step < instances.length; step += 1) {
      const index = (preferred + step) % instances.length;
      const instance = instances[index];
      if (instance === undefined || instance.rest.remaining(ports.clock.mono()) > 0) continue;
      const read = await readOne(instance, account, patience.signal, ports);
      const outcome = patience.ranOut() && read.status === 'failed' ? tooSlow() : read;
      if (outcome.status === 'posts') {
        preferred = index;
        instance.rest.succeeded();
        keep(found, outcome, instance.origin);
        return true;
      }
      found.worst = outcome;
      if (outcome.reason === 'missing') return true;
      if (!INSTANCE_FAULTS.has(outcome.reason)) return false;
      instance.rest.failed(ports.clock.mono(), outcome.retryAfterMs, false);
      // The next instance must not be blamed for time it never had.
      if (patience.signal.aborted) return false;
    }
    found.worst ??= failure('network', 'every instance is resting after failures');
    return false;
  };

  return { name: 'nitter', assumedCostMicros: 0, ask };
}

/** One deadline for all requests of a refresh, and the caller's cancellation. */
interface Patience {
  readonly signal: AbortSignal;
  ranOut(): boolean;
  dispose(): void;
}

function openPatience(clock: Clock, cancel: AbortSignal): Patience {
  const controller = new AbortController();
  let isOver = false;
  const onCancel = () => controller.abort();
  const timer = clock.after(HTTP_LIMITS.deadlineMs, () => {
    isOver = true;
    controller.abort();
  });
  cancel.addEventListener('abort', onCancel);
  if (cancel.aborted) onCancel();
  return {
    signal: controller.signal,
    ranOut: () => isOver,
    dispose: () => {
      timer.cancel();
      cancel.removeEventListener('abort', onCancel);
    },
  };
}

const tooSlow = (): SourceFailure =>
  failure('timeout', `the timelines took longer than ${HTTP_LIMITS.deadlineMs / 1_000} s`);

type OneRead =
  | { readonly status: 'posts'; readonly posts: readonly Post[]; readonly raw: string }
  | SourceFailure;

/** The page, and once the feed when the page is blocked; what works is tried first next time. */
async function readOne(
  instance: Instance,
  account: string,
  signal: AbortSignal,
  ports: TimelinePorts,
): Promise<OneRead> {
  const first = await readAs(instance.format, instance, account, signal, ports);
  if (first.status === 'posts') return first;
  const isBlocked = ['blocked-page', 'content-type', 'forbidden', 'unreadable'].includes(
    first.reason,
  );
  if (!isBlocked) return first;
  const other = instance.format === 'page' ? 'feed' : 'page';
  const second = await readAs(other, instance, account, signal, ports);
  if (second.status !== 'posts') return first;
  instance.format = other;
  return second;
}

const FORMATS = {
  page: { path: '', accept: ['text/html', 'application/xhtml+xml'], read: 'timelinePage' },
  feed: {
    path: '/rss',
    accept: ['application/rss+xml', 'application/xml', 'text/xml'],
    read: 'timelineFeed',
  },
} as const;

async function readAs(
  format: 'page' | 'feed',
  instance: Instance,
  account: string,
  signal: AbortSignal,
  ports: TimelinePorts,
): Promise<OneRead> {
  const { path, accept, read } = FORMATS[format];
  const outcome = await ports.http({
    url: `${instance.origin}/${encodeURIComponent(account)}${path}`,
    method: 'GET',
    headers: { accept: accept.join(', '), 'accept-language': 'en' },
    accept,
    keyed: false,
    signal,
    mayAsk: ports.mayAsk,
  });
  if (outcome.status === 'failed') return outcome;
  // Loaded when it is needed: the parser of pages is five megabytes of a run that asks none.
  const reader = await import('./nitter-page.ts');
  const timeline: TimelineRead = await inPieces(reader[read](outcome.text), ports.pause);
  if (timeline.status === 'posts') {
    return { status: 'posts', posts: timeline.posts, raw: outcome.text };
  }
  const reason = timeline.status === 'blocked' ? 'blocked-page' : 'unreadable';
  return failure(reason, timeline.detail);
}

function keep(found: Gathered, read: OneRead & { status: 'posts' }, origin: string): void {
  found.answered += 1;
  found.raw.push(read.raw);
  for (const post of read.posts) {
    found.posts.push(post);
    found.links.set(post.id, `${origin}/${post.author}/status/${post.id}`);
  }
}

async function conclude(
  found: Gathered,
  at: AskMoment,
  { sha256, pause }: TimelinePorts,
): Promise<SourceOutcome> {
  if (found.answered === 0) {
    return found.worst ?? failure('network', 'no account and no instance could be asked');
  }
  const hash = sha256(found.raw.join('\n'));
  const view = await inPieces(crowdView(found.posts, at.wall), pause);
  if (view.status === 'thin') return { status: 'abstained', reason: view.reason, sha256: hash };
  const citations = view.ids.slice(0, CROWD_LIMITS.minPosts).flatMap((id) => {
    const link = found.links.get(id);
    return link === undefined ? [] : [untrusted(link)];
  });
  const { score, confidence, newest } = view;
  return {
    status: 'answered',
    opinion: {
      source: 'nitter',
      score,
      confidence,
      asOf: newest,
      citations,
      costMicros: 0,
      sha256: hash,
    },
  };
}
