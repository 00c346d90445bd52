/**
 * The screen of a run, in the engine's own process: terminal, clock and look from the settings.
 * Deliberately decides nothing: leaving and a lost terminal are told to the run.
 */
import type { EngineLink } from '../engine/index.ts';
import type { ScreenOptions } from '../ui/app.tsx';
import type { Config } from './config.ts';
import type { Io } from './io.ts';
import { operatorName } from './operator-name.ts';
import { VERSION } from './version.ts';

export interface RunScreenParts {
  readonly link: EngineLink;
  readonly clock: ScreenOptions['clock'];
  readonly onQuit: () => void;
  readonly onHangUp: () => void;
  readonly onGoLive: () => void;
}

/** Takes the terminal until `unmount`. */
export async function mountRunScreen(
  { theme, ascii, noColor, screenReader, bell, renderer, mode }: Config,
  { stdout, stdin, env }: Io,
  { clock, onGoLive, ...parts }: RunScreenParts,
): Promise<{ unmount(): void }> {
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
    ...(ascii ? { ascii } : {}),
    ...(noColor ? { colour: false } : {}),
  });
}
