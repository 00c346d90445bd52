/**
 * What a screen is given by whoever mounts it, whether it draws or reads aloud.
 * Deliberately only types, and the way from them to the first state.
 */
import type { EngineLink } from '../engine/index.ts';
import type { LoginDesk } from './login.ts';
import type { Env, ThemeName } from './look.ts';
import type { PlaybackDesk } from './playback.ts';
import { canCopy } from './signals.ts';
import type { TerminalInput, TerminalOutput, TerminalProcess } from './terminal.ts';
import { initialUi, type UiState } from './ui-state.ts';

export interface ScreenClock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls back regularly until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
}

export interface ScreenOptions {
  readonly link: EngineLink;
  readonly stdout: TerminalOutput & { readonly fd?: number };
  readonly stdin: TerminalInput;
  readonly process: TerminalProcess;
  readonly env: Env;
  readonly version: string;
  readonly clock: ScreenClock;
  /** The person asked to leave; the screen is still mounted, the caller unmounts it. */
  readonly onQuit: () => void;
  /** The person wants the same engine in live mode; absent where that cannot be done. */
  readonly onGoLive?: (() => void) | undefined;
  /** Logs a person in again while the engine goes on; absent where no login is stored. */
  readonly login?: LoginDesk | undefined;
  /** Plays the recording that is shown; absent where the screen shows an engine. */
  readonly playback?: PlaybackDesk;
  /** Ask for the account number by itself when a live run is not armed. */
  readonly asksArming?: boolean;
  /** Input or output of the terminal is gone. */
  readonly onHangUp?: () => void;
  /** Operating-system user, for the audit. */
  readonly operator: string;
  readonly role: 'operator' | 'observer';
  /** The engine is another process: leaving only detaches. */
  readonly detaches?: boolean;
  /** Unique among the screens of this engine; command ids begin with it. */
  readonly commandPrefix: string;
  readonly theme?: ThemeName;
  readonly ascii?: boolean;
  readonly colour?: boolean;
  /** False keeps quiet about new trouble; the words are on the screen either way. */
  readonly bell?: boolean;
  /** Plain lines for a screen reader instead of a picture. */
  readonly reads?: boolean;
  /** `ink` lets Ink write by itself, for terminals on which the cell writer misbehaves. */
  readonly renderer?: 'cells' | 'ink';
  /** Ctrl-Z may stop this process: only where no engine lives in it. */
  readonly suspendable?: boolean;
}

export interface MountedScreen {
  unmount(): void;
}

/** The state before the first key and the first snapshot. */
export function startOf(options: ScreenOptions, columns: number, rows: number): UiState {
  return initialUi({
    columns,
    rows,
    theme: options.theme ?? 'dark',
    commandPrefix: options.commandPrefix,
    role: options.role,
    detaches: options.detaches === true,
    operator: options.operator,
    now: options.clock.now(),
    canCopy: canCopy(options.env),
    canGoLive: options.onGoLive !== undefined,
    canLogin: options.login !== undefined,
    asksArming: options.asksArming ?? false,
    playback: options.playback?.now(),
  });
}
