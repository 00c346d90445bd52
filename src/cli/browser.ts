/**
 * Opens an address in the browser of the desktop, never through a shell (F97).
 * Deliberately silent about success: whether a window appeared, only the person knows.
 */
import { spawn } from 'node:child_process';

type Env = Readonly<Record<string, string | undefined>>;

/** The program and its arguments; undefined where no desktop can be seen. */
export function browserCommand(
  platform: string,
  env: Env,
  address: string,
): readonly [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  const hasDesktop = (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== '';
  return hasDesktop ? ['xdg-open', address] : undefined;
}

/** True when a program was started; secrets have left `env` before (F99). */
export function openBrowser(platform: string, env: Env, address: string): Promise<boolean> {
  const command = browserCommand(platform, env, address);
  if (command === undefined) return Promise.resolve(false);
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...env }, stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
