/** `config set`, `unset` and `init` on a real file: what is asked for is there, and told. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { initSettings } from '../../../src/cli/commands/config-init.ts';
import { main } from '../../../src/cli/main.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { verbIo } from '../../support/verb-io.ts';
import { waitFor } from '../../support/wait-for.ts';

function world(extra: Record<string, string> = {}) {
  const home = tempDir();
  const stdin = new PassThrough();
  const env = { XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, APPDATA: home, ...extra };
  const { io, text } = verbIo(env, { stdin });
  return { file: join(home, 'palm-oil-tui', 'config.json'), io, text, stdin };
}

/** Makes the input look like a terminal, as far as asking needs. */
function asTerminal({ stdin }: ReturnType<typeof world>): void {
  Object.assign(stdin, { isTTY: true, setRawMode: () => stdin });
}

describe('set and unset', () => {
  it('write the file for its owner alone and say so', async () => {
    const { file, io, text } = world();
    expect(await main(['config', 'set', 'rsi_period', '21'], io)).toBe(0);
    expect(text).toEqual({ out: `RSI_PERIOD is now "21" in ${file}\n`, err: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ RSI_PERIOD: 21 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await main(['config', 'unset', 'RSI_PERIOD'], io)).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('{}\n');
    expect(await main(['config', 'unset', 'RSI_PERIOD'], io)).toBe(0);
    expect(text.out).toContain(`RSI_PERIOD was not in ${file}`);
  });

  it('make the file that --config names', async () => {
    const { io } = world();
    const other = join(tempDir(), 'other.json');
    expect(await main(['config', 'set', 'SYMBOL', 'CPO', '--config', other], io)).toBe(0);
    expect(JSON.parse(readFileSync(other, 'utf8'))).toEqual({ SYMBOL: 'CPO' });
  });

  it('say which nearer source wins over the file', async () => {
    const { io, text } = world({ RSI_PERIOD: '7' });
    expect(await main(['config', 'set', 'RSI_PERIOD', '21'], io)).toBe(0);
    expect(text.err).toBe('palm-oil-tui: RSI_PERIOD also stands in environment, which wins.\n');
  });

  it('refuse with 64, and leave no file', async () => {
    const { file, io, text } = world();
    expect(await main(['config', 'set', 'PERPLEXITY_API_KEY', 'canary-1'], io)).toBe(64);
    expect(text.err).toContain('it belongs in .env');
    expect(text.err).not.toContain('canary');
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('init', () => {
  const answers = ['demo', '', '15m', '1,5', '1.5', '', '', '', ''];

  it('asks again after a bad answer, writes after a yes and says what to do next', async () => {
    const here = world();
    asTerminal(here);
    const code = initSettings(undefined, here.io);
    for (const answer of [...answers, 'y']) here.stdin.write(`${answer}\n`);
    expect(await code).toBe(0);
    expect(JSON.parse(readFileSync(here.file, 'utf8'))).toEqual({
      CTRADER_ENVIRONMENT: 'demo',
      RSI_TIMEFRAME: '15m',
      RISK_PER_TRADE: 1.5,
    });
    expect(here.text.err).toContain('RISK_PER_TRADE: "1,5" is not allowed');
    expect(here.text.out).toContain('CTRADER_CLIENT_ID and CTRADER_CLIENT_SECRET into .env');
    expect(here.text.out).toContain('palm-oil-tui login');
  });

  it.each([
    ['a no at the end', [...answers, '']],
    ['a no to changing what is there', ['']],
  ])('%s leaves the file as it is', async (_what, typed) => {
    const here = world();
    asTerminal(here);
    mkdirSync(join(here.file, '..'));
    writeFileSync(here.file, '{"SYMBOL":"CPO"}');
    const code = initSettings(undefined, here.io);
    const lines = typed.length === 1 ? typed : ['y', ...typed];
    for (const answer of lines) here.stdin.write(`${answer}\n`);
    expect(await code).toBe(0);
    expect(readFileSync(here.file, 'utf8')).toBe('{"SYMBOL":"CPO"}');
    expect(here.text.err).toContain('Nothing was changed.');
  });

  it('an input that ends is a no', async () => {
    const here = world();
    asTerminal(here);
    const code = initSettings(undefined, here.io);
    await waitFor('the first question', () => here.text.err.includes('CTRADER_ENVIRONMENT ['));
    here.stdin.end('demo\n');
    expect(await code).toBe(0);
    expect(() => statSync(here.file)).toThrow('ENOENT');
  });

  it('without a terminal says what to use instead', async () => {
    const { io, text } = world();
    expect(await main(['config', 'init'], io)).toBe(64);
    expect(text.err).toBe(
      'palm-oil-tui: config init asks questions and needs a terminal: use config set instead.\n',
    );
  });
});
