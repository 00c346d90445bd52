/**
 * A program in a real pseudo-terminal, read back through a screen model.
 * Deliberately waits for what is on the screen, never for time; every wait has a limit and says
 * what the screen looked like when it ran out.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { cellsOf } from '../support/cells.ts';
import type { SvgCell } from '../support/svg.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'bin', 'palm-oil-tui.js');

/** Installs and builds what is missing; a few milliseconds when nothing is. */
export function ensureBuilt(): void {
  const result = spawnSync(process.execPath, [join(ROOT, 'scripts', 'ready.mjs')], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`the program cannot be built: ${result.stderr}`);
}

/** A directory of its own for state and configuration; the caller removes it. */
export function freshHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'palm-oil-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment of a plain shell: nothing of the test runner or of continuous integration. */
export function shellEnv(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a verb of the built program to its end. */
export function runVerb(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  return new Promise((resolve) => {
    const options = { cwd: home, env: { ...shellEnv(home), ...env } };
    const child = execFile(process.execPath, [BIN, ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

export interface SessionOptions {
  /** Arguments of the program. */
  readonly args: readonly string[];
  readonly cols: number;
  readonly rows: number;
  /** Directory for HOME, state and configuration. */
  readonly home: string;
  /** Working directory; HOME unless named. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another command instead of the built program, e.g. `['npm', 'start', '--']`. */
  readonly command?: readonly string[];
}

export interface Ending {
  readonly code: number;
  readonly signal: number | undefined;
}

/** What is left switched on in the terminal; all of it must be off when a program has ended. */
export interface Modes {
  readonly alternateScreen: boolean;
  readonly cursorHidden: boolean;
  readonly mouse: boolean;
  readonly bracketedPaste: boolean;
}

interface Waiter {
  readonly holds: () => boolean;
  readonly done: () => void;
}

export class TerminalSession {
  readonly #pty: IPty;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #privateModes = new Map<number, boolean>();
  readonly #waiters = new Set<Waiter>();
  readonly #ended: Promise<Ending>;
  #ending: Ending | undefined;
  #bytes = 0;

  constructor(options: SessionOptions) {
    const { cols, rows, home } = options;
    const [command = process.execPath, ...first] = options.command ?? [process.execPath, BIN];
    this.#terminal = new xterm.Terminal({ cols, rows, scrollback: 1_000, allowProposedApi: true });
    this.#followModes();
    this.#pty = spawn(command, [...first, ...options.args], {
      name: options.env?.['TERM'] ?? 'xterm-256color',
      cols,
      rows,
      cwd: options.cwd ?? home,
      env: { ...shellEnv(home), ...options.env },
    });
    this.#terminal.onData((answer) => this.#pty.write(answer));
    this.#pty.onData((data) => {
      this.#bytes += Buffer.byteLength(data);
      this.#terminal.write(data, () => this.#look());
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        // What was printed last is still being parsed.
        this.#terminal.write('', () => {
          this.#ending = { code: exitCode, signal: signal === 0 ? undefined : signal };
          resolve(this.#ending);
          this.#look();
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Bytes the program has written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The visible rows, right-trimmed. */
  lines(): string[] {
    const buffer = this.#terminal.buffer.active;
    return Array.from({ length: this.#terminal.rows }, (_, row) =>
      (buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  screen(): string {
    return this.lines().join('\n');
  }

  /** Every visible cell with its colours, for a picture. */
  cells(): readonly (readonly SvgCell[])[] {
    return cellsOf(this.#terminal);
  }

  modes(): Modes {
    const isOn = (...modes: number[]) => modes.some((mode) => this.#privateModes.get(mode));
    return {
      alternateScreen: this.#terminal.buffer.active.type === 'alternate',
      cursorHidden: this.#privateModes.get(25) === false,
      mouse: isOn(1000, 1002, 1003),
      bracketedPaste: isOn(2004),
    };
  }

  /** Types keys as a person would; `\r` is Enter, `\u0003` is Ctrl-C. */
  keys(text: string): void {
    this.#pty.write(text);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** The far side stops reading, as a stalled link does. */
  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  /** The terminal goes away under the program: its window was closed, or the link broke. */
  hangUp(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  /** Calls back with everything the program writes, as it arrives. */
  onBytes(listener: (text: string) => void): void {
    this.#pty.onData(listener);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** Resolves when the screen shows the text; fails with the screen after the limit. */
  waitFor(text: string | RegExp, limitMs = 150_000): Promise<void> {
    const shows = (screen: string) =>
      typeof text === 'string' ? screen.includes(text) : text.test(screen);
    return this.waitUntil(() => shows(this.screen()), `the screen to show ${text}`, limitMs);
  }

  /** Resolves when the condition holds after some output; `what` completes "waited for …". */
  waitUntil(holds: () => boolean, what: string, limitMs = 150_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        holds,
        done: () => {
          clearTimeout(limit);
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const limit = setTimeout(() => {
        this.#waiters.delete(waiter);
        const end = this.#ending === undefined ? 'still running' : `exit ${this.#ending.code}`;
        reject(new Error(`waited ${limitMs} ms for ${what} (${end}):\n${this.screen()}`));
      }, limitMs);
      this.#waiters.add(waiter);
      this.#look();
    });
  }

  /** Resolves with how the program ended, everything it wrote being on the screen. */
  async ended(limitMs = 150_000): Promise<Ending> {
    await this.waitUntil(() => this.#ending !== undefined, 'the program to end', limitMs);
    return this.#ended;
  }

  /** Ends the program whatever it does; for `afterEach`. */
  async close(): Promise<void> {
    if (this.#ending === undefined) {
      // The whole group: behind `npm start` the program would only hear a hang-up, and go on.
      try {
        process.kill(-this.#pty.pid, 'SIGKILL');
      } catch {
        // Gone already; only its end was not read yet.
      }
      await this.ended();
    }
    this.#terminal.dispose();
  }

  #look(): void {
    for (const waiter of [...this.#waiters]) if (waiter.holds()) waiter.done();
  }

  /** The screen model does not tell every mode, so the switches are followed on their way in. */
  #followModes(): void {
    for (const final of ['h', 'l']) {
      this.#terminal.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
        for (const mode of params.flat()) this.#privateModes.set(mode, final === 'h');
        return false;
      });
    }
  }
}
