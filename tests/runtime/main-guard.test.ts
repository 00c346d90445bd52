/** A main thread that hangs for ever is ended from the other thread, with its own exit code. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { STUCK_CODE } from '../../src/runtime/main-guard.ts';
import { tempDir } from '../support/temp-dir.ts';

const CHILD = fileURLToPath(new URL('./stuck-child.ts', import.meta.url));

it('ends a process whose loop is stuck, with the documented code (F123 I28)', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, join(tempDir(), 'journal.db')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect(said).toContain('hangs');
  expect(said).toContain('the main thread hangs');
  expect(code).toBe(STUCK_CODE);
  expect(STUCK_CODE).toBe(EXIT.stuck);
});
