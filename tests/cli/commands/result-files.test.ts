/** Files of results: all of them whole, or none; and what the file system says in plain words. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendLines, writeAll } from '../../../src/cli/commands/result-files.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'results-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const at = (name: string): string => join(home, name);

describe('result files', () => {
  it('appear together, instead of what was there', () => {
    writeFileSync(at('old'), 'before');
    writeAll([
      [at('old'), 'after'],
      [at('new'), 'fresh'],
    ]);
    expect([readFileSync(at('old'), 'utf8'), readFileSync(at('new'), 'utf8')]).toEqual([
      'after',
      'fresh',
    ]);
    expect(readdirSync(home).sort()).toEqual(['new', 'old']);
  });

  it.each([
    ['nowhere/file', 'its directory does not exist; make it first'],
    ['old/file', 'a part of its path is no directory; name another place'],
    ['place', 'it is a directory; name a file in it'],
  ])('%s: none is left, and what was there stays', (name, why) => {
    writeFileSync(at('old'), 'before');
    mkdirSync(at('place'), { recursive: true });
    const wanted = [at('old'), at('first'), at(name)].map((file) => [file, 'text'] as const);
    expect(() => writeAll(wanted)).toThrow(`${at(name)} cannot be written: ${why}.`);
    expect(readFileSync(at('old'), 'utf8')).toBe('before');
    expect(readdirSync(home).filter((file) => /first|part/.test(file))).toEqual([]);
    expect(() => appendLines(at(name), 'more')).toThrow(why);
  });
});
