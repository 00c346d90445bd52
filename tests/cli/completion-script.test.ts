/** The scripts are run by the shells that are there; every other shell's text is looked at. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../src/cli/completion-script.ts';
import { SHELLS } from '../../src/cli/completion-shells.ts';
import type { VerbWords } from '../../src/cli/completion-tree.ts';
import { SETTING_ROWS } from '../../src/cli/config-schema.ts';
import { runVerb } from '../support/verb-io.ts';

const scripts: Record<string, string> = {};
let directory = '';

const typed = (...argv: string[]) => runVerb(argv);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'completion-'));
  for (const shell of SHELLS) {
    const { code, out } = await typed('completion', shell);
    expect(code).toBe(0);
    scripts[shell] = out;
    writeFileSync(join(directory, shell), out);
  }
  writeFileSync(join(directory, 'bars here.csv'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers after these words; the last one is being typed. */
function bash(...words: string[]): readonly string[] {
  const all = ['palm-oil-tui', ...words].map((word) => `'${word}'`).join(' ');
  const script = `source ./bash
    COMP_WORDS=(${all}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _palm_oil_tui
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-u', '-c', script], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  it('verbs, and the verbs of a verb', () => {
    expect(bash('')).toEqual(
      expect.arrayContaining(['run', 'attach', 'config', 'optimize', 'help']),
    );
    expect(bash('com')).toEqual(['completion']);
    expect(bash('config', '')).toEqual(['list', 'get', 'path', 'check', 'set', 'unset', 'init']);
    expect(bash('help', 'swe')).toEqual(['sweep']);
    expect(bash('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('options of the verb that was typed, and those of run without one', () => {
    expect(bash('panic', '--fl')).toEqual(['--flatten']);
    expect(bash('run', '--no-')).toContain('--no-ui');
    expect(bash('--sp')).toEqual(['--speed']);
    expect(bash('config', 'list', '--ori')).toEqual(['--origin']);
    expect(bash('version', '--seed')).toEqual([]);
  });

  it('the few values of an option, also behind a sign of equality', () => {
    expect(bash('--env', '')).toEqual(['sim', 'demo', 'live']);
    expect(bash('run', '--mode', 'l')).toEqual(['live']);
    expect(bash('run', '--env', '=', 'd')).toEqual(['demo']);
    expect(bash('run', '--env', '=')).toEqual(['sim', 'demo', 'live']);
    expect(bash('run', '--seed', '')).toEqual([]);
  });

  it('files, a name with a space as one word', () => {
    expect(bash('run', '--replay', 'ba')).toEqual(expect.arrayContaining(['bars here.csv']));
  });

  it('a value that is spelled like a verb is no verb', () => {
    expect(bash('run', '--symbol', 'panic', '--fl')).toEqual([]);
  });

  it('names of settings, never one of a secret to be set, and then its values', () => {
    expect(bash('config', 'get', 'RSI_PER')).toEqual(['RSI_PERIOD']);
    expect(bash('config', 'set', 'PERPLEXITY_API')).toEqual([]);
    expect(bash('config', 'set', 'CTRADER_ENVIRONMENT', '')).toEqual(['sim', 'demo', 'live']);
    expect(bash('config', 'set', 'SYMBOL', '')).toEqual([]);
  });
});

it('every setting with a flag is an option of run in all three shells', () => {
  const flags = SETTING_ROWS.flatMap(({ row }) => row.flag?.split(' ')[0] ?? []);
  expect(flags.length).toBeGreaterThan(20);
  expect(bash('run', '-')).toEqual(expect.arrayContaining(flags));
  for (const flag of flags) {
    expect(scripts['zsh']).toContain(`'${flag}'`);
    expect(scripts['fish']).toContain(` -l ${flag.slice(2)} `);
  }
});

it('zsh answers from the function that bash was tried with', () => {
  const body = (script: string | undefined): string =>
    /_palm_oil_tui_words\(\) \{[\s\S]*?\n\}\n/.exec(script ?? '')?.[0] ?? '';
  expect(body(scripts['zsh']).length).toBeGreaterThan(1_000);
  expect(body(scripts['zsh'])).toBe(body(scripts['bash']));
  expect(scripts['zsh']).toMatch(/^#compdef palm-oil-tui\n/);
  // In zsh `path` is the search path itself.
  expect(scripts['zsh']).not.toMatch(/\b(local|typeset)\b[^\n]*\bpath\b/);
});

it('fish is told one word a line, with every quote closed', () => {
  const [head, ...lines] = (scripts['fish'] ?? '').trimEnd().split('\n');
  expect(head).toBe('# fish completion for palm-oil-tui');
  const told = lines.filter((line) => line.startsWith('complete '));
  expect(told.length).toBeGreaterThan(100);
  for (const line of told) {
    expect(line.replace(/\\./g, '').split("'").length % 2, line).toBe(1);
  }
  expect(told.join('\n')).toMatch(
    /'__palm_oil_tui_at \\'run\\''[^\n]* -l env -x -a 'sim demo live'/,
  );
});

it.each(SHELLS.filter(isThere))('%s accepts its script', (shell) => {
  const { status, stderr } = spawnSync(shell, ['-n', join(directory, shell)], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('a description with quotes and backslashes stays one word', () => {
  const node: VerbWords = {
    path: '',
    about: '',
    verbs: [{ name: 'go', about: "don't \\ stop" }],
    options: [],
    words: [],
    valueWords: new Map(),
  };
  expect(completionScript('fish', [node])).toContain("-a go -d 'don\\'t \\\\ stop'");
});

it('another shell is refused with the three that there are', async () => {
  const { code, out, err } = await typed('completion', 'tcsh');
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toBe('palm-oil-tui: The shell is one of bash, zsh, fish.\n');
});
