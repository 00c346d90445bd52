/**
 * The log when things go wrong: secrets in disguise, a full disk, a file that grows too large.
 * Deliberately apart from the plain path, which is in log.test.ts.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/runtime/log.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('log, in trouble', () => {
  it('knows a secret in an address, in quoted text and in a header (I23)', () => {
    const canary = 'c@n ary/77+"x?=';
    const file = join(tempDir(), 'engine.log');
    const log = createLog({ level: 'debug', to: file, secrets: [canary], now: () => 0 });
    const disguises = [
      canary,
      `https://host/?q=${encodeURIComponent(canary)}`,
      JSON.stringify({ body: canary }),
      Buffer.from(canary).toString('base64'),
      Buffer.from(canary).toString('base64url'),
    ];
    for (const disguise of disguises) {
      log.info(`text ${disguise}`, { list: [{ value: disguise }], bytes: Buffer.from(disguise) });
    }
    const text = readFileSync(file, 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(disguises.length);
    for (const disguise of [canary, ...disguises.slice(3), 'c%40n', 'c@n']) {
      expect(text).not.toContain(disguise);
    }
    // As a list of byte values it would be no secret either.
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ bytes: '[bytes]' });
  });

  it('never throws at who logs when the disk is full (F85)', () => {
    if (!existsSync('/dev/full')) return;
    const log = createLog({ level: 'info', to: '/dev/full', secrets: [], now: () => 0 });
    for (let index = 0; index < 100; index += 1) log.info('a line that has no place');
  });

  it('goes to several places, and one that is full costs the others nothing (F85)', () => {
    if (!existsSync('/dev/full')) return;
    const file = join(tempDir(), 'log', 'engine.log');
    const { mode } = statSync('/dev/full');
    const to = ['/dev/full', file];
    const log = createLog({ level: 'info', to, secrets: ['canary'], now: () => 0 });
    log.info('told to both, canary or not');
    expect(JSON.parse(readFileSync(file, 'utf8')).message).toBe('told to both, [secret] or not');
    expect(statSync('/dev/full').mode).toBe(mode);
  });

  it('takes a file that others could read to itself, and lets go of what is too many', () => {
    const file = join(tempDir(), 'log', 'engine.log');
    mkdirSync(dirname(file));
    const old = [file, `${file}.1`, `${file}.2`, `${file}.3`, `${file}.4`];
    for (const name of old) writeFileSync(name, 'x'.repeat(50), { mode: 0o644 });
    createLog({ level: 'info', to: file, secrets: [], now: () => 0, maxBytes: 50, keep: 2 });
    expect(old.map((name) => existsSync(name))).toEqual([true, true, true, false, false]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  });

  it('is for its owner only and moves aside while it is written (F121 F123)', () => {
    const file = join(tempDir(), 'log', 'engine.log');
    const log = createLog({ level: 'info', to: file, secrets: [], now: () => 0, maxBytes: 4_000 });
    for (let index = 0; index < 400; index += 1) log.info('line', { index });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const names = [file, ...[1, 2, 3, 4, 5].map((index) => `${file}.${index}`)];
    const sizes = names.map((name) => statSync(name).size);
    for (const size of sizes) expect(size).toBeLessThan(4_200);
    expect(existsSync(`${file}.6`)).toBe(false);
    const all = names
      .toReversed()
      .map((name) => readFileSync(name, 'utf8'))
      .join('');
    const indexes = all
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).index as number);
    // Without a gap up to the newest.
    expect(indexes).toEqual(indexes.map((_, at) => 400 - indexes.length + at));
  });
});
