/**
 * `replay --backtest`: the bars of a session through a backtest, and where both decide otherwise.
 * Deliberately from the journal alone: its decisions, its readings, its settings and its bars.
 */
import {
  type Account,
  type Bar,
  type DecisionRecord,
  type EngineConfig,
  PRICE_SCALE,
  type ScheduledEvent,
  wall,
} from '../../engine/index.ts';
import type { EngineState } from '../../engine/state.ts';
import { listOf } from '../../engine/trail.ts';
import { exactValue } from '../../runtime/exact-json.ts';
import type { JournalView } from '../../runtime/journal-view.ts';
import { rowOf } from '../../runtime/journal-view.ts';
import type { KnownReading } from '../../sim/backtest.ts';
import { FCPO_COSTS } from '../../sim/fcpo.ts';
import {
  type Parity,
  type ParityDifference,
  parityOf,
  type SessionFacts,
} from '../../sim/parity.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

const SHOWN = 20;

/** 0 when both enter at the same bars on the same signals; `persistence` when not. */
export function parityCommand(view: JournalView, isJson: boolean, io: Io): number {
  const facts = sessionOf(view);
  const found = typeof facts === 'string' ? facts : parityOf(facts);
  if (typeof found === 'string') {
    io.stderr.write(`palm-oil-tui: The journal cannot be compared with a backtest: ${found}.\n`);
    return EXIT.persistence;
  }
  const isSame = found.differences.every(({ what }) => what === 'gate');
  io.stdout.write(isJson ? jsonOf(found, isSame) : textOf(found, isSame));
  return isSame ? EXIT.ok : EXIT.persistence;
}

/** The newest stretch of the journal under one configuration. */
function sessionOf(view: JournalView): SessionFacts | string {
  const bars = new Map<number, Bar>();
  const known = (found: readonly Bar[]) => {
    for (const bar of found) if (!bars.has(bar.openTime)) bars.set(bar.openTime, bar);
  };
  let decisions: DecisionRecord[] = [];
  let readings: KnownReading[] = [];
  let config: EngineConfig | undefined;
  let account: Account | undefined;
  const events = new Map<string, ScheduledEvent>();
  let hasWindows = false;
  const restart = (next: EngineConfig): void => {
    if (config !== undefined && JSON.stringify(config) !== JSON.stringify(next)) {
      [decisions, readings, account] = [[], [], undefined];
    }
    config = next;
  };
  for (const entry of view.rows()) {
    const row = rowOf(entry);
    if (row.kind === 'record') {
      if (row.record.kind !== 'decision') continue;
      decisions.push(row.record.decision);
      continue;
    }
    const { event } = row;
    if (event.type === 'started') restart(event.config);
    else if (event.type === 'account') account ??= event.account;
    else if (event.type === 'barsLoaded') known(event.bars);
    else if (event.type === 'sentiment') {
      const { reading } = event;
      if (reading !== undefined) readings.push({ knownAt: wall(row.wall), reading });
    } else if (event.type === 'schedule') {
      hasWindows = event.windows === 'on';
      for (const one of event.events) events.set(`${one.at} ${one.name}`, one);
    }
  }
  if (config === undefined || account === undefined) return 'it holds no start of a session';
  // What was decided on comes first: history that a broker tells later may be another one.
  for (const { barTime, view: seen } of decisions) bars.set(barTime, seen.bar);
  for (const { state } of view.checkpoints()) {
    known(listOf((exactValue(state) as EngineState).market.closed));
  }
  const last = decisions.at(-1)?.barTime ?? 0;
  return {
    config,
    account,
    bars: [...bars.values()]
      .filter(({ openTime }) => openTime <= last)
      .sort((a, b) => a.openTime - b.openTime),
    decisions,
    readings,
    events: hasWindows ? [...events.values()].sort((a, b) => a.at - b.at) : undefined,
    costs: FCPO_COSTS,
  };
}

const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

const decided = ({ side, blockedBy, view }: DecisionRecord): string => {
  const rsi = view.rsi === undefined ? 'no RSI' : `RSI ${view.rsi.toFixed(2)}`;
  const verdict = blockedBy === undefined ? `enters (${side})` : `blocked by ${blockedBy}`;
  return `${verdict}, ${rsi}, trend ${view.trend}`;
};

const lineOf = ({ what, session, backtest }: ParityDifference): string =>
  `  ${minute(session.barTime)}  ${what.padEnd(6)}  session ${decided(session)}; ` +
  `backtest ${decided(backtest)}`;

function textOf(found: Parity, isSame: boolean): string {
  const { compared, warm, undecided, entries, differences, spread } = found;
  const others = differences.length - SHOWN;
  return [
    `${isSame ? 'same     ' : 'DIFFERENT'} ${compared - differences.length} of ${compared} bars ` +
      `decided alike, behind ${warm} bars of history, spread ${spread / PRICE_SCALE}`,
    `entries   ${entries.session} in the session, ${entries.backtest} in the backtest`,
    ...(undecided === 0
      ? []
      : [`not there ${undecided} bars that the session did not decide: it was not connected`]),
    ...differences.slice(0, SHOWN).map(lineOf),
    ...(others > 0 ? [`  and ${others} more`] : []),
    '',
  ].join('\n');
}

function jsonOf(found: Parity, isSame: boolean): string {
  const { trades: _, differences, ...counts } = found;
  const told = differences.map(({ what, session, backtest }) => ({
    what,
    bar: new Date(session.barTime).toISOString(),
    session: decided(session),
    backtest: decided(backtest),
  }));
  return `${JSON.stringify({ same: isSame, ...counts, differences: told }, null, 2)}\n`;
}
