/**
 * Text of a `.env` file into names and values, with the doubts named (F118).
 * Deliberately touches neither the disk nor `process.env`: what was read is handed back.
 */
import { parseEnv } from 'node:util';

export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** Names that stand twice with different values: which one was meant is not ours to guess. */
  readonly contradictions: readonly string[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/;

/** Values follow Node's own rules for `.env` files: quotes, comments, multi-line values. */
export function readEnvFile(text: string): EnvFile {
  const values: Record<string, string> = {};
  // A byte order mark would become part of the first name and silently hide it.
  const plain = text.replace(/^\uFEFF/, '');
  for (const [name, value] of Object.entries(parseEnv(plain))) {
    if (value !== undefined) values[name] = value;
  }
  return { values, contradictions: contradictions(plain, values) };
}

function contradictions(text: string, values: Readonly<Record<string, string>>): string[] {
  const seen = new Map<string, string>();
  const found = new Set<string>();
  let openQuote: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (openQuote !== undefined) {
      // Inside a value of several lines: what looks like an assignment is text.
      if (line.includes(openQuote)) openQuote = undefined;
      continue;
    }
    const name = ASSIGNMENT.exec(line)?.[1];
    if (name === undefined) continue;
    openQuote = unclosedQuote(line.slice(line.indexOf('=') + 1).trim());
    const value = openQuote === undefined ? (parseEnv(line)[name] ?? '') : values[name];
    const earlier = seen.get(name);
    if (earlier !== undefined && earlier !== value) found.add(name);
    seen.set(name, value ?? '');
  }
  return [...found];
}

function unclosedQuote(value: string): string | undefined {
  const sign = value[0] ?? '';
  const isQuote = ['"', "'", '`'].includes(sign);
  return isQuote && !value.slice(1).includes(sign) ? sign : undefined;
}
