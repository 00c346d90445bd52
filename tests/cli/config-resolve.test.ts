/** Precedence, origins, cross-checks and the sentence for every bad configuration (F118). */
import { describe, expect, it } from 'vitest';
import {
  type ConfigInput,
  engineConfig,
  originText,
  resolveConfig,
} from '../../src/cli/config-resolve.ts';
import { loginNoteText } from '../../src/cli/login-note.ts';
import { configFaults } from '../../src/engine/index.ts';

const platform = { os: 'linux', home: '/home/ann', cwd: '/home/ann/bot' };
const DEMO = {
  CTRADER_CLIENT_ID: '123_abc',
  CTRADER_CLIENT_SECRET: 'canary-secret',
  CTRADER_ACCESS_TOKEN: 'canary-token',
  CTRADER_ACCOUNT_ID: '42',
};

function resolve(input: Partial<ConfigInput>) {
  return resolveConfig({ options: {}, env: {}, platform, ...input });
}

function resolved(input: Partial<ConfigInput>) {
  const result = resolve(input);
  if (result.status === 'refused') throw new Error(result.faults.join('\n'));
  return result;
}

function faults(input: Partial<ConfigInput>): string {
  const result = resolve(input);
  return result.status === 'refused' ? result.faults.join('\n') : 'nothing was refused';
}

const file = (content: unknown) => ({
  path: '/home/ann/config.json',
  text: typeof content === 'string' ? content : JSON.stringify(content),
});

describe('defaults', () => {
  it('without anything: simulator, dry run, the documented strategy and risk', () => {
    const { config } = resolved({});
    expect(engineConfig(config)).toEqual({
      environment: 'sim',
      mode: 'dry-run',
      instrumentName: 'FCPO',
      strategy: 'rsi-sentiment',
      timeframeMs: 300_000,
      rsiPeriod: 14,
      rsiOversold: 30,
      rsiOverbought: 70,
      emaPeriod: 50,
      trendFilter: true,
      sentimentMode: 'required',
      sentimentThreshold: 30,
      takeProfitBps: 200,
      stopLossBps: 150,
      trailingStopBps: 0,
      breakEvenBps: 0,
      riskBps: 100,
      maxPositions: 1,
      maxDailyLossBps: 500,
      lossStreakMax: 3,
      spreadMaxBps: 20,
      quoteAgeMaxMs: 5_000,
      feedAgeMaxMs: 15_000,
      slippageMaxBps: 20,
      rejectsMax: 3,
      entriesPerMinute: 2,
      entriesPerDay: 20,
      linkLossesMax: 5,
      clockSkewMaxMs: 5_000,
      loopDelayMaxMs: 5_000,
      diskFreeMinMib: 200,
    });
    expect(configFaults(engineConfig(config))).toEqual([]);
    expect(config.cycleIntervalMs).toBe(5_000);
    expect(config.speed).toBe(60);
    expect(config.paths.journal).toBe(
      '/home/ann/.local/share/palm-oil-tui/sim-simulated-dry-run/journal.db',
    );
  });

  it('credentials and a token mean demo, still a dry run', () => {
    const { config } = resolved({ env: DEMO });
    expect([config.environment, config.mode, config.host]).toEqual([
      'demo',
      'dry-run',
      'demo.ctraderapi.com',
    ]);
    expect(config.cycleIntervalMs).toBe(60_000);
    expect(config.paths.stateDir).toContain('/demo-42-dry-run');
  });

  it('credentials without a token stay in the simulator', () => {
    const { CTRADER_ACCESS_TOKEN: _, ...rest } = DEMO;
    expect(resolved({ env: rest }).config.environment).toBe('sim');
  });

  it('DRY_RUN=false alone sends nothing and says so', () => {
    const result = resolved({ dotenv: 'DRY_RUN=false\n' });
    expect(result.config.mode).toBe('dry-run');
    expect(result.warnings.join()).toContain('Live needs --mode live');
  });

  it('live mode comes from the command line only', () => {
    expect(resolved({ options: { mode: 'live' } }).config.mode).toBe('live');
    expect(faults({ configFile: file({ mode: 'live' }) })).toContain('command line: --mode');
  });
});

describe('precedence', () => {
  const layers = {
    options: { metricsPort: '1001' },
    env: { METRICS_PORT: '1002' },
    dotenv: 'METRICS_PORT=1003',
    configFile: file({ METRICS_PORT: 1004 }),
  };
  it.each([
    [layers, 1001, 'command line --metrics-port'],
    [{ ...layers, options: {} }, 1002, 'environment'],
    [{ ...layers, options: {}, env: {} }, 1003, '.env'],
    [{ configFile: layers.configFile }, 1004, 'configuration file /home/ann/config.json'],
    [{}, 9090, 'default'],
  ])('the nearer source wins (case %#)', (input, port, origin) => {
    const { config, origins } = resolved(input);
    expect(config.metricsPort).toBe(port);
    expect(originText(origins.metricsPort)).toBe(origin);
  });

  it('empty text is absent, so that a template of `.env` changes nothing', () => {
    const { config } = resolved({ env: { RSI_PERIOD: '' }, dotenv: 'RSI_PERIOD=21\nSYMBOL=\n' });
    expect([config.rsiPeriod, config.symbol]).toEqual([21, 'FCPO']);
  });

  it('--metrics-port switches metrics on, METRICS_PORT does not', () => {
    expect(resolved(layers).config.metricsEnabled).toBe(true);
    expect(resolved({ env: layers.env }).config.metricsEnabled).toBe(false);
  });

  it('KOL_n are one list in the order of their numbers', () => {
    const { config } = resolved({ dotenv: 'KOL_10=ten\nKOL_2=two\nKOL_1=one\n' });
    expect(config.kolAccounts).toEqual(['one', 'two', 'ten']);
  });

  it('NO_COLOR with any text means yes', () => {
    expect(resolved({ env: { NO_COLOR: '0' } }).config.noColor).toBe(true);
    expect(resolved({ env: { NO_COLOR: '' } }).config.noColor).toBe(false);
  });

  it('the accounts and keys of demo and live never cross over', () => {
    const live = Object.fromEntries(Object.entries(DEMO).map(([k, v]) => [`${k}_LIVE`, `${v}9`]));
    const { config } = resolved({ env: { ...DEMO, ...live }, options: { environment: 'live' } });
    expect([config.account, config.credentials?.clientId]).toEqual(['429', '123_abc9']);
    expect(config.credentials?.accessToken?.reveal()).toBe('canary-token9');
    expect(faults({ env: DEMO, options: { environment: 'live' } })).toContain('_LIVE');
  });
});

describe('refusals', () => {
  it('name key, value, origin and what is allowed, and all come at once', () => {
    const text = faults({
      options: { speed: '1e3' },
      env: { RISK_PER_TRADE: '1,5' },
      dotenv: 'RSI_PERIOD=abc\nCTRADER_CLIENT_SECRET="canary secret"',
      configFile: file({ MAX_POSITIONS: 99 }),
    });
    expect(text.split('\n').sort()).toEqual([
      '--speed: "1e3" from the command line is not allowed; ' +
        'allowed is a whole number from 1 to 100000.',
      'CTRADER_CLIENT_SECRET: (a secret, not shown) from the .env is not allowed; ' +
        'allowed is printable characters without spaces, at most 4096.',
      'MAX_POSITIONS: "99" from the configuration file /home/ann/config.json is not allowed; ' +
        'allowed is a whole number from 1 to 10.',
      'RISK_PER_TRADE: "1,5" from the environment is not allowed; allowed is a percentage from ' +
        '0.1 to 5.0 with a decimal point and at most two decimals, for example 1.5 ' +
        '(meaning 1.5 %). Write a decimal point.',
      'RSI_PERIOD: "abc" from the .env is not allowed; ' +
        'allowed is a whole number from 2 to 100.',
    ]);
    expect(text).not.toContain('canary');
  });

  it('outside text in a message cannot steer a terminal (I24)', () => {
    const text = faults({ env: { SYMBOL: 'A\u001b[2J\u009b31m\u202eB' } });
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('\\u001b');
  });

  const bad: readonly (readonly [string, Partial<ConfigInput>, string])[] = [
    ['stop wider than daily loss', { env: { STOP_LOSS_PERCENT: '6' } }, 'STOP_LOSS_PERCENT must'],
    [
      'risk above daily loss',
      { env: { MAX_DAILY_LOSS_PERCENT: '1.5', RISK_PER_TRADE: '2' } },
      'RISK_PER_TRADE must',
    ],
    ['thresholds crossed', { env: { RSI_OVERSOLD: '70' } }, 'RSI_OVERSOLD must be below'],
    [
      'target below costs',
      { env: { TAKE_PROFIT_PERCENT: '0.2' } },
      'TAKE_PROFIT_PERCENT must exceed',
    ],
    ['feed below quote age', { env: { FEED_AGE_MAX_SECS: '4' } }, 'feed age'],
    ['a fraction for a percentage', { env: { RISK_PER_TRADE: '0.01' } }, 'RISK_PER_TRADE: "0.01"'],
    ['demo without credentials', { options: { environment: 'demo' } }, 'CTRADER_CLIENT_ID'],
    [
      'demo without account',
      { env: { ...DEMO, CTRADER_ACCOUNT_ID: '' } },
      'none is chosen for you',
    ],
    [
      'simulator flags elsewhere',
      { env: DEMO, options: { seed: '7' } },
      '--seed is only for the simulator',
    ],
    [
      'own authority for a real host',
      { env: { CTRADER_CA_FILE: '/x' } },
      'CTRADER_CA_FILE is only',
    ],
    [
      'token address elsewhere',
      { env: { CTRADER_SERVER: '127.0.0.1', CTRADER_TOKEN_URL: 'https://evil.example/t' } },
      'must be an address of this machine',
    ],
    [
      'a foreign host',
      { env: { CTRADER_SERVER: 'ctraderapi.com.evil.example' } },
      'CTRADER_SERVER:',
    ],
    [
      "the other environment's host",
      { env: { ...DEMO, CTRADER_SERVER: 'LIVE.ctraderapi.com' } },
      'does not belong',
    ],
    ['a secret in the file', { configFile: file({ PERPLEXITY_API_KEY: 'k' }) }, 'is a secret'],
    ['an unknown key', { configFile: file({ RSI_PEROID: 14 }) }, 'did you mean RSI_PERIOD'],
    ['a nested value', { configFile: file({ RSI_PERIOD: { value: 14 } }) }, 'must be text'],
    ['a repeated key', { configFile: file('{"RSI_PERIOD":14,"RSI_PERIOD":15}') }, 'stands twice'],
    ['broken JSON', { configFile: file('{"RSI_PERIOD":') }, 'not valid JSON'],
    ['an array', { configFile: file([1]) }, 'one JSON object'],
    ['contradicting lines', { dotenv: 'SYMBOL=A\nSYMBOL=B' }, 'stands twice in .env'],
  ];
  it.each(bad)('%s (F118)', (_name, input, part) => expect(faults(input)).toContain(part));

  it('a near miss in the environment is said and not fatal', () => {
    const { warnings } = resolved({ env: { CTRADER_ACOUNT_ID: '1', PATH: '/bin', HOME: '/' } });
    expect(warnings).toEqual([
      'CTRADER_ACOUNT_ID (environment) is not a setting and was not read. ' +
        'Did you mean CTRADER_ACCOUNT_ID?',
    ]);
  });

  it('a simulator setting in the environment is no reason to refuse a real broker', () => {
    expect(resolved({ env: { ...DEMO, SIM_SEED: '7' } }).config.environment).toBe('demo');
  });
});

describe('a stored login', () => {
  const APPLICATION = { CTRADER_CLIENT_ID: 'id-7', CTRADER_CLIENT_SECRET: 'canary-secret' };
  const noteOf = (account: string | undefined) =>
    loginNoteText({
      clientId: 'id-7',
      store: 'keychain',
      scope: 'trading',
      expiresAt: 1_800_000_000_000,
      account,
    });
  const only = (name: string, account?: string) => (path: string) =>
    path.endsWith(`/${name}.json`) ? noteOf(account) : undefined;

  it('is as good as a token: demo, with the account that was chosen', () => {
    const { config } = resolved({ env: APPLICATION, readNote: only('login-demo', '42') });
    expect([config.environment, config.account, config.login?.store]).toEqual([
      'demo',
      '42',
      'keychain',
    ]);
    expect(config.paths.login).toBe('/home/ann/.local/share/palm-oil-tui/login-demo');
    expect(config.paths.stateDir).toContain('demo-42-dry-run');
  });

  it('gives way to an account and to a token that are named', () => {
    const readNote = only('login-demo', '42');
    const named = resolved({ env: { ...APPLICATION, CTRADER_ACCOUNT_ID: '7' }, readNote });
    expect([named.config.account, named.config.login === undefined]).toEqual(['7', false]);
    const { config } = resolved({ env: DEMO, readNote });
    expect([config.account, config.login]).toEqual(['42', undefined]);
  });

  it('F10 of demo is nothing to live, and of a simulator nothing to a real host', () => {
    const live = {
      CTRADER_CLIENT_ID_LIVE: 'id-7',
      CTRADER_CLIENT_SECRET_LIVE: 'x',
      CTRADER_ACCOUNT_ID_LIVE: '9',
    };
    const input = { env: live, options: { environment: 'live' }, readNote: only('login-demo') };
    expect(resolved(input).config.login).toBeUndefined();
    const local = { ...APPLICATION, CTRADER_SERVER: '127.0.0.1' };
    expect(resolved({ env: local, readNote: only('login-demo') }).config.environment).toBe('sim');
    const own = resolved({ env: local, readNote: only('login-demo-local', '1') });
    expect(own.config.environment).toBe('demo');
    expect(resolved({ env: APPLICATION, readNote: only('login-demo-local') }).config.login).toBe(
      undefined,
    );
  });

  it('needs no account while it is made, and none is chosen for a run', () => {
    const input = { env: APPLICATION, readNote: only('login-demo') };
    expect(faults(input)).toContain('accounts --use ID');
    expect(resolved({ ...input, purpose: 'login' }).config.account).toBeUndefined();
  });
});

it('--arm belongs to headless live runs alone (F119)', () => {
  const arm = { arm: '9000001', mode: 'live', ui: 'false' };
  expect(resolved({ options: arm }).config.arm).toBe('9000001');
  expect(faults({ options: { ...arm, mode: 'dry-run' } })).toContain('--arm is only for live mode');
  expect(faults({ options: { ...arm, ui: 'true' } })).toContain('--arm is only for --no-ui');
});

it('a simulator on this machine is never the live environment (I34 F10)', () => {
  const env = {
    CTRADER_CLIENT_ID_LIVE: 'a',
    CTRADER_CLIENT_SECRET_LIVE: 'b',
    CTRADER_ACCESS_TOKEN_LIVE: 'c',
    CTRADER_ACCOUNT_ID_LIVE: '7',
    CTRADER_SERVER: '127.0.0.1',
  };
  expect(faults({ options: { environment: 'live' }, env })).toContain('never --env live');
});
