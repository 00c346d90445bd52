/**
 * Every command that the README and the documents show is run, word for word, and must do what it
 * says; what cannot be run here stands in elsewhere.ts with a reason. Long work gets an end, and
 * ports and the accounts of a reader are given; nothing else is changed.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { main } from '../../src/cli/main.ts';
import { Headless } from '../e2e/headless.ts';
import { type Served, serveSimulator } from '../e2e/simulator-process.ts';
import {
  ensureBuilt,
  freshHome,
  ROOT,
  runVerb,
  shellEnv,
  TerminalSession,
} from '../e2e/terminal-session.ts';
import { decide } from '../support/browser.ts';
import {
  DOCUMENTS,
  documentedCommands,
  inlineCode,
  isCommand,
  JOURNAL_VERBS,
  programCommands,
  typedLines,
} from '../support/documented.ts';
import { freePort } from '../support/free-port.ts';
import { httpDouble } from '../support/http-double.ts';
import { read } from '../support/source-files.ts';
import { runVerb as verbHere, verbIo } from '../support/verb-io.ts';
import { waitFor } from '../support/wait-for.ts';
import { ELSEWHERE, type TYPED_HERE } from './elsewhere.ts';

const all = documentedCommands();

const programs = programCommands();

/** Those of some verbs, each asking only for help apart. */
const of = (...verbs: readonly string[]) =>
  programs.filter(({ verb, args }) => verbs.includes(verb) && !args.includes('--help'));

const named = <T extends { readonly where: string }>(list: readonly T[]) =>
  list.map((one) => [one.where, one] as const);

const NEEDS_ENGINE = ['status', 'panic', 'attach'];
const LOGIN_VERBS = ['login', 'accounts', 'logout'];
const OF_THEIR_OWN = ['run', 'simulator', ...JOURNAL_VERBS, ...NEEDS_ENGINE, ...LOGIN_VERBS];

const home = freshHome();
const before = process.cwd();
/** Verbs that run in this process find the reader's directory and nothing of this one. */
const here = (more: Readonly<Record<string, string>> = {}) => ({ ...shellEnv(home.path), ...more });

/** Files the reader is meant to have: bars, and an export of another program without a zone. */
function giveFiles(): void {
  const sample = join(ROOT, 'data', 'fcpo-1m-sample.csv.gz');
  mkdirSync(join(home.path, 'data'));
  for (const name of ['data/fcpo-1m-sample.csv.gz', 'my.csv.gz']) {
    copyFileSync(sample, join(home.path, name));
  }
  writeFileSync(join(home.path, 'my.csv'), gunzipSync(readFileSync(sample)));
  const bars = ['30,4100,4103,4098,4101,11', '31,4101,4104,4100,4102,7'];
  const ours = bars.map((bar) => `2026-02-02T02:${bar.replace(',', ':00Z,')}`);
  const head = 'time,open,high,low,close,volume';
  writeFileSync(join(home.path, 'data.csv'), `${[head, ...ours].join('\n')}\n`);
  writeFileSync(
    join(home.path, 'export.csv'),
    bars.map((bar) => `2026.02.02,10:${bar}\n`).join(''),
  );
  writeFileSync(join(home.path, '.env'), '');
}

beforeAll(() => {
  ensureBuilt();
  giveFiles();
  process.chdir(home.path);
});
afterAll(() => {
  process.chdir(before);
  home.remove();
});

describe('the list of commands', () => {
  it('is found at all, and every line of a block of commands is one', () => {
    expect(all.length).toBeGreaterThan(100);
    const strange = DOCUMENTS.flatMap(typedLines).filter((line) => !isCommand(line));
    expect(strange).toEqual([]);
  });

  it.each(Object.entries(ELSEWHERE))('%s is held otherwise', (command, { by }) => {
    for (const [file, proof] of by) expect(read(file), file).toMatch(proof);
    const [program, first = '', name = ''] = command.split(' ');
    const scripts: object = JSON.parse(read('package.json')).scripts;
    const isScript = program === 'npm' && !['ci', 'install', 'pack'].includes(first);
    if (isScript) expect(scripts).toHaveProperty([first === 'run' ? name : first]);
    for (const path of command.match(/(?<= )tests\/\S+/g) ?? []) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  });

  it('of containers ends in verbs and options of ours', async () => {
    for (const one of all.filter(({ words }) => words.includes('engine'))) {
      const rest = one.words.slice(one.words.indexOf('engine') + 1);
      const [verb = '', ...options] = rest.filter((word) => word !== 'palm-oil-tui');
      const { code, out } = await verbHere([verb, '--help'], here());
      expect(code).toBe(EXIT.ok);
      for (const option of options.filter((word) => word.startsWith('--'))) {
        expect(out).toContain(option);
      }
    }
  });

  it('names only options that exist', async () => {
    const { out } = await verbHere(['completion', 'bash'], here());
    const files = ['ready.mjs', 'start.mjs', 'demo.ts', 'all-sizes.ts', 'bench.ts', 'soak.ts'];
    const own = ['coverage-ids.ts', 'fuzz.ts', 'kills.ts', 'acceptance-readme.ts'];
    const scripts = [...files, ...own].map((file) => read(`scripts/${file}`)).join('\n');
    const foreign = new Set(Object.keys(ELSEWHERE).flatMap((text) => text.split(' ')));
    const named = DOCUMENTS.flatMap((path) =>
      [...typedLines(path), ...inlineCode(path)].flatMap((code) =>
        [...code.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => ({ path, option })),
      ),
    );
    expect(named.length).toBeGreaterThan(100);
    const unknown = named.filter(
      ({ option }) =>
        !(new RegExp(`${option}(?![\\w-])`).test(out + scripts) || foreign.has(option)) &&
        // Of Node itself, in NODE_OPTIONS.
        option !== '--max-semi-space-size',
    );
    expect(unknown).toEqual([]);
  });
});

/** Commands of other programs that run here as they stand. */
const RUN_HERE: Readonly<Record<(typeof TYPED_HERE)[number], () => void>> = {
  'chmod 600 .env': () => {
    expect(spawnSync('chmod', ['600', '.env'], { cwd: home.path }).status).toBe(0);
    expect(statSync(join(home.path, '.env')).mode & 0o777).toBe(0o600);
  },
  'npm start -- run --help': () => {
    const { status, stdout } = npm('start', '--silent', '--', 'run', '--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: palm-oil-tui run')]);
  },
  'npm run coverage:ids': () => {
    const { status, stdout } = npm('run', '--silent', 'coverage:ids');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^F71 +S\d/m)]);
  },
  'npm run fuzz -- --count 10000000': () => fuzz(),
  'npm run fuzz -- --count 10000000 --seed 1': () => fuzz('--seed', '1'),
};

const npm = (...args: readonly string[]) =>
  spawnSync('npm', [...args], {
    cwd: ROOT,
    env: { ...shellEnv(home.path), npm_config_update_notifier: 'false' },
    encoding: 'utf8',
  });

function fuzz(...more: readonly string[]): void {
  const { status, stdout } = npm('run', '--silent', 'fuzz', '--', '--count', '1000', ...more);
  expect([status, stdout]).toEqual([0, expect.stringContaining('PASS')]);
}

describe('other programs', () => {
  it.each(Object.entries(RUN_HERE))('%s works', (_, run) => run());

  it('the blocks of a shell are read by a shell', () => {
    const script = DOCUMENTS.flatMap(typedLines).join('\n');
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

/** Less of the same, where a command would run for minutes. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/^1\.\.2000$/, '1..1'],
  [/^1\.\.20$/, '1..1'],
];
const shorter = (args: readonly string[]) =>
  args.map((word) => SHORTER.find(([long]) => long.test(word))?.[1] ?? word);

describe('verbs that come to an end', () => {
  const helps = programs.filter(({ args }) => args.includes('--help'));
  it.each(named(helps))('%s explains itself', async (_, { args }) => {
    const { code, out } = await verbHere(args, here());
    expect([code, out]).toEqual([EXIT.ok, expect.stringContaining('Usage: palm-oil-tui')]);
  });

  const rest = programs.filter(
    ({ verb, args }) => !OF_THEIR_OWN.includes(verb) && !args.includes('--help'),
  );
  it.each(named(rest))('%s works', async (_, { args, verb }) => {
    const double = await httpDouble();
    const more = verb === 'alerts' ? { ALERT_WEBHOOK_URL: double.url } : {};
    // The other shards are somebody's own, on another machine.
    const others = args.includes('1/3') ? ['2/3', '3/3'] : [];
    for (const shard of others) {
      const other = args.map((word) =>
        word.replace('1/3', shard).replace('part1', `part${shard[0]}`),
      );
      expect((await verbHere(other, here())).code).toBe(EXIT.ok);
    }
    const { code, out, err } = await verbHere(shorter(args), here(more));
    double.close();
    expect(code, err).toBe(EXIT.ok);
    // A shard writes its rows and no more.
    expect(out + err === '').toBe(args.includes('--shard'));
    for (const option of ['--out', '--trades', '--html']) {
      const file = args[args.indexOf(option) + 1];
      if (args.includes(option)) expect(existsSync(join(home.path, file ?? '')), file).toBe(true);
    }
  });
});

describe.concurrent('runs', () => {
  // What differs only in how it is started is started once: `npm start` itself is typed below.
  const begun = new Map<string, ReturnType<typeof runVerb>>();
  for (const [number, { where, args, words }] of of('run').entries()) {
    it(`${where} runs to its end`, async () => {
      const short = args.map((one, at) => (args[at - 1] === '--duration' ? '1m' : one));
      const ends = ['--no-ui', '--duration=1m', '--speed=6000'].filter(
        (one) => !args.includes(one.split('=')[0] ?? ''),
      );
      const typed = [...(args[0] === 'run' ? short.slice(1) : short), ...ends];
      const own = ['--data-dir', join(home.path, `run-${number}`)];
      const key = typed.toSorted().join(' ');
      const ending = begun.get(key) ?? runVerb(home.path, [...typed, ...own]);
      begun.set(key, ending);
      const { code, err } = await ending;
      expect(code, `${words.join(' ')}\n${err}`).toBe(EXIT.ok);
    });
  }
});

describe('verbs for a running engine', () => {
  let engine: Headless;
  beforeAll(async () => {
    engine = new Headless(home.path, ['--speed', '60']);
    await engine.line('the control socket', (line) => line.message === 'control socket open');
  });
  afterAll(async () => {
    engine.kill('SIGTERM');
    await engine.ended;
  });

  it.each(named(of('attach')))('%s shows it', async (_, { args }) => {
    const screen = new TerminalSession({ args, cols: 80, rows: 24, home: home.path });
    await screen.waitFor(/Positions/);
    screen.keys('q');
    await screen.waitFor(/Detach\?/);
    screen.keys('y');
    expect((await screen.ended()).code).toBe(0);
  });

  it.each(named(of('status')))('%s tells of it', async (_, { args, field }) => {
    const { code, out, err } = await verbHere(args, here());
    // A true answer as well: it runs, and something needs attention.
    expect([EXIT.ok, EXIT.unhealthy], err).toContain(code);
    if (args.includes('--json')) JSON.parse(out);
    if (field !== undefined) expect(JSON.parse(out)).toHaveProperty([field]);
  });

  it.each(named(of('panic')))('%s is proven', async (_, { args }) => {
    const { code, out, err } = await verbHere(args, here());
    expect(code, out + err).toBe(EXIT.ok);
  });
});

describe('the way of a login', () => {
  const simulators = of('simulator');
  const PASSPHRASE = 'correct horse battery staple';
  let served: Served;

  beforeAll(async () => {
    writeFileSync(join(home.path, 'passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
    const [first] = simulators;
    served = await serveSimulator(home.path, first?.args.slice(1));
  });
  afterAll(() => served.stop());

  /** The passphrase comes through a descriptor, as a service gives it. */
  const env = (more: Readonly<Record<string, string>> = {}) => ({
    ...here(),
    ...served.env,
    TOKEN_PASSPHRASE_FD: String(openSync(join(home.path, 'passphrase'), 'r')),
    ...more,
  });

  /** A login with the browser of the reader; pasted where that is how it goes. */
  async function login(args: readonly string[]) {
    const port = await freePort();
    const stdin = new PassThrough();
    const more = { CTRADER_REDIRECT_URI: `http://localhost:${port}` };
    const { text, io } = verbIo(env(more), { stdin });
    const ended = main(args, io);
    const find = () => /^http:\/\/127\S+authorize\S+$/m.exec(text.err)?.[0];
    const over = ended.then((code) => ({ code, ...text }));
    const address = await Promise.race([waitFor('the address', find), over]);
    if (typeof address !== 'string') return address;
    const back = await decide(address, 'Allow');
    if (args.includes('--no-browser')) stdin.write(`${back}\n`);
    else await fetch(back);
    return over;
  }

  it.each(named(simulators))('%s serves', async (_, { args }) => {
    const apart = freshHome();
    const other = await serveSimulator(apart.path, args.slice(1));
    expect(other.env).toHaveProperty('CTRADER_TOKEN_URL');
    expect(await other.stop()).toBe(EXIT.ok);
    apart.remove();
  });

  const PLAIN = of('login').filter(({ args }) => !/--move-to|--env/.test(args.join(' ')));
  it.each(named(PLAIN))('%s logs in', async (_, { args }) => {
    const { code, out, err } = await login(args);
    expect([code, out], err).toEqual([EXIT.ok, expect.stringContaining('Logged in to demo')]);
  });

  it.each(named(of('accounts')))('%s lists what it opens', async (_, { args }) => {
    const { code, out, err } = await verbHere(args, env());
    expect([code, out], err).toEqual([EXIT.ok, expect.stringContaining('1000001')]);
  });

  it('palm-oil-tui login --move-to … and --env live say what they need', async () => {
    const asked = of('login').filter((one) => !PLAIN.includes(one));
    const needs = [/CTRADER_CLIENT_ID_LIVE/, /already in/];
    expect(asked).toHaveLength(needs.length);
    for (const { args } of asked) {
      const { code, err, out } = await verbHere(args, env());
      expect(
        needs.some((one) => one.test(err + out)),
        `${code} ${out}${err}`,
      ).toBe(true);
    }
  });

  it.each(named(of('logout')))('%s forgets it', async (_, { args }) => {
    const { code, out, err } = await verbHere(args, env());
    expect(code, out + err).toBe(EXIT.ok);
  });
});

describe('documents', () => {
  it('link only to files that exist', () => {
    const broken = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/\]\(([^)#:]+)\)/g)]
        .map((match) => join(path, '..', match[1] ?? ''))
        .filter((target) => !existsSync(join(ROOT, target))),
    );
    expect(broken).toEqual([]);
  });
});
