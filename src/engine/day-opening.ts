/**
 * The trading day: opened once, from what the broker's history says of it when nobody here watched
 * it begin (breaker rules 5 and 7): its opening equity, the entries that left and the losses.
 * Deliberately takes the worse of journal and history; a lost journal gives no fresh caps (P14).
 */
import { equityOf, netOf, openPnl } from './accounting.ts';
import { DAY_MS, dayKeyOf, dayText } from './calendar.ts';
import { moneyText } from './format.ts';
import type { BrokerSnapshot, Deal, OrderUpdate } from './model.ts';
import { LABEL_TAG } from './orders.ts';
import type { At, Core, TradingDay } from './state.ts';
import { sizeOf } from './trail.ts';
import { change, owned, record, type Turn, tell } from './turn.ts';
import { addMoney, type Money, money, subMoney, type Wall, wall } from './units.ts';

/** Since when today's history must be read in this run; nothing once it was, or was watched. */
export function dayWanted({ core, at }: { core: Core; at: At }): Wall | undefined {
  const key = dayKeyOf(at.wall);
  const { dayRead } = core;
  const begin = wall(key * DAY_MS);
  if (dayRead === undefined) return begin;
  return dayRead < key && !isWatched(core, at, begin) ? begin : undefined;
}

/** The account was seen whole before midnight, and the link has not been lost since. */
function isWatched({ reconciled, reconciledAt }: Core, at: At, begin: Wall): boolean {
  return reconciled && reconciledAt !== undefined && at.wall - (at.mono - reconciledAt) < begin;
}

/** Opens the trading day once; its key only grows (I22, F64, F68). */
export function openDay(turn: Turn): void {
  const key = dayKeyOf(turn.at.wall);
  const { day, reconciled, account } = turn.core;
  if (!reconciled || account === undefined || (day !== undefined && key <= day.key)) return;
  if (dayWanted(turn) !== undefined) return;
  const equity = equityOf(turn.core, turn.market, turn.at.mono);
  if (equity === undefined) return;
  owned(turn).dayRead = key;
  const openingVersion = account.balanceVersion;
  begin(turn, { key, openingEquity: equity, openingVersion, cashFlow: money(0) });
}

/** A complete pass that reaches back to midnight: what of today is not known here is in it. */
export function readDay(turn: Turn, pass: BrokerSnapshot): void {
  const since = dayWanted(turn);
  const { historyFrom } = pass;
  if (since === undefined || historyFrom === undefined || historyFrom > since) return;
  const key = dayKeyOf(turn.at.wall);
  const { day, signals } = turn.core;
  const isOpen = day !== undefined && key <= day.key;
  const opened = isOpen
    ? day
    : dayFrom(
        turn,
        key,
        pass.deals.filter(({ time }) => time >= since),
      );
  if (opened === undefined) return;
  change(turn, { dayRead: key });
  countEntries(turn, key, entriesSince(pass, since));
  if (sizeOf(signals) === 0) countLosses(turn, pass, since);
  if (!isOpen) begin(turn, opened);
}

function begin(turn: Turn, day: TradingDay): void {
  const { key, openingEquity } = day;
  owned(turn).day = day;
  record(turn, { kind: 'dayOpened', dayKey: key, openingEquity });
  const amount = moneyText(openingEquity, turn.core.account?.exponent ?? 0);
  tell(turn, 'system', 'plain', `trading day ${dayText(key)} opened with equity ${amount}`);
}

/**
 * The balance before the first deal of the day, and what is open since before it at its present
 * worth; never less than the equity now, so that a day never begins with a gain to lose.
 */
function dayFrom(turn: Turn, key: number, deals: readonly Deal[]): TradingDay | undefined {
  const { core, market, at } = turn;
  const { account } = core;
  const equity = equityOf(core, market, at.mono);
  if (account === undefined || equity === undefined) return undefined;
  const closes = deals
    .flatMap(({ close }) => (close === undefined ? [] : [close]))
    .toSorted((a, b) => a.balanceVersion - b.balanceVersion);
  const [first] = closes;
  const start = first === undefined ? account.balance : subMoney(first.balance, netOf(first));
  const nets = closes.reduce((sum, close) => addMoney(sum, netOf(close)), money(0));
  const cashFlow = subMoney(subMoney(account.balance, start), nets);
  const older = core.positions.filter(({ openedWall }) => openedWall < key * DAY_MS);
  const carried = older.reduce(
    (sum, one): Money => addMoney(sum, openPnl(one, core, market, at.mono) ?? money(0)),
    start,
  );
  const openingEquity = money(Math.max(carried, subMoney(equity, cashFlow)));
  return { key, openingEquity, openingVersion: account.balanceVersion, cashFlow };
}

const isEntry = ({ label, closing, protective }: OrderUpdate): boolean =>
  !closing && !protective && label?.startsWith(LABEL_TAG) === true;

/** Labels of ours that the broker has seen since an instant, each once. */
function entriesSince(pass: BrokerSnapshot, since: Wall): number {
  const { orders, endedOrders, positions } = pass;
  const sent = [...orders, ...endedOrders].filter((one) => isEntry(one) && one.time >= since);
  const open = positions.filter((one) => one.openedAt >= since && one.label?.startsWith(LABEL_TAG));
  return new Set([...sent, ...open].map(({ label }) => label)).size;
}

/** The caps count the larger of what is known here and there (F50, F88, P14). */
function countEntries(turn: Turn, day: number, found: number): void {
  const { tallies, config } = turn.core;
  const known = tallies.entries.day === day ? tallies.entries.count : 0;
  if (found <= known || config === undefined || tallies.entries.day > day) return;
  const entries = { day, count: found, isFull: found >= config.entriesPerDay };
  change(turn, { tallies: { ...tallies, entries } });
  tell(turn, 'system', 'warn', `the broker knows ${found} entries of today, ours were ${known}`);
}

/** Without a journal of its own the streak is what today's closed positions of ours say (F61). */
function countLosses(turn: Turn, pass: BrokerSnapshot, since: Wall): void {
  const ours = new Set(pass.endedOrders.filter(isEntry).map(({ positionId }) => positionId));
  const isOver = ({ positionId, close, time }: Deal): boolean =>
    close !== undefined &&
    time >= since &&
    ours.has(positionId) &&
    !pass.positions.some(({ id }) => id === positionId);
  const nets = new Map<Deal['positionId'], number>();
  const last = pass.deals
    .filter(isOver)
    .toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  for (const { positionId, close } of last) {
    const net = (nets.get(positionId) ?? 0) + (close === undefined ? 0 : netOf(close));
    // The newest deal of a position says when it was over.
    nets.delete(positionId);
    nets.set(positionId, net);
  }
  let lossStreak = 0;
  for (const net of nets.values()) if (net !== 0) lossStreak = net < 0 ? lossStreak + 1 : 0;
  if (lossStreak > turn.core.lossStreak) change(turn, { lossStreak });
}
