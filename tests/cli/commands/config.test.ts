/** The looking verbs: values with origins, masked secrets, one JSON shape. */
import { expect, it } from 'vitest';
import {
  checkSettings,
  getSetting,
  listSettings,
  showPaths,
} from '../../../src/cli/commands/config.ts';
import { resolveConfig } from '../../../src/cli/config-resolve.ts';
import { verbIo } from '../../support/verb-io.ts';

const loaded = resolveConfig({
  options: { speed: '600' },
  env: { PERPLEXITY_API_KEY: 'canary', RISK_PER_TRADE: '1.25' },
  platform: { os: 'linux', home: '/home/ann', cwd: '/srv' },
});

function capture(act: (io: Parameters<typeof checkSettings>[1]) => number) {
  const { io, text } = verbIo();
  return { code: act(io), ...text };
}

it('list --origin says where each value came from and masks secrets', () => {
  const { code, out } = capture((io) => listSettings(loaded, io, { origin: true, json: false }));
  expect(code).toBe(0);
  expect(out).toMatch(/^SIM_SPEED\s+600\s+command line --speed$/m);
  expect(out).toMatch(/^RISK_PER_TRADE\s+1\.25\s+environment$/m);
  expect(out).toMatch(/^RSI_PERIOD\s+14\s+default$/m);
  expect(out).not.toContain('canary');
});

it('list --json is one object with null for what is not set', () => {
  const { out } = capture((io) => listSettings(loaded, io, { origin: false, json: true }));
  const json = JSON.parse(out) as Record<string, { value: string | null; origin: string }>;
  expect(json['CTRADER_CLIENT_ID']).toEqual({ value: null, origin: 'default' });
  expect(json['SIM_SPEED']).toEqual({ value: '600', origin: 'command line --speed' });
});

it('get prints one value, and refuses a name that does not exist', () => {
  const get = (name: string) => capture((io) => getSetting(name, loaded, io, { json: false }));
  expect(get('rsi_period')).toEqual({ code: 0, out: '14\n', err: '' });
  expect(get('CTRADER_CLIENT_ID').out).toBe('\n');
  expect(get('RSI_PEROID').code).toBe(64);
});

it('path names the files of this environment, account and mode', () => {
  const { out } = capture((io) => showPaths(loaded, io, { json: true }));
  expect(JSON.parse(out)).toMatchObject({
    // The account of the bundled sample: every simulated market has its own.
    stateDir: '/home/ann/.local/share/palm-oil-tui/sim-7100000001-dry-run',
  });
});

it('check tells sound from refused', () => {
  expect(capture((io) => checkSettings(loaded, io))).toMatchObject({ code: 0, err: '' });
  const refused = { status: 'refused', faults: ['No.'], warnings: [] } as const;
  expect(capture((io) => checkSettings(refused, io))).toEqual({
    code: 64,
    out: '',
    err: 'palm-oil-tui: No.\n',
  });
});
