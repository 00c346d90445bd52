/** The terminal goes away, or is given back for a while: the engine and the shell survive both. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureBuilt, freshHome, runVerb, TerminalSession } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
const sessions: TerminalSession[] = [];
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  home.remove();
});

// The short place for sockets of deep directories must go with the test.
const env = () => ({ XDG_RUNTIME_DIR: home.path });

function open(...args: string[]): TerminalSession {
  const session = new TerminalSession({ args, cols: 100, rows: 30, home: home.path, env: env() });
  sessions.push(session);
  return session;
}

const verb = (...args: string[]) => runVerb(home.path, args, env());

const CLEAN = { alternateScreen: false, cursorHidden: false, mouse: false, bracketedPaste: false };

/** Stopped, as the operating system sees it. */
const isStopped = (pid: number): boolean =>
  /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

async function untilStopped({ pid }: TerminalSession): Promise<void> {
  await vi.waitUntil(() => isStopped(pid), { timeout: 60_000, interval: 20 });
}

describe('a terminal that is closed under a run (F112)', () => {
  it('leaves the engine alive: status answers, attach operates, SIGTERM ends it', async () => {
    const run = open('--seed', '7');
    await run.waitFor(/READY/);
    run.hangUp();
    const attached = open('attach');
    await attached.waitFor(/READY/);
    const status = await verb('status', '--json');
    expect(JSON.parse(status.out)).toMatchObject({ env: 'sim', link: { state: 'READY' } });
    // The screen that is gone no longer holds the operator's place.
    await attached.waitFor(/RSI/);
    attached.keys('p');
    await attached.waitFor(/Done/);
    process.kill(run.pid, 'SIGTERM');
    expect((await attached.ended()).code).not.toBe(0);
    expect(await run.ended()).toEqual({ code: 0, signal: undefined });
  });

  it('ends the engine with --hang-up stop', async () => {
    const run = open('--seed', '7', '--hang-up', 'stop');
    await run.waitFor(/READY/);
    run.hangUp();
    expect((await run.ended()).signal).toBeUndefined();
    expect((await verb('status')).code).not.toBe(0);
  });
});

describe('Ctrl-Z and fg (F111)', () => {
  it('an attached screen gives the terminal back and draws itself again', async () => {
    const run = open('--seed', '7');
    await run.waitFor(/READY/);
    const attached = open('attach');
    await attached.waitFor(/RSI/);
    attached.keys('\u001a');
    await untilStopped(attached);
    await attached.waitUntil(() => !attached.modes().alternateScreen, 'the shell screen');
    expect(attached.modes()).toEqual(CLEAN);
    attached.kill('SIGCONT');
    await attached.waitFor(/RSI/);
    expect(attached.modes().alternateScreen).toBe(true);
    attached.keys('q');
    await attached.waitFor(/Detach\?/);
  });

  it('where the engine lives in the same process Ctrl-Z says what to do instead', async () => {
    const run = open('--seed', '7');
    await run.waitFor(/RSI/);
    run.keys('\u001a');
    await run.waitFor(/would stop the engine/);
    expect(isStopped(run.pid)).toBe(false);
  });

  it('a stop asked from outside restores the terminal first, and fg draws again', async () => {
    const run = open('--seed', '7');
    await run.waitFor(/RSI/);
    run.kill('SIGTSTP');
    await untilStopped(run);
    await run.waitUntil(() => !run.modes().alternateScreen, 'the shell screen');
    expect(run.modes()).toEqual(CLEAN);
    run.kill('SIGCONT');
    await run.waitFor(/RSI/);
    expect(run.modes().alternateScreen).toBe(true);
  });
});
