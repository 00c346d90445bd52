/**
 * The repository's own files as text, and code without its comments and strings.
 * Deliberately no parser: rules about words, imports and lengths need none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Path from the root with forward slashes, e.g. `src/engine/units.ts`. */
  readonly path: string;
  readonly text: string;
}

const LEFT_OUT = new Set(['node_modules', 'dist', 'build', '.git', 'shots']);

/** Every file below a folder (or the one file), generated and installed things left out. */
export function filesBelow(folder: string, pattern: RegExp): SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (path: string) => {
    for (const entry of readdirSync(join(ROOT, path), { withFileTypes: true })) {
      if (LEFT_OUT.has(entry.name)) continue;
      const name = posix.join(path, entry.name);
      if (entry.isDirectory()) visit(name);
      else if (pattern.test(name)) found.push({ path: name, text: read(name) });
    }
  };
  visit(folder);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export interface Import {
  readonly line: number;
  readonly target: string;
  readonly isType: boolean;
}

/** Static imports, re-exports and dynamic imports with a literal name. */
export function importsOf(file: SourceFile): Import[] {
  const pattern = new RegExp(
    [
      /(?:^|\n)\s*(?:import|export)\s(type\s)?[^'";]*?from\s*'([^']+)'/.source,
      /(?:^|\n)\s*import\s*'([^']+)'/.source,
      /\bimport\(\s*'([^']+)'/.source,
    ].join('|'),
    'g',
  );
  return [...file.text.matchAll(pattern)].map((match) => ({
    line: lineOf(file.text, (match.index ?? 0) + match[0].length),
    target: match[2] ?? match[3] ?? match[4] ?? '',
    isType: match[1] !== undefined,
  }));
}

export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

const BEFORE_REGEX = /(^|[=(,:[!&|?{};+]|=>|return|case)\s*$/;

/** The same text, same lines, with comments, strings and regular expressions blanked. */
export function codeOnly(text: string): string {
  let out = '';
  let index = 0;
  while (index < text.length) {
    const end = endOfQuoted(text, index, out);
    if (end === index) {
      out += text[index];
      index += 1;
      continue;
    }
    out += text.slice(index, end).replace(/[^\n]/g, ' ');
    index = end;
  }
  return out;
}

function endOfQuoted(text: string, start: number, before: string): number {
  const two = text.slice(start, start + 2);
  if (two === '//') return endAt(text.indexOf('\n', start), text.length);
  if (two === '/*') return endAt(text.indexOf('*/', start) + 2, text.length);
  const sign = text[start] ?? '';
  if (sign === "'" || sign === '"' || sign === '`') return closing(text, start, sign);
  if (sign === '/' && BEFORE_REGEX.test(before.slice(-20))) return closing(text, start, '/');
  return start;
}

const endAt = (found: number, otherwise: number) => (found > 1 ? found : otherwise);

function closing(text: string, start: number, sign: string): number {
  let isClass = false;
  for (let index = start + 1; index < text.length; index += 1) {
    const at = text[index];
    if (at === '\\') index += 1;
    else if (sign === '/' && at === '[') isClass = true;
    else if (sign === '/' && at === ']') isClass = false;
    else if (at === '\n' && sign !== '`') return index;
    else if (at === sign && !isClass) return index + 1;
  }
  return text.length;
}
