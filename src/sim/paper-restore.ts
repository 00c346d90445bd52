/**
 * What a dry run's exchange must know to go on where a former run stopped: account, positions,
 * numbers.
 * Deliberately reads the engine's recovered state only: the exchange of the former run died with
 * it.
 */

import type { Account, BrokerPosition } from '../engine/index.ts';
import { untrusted } from '../engine/index.ts';
import { labelOf } from '../engine/orders.ts';
import type { EngineState, Position } from '../engine/state.ts';
import { listOf } from '../engine/trail.ts';
import { FIRST_IDS } from './exchange.ts';
import type { ExchangeIds } from './exchange-types.ts';

export interface PaperSeed {
  readonly account: Account;
  readonly ids: ExchangeIds;
  readonly positions: readonly BrokerPosition[];
}

/** More than the orders one trade can use up unseen: closes and protective orders. */
const SKIP = 1_000;

/** A fresh account, or the recovered one with its positions and numbers nobody gave out yet. */
export function paperSeed(state: EngineState, fresh: Account): PaperSeed {
  const { core } = state;
  if (core.account === undefined) return { account: fresh, ids: FIRST_IDS, positions: [] };
  const known = core.instrument?.id;
  const positions = known === undefined ? [] : core.positions.map((one) => shown(one, known));
  const orders = core.orders.map((order) => order.brokerOrderId);
  const held = [...core.positions.map((one) => one.id), ...core.orders.map((o) => o.positionId)];
  return {
    account: core.account,
    positions,
    ids: {
      order: beyond(orders, FIRST_IDS.order),
      position: beyond(held, FIRST_IDS.position),
      deal: beyond(
        listOf(core.deals).map((deal) => deal.id),
        FIRST_IDS.deal,
      ),
    },
  };
}

const beyond = (used: readonly (string | undefined)[], first: number): number =>
  used.reduce((top, id) => Math.max(top, Number(id ?? 0) + SKIP), first);

function shown(position: Position, instrumentId: BrokerPosition['instrumentId']): BrokerPosition {
  const { id, side, volume, entry, swap, commission, usedMargin, stop, target } = position;
  return {
    id,
    instrumentId,
    side,
    volume,
    entry,
    swap,
    commission,
    usedMargin,
    openedAt: position.openedWall,
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
    ...(position.orderId === undefined ? {} : { label: untrusted(labelOf(position.orderId)) }),
  };
}
