/** Two real processes: an engine without a screen, and screens and verbs that come and go. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Headless } from './headless.ts';
import { ensureBuilt, freshHome, runVerb, TerminalSession } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
let engine: Headless | undefined;
const screens: TerminalSession[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  for (const screen of screens.splice(0)) await screen.close();
  engine?.kill('SIGKILL');
  await engine?.ended;
  engine = undefined;
  home.remove();
});

async function startEngine(args: readonly string[] = []): Promise<Headless> {
  // The short place for sockets of deep directories must go with the test.
  const env = { XDG_RUNTIME_DIR: home.path };
  engine = new Headless(home.path, ['--seed', '7', ...args], env);
  await engine.line('READY', (line) => line.message === 'link READY');
  return engine;
}

function attach(...args: string[]): TerminalSession {
  const given = { args: ['attach', ...args], cols: 100, rows: 30, home: home.path };
  const screen = new TerminalSession(given);
  screens.push(screen);
  return screen;
}

const verb = (...args: string[]) => runVerb(home.path, args);

const CLEAN = { alternateScreen: false, cursorHidden: false, mouse: false, bracketedPaste: false };

describe('attach', () => {
  it('commands and leaves; a killed screen changes nothing; a stopped engine is told', async () => {
    const running = await startEngine();
    const first = attach();
    const second = attach('--read-only');
    await first.waitFor(/RSI/);
    await second.waitFor(/READY/);
    second.keys('p');
    await second.waitFor(/only watches/);
    first.keys('p');
    await first.waitFor(/Done/);
    first.kill('SIGKILL');
    const left = running.line('the operator left', (line) => line['event'] === 'the operator left');
    second.keys('q');
    await second.waitFor(/Detach\?/);
    second.keys('y');
    expect((await second.ended()).code).toBe(0);
    expect(second.screen()).toContain('detached: the engine goes on');
    expect(second.modes()).toEqual(CLEAN);
    await left;

    const third = attach();
    await third.waitFor(/READY/);
    const paused = JSON.parse((await verb('status', '--json')).out);
    expect(paused).toMatchObject({ env: 'sim', tradingState: expect.not.stringMatching(/active/) });
    const fourth = attach('--take-over');
    expect((await third.ended()).code).toBe(16);
    expect(third.screen()).toMatch(/place was taken over by/);
    expect(third.modes()).toEqual(CLEAN);
    await running.line('the audit', ({ message }) => /^another operator: /.test(message));
    await fourth.waitFor(/READY/);
    running.kill('SIGTERM');
    expect((await fourth.ended()).code).toBe(16);
    expect(fourth.screen()).toContain('the engine stopped (SIGTERM)');
    expect(fourth.modes()).toEqual(CLEAN);
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });
});

describe('verbs for a running engine', () => {
  it('panic proves what it did; a second engine says how to attach', async () => {
    await startEngine();
    const [second, panic] = await Promise.all([
      verb('--no-ui', '--seed', '7'),
      verb('panic', '--flatten', '--wait', '10'),
    ]);
    expect(second.code).toBe(75);
    expect(second.err).toContain('palm-oil-tui attach');
    expect(panic.code).toBe(0);
    expect(panic.out).toContain('proven  entries are blocked: breaker KILL');
    expect(panic.out).toContain('proven  no position of ours is open');
    const { out } = await verb('status', '--json');
    expect(JSON.parse(out)).toMatchObject({ entriesAllowed: false });
    const page = await verb('status', '--handover', '--sign', 'KILL was a test');
    expect(page.out).toMatch(/^breakers {3}KILL TRIPPED/m);
    expect(page.out).toMatch(/^since .*the journal began: .* 1 start/m);
    expect(page.out).toMatch(/kill \(operator\)/);
    const next = JSON.parse((await verb('status', '--handover', '--json')).out);
    expect(next.last).toMatchObject({ note: 'KILL was a test' });
    expect(next.since).toMatchObject({ starts: 0, acts: [] });
  });

  it('an engine of another protocol is one sentence with the version to use', async () => {
    const account = 'a1b2c3d4e5f6';
    const about = { version: '9.9.0', runId: 'r', environment: 'sim', mode: 'dry-run', account };
    const hello = { type: 'hello', protocol: 2, ...about, role: 'observer' };
    const server = createServer((socket) => socket.end(`${JSON.stringify(hello)}\n`));
    const path = join(home.path, 'later.sock');
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    const { code, out, err } = await verb('status', '--socket', path);
    server.close();
    expect([code, out]).toEqual([16, '']);
    expect(err).toMatch(/^palm-oil-tui: No engine answers at .*: it speaks protocol 2, this .*\n$/);
    expect(err).toContain('npx palm-oil-tui@9.9.0');
  });

  it('a killed engine leaves a socket that misleads nobody, however deep (F122)', async () => {
    const deep = ['--data-dir', join(home.path, 'd'.repeat(60), 'e'.repeat(60))];
    const killed = await startEngine(deep);
    killed.kill('SIGKILL');
    await killed.ended;
    const [dead, none] = await Promise.all([verb('status', ...deep), verb('status')]);
    expect([dead.code, dead.out, none.code]).toEqual([16, '', 16]);
    expect(dead.err).toContain('left behind');
    expect(none.err).toContain('No engine runs');
    await startEngine(deep);
    // Whether it is healthy yet depends on how far the new connection is; that it answers does not.
    const alive = await verb('status', ...deep);
    expect([0, 14]).toContain(alive.code);
    const health = /^health {4}(.*)$/m.exec(alive.out)?.[1];
    expect(health === 'ok').toBe(alive.code === 0);
    expect(alive.err).toBe('');
  });
});
