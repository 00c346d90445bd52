/** `sweep` in parts: progress, a killed run that goes on, shards, and the same file in the end. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { golden } from '../../support/golden.ts';
import { verbIo } from '../../support/verb-io.ts';
import { wavingBars } from '../../support/waving-bars.ts';

let home = '';
const before = process.cwd();
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'sweep-'));
  process.chdir(home);
  writeFileSync('bars.csv', wavingBars(700));
  writeFileSync('other.csv', wavingBars(690));
});
afterAll(() => {
  process.chdir(before);
  rmSync(home, { recursive: true });
});

async function run(argv: readonly string[], isTTY = false) {
  const { io, text } = verbIo({ XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, LANG: 'C.UTF-8' });
  Object.assign(io.stderr, { isTTY });
  const code = await main(['sweep', ...argv], io);
  return { code, ...text };
}

const OWN = ['--bars', 'bars.csv', '--sessions', 'bars', '--set', 'TREND_FILTER=false'];
const GRID = [...OWN, '--min-trades', '2', '--param', 'risk=0.5:1.5:0.5'];

/** The rows of one shard, as a file. */
async function shard(part: string, file: string) {
  const { code } = await run([...GRID, '--shard', part, '--out', file]);
  expect(code).toBe(0);
  return readFileSync(file, 'utf8');
}

describe('the committed example', () => {
  it('is what its command prints about the bundled month', async () => {
    const argv = ['--min-trades', '5'];
    const { code, out, err } = await run(argv);
    expect(code).toBe(0);
    golden('../docs/examples/sweep.csv', out);
    golden('../docs/examples/sweep.txt', `$ palm-oil-tui sweep ${argv.join(' ')}\n${err}`);
    for (const words of [
      'fold 4',
      'Probability of overfitting',
      'Random entries',
      'Costs times 2',
    ]) {
      expect(err).toContain(words);
    }
  });
});

describe('a sweep in parts', () => {
  it('of three shards merges to the file and the verdict of the whole', async () => {
    const whole = await run(GRID);
    expect(whole.out.trimEnd().split('\n')).toHaveLength(1 + 3 * 192);
    for (const part of [1, 2, 3]) await shard(`${part}/3`, `part${part}.rows`);
    const files = ['part3.rows', 'part1.rows', 'part2.rows'];
    const merged = await run([...GRID, '--merge', ...files]);
    expect(merged).toEqual(whole);
  });

  it('is not merged when a shard is missing, another sweep, or no shard at all', async () => {
    const text = await shard('1/2', 'half.rows');
    const missing = await run([...GRID, '--merge', 'half.rows']);
    expect([missing.code, missing.out]).toEqual([64, '']);
    expect(missing.err).toContain('288 of 576 sets are missing; shards given: 1/2');
    const other = await run([...GRID, '--bars', 'other.csv', '--merge', 'half.rows']);
    expect(other.err).toContain('half.rows is of another sweep');
    writeFileSync('broken.rows', text.replace('[3,', '[x,'));
    const broken = await run([...GRID, '--merge', 'broken.rows']);
    expect(broken.err).toContain('broken.rows: line 5 is not a row of it');
    const csv = await run([...GRID, '--merge', 'bars.csv']);
    expect([csv.code, csv.err]).toEqual([64, expect.stringContaining('holds no rows of a sweep')]);
    const absent = await run([...GRID, '--merge', 'nowhere.rows']);
    expect(absent.err).toContain('does not exist');
  });

  it.each(['0/3', '4/3', '1', 'x/y', '1/0'])('--shard %s is refused', async (part) => {
    const { code, out, err } = await run([...GRID, '--shard', part]);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain('is not allowed');
  });

  it('goes on from what a kill left behind, a torn last line included', async () => {
    const whole = await run([...GRID, '--quiet']);
    // A killed run leaves the rows it had, and perhaps half of one more.
    const rows = (await shard('1/1', 'all.rows')).split('\n');
    const [head = '', ...lines] = rows;
    const left = `${[head, ...lines.slice(0, 200)].join('\n')}\n`;
    writeFileSync('out.csv.rows', `${left}${lines[200]?.slice(0, 30)}`);
    const { code, err } = await run([...GRID, '--out', 'out.csv']);
    expect(code).toBe(0);
    expect(err).toContain('200 of 576 sets were finished before');
    expect(readFileSync('out.csv', 'utf8')).toBe(whole.out);
    expect(existsSync('out.csv.rows')).toBe(false);
  });

  it('takes rows from before as they are, and only those of the same sweep', async () => {
    const [head = '', first = ''] = (await shard('1/1', 'all.rows')).split('\n');
    const changed = first.replace(/^\[0,(\d),\d+,/, '[0,$1,4242,');
    expect(changed).not.toBe(first);
    writeFileSync('used.csv.rows', `${head}\n${changed}\n`);
    await run([...GRID, '--out', 'used.csv', '--quiet']);
    expect(readFileSync('used.csv', 'utf8').split('\n')[1]).toContain(',4242,');
    writeFileSync('not.csv.rows', `${head}\n${changed}\n`);
    await run([...GRID, '--spread', '4', '--out', 'not.csv', '--quiet']);
    expect(readFileSync('not.csv', 'utf8')).not.toContain(',4242,');
    appendFileSync('junk.csv.rows', 'no rows\n');
    const { code } = await run([...GRID, '--out', 'junk.csv', '--quiet']);
    expect(code).toBe(0);
  });

  it('shows progress with the time left on a terminal only', async () => {
    // The engine itself runs these: slow enough to be seen.
    const grid = ['--param', 'max_positions=2', '--param', 'tp=2', '--param', 'sl=1.5'];
    const slow = [...grid, '--workers', '0'];
    const seen = await run([...OWN, ...slow], true);
    expect(seen.err).toMatch(/\r\u001b\[Kpalm-oil-tui: \d+ of 16 sets, \d+ s left/);
    expect(seen.out.trimEnd().split('\n').slice(1)).toHaveLength(16);
    expect(seen.err).toContain('16 sets were beyond the screening kernel');
    const unseen = await run([...OWN, ...slow]);
    expect(unseen.err).not.toContain('left');
    expect(unseen.out).toBe(seen.out);
  });
});
