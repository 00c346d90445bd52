/**
 * `npm run check`, the one gate: types, lint, generated text, then the README's test command.
 * Deliberately runs everything even after a failure, and ends with the tests' closing line.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const tool = (name: string) => join(ROOT, 'node_modules', '.bin', name);

const STEPS: readonly (readonly [string, string, readonly string[]])[] = [
  ['types', tool('tsc'), ['-b']],
  ['lint', tool('biome'), ['check', '--error-on-warnings', '.']],
  ['generated text', tool('tsx'), ['scripts/gen-docs.ts', '--check']],
  ['tests', process.execPath, ['scripts/test.mjs', ...process.argv.slice(2)]],
];

const failed: string[] = [];
for (const [name, command, args] of STEPS) {
  const began = performance.now();
  process.stderr.write(`check: ${name} …\n`);
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  process.stderr.write(`check: ${name} ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) process.stderr.write(`check: failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
