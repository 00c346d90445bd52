/**
 * A Nitter timeline page or feed to posts, read from the page's structure.
 * Deliberately judges no text: error and challenge pages are recognised by what they lack (F104).
 */
import { compile, selectAll } from 'css-select';
import {
  type createDocumentStream,
  DomHandler,
  Parser,
  parseDocument,
  parseFeed,
} from 'htmlparser2';
import { type Wall, wall } from '../engine/index.ts';
import { atOnce, type Pieces } from './pieces.ts';

export interface Post {
  readonly id: string;
  /** Who wrote it, lower case; of a repost the first author. */
  readonly author: string;
  /** The author's own words; empty for a picture alone. Not the words of a quoted post. */
  readonly text: string;
  readonly at: Wall | undefined;
  readonly isPinned: boolean;
  readonly isRepost: boolean;
  readonly hasQuote: boolean;
}

export type TimelineRead =
  | { readonly status: 'posts'; readonly posts: readonly Post[]; readonly unavailable: number }
  /** The page of an error, a limit, a login or a challenge; never text to score. */
  | { readonly status: 'blocked'; readonly detail: string }
  | { readonly status: 'unreadable'; readonly detail: string };

/** So much is read between two chances for others: well below a millisecond of work. */
const CHARACTERS_A_PIECE = 4_096;
const ITEMS_A_PIECE = 5;

function* parsePieces(text: string, parser: Parser): Pieces<void> {
  for (let from = 0; from < text.length; from += CHARACTERS_A_PIECE) {
    parser.write(text.slice(from, from + CHARACTERS_A_PIECE));
    yield;
  }
  parser.end();
}

type Element = Parameters<NonNullable<Parameters<typeof createDocumentStream>[2]>>[0];
type Tree = ReturnType<typeof parseDocument>;
type TreeNode = Tree['children'][number];

/** Nesting and items beyond this are not a timeline (F106). */
const PAGE_LIMITS = { depth: 200, items: 100 } as const;

/** Compiled once: doing it for every page took longer than reading the page. */
const ITEMS = compile<TreeNode, Element>(
  '.timeline-item:not(.show-more):not(.more-replies-thread)',
);

/** Posts in page order. An empty timeline that says so is an empty list, not a failure. */
export const readTimelinePage = (html: string): TimelineRead => atOnce(timelinePage(html));

/** The same, giving way every few thousand characters and every few posts. */
export function* timelinePage(html: string): Pieces<TimelineRead> {
  if (yield* isTooDeep(html)) {
    return { status: 'unreadable', detail: 'nested deeper than any timeline' };
  }
  const handler = new DomHandler();
  yield* parsePieces(html, new Parser(handler));
  const tree = handler.root;
  const panel = within(tree, '.error-panel');
  if (panel !== undefined) return { status: 'blocked', detail: textOf(panel).slice(0, 120) };
  if (within(tree, '.timeline') === undefined) {
    const title = within(tree, 'title');
    const name = title === undefined ? 'without a title' : `"${textOf(title).slice(0, 80)}"`;
    return { status: 'blocked', detail: `a page ${name} that is no timeline` };
  }
  const items = selectAll<TreeNode, Element>(ITEMS, tree).slice(0, PAGE_LIMITS.items);
  yield;
  const posts: Post[] = [];
  for (const [at, item] of items.entries()) {
    const post = readItem(item);
    if (post !== undefined) posts.push(post);
    if (at % ITEMS_A_PIECE === ITEMS_A_PIECE - 1) yield;
  }
  const unavailable = items.filter((item) => hasClass(item, 'unavailable')).length;
  const saysEmpty = within(tree, '.timeline-none') !== undefined;
  if (posts.length === 0 && unavailable === 0 && !saysEmpty) {
    return { status: 'unreadable', detail: 'a timeline in which no post can be recognised' };
  }
  return { status: 'posts', posts, unavailable };
}

function readItem(item: Element): Post | undefined {
  const link = childOf(item, 'tweet-link');
  const place = /^\/([A-Za-z0-9_]{1,15})\/status\/(\d{1,20})/.exec(link?.attribs['href'] ?? '');
  const body = childOf(item, 'tweet-body');
  if (place === null || body === undefined) return undefined;
  const date = within(body, '.tweet-header', '.tweet-date', 'a');
  const content = childOf(body, 'tweet-content');
  return {
    id: place[2] ?? '',
    author: (place[1] ?? '').toLowerCase(),
    text: content === undefined ? '' : textOf(content),
    at: pageTime(date?.attribs['title'] ?? ''),
    isPinned: within(body, '.pinned') !== undefined,
    isRepost: within(body, '.retweet-header') !== undefined,
    hasQuote: within(body, '.quote') !== undefined,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const PAGE_TIME = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) · (\d{1,2}):(\d{2}) ([AP])M UTC$/;

/** `Jan 15, 2025 · 9:05 AM UTC`; the relative time beside it is for people. */
function pageTime(title: string): Wall | undefined {
  const parts = PAGE_TIME.exec(title);
  const month = MONTHS.indexOf(parts?.[1] ?? '');
  if (parts === null || month < 0) return undefined;
  const hour = (Number(parts[4]) % 12) + (parts[6] === 'P' ? 12 : 0);
  const at = Date.UTC(Number(parts[3]), month, Number(parts[2]), hour, Number(parts[5]));
  return Number.isNaN(at) ? undefined : wall(at);
}

/** The same from the feed, which is shorter: it gives way less often. */
export const readTimelineFeed = (xml: string): TimelineRead => atOnce(timelineFeed(xml));

/** Posts of the feed. Authors come from links, because titles are free text. */
export function* timelineFeed(xml: string): Pieces<TimelineRead> {
  if (yield* isTooDeep(xml)) {
    return { status: 'unreadable', detail: 'nested deeper than any feed' };
  }
  const feed = parseFeed(xml, { xmlMode: true });
  if (feed === null) return { status: 'blocked', detail: 'the answer is no feed' };
  const posts = feed.items.slice(0, PAGE_LIMITS.items).flatMap((item): Post[] => {
    const address = item.link ?? item.id ?? '';
    const place = /\/([A-Za-z0-9_]{1,15})\/status\/(\d{1,20})/.exec(address);
    if (place === null) return [];
    const title = item.title ?? '';
    const at = item.pubDate?.getTime() ?? Number.NaN;
    const tree = parseDocument(item.description ?? '');
    const quote = within(tree, 'blockquote');
    return [
      {
        id: place[2] ?? '',
        author: (place[1] ?? '').toLowerCase(),
        text: textOf(tree, quote),
        at: Number.isSafeInteger(at) ? wall(at) : undefined,
        isPinned: title.startsWith('Pinned: '),
        isRepost: /^RT by @\w{1,15}: /.test(title),
        hasQuote: quote !== undefined,
      },
    ];
  });
  return { status: 'posts', posts, unavailable: 0 };
}

/** The first element below, by steps of `.class` or tag name; each step begins inside the last. */
function within(below: Tree | Element, ...steps: readonly string[]): Element | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return undefined;
  const isIt = (one: Element) =>
    step.startsWith('.') ? hasClass(one, step.slice(1)) : one.name === step;
  const visit = (node: Tree | Element): Element | undefined => {
    for (const child of node.children) {
      if (!isElement(child)) continue;
      const found = isIt(child) ? (rest.length === 0 ? child : within(child, ...rest)) : undefined;
      const deeper = found ?? visit(child);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  };
  return visit(below);
}

const childOf = (element: Element, name: string): Element | undefined =>
  element.children.find((child): child is Element => isElement(child) && hasClass(child, name));

const isElement = (node: TreeNode): node is Element => 'attribs' in node;

const hasClass = (element: Element, name: string): boolean =>
  (element.attribs['class'] ?? '').split(/\s+/).includes(name);

/** Text in reading order, a line break as a space; depth is bounded by the check before parsing. */
function textOf(node: Tree | Element, without?: Element): string {
  const parts: string[] = [];
  const visit = (inner: TreeNode) => {
    if (inner === without) return;
    if (inner.type === 'text') parts.push(inner.data);
    else if ('name' in inner && inner.name === 'br') parts.push(' ');
    else if ('children' in inner && !isSilent(inner)) for (const one of inner.children) visit(one);
  };
  for (const child of node.children) visit(child);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

const isSilent = (node: TreeNode): boolean =>
  'name' in node && (node.name === 'script' || node.name === 'style');

/** Without building a tree, so that deep nesting costs nothing and overflows nothing. */
function* isTooDeep(text: string): Pieces<boolean> {
  let depth = 0;
  let deepest = 0;
  const parser = new Parser({
    onopentag: () => {
      depth += 1;
      if (depth > deepest) deepest = depth;
    },
    onclosetag: () => {
      depth -= 1;
    },
  });
  yield* parsePieces(text, parser);
  return deepest > PAGE_LIMITS.depth;
}
