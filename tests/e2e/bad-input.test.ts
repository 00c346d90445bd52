/** Bad options and settings, seen from a shell: one sentence, exit 64, a clean terminal. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BIN, ensureBuilt, freshHome, shellEnv, TerminalSession } from './terminal-session.ts';

beforeAll(ensureBuilt);

let home: ReturnType<typeof freshHome>;
let session: TerminalSession | undefined;
beforeEach(() => {
  home = freshHome();
});
afterEach(async () => {
  await session?.close();
  session = undefined;
  home.remove();
});

function shell(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const result = spawnSync(process.execPath, [BIN, ...args], {
    cwd: home.path,
    env: { ...shellEnv(home.path), ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

describe('without a terminal', () => {
  it.each([
    [['--sped', '9'], {}, '--speed'],
    [['--speed', 'fast'], {}, 'whole number from 1 to 100000'],
    [['bactest'], {}, 'there is no verb "bactest"'],
    [['--no-ui'], { RISK_PER_TRADE: '1,5' }, 'Write a decimal point'],
    [['--no-ui', '--env', 'demo'], {}, 'needs CTRADER_CLIENT_ID'],
  ])('%j %j is refused with a remedy (F118)', (args, env, sentence) => {
    const { code, out, err } = shell(args, env);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/ at .*:\d+:\d+/);
  });

  it('no terminal at all is one sentence with the remedy (F117)', () => {
    const { code, out, err } = shell(['--seed', '3']);
    expect([code, out]).toEqual([64, '']);
    expect(err).toMatch(/^palm-oil-tui: There is no terminal to draw on: use --no-ui .*\n$/);
  });

  it('a bad .env names the key, the value and the file', () => {
    writeFileSync(join(home.path, '.env'), 'STOP_LOSS_PERCENT=abc\nMAX_POSITIONS=0\n');
    const { code, err } = shell(['--no-ui']);
    expect(code).toBe(64);
    expect(err).toContain('STOP_LOSS_PERCENT: "abc" from the .env is not allowed');
    expect(err).toContain('MAX_POSITIONS: "0" from the .env is not allowed');
  });

  it('secrets never show in a refusal (F98)', () => {
    const env = { CTRADER_CLIENT_SECRET: 'canary one', PERPLEXITY_API_KEY: 'canary two' };
    const { code, out, err } = shell(['config', 'list', '--json'], env);
    expect(code).toBe(64);
    expect(out + err).not.toContain('canary');
  });

  it('a reader that goes away is no fault', () => {
    const command = `"${process.execPath}" "${BIN}" config list | head -1`;
    const result = spawnSync('bash', ['-c', `set -o pipefail; ${command}`], {
      cwd: home.path,
      env: shellEnv(home.path),
      encoding: 'utf8',
    });
    expect([result.status, result.stderr]).toEqual([0, '']);
  });
});

describe.runIf(process.platform === 'linux')('a full disk behind standard output', () => {
  it.each(['config list', 'completion bash'])('is no success: %s', (verb) => {
    const command = `"${process.execPath}" "${BIN}" ${verb} > /dev/full`;
    const result = spawnSync('bash', ['-c', command], {
      cwd: home.path,
      env: shellEnv(home.path),
      encoding: 'utf8',
    });
    expect(result.status).toBe(74);
    expect(result.stderr).toContain('standard output could not be written (ENOSPC)');
  });
});

describe('in a terminal', () => {
  it('a refusal never enters the alternate screen and leaves the cursor visible', async () => {
    session = new TerminalSession({ args: ['--speed', '0'], cols: 80, rows: 24, home: home.path });
    const { code } = await session.ended();
    expect(code).toBe(64);
    expect(session.screen()).toContain('--speed: "0" from the command line is not allowed');
    expect(session.modes()).toEqual({
      alternateScreen: false,
      cursorHidden: false,
      mouse: false,
      bracketedPaste: false,
    });
  });
});
