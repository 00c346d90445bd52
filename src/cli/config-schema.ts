/**
 * Every setting in one table: environment name, flag, kind, bounds, default, meaning.
 * Help, `config list`, docs/configuration.md and .env.example are generated from it. Deliberately
 * only data; precedence and cross-checks are in config-resolve.ts.
 */
import {
  address,
  choice,
  duration,
  flag,
  integer,
  path,
  seconds,
  secret,
  text,
} from './config-kinds.ts';
import { OPERATE } from './config-operate.ts';
import { may, need, type Setting } from './config-setting.ts';
import { RISK, SENTIMENT, STRATEGY } from './config-trading.ts';

const account = () => text(/^\d{1,19}$/, 'the digits of an account id');
const clientId = () => text(/^[A-Za-z0-9_-]{1,128}$/, 'letters, digits, _ and -');

const START = {
  environment: may({
    group: 'start',
    kind: choice('sim', 'demo', 'live'),
    env: 'CTRADER_ENVIRONMENT',
    flag: '--env <name>',
    fallbackText: '`demo` with credentials and a token, otherwise `sim`',
    about:
      'Which broker: the embedded simulator, the demo host or the live host. ' +
      'It says nothing about where orders go; that is the mode.',
  }),
  mode: need({
    group: 'start',
    kind: choice('dry-run', 'live'),
    flag: '--mode <name>',
    fallback: 'dry-run',
    about:
      'Where orders go: our paper exchange, or the broker. Only the command line can say live, ' +
      'and live still has to be armed in the run.',
  }),
  arm: may({
    group: 'start',
    kind: account(),
    flag: '--arm <account>',
    fallbackText: 'none',
    flagAbout: 'headless live run: arm it for this account as soon as its checklist is green',
    about:
      'Arms a headless live run for this account as soon as its whole checklist is green; ' +
      'otherwise the run ends within two minutes. Command line only, with --mode live --no-ui.',
  }),
  dryRun: need({
    group: 'start',
    kind: flag(),
    env: 'DRY_RUN',
    fallback: 'true',
    about: 'Kept for existing files. `false` alone does not send orders; `--mode live` does.',
  }),
  ui: need({
    group: 'start',
    kind: flag(),
    env: 'UI_ENABLED',
    flag: '--no-ui',
    fallback: 'true',
    flagAbout: 'headless: one JSON log line per event, no screen',
    about: 'The screen. Without it the engine runs headless and logs one JSON line per event.',
  }),
  cycleIntervalMs: need({
    group: 'start',
    kind: seconds(1, 3_600),
    env: 'CYCLE_INTERVAL_SECS',
    fallback: (environment) => (environment === 'sim' ? '5' : '60'),
    fallbackText: '60; 5 in `sim`',
    unit: 'seconds',
    about: 'Time between two status lines of a headless run.',
  }),
} as const;

const BROKER = {
  clientId: may({
    group: 'broker',
    kind: clientId(),
    env: 'CTRADER_CLIENT_ID',
    about: 'Client id of your Open API application, for the demo environment.',
  }),
  clientSecret: may({
    group: 'broker',
    kind: secret(),
    env: 'CTRADER_CLIENT_SECRET',
    about: 'Its secret.',
  }),
  accessToken: may({
    group: 'broker',
    kind: secret(),
    env: 'CTRADER_ACCESS_TOKEN',
    about: 'Access token for the demo environment.',
  }),
  accountId: may({
    group: 'broker',
    kind: account(),
    env: 'CTRADER_ACCOUNT_ID',
    flag: '--account <id>',
    about: 'The account to trade, as the Open API numbers it. Never chosen for you.',
  }),
  clientIdLive: may({
    group: 'broker',
    kind: clientId(),
    env: 'CTRADER_CLIENT_ID_LIVE',
    about: 'Client id for the live environment. The demo values are never used there.',
  }),
  clientSecretLive: may({
    group: 'broker',
    kind: secret(),
    env: 'CTRADER_CLIENT_SECRET_LIVE',
    about: 'Its secret.',
  }),
  accessTokenLive: may({
    group: 'broker',
    kind: secret(),
    env: 'CTRADER_ACCESS_TOKEN_LIVE',
    about: 'Access token for the live environment.',
  }),
  accountIdLive: may({
    group: 'broker',
    kind: account(),
    env: 'CTRADER_ACCOUNT_ID_LIVE',
    about: 'The account of the live environment; `--account` sets it too when `--env live`.',
  }),
  server: may({
    group: 'broker',
    kind: text(
      /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\]|([a-z0-9-]+\.)+(ctraderapi|ctrader)\.com)$/i,
      'a host of cTrader (*.ctraderapi.com, *.ctrader.com) or this machine (127.0.0.1)',
    ),
    env: 'CTRADER_SERVER',
    fallbackText: '`demo.ctraderapi.com` or `live.ctraderapi.com`',
    about: 'Another broker host, for example a separately started simulator on this machine.',
  }),
  port: need({
    group: 'broker',
    kind: integer(1, 65_535),
    env: 'CTRADER_PORT',
    fallback: '5035',
    about: 'Its port; the protocol is length-prefixed protobuf over TLS.',
  }),
  caFile: may({
    group: 'broker',
    kind: path(),
    env: 'CTRADER_CA_FILE',
    about: 'Extra certificate authority (PEM). Only with CTRADER_SERVER on this machine.',
  }),
  authUrl: may({
    group: 'broker',
    kind: address(),
    env: 'CTRADER_AUTH_URL',
    about: 'Authorization address. Only with CTRADER_SERVER on this machine.',
  }),
  tokenUrl: may({
    group: 'broker',
    kind: address(),
    env: 'CTRADER_TOKEN_URL',
    about: 'Token address. Only with CTRADER_SERVER on this machine.',
  }),
  redirectUri: need({
    group: 'broker',
    kind: address(),
    env: 'CTRADER_REDIRECT_URI',
    fallback: 'http://localhost:8899',
    about: 'Where the browser returns after the login, exactly as registered.',
  }),
  passphraseFd: may({
    group: 'broker',
    kind: integer(3, 1_023),
    env: 'TOKEN_PASSPHRASE_FD',
    about:
      'File descriptor from which the passphrase of the encrypted token file is read, for ' +
      'services; a systemd credential named palm-oil-passphrase comes first.',
  }),
} as const;

const REST = {
  speed: need({
    group: 'simulator',
    kind: integer(1, 100_000),
    env: 'SIM_SPEED',
    flag: '--speed <n>',
    fallback: '60',
    simOnly: true,
    about: 'How many times faster than real time the simulated clock runs.',
  }),
  seed: need({
    group: 'simulator',
    kind: integer(0, 4_294_967_295),
    env: 'SIM_SEED',
    flag: '--seed <n>',
    fallback: '1',
    simOnly: true,
    about: 'Seed of the synthetic market: the same seed gives the same market and journal.',
  }),
  replayFile: may({
    group: 'simulator',
    kind: path(),
    env: 'SIM_REPLAY_FILE',
    flag: '--replay <file>',
    simOnly: true,
    about: 'Recorded bars or ticks (.csv, .csv.gz) instead of the synthetic market.',
  }),
  simFaults: may({
    group: 'simulator',
    kind: path(),
    env: 'SIM_FAULTS',
    simOnly: true,
    about: 'Faults of the simulated link: rules, or a file with them (docs/login.md).',
  }),
  durationMs: may({
    group: 'simulator',
    kind: duration(3_660),
    flag: '--duration <time>',
    simOnly: true,
    about: 'Stop after that much simulated time, for example 6h or 2d.',
  }),
  hold: need({
    group: 'simulator',
    kind: flag(),
    flag: '--hold',
    fallback: 'false',
    simOnly: true,
    about: 'Keep the last picture on the screen after `--duration` instead of leaving.',
  }),
  theme: need({
    group: 'screen',
    kind: choice('dark', 'light', 'contrast', 'colour-blind', 'red-up'),
    env: 'UI_THEME',
    flag: '--theme <name>',
    fallback: 'dark',
    about: 'Palette of the screen; colour never carries meaning alone.',
  }),
  noColor: need({
    group: 'screen',
    kind: flag(),
    env: 'NO_COLOR',
    flag: '--no-color',
    fallback: 'false',
    about: 'No colour at all. In the environment any text that is not empty means yes.',
  }),
  ascii: need({
    group: 'screen',
    kind: flag(),
    env: 'UI_ASCII',
    flag: '--ascii',
    fallback: 'false',
    about: 'Only ASCII characters, for terminals and fonts without line drawing.',
  }),
  screenReader: need({
    group: 'screen',
    kind: flag(),
    env: 'UI_SCREEN_READER',
    flag: '--screen-reader',
    fallback: 'false',
    about: 'Plain lines instead of a picture: state, changes and questions, no cursor movement.',
  }),
  hangUp: need({
    group: 'screen',
    kind: choice('detach', 'stop'),
    env: 'UI_HANG_UP',
    flag: '--hang-up <what>',
    fallback: 'detach',
    about:
      'When the terminal is lost (SIGHUP), with a screen or without: `detach` lets the engine go ' +
      'on, to be attached again; `stop` ends it as SIGTERM does.',
  }),
  bell: need({
    group: 'screen',
    kind: flag(),
    env: 'UI_BELL',
    flag: '--no-bell',
    fallback: 'true',
    flagAbout: 'no terminal bell',
    about: 'Ring the terminal bell for new trouble: breaker, missing stop, unknown order, link.',
  }),
  renderer: need({
    group: 'screen',
    kind: choice('cells', 'ink'),
    env: 'UI_RENDERER',
    flag: '--renderer <name>',
    fallback: 'cells',
    about:
      'Who writes to the terminal: `cells` writes only what changed; `ink` is a slow fallback ' +
      'for terminals that show the other one wrongly (where `CI` is set it draws at its end only).',
  }),
  logLevel: need({
    group: 'screen',
    kind: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    env: 'LOG_LEVEL',
    flag: '--log-level <level>',
    fallback: 'info',
    about: 'The least important line that is written.',
  }),
  logFiles: need({
    group: 'files',
    kind: integer(0, 100),
    env: 'LOG_FILES',
    fallback: '5',
    about:
      'Log files that are kept in `log/` beside the one that is written; the oldest goes first. ' +
      '0: a run without a screen writes to standard output alone.',
  }),
  logFileMib: need({
    group: 'files',
    kind: integer(1, 1_024, 'MiB'),
    env: 'LOG_FILE_MIB',
    fallback: '16',
    unit: 'MiB',
    about: 'A log file that has grown to this size is moved aside.',
  }),
  dataDir: may({
    group: 'files',
    kind: path(),
    env: 'DATA_DIR',
    flag: '--data-dir <dir>',
    fallbackText: "the platform's data directory",
    about: 'Where state lives: one directory per environment, account and mode.',
  }),
  databasePath: may({
    group: 'files',
    kind: path(),
    env: 'PERSISTENCE_DB_PATH',
    fallbackText: '`journal.db` in the state directory',
    about: 'Another place for the journal. It belongs to one environment, account and mode.',
  }),
  tradesCsv: may({
    group: 'files',
    kind: path(),
    env: 'TRADES_CSV',
    fallbackText: 'none',
    about:
      'A file to which a line is appended when a trade opens and when it closes. What a former ' +
      'run of the same journal missed is added at the start.',
  }),
  metricsEnabled: need({
    group: 'metrics',
    kind: flag(),
    env: 'METRICS_ENABLED',
    fallback: 'false',
    about: 'Serve metrics and health over http. `--metrics-port` switches it on too.',
  }),
  metricsHost: need({
    group: 'metrics',
    kind: text(
      /^(localhost|\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]{2,45})$/i,
      'an IP address of this machine, or localhost',
    ),
    env: 'METRICS_HOST',
    fallback: '127.0.0.1',
    about: 'Address they are served on. Anything but loopback is visible to others.',
  }),
  metricsPort: need({
    group: 'metrics',
    kind: integer(1, 65_535),
    env: 'METRICS_PORT',
    flag: '--metrics-port <n>',
    fallback: '9090',
    flagAbout: 'serve metrics and health on this port',
    about: 'Their port.',
  }),
} as const;

export const SETTINGS = {
  ...START,
  ...BROKER,
  ...STRATEGY,
  ...RISK,
  ...SENTIMENT,
  ...REST,
  ...OPERATE,
};
export type SettingName = keyof typeof SETTINGS;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
/** The plain value of every row. */
export type SettingValues = { readonly [K in SettingName]: ValueOf<(typeof SETTINGS)[K]> };

/** Rows in table order, without their value types: for generators and loops. */
export const SETTING_ROWS = Object.entries(SETTINGS).map(([name, row]) => ({
  name: name as SettingName,
  row: row as Setting<unknown>,
}));
