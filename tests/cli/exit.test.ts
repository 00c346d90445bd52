/** The exit codes that scripts and supervisors rely on. */
import { expect, it } from 'vitest';
import { EXIT, EXIT_ROWS } from '../../src/cli/exit.ts';

it('the codes are the documented ones, each once', () => {
  expect(EXIT_ROWS.map((row) => row.code)).toEqual([
    0, 10, 11, 12, 13, 14, 15, 16, 17, 64, 69, 70, 71, 74, 75,
  ]);
  expect(EXIT.usage).toBe(64);
  expect(EXIT.locked).toBe(75);
});
