/**
 * `npm run acceptance:package`: the packed file as a stranger gets it. Packs a copy of the tree,
 * installs it with install scripts disabled and an empty cache, starts it on several versions of
 * Node, and runs it in an empty root whose only writable place is the data directory.
 * Exit code 0 when every line passes, 1 when one fails. Needs a registry of packages.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIMITS = { npxMs: 5_000, installedMb: 40, packageKb: 1_500 };
/** A simulated day with a trade, without a screen. */
const RUN = ['run', '--no-ui', '--seed', '7', '--speed', '100000', '--duration', '14h'];
const OTHER_NODES = ['22', '24'];

const work = mkdtempSync(join(tmpdir(), 'palm-oil-package-'));
let failures = 0;

function line(isGood: boolean, what: string, figure: string): void {
  if (!isGood) failures += 1;
  console.log(`${isGood ? 'PASS' : 'FAIL'}  ${what.padEnd(58)} ${figure}`);
}

/** Only what the repository holds, so that nothing of this folder leaks into the package. */
function packedFile(): string {
  const tree = join(work, 'tree');
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const name of listed.split('\0').filter((one) => one !== '')) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    cpSync(join(ROOT, name), join(tree, name), { preserveTimestamps: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', work], {
    cwd: tree,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const name = readdirSync(work).find((one) => one.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack made no file');
  return join(work, name);
}

function sizeMb(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((one) => one.isFile())
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
  return bytes / 1_048_576;
}

function coldNpx(file: string): void {
  const env = { ...process.env, npm_config_cache: join(work, 'cold'), NODE_OPTIONS: '' };
  const began = performance.now();
  const run = spawnSync(
    'npx',
    ['-y', '--ignore-scripts', `--package=${file}`, 'palm-oil-tui', 'version'],
    {
      cwd: work,
      env,
      encoding: 'utf8',
    },
  );
  const ms = performance.now() - began;
  const answer = run.stdout.trim();
  line(run.status === 0 && /^\d+\.\d+\.\d+$/.test(answer), 'npx of the packed file', answer);
  line(
    ms <= LIMITS.npxMs,
    `cold npx, empty cache, to exit (at most ${LIMITS.npxMs} ms)`,
    `${ms.toFixed(0)} ms`,
  );
}

/** The folder of the installed package. */
function install(file: string): string {
  const home = join(work, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', file], {
    cwd: home,
    stdio: 'ignore',
  });
  const modules = join(home, 'node_modules');
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
    packages: Record<string, { deprecated?: string }>;
  };
  const mb = sizeMb(modules);
  const count = Object.keys(lock.packages).length;
  const old = Object.values(lock.packages).filter((one) => one.deprecated !== undefined).length;
  const limit = `at most ${LIMITS.installedMb} MB`;
  line(
    mb <= LIMITS.installedMb,
    `installed size (${limit})`,
    `${mb.toFixed(1)} MB, ${count} packages`,
  );
  line(old === 0, 'deprecated packages', String(old));
  return join(modules, 'palm-oil-tui');
}

function stopped(stdout: string): Record<string, unknown> | undefined {
  const found = stdout.split('\n').find((text) => text.includes('"stopped"'));
  return found === undefined ? undefined : (JSON.parse(found) as Record<string, unknown>);
}

/** The run of every Node must end with the same digest: the same program, the same decisions. */
function onEveryNode(installed: string): void {
  const program = join(installed, 'bin', 'palm-oil-tui.js');
  const digests = new Set<unknown>();
  const hosts: (readonly [string, readonly string[]])[] = [[process.execPath, []]];
  for (const version of OTHER_NODES) hosts.push(['npx', ['-y', '-p', `node@${version}`, 'node']]);
  for (const [command, args] of hosts) {
    const data = mkdtempSync(join(work, 'data-'));
    const options = { cwd: work, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    const named = spawnSync(command, [...args, '--version'], options).stdout.trim();
    const run = spawnSync(command, [...args, program, ...RUN, '--data-dir', data], options);
    const end = stopped(run.stdout);
    digests.add(end?.['stateDigest']);
    const figure = `${named}, ${String(end?.['trades'])} trades, exit ${run.status}`;
    line(run.status === 0 && end?.['reason'] === 'end', 'a simulated day without a screen', figure);
  }
  line(digests.size === 1 && !digests.has(undefined), 'the same digest on every Node', '');
}

/** Libraries that Node itself is linked to, and those that the journal's binary may want. */
function libraries(): readonly string[] {
  const listed = spawnSync('ldd', [process.execPath], { encoding: 'utf8' }).stdout;
  return [...listed.matchAll(/(\/\S+\.so\S*)/g)].map((found) => found[1] ?? '');
}

/** Linux, as root or with user namespaces: a root with nothing but Node and the package. */
function inEmptyRoot(installed: string): void {
  const root = join(work, 'root');
  const modules = dirname(installed);
  for (const name of ['app', 'data', 'dev', 'bin'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['null', 'urandom', 'zero']) writeFileSync(join(root, 'dev', name), '');
  cpSync(modules, join(root, 'app', 'node_modules'), { recursive: true, dereference: true });
  cpSync(process.execPath, join(root, 'bin', 'node'), { dereference: true });
  for (const library of libraries()) {
    mkdirSync(dirname(join(root, library)), { recursive: true });
    cpSync(library, join(root, library), { dereference: true });
  }
  const program = ['/bin/node', '/app/node_modules/palm-oil-tui/bin/palm-oil-tui.js'];
  const script = [
    'set -e',
    'root=$1; shift',
    'for one in null urandom zero; do mount --bind /dev/$one $root/dev/$one; done',
    'mount --bind $root $root',
    'for one in null urandom zero; do mount --bind /dev/$one $root/dev/$one; done',
    'mount --bind $root/data $root/data',
    'mount -o remount,bind,ro $root',
    'change=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)',
    'exec env -i HOME=/nowhere $change $root "$@"',
  ].join('\n');
  const inside = (args: readonly string[]) =>
    spawnSync('unshare', ['-m', '-r', 'sh', '-c', script, 'sh', root, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  const run = inside([...program, ...RUN, '--data-dir', '/data']);
  const end = stopped(run.stdout);
  const figure = `${String(end?.['trades'])} trades, exit ${run.status} ${run.stderr.trim()}`;
  line(
    run.status === 0 && end?.['reason'] === 'end',
    'empty root, read-only but for /data',
    figure,
  );
  const refused = inside([...program, ...RUN, '--data-dir', '/app/data']);
  line(
    refused.status === 12,
    'read-only data directory is a sentence and code 12',
    refused.stderr.trim(),
  );
}

try {
  const file = packedFile();
  const kilobytes = statSync(file).size / 1_024;
  line(
    kilobytes <= LIMITS.packageKb,
    `packed size (at most ${LIMITS.packageKb} KB)`,
    `${kilobytes.toFixed(0)} KB`,
  );
  coldNpx(file);
  const installed = install(file);
  onEveryNode(installed);
  if (process.platform === 'linux') inEmptyRoot(installed);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failures === 0 ? 'PASS all lines' : `FAIL ${failures} lines`);
process.exitCode = failures === 0 ? 0 : 1;
