/**
 * Realised results to the minor unit: whatever parts, costs, cash, doubles, order and restarts,
 * what is booked is what the broker's deals say, and the balance is their sum (I11 I12 F57 F58).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brokerOrderId,
  type Deal,
  type DealClose,
  dealId,
  money,
  positionId,
  volume,
  wall,
} from '../../src/engine/index.ts';
import type { EngineState } from '../../src/engine/state.ts';
import { type EngineBench, MORNING, ringgit } from '../support/engine.ts';
import { hold, positionOf, shownAs } from './desk.ts';

/** Costs and profits of one closing part, and cash that moves before it. */
const parts = fc.array(
  fc.record({
    gross: fc.integer({ min: -20_000, max: 20_000 }),
    swap: fc.integer({ min: -300, max: 300 }),
    commission: fc.integer({ min: -500, max: 0 }),
    fee: fc.integer({ min: -50, max: 0 }),
    cash: fc.option(fc.integer({ min: -90_000, max: 90_000 }), { nil: 0 }),
  }),
  { minLength: 1, maxLength: 7 },
);
type Part = typeof parts extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

const netOf = ({ gross, swap, commission, fee }: Part): number => gross + swap + commission + fee;

/** The broker's side: 700 opened, closed in these parts; each with the balance after it. */
function dealsOf(story: readonly Part[], bench: EngineBench): Deal[] {
  const { account } = bench.state.core;
  let balance: number = account?.balance ?? 0;
  let balanceVersion = account?.balanceVersion ?? 0;
  return story.map((part, index): Deal => {
    balance += part.cash + netOf(part);
    balanceVersion += part.cash === 0 ? 1 : 2;
    const isLast = index === story.length - 1;
    const closed = volume(isLast ? 700 - 100 * index : 100);
    const close: DealClose = {
      entryPrice: ringgit(4_602),
      closedVolume: closed,
      grossProfit: money(part.gross),
      swap: money(part.swap),
      commission: money(part.commission),
      conversionFee: money(part.fee),
      balance: money(balance),
      balanceVersion,
    };
    return {
      id: dealId(`c${index}`),
      brokerOrderId: brokerOrderId(`95${index}`),
      positionId: positionId('500'),
      instrumentId: positionOf(bench).instrumentId as Deal['instrumentId'],
      side: 'sell',
      filled: closed,
      price: ringgit(4_610),
      time: wall(bench.now + index),
      commission: money(part.commission),
      exponent: 2,
      cause: 'request',
      close,
    };
  });
}

/** As a restart finds it: through text, a new run, and a look that tells the whole day again. */
function restarted(bench: EngineBench, deals: readonly Deal[]): void {
  const { account } = bench.state.core;
  bench.state = JSON.parse(JSON.stringify(bench.state)) as EngineState;
  bench.start();
  const positions = bench.state.core.positions.map(({ id, volume: size }) => {
    const order = bench.state.core.orders.at(-1);
    if (order === undefined) throw new Error('no order');
    return shownAs(order, { id, volume: size });
  });
  const window = { historyFrom: wall(MORNING - 86_400_000), historyTo: wall(bench.now + 1_000) };
  bench.ready({
    ...(account === undefined ? {} : { account }),
    generation: bench.state.core.link.generation + 1,
    snapshot: { ...(account === undefined ? {} : { account }), positions, deals, ...window },
  });
}

const booked = (bench: EngineBench): number[] =>
  bench.effects.flatMap((one) =>
    one.type === 'record' && one.record.kind === 'deal' && one.record.reason !== 'opening'
      ? [one.record.net]
      : [],
  );

describe('realised results', () => {
  it('are the deals to the minor unit, told twice and over restarts (I11 I12 F57)', () => {
    fc.assert(
      fc.property(parts, fc.nat({ max: 6 }), fc.boolean(), (story, cut, twice) => {
        const bench = hold();
        const opening = bench.state.core.account?.balance ?? 0;
        const deals = dealsOf(story, bench);
        deals.forEach((deal, index) => {
          bench.deal(deal);
          if (twice) bench.deal(deal);
          if (index === cut && index < deals.length - 1)
            restarted(bench, deals.slice(0, index + 1));
        });
        restarted(bench, deals);
        const { core } = bench.state;
        const net = story.reduce((sum, part) => sum + netOf(part), 0);
        const cash = story.reduce((sum, part) => sum + part.cash, 0);
        expect(core.positions).toEqual([]);
        expect(booked(bench)).toEqual(story.map(netOf));
        expect(core.stats).toMatchObject({ trades: 1, netProfit: net });
        expect(core.account?.balance).toBe(opening + net + cash);
        expect(core.day?.cashFlow).toBe(cash);
      }),
      { numRuns: 40 },
    );
  });

  it('of parts whose words overtake each other are the same trade (I11 F32)', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 5_039 }), (told, seed) => {
        const story = told.map((part) => ({ ...part, cash: 0 }));
        const bench = hold();
        const deals = dealsOf(story, bench);
        const left = [...deals];
        for (let rest = seed; left.length > 0; rest = Math.floor(rest / 7)) {
          const [deal] = left.splice(rest % left.length, 1);
          if (deal !== undefined) bench.deal(deal);
        }
        const { core } = bench.state;
        const net = story.reduce((sum, part) => sum + netOf(part), 0);
        expect(core.positions).toEqual([]);
        expect(core.stats).toMatchObject({ trades: 1, netProfit: net });
        expect(core.account?.balance).toBe(deals.at(-1)?.close?.balance);
      }),
      { numRuns: 40 },
    );
  });
});
