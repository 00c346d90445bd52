/**
 * Other people's programs to measure against: clients of the same protocol and a backtester.
 * Installed into a temporary folder when asked for: nothing is kept, the program never depends on
 * one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const PEER = '@reiryoku/ctrader-layer';
/** Another family of clients: nothing shared with the first. */
export const ADAPTER = '@claasahl/spotware-adapter';
/** A backtester in the same language. */
export const BACKTESTER = 'grademark';
const VERSIONS = { [PEER]: '2.2.0', [ADAPTER]: '3.1.3', [BACKTESTER]: '0.3.0' } as const;
/** What one of them needs and does not name. */
const UNNAMED: Readonly<Record<string, readonly string[]>> = { [BACKTESTER]: ['chai@4.5.0'] };
const INSTALL_MS = 120_000;

/** The folder it was installed into and how to remove it, or one sentence why there is none. */
export type InstalledPeer =
  | { readonly folder: string; readonly remove: () => void }
  | { readonly folder: undefined; readonly reason: string };

export function installPeer(name: keyof typeof VERSIONS = PEER): InstalledPeer {
  const folder = mkdtempSync(join(tmpdir(), 'palm-oil-peer-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `${name}@${VERSIONS[name]}`,
    ...(UNNAMED[name] ?? []),
  ];
  const done = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', timeout: INSTALL_MS });
  if (done.status === 0) return { folder, remove };
  remove();
  const lines = `${done.stderr ?? ''}`.split('\n');
  const why = lines.find((line) => line.startsWith('npm error')) ?? 'npm did not answer in time';
  return { folder: undefined, reason: `${name} could not be installed: ${why}` };
}
