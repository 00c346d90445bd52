/**
 * What a dangerous dialog says, what it is bound to, and the command it stands for.
 * Deliberately pure: opening, typing and expiring are in `update.ts`, drawing in
 * `panels/dialog.ts`.
 */
import {
  assertNever,
  type CommandBody,
  type Seq,
  type Snapshot,
  volumeText,
} from '../engine/index.ts';
import { openOrders } from './book.ts';
import { modeWords } from './look.ts';
import type { Danger } from './ui-state.ts';

/**
 * Everything the dialog states, as text: when it differs from the text at opening, the dialog is
 * void.
 */
export function shownBy(danger: Danger, snapshot: Snapshot): string {
  switch (danger.type) {
    case 'close': {
      const position = snapshot.positions.find((one) => one.id === danger.positionId);
      return position === undefined
        ? 'gone'
        : `${position.id} ${position.side} ${position.volume} ${position.state}`;
    }
    case 'flatten':
      return [
        ...snapshot.positions.map((one) => `${one.id} ${one.side} ${one.volume}`),
        ...openOrders(snapshot).map((one) => one.id),
      ].join(', ');
    case 'cancel': {
      const order = snapshot.orders.find((one) => one.brokerOrderId === danger.brokerOrderId);
      return order === undefined ? '' : `${order.state} ${order.executed}`;
    }
    case 'resume':
      return snapshot.breakers
        .filter((one) => one.tripped)
        .map((one) => one.name)
        .join(', ');
    default:
      return assertNever(danger, 'danger');
  }
}

export function commandOf(danger: Danger, seen: Seq): CommandBody {
  switch (danger.type) {
    case 'close':
      return {
        type: 'closePosition',
        positionId: danger.positionId,
        seen: { seq: seen, volume: danger.volume },
      };
    case 'flatten':
      return { type: 'flatten' };
    case 'cancel':
      return { type: 'cancelOrder', brokerOrderId: danger.brokerOrderId };
    case 'resume':
      return { type: 'setTradingState', state: 'active' };
    default:
      return assertNever(danger, 'danger');
  }
}

/** What a command acts on; while one is on its way its key is disabled. */
export const targetOf = (danger: Danger): string =>
  danger.type === 'cancel'
    ? danger.row
    : danger.type === 'close'
      ? `p:${danger.positionId}`
      : danger.type === 'resume'
        ? 'entries'
        : danger.type;

export const SIDES = { buy: 'BUY', sell: 'SELL' } as const;

export interface DangerWords {
  readonly title: string;
  readonly consequence: readonly string[];
}

/** `1 position`, `2 positions`. */
export const count = (many: number, word: string): string =>
  `${many} ${word}${many === 1 ? '' : 's'}`;

/** The consequence in full words; `where` is the mode, so that nobody mistakes the account. */
export function dangerWords(danger: Danger, snapshot: Snapshot): DangerWords {
  const where = modeWords(snapshot.environment, snapshot.mode);
  switch (danger.type) {
    case 'close': {
      const position = snapshot.positions.find((one) => one.id === danger.positionId);
      const side = SIDES[position?.side ?? 'buy'];
      const name = snapshot.instrument?.name ?? 'position';
      return {
        title: 'Close this position?',
        consequence: [
          `${side} ${volumeText(danger.volume)} ${name}, in ${where}.`,
          `Position ${danger.positionId}.`,
          'It is closed at the market price, which may differ from the one below.',
        ],
      };
    }
    case 'flatten': {
      const positions = count(snapshot.positions.length, 'position');
      const orders = count(openOrders(snapshot).length, 'open order');
      return {
        title: 'Close everything?',
        consequence: [
          `${positions} and ${orders} in ${where}.`,
          'Orders the broker has named are cancelled, ours are closed at the market price.',
        ],
      };
    }
    case 'cancel': {
      const order = snapshot.orders.find((one) => one.brokerOrderId === danger.brokerOrderId);
      const held = order === undefined ? [] : [`${SIDES[order.side]} ${volumeText(order.volume)}.`];
      return {
        title: 'Cancel this order?',
        consequence: [
          `Order ${danger.brokerOrderId} at the broker, in ${where}.`,
          ...held,
          'What is executed before the cancel arrives stays a position.',
        ],
      };
    }
    case 'resume': {
      const tripped = shownBy(danger, snapshot);
      return {
        title: 'Resume entries?',
        consequence: [
          `The strategy may open positions again in ${where}.`,
          tripped === ''
            ? 'No breaker is tripped.'
            : `Still tripped and still blocking: ${tripped}.`,
        ],
      };
    }
    default:
      return assertNever(danger, 'danger');
  }
}
