/** The built program on the journal of a real short run: trades, explain, replay. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Headless } from './headless.ts';
import { BIN, ensureBuilt, freshHome, shellEnv } from './terminal-session.ts';

let home: ReturnType<typeof freshHome>;
let summary: Record<string, unknown>;

/** Half a day of a market in which one position opens and meets its stop. */
beforeAll(async () => {
  ensureBuilt();
  home = freshHome();
  const args = ['--seed', '7', '--speed', '100000', '--duration', '13h'];
  const run = new Headless(home.path, args, { TRADES_CSV: join(home.path, 'kept.csv') });
  const { code } = await run.ended;
  expect(code, run.stderr).toBe(0);
  summary = run.lines.at(-1) ?? {};
}, 240_000);
afterAll(() => home.remove());

function ask(...args: readonly string[]) {
  const env = shellEnv(home.path);
  return spawnSync(process.execPath, [BIN, ...args], { cwd: home.path, env, encoding: 'utf8' });
}

describe('the verbs that read a journal', () => {
  it('list as many trades as the run counted, and their money adds up (I11)', () => {
    const { status, stdout } = ask('trades', '--json');
    expect(status).toBe(0);
    const { trades } = JSON.parse(stdout) as { trades: { pnl: string; number: number }[] };
    expect(trades.length).toBe(summary['trades']);
    expect(trades.length).toBeGreaterThan(0);
    const result = trades.reduce((sum, { pnl }) => sum + Math.round(Number(pnl) * 100), 0);
    const balance = Math.round(Number(summary['balance']) * 100);
    expect(5_000_000 + result).toBe(balance);
    expect(ask('trades').stdout).toMatch(/^ +# +closed[\s\S]* 1 /);
  });

  it('export openings and closes as CSV, and the audit trail on request', () => {
    const { status, stdout } = ask('trades', 'export', '--format', 'csv');
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^timestamp,event,side,symbol,entry_price,sl,tp,volume,rsi,/);
    expect(lines[1]).toMatch(/,open,/);
    expect(lines[2]).toMatch(/,close,/);
    // The file that was kept while it ran says the same.
    expect(readFileSync(join(home.path, 'kept.csv'), 'utf8')).toBe(stdout);
    const audit = ask('trades', 'export', '--audit', '--format', 'json');
    const rows = JSON.parse(audit.stdout) as { kind: string }[];
    expect(new Set(rows.map(({ kind }) => kind))).toContain('order');
  });

  it('explain a trade, its order and its bar from the journal alone (I31)', () => {
    const trade = ask('explain', 'trade', '1');
    expect(trade.status).toBe(0);
    for (const word of ['decision', 'quote', 'bar', 'indicators', 'news', 'tripped', 'account']) {
      expect(trade.stdout).toMatch(new RegExp(`^${word} `, 'm'));
    }
    const { moves, record } = JSON.parse(ask('explain', 'trade', '1', '--json').stdout);
    const id = moves[0].subject as string;
    expect(ask('explain', 'order', id).stdout).toContain('> FILLED');
    const clock = new Date(record.barTime as number).toISOString().slice(11, 16);
    expect(ask('explain', 'bar', clock).stdout).toContain('enter ');
  });

  it('run it again and find nothing else than it says (I17)', () => {
    const { status, stdout } = ask('replay', '--verify', '--json');
    expect(status, stdout).toBe(0);
    const verdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({ same: true, difference: null });
    expect(String(verdict.digest)).toBe(summary['stateDigest']);
  });

  it.each([
    [['explain', 'bar', '25h'], /^palm-oil-tui: a bar is named by/],
    [['explain', 'moon', '1'], /^palm-oil-tui: explain knows bar, trade and order/],
    [['explain', 'order', 'x'], /^palm-oil-tui: The journal knows no order "x"/],
    [['trades', '--env', 'live'], /^palm-oil-tui: There is no journal for live/],
    [['trades', 'export', '--format', 'xml'], /--format is csv or json/],
    [['replay'], /needs --verify/],
  ])('%j is refused with a sentence and nothing else', (args, sentence) => {
    const { status, stdout, stderr } = ask(...args);
    expect(status).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
  });
});
