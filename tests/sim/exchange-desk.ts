// A bench for the simulated exchange: named moves, and outputs as lines a trader can read.
// It feeds follow-ups back at once unless told not to; it checks nothing itself.
import {
  moneyText,
  price,
  priceText,
  type Side,
  volume,
  volumeText,
  wall,
} from '../../src/engine/index.ts';
import { FIRST_IDS, seedExchange, stepExchange } from '../../src/sim/exchange.ts';
import type {
  Due,
  ExchangeInput,
  ExchangeOutput,
  ExchangeState,
  Listing,
} from '../../src/sim/exchange-types.ts';
import { FCPO_ID, fcpoListing, SIMULATED_ACCOUNT, sessionsBetween } from '../../src/sim/fcpo.ts';

/** Monday morning, ten minutes after the open. */
export const NOW = wall(1_736_131_200_000);
export const NIGHT = wall(NOW + 10.5 * 3_600_000);
export const ringgit = (whole: number) => price(whole * 100_000);
export const tonnes = (count: number) => volume(count * 100);

export const openListing = (): Listing => fcpoListing(sessionsBetween(NOW, wall(NOW + 86_400_000)));

export function listedExchange(listing: Listing = openListing()): ExchangeState {
  const seed = { account: SIMULATED_ACCOUNT, ids: FIRST_IDS, positions: [], time: NOW };
  const [state] = stepExchange(seedExchange(seed), { type: 'list', listing, time: NOW });
  return state;
}

export const stamp = { time: NOW, ref: 'r' } as const;

export function createDesk(listing?: Listing) {
  let state = listedExchange(listing);
  const log: ExchangeOutput[] = [];
  const apply = (input: ExchangeInput): readonly ExchangeOutput[] => {
    const [next, outputs] = stepExchange(state, input);
    state = next;
    log.push(...outputs);
    return outputs;
  };
  const follow = (outputs: readonly ExchangeOutput[]): void => {
    for (const output of outputs) {
      const due: Due | undefined = output.type === 'execution' ? output.due : undefined;
      if (due === undefined || output.type !== 'execution') continue;
      const { ref, time } = output;
      follow(apply(due.type === 'fill' ? { ...due, ref, time } : { ...due, time }));
    }
  };
  return {
    apply,
    state: (): ExchangeState => state,
    log: (): readonly ExchangeOutput[] => log,
    last: (): ExchangeOutput | undefined => log.at(-1),
    quote: (bid: number | undefined, ask?: number, time = NOW) =>
      apply({
        type: 'quote',
        instrumentId: FCPO_ID,
        time,
        initial: false,
        ...(bid === undefined ? {} : { bid: ringgit(bid) }),
        ...(ask === undefined ? {} : { ask: ringgit(ask) }),
      }),
    /** Submit, fill and protect at once. */
    open: (side: Side, size: number, levels: { stop?: number; target?: number } = {}) =>
      follow(
        apply({
          type: 'submit',
          ...stamp,
          instrumentId: FCPO_ID,
          side,
          volume: tonnes(size),
          clientOrderId: 'c-1',
          label: 'pot c-1',
          ...(levels.stop === undefined ? {} : { stopDistance: ringgit(levels.stop) }),
          ...(levels.target === undefined ? {} : { targetDistance: ringgit(levels.target) }),
        }),
      ),
    close: (size: number) => {
      const id = state.positions[0]?.id;
      if (id === undefined) throw new Error('no position to close');
      follow(apply({ type: 'close', ...stamp, positionId: id, volume: tonnes(size) }));
    },
    amend: (levels: { stop?: number; target?: number }) => {
      const id = state.positions[0]?.id;
      if (id === undefined) throw new Error('no position to amend');
      return apply({
        type: 'amend',
        ...stamp,
        positionId: id,
        ...(levels.stop === undefined ? {} : { stop: ringgit(levels.stop) }),
        ...(levels.target === undefined ? {} : { target: ringgit(levels.target) }),
      });
    },
    text: (): string => log.splice(0).map(outputText).join('\n'),
  };
}

/** One line per output: what the wire simulator needs, readable. */
export function outputText(output: ExchangeOutput): string {
  if (output.type === 'refused') return `refused ${output.code} "${output.description}"`;
  if (output.type === 'swap') return `swap ${output.position.swap} on ${output.position.id}`;
  if (output.type === 'trailing') return `trailing ${output.position.id} ${output.order.stopPrice}`;
  if (output.type === 'cash') return `cash ${output.amount} balance ${output.balance}`;
  const { order, position, deal } = output;
  const level = (value: number | undefined): string =>
    value === undefined ? '-' : priceText(price(value), 0);
  const parts = [
    output.execution.padEnd(12),
    output.serverEvent ? 'srv' : output.ref === undefined ? '   ' : 'own',
    `order ${order.id} ${order.type} ${order.side} ${volumeText(order.executed)}/` +
      `${volumeText(order.volume)} ${order.status}`,
  ];
  if (order.type === 'PROTECTIVE') {
    parts.push(`levels ${level(order.stopPrice)} ${level(order.limitPrice)}`);
  }
  parts.push(
    `| position ${position.id} ${position.status} ${volumeText(position.volume)} ` +
      `at ${level(position.entry)} stop ${level(position.stop)} target ${level(position.target)} ` +
      `commission ${moneyText(position.commission, 2)} margin ${moneyText(position.usedMargin, 2)}`,
  );
  if (deal !== undefined) {
    parts.push(`| deal ${deal.id} ${volumeText(deal.filled)} @ ${level(deal.price)} ${deal.cause}`);
    const { close } = deal;
    if (close !== undefined) {
      parts.push(
        `gross ${moneyText(close.grossProfit, 2)} commission ${moneyText(close.commission, 2)} ` +
          `balance ${moneyText(close.balance, 2)} v${close.balanceVersion}`,
      );
    }
  }
  if (output.due !== undefined) parts.push(`| due ${output.due.type}`);
  return parts.join(' ');
}
