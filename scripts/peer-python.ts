/**
 * A backtester in Python to measure against, in a Python of its own made for the occasion, or in
 * the one that PEER_PYTHON names, whose packages are there already.
 * Nothing is kept and nothing installed elsewhere; a machine without the packages hears why.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** With what it computes and draws on; what those need in turn does no work in a backtest. */
const PACKAGES = ['backtesting==0.6.6', 'numpy==2.2.6', 'pandas==2.2.3', 'bokeh==3.6.3'];
/** Compiling numpy for an hour is no measurement. */
const PIP = [
  ...['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-cache-dir'],
  ...['--prefer-binary', '--only-binary', 'numpy,pandas', '--retries', '1', '--timeout', '20'],
];
const MAKE_MS = 60_000;
const INSTALL_MS = 240_000;
const IMPORT_MS = 60_000;

/** The Python to run it with and how to remove it, or why there is none. */
export type InstalledPython =
  | { readonly python: string; readonly remove: () => void }
  | { readonly python: undefined; readonly reason: string };

export function installPython(named = process.env['PEER_PYTHON']): InstalledPython {
  if (named !== undefined && named !== '') {
    const reason = failure(named, ['-c', 'import backtesting'], IMPORT_MS);
    if (reason !== undefined)
      return { python: undefined, reason: `not run with ${named}: ${reason}` };
    return { python: named, remove: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'palm-oil-python-'));
  const python = join(folder, 'bin', 'python');
  const reason =
    failure('python3', ['-m', 'venv', folder], MAKE_MS) ??
    failure(python, [...PIP, ...PACKAGES], INSTALL_MS) ??
    failure(python, ['-c', 'import backtesting'], IMPORT_MS);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (reason === undefined) return { python, remove };
  remove();
  return { python: undefined, reason: `could not be installed: ${reason}` };
}

/** Its last line says it, except that pip calls a package missing when it could ask nobody. */
function failure(program: string, args: readonly string[], timeout: number): string | undefined {
  const done = spawnSync(program, args, { encoding: 'utf8', timeout });
  if (done.status === 0) return undefined;
  if (done.error !== undefined) return done.error.message;
  if (done.stderr.includes('NewConnectionError')) return 'no package index could be reached';
  const lines = `${done.stdout}\n${done.stderr}`.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').at(-1) ?? `${program} ended without a word`;
}
