/** A bundle of a real data directory, searched for every secret that was planted around it. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { tempDir } from '../../support/temp-dir.ts';
import { runVerb } from '../../support/verb-io.ts';

const before = process.cwd();
afterEach(() => process.chdir(before));

const PLANTED = {
  CTRADER_CLIENT_ID: 'client-canary-0',
  CTRADER_CLIENT_SECRET: 'canary-1',
  CTRADER_ACCESS_TOKEN: 'canary-2',
  CTRADER_CLIENT_SECRET_LIVE: 'canary-3',
  CTRADER_ACCESS_TOKEN_LIVE: 'canary-4',
  PERPLEXITY_API_KEY: 'canary-5',
  CTRADER_ACCOUNT_ID: '77123456',
};
const UNTOLD = ['canary-6', '51234.56'];

async function bundle(argv: readonly string[], extra: Record<string, string> = {}) {
  const home = tempDir();
  process.chdir(home);
  writeFileSync(join(home, '.env'), 'SOME_OTHER_PASSWORD=canary-7\n', { mode: 0o600 });
  const state = join(home, 'palm-oil-tui', 'demo-77123456-dry-run');
  mkdirSync(state, { recursive: true });
  const lines = [
    { level: 'info', message: `sent canary-2 for 77123456`, refreshToken: UNTOLD[0] },
    { level: 'warn', message: 'password canary-7', balance: UNTOLD[1] },
    { level: 'info', message: `equity ${UNTOLD[1]} MYR, header Bearer canary-6`, seq: 42 },
  ];
  mkdirSync(join(state, 'log'));
  writeFileSync(
    join(state, 'log', 'engine.log'),
    lines.map((one) => JSON.stringify(one)).join('\n'),
  );
  const env = { HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, ...PLANTED, ...extra };
  return { ...(await runVerb(['support-bundle', ...argv], env)), home };
}

const canaries = [...Object.values(PLANTED), ...UNTOLD, 'canary'];

it('--preview prints every part, and none of what was planted (I23, F99)', async () => {
  const { code, out, home } = await bundle(['--preview']);
  expect(code).toBe(0);
  const told = JSON.parse(out);
  expect(Object.keys(told)).toEqual([
    'about',
    'configuration',
    'warnings',
    'doctor',
    'status',
    'journal',
    'log',
  ]);
  expect(told.log).toHaveLength(3);
  expect(told.log[2].seq).toBe(42);
  expect(told.configuration.RSI_PERIOD).toEqual({ value: '14', origin: 'default' });
  expect(told.status.sentences[0]).toContain('No engine runs');
  expect(told.doctor.checks.length).toBeGreaterThan(4);
  for (const canary of [...canaries, home]) expect(out).not.toContain(canary);
});

it('the file holds the same, for its owner alone, and never replaces another', async () => {
  const { code, out, home } = await bundle([]);
  expect(code).toBe(0);
  const file = join(home, out.trim());
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  expect(Object.keys(JSON.parse(text))).toContain('doctor');
  for (const canary of canaries) expect(text).not.toContain(canary);
  const again = await bundle(['--output', file]);
  expect(again.code).toBe(64);
  expect(again.err).toContain('name another with --output');
});

it('a configuration that is refused is what help is needed with: its secrets go too', async () => {
  const { code, out } = await bundle(['--preview'], { RSI_PERIOD: '0' });
  expect(code).toBe(0);
  expect(JSON.parse(out).configuration.sentences[0]).toContain('RSI_PERIOD');
  for (const canary of canaries) expect(out).not.toContain(canary);
});

it('--with-amounts leaves money in, and still no secret', async () => {
  const { out } = await bundle(['--preview', '--with-amounts']);
  expect(out).toContain('51234.56 MYR');
  expect(out).not.toContain('canary');
});
