/**
 * Where configuration and state live on each platform, as pure arithmetic on names.
 * Deliberately creates and reads nothing.
 */
import { posix, win32 } from 'node:path';

export interface Platform {
  readonly os: string;
  readonly home: string;
  readonly cwd: string;
}

type Env = Readonly<Record<string, string | undefined>>;
const NAME = 'palm-oil-tui';

const joiner = (platform: Platform) => (platform.os === 'win32' ? win32 : posix);

/** A directory from the environment counts only when absolute, as the XDG specification asks. */
function base(
  platform: Platform,
  fromEnv: string | undefined,
  fallback: readonly string[],
): string {
  const path = joiner(platform);
  if (fromEnv !== undefined && path.isAbsolute(fromEnv)) return fromEnv;
  return path.join(platform.home, ...fallback);
}

/** The user's configuration file unless `--config` names another. */
export function defaultConfigFile(platform: Platform, env: Env): string {
  const path = joiner(platform);
  const mac = ['Library', 'Application Support'];
  const directory =
    platform.os === 'win32'
      ? base(platform, env['APPDATA'], ['AppData', 'Roaming'])
      : platform.os === 'darwin'
        ? base(platform, env['XDG_CONFIG_HOME'], mac)
        : base(platform, env['XDG_CONFIG_HOME'], ['.config']);
  return path.join(directory, NAME, 'config.json');
}

/** The directory of all state unless `--data-dir` names another. */
export function defaultDataDir(platform: Platform, env: Env): string {
  const mac = ['Library', 'Application Support'];
  const directory =
    platform.os === 'win32'
      ? base(platform, env['LOCALAPPDATA'], ['AppData', 'Local'])
      : platform.os === 'darwin'
        ? base(platform, env['XDG_DATA_HOME'], mac)
        : base(platform, env['XDG_DATA_HOME'], ['.local', 'share']);
  return joiner(platform).join(directory, NAME);
}

/** A name a person wrote, made absolute; `~` is the home directory as in a shell. */
export function absolute(platform: Platform, name: string): string {
  const path = joiner(platform);
  if (name === '~' || name.startsWith('~/')) return path.join(platform.home, name.slice(1));
  return path.resolve(platform.cwd, name);
}

/** `demo-1234567-dry-run`: environments, accounts and modes never share a row. */
export function stateDirName(environment: string, account: string, mode: string): string {
  return `${environment}-${account}-${mode}`;
}

export function joinPath(platform: Platform, ...parts: readonly string[]): string {
  return joiner(platform).join(...parts);
}
