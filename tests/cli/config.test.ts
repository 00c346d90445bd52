/** The shell around the resolver: real files, a real environment, secrets taken out of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/cli/config.ts';

let home = '';
const before = process.cwd();
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'config-'));
  mkdirSync(join(home, 'work'));
  process.chdir(join(home, 'work'));
});
afterEach(() => {
  process.chdir(before);
  rmSync(home, { recursive: true });
});

const load = (env: Record<string, string>, configFile?: string) =>
  loadConfig({ options: {}, configFile, env: { XDG_CONFIG_HOME: home, ...env } });

it('reads .env in the working directory and the user configuration file', () => {
  writeFileSync('.env', 'RSI_PERIOD=10\n');
  mkdirSync(join(home, 'palm-oil-tui'));
  writeFileSync(join(home, 'palm-oil-tui', 'config.json'), '{"RSI_PERIOD": 11, "EMA_PERIOD": 21}');
  const result = load({});
  if (result.status === 'refused') throw new Error(result.faults.join());
  expect([result.config.rsiPeriod, result.config.emaPeriod]).toEqual([10, 21]);
});

it('never writes .env into the process environment', () => {
  writeFileSync('.env', 'PALM_OIL_CANARY=1\nRSI_PERIOD=10\n');
  load({});
  expect(process.env['PALM_OIL_CANARY']).toBeUndefined();
});

it('takes secrets out of the environment it was given (F99), and masks them (F98)', () => {
  const env: Record<string, string | undefined> = {
    CTRADER_CLIENT_ID: 'id',
    CTRADER_CLIENT_SECRET: 'canary-a',
    CTRADER_ACCESS_TOKEN: 'canary-b',
    CTRADER_REFRESH_TOKEN: 'canary-c',
    CTRADER_ACCOUNT_ID: '42',
    XDG_CONFIG_HOME: home,
  };
  const result = loadConfig({ options: {}, configFile: undefined, env });
  expect(Object.keys(env).sort()).toEqual([
    'CTRADER_ACCOUNT_ID',
    'CTRADER_CLIENT_ID',
    'XDG_CONFIG_HOME',
  ]);
  if (result.status === 'refused') throw new Error(result.faults.join());
  expect(result.config.credentials?.clientSecret.reveal()).toBe('canary-a');
  expect(inspect(result, { depth: 9, showHidden: true })).not.toContain('canary');
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('a named file that is missing is a fault, the usual one may be absent', () => {
  expect(load({}).status).toBe('resolved');
  const result = load({}, 'nowhere.json');
  expect(result.status === 'refused' && result.faults.join()).toContain('does not exist');
});

it('a directory instead of a file is a sentence', () => {
  mkdirSync('.env');
  const result = load({});
  expect(result.status === 'refused' && result.faults.join()).toContain('cannot be read');
});
