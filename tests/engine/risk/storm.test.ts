/**
 * The worst day: ten losing trades in a row, ATR at five times its median, a −10 % flash crash, all
 * at once, through a crash of the program and a recovery from the journal, until everything is
 * clear again by its rules. The broker is played by hand.
 */
import { describe, expect, it } from 'vitest';
import {
  type Bar,
  type BreakerName,
  brokerOrderId,
  dealId,
  type EngineConfig,
  generation,
  positionId,
  volume,
  wall,
} from '../../../src/engine/index.ts';
import { trippedBreakers } from '../../../src/engine/risk/breakers.ts';
import { digest } from '../../../src/engine/state.ts';
import { listOf } from '../../../src/engine/trail.ts';
import { recover } from '../../../src/runtime/recovery.ts';
import { type EngineBench, FCPO, MORNING, quietBars, ringgit } from '../../support/engine.ts';
import { IDENTITY, journalIn } from '../../support/journal.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { closingDeal, EAGER, idsOf, orderOf, positionOf, protect, readyBench } from '../desk.ts';
import { changes, enter, HOUR, tripped } from './breaker-desk.ts';

const CONFIG: EngineConfig = {
  ...EAGER,
  timeframeMs: 60_000,
  trendFilter: false,
  lossStreakMax: 10,
  entriesPerDay: 50,
};

/** Nine of these and an open loss of 340 ringgit on 7 tonnes are 5 % of 50,000.00 to the sen. */
const SMALL_LOSS = 1_310;
const ENTRY_PRICE = 4_602;
const LIMIT_BID = ENTRY_PRICE - 340;
const CRASH_BID = 4_140;

/** An entry, filled at its price and protected. */
function open(bench: EngineBench, id: string): void {
  enter(bench);
  const order = orderOf(bench);
  const brokerId = brokerOrderId(`9${id}`);
  bench.orderUpdate({ ...idsOf(order), brokerOrderId: brokerId, positionId: positionId(id) });
  bench.deal({
    id: dealId(`o${id}`),
    brokerOrderId: brokerId,
    positionId: positionId(id),
    filled: order.volume,
    price: ringgit(ENTRY_PRICE),
  });
  protect(bench, 4_532, id);
}

function loseBy(bench: EngineBench, id: string, net: number): void {
  const size = positionOf(bench).volume;
  const deal = closingDeal(bench, { id: `c${id}`, size, net });
  bench.deal({ ...deal, positionId: positionId(id), cause: 'stop' });
}

/** ATR as a multiple of its median, and whether the newest bar alone is wild. */
function heat({ state }: EngineBench): { atr: number; range: number } {
  const { atr, atrMedian = Number.NaN } = state.market.indicators;
  return { atr: atr.value / atrMedian, range: atr.range / atrMedian };
}

/** Nine losing trades, then an open tenth. */
function nineLosses(): EngineBench {
  const bench = readyBench(CONFIG);
  for (let trade = 1; trade <= 9; trade += 1) {
    open(bench, `${500 + trade}`);
    loseBy(bench, `${500 + trade}`, -SMALL_LOSS);
    expect(bench.state.core.lossStreak).toBe(trade);
    expect(trippedBreakers(bench.state.core), `after ${trade} losses`).toEqual([]);
  }
  open(bench, '510');
  expect(positionOf(bench).volume).toBe(volume(700));
  return bench;
}

/** Bars between two levels until ATR is five times its median. */
function wildMarket(bench: EngineBench): void {
  for (let bars = 0; heat(bench).atr < 5; bars += 1) {
    expect(bars, 'bars until ATR is five times its median').toBeLessThan(40);
    const before = heat(bench);
    const isDue = before.atr >= 2 || before.range >= 3;
    expect(tripped(bench, 'VOLATILITY')).toBe(isDue || bars > 1);
    bench.bar(bars % 2 === 0 ? 4_540 : 4_660);
  }
  expect(tripped(bench, 'VOLATILITY')).toBe(true);
}

/** A price the engine believes only when it is said again (F74). */
function crashTo(bench: EngineBench, bid: number): void {
  for (let again = 0; again < 3; again += 1) {
    bench.jump(250);
    bench.quote(bid, bid + 2);
  }
}

function flashCrash(bench: EngineBench): void {
  crashTo(bench, LIMIT_BID + 1);
  expect(bench.state.market.quote?.bid).toBe(ringgit(LIMIT_BID + 1));
  expect(tripped(bench, 'DAILY_LOSS'), 'one tick before the limit').toBe(false);
  crashTo(bench, LIMIT_BID);
  expect(tripped(bench, 'DAILY_LOSS'), 'at the limit, inclusive').toBe(true);
  crashTo(bench, CRASH_BID);
  expect(CRASH_BID / ENTRY_PRICE).toBeLessThanOrEqual(0.9);
}

const ALL: readonly BreakerName[] = ['DAILY_LOSS', 'LOSS_STREAK', 'VOLATILITY'];

/** Everything at once; the tenth loss is the stop, filled far below it. */
function storm(): EngineBench {
  const bench = nineLosses();
  wildMarket(bench);
  flashCrash(bench);
  expect(tripped(bench, 'LOSS_STREAK'), 'nine losses').toBe(false);
  loseBy(bench, '510', -324_000);
  expect(tripped(bench, 'LOSS_STREAK'), 'ten losses').toBe(true);
  expect(trippedBreakers(bench.state.core)).toEqual(ALL);
  for (const name of ALL) expect(changes(bench, name), name).toEqual(['tripped']);
  return bench;
}

/** Calm bars that would each bring an entry. */
function calm(bench: EngineBench, bars: number): void {
  for (let bar = 0; bar < bars; bar += 1) bench.bar(bar % 2 === 0 ? CRASH_BID : CRASH_BID + 4);
}

/** The program dies; what the journal kept is replayed, and a new run goes on with it. */
async function restarted(bench: EngineBench): Promise<void> {
  const { file, journal } = await journalIn(tempDir());
  for (const input of bench.inputs) journal.append(input);
  journal.record(bench.state.at.seq, { kind: 'note', text: 'end' }, true);
  await journal.settled();
  const recovered = await recover(file, IDENTITY);
  await journal.close(bench.state, 'test');
  if (recovered === undefined) throw new Error('nothing was recovered');
  expect(recovered.replayed).toBe(bench.inputs.length);
  expect(digest(recovered.state)).toBe(digest(bench.state));
  bench.state = recovered.state;
  bench.start();
}

/** A new connection; the broker shows what the engine holds. */
function connect(bench: EngineBench, bars: readonly Bar[] = []): void {
  const gen = generation(bench.state.core.link.generation + 1);
  const { account } = bench.state.core;
  if (account === undefined) throw new Error('there is no account');
  bench.feed({ type: 'link', state: 'SYNCING', generation: gen });
  const today = { historyFrom: wall(bench.now - 86_400_000), historyTo: wall(bench.now) };
  bench.pass({ account, ...today }, gen);
  if (bars.length > 0) {
    const { timeframeMs } = CONFIG;
    const asOf = wall(bench.now);
    bench.feed({ type: 'barsLoaded', instrumentId: FCPO.id, timeframeMs, bars, asOf });
  }
  for (let again = 0; again < 3; again += 1)
    bench.quote(CRASH_BID, CRASH_BID + 2, { generation: gen });
  bench.feed({ type: 'link', state: 'READY', generation: gen });
  bench.wait(250);
}

const entries = (bench: EngineBench): number =>
  bench.requests.filter(({ type }) => type === 'submitOrder').length;

describe('ten losses, a wild market and a flash crash at once', () => {
  it('each breaker trips at its exact threshold, inclusive (I04 F63)', () => {
    storm();
  });

  it('no entry gets through, in calm bars that would each bring one (I04)', () => {
    const bench = storm();
    const before = entries(bench);
    calm(bench, 20);
    bench.durable();
    expect(entries(bench)).toBe(before);
    const blocked = listOf(bench.state.core.decisions).slice(-20);
    expect(new Set(blocked.map(({ blockedBy }) => blockedBy))).toEqual(new Set(['breakers']));
    expect(bench.state.core.orders.filter(({ state }) => state === 'INTENT')).toEqual([]);
  });

  it('a close by the person leaves although everything is tripped', () => {
    const bench = nineLosses();
    wildMarket(bench);
    flashCrash(bench);
    bench.command({ type: 'kill', flatten: false });
    expect(trippedBreakers(bench.state.core)).toEqual(['DAILY_LOSS', 'VOLATILITY', 'KILL']);
    const { id, volume: size } = positionOf(bench);
    const seen = { seq: bench.state.at.seq, volume: size };
    bench.command({ type: 'closePosition', positionId: id, seen });
    bench.durable();
    expect(bench.requests.at(-1)).toMatchObject({ type: 'closePosition', positionId: id });
  });

  it('all hold over a crash and clear by their rules alone (I21)', async () => {
    const bench = storm();
    const before = entries(bench);
    await restarted(bench);
    expect(trippedBreakers(bench.state.core)).toEqual(ALL);
    connect(bench);
    expect(trippedBreakers(bench.state.core)).toEqual(ALL);
    calm(bench, 60);
    bench.durable();
    expect(trippedBreakers(bench.state.core), 'calm bars').toEqual(['DAILY_LOSS', 'LOSS_STREAK']);
    expect(entries(bench), 'the same day').toBe(before);
    await restarted(bench);
    const morning = MORNING + 24 * HOUR;
    bench.jump(morning - bench.now);
    connect(bench, quietBars(150, CRASH_BID, morning, CONFIG.timeframeMs));
    bench.wait(1_000);
    expect(trippedBreakers(bench.state.core), 'the next trading day').toEqual([]);
    for (const name of ALL) expect(changes(bench, name), name).toEqual(['tripped', 'cleared']);
    calm(bench, 6);
    bench.durable();
    expect(entries(bench), 'the next day').toBeGreaterThan(before);
  });
});
