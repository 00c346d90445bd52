/**
 * The walls of ARCHITECTURE.md section 2 as data: who may import whom, and who touches the world.
 * Deliberately only data; tests/tidy.test.ts reads it and explains each breach.
 */

export interface Wall {
  /** Folders whose files may be imported freely. */
  readonly folders: readonly string[];
  /** Folders that may be imported through their door `index.ts` only. */
  readonly doors: readonly string[];
  /** Single files or subfolders of other folders, and from which own subfolder. */
  readonly passages: readonly { readonly from: string; readonly to: string }[];
  readonly node: readonly string[] | 'any';
  readonly npm: readonly string[];
  /** Completes "… may not import …: ". */
  readonly why: string;
}

export const WALLS: Readonly<Record<string, Wall>> = {
  engine: {
    folders: ['engine'],
    doors: [],
    passages: [],
    node: [],
    npm: [],
    why: 'the rules of trading are pure and know nobody',
  },
  ctrader: {
    folders: ['ctrader'],
    doors: ['engine'],
    passages: [],
    node: ['tls', 'net', 'crypto', 'fs', 'http', 'util'],
    npm: ['protobufjs'],
    why: 'the wire does not know that an engine exists (A7)',
  },
  sim: {
    folders: ['engine', 'sim'],
    doors: [],
    passages: [{ from: 'sim/server/', to: 'ctrader/wire/' }],
    node: [],
    npm: ['csv-parse'],
    why: 'simulated worlds share frames with the client and no translation (A8)',
  },
  sentiment: {
    folders: ['sentiment'],
    doors: ['engine'],
    passages: [],
    node: [],
    npm: ['htmlparser2', 'css-select'],
    why: 'the news can move one bounded number and nothing else',
  },
  runtime: {
    folders: ['engine', 'runtime'],
    doors: [],
    passages: [],
    node: 'any',
    npm: ['@photostructure/sqlite', 'nodemailer', 'pino', 'prom-client'],
    why: 'the loop drives the engine and knows no broker, market or screen',
  },
  ui: {
    folders: ['ui'],
    doors: ['engine'],
    passages: [],
    node: ['events', 'stream'],
    npm: ['react', 'ink', 'asciichart'],
    why: 'the screen only knows snapshots and commands (A6)',
  },
  cli: {
    folders: ['engine', 'ctrader', 'sim', 'sentiment', 'runtime', 'ui', 'cli'],
    doors: [],
    passages: [],
    node: 'any',
    npm: ['commander', 'zod', '@napi-rs/keyring'],
    why: 'verbs and wiring',
  },
};

/** Extra node modules for single files or subfolders of a folder that otherwise has none. */
export const NODE_PASSAGES: readonly { readonly from: string; readonly modules: string[] }[] = [
  { from: 'sim/server/', modules: ['net', 'tls'] },
  { from: 'sim/sweep-threads.ts', modules: ['worker_threads'] },
  { from: 'sim/sweep-worker.ts', modules: ['worker_threads'] },
  // Leaving the alternate screen must be written synchronously, on every way out (F111).
  { from: 'ui/terminal.ts', modules: ['fs'] },
];

/** A touch of the outside world, how it is recognised in code, and the files that may (A13). */
export interface Seam {
  readonly name: string;
  readonly pattern: RegExp;
  readonly files: readonly string[];
}

/** Where the world is handed out: these files touch it to give it to others. */
const WIRING = ['cli/compose.ts', 'cli/commands/run.ts'];

export const SEAMS: readonly Seam[] = [
  {
    name: 'a clock or timer',
    pattern: /\b(setTimeout|setInterval|setImmediate|Date\.now|new Date\(\)|performance\.now)\b/,
    // The pacer lends real time to the simulated clock; the journal's thread times its own checks.
    files: [
      'runtime/loop.ts',
      'runtime/clock.ts',
      'runtime/pacer.ts',
      'runtime/process.ts',
      'runtime/journal-writer.ts',
      // It looks at the main thread from another one.
      'runtime/main-guard.ts',
      ...WIRING,
    ],
  },
  {
    name: 'randomness',
    pattern: /\b(Math\.random|randomBytes|randomUUID|getRandomValues)\b/,
    files: ['ctrader/oauth/', ...WIRING],
  },
  {
    name: 'TCP or TLS',
    pattern: /from 'node:(net|tls|dgram)'|'nodemailer/,
    files: [
      'ctrader/transport.ts',
      'ctrader/tls-probe.ts',
      'runtime/link-socket.ts',
      'runtime/alert-mail.ts',
      'sim/server/listener.ts',
      // The shape of an address only.
      'cli/simulator-pages.ts',
    ],
  },
  {
    name: 'HTTP',
    pattern: /from 'node:https?2?'|\bfetch\(/,
    files: [
      'ctrader/oauth/authorize.ts',
      'sentiment/providers.ts',
      'runtime/telemetry.ts',
      'runtime/alert-post.ts',
      'cli/simulator-pages.ts',
      'cli/login-place.ts',
      // One look at the clock of the login's host.
      'cli/doctor-network.ts',
      ...WIRING,
    ],
  },
  {
    name: 'files or the database',
    pattern: /from 'node:(fs|fs\/promises|sqlite)'|@photostructure\/sqlite/,
    files: [
      'runtime/journal.ts',
      'runtime/journal-writer.ts',
      'runtime/journal-witness.ts',
      'runtime/journal-reserve.ts',
      'runtime/journal-migration.ts',
      // One last sentence to standard error.
      'runtime/main-guard.ts',
      'runtime/sqlite.ts',
      'runtime/recovery.ts',
      'runtime/log.ts',
      'runtime/process.ts',
      'runtime/free-space.ts',
      'runtime/link-place.ts',
      'ctrader/oauth/secret-store.ts',
      'ui/terminal.ts',
      'cli/config.ts',
      'cli/config-file.ts',
      'cli/commands/support-bundle.ts',
      'cli/commands/backtest-input.ts',
      'cli/commands/bar-cache.ts',
      'cli/commands/handover.ts',
      'cli/commands/result-files.ts',
      'cli/commands/sweep-files.ts',
      'cli/history-file.ts',
      'cli/event-feed.ts',
      'cli/fault-script.ts',
      'cli/doctor-local.ts',
      'cli/full-world.ts',
      'cli/world-disk.ts',
      'cli/doctor-network.ts',
      'cli/journal-finder.ts',
      'cli/trades-csv.ts',
      'cli/live-sentiment.ts',
      'cli/run-place.ts',
      'cli/sim-market.ts',
      'cli/commands/simulator.ts',
      'cli/login-place.ts',
      ...WIRING,
    ],
  },
  {
    name: 'the process or its signals',
    pattern: /\bprocess\.(on|once|exit|exitCode|kill|env|stdout|stdin|stderr|argv|cwd)\b/,
    files: [
      'runtime/process.ts',
      'runtime/main-guard.ts',
      'ui/terminal.ts',
      'cli/config.ts',
      'cli/keychain-child.ts',
    ],
  },
  {
    name: 'another process or thread',
    pattern: /from 'node:(child_process|worker_threads|cluster)'/,
    files: [
      'runtime/journal.ts',
      'runtime/journal-writer.ts',
      'runtime/writer-thread.ts',
      'runtime/supervisor.ts',
      'sim/sweep-threads.ts',
      'sim/sweep-worker.ts',
      'cli/keychain.ts',
      'cli/browser.ts',
    ],
  },
];
