/** What the file system refuses is a sentence about a file; anything else stays a fault. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileTrouble } from '../../src/cli/file-trouble.ts';
import { tempDir } from '../support/temp-dir.ts';

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('names the file, what the system calls it, and the way out', () => {
  const directory = tempDir();
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const below = caught(() => mkdirSync(join(file, 'below')));
  expect(fileTrouble(below)).toBe(
    `${join(file, 'below')} cannot be used (ENOTDIR): a part of its name is a file: move that ` +
      'away, or name another place with --data-dir.',
  );
  expect(fileTrouble(caught(() => mkdirSync(file)))).toMatch(/\(EEXIST\).*move it away\.$/);
  const full = Object.assign(new Error('no'), { code: 'ENOSPC', path: '/x' });
  expect(fileTrouble(full)).toBe(
    '/x cannot be used (ENOSPC): the disk is full: make room, then start again.',
  );
});

it('a file that is not there, or an error without a file, is a fault of the program', () => {
  expect(fileTrouble(caught(() => readFileSync(join(tempDir(), 'none'))))).toBeUndefined();
  expect(fileTrouble(Object.assign(new Error('no'), { code: 'EACCES' }))).toBeUndefined();
  expect(fileTrouble('EACCES')).toBeUndefined();
});
