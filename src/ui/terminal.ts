/**
 * The terminal itself: modes entered and left on every exit path, key bytes, size, non-blocking
 * output.
 * Deliberately the only file of the screen that touches streams, signals and descriptors (A13).
 */
import { writeSync } from 'node:fs';
import { type KeyInput, KeyReader } from './keys.ts';

/** Alternate screen, no autowrap, no cursor, pastes in brackets, empty screen. */
export const ENTER = '\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?2004h\x1b[2J\x1b[H';
/** The reverse; harmless when sent twice, so every exit path may send it. */
export const LEAVE = '\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';

/** For lines alone: pastes in brackets, nothing that moves or hides. */
export const ENTER_LINES = '\x1b[?2004h';
export const LEAVE_LINES = '\x1b[?2004l';

export interface TerminalOutput {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string, written: () => void): unknown;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

export interface TerminalInput {
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: string, listener: (chunk: Uint8Array) => void): unknown;
  off(event: string, listener: (chunk: Uint8Array) => void): unknown;
}

/** The part of `process` the guard hangs on. */
export interface TerminalProcess {
  readonly pid: number;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  listenerCount(event: string): number;
  kill(pid: number, signal: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: TerminalOutput;
  readonly stdin: TerminalInput;
  readonly process: TerminalProcess;
  /** Calls back regularly until cancelled; used once per lone Esc. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Writes at once, even while the stream is full. */
  readonly writeNow: (text: string) => void;
  /** Only lines are written: no alternate screen, the cursor stays where it is. */
  readonly lines?: boolean;
}

export interface TerminalEvents {
  input(input: KeyInput): void;
  resized(): void;
  /** The process was suspended and goes on: what is on the screen is unknown. */
  resumed(): void;
  /** Input ended or failed: nobody is there any more (F112). */
  hungUp(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** A lone Esc is one when nothing follows for so long; slow links split sequences. */
const ESC_HOLD_MS = 40;
const RETRIES = 50;

/** Writes to the descriptor itself; a full pipe is retried a little, a dead one given up. */
export function writeToDescriptor(descriptor: number, text: string): void {
  for (let attempt = 0; attempt < RETRIES; attempt += 1) {
    try {
      writeSync(descriptor, text);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') return;
    }
  }
}

/**
 * TTY writes of Node block the whole process while the far side does not read (21.9 s measured).
 * `_handle` is private, so its absence is no error: the writer then just waits like everybody.
 */
export function setBlocking(stdout: object, blocking: boolean): void {
  const handle = (stdout as { _handle?: { setBlocking?: (blocking: boolean) => void } })._handle;
  handle?.setBlocking?.(blocking);
}

export class Terminal {
  readonly #options: TerminalOptions;
  readonly #reader = new KeyReader();
  readonly #signals: (readonly [string, () => void])[] = [];
  #events: TerminalEvents | undefined;
  #entered = false;
  #stopHold: (() => void) | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  get #enterBytes(): string {
    return this.#options.lines === true ? ENTER_LINES : ENTER;
  }

  get #leaveBytes(): string {
    return this.#options.lines === true ? LEAVE_LINES : LEAVE;
  }

  get columns(): number {
    return this.#options.stdout.columns ?? 80;
  }

  get rows(): number {
    return this.#options.stdout.rows ?? 24;
  }

  /** Registers every way out first, then changes modes (F111). Twice is harmless. */
  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    const { process, stdin, stdout } = this.#options;
    this.#on('exit', this.leave);
    // The monitor sees every uncaught throw and rejection without changing what happens then.
    this.#on('uncaughtExceptionMonitor', this.leave);
    for (const signal of SIGNALS) this.#on(signal, () => this.#signalled(signal));
    this.#on('SIGTSTP', () => this.#stop(process.pid));
    this.#on('SIGCONT', () => {
      setBlocking(stdout, false);
      stdin.setRawMode?.(true);
      this.#options.writeNow(this.#enterBytes);
      this.#events?.resumed();
    });
    for (const [event, listener] of this.#signals) process.on(event, listener);
    setBlocking(stdout, false);
    stdin.setRawMode?.(true);
    this.#options.writeNow(this.#enterBytes);
  }

  /** Starts reading keys and watching the size. */
  listen(events: TerminalEvents): void {
    this.#events = events;
    const { stdin, stdout } = this.#options;
    stdin.on('data', this.#data);
    stdin.on('end', this.#hungUp);
    stdin.on('error', this.#hungUp);
    stdout.on('error', this.#hungUp);
    stdout.on('resize', this.#resized);
    stdin.resume();
  }

  /**
   * Restores the terminal synchronously; idempotent, safe in an exit handler and after a hang-up.
   */
  readonly leave = (): void => {
    if (!this.#entered) return;
    this.#entered = false;
    const { process, stdin, stdout } = this.#options;
    this.#stopHold?.();
    stdin.off('data', this.#data);
    stdin.off('end', this.#hungUp);
    stdout.off('resize', this.#resized);
    try {
      stdin.setRawMode?.(false);
    } catch {
      // The terminal is gone: there is nothing left to restore.
    }
    stdin.pause();
    setBlocking(stdout, true);
    this.#options.writeNow(this.#leaveBytes);
    for (const [event, listener] of this.#signals) process.off(event, listener);
    this.#signals.length = 0;
  };

  /** Gives the terminal back to the shell until `fg`, with everything started beside us (npm). */
  suspend(): void {
    this.#stop(0);
  }

  /** In raw mode Ctrl-Z is a byte, and a stop asked from outside would leave the modes behind. */
  #stop(pid: number): void {
    const { process, stdin, stdout } = this.#options;
    stdin.setRawMode?.(false);
    setBlocking(stdout, true);
    this.#options.writeNow(this.#leaveBytes);
    process.kill(pid, 'SIGSTOP');
  }

  #on(event: string, listener: () => void): void {
    this.#signals.push([event, listener]);
  }

  /**
   * Alone, we leave and let the signal do what it always does. Else its other listener decides, and
   * takes leave of us in its time: pictures of an engine that is stopping belong on our own screen,
   * not on the shell's. A terminal that is lost is left at once.
   */
  #signalled(signal: string): void {
    const { process } = this.#options;
    const alone = process.listenerCount(signal) === 1;
    if (alone || signal === 'SIGHUP') this.leave();
    if (alone) process.kill(process.pid, signal);
  }

  readonly #data = (chunk: Uint8Array): void => {
    this.#stopHold?.();
    this.#stopHold = undefined;
    this.#deliver(this.#reader.feed(chunk));
    if (!this.#reader.waiting) return;
    this.#stopHold = this.#options.every(ESC_HOLD_MS, () => {
      this.#stopHold?.();
      this.#stopHold = undefined;
      this.#deliver(this.#reader.flush());
    });
  };

  #deliver(inputs: readonly KeyInput[]): void {
    for (const input of inputs) this.#events?.input(input);
  }

  readonly #resized = (): void => this.#events?.resized();
  readonly #hungUp = (): void => this.#events?.hungUp();
}
