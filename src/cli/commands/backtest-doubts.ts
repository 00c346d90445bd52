/**
 * What is odd about the past that a backtest or a sweep runs over, one sentence each: it runs all
 * the same, and whoever reads the figures must know.
 * Deliberately repairs nothing.
 */
import type { BacktestSentiment, Trade } from '../../sim/backtest.ts';
import { type BacktestMarket, JUMP_MAX } from '../../sim/backtest-market.ts';

const DAY_MS = 86_400_000;
/** Longer than the holidays of any exchange: bars are missing, or the file was put together. */
const PAUSE_MS = 7 * DAY_MS;

export function doubtsAbout(
  market: BacktestMarket,
  sentiment: BacktestSentiment,
  trades: readonly Trade[] = [],
): string[] {
  const doubts = [...holesIn(market), ...pausesIn(market, trades), ...newsFor(market, sentiment)];
  if (market.largestJump > JUMP_MAX) {
    const percent = (market.largestJump * 100).toFixed(1);
    const what = 'the engine holds such a quote until others agree';
    doubts.push(`A price jumps by ${percent} % within a minute: ${what}.`);
  }
  return doubts;
}

/** Bars missing inside a session: averages begin anew behind more than three of them. */
function holesIn({ breaks, time, sessions, sessionEnd, timeframeMs }: BacktestMarket): string[] {
  let [holes, longest, at, session] = [0, 0, 0, 0];
  for (const bar of breaks) {
    while ((sessionEnd[session] as number) <= bar) session += 1;
    const close = sessions[session]?.close ?? 0;
    const hole = (time[bar + 1] as number) - (time[bar] as number) - timeframeMs;
    if (hole <= 3 * timeframeMs || (time[bar + 1] as number) >= close) continue;
    holes += 1;
    if (hole > longest) [longest, at] = [hole, bar];
  }
  if (holes === 0) return [];
  const from = new Date((time[at] as number) + timeframeMs).toISOString();
  const what = holes === 1 ? 'One hole' : `${holes} holes`;
  return [
    `${what} of more than three bars in trading hours, the longest ${longest / timeframeMs} bars ` +
      `from ${from}: averages begin anew behind each.`,
  ];
}

/** Days without a single bar count as closed; that many of them were hardly holidays. */
function pausesIn(market: BacktestMarket, trades: readonly Trade[]): string[] {
  const { breaks, time, start } = market;
  let [pauses, longest, at, held] = [0, 0, 0, 0];
  for (const bar of breaks) {
    const to = start[bar + 1] as number;
    if (to - (time[bar] as number) <= PAUSE_MS) continue;
    const from = market.end[bar] as number;
    if (to - from <= PAUSE_MS) continue;
    pauses += 1;
    held += trades.filter(({ entryTime, exitTime }) => entryTime < from && exitTime >= to).length;
    if (to - from > longest) [longest, at] = [to - from, bar];
  }
  if (pauses === 0) return [];
  const day = (time: number | undefined) => new Date(time ?? 0).toISOString().slice(0, 10);
  const what = pauses === 1 ? 'A pause' : `${pauses} pauses`;
  const which = pauses === 1 ? 'it' : 'one';
  const over = `${held} ${held === 1 ? 'trade was' : 'trades were'} held over ${which}`;
  return [
    `${what} of more than a week without any bar, the longest from ${day(market.end[at])} to ` +
      `${day(start[at + 1])}: taken as a closed market${held === 0 ? '' : `; ${over}`}.`,
  ];
}

/** A file of another time blocks every entry, which looks like a strategy that never trades. */
function newsFor(market: BacktestMarket, sentiment: BacktestSentiment): string[] {
  if (sentiment.type !== 'readings') return [];
  const [from, to] = [(market.start[0] ?? 0) - DAY_MS, market.end[market.count - 1] ?? 0];
  const { rows } = sentiment;
  if (rows.some(({ knownAt }) => knownAt >= from && knownAt <= to)) return [];
  return [`None of the ${rows.length} readings was known in the time of these bars.`];
}
