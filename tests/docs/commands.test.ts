/**
 * Every command the README and the documents show is typed in, word for word, and must work.
 * Long runs get an end and a directory of their own; nothing else is changed.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Headless } from '../e2e/headless.ts';
import {
  BIN,
  ensureBuilt,
  freshHome,
  ROOT,
  shellEnv,
  TerminalSession,
} from '../e2e/terminal-session.ts';
import { filesBelow, read } from '../support/source-files.ts';

const DOCUMENTS = [
  ...['README.md', 'ARCHITECTURE.md'],
  ...filesBelow('docs', /\.md$/).map(({ path }) => path),
];
const PROGRAM = 'palm-oil-tui';
/**
 * Verbs that take their time, never end or read what a run left: their help must know every
 * option that is shown.
 */
const LONG: ReadonlySet<string> = new Set([
  'sweep',
  'simulate',
  'simulator',
  'login',
  'logout',
  'accounts',
  'trades',
  'explain',
  'replay',
  // It writes to routes, and nobody has set one up here.
  'alerts',
]);
/** Options whose value is a file of bars. */
const RECORDING: ReadonlySet<string> = new Set(['--bars', '--replay']);

interface Typed {
  readonly where: string;
  readonly words: readonly string[];
}

/** Words as a shell sees them; quoted ones are one. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** Lines of code blocks that begin with one of our commands, and such words in the text. */
function commandsOf(path: string): readonly Typed[] {
  const blocks = [...read(path).matchAll(/^```(?:sh|bash)?\n([\s\S]*?)^```/gm)].map(
    (match) => match[1] ?? '',
  );
  const inline = [...read(path).matchAll(/`((?:npm|palm-oil-tui) [^`\n<…]+)`/g)];
  const lines = [...blocks.flatMap((block) => block.split('\n')), ...inline.map((one) => one[1])];
  return lines.flatMap((line) => {
    const words = wordsOf((line ?? '').replace(/ +[#|&].*$/, ''));
    if (words[0] !== 'npm' && words[0] !== PROGRAM) return [];
    return [{ where: `${path}: ${words.join(' ')}`, words }];
  });
}

const all = DOCUMENTS.flatMap(commandsOf);
const unique = [...new Map(all.map((one) => [one.words.join(' '), one])).values()];
const isStart = ({ words: [first, second] }: Typed) => first === PROGRAM || second === 'start';
/** What the program is given: everything after its name, or after the two dashes. */
const argumentsOf = ({ words }: Typed) =>
  words[0] === PROGRAM ? words.slice(1) : words.slice(words.indexOf('--') + 1 || words.length);

/** Fewer bars to decide on, so that it is quick. */
const HOURLY = ['--timeframe', '1h'];

/** Files the reader is meant to have: our own form, and an export without a zone. */
const BARS = `time,open,high,low,close,volume
2026-02-02T02:30:00Z,4100,4103,4098,4101,11
2026-02-02T02:31:00Z,4101,4104,4100,4102,7
2026-02-02T02:32:00Z,4102,4102,4097,4098,9
`;
const EXPORT = `2026.02.02,10:30,4100,4103,4098,4101,11
2026.02.02,10:31,4101,4104,4100,4102,7
2026.02.02,10:32,4102,4102,4097,4098,9
`;

const home = freshHome();
let engine: Headless;

beforeAll(async () => {
  ensureBuilt();
  // A recording the reader is meant to have: whatever it is called, here it is the bundled one.
  const recordings = all.flatMap(({ words }) =>
    words.filter((_, index) => RECORDING.has(words[index - 1] ?? '')),
  );
  for (const name of recordings.filter((one) => one.endsWith('.csv.gz'))) {
    copyFileSync(join(ROOT, 'data', 'fcpo-1m-sample.csv.gz'), join(home.path, basename(name)));
  }
  writeFileSync(join(home.path, 'data.csv'), BARS);
  writeFileSync(join(home.path, 'export.csv'), EXPORT);
  engine = new Headless(home.path, ['--speed', '60']);
  await engine.line('the control socket', (line) => line.message === 'control socket open');
});

afterAll(async () => {
  engine.kill('SIGTERM');
  await engine.ended;
  home.remove();
});

/** A run needs an end and may not share the directory of the one that is already there. */
function bounded(args: readonly string[], number: number): readonly string[] {
  const [verb = 'run'] = args;
  if (args.includes('--help')) return args;
  if (verb === 'backtest') return [...args, ...(args.includes('--timeframe') ? [] : HOURLY)];
  if (verb !== 'run' && !verb.startsWith('-')) return args;
  const short = args.map((one, index) => (args[index - 1] === '--duration' ? '1m' : one));
  const ends = ['--no-ui', '--duration=1m', '--speed=6000'].filter(
    (one) => !args.includes(one.split('=')[0] ?? ''),
  );
  return [...short, ...ends, '--data-dir', join(home.path, `run-${number}`)];
}

function ends(args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: home.path,
      env: shellEnv(home.path),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('close', (code) => resolve({ code: code ?? -1, said }));
  });
}

describe.concurrent('commands in the documents', () => {
  it('are found at all', () => {
    expect(unique.length).toBeGreaterThan(15);
  });

  const runs = unique.filter((one) => isStart(one) && argumentsOf(one)[0] !== 'attach');
  for (const [number, one] of runs.entries()) {
    it(`${one.where} works`, async () => {
      const [verb = 'run', ...rest] = argumentsOf(one);
      if (LONG.has(verb)) {
        const first = rest.findIndex((word) => word.startsWith('--'));
        const named = first === -1 ? rest : rest.slice(0, first);
        const help = await ends([verb, ...named, '--help']);
        expect(help.code, help.said).toBe(0);
        for (const option of rest.filter((word) => word.startsWith('--'))) {
          expect(help.said).toContain(option.split('=')[0]);
        }
        return;
      }
      const { code, said } = await ends(bounded(argumentsOf(one), number));
      // 14 is a true answer: the engine runs, and something needs attention.
      expect(argumentsOf(one)[0] === 'status' ? [0, 14] : [0], said).toContain(code);
    });
  }

  for (const one of unique.filter((two) => argumentsOf(two)[0] === 'attach')) {
    it(`${one.where} shows the running engine`, async () => {
      const args = argumentsOf(one);
      const screen = new TerminalSession({ args, cols: 80, rows: 24, home: home.path });
      await screen.waitFor(/Positions/);
      screen.keys('q');
      await screen.waitFor(/Detach\?/);
      screen.keys('y');
      expect((await screen.ended()).code).toBe(0);
    });
  }

  for (const one of unique.filter((two) => !isStart(two))) {
    it(`${one.where} is a script of the package`, () => {
      const [, verb = '', name = ''] = one.words;
      const scripts: unknown = JSON.parse(read('package.json')).scripts;
      const builtIn = verb === 'ci' || verb === 'install';
      expect(builtIn || scripts).toSatisfy(
        (known: true | object) => known === true || (verb === 'run' ? name : verb) in known,
      );
      for (const path of one.words.filter((word) => word.startsWith('tests/'))) {
        expect(existsSync(join(ROOT, path)), path).toBe(true);
      }
    });
  }
});

describe('documents', () => {
  it('link only to files that exist', () => {
    const broken = DOCUMENTS.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)]
        .map((match) => join(path, '..', match[1] ?? ''))
        .filter((target) => !existsSync(join(ROOT, target))),
    );
    expect(broken).toEqual([]);
  });
});
