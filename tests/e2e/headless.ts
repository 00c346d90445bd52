/** The built program without a screen: its lines as objects, its end, and ways to end it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { BIN, shellEnv } from './terminal-session.ts';

export interface Line {
  readonly message: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

export interface HeadlessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Headless {
  readonly lines: Line[] = [];
  readonly ended: Promise<HeadlessEnd>;
  stderr = '';
  readonly #child: ChildProcess;
  readonly #waiters = new Set<() => void>();
  #rest = '';
  #isOver = false;

  constructor(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [BIN, '--no-ui', ...args], {
      cwd: home,
      env: { ...shellEnv(home), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.#isOver = true;
        this.#look();
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first line that matches; fails when the program ends without it. */
  async line(what: string, matches: (line: Line) => boolean, limitMs = 150_000): Promise<Line> {
    const find = () => this.lines.find(matches);
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        act();
      };
      const fail = (why: string) =>
        finish(() => reject(new Error(`${why} while waiting for ${what}\n${this.#tail()}`)));
      const look = (): void => {
        const line = find();
        if (line !== undefined) finish(() => resolve(line));
        else if (this.#isOver) fail('the program ended');
      };
      const timer = setTimeout(() => fail(`${limitMs} ms passed`), limitMs);
      this.#waiters.add(look);
      look();
    });
  }

  #tail(): string {
    return [...this.lines.slice(-8).map((line) => JSON.stringify(line)), this.stderr].join('\n');
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.lines.push(JSON.parse(part) as Line);
    this.#look();
  }

  #look(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }
}
