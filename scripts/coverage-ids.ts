/**
 * `npm run coverage:ids`: every id of the catalogue with the tests that name it; `--brief` counts.
 * Deliberately no judge: tests/coverage.test.ts fails the build when one that matters is missing.
 */
import { coverage, coverageText } from '../tests/support/coverage.ts';

process.stdout.write(coverageText(coverage(), !process.argv.includes('--brief')));
