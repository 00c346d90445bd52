/**
 * `npm run acceptance:readme`: a newcomer. The README's first commands are typed word for word in a
 * clean clone with a clean home: screens in a real terminal, a headless run, the tests, a backtest
 * report, the packed file installed. Deliberately downloads everything anew; `--full` runs every
 * test, not a few.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellEnv, TerminalSession } from '../tests/e2e/terminal-session.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIRST_MS = 600_000;
const READY_MS = 120_000;
const FEW_TESTS = ['--', 'tests/engine/units.test.ts'];

interface Outcome {
  readonly well: boolean;
  readonly said: string;
}

const work = mkdtempSync(join(tmpdir(), 'palm-oil-readme-'));
const clone = join(work, 'palm-oil-tui');
const home = join(work, 'home');

/** The commands of the blocks below "Two commands". */
function commands(): readonly (readonly string[])[] {
  const text = readFileSync(join(clone, 'README.md'), 'utf8').split(/^## (?=Two commands)/m)[1];
  const part = (text ?? '').split(/^## /m)[0] ?? '';
  const blocks = [...part.matchAll(/^```\n([\s\S]*?)^```/gm)];
  return blocks
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/ +/));
}

function ends(words: readonly string[], codes: readonly number[], shows: RegExp): Outcome {
  const [command = '', ...args] = words;
  const env = { ...shellEnv(home), npm_config_prefix: join(home, 'npm') };
  const options = { cwd: clone, env, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(command, args, {
    ...options,
    maxBuffer: 64 * 1_048_576,
  });
  return {
    well: codes.includes(status ?? -1) && shows.test(stdout),
    said: `exit ${status}\n${stdout.slice(-1_500)}\n${stderr.slice(-1_500)}`,
  };
}

/** Opens the console, waits until a person sees a live price, and leaves by its keys. */
async function opens([command = '', ...args]: readonly string[]): Promise<Outcome> {
  const options = { cols: 120, rows: 40, home, cwd: clone, command: [command], args };
  const screen = new TerminalSession(options);
  try {
    const isWhole = () => /READY/.test(screen.screen()) && /bid\s+\d{4}/.test(screen.screen());
    await screen.waitUntil(isWhole, 'the console', FIRST_MS);
    screen.keys('q');
    await screen.waitFor(/\by\b.*(stop|leave|quit)|(Quit|Stop).*\?/i, READY_MS);
    screen.keys('y');
    const { code } = await screen.ended(READY_MS);
    return { well: code === 0, said: screen.screen() };
  } catch (error) {
    return { well: false, said: String(error) };
  } finally {
    await screen.close();
  }
}

/** A status needs somebody to look at. */
async function withEngine(words: readonly string[]): Promise<Outcome> {
  const args = ['start', '--silent', '--', '--no-ui', '--speed', '1'];
  const engine = spawn('npm', args, { cwd: clone, env: shellEnv(home), stdio: 'pipe' });
  const gone = new Promise((resolve) => engine.once('close', resolve));
  await new Promise<void>((resolve) => {
    engine.stdout.on('data', (text) => {
      if (String(text).includes('link READY')) resolve();
    });
    void gone.then(() => resolve());
  });
  const outcome = ends(words, [0, 14], /^trading +\w+, link/m);
  engine.kill('SIGTERM');
  await gone;
  return outcome;
}

/** Where npm puts what belongs to everybody is the newcomer's own here. */
function installs(words: readonly string[]): Outcome {
  const { well, said } = ends(words, [0], /added/);
  const program = join(home, 'npm', 'bin', 'palm-oil-tui');
  return well ? ends([program, 'version'], [0], /^\d+\.\d+\.\d+$/m) : { well, said };
}

async function typed(words: readonly string[]): Promise<Outcome> {
  const [, script, ...rest] = words;
  const args = rest.slice(1);
  if (script === 'test') {
    const all = process.argv.includes('--full');
    return ends([...words, ...(all ? [] : FEW_TESTS)], [0], /\d+ passed, 0 failed/);
  }
  if (script === 'pack') return ends(words, [0], /palm-oil-tui-.*\.tgz/);
  if (script === 'install') return installs(words);
  if (args.includes('--help')) return ends(words, [0], /Usage/);
  if (args[0] === 'status') return withEngine(words);
  if (args[0] === 'backtest') return ends(words, [0], /profit factor/i);
  if (args[0] === 'config') return ends(words, [0], /RSI_OVERSOLD +30 +default/);
  if (args.includes('--no-ui')) {
    return ends([...words, '--speed', '100000'], [0], /"message":"stopped"/);
  }
  return opens(words);
}

async function main(): Promise<number> {
  const cloned = spawnSync('git', ['clone', '--quiet', '--local', ROOT, clone]);
  if (cloned.status !== 0) throw new Error(String(cloned.stderr));
  spawnSync('mkdir', ['-p', home]);
  const all = commands();
  let failed = all.length === 0 ? 1 : 0;
  for (const words of all) {
    const began = performance.now();
    const { well, said } = await typed(words);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`${well ? 'ok    ' : 'FAILED'} ${words.join(' ')}  (${seconds} s)`);
    if (!well) console.log(said.replace(/^/gm, '       '));
    failed += well ? 0 : 1;
  }
  const dirty = spawnSync('git', ['status', '--porcelain'], {
    cwd: clone,
    encoding: 'utf8',
  }).stdout;
  const left = dirty.split('\n').filter((line) => line !== '' && !line.endsWith('.tgz'));
  if (left.length > 0) console.log(`FAILED the clone is no longer clean:\n${left.join('\n')}`);
  console.log(`${all.length - failed} of ${all.length} commands of the README did what it says`);
  return failed === 0 && left.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
