/**
 * What reaches the simulated broker: nothing that trades in a dry run, however much it trades on
 * paper; and in an armed live run the orders themselves, which shows that the counting can fail.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { armWhenReady } from '../../src/cli/arm-run.ts';
import { begin, compose } from '../../src/cli/compose.ts';
import { resolveConfig } from '../../src/cli/config.ts';
import { simMarket } from '../../src/cli/sim-market.ts';
import { TRADING_MESSAGES } from '../../src/ctrader/trading.ts';
import { wall } from '../../src/engine/index.ts';
import { prepareJournal } from '../../src/runtime/journal.ts';
import { createLog } from '../../src/runtime/log.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ensureBuilt } from './terminal-session.ts';

const SEED = 9;
const HOURS = 2;
const BUSY = {
  RSI_OVERSOLD: '45',
  RSI_OVERBOUGHT: '55',
  SENTIMENT_MODE: 'off',
  TREND_FILTER: 'false',
  TAKE_PROFIT_PERCENT: '0.6',
  STOP_LOSS_PERCENT: '0.3',
} as const;
const TRADING: ReadonlySet<string> = TRADING_MESSAGES;

async function play(mode: 'dry-run' | 'live', directory: string) {
  const resolved = resolveConfig({
    options: { seed: String(SEED), speed: '100000', mode },
    env: BUSY,
    dotenv: undefined,
    configFile: undefined,
    platform: { os: 'linux', home: directory, cwd: directory },
  });
  if (resolved.status !== 'resolved') throw new Error(resolved.faults.join('\n'));
  const { market, account } = simMarket({ replayFile: undefined, seed: SEED, defaultSeed: SEED });
  const journalFile = join(directory, 'journal.db');
  await prepareJournal(journalFile, { environment: 'sim', account, mode });
  const names: string[] = [];
  const trades = await new Promise<number>((resolve, reject) => {
    const parts = {
      config: resolved.config,
      account,
      runId: `${account}-1`,
      recovered: undefined,
      journalFile,
      stateDir: directory,
      market,
      until: wall(market.liveFrom + HOURS * 3_600_000),
      log: createLog({ level: 'error', to: 2, secrets: [], now: () => 0 }),
      onEnd: () => {
        const state = composed.loop.state();
        void composed.journal.close(state, 'end').then(() => resolve(state.core.stats.trades));
      },
      onDefect: reject,
      onChange: () => undefined,
      onWire: (name: string) => names.push(name),
    } as const;
    const composed = compose(parts);
    begin(composed, parts);
    if (mode === 'live') armWhenReady(composed, account, (why) => reject(new Error(why)));
  });
  return { trades, frames: names.length, orders: names.filter((name) => TRADING.has(name)) };
}

beforeAll(ensureBuilt);

describe('frames at the simulated broker', () => {
  it('a dry run that trades sends none that trades (I19 F119)', async () => {
    const { trades, frames, orders } = await play('dry-run', tempDir());
    expect(trades).toBeGreaterThan(0);
    expect(frames).toBeGreaterThan(10);
    expect(orders).toEqual([]);
  });

  it('an armed live run sends its entries, so the count can fail (I19)', async () => {
    const { trades, orders } = await play('live', tempDir());
    expect(trades).toBeGreaterThan(0);
    expect(orders).toContain('ProtoOANewOrderReq');
  });
});
