// Laws of the simulated exchange that hold after every input of any stream:
// conservation, identity, order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerOrderId, money, positionId, price, volume } from '../../src/engine/index.ts';
import { listOf } from '../../src/engine/trail.ts';
import { stepExchange } from '../../src/sim/exchange.ts';
import { equityOf, openProfit } from '../../src/sim/exchange-money.ts';
import type { ExchangeInput, ExchangeOutput, ExchangeState } from '../../src/sim/exchange-types.ts';
import { FCPO_ID } from '../../src/sim/fcpo.ts';
import { listedExchange, NOW, openListing, ringgit, stamp } from './exchange-desk.ts';

type Move =
  | {
      readonly kind: 'quote';
      readonly move: number;
      readonly spread: number;
      readonly sides: number;
    }
  | {
      readonly kind: 'submit';
      readonly buy: boolean;
      readonly size: number;
      readonly stop: number;
      readonly target: number;
    }
  | { readonly kind: 'fill'; readonly pick: number; readonly size: number; readonly slip: number }
  | { readonly kind: 'protect' | 'rest' | 'cancel'; readonly pick: number }
  | { readonly kind: 'close'; readonly pick: number; readonly size: number }
  | {
      readonly kind: 'amend';
      readonly pick: number;
      readonly stop: number;
      readonly target: number;
    }
  | { readonly kind: 'swap' | 'cash'; readonly pick: number; readonly amount: number };

const pick = fc.nat(20);
// Mostly on the grid, sometimes not.
const size = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }).map((count) => count * 100) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6_000 }) },
);
const level = fc.integer({ min: -1, max: 80 });
const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('quote' as const),
      move: fc.integer({ min: -40, max: 40 }),
      spread: fc.integer({ min: 0, max: 9 }),
      sides: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      buy: fc.boolean(),
      size,
      stop: level,
      target: level,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      pick,
      size: fc.integer({ min: 0, max: 3_000 }),
      slip: fc.nat(3),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('protect' as const, 'rest' as const, 'cancel' as const),
      pick,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const), pick, size }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('amend' as const), pick, stop: level, target: level }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('swap' as const, 'cash' as const),
      pick,
      amount: fc.integer({ min: -5_000, max: 5_000 }),
    }),
  },
);

const nth = <T>(list: readonly T[], at: number): T | undefined =>
  list[at % Math.max(1, list.length)];

/** The next input of a move; what it points at depends on the state. */
function inputOf(state: ExchangeState, move: Move, bid: { now: number }): ExchangeInput {
  const position = 'pick' in move ? nth(state.positions, move.pick) : undefined;
  const id = position?.id ?? positionId('1');
  const working = state.orders.filter((order) => move.kind !== 'fill' || order.type === 'MARKET');
  const order = 'pick' in move ? nth(working, move.pick) : undefined;
  const orderId = order?.id ?? brokerOrderId('1');
  switch (move.kind) {
    case 'quote': {
      bid.now = Math.max(200, bid.now + move.move);
      const sides = {
        ...(move.sides !== 2 ? { bid: ringgit(bid.now) } : {}),
        ...(move.sides !== 1 ? { ask: ringgit(bid.now + move.spread) } : {}),
      };
      return { type: 'quote', instrumentId: FCPO_ID, time: NOW, initial: false, ...sides };
    }
    case 'submit': {
      const side = move.buy ? 'buy' : 'sell';
      const levels = {
        ...(move.stop < 0 ? {} : { stopDistance: ringgit(move.stop) }),
        ...(move.target < 0 ? {} : { targetDistance: ringgit(move.target) }),
      };
      const what = { instrumentId: FCPO_ID, side, volume: volume(move.size) } as const;
      return { type: 'submit', ...stamp, ...what, ...levels };
    }
    case 'fill': {
      const part = move.size > 0 ? { volume: volume(move.size) } : {};
      return { type: 'fill', ...stamp, orderId, slippage: ringgit(move.slip), ...part };
    }
    case 'protect':
      return { type: 'protect', time: NOW, positionId: id };
    case 'rest':
      return { type: 'cancelRest', ...stamp, orderId };
    case 'cancel':
      return { type: 'cancel', ...stamp, orderId };
    case 'close':
      return { type: 'close', ...stamp, positionId: id, volume: volume(move.size) };
    case 'amend': {
      const levels = {
        ...(move.stop < 0 ? {} : { stop: ringgit(bid.now - 40 + move.stop) }),
        ...(move.target < 0 ? {} : { target: ringgit(bid.now - 40 + move.target) }),
      };
      return { type: 'amend', ...stamp, positionId: id, ...levels };
    }
    case 'swap':
      return { type: 'swap', time: NOW, positionId: id, amount: money(move.amount) };
    case 'cash':
      return { type: 'cash', time: NOW, amount: money(move.amount) };
  }
}

interface Ledger {
  balance: number;
  version: number;
  /** Volume held by position, from deals alone. */
  readonly held: Map<string, number>;
  readonly dealIds: Set<string>;
  readonly seen: { deals: number; triggers: number };
}

function book(ledger: Ledger, output: ExchangeOutput): void {
  if (output.type === 'cash') {
    ledger.balance += output.amount;
    ledger.version += 1;
  }
  if (output.type !== 'execution' || output.deal === undefined) return;
  const { deal, order } = output;
  expect(ledger.dealIds.has(deal.id), 'a deal id comes once').toBe(false);
  ledger.dealIds.add(deal.id);
  ledger.seen.deals += 1;
  const held = ledger.held.get(deal.positionId) ?? 0;
  const { close } = deal;
  ledger.held.set(deal.positionId, close === undefined ? held + deal.filled : held - deal.filled);
  expect(order.closing).toBe(close !== undefined);
  if (close === undefined) return;
  const net = close.grossProfit + close.swap + close.commission + close.conversionFee;
  ledger.balance += net;
  ledger.version += 1;
  expect(close.balance, 'balance identity of a closing deal (F55)').toBe(ledger.balance);
  expect(close.balanceVersion).toBe(ledger.version);
  if (deal.cause === 'request') return;
  ledger.seen.triggers += 1;
  const sells = deal.side === 'sell';
  const { stopPrice, limitPrice } = order;
  if (deal.cause === 'stop') {
    // Never filled better than its level by mistake.
    expect(sells ? deal.price <= (stopPrice ?? 0) : deal.price >= (stopPrice ?? 0)).toBe(true);
  } else {
    expect(sells ? deal.price >= (limitPrice ?? 0) : deal.price <= (limitPrice ?? 0)).toBe(true);
  }
}

function checkState(state: ExchangeState, ledger: Ledger): void {
  expect(state.account.balance, 'balance = start + sum of net').toBe(ledger.balance);
  expect(state.account.balanceVersion).toBe(ledger.version);
  let open = 0;
  for (const position of state.positions) {
    open += openProfit(state, position);
    expect(position.volume).toBeGreaterThanOrEqual(0);
    expect(position.volume, 'volume follows from deals').toBe(ledger.held.get(position.id) ?? 0);
    expect(position.status).toBe(position.volume > 0 ? 'OPEN' : 'CREATED');
    expect(position.commission).toBeLessThanOrEqual(0);
    const protective = state.orders.filter(
      (order) => order.type === 'PROTECTIVE' && order.positionId === position.id,
    );
    expect(protective.length, 'one protective order at most').toBeLessThanOrEqual(1);
    const [order] = protective;
    expect(order?.id).toBe(position.protectiveOrderId);
    expect([order?.stopPrice, order?.limitPrice]).toEqual([position.stop, position.target]);
    if (order !== undefined) expect(order.volume).toBe(position.volume);
  }
  expect(equityOf(state), 'equity identity').toBe(ledger.balance + open);
  for (const order of state.orders) {
    const stray = !state.positions.some((position) => position.id === order.positionId);
    expect(stray && order.type === 'PROTECTIVE', 'no protective order without position').toBe(
      false,
    );
    expect(order.executed).toBeLessThan(order.volume);
  }
}

describe('laws of the exchange', () => {
  it('hold after every input of any stream', () => {
    const total = { deals: 0, triggers: 0 };
    fc.assert(
      fc.property(fc.array(moves, { minLength: 20, maxLength: 120 }), (stream) => {
        const first = { type: 'quote', instrumentId: FCPO_ID, time: NOW, initial: false } as const;
        const known = { bid: ringgit(4600), ask: ringgit(4603) };
        let [state] = stepExchange(listedExchange(), { ...first, ...known });
        const { balance, balanceVersion } = state.account;
        const ledger: Ledger = {
          balance,
          version: balanceVersion,
          held: new Map(),
          dealIds: new Set(),
          seen: total,
        };
        const bid = { now: 4600 };
        for (const move of stream) {
          const [next, outputs] = stepExchange(state, inputOf(state, move, bid));
          for (const output of outputs) book(ledger, output);
          if (outputs[0]?.type === 'refused') expect(next).toBe(state);
          checkState(next, ledger);
          state = next;
        }
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      { numRuns: 300 },
    );
    // The streams must reach what they are about.
    expect(total.deals).toBeGreaterThan(300);
    expect(total.triggers).toBeGreaterThan(30);
  });

  it('return every sen: all closed at the entry quote costs exactly the commissions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 6 }), (parts) => {
        const listing = openListing();
        let state = listedExchange(listing);
        const flat = { bid: ringgit(4600), ask: ringgit(4600) };
        const quote = { type: 'quote', instrumentId: FCPO_ID, time: NOW, initial: false } as const;
        const apply = (input: ExchangeInput): readonly ExchangeOutput[] => {
          const [next, outputs] = stepExchange(state, input);
          state = next;
          return outputs;
        };
        const run = (input: ExchangeInput): void => {
          const [accepted] = apply(input);
          if (accepted?.type !== 'execution')
            throw new Error(`refused: ${JSON.stringify(accepted)}`);
          apply({ type: 'fill', ...stamp, orderId: accepted.order.id, slippage: price(0) });
        };
        apply({ ...quote, ...flat });
        const whole = parts.reduce((sum, part) => sum + part, 0) * 100 + 100;
        const open = { instrumentId: FCPO_ID, side: 'buy', volume: volume(whole) } as const;
        run({ type: 'submit', ...stamp, ...open });
        const id = state.positions[0]?.id ?? positionId('0');
        for (const part of [...parts, 1]) {
          run({ type: 'close', ...stamp, positionId: id, volume: volume(part * 100) });
        }
        expect(state.positions).toEqual([]);
        const charged = listOf(state.deals).reduce((sum, deal) => sum + deal.commission, 0);
        expect(state.account.balance).toBe(5_000_000 + charged);
      }),
      { numRuns: 100 },
    );
  });
});
