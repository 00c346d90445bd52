/**
 * Takes out of texts what nobody else needs to know: secrets, account numbers, the home directory
 * and money. Deliberately errs on the side of taking out too much; whole objects pass through it.
 */
import { clean, scrubber } from '../runtime/log.ts';

export interface RedactionParts {
  /** Texts that must not appear, however they are spelled. */
  readonly secrets: readonly string[];
  /** Account numbers, logins and client ids. */
  readonly accounts: readonly string[];
  readonly home: string;
  readonly withAmounts: boolean;
}

/** Amounts by the name of their field; whole names or their last word. */
const MONEY_KEY =
  /(balance|equity|pnl|profit|margin|funds|commission|swap|drawdown|amount|cash|loss|fee|cost)/i;
/** Numbers of accounts and logins by the name of their field, known to us or not. */
const IDENTITY_KEY = /^(account|login|traderLogin|accountId)$/;
/** `12.50 MYR`, `MYR 12.50`, `-1,234.5 USD` in sentences. */
const MONEY_TEXT =
  /\b(?!RSI|EMA|ATR)[A-Z]{3}\s[-+−]?\d[\d,]*\.\d+|[-+−]?\d[\d,]*(?:\.\d+)?\s(?!UTC)[A-Z]{3}\b/g;

/** What looks like a secret although nobody told it: headers, addresses, tokens of known forms. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [secret]'],
  [
    /\b((?:\w*(?:secret|token|passw|passphrase|api[-_]?key))\w*["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi,
    '$1[secret]',
  ],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[secret]'],
  [/\b(pplx|sk|xox[abp])-[\w-]{8,}/g, '[secret]'],
  [/\d{6,}:[\w-]{30,}/g, '[secret]'],
  [/(:\/\/)[^\s/@]+@/g, '$1[secret]@'],
  [/([?&#][\w-]+=)[^\s&#"']+/g, '$1[secret]'],
];

export function redactor(parts: RedactionParts): (value: unknown) => unknown {
  const scrub = scrubber(parts.secrets);
  const accounts = parts.accounts.filter((one) => one.length >= 4);
  const text = (raw: string): string => {
    let safe = scrub(raw);
    for (const [shape, mask] of SHAPES) safe = safe.replace(shape, mask);
    for (const account of accounts) safe = safe.replaceAll(account, '[account]');
    if (parts.home.length > 1) safe = safe.replaceAll(parts.home, '~');
    return parts.withAmounts ? safe : safe.replace(MONEY_TEXT, '[amount]');
  };
  const mask = (key: string): string | undefined => {
    if (IDENTITY_KEY.test(key)) return '[account]';
    return !parts.withAmounts && MONEY_KEY.test(key) ? '[amount]' : undefined;
  };
  const masked = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(masked);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const isPlain = ['string', 'number'].includes(typeof inner);
        return [key, (isPlain ? mask(key) : undefined) ?? masked(inner)];
      }),
    );
  };
  return (value) => clean(masked(value), text, 0);
}
