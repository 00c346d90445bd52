/** A journal told again: trades to the cent, the account's curve, decisions and the audit trail. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shownDecision } from '../../src/engine/decision-words.ts';
import { dealId, money, positionId, volume } from '../../src/engine/index.ts';
import type { EngineState } from '../../src/engine/state.ts';
import { viewJournal } from '../../src/runtime/journal-view.ts';
import {
  type AuditRow,
  type EquityPoint,
  Projections,
  type TradeRow,
} from '../../src/runtime/projections.ts';
import { JournalDamaged } from '../../src/runtime/recovery.ts';
import { openDatabase } from '../../src/runtime/sqlite.ts';
import { type EngineBench, ringgit } from '../support/engine.ts';
import { freshFile, morning, openAt, write } from './journal-desk.ts';

/** Closes the position of the morning in two parts, both with costs. */
function closed(bench: EngineBench): EngineBench {
  const account = bench.state.core.account;
  const whole = bench.state.core.positions[0]?.volume ?? volume(0);
  if (account === undefined) throw new Error('the morning has no account');
  let { balance, balanceVersion } = account;
  const part = (id: string, size: number, at: number, gross: number): void => {
    balance = money(balance + gross - 30);
    balanceVersion += 1;
    const close = {
      entryPrice: ringgit(4_590),
      closedVolume: volume(size),
      grossProfit: money(gross),
      swap: money(-10),
      commission: money(-20),
      conversionFee: money(0),
      balance,
      balanceVersion,
    };
    const about = { id: dealId(id), side: 'sell', filled: volume(size), close } as const;
    bench.deal({ ...about, price: ringgit(at), cause: 'target' });
  };
  part('2', 300, 4_600, 3_000);
  part('3', whole - 300, 4_614, 9_611);
  return bench;
}

async function toldMorning() {
  const bench = closed(morning());
  const file = freshFile();
  const { journal } = await openAt(file);
  const state: EngineState = write(journal, bench.inputs);
  await journal.settled();
  const told = {
    opened: [] as TradeRow[],
    closed: [] as TradeRow[],
    equity: [] as EquityPoint[],
    sentences: [] as string[],
    readings: 0,
    audit: [] as AuditRow[],
  };
  // The writer still has the file open: an engine is running on it.
  const view = await viewJournal(file);
  const projections = new Projections({
    opened: (trade) => told.opened.push(trade),
    closed: (trade) => told.closed.push(trade),
    equity: (point) => told.equity.push(point),
    decision: (record) => told.sentences.push(shownDecision(record).sentence),
    sentiment: () => {
      told.readings += 1;
    },
    audit: (row) => told.audit.push(row),
  });
  for (const row of view.facts()) projections.take(row);
  view.close();
  return { bench, state, file, journal, told };
}

describe('projections of a journal', () => {
  it('tell the very trades, net and balance the engine booked (I11 I17)', async () => {
    const { state, journal, told } = await toldMorning();
    const { stats, account } = state.core;
    expect(told.closed).toHaveLength(stats.trades);
    expect(stats.trades).toBe(1);
    const [trade] = told.closed;
    expect(trade?.net).toBe(stats.netProfit);
    expect(trade).toMatchObject({
      number: 1,
      positionId: positionId('500'),
      side: 'buy',
      symbol: 'FCPO',
      entryPrice: ringgit(4_590),
      stop: ringgit(4_521),
      target: ringgit(4_681),
      closeReason: 'target',
    });
    expect(trade?.closedVolume).toBe(trade?.volume);
    expect(told.equity.at(-1)?.amount).toBe(account?.balance);
    expect(told.equity.map(({ cause }) => cause)).toEqual(['day', 'trade', 'trade']);
    await journal.close(state, 'test');
  });

  it('weigh the price of two partial closes by their volumes', async () => {
    const { state, journal, told } = await toldMorning();
    const [trade] = told.closed;
    const size = Number(trade?.volume);
    const exact = (ringgit(4_600) * 300 + ringgit(4_614) * (size - 300)) / size;
    expect(Math.abs(Number(trade?.closePrice) - exact)).toBeLessThanOrEqual(1);
    await journal.close(state, 'test');
  });

  it('hold the decision behind the order, with what it was measured on (I31)', async () => {
    const { state, journal, told } = await toldMorning();
    const [opened] = told.opened;
    expect(told.opened).toHaveLength(1);
    expect(opened?.decision?.blockedBy).toBeUndefined();
    expect(opened?.decision?.view.sentiment?.score).toBe(44);
    expect(opened?.decision?.risk.bid).toBeDefined();
    expect(opened?.decision?.terms.account?.currency).toBe('MYR');
    expect(told.sentences.at(-1)).toMatch(/^enter buy /);
    expect(told.readings).toBeGreaterThan(0);
    await journal.close(state, 'test');
  });

  it('list every move of the order in the audit trail, and nothing of prices', async () => {
    const { state, journal, told } = await toldMorning();
    const moves = told.audit.filter(({ kind }) => kind === 'order').map(({ what }) => what);
    expect(moves[0]).toBe('none > INTENT');
    expect(moves.at(-1)).toMatch(/> FILLED$/);
    expect(told.audit.some(({ kind, what }) => kind === 'started' && /version/.test(what))).toBe(
      true,
    );
    await journal.close(state, 'test');
  });

  it('are read from the file without a single byte of it changed, damage named (F83)', async () => {
    const { state, file, journal } = await toldMorning();
    await journal.close(state, 'test');
    const before = readFileSync(file);
    const view = await viewJournal(file);
    for (const _row of view.rows()) break;
    view.close();
    expect(readFileSync(file).equals(before)).toBe(true);
    const database = await openDatabase(file);
    database.exec("UPDATE entries SET payload = replace(payload, '44', '45') WHERE id > 100");
    database.close();
    const damaged = await viewJournal(file);
    expect(() => [...damaged.rows()]).toThrow(JournalDamaged);
    damaged.close();
    await expect(viewJournal(`${file}.none`)).rejects.toThrow(/cannot be read/);
  });
});
