/** The trading day from the broker's history: a lost journal gives nothing back (P14, rule 5). */
import { describe, expect, it } from 'vitest';
import {
  type BrokerSnapshot,
  brokerOrderId,
  clientOrderId,
  dealId,
  generation,
  money,
  type OrderUpdate,
  positionId,
  untrusted,
  volume,
  wall,
} from '../../src/engine/index.ts';
import { LABEL_TAG } from '../../src/engine/orders.ts';
import { entryRefusal } from '../../src/engine/risk/gate.ts';
import { ACCOUNT, EngineBench, FCPO, MORNING, ringgit } from '../support/engine.ts';
import { closeOf, EAGER } from './desk.ts';

const MIDNIGHT = Math.floor(MORNING / 86_400_000) * 86_400_000;
const WINDOW = { historyFrom: wall(MIDNIGHT - 60_000), historyTo: wall(MORNING) };

/** An entry of ours earlier today, filled and over. */
const entry = (number: number): OrderUpdate => ({
  brokerOrderId: brokerOrderId(`80${number}`),
  clientOrderId: clientOrderId(`b-301-${number}`),
  label: untrusted(`${LABEL_TAG}b-301-${number}`),
  positionId: positionId(`40${number}`),
  instrumentId: FCPO.id,
  side: 'buy',
  volume: volume(100),
  executed: volume(100),
  status: 'filled',
  closing: false,
  protective: false,
  time: wall(MORNING - 3_600_000 + number * 60_000),
});

/** Entries of today with these results, as the broker tells of them; cash may have moved first. */
function today(nets: readonly number[], cash = 0): Partial<BrokerSnapshot> {
  let balance = 5_000_000 - nets.reduce((sum, net) => sum + net, 0) - cash;
  const deals = nets.flatMap((net, index) => {
    const { brokerOrderId: order, time } = entry(index);
    const position = positionId(`40${index}`);
    if (index === 1) balance += cash;
    const about = { positionId: position, instrumentId: FCPO.id, exponent: 2, filled: volume(100) };
    const close = closeOf(100, net, { balance, version: 10 + index });
    balance += net;
    return [
      {
        ...about,
        id: dealId(`7${index}0`),
        brokerOrderId: order,
        side: 'buy' as const,
        price: ringgit(4_602),
        time,
        commission: money(-30),
        cause: 'request' as const,
      },
      {
        ...about,
        id: dealId(`7${index}1`),
        brokerOrderId: brokerOrderId(`81${index}`),
        side: 'sell' as const,
        price: ringgit(4_580),
        time: wall(time + 30_000),
        commission: money(-30),
        cause: 'stop' as const,
        close,
      },
    ];
  });
  const account = { ...ACCOUNT, balanceVersion: 10 + nets.length };
  return { account, deals, endedOrders: nets.map((_, index) => entry(index)), ...WINDOW };
}

function begun(snapshot: Partial<BrokerSnapshot>, config = EAGER): EngineBench {
  const bench = new EngineBench(config);
  bench.start();
  const account = snapshot.account ?? ACCOUNT;
  bench.ready({ account, snapshot });
  return bench;
}

const tripped = (bench: EngineBench, name: 'DAILY_LOSS' | 'LOSS_STREAK' | 'ORDER_RATE') =>
  bench.state.core.breakers[name].tripped;

describe('a day that nobody here watched begin', () => {
  it('opens only with its history, which is asked for at once (rule 5, I32)', () => {
    const bench = begun({ historyFrom: wall(MORNING - 60_000) });
    expect(bench.state.core.day).toBeUndefined();
    expect(entryRefusal(bench.state)).toContain('the trading day is not opened');
    const blind = new EngineBench(EAGER);
    blind.start();
    blind.feed({ type: 'link', state: 'SYNCING', generation: generation(1) });
    blind.feed({ type: 'account', account: ACCOUNT });
    blind.pass({});
    expect(blind.effects.at(-1)).toEqual({
      type: 'query',
      query: { type: 'reconcile', historyFrom: MIDNIGHT - 60_000 },
    });
    blind.pass(WINDOW);
    expect(blind.state.core.day).toMatchObject({ openingEquity: 5_000_000, cashFlow: 0 });
  });

  it('without a journal counts the entries of today towards their cap (P14 F50 F88)', () => {
    const bench = begun(today([1_000, 1_000, -500]), { ...EAGER, entriesPerDay: 3 });
    expect(bench.state.core.tallies.entries).toMatchObject({ count: 3, isFull: true });
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    const other = begun(today([1_000, 1_000, -500]), { ...EAGER, entriesPerDay: 4 });
    expect(tripped(other, 'ORDER_RATE')).toBe(false);
    other.bar(4_600);
    other.durable();
    expect(other.requests).toHaveLength(1);
  });

  it('with an older journal of today counts the larger of both (P14 F88)', () => {
    const bench = begun(today([1_000]), { ...EAGER, entriesPerDay: 3 });
    expect(bench.state.core.tallies.entries.count).toBe(1);
    bench.start();
    expect(bench.state.core.dayRead).toBeUndefined();
    bench.ready({ account: ACCOUNT, snapshot: { ...today([1_000, 200, 300]) }, generation: 2 });
    expect(bench.state.core.tallies.entries.count).toBe(3);
    expect(tripped(bench, 'ORDER_RATE')).toBe(true);
    const { openingEquity } = bench.state.core.day ?? {};
    bench.start();
    bench.ready({ account: ACCOUNT, snapshot: WINDOW, generation: 3 });
    expect(bench.state.core.tallies.entries.count).toBe(3);
    expect(bench.state.core.day?.openingEquity).toBe(openingEquity);
  });

  it.each([
    [-263_157, false],
    [-263_158, true],
  ])('a loss of %d before the start counts from the balance before it (rule 5 F63)', (net, is) => {
    const bench = begun(today([net]));
    expect(bench.state.core.day?.openingEquity).toBe(5_000_000 - net);
    expect(tripped(bench, 'DAILY_LOSS')).toBe(is);
  });

  it('cash between the deals is no result of the day (F58)', () => {
    const bench = begun(today([-50_000, -60_000], 1_000_000));
    expect(bench.state.core.day).toMatchObject({
      openingEquity: 5_000_000 - 1_000_000 + 110_000,
      cashFlow: 1_000_000,
    });
    expect(tripped(bench, 'DAILY_LOSS')).toBe(false);
  });

  it('a gain of before the start is not there to be lost again', () => {
    expect(begun(today([90_000])).state.core.day?.openingEquity).toBe(5_000_000);
  });

  it('losses in a row of before the start are a streak (rule 7 F61)', () => {
    expect(tripped(begun(today([-100, -200, -300])), 'LOSS_STREAK')).toBe(true);
    const two = begun(today([-100, 500, -200, 0, -300]));
    expect(two.state.core.lossStreak).toBe(2);
    expect(tripped(two, 'LOSS_STREAK')).toBe(false);
  });
});
