/**
 * Equity over time: what closed trades left behind, then what this screen has seen itself.
 * Deliberately the screen's own memory: the engine keeps trades, not every value between them.
 */
import type { Snapshot } from '../engine/index.ts';

/** Minor units of the account's currency at an instant, wall milliseconds. */
export interface EquityPoint {
  readonly at: number;
  readonly value: number;
}

/** What was seen, oldest first; never closer together than `everyMs`. */
export interface EquityTrace {
  readonly points: readonly EquityPoint[];
  readonly everyMs: number;
}

const EVERY_MS = 15_000;
/** About the columns of a wide terminal: more could not be drawn. */
const POINTS_MAX = 240;

export const NO_TRACE: EquityTrace = { points: [], everyMs: EVERY_MS };

/** With the newest value when its time has come; full, every other point leaves. */
export function seen(trace: EquityTrace, { account, wall }: Snapshot): EquityTrace {
  const equity = account?.equity;
  const last = trace.points[trace.points.length - 1];
  if (equity === undefined || (last !== undefined && wall - last.at < trace.everyMs)) return trace;
  const points = [...trace.points, { at: wall, value: equity }];
  if (points.length <= POINTS_MAX) return { ...trace, points };
  return { points: points.filter((_, index) => index % 2 === 0), everyMs: trace.everyMs * 2 };
}

/**
 * Balances after the closed trades that are still kept, counted back from the balance now, then
 * what was seen, then now. Money that was paid in or out between trades is not known here.
 */
export function equityCurve(snapshot: Snapshot, trace: EquityTrace): readonly EquityPoint[] {
  const { account, marks, wall } = snapshot;
  if (account === undefined) return [];
  let value: number = account.balance;
  const closed: EquityPoint[] = [];
  for (const mark of [...marks].reverse()) {
    if (mark.net === undefined) continue;
    closed.unshift({ at: mark.wall, value });
    value -= mark.net;
  }
  const first = marks[0];
  if (first !== undefined && closed.length > 0) closed.unshift({ at: first.wall, value });
  const [began] = trace.points;
  const before = began === undefined ? closed : closed.filter((point) => point.at < began.at);
  const now = account.equity === undefined ? [] : [{ at: wall as number, value: account.equity }];
  return [...before, ...trace.points.filter((point) => point.at < wall), ...now];
}

/** The curve in so many columns: in each the last value known then. */
export function inColumns(curve: readonly EquityPoint[], columns: number): readonly number[] {
  const [first] = curve;
  const last = curve[curve.length - 1];
  if (first === undefined || last === undefined || last.at <= first.at || columns < 2) return [];
  let index = 0;
  return Array.from({ length: columns }, (_, column) => {
    const until = first.at + ((last.at - first.at) * column) / (columns - 1);
    for (let next = curve[index + 1]; next !== undefined && next.at <= until; ) {
      index += 1;
      next = curve[index + 1];
    }
    return curve[index]?.value ?? first.value;
  });
}
