/**
 * Structured lines, one JSON object each, written at once and free of secrets; and their files.
 * Deliberately knows no events: whoever logs names the fields. Redaction is by key and value (I23).
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  readonly error: (message: string, fields?: Fields) => void;
  readonly warn: (message: string, fields?: Fields) => void;
  readonly info: (message: string, fields?: Fields) => void;
  readonly debug: (message: string, fields?: Fields) => void;
  /** A secret that came later, such as a renewed token: from now on it never appears either. */
  readonly keepSecret: (text: string) => void;
  /** Lines left out because the same one came too often, by level. */
  readonly suppressed?: () => Readonly<Record<string, number>>;
}

export interface LogParts {
  readonly level: LogLevel;
  /** File descriptor number or file name, or several of them. */
  readonly to: number | string | readonly (number | string)[];
  /** Texts that must never appear, whatever field they hide in. */
  readonly secrets: readonly string[];
  /** Wall time of the line in milliseconds. */
  readonly now: () => number;
  /** A file that reaches this size is moved aside, at the start and while it is written. */
  readonly maxBytes?: number;
  /** Files moved aside that are kept, beside the one that is written. */
  readonly keep?: number;
}

const MASK = '[secret]';
/** Keys whose values are never printed, at any depth. */
const SECRET_KEY = /(secret|token|password|passphrase|authorization|api[-_]?key|credential)/i;
const DEPTH_MAX = 6;
/** With a pair a month, years of them. */
const LATER_KEPT = 100;

export function createLog(parts: LogParts): Log {
  let later: readonly string[] = [];
  let scrubNow = scrubber(parts.secrets);
  const scrub = (text: string): string => scrubNow(text);
  const places = [parts.to].flat().map((to) => destination(to, parts));
  const logger = pino(
    {
      level: parts.level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date(parts.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (text: string) => {
        for (const one of places) one.write(text);
      },
    },
  );
  const flood = createFlood(parts.now);
  const line =
    (level: LogLevel) =>
    (message: string, fields: Fields = {}): void => {
      const left = level === 'info' ? 0 : flood.leftOut(level, message);
      if (left === undefined) return;
      const all = left === 0 ? fields : { ...fields, leftOut: left };
      logger[level](clean(all, scrub, 0) as object, scrub(message));
    };
  return {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    debug: line('debug'),
    suppressed: () => flood.counts,
    keepSecret: (text) => {
      later = [...later, text].slice(-LATER_KEPT);
      scrubNow = scrubber([...parts.secrets, ...later]);
    },
  };
}

/** The same warning, error or debug line in a minute; what is more is counted (F123). */
const SAME_MAX = 30;
const SAME_MS = 60_000;
const KINDS_MAX = 500;

interface Same {
  since: number;
  times: number;
  left: number;
}

/** Counts lines by their text; what an engine tells of its trading is never left out. */
function createFlood(now: () => number) {
  const kinds = new Map<string, Same>();
  const counts: Record<string, number> = {};
  return {
    counts,
    /** How many like it were left out before this one; undefined: leave this one out too. */
    leftOut(level: LogLevel, message: string): number | undefined {
      const at = now();
      const kind = kinds.get(message);
      if (kind === undefined || at - kind.since >= SAME_MS) {
        if (kind === undefined && kinds.size >= KINDS_MAX) kinds.clear();
        kinds.set(message, { since: at, times: 1, left: 0 });
        return kind?.left ?? 0;
      }
      kind.times += 1;
      if (kind.times <= SAME_MAX) return 0;
      kind.left += 1;
      counts[level] = (counts[level] ?? 0) + 1;
      return undefined;
    },
  };
}

const MAX_BYTES = 16 * 1_048_576;
/** Lines that wait for a disk that takes none; older ones go first. */
const BACKLOG_BYTES = 1_048_576;

/** Written at once, and never thrown at who logs: a full disk costs log lines first (F85). */
function destination(
  to: number | string,
  { maxBytes = MAX_BYTES, keep = FILES_KEPT }: LogParts,
): { write(line: string): void } {
  const isFile = typeof to === 'string';
  if (isFile) rotate(to, maxBytes, keep);
  const out = pino.destination({ dest: to, sync: true, mode: 0o600, maxLength: BACKLOG_BYTES });
  out.on('error', () => undefined);
  let bytes = isFile && existsSync(to) ? statSync(to).size : 0;
  return {
    write: (line) => {
      try {
        out.write(line);
        bytes += Buffer.byteLength(line);
        if (!isFile || bytes < maxBytes) return;
        bytes = 0;
        rotate(to, maxBytes, keep);
        out.reopen(to);
      } catch {
        // The journal is what must not be lost; its own breaker says that the disk is full.
      }
    },
  };
}

type Scrub = (text: string) => string;

/** How a secret may look inside an address, a quoted text or a header. */
const spellings = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
];

/** Replaces every known secret of four letters or more inside a text, however it is spelled. */
export function scrubber(secrets: readonly string[]): Scrub {
  const known = [...new Set(secrets.filter((one) => one.length >= 4).flatMap(spellings))].toSorted(
    (a, b) => b.length - a.length,
  );
  return (text) => known.reduce((safe, secret) => safe.replaceAll(secret, MASK), text);
}

/** A copy without secrets: by the name of the key, and by value in every text. */
export function clean(value: unknown, scrub: Scrub, depth: number): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (value instanceof Error) return { name: value.name, message: scrub(value.message) };
  if (Array.isArray(value)) return value.map((item) => clean(item, scrub, depth + 1));
  const pairs = Object.entries(value).map(([key, inner]) => [
    scrub(key),
    SECRET_KEY.test(key) ? MASK : clean(inner, scrub, depth + 1),
  ]);
  return Object.fromEntries(pairs);
}

const FILES_KEPT = 5;

/**
 * Moves a log that has grown too large aside (`.1` newest), and lets go of what is too many; call
 * before opening it. What is there belongs to its owner alone afterwards.
 */
export function rotate(file: string, maxBytes: number, keep: number = FILES_KEPT): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const about = statSync(file, { throwIfNoEntry: false });
  if (about?.isFile() !== true) return;
  chmodSync(file, 0o600);
  if (about.size < maxBytes) return;
  for (let index = keep; existsSync(`${file}.${index}`); index += 1) rmSync(`${file}.${index}`);
  for (let index = keep - 1; index >= 1; index -= 1) {
    if (existsSync(`${file}.${index}`)) renameSync(`${file}.${index}`, `${file}.${index + 1}`);
  }
  renameSync(file, `${file}.1`);
}
