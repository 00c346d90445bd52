/**
 * What a person who comes on shift needs to know, on one page: what runs, what it holds and how it
 * is protected, what is open, how near each stop of trading is, and what happened since.
 * Deliberately pure: everything is in the engine's picture, its journal and two configurations.
 */
import {
  type EngineConfig,
  type Money,
  moneyText,
  PRICE_SCALE,
  type Snapshot,
  VOLUME_SCALE,
} from '../engine/index.ts';
import type { AuditRow, TradeRow } from '../runtime/projections.ts';
import { inboxItems, optionsFor } from '../ui/inbox.ts';
import type { Look } from './commands/status.ts';
import { tradeCells } from './trade-cells.ts';

/** Left behind by whoever signed the last report. */
export interface Mark {
  /** Wall time of the engine in milliseconds, UTC. */
  readonly at: number;
  readonly by: string;
  /** The last row of the journal then. */
  readonly row: number;
  readonly note: string | undefined;
}

/** What the journal says; everything after the mark where there is one. */
export interface Past {
  readonly today: readonly TradeRow[];
  readonly since: readonly TradeRow[];
  /** Newest last; `left` older ones are not in here. */
  readonly audit: readonly AuditRow[];
  readonly left: number;
  readonly starts: number;
  readonly config: EngineConfig | undefined;
  /** Of the run that was marked. */
  readonly configThen: EngineConfig | undefined;
}

export interface HandoverParts extends Look {
  readonly ownVersion: string;
  readonly mark: Mark | undefined;
  /** Absent where no journal was found. */
  readonly past: Past | undefined;
  /** What a start from this shell would use, and what it would be without any setting. */
  readonly here: EngineConfig | undefined;
  readonly plain: EngineConfig | undefined;
  /** Settings of this shell that are not the default, each with its origin. */
  readonly origins: readonly string[];
}

const instant = (wall: number | undefined) =>
  wall === undefined ? null : new Date(wall).toISOString();
const price = (value: number | undefined) => (value === undefined ? null : value / PRICE_SCALE);

/** What `other` has differently, each as one text. */
export function differences(
  config: EngineConfig | undefined,
  other: EngineConfig | undefined,
  word: string,
): readonly string[] {
  if (config === undefined || other === undefined) return [];
  const fields = (one: EngineConfig): Readonly<Record<string, unknown>> => ({ ...one });
  const [left, right] = [fields(config), fields(other)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => left[name] !== right[name])
    .map((name) => `${name} ${String(left[name])}, ${word} ${String(right[name])}`);
}

/** The object of `status --handover --json`; what is not known is `null`. */
export function handover(parts: HandoverParts) {
  const { snapshot, troubles, mark, past } = parts;
  const { account, link } = snapshot;
  const money = (amount: Money | undefined) =>
    account === undefined || amount === undefined ? null : moneyText(amount, account.exponent);
  const sum = (trades: readonly TradeRow[]) => ({
    trades: trades.length,
    net: money(trades.reduce((total, one) => total + one.net, 0) as Money),
  });
  return {
    at: instant(snapshot.wall),
    last:
      mark === undefined
        ? null
        : { at: instant(mark.at), by: mark.by, note: mark.note ?? null, row: mark.row },
    engine: engineOf(parts),
    troubles,
    trading: {
      state: snapshot.tradingState,
      link: link.state,
      session: snapshot.session.state,
      entriesAllowed: snapshot.entriesAllowed,
      entriesBlockedBy: snapshot.entriesBlockedBy ?? null,
    },
    funds:
      account === undefined
        ? null
        : {
            currency: account.currency,
            balance: money(account.balance),
            equity: money(account.equity),
            dayPnl: money(account.dayPnl),
          },
    ...bookOf(snapshot, money),
    open: openMatters(snapshot),
    breakers: breakersOf(snapshot),
    today: past === undefined ? null : { ...sum(past.today), list: past.today.map(tradeLine) },
    since:
      past === undefined
        ? null
        : {
            ...sum(past.since),
            starts: past.starts,
            acts: past.audit.map(actOf),
            older: past.left,
          },
    warnings: warningsOf(snapshot),
    settings: {
      notDefault: differences(past?.config, parts.plain, 'default'),
      changed: differences(past?.config, past?.configThen, 'before'),
      otherHere: differences(past?.config, parts.here, 'in this shell'),
      origins: parts.origins,
    },
  };
}

function engineOf({ snapshot, hello, journal, ownVersion }: HandoverParts) {
  const { arming, account } = snapshot;
  return {
    version: snapshot.productVersion,
    ownVersion,
    env: snapshot.environment,
    mode: snapshot.mode,
    arming: arming.state,
    armedUntil: instant(arming.armedUntil),
    account: account?.login ?? null,
    runId: snapshot.runId,
    runtimeMs: snapshot.runtimeMs,
    operator: hello.operator ?? null,
    journal,
  };
}

const bookOf = (snapshot: Snapshot, money: (amount: Money | undefined) => string | null) => ({
  positions: snapshot.positions.map((one) => ({
    id: one.id,
    side: one.side,
    volume: one.volume / VOLUME_SCALE,
    entry: price(one.entry),
    stop: price(one.stop),
    target: price(one.target),
    openPnl: money(one.openPnl),
    state: one.state,
    protected: one.stop !== undefined && one.state !== 'NAKED',
    ours: one.ours,
  })),
  orders: snapshot.orders
    .filter((one) => one.working)
    .map(({ id, side, volume, state, ageMs }) => ({
      id,
      side,
      volume: volume / VOLUME_SCALE,
      state,
      ageMs,
    })),
});

const breakersOf = ({ breakers }: Snapshot) =>
  breakers
    .toSorted((a, b) => Number(b.tripped) - Number(a.tripped) || (b.used ?? 0) - (a.used ?? 0))
    .map(({ name, tripped, reason, used, distance, clears }) => ({
      name,
      tripped,
      reason,
      used: used ?? null,
      distance,
      clears,
    }));

export type Handover = ReturnType<typeof handover>;

/** Orders without proof and differences with the broker, each with what can be done about it. */
const openMatters = (snapshot: Snapshot) =>
  inboxItems(snapshot).map((item) => ({
    id: item.id,
    what:
      item.type === 'order'
        ? `${item.order.side} order ${item.order.id} is ${item.order.state}: ${item.order.reason}`
        : `${item.difference.row} ${item.difference.subject}: ${item.difference.action}`,
    can: optionsFor(item).words,
  }));

const WARNINGS = 6;

const warningsOf = ({ activity }: Snapshot) =>
  activity
    .filter(({ tone }) => tone === 'warn' || tone === 'bad')
    .slice(-WARNINGS)
    .map(({ wall, text }) => ({ at: instant(wall), text }));

const tradeLine = (trade: TradeRow) => {
  const cells = tradeCells(trade, 'close');
  return {
    closedAt: cells.timestamp ?? null,
    side: trade.side,
    volume: cells.volume ?? null,
    entry: cells.entry_price ?? null,
    close: cells.close_price ?? null,
    net: moneyText(trade.net, trade.exponent),
    by: trade.closeReason ?? null,
  };
};

const actOf = ({ at, subject, what, why, by }: AuditRow) => ({
  at: instant(at),
  subject,
  what,
  why,
  by: by ?? null,
});
