/**
 * Live mode of the real program on the embedded simulator, with real orders on its wire: armed by
 * the command line, the same journal for the same seed, and unarmed again after a kill.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { Headless, type Line } from './headless.ts';
import { ensureBuilt } from './terminal-session.ts';

/** What the header of the simulator shows. */
const ACCOUNT = '9000001';
/** Trades at the first chance, whatever the news say. */
const EAGER = {
  RSI_OVERSOLD: '45',
  RSI_OVERBOUGHT: '55',
  SENTIMENT_MODE: 'off',
  TREND_FILTER: 'false',
  TAKE_PROFIT_PERCENT: '0.6',
  STOP_LOSS_PERCENT: '0.3',
} as const;
const LIVE = ['--env', 'sim', '--mode', 'live', '--seed', '9', '--speed', '3600'];
const ARMED = [...LIVE, '--arm', ACCOUNT, '--duration', '2h'];

const stopped = (one: Headless): Line | undefined => one.lines.at(-1);
const said = (one: Headless, words: RegExp) => one.lines.filter((l) => words.test(l.message));

async function whole(args: readonly string[], home = tempDir()): Promise<Headless> {
  const run = new Headless(home, args, EAGER);
  await run.ended;
  return run;
}

beforeAll(ensureBuilt);

describe('live mode on the simulator', () => {
  it('arms, opens and closes over the wire, and repeats by seed (I19 A10 F119)', async () => {
    const [first, second] = await Promise.all([whole(ARMED), whole(ARMED)]);
    expect((await first.ended).code, first.stderr).toBe(0);
    expect(said(first, /^armed for account 9000001/)).not.toEqual([]);
    expect(Number(stopped(first)?.['trades'])).toBeGreaterThan(0);
    expect(stopped(second)?.['digest']).toBe(stopped(first)?.['digest']);
  });

  it('without being armed it opens nothing and says why (I19)', async () => {
    const run = await whole([...LIVE, '--duration', '2h']);
    expect((await run.ended).code).toBe(0);
    expect(stopped(run)).toMatchObject({ trades: 0, positions: [] });
    expect(said(run, /live trading is not armed/)).not.toEqual([]);
  });

  it('another account number ends it with a sentence and nothing opened (F119)', async () => {
    const run = await whole([...LIVE, '--arm', '9000002']);
    expect((await run.ended).code).toBe(17);
    expect(run.stderr).toContain('9000002 is not the number of this account');
    expect(stopped(run)).toMatchObject({ trades: 0, positions: [] });
  });

  it('killed with a position it comes back unarmed and manages it (I19 I09 F82)', async () => {
    const home = tempDir();
    const before = new Headless(home, [...LIVE, '--arm', ACCOUNT], EAGER);
    await before.line('a protected position', ({ message }) => /^position .* stop/.test(message));
    before.kill('SIGKILL');
    await before.ended;
    const after = new Headless(home, [...LIVE, '--duration', '1d'], EAGER);
    const back = await after.line('the recovery', ({ message }) => message === 'recovered');
    expect(back['positions']).toHaveLength(1);
    await after.ended;
    expect(said(after, /armed for account| intended: /)).toEqual([]);
    const trades = Number(back['trades']) + 1;
    expect(stopped(after)).toMatchObject({ trades, positions: [], breakers: [] });
  });
});
