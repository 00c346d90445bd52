/**
 * The screen of a run, in the engine's own process: terminal, clock and look from the settings.
 * Deliberately decides nothing: leaving and a lost terminal are told to the run.
 */
import type { Tokens } from '../ctrader/oauth/tokens.ts';
import type { EngineLink } from '../engine/index.ts';
import { systemClock } from '../runtime/loop.ts';
import type { ScreenOptions } from '../ui/app.tsx';
import { openBrowser } from './browser.ts';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { createLoginDesk } from './login-desk.ts';
import { operatorName } from './operator-name.ts';
import { VERSION } from './version.ts';

export interface RunScreenParts {
  readonly link: EngineLink;
  readonly clock: ScreenOptions['clock'];
  readonly onQuit: () => void;
  readonly onHangUp: () => void;
  readonly onGoLive: () => void;
  /** The stored login of the run; absent where the token comes from outside. */
  readonly tokens: Tokens | undefined;
}

/** Takes the terminal until `unmount`. */
export async function mountRunScreen(
  config: Config,
  { stdout, stdin, env }: Io,
  { clock, onGoLive, tokens, ...parts }: RunScreenParts,
): Promise<{ unmount(): void }> {
  const { theme, ascii, noColor, screenReader, bell, renderer, mode } = config;
  const login = tokens && !screenReader ? loginDesk(config, tokens, env) : undefined;
  const { mountScreen } = await import('../ui/app.tsx');
  return mountScreen({
    ...parts,
    stdout: stdout as unknown as ScreenOptions['stdout'],
    stdin: stdin as NodeJS.ReadStream,
    process,
    env,
    version: VERSION,
    clock,
    operator: operatorName(),
    role: 'operator',
    ...(mode === 'live' ? { asksArming: true } : { onGoLive }),
    commandPrefix: `k${process.pid}-${Math.floor(clock.now())}-`,
    theme,
    bell,
    renderer,
    reads: screenReader,
    login,
    ...(ascii ? { ascii } : {}),
    ...(noColor ? { colour: false } : {}),
  });
}

const loginDesk = (config: Config, tokens: Tokens, env: Io['env']) =>
  createLoginDesk({
    config,
    tokens,
    clock: systemClock(),
    browse: (address) => openBrowser(process.platform, env, address),
  });
