/**
 * What changes an account besides trading: swap on a position, deposits and withdrawals.
 * Deliberately separate from execution: bookings carry no order.
 */
import { money } from '../engine/index.ts';
import { openPosition } from './exchange-checks.ts';
import {
  copyOfPosition,
  copyOfState,
  type Stepped,
  withBalance,
  withPosition,
} from './exchange-records.ts';
import type { ExchangeInput, ExchangeState } from './exchange-types.ts';

type InputOf<T extends ExchangeInput['type']> = Extract<ExchangeInput, { type: T }>;

export function swap(state: ExchangeState, input: InputOf<'swap'>): Stepped {
  const position = openPosition(state, input.positionId);
  if (position === undefined) return [state, []];
  const charged = copyOfPosition(position);
  charged.swap = money(position.swap + input.amount);
  charged.updatedAt = input.time;
  return [withPosition(state, charged), [{ type: 'swap', position: charged, time: input.time }]];
}

export function cash(state: ExchangeState, input: InputOf<'cash'>): Stepped {
  const { amount, time } = input;
  const next = copyOfState(state);
  next.account = withBalance(state.account, money(state.account.balance + amount));
  const { balance, balanceVersion } = next.account;
  return [next, [{ type: 'cash', amount, balance, balanceVersion, time }]];
}
