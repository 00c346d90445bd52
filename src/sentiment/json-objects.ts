/**
 * Finds the JSON objects that stand in a text, and reads a flat one strictly.
 * Deliberately repairs nothing: unbalanced, nested or doubled keys are findings, not values (F103).
 */

export interface ObjectSpan {
  readonly start: number;
  /** Index after the closing brace. */
  readonly end: number;
}

export type ObjectSearch =
  | { readonly status: 'found'; readonly spans: readonly ObjectSpan[] }
  /** A brace that never closes, or closes without having opened. */
  | { readonly status: 'unbalanced' };

/** All outermost brace pairs, in order. Quotes count only inside braces: prose has apostrophes. */
export function findObjects(text: string): ObjectSearch {
  const spans: ObjectSpan[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at];
    if (sign === '}') return { status: 'unbalanced' };
    if (sign !== '{') {
      at += 1;
      continue;
    }
    const end = endOfObject(text, at);
    if (end === undefined) return { status: 'unbalanced' };
    spans.push({ start: at, end });
    at = end;
  }
  return { status: 'found', spans };
}

function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else if (sign === '{') depth += 1;
    else if (sign === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Index of the closing quote. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return undefined;
}

export type FlatRead =
  | { readonly status: 'read'; readonly fields: ReadonlyMap<string, unknown> }
  | { readonly status: 'invalid'; readonly reason: 'not-json' | 'nested' | 'doubled-key' };

/** A JSON object without inner objects; JSON.parse alone would let the last doubled key win. */
export function readFlatObject(text: string): FlatRead {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { status: 'invalid', reason: 'not-json' };
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const isNested = [...fields.values()].some((field) => holdsObject(field));
  if (isNested) return { status: 'invalid', reason: 'nested' };
  if (countKeys(text) !== fields.size) return { status: 'invalid', reason: 'doubled-key' };
  return { status: 'read', fields };
}

/** Undefined for text that is not JSON; JSON itself has no undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function holdsObject(field: unknown): boolean {
  if (typeof field !== 'object' || field === null) return false;
  return !Array.isArray(field) || field.some((part) => typeof part === 'object' && part !== null);
}

/** Colons outside strings: in a valid object without inner objects there is one per key. */
function countKeys(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at) ?? text.length;
    else if (text[at] === ':') count += 1;
  }
  return count;
}
