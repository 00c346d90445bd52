/** The configuration file on the disk: for its owner alone, whole or not at all. */
import {
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigFileUnusable, readConfigText, writeConfigText } from '../../src/cli/config-file.ts';
import { tempDir } from '../support/temp-dir.ts';

it('is made with its directory, owner only, and nothing is left beside it', () => {
  const file = join(tempDir(), 'a', 'b', 'config.json');
  expect(readConfigText(file)).toEqual({ path: file, text: undefined });
  writeConfigText(file, '{}\n');
  writeConfigText(file, '{"SYMBOL": "X"}\n');
  expect(readConfigText(file).text).toBe('{"SYMBOL": "X"}\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(file, '..'))).toEqual(['config.json']);
});

it('stays the link that a person made of it', () => {
  const directory = tempDir();
  const [real, link] = [join(directory, 'real.json'), join(directory, 'config.json')];
  writeFileSync(real, '{}');
  symlinkSync(real, link);
  writeConfigText(link, '{"SYMBOL": "X"}');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, 'utf8')).toBe('{"SYMBOL": "X"}');
});

it('says in one sentence that it cannot be read or written', () => {
  const file = join(tempDir(), 'file');
  writeFileSync(file, '');
  expect(() => writeConfigText(join(file, 'config.json'), '{}')).toThrow(ConfigFileUnusable);
  expect(() => readConfigText(join(file, '..'))).toThrow(/cannot be read \(EISDIR\)/);
});
