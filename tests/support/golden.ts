// Golden text: what the program produced last time, kept as a file a person can read and review.
// It does not decide what is worth keeping, and never rewrites a file unless UPDATE_GOLDEN is 1.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = fileURLToPath(new URL('..', import.meta.url));
const UPDATE_HINT = 'run `npm run golden` and review the change if it is meant';

/**
 * Compares `text` with the file at `path` below tests/; throws with the first differing line.
 * With UPDATE_GOLDEN=1 the file is (re)written.
 */
export function golden(path: string, text: string): void {
  const file = join(TESTS, path);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (!existsSync(file)) throw new Error(`tests/${path} is missing; ${UPDATE_HINT}`);
  const kept = readFileSync(file, 'utf8');
  if (kept === text) return;
  throw new Error(`tests/${path} differs ${firstDifference(kept, text)}\n${UPDATE_HINT}`);
}

function firstDifference(kept: string, text: string): string {
  const keptLines = kept.split('\n');
  const lines = text.split('\n');
  const at = lines.findIndex((line, index) => line !== keptLines[index]);
  const line = at === -1 ? lines.length : at;
  const show = (value: string | undefined): string => JSON.stringify(value ?? '(end of text)');
  return `at line ${line + 1}\n  kept: ${show(keptLines[line])}\n  now:  ${show(lines[line])}`;
}
