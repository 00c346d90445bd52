/** The part file: what a killed writer leaves is taken up, what is not ours is left alone. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { edgesOf, keptFiles, openPart, writeNewFile } from '../../src/cli/history-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const ABOUT = { header: 'a,b\n', request: 'demo FCPO M1\n' };

it('F90 a torn last line is taken off and the rest goes on', async () => {
  const directory = tempDir();
  const file = join(directory, 'x.csv');
  const first = await openPart(file, ABOUT);
  first.append('1,2\n3,4\n', 2);
  first.close();
  appendFileSync(`${file}.part`, '5,');
  expect(keptFiles(directory)).toMatchObject([{ name: 'x.csv.part', isFinished: false }]);
  const second = await openPart(file, ABOUT);
  expect([second.rows(), second.lastLine]).toEqual([2, '3,4']);
  second.append('5,6\n', 1);
  second.finish();
  second.close();
  expect(readFileSync(file, 'utf8')).toBe('a,b\n1,2\n3,4\n5,6\n');
  expect(keptFiles(directory)).toMatchObject([{ name: 'x.csv', isFinished: true }]);
  for (const end of ['.part', '.part.note', '.part.lock'])
    expect(existsSync(file + end)).toBe(false);
  expect(edgesOf(file)).toEqual({ rows: 3, first: '1,2', last: '5,6' });
});

it('F90 a header that was torn begins anew', async () => {
  const file = join(tempDir(), 'x.csv');
  writeFileSync(`${file}.part.note`, ABOUT.request);
  writeFileSync(`${file}.part`, 'a,');
  const part = await openPart(file, ABOUT);
  expect(part.lastLine).toBeUndefined();
  part.append('1,2\n', 1);
  part.finish();
  expect(readFileSync(file, 'utf8')).toBe('a,b\n1,2\n');
});

it('what is there, or was begun for something else, is never touched', async () => {
  const file = join(tempDir(), 'x.csv');
  const part = await openPart(file, ABOUT);
  await expect(openPart(file, ABOUT)).rejects.toThrow(/Another instance/);
  part.append('1,2\n', 1);
  part.close();
  const other = openPart(file, { ...ABOUT, request: 'demo FCPO M5\n' });
  await expect(other).rejects.toThrow('was begun for another request');
  writeNewFile(file, 'mine');
  await expect(openPart(file, ABOUT)).rejects.toThrow('is there already');
  expect(() => writeNewFile(file, 'yours')).toThrow('is there already');
  expect(readFileSync(file, 'utf8')).toBe('mine');
});
