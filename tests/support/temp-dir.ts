/** A directory of its own for one test, removed afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function tempDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'palm-oil-tui-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
