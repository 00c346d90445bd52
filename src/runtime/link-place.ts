/**
 * Where the control socket of a state directory is, and which running engines have one.
 * Deliberately opens no connection: it knows names, permissions and the files beside them.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';

/** The control socket cannot be offered; the sentence says why. The engine can go on without. */
export class LinkUnavailable extends Error {
  override readonly name = 'LinkUnavailable';
}

/** What decides about a name; in tests a plain object. */
export interface LinkPlatform {
  readonly os: string;
  /** Owner-only directory for short-lived files, e.g. `$XDG_RUNTIME_DIR`. */
  readonly runtimeDir: string | undefined;
}

export interface LinkPlace {
  readonly path: string;
  /** File beside the state that names the path, when that is elsewhere. */
  readonly pointer: string | undefined;
}

const SOCKET = 'engine.sock';
const POINTER = 'engine.sock.path';
/** `sun_path` holds 104 bytes on macOS, 108 on Linux, a final zero included; longer is cut. */
const PATH_BYTES_MAX = 103;

/** Without asking the password file: a container's user may have no line there. */
const ownUid = (): number => process.getuid?.() ?? -1;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Tells accounts apart without naming them. */
export const accountFingerprint = (environment: string, account: string): string =>
  hashOf(`${environment}:${account}`).slice(0, 12);

/**
 * The socket of a state directory: inside it, or under a short name in the runtime directory when
 * the path would not fit into a socket address. On Windows it is a named pipe.
 */
export function linkPlace(stateDir: string, platform: LinkPlatform): LinkPlace {
  const key = (): string => hashOf(stateDir).slice(0, 16);
  if (platform.os === 'win32') {
    return { path: `\\\\.\\pipe\\palm-oil-tui-${key()}`, pointer: undefined };
  }
  const path = join(stateDir, SOCKET);
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) return { path, pointer: undefined };
  const base = platform.runtimeDir ?? tmpdir();
  const short = join(base, `palm-oil-tui-${ownUid()}`, `${key()}.sock`);
  if (Buffer.byteLength(short) > PATH_BYTES_MAX) {
    throw new LinkUnavailable(
      `There is no short enough name for the control socket of ${stateDir}: use a shorter ` +
        '--data-dir, or set XDG_RUNTIME_DIR to a short directory.',
    );
  }
  return { path: short, pointer: join(stateDir, POINTER) };
}

/**
 * Makes room for listening: the directory is ours alone, a stale socket is removed, the pointer is
 * written. Only the holder of the instance lock may call it: a socket found here is then stale.
 */
export function clearPlace(place: LinkPlace, directory: string): void {
  if (place.path.startsWith('\\\\.\\pipe\\')) return;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const about = lstatSync(directory);
  const isOurs = about.isDirectory() && about.uid === ownUid();
  if (!isOurs) {
    throw new LinkUnavailable(
      `${directory} belongs to somebody else: remove it, or use another --data-dir (F122).`,
    );
  }
  if ((about.mode & 0o077) !== 0) chmodSync(directory, 0o700);
  const old = lstatSync(place.path, { throwIfNoEntry: false });
  if (old !== undefined && !old.isSocket()) {
    throw new LinkUnavailable(`${place.path} is not a socket: move it away, then start again.`);
  }
  rmSync(place.path, { force: true });
  if (place.pointer !== undefined) writeFileSync(place.pointer, place.path, { mode: 0o600 });
}

/** Owner only, at once after binding; the directory around it was closed before. */
export function closeToOthers(path: string): void {
  if (!path.startsWith('\\\\.\\pipe\\')) chmodSync(path, 0o600);
}

export function forgetPlace(place: LinkPlace): void {
  if (place.pointer !== undefined) rmSync(place.pointer, { force: true });
}

/** A state directory that may have a running engine, newest socket first. */
export interface LinkCandidate {
  /** `sim-7000007-dry-run`: environment, account, mode. */
  readonly name: string;
  readonly path: string;
}

export interface LinkWish {
  readonly environment: string | undefined;
  readonly account: string | undefined;
}

/** Every socket below the data directory, the newest first; whether one answers is not known. */
export function linkCandidates(
  dataDir: string,
  wish: LinkWish,
  platform: LinkPlatform,
): readonly LinkCandidate[] {
  let names: readonly string[];
  try {
    names = readdirSync(dataDir);
  } catch {
    return [];
  }
  return names
    .filter((name) => fits(name, wish))
    .flatMap((name) => candidateIn(join(dataDir, name), platform))
    .sort((a, b) => b.born - a.born || (a.name < b.name ? -1 : 1));
}

function fits(name: string, { environment, account }: LinkWish): boolean {
  const parts = /^(sim|demo|live)-(.+?)-(dry-run|live|backtest)$/.exec(name);
  if (parts === null) return false;
  const isThere = environment === undefined || parts[1] === environment;
  return isThere && (account === undefined || parts[2] === account);
}

function candidateIn(
  stateDir: string,
  platform: LinkPlatform,
): readonly (LinkCandidate & { readonly born: number })[] {
  const name = basename(stateDir);
  if (platform.os === 'win32') {
    return [{ name, path: linkPlace(stateDir, platform).path, born: 0 }];
  }
  for (const path of [join(stateDir, SOCKET), pointed(join(stateDir, POINTER))]) {
    if (path === undefined) continue;
    const about = aboutSocket(path);
    if (about === 'closed') return [{ name, path, born: 0 }];
    if (about?.isSocket()) return [{ name, path, born: about.mtimeMs }];
  }
  return [];
}

/** `closed` when its directory is somebody else's: connecting then says so. */
function aboutSocket(path: string): Stats | 'closed' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return 'closed';
  }
}

function pointed(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
