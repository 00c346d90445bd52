/** The `simulator` verb: clients in other processes, over verified TLS; and what it refuses. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Headless } from './headless.ts';
import { type Served, serveSimulator } from './simulator-process.ts';
import { BIN, ensureBuilt, freshHome, shellEnv } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
const running: { stop(): Promise<unknown> }[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
  home.remove();
});

async function serve(...args: string[]): Promise<Served> {
  const served = await serveSimulator(home.path, args);
  running.push(served);
  return served;
}

function client(env: Readonly<Record<string, string>>): Headless {
  const program = new Headless(home.path, [], {
    CTRADER_ACCESS_TOKEN: 'simulator-access',
    CTRADER_ACCOUNT_ID: '1000001',
    CYCLE_INTERVAL_SECS: '1',
    ...env,
  });
  running.push({
    stop: () => {
      program.kill('SIGKILL');
      return program.ended;
    },
  });
  return program;
}

/** The link goes down with the certificate as its reason. */
const refusal = (program: Headless) =>
  program.line('the refusal', (line) => /^the certificate/.test(String(line['outside'])), 20_000);

function verb(...args: string[]) {
  return spawnSync(process.execPath, [BIN, ...args], {
    cwd: home.path,
    env: shellEnv(home.path),
    encoding: 'utf8',
  });
}

describe('a client of the simulator', () => {
  it('reaches READY over TLS, with quotes, history and RSI, on any day of the week', async () => {
    const { env, account } = await serve('--seed', '7');
    expect(env['CTRADER_CA_FILE']).toBeDefined();
    const program = client(env);
    await program.line('the link', (line) => line.message === 'link READY');
    const status = verb('status', '--json', '--account', account);
    const seen = JSON.parse(status.stdout);
    expect(seen.quote.bid).toBeGreaterThan(3_000);
    expect(seen.rsi).toBeGreaterThan(0);
    expect(seen.link.state).toBe('READY');
  });

  it('F06 is refused without the authority file: verification cannot be switched off', async () => {
    const { env } = await serve();
    const program = client({ ...env, CTRADER_CA_FILE: '' });
    await refusal(program);
    expect(program.lines.some(({ message }) => message === 'link APP_AUTH')).toBe(false);
  });

  it('F06 is refused with the authority of another start', async () => {
    const first = await serve();
    const second = await serveSimulator(join(home.path, '.'), ['--data-dir', 'other']);
    running.push(second);
    const program = client({ ...first.env, CTRADER_CA_FILE: second.env['CTRADER_CA_FILE'] ?? '' });
    await refusal(program);
  });

  it('meets the faults that were written for it', async () => {
    const script = join(home.path, 'faults.txt');
    writeFileSync(script, '# the first login is cut off\n@1 out ProtoOAAccountAuthRes close\n');
    const { env } = await serve('--fault', script);
    const program = client(env);
    await program.line('the second login', (line) => line.message === 'link READY');
    const links = program.lines.filter(({ message }) => message === 'link CONNECTING');
    expect(links.length).toBeGreaterThan(1);
  });

  it('ends with 0 on a signal', async () => {
    const served = await serveSimulator(home.path);
    expect(await served.stop()).toBe(0);
  });
});

describe('the simulator refuses', () => {
  it('a port in use, a fault it cannot read, a recording that is not there', async () => {
    const { env } = await serve();
    const used = verb('simulator', '--port', env['CTRADER_PORT'] ?? '', '--oauth-port', '0');
    expect([used.status, used.stdout]).toEqual([64, '']);
    expect(used.stderr).toMatch(/port .*cannot be used \(EADDRINUSE\)/);
    const fault = verb('simulator', '--port', '0', '--fault', 'out Nothing drop');
    expect([fault.status, fault.stderr]).toEqual([64, expect.stringContaining('names no message')]);
    const replay = verb('simulator', '--replay', 'nowhere.csv');
    expect([replay.status, replay.stderr]).toEqual([64, expect.stringContaining('not exist')]);
    for (const bad of [
      ['--port', '70000'],
      ['--speed', '0'],
      ['--oauth-port', 'x'],
    ]) {
      expect(verb('simulator', ...bad).status).toBe(64);
    }
  });

  it('has no key on the disk', async () => {
    const { env } = await serve();
    const file = env['CTRADER_CA_FILE'] ?? '';
    expect(existsSync(file)).toBe(true);
    const found = spawnSync('grep', ['-rlE', 'PRIVATE KEY', home.path], { encoding: 'utf8' });
    expect(found.stdout).toBe('');
  });
});
