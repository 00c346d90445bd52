/**
 * The kinds of configuration values: text in, a typed value or "what is allowed" out.
 * Deliberately strict: one spelling per value, exact decimals, no trimming of surprises into sense.
 */
import * as z from 'zod/mini';
import { secret as masked, type Secret } from '../ctrader/secret.ts';

/** How one kind of value is read from text and shown again. */
export interface Kind<T> {
  readonly schema: z.ZodMiniType<T, string>;
  /** Completes the sentence "… is not allowed; allowed is …". */
  readonly allowed: string;
  readonly show: (value: T) => string;
  readonly secret: boolean;
  /** Every spelling that is offered to a shell, where there are only a few. */
  readonly words?: readonly string[];
}

function kind<T>(
  allowed: string,
  read: (text: string) => T | undefined,
  show: (value: T) => string = String,
): Kind<T> {
  const typed = z.transform((text: string, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: allowed, input: text });
    return z.NEVER;
  });
  const schema = z.pipe(z.string(), typed);
  return { schema, allowed, show, secret: false };
}

/** One of a few words, in any case; shown as written here. */
export function choice<const W extends string>(...words: readonly W[]): Kind<W> {
  const base = kind(`one of ${words.join(', ')}`, (text) =>
    words.find((word) => word.toLowerCase() === text.toLowerCase()),
  );
  return { ...base, words };
}

/** Digits only: no exponent, no fraction, no separator, so that 1e3 or 0x10 cannot slip in. */
export function integer(min: number, max: number, unit?: string): Kind<number> {
  const what = unit === undefined ? 'a whole number' : `a whole number of ${unit}`;
  return kind(`${what} from ${min} to ${max}`, (text) => {
    if (!/^(0|[1-9]\d{0,15})$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  });
}

/**
 * A percentage with at most two decimals, read as exact decimal into basis points.
 * No float in between: 1.15 is 115, never 114.99999.
 */
export function percent(minBps: number, maxBps: number): Kind<number> {
  const allowed =
    `a percentage from ${bpsAsPercent(minBps)} to ${bpsAsPercent(maxBps)} with a decimal point ` +
    'and at most two decimals, for example 1.5 (meaning 1.5 %)';
  return kind(
    allowed,
    (text) => {
      const match = /^(\d{1,3})(?:\.(\d{1,2}))?\s?%?$/.exec(text);
      if (match === null) return undefined;
      const bps = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
      return bps >= minBps && bps <= maxBps ? bps : undefined;
    },
    bpsAsPercent,
  );
}

/** 150 is `1.5`. */
export function bpsAsPercent(bps: number): string {
  const cents = String(bps % 100).padStart(2, '0');
  return `${(bps - (bps % 100)) / 100}.${cents}`.replace(/0$/, '');
}

/** `true` or `false` and the usual synonyms; anything else is a question, not a no. */
export function flag(): Kind<boolean> {
  const words: Readonly<Record<string, boolean>> = {
    true: true,
    yes: true,
    on: true,
    '1': true,
    false: false,
    no: false,
    off: false,
    '0': false,
  };
  const base = kind('true or false', (text) => words[text.toLowerCase()]);
  return { ...base, words: ['true', 'false'] };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `30m`, `6h`, `2d`, into milliseconds. */
export function duration(maxDays: number): Kind<number> {
  return kind(
    `a length of time such as 90s, 30m, 6h or 2d, at most ${maxDays}d`,
    (text) => {
      const match = /^([1-9]\d{0,6})([smhd])$/.exec(text);
      const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN);
      return ms <= maxDays * 86_400_000 ? ms : undefined;
    },
    durationText,
  );
}

function durationText(ms: number): string {
  const unit = ['d', 'h', 'm'].find((name) => ms % (UNIT_MS[name] ?? 1) === 0) ?? 's';
  return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}

/** The bar periods the broker knows, into milliseconds. */
export function timeframe(): Kind<number> {
  const words = ['1m', '2m', '3m', '4m', '5m', '10m', '15m', '30m', '1h', '4h', '12h', '1d'];
  const base = kind(
    `one of ${words.join(', ')}`,
    (text) => {
      const word = words.find((known) => known === text.toLowerCase());
      if (word === undefined) return undefined;
      return Number.parseInt(word, 10) * (UNIT_MS[word.slice(-1)] ?? Number.NaN);
    },
    durationText,
  );
  return { ...base, words };
}

/** Whole seconds into milliseconds. */
export function seconds(min: number, max: number): Kind<number> {
  const whole = integer(min, max, 'seconds');
  return kind(
    whole.allowed,
    (text) => {
      const read = whole.schema.safeParse(text);
      return read.success ? read.data * 1_000 : undefined;
    },
    (ms) => String(ms / 1_000),
  );
}

/** Text that matches a pattern; `allowed` says the pattern in words. */
export function text(pattern: RegExp, allowed: string): Kind<string> {
  return kind(allowed, (value) => (pattern.test(value) ? value : undefined));
}

/** A file or directory name: anything but control characters. */
export function path(): Kind<string> {
  return text(/^[^\u0000-\u001f\u007f-\u009f]{1,4096}$/u, 'a path without control characters');
}

/** A comma-separated list; empty parts are dropped. */
export function list(part: RegExp, allowed: string): Kind<readonly string[]> {
  return kind(
    `a comma-separated list of ${allowed}`,
    (value): readonly string[] | undefined => {
      const parts = value.split(',').flatMap((word) => word.trim() || []);
      return parts.length <= 100 && parts.every((word) => part.test(word)) ? parts : undefined;
    },
    (parts) => parts.join(','),
  );
}

/** Names that mean this machine; only those may use plain http or another authority (F82). */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** An https address without user name, password or fragment; http only on this machine. */
export function address(): Kind<string> {
  return kind('an https:// address (http:// only on this machine)', (value) => {
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    const secure = url.protocol === 'https:';
    const local = url.protocol === 'http:' && isLoopback(url.hostname);
    const plain = url.username === '' && url.password === '' && url.hash === '';
    return (secure || local) && plain ? value : undefined;
  });
}

/**
 * A mail server: TLS at once or by STARTTLS. Without a user in it, which is a setting of its own;
 * masked all the same, because somebody will write one there.
 */
export function mailServer(): Kind<Secret> {
  const base = kind('smtps://host or smtp://host, with or without :port', (value) => {
    const isPlain = /^smtps?:\/\/[^\s/?#@]{1,255}\/?$/.test(value) && URL.canParse(value);
    return isPlain && new URL(value).hostname !== '' ? masked(value) : undefined;
  });
  return { ...base, secret: true };
}

/** An address that is itself a secret, as those of webhooks are: never repeated in a message. */
export function secretAddress(): Kind<Secret> {
  const plain = address();
  const base = kind(plain.allowed, (value) => {
    const read = plain.schema.safeParse(value);
    return read.success && value.length <= 2_048 ? masked(value) : undefined;
  });
  return { ...base, secret: true };
}

/** Masked at once; what is allowed is said without repeating the value. */
export function secret(): Kind<Secret> {
  const base = kind('printable characters without spaces, at most 4096', (value) =>
    /^[\x21-\x7e]{1,4096}$/.test(value) ? masked(value) : undefined,
  );
  return { ...base, secret: true };
}
