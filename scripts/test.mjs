// `npm test`: makes the clone runnable, runs the tests, and ends with the plain line
// `N passed, N failed`. Arguments go to the runner; `--update-golden` rewrites golden text.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ready } from './ready.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORT = join(ROOT, 'build', `test-report-${process.pid}.json`);

await ready();
const args = process.argv.slice(2);
const updatesGolden = args.includes('--update-golden');
const result = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...args.filter((argument) => argument !== '--update-golden'),
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...(updatesGolden ? { UPDATE_GOLDEN: '1' } : {}) },
  },
);

const { passed, failed } = count(result.status === 0);
if (passed + failed === 0) process.stderr.write('No test ran: check the name of the file.\n');
process.stdout.write(`${passed} passed, ${failed} failed\n`);
const isGood = result.status === 0 && failed === 0 && passed > 0;
process.exitCode = isGood ? 0 : result.status || 1;

/** A file that cannot even be loaded counts as one failure: its tests never had a chance. */
function count(isClean) {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8'));
    const broken = report.testResults.filter(
      (file) =>
        file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
    ).length;
    const failures = report.numFailedTests + broken;
    // An error outside every test (an unhandled rejection) fails the run and belongs to no test.
    const outside = !isClean && failures === 0 && report.numPassedTests > 0 ? 1 : 0;
    return { passed: report.numPassedTests, failed: failures + outside };
  } catch {
    return { passed: 0, failed: 0 };
  } finally {
    rmSync(REPORT, { force: true });
  }
}
