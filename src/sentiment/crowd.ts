/**
 * Many posts to one modest opinion: each story once, each author one voice (F102, F107).
 * Deliberately abstains below a minimum of independent posts and never claims high confidence.
 */
import { type Wall, wall } from '../engine/index.ts';
import { isOnTopic, isSpam, NEUTRAL_BAND, scoreHeadline } from './headline-score.ts';
import type { Post } from './nitter-page.ts';
import { atOnce, type Pieces } from './pieces.ts';
import { plainText, suspicion } from './quarantine.ts';

export const CROWD_LIMITS = {
  /** Different stories on the topic that say something. */
  minPosts: 3,
  minAuthors: 2,
  maxAgeMs: 86_400_000,
  /** A post from the future has a wrong time and thus an unknown age. */
  aheadMs: 600_000,
  /** Shared part of two texts' words from which they are the same story. */
  sameStory: 0.6,
  maxConfidence: 40,
} as const;

/** What became of every post; the sum is the number of posts read. */
export interface CrowdCounts {
  readonly used: number;
  readonly repeated: number;
  readonly quarantined: number;
  readonly spam: number;
  readonly offTopic: number;
  readonly silent: number;
  /** Pinned, without text, without a time, or outside the last day. */
  readonly setAside: number;
}

export type CrowdView =
  | {
      readonly status: 'opinion';
      readonly score: number;
      readonly confidence: number;
      readonly newest: Wall;
      readonly counts: CrowdCounts;
      /** Ids of the posts used, newest first. */
      readonly ids: readonly string[];
    }
  | { readonly status: 'thin'; readonly reason: string; readonly counts: CrowdCounts };

interface Voice {
  readonly post: Post;
  readonly at: Wall;
  readonly words: ReadonlySet<string>;
  readonly score: number;
}

const POSTS_A_PIECE = 2;

type Fate = Exclude<keyof CrowdCounts, 'used'>;

/** `askedAt` decides what is recent. The order of the posts does not matter. */
export const hearCrowd = (posts: readonly Post[], askedAt: Wall): CrowdView =>
  atOnce(crowdView(posts, askedAt));

/** The same, giving way every few posts: each costs as much as fifty quotes. */
export function* crowdView(posts: readonly Post[], askedAt: Wall): Pieces<CrowdView> {
  const counts = {
    used: 0,
    repeated: 0,
    quarantined: 0,
    spam: 0,
    offTopic: 0,
    silent: 0,
    setAside: 0,
  };
  const voices: Voice[] = [];
  const seen = new Set<string>();
  for (const post of [...posts].sort(byTimeThenId)) {
    const fate = fateOf(post, askedAt, seen, voices);
    if (typeof fate === 'string') counts[fate] += 1;
    else voices.push(fate);
    if (seen.size % POSTS_A_PIECE === 0) yield;
  }
  counts.used = voices.length;
  const authors = new Set(voices.map((voice) => voice.post.author)).size;
  if (voices.length < CROWD_LIMITS.minPosts || authors < CROWD_LIMITS.minAuthors) {
    const reason = `${voices.length} independent posts by ${authors} authors are too few`;
    return { status: 'thin', reason, counts };
  }
  return { status: 'opinion', ...opinionOf(voices), counts };
}

/** The first to tell a story counts, whoever repeats it. */
const byTimeThenId = (a: Post, b: Post): number =>
  (a.at ?? 0) - (b.at ?? 0) || (a.id < b.id ? -1 : Number(a.id > b.id));

function fateOf(
  post: Post,
  askedAt: Wall,
  seen: Set<string>,
  voices: readonly Voice[],
): Fate | Voice {
  if (seen.has(post.id)) return 'repeated';
  seen.add(post.id);
  const { at } = post;
  if (post.isPinned || post.text === '' || at === undefined) return 'setAside';
  if (at < askedAt - CROWD_LIMITS.maxAgeMs || at > askedAt + CROWD_LIMITS.aheadMs) {
    return 'setAside';
  }
  if (suspicion(post.text) !== undefined) return 'quarantined';
  const text = plainText(post.text);
  if (isSpam(text)) return 'spam';
  if (!isOnTopic(text)) return 'offTopic';
  const heard = scoreHeadline(text);
  if (heard.evidence === 0) return 'silent';
  const words = storyWords(text);
  if (voices.some((voice) => overlap(voice.words, words) >= CROWD_LIMITS.sameStory)) {
    return 'repeated';
  }
  return { post, at, words, score: heard.score };
}

/** Words without links, names, numbers and short words: what a copied story keeps. */
function storyWords(text: string): ReadonlySet<string> {
  const bare = text.toLowerCase().replace(/https?:\S+|[@#$]\w+/g, ' ');
  return new Set(bare.match(/\p{L}{3,}|\p{Script=Han}{2,}/gu) ?? []);
}

/** Common words as a part of the smaller text: padding a story does not make a second one. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  if (smaller === 0) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  return common / smaller;
}

function opinionOf(voices: readonly Voice[]) {
  const byAuthor = new Map<string, number[]>();
  for (const { post, score } of voices) {
    byAuthor.set(post.author, [...(byAuthor.get(post.author) ?? []), score]);
  }
  // One author, one voice: a flood of posts weighs as much as a single one.
  const means = [...byAuthor.values()].map((scores) => sum(scores) / scores.length);
  const mean = sum(means) / means.length;
  const score = Math.round(mean) + 0;
  const side = Math.abs(score) < NEUTRAL_BAND ? 0 : Math.sign(score);
  const agreeing = means.filter((one) => sideOf(one) === side).length / means.length;
  const size = Math.min(1, voices.length / 10);
  const confidence = Math.round(CROWD_LIMITS.maxConfidence * size * agreeing);
  const ids = voices.map(({ post }) => post.id).reverse();
  return { score, confidence, newest: wall(Math.max(...voices.map(({ at }) => at))), ids };
}

const sideOf = (score: number): number => (Math.abs(score) < NEUTRAL_BAND ? 0 : Math.sign(score));

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
