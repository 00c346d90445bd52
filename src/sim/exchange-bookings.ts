/**
 * What changes an account besides trading: swap on a position, deposits and withdrawals.
 * Deliberately separate from execution: bookings carry no order.
 */
import { money } from '../engine/index.ts';
import { openPosition } from './exchange-checks.ts';
import { changed, positionWith, type Stepped, withPosition } from './exchange-records.ts';
import type { ExchangeInput, ExchangeState } from './exchange-types.ts';

type InputOf<T extends ExchangeInput['type']> = Extract<ExchangeInput, { type: T }>;

export function swap(state: ExchangeState, input: InputOf<'swap'>): Stepped {
  const position = openPosition(state, input.positionId);
  if (position === undefined) return [state, []];
  const charged = positionWith(position, {
    swap: money(position.swap + input.amount),
    updatedAt: input.time,
  });
  return [withPosition(state, charged), [{ type: 'swap', position: charged, time: input.time }]];
}

export function cash(state: ExchangeState, input: InputOf<'cash'>): Stepped {
  const balance = money(state.account.balance + input.amount);
  const balanceVersion = state.account.balanceVersion + 1;
  const account = { ...state.account, balance, balanceVersion };
  const { amount, time } = input;
  return [changed(state, { account }), [{ type: 'cash', amount, balance, balanceVersion, time }]];
}
