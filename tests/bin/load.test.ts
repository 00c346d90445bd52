/**
 * The loader of the built program: what V8 made of a part is kept beside it and never trusted
 * blindly. Flags of V8 are tried in a process of their own: here they would slow down every other
 * test.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ensureBuilt, ROOT } from '../e2e/terminal-session.ts';

const { HEAP_FLAGS } = createRequire(import.meta.url)('../../bin/load.js') as {
  readonly HEAP_FLAGS: readonly string[];
};

/** Allocates far more than a nursery holds, some of it for a while, as a feed of quotes does. */
const CHURN = `
const v8 = require('node:v8');
for (const flag of process.argv.slice(1)) v8.setFlagsFromString(flag);
const kept = [];
for (let n = 0; n < 3e6; n += 1) {
  kept[n % 30000] = { n, text: String(n), list: [n, n + 1] };
}
const space = v8.getHeapSpaceStatistics().find((one) => one.space_name === 'new_space');
process.stdout.write(String(space.space_size));
`;

const nursery = (flags: readonly string[]): number =>
  Number(spawnSync(process.execPath, ['-e', CHURN, '--', ...flags], { encoding: 'utf8' }).stdout);

describe('the heap of a run', () => {
  it('keeps its nursery at a fraction of what V8 would take', () => {
    const [small, usual] = [nursery(HEAP_FLAGS), nursery([])];
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThanOrEqual(4 * 1_048_576);
    expect(usual).toBeGreaterThan(2 * small);
  });
});

/** A copy of the built program without what was kept of it. */
function program() {
  const home = mkdtempSync(join(tmpdir(), 'palm-oil-load-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const name of ['bin', 'dist', 'package.json']) {
    const isFresh = (path: string) => !path.startsWith(join(ROOT, 'dist', 'code'));
    cpSync(join(ROOT, name), join(home, name), { recursive: true, filter: isFresh });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  const version = () => {
    const args = [join(home, 'bin', 'palm-oil-tui.js'), 'version'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, text: stdout.trim(), stderr };
  };
  const kept = (): readonly string[] =>
    readdirSync(join(home, 'dist', 'code'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(home, 'dist', 'code', name))
      .filter((file) => statSync(file).isFile());
  return { home, version, kept };
}

describe('the code that V8 made', () => {
  beforeAll(ensureBuilt, 120_000);

  it('is kept by the first start and taken by the second', () => {
    const { version, kept } = program();
    const first = version();
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const files = kept().map((file) => [file, statSync(file).ino] as const);
    expect(files.length).toBeGreaterThan(2);
    expect(version()).toEqual(first);
    // A part that had been compiled anew would have been kept anew.
    expect(kept().map((file) => [file, statSync(file).ino])).toEqual(files);
  });

  it('is made anew where it is damaged, cut short, or of another text', () => {
    const { home, version, kept } = program();
    const first = version();
    const [damaged = '', short = ''] = kept();
    const bytes = readFileSync(damaged);
    bytes[bytes.length >> 1] = 255 - (bytes[bytes.length >> 1] ?? 0);
    writeFileSync(damaged, bytes);
    writeFileSync(short, 'cut');
    appendFileSync(join(home, 'dist', 'main.js'), '\n');
    const main = kept().find((file) => file.endsWith('main')) ?? '';
    const before = readFileSync(main);
    expect(version()).toEqual(first);
    expect(readFileSync(damaged).equals(bytes)).toBe(false);
    expect(statSync(short).size).toBeGreaterThan(100);
    expect(readFileSync(main).readUInt32LE(0)).not.toBe(before.readUInt32LE(0));
  });

  it('of another Node is forgotten after a month', () => {
    const { home, version } = program();
    const [old, recent] = ['1-run', '2-run'].map((name) => join(home, 'dist', 'code', name));
    for (const folder of [old, recent]) mkdirSync(folder ?? '', { recursive: true });
    utimesSync(old ?? '', 1, 1);
    expect(version().status).toBe(0);
    expect(existsSync(old ?? '')).toBe(false);
    expect(existsSync(recent ?? '')).toBe(true);
  });

  it('is not needed: a program beside which nothing can be written starts all the same', () => {
    const { home, version } = program();
    writeFileSync(join(home, 'dist', 'code'), 'a file in the place of the folder');
    expect(version()).toMatchObject({ status: 0, stderr: '' });
  });
});
