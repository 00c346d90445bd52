// Starts a screen of its own process (screen-child.ts) in a pseudo-terminal and reads its report.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { freshHome, ROOT, TerminalSession } from '../e2e/terminal-session.ts';
import type { ScreenReport, ScreenScript } from './screen-child.ts';

const CHILD = fileURLToPath(new URL('screen-child.ts', import.meta.url));
let bundle: string | undefined;

/** The child as the product is built, under a name of this process: others may run beside it. */
function built(): string {
  if (bundle !== undefined) return bundle;
  const outfile = join(ROOT, 'build', `screen-child-${process.pid}.mjs`);
  buildSync({
    entryPoints: [CHILD],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    jsx: 'automatic',
    logLevel: 'error',
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  bundle = outfile;
  return outfile;
}

export interface ScriptedOptions extends Partial<Omit<ScreenScript, 'report'>> {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class ScriptedScreen {
  readonly session: TerminalSession;
  readonly #home = freshHome();
  readonly #report: string;

  constructor({ cols = 120, rows = 40, env = {}, ...rest }: ScriptedOptions = {}) {
    this.#report = join(this.#home.path, 'report.json');
    const script: ScreenScript = {
      quotesPerSecond: 20,
      renderer: 'cells',
      warmUpMs: 0,
      windowMs: 600_000,
      ...rest,
      report: this.#report,
    };
    this.session = new TerminalSession({
      command: [process.execPath, '--expose-gc', built()],
      args: [],
      cols,
      rows,
      home: this.#home.path,
      cwd: ROOT,
      env: {
        NODE_ENV: 'production',
        SCREEN_SCRIPT: JSON.stringify(script),
        ...env,
      },
    });
  }

  /** The last report; undefined before the first. */
  report(): ScreenReport | undefined {
    try {
      return JSON.parse(readFileSync(this.#report, 'utf8')) as ScreenReport;
    } catch {
      // Not written yet, or being written just now.
      return undefined;
    }
  }

  /** Resolves when the report says so; it does not depend on the terminal being read. */
  async until(holds: (report: ScreenReport) => boolean, what: string, limitMs = 30_000) {
    for (let waited = 0; waited < limitMs; waited += 50) {
      const report = this.report();
      if (report !== undefined && holds(report)) return report;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`waited ${limitMs} ms for ${what}: ${JSON.stringify(this.report())}`);
  }

  async close(): Promise<void> {
    this.session.resume();
    await this.session.close();
    this.#home.remove();
  }
}
