/**
 * The verbs that read a journal, on that of a real short run: trades, explain, replay; among them
 * every such command of the documents. The run is the built program, the verbs run in this process.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOURNAL_VERBS, programCommands } from '../support/documented.ts';
import { runVerb } from '../support/verb-io.ts';
import { Headless } from './headless.ts';
import { ensureBuilt, freshHome, shellEnv, TerminalSession } from './terminal-session.ts';

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

const ask = (...args: readonly string[]) => runVerb(args, shellEnv(home.path));

describe('the verbs that read a journal', () => {
  it('list as many trades as the run counted, and their money adds up (I11)', async () => {
    const { code, out } = await ask('trades', '--json');
    expect(code).toBe(0);
    const { trades } = JSON.parse(out) as { trades: { pnl: string; number: number }[] };
    expect(trades.length).toBe(summary['trades']);
    expect(trades.length).toBeGreaterThan(0);
    const result = trades.reduce((sum, { pnl }) => sum + Math.round(Number(pnl) * 100), 0);
    const balance = Math.round(Number(summary['balance']) * 100);
    expect(5_000_000 + result).toBe(balance);
    expect((await ask('trades')).out).toMatch(/^ +# +closed[\s\S]* 1 /);
  });

  it('export openings and closes as CSV, and the audit trail on request', async () => {
    const { code, out } = await ask('trades', 'export', '--format', 'csv');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^timestamp,event,side,symbol,entry_price,sl,tp,volume,rsi,/);
    expect(lines[1]).toMatch(/,open,/);
    expect(lines[2]).toMatch(/,close,/);
    // The file that was kept while it ran says the same.
    expect(readFileSync(join(home.path, 'kept.csv'), 'utf8')).toBe(out);
    const audit = await ask('trades', 'export', '--audit', '--format', 'json');
    const rows = JSON.parse(audit.out) as { kind: string }[];
    expect(new Set(rows.map(({ kind }) => kind))).toContain('order');
  });

  it('explain a trade, its order and its bar from the journal alone (I31)', async () => {
    const trade = await ask('explain', 'trade', '1');
    expect(trade.code).toBe(0);
    for (const word of ['decision', 'quote', 'bar', 'indicators', 'news', 'tripped', 'account']) {
      expect(trade.out).toMatch(new RegExp(`^${word} `, 'm'));
    }
    const { moves, record } = JSON.parse((await ask('explain', 'trade', '1', '--json')).out);
    const id = moves[0].subject as string;
    expect((await ask('explain', 'order', id)).out).toContain('> FILLED');
    const clock = new Date(record.barTime as number).toISOString().slice(11, 16);
    expect((await ask('explain', 'bar', clock)).out).toContain('enter ');
  });

  it('run it again and find nothing else than it says (I17)', async () => {
    const { code, out } = await ask('replay', '--verify', '--json');
    expect(code, out).toBe(0);
    const verdict = JSON.parse(out);
    expect(verdict).toMatchObject({ same: true, difference: null });
    expect(String(verdict.digest)).toBe(summary['stateDigest']);
  });

  it('decide the same in a backtest of the bars of the run (I31)', async () => {
    const { code, out } = await ask('replay', '--backtest', '--json');
    expect(code, out).toBe(0);
    const { same, compared, warm, entries, differences } = JSON.parse(out);
    expect(same).toBe(true);
    expect(compared).toBeGreaterThan(60);
    // The history that the broker gave at the start.
    expect(warm).toBeGreaterThan(200);
    expect(entries.session).toBeGreaterThan(0);
    expect(entries.backtest).toBe(entries.session);
    // A bar that the clock closes: live there was still a fresh quote.
    for (const { what } of differences) expect(what).toBe('gate');
    expect((await ask('replay', '--backtest')).out).toMatch(/^same +\d+ of \d+ bars decided alike/);
  });

  it('shows the session on the screen again, with pause, step and speed', async () => {
    const session = new TerminalSession({
      ...{ args: ['replay', '--speed', '50'], cols: 80, rows: 24, home: home.path },
    });
    const says = (text: string) =>
      session.waitUntil(() => session.screen().includes(text), `the words ${text}`);
    await says('REPLAY x50  SIM');
    session.keys('+');
    await says('REPLAY x100  SIM');
    session.keys('-');
    await says('REPLAY x50  SIM');
    session.keys(' ');
    await says('REPLAY x50 paused  SIM');
    const judged = () => /Signal ─ bar [0-9:]+/.exec(session.screen())?.[0];
    const before = judged();
    expect(before).toBeDefined();
    session.keys('.');
    await session.waitUntil(() => judged() !== before, 'the next bar');
    session.keys('f');
    await says('f: this is a recording.');
    session.keys('?');
    await says('go to the next closed bar');
    session.keys('?');
    await says('Space play  . bar  + faster  - slower');
    session.keys('q');
    expect(await session.ended()).toMatchObject({ code: 0 });
    expect(Object.values(session.modes())).toEqual([false, false, false, false]);
  });

  const shown = programCommands().filter(
    ({ verb, args }) => JOURNAL_VERBS.includes(verb) && (verb !== 'replay' || args.length > 1),
  );
  it.each(shown)('$where works', async ({ args }) => {
    const { code, out, err } = await ask(...args);
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toBe('');
  });

  it.each([
    [['explain', 'bar', '25h'], /^palm-oil-tui: a bar is named by/],
    [['explain', 'moon', '1'], /^palm-oil-tui: explain knows bar, trade and order/],
    [['explain', 'order', 'x'], /^palm-oil-tui: The journal knows no order "x"/],
    [['trades', '--env', 'live'], /^palm-oil-tui: There is no journal for live/],
    [['trades', 'export', '--format', 'xml'], /--format is csv or json/],
    [['replay'], /no terminal to draw on: use --verify or --backtest/],
    [['replay', '--verify', '--backtest'], /two comparisons: keep one/],
  ])('%j is refused with a sentence and nothing else', async (args, sentence) => {
    const { code, out, err } = await ask(...args);
    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
  });
});
