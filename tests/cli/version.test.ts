/** The version constant is the package's. */
import { expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { read } from '../support/source-files.ts';

it('equals package.json', () => {
  expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});
