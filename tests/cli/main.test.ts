/** Verbs, help and wrong command lines: one sentence, exit 64, nothing on standard output. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { runVerb } from '../support/verb-io.ts';

/** An empty directory: no `.env` and no user configuration may colour the answers. */
let empty = '';
const before = process.cwd();
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'main-'));
  process.chdir(empty);
});
afterAll(() => {
  process.chdir(before);
  rmSync(empty, { recursive: true });
});

const run = (...argv: string[]) => runVerb(argv, { XDG_CONFIG_HOME: empty, XDG_DATA_HOME: empty });

describe('a wrong command line', () => {
  it.each([
    [['xyzzy'], 'there is no verb "xyzzy": the verbs are run, '],
    [['bactest'], 'there is no verb "bactest": did you mean backtest?'],
    [['confg'], 'there is no verb "confg": did you mean config?'],
    [['--sped', '3'], "unknown option '--sped' (Did you mean one of --seed, --speed?)"],
    [['--seed'], "option '--seed <n>' argument missing. Write the value after the option."],
    [['--seed', '1', '--seed', '2'], '--seed is given twice: keep one of them.'],
    [['run', 'now'], 'too many arguments for'],
    [['config'], 'config needs a verb'],
    [['config', 'lst'], "unknown command 'lst' (Did you mean list?)"],
    [['config', 'get', 'RSI_PEROID'], 'did you mean RSI_PERIOD?'],
    [['--speed', '0'], '--speed: "0" from the command line is not allowed'],
    [['--seed=-1'], '--seed: "-1" from the command line is not allowed'],
    [['--env', 'prod'], '--env: "prod" from the command line is not allowed; allowed is one of'],
    [['--token', 'abc'], "unknown option '--token'"],
    [['--config', 'nowhere.json'], 'nowhere.json does not exist'],
  ])('%j is one sentence with a remedy and exit 64', async (argv, sentence) => {
    const { code, out, err } = await run(...argv);
    expect(err).toContain(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect([code, out]).toEqual([64, '']);
  });

  it('control characters from the command line never reach the terminal (I24)', async () => {
    const { err } = await run('--\u001b[2J', '\u009b31m');
    expect(err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('help', () => {
  it.each([
    [['--help']],
    [['help']],
    [['run', '--help']],
    [['config', '--help']],
    [['config', 'list', '--help']],
    [['config', 'get', '--help']],
    [['config', 'path', '--help']],
    [['config', 'check', '--help']],
    [['config', 'set', '--help']],
    [['config', 'unset', '--help']],
    [['config', 'init', '--help']],
    [['completion', '--help']],
    [['version', '--help']],
  ])('%j explains with one example', async (argv) => {
    const { code, out, err } = await run(...argv);
    expect([code, err]).toEqual([0, '']);
    expect(out.match(/Example:\n {2}\$ palm-oil-tui /g)).toHaveLength(1);
  });

  it('every verb, and every verb of a verb, has one example that begins with it', async () => {
    const verbsOf = (out: string): string[] => {
      const [, list = ''] = out.split('Commands:\n');
      return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, verb = '']) => verb);
    };
    const seen: string[] = [];
    const explain = async (path: readonly string[]): Promise<void> => {
      const { code, out } = await run(...path, '--help');
      expect(code, path.join(' ')).toBe(0);
      const examples = [...out.matchAll(/^ {2}\$ palm-oil-tui (.*)$/gm)].map(([, text]) => text);
      expect(examples, path.join(' ')).toHaveLength(1);
      expect(examples[0]?.startsWith(path[0] ?? ''), `${path.join(' ')}: ${examples[0]}`).toBe(
        true,
      );
      seen.push(path.join(' '));
      for (const verb of verbsOf(out)) if (verb !== 'help') await explain([...path, verb]);
    };
    for (const verb of verbsOf((await run('--help')).out)) {
      if (verb !== 'help') await explain([verb]);
    }
    expect(seen).toEqual(expect.arrayContaining(['run', 'history fetch', 'config list', 'sweep']));
    expect(seen.length).toBeGreaterThan(20);
  });

  it('version prints the version and nothing else', async () => {
    expect(await run('version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect(await run('--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });
});
