/** Log lines and what must never be in them. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog, rotate } from '../../src/runtime/log.ts';
import { tempDir } from '../support/temp-dir.ts';

const CANARY = 'canary-7f3a9c';

function logLines(write: (log: ReturnType<typeof createLog>) => void): string {
  const file = join(tempDir(), 'engine.log');
  write(createLog({ level: 'debug', to: file, secrets: [CANARY], now: () => 0 }));
  return readFileSync(file, 'utf8');
}

describe('log', () => {
  it('writes one JSON object a line, at once', () => {
    const text = logLines((log) => log.info('hello', { order: 'b-1' }));
    expect(JSON.parse(text)).toEqual({
      level: 'info',
      time: '1970-01-01T00:00:00.000Z',
      order: 'b-1',
      message: 'hello',
    });
  });

  it('never prints a secret: not in texts, keys, errors or five levels down (I23 F98)', () => {
    const deep = { a: { b: { c: [{ d: `x${CANARY}y` }] } } };
    const text = logLines((log) => {
      log.error(`refused ${CANARY}`, deep);
      log.warn('error', { error: new Error(`https://host/?token=${CANARY}`) });
      log.info('keys', { [CANARY]: 1, accessToken: 'other', nested: { clientSecret: 'other2' } });
      log.debug('too deep', { a: { b: { c: { d: { e: { f: { g: CANARY } } } } } } });
    });
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('other');
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(4);
  });

  it('leaves out a warning that floods, says how many, and never what trading tells (F123)', () => {
    const file = join(tempDir(), 'engine.log');
    let now = 0;
    const log = createLog({ level: 'debug', to: file, secrets: [], now: () => now });
    for (let times = 0; times < 100; times += 1) {
      log.warn('the disk is slow');
      log.info('a decision');
    }
    now = 60_000;
    log.warn('the disk is slow');
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter((line) => line.level === 'info')).toHaveLength(100);
    const warnings = lines.filter((line) => line.level === 'warn');
    expect(warnings).toHaveLength(31);
    expect(warnings.at(-1)).toMatchObject({ leftOut: 70 });
    expect(log.suppressed?.()).toEqual({ warn: 70 });
  });

  it('moves a grown file aside and keeps five', () => {
    const file = join(tempDir(), 'log', 'engine.log');
    rotate(file, 10);
    for (let index = 0; index < 8; index += 1) {
      writeFileSync(file, `file ${index} is long enough`);
      rotate(file, 10);
    }
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}.1`, 'utf8')).toContain('file 7');
    expect(existsSync(`${file}.5`)).toBe(true);
    expect(existsSync(`${file}.6`)).toBe(false);
    expect(statSync(`${file}.1`).size).toBeGreaterThan(10);
  });
});

it('I23 a secret that comes later is hidden from then on, in every spelling', () => {
  const file = join(tempDir(), 'late.log');
  const log = createLog({ level: 'debug', to: file, secrets: ['first-one'], now: () => 0 });
  log.keepSecret('renewed/token+1');
  log.info('renewed/token+1', { seen: `?t=${encodeURIComponent('renewed/token+1')} first-one` });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/renewed|first-one/);
  expect(text).toContain('[secret]');
});
