// Makes a clone runnable by itself: installs when the lock file is not what node_modules holds,
// builds when dist/ is older than its sources. Plain Node, because nothing may be installed yet.
// Deliberately silent and fast when there is nothing to do, and never prints on standard output.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INSTALLED = join(ROOT, 'node_modules', '.palm-oil-tui.json');
const STAMP = join(ROOT, 'dist', 'build.json');
const LOCK = join(ROOT, 'build', 'ready.lock');
const LOCK_WAIT_MS = 600_000;

const say = (text) => process.stderr.write(`palm-oil-tui: ${text}\n`);

/**
 * Installs and builds what is missing; `force` builds in any case, `clean` from an empty dist/.
 * Exits 70 with a sentence.
 */
export async function ready({ force = false, clean = false, bundle = true } = {}) {
  if (isInstalled() && (!bundle || (!force && isBuilt()))) return;
  const release = lock();
  try {
    if (!isInstalled()) install();
    if (bundle && (force || !isBuilt())) await rebuild({ report: force, clean });
  } finally {
    release();
  }
}

function json(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function stat(path) {
  return statSync(path, { throwIfNoEntry: false });
}

/** True when node_modules was made from this very lock file. */
function isInstalled() {
  const { mtimeMs, size } = statSync(join(ROOT, 'package-lock.json'));
  const noted = json(INSTALLED);
  if (noted?.mtimeMs === mtimeMs && noted.size === size) return true;
  // Installed by hand, or the lock file was only touched: compare package by package.
  if (!holdsTheLock()) return false;
  noteInstalled();
  return true;
}

function noteInstalled() {
  const { mtimeMs, size } = statSync(join(ROOT, 'package-lock.json'));
  writeFileSync(INSTALLED, JSON.stringify({ mtimeMs, size }));
}

function holdsTheLock() {
  const wanted = json(join(ROOT, 'package-lock.json'))?.packages ?? {};
  const held = json(join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
  if (held === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const have = held[path];
    // Packages for other platforms are optional and rightly absent.
    if (have === undefined) return entry.optional === true;
    return have.version === entry.version && stat(join(ROOT, path)) !== undefined;
  });
}

/** No dependency needs its install script, so none is run: the same result everywhere. */
function install() {
  say('installing dependencies (once; about half a minute) …');
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm([...args, ...quiet]);
  if (result.status === 0) {
    noteInstalled();
    return;
  }
  say('npm ci failed, see above. Check the network, then start again; nothing else was changed.');
  process.exit(70);
}

function npm(args) {
  const own = process.env['npm_execpath'];
  const viaNode = own !== undefined && /\.[cm]?js$/.test(own);
  const command = viaNode ? process.execPath : process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const shell = !viaNode && process.platform === 'win32';
  return spawnSync(command, viaNode ? [own, ...args] : args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell,
  });
}

/** True when no file that the bundle was made from has changed since. */
function isBuilt() {
  const files = json(STAMP)?.files;
  if (!Array.isArray(files) || stat(join(ROOT, 'dist', 'main.js')) === undefined) return false;
  return files.every(([name, mtimeMs, size]) => {
    const now = stat(join(ROOT, name));
    return now !== undefined && now.mtimeMs === mtimeMs && now.size === size;
  });
}

async function rebuild(options) {
  if (!options.report) say('building …');
  const { build } = await import('./build.mjs');
  try {
    await build(options);
  } catch (error) {
    say(`the build failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(70);
  }
}

/** Two starts at the same time must not install into each other. */
function lock() {
  const deadline = Date.now() + LOCK_WAIT_MS;
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return () => rmSync(LOCK, { force: true });
    } catch (error) {
      if (error?.code !== 'EEXIST') throw error;
      if (!isHeld() || Date.now() > deadline) rmSync(LOCK, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

/** A process that was killed while holding the lock holds nothing. */
function isHeld() {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0) return stat(LOCK) !== undefined;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error?.code === 'EPERM';
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ready({
    force: process.argv.includes('--force'),
    clean: process.argv.includes('--clean'),
    bundle: !process.argv.includes('--install-only'),
  });
}
