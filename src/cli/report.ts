/**
 * The headless face of a run: what happened since the last look, as structured log lines.
 * Deliberately reads the engine's own ledger; it never interprets, and prints each line once.
 */

import { shownDecision } from '../engine/decision-words.ts';
import { type DecisionRecord, moneyText, priceText, volumeText } from '../engine/index.ts';
import { digest, type EngineState } from '../engine/state.ts';
import { listOf, newestOf } from '../engine/trail.ts';
import type { Fields, Log } from '../runtime/log.ts';

export interface Reporter {
  /** What a former run has told already is not told again. */
  skip(state: EngineState): void;
  /** Logs what the state holds that was not there at the last call. */
  changed(state: EngineState): void;
  /** The facts that must survive a crash, for the first and the last line. */
  facts(state: EngineState): Fields;
}

const LEVELS = { plain: 'info', good: 'info', warn: 'warn', bad: 'warn' } as const;

export function createReporter(log: Log): Reporter {
  let activitySeen = 0;
  let decisionSeen = 0;
  const skip = ({ core }: EngineState): void => {
    activitySeen = newestOf(core.activity)?.seq ?? activitySeen;
    decisionSeen = newestOf(core.decisions)?.decidedAt ?? decisionSeen;
  };
  return {
    skip,
    changed: (state) => {
      const { activity, decisions } = state.core;
      // Asked after every turn: a whole list is made only when there is something new in it.
      const isTold = (newestOf(activity)?.seq ?? 0) <= activitySeen;
      for (const line of isTold ? [] : listOf(activity)) {
        if (line.seq <= activitySeen) continue;
        const { kind, seq, outside } = line;
        const fields = { event: kind, seq, wall: line.wall };
        log[LEVELS[line.tone]](line.text, outside === undefined ? fields : { ...fields, outside });
      }
      const isNew = (one: DecisionRecord | undefined) => (one?.decidedAt ?? 0) > decisionSeen;
      for (const decision of isNew(newestOf(decisions)) ? listOf(decisions).filter(isNew) : []) {
        const { barTime, side, blockedBy } = decision;
        log.info(shownDecision(decision).sentence, { event: 'decision', barTime, side, blockedBy });
      }
      skip(state);
    },
    facts: factsOf,
  };
}

function factsOf(state: EngineState): Fields {
  const { core, market, at } = state;
  const exponent = core.account?.exponent ?? 2;
  const digits = core.instrument?.digits ?? 5;
  const last = newestOf(market.closed);
  return {
    seq: at.seq,
    wall: at.wall,
    bars: market.barCount,
    lastClose: last === undefined ? 'none' : priceText(last.close, digits),
    positions: core.positions.map((one) => ({
      id: one.id,
      side: one.side,
      volume: volumeText(one.volume),
      entry: priceText(one.entry, digits),
      stop: one.stop === undefined ? 'none' : priceText(one.stop, digits),
      state: one.state,
    })),
    trades: core.stats.trades,
    lossStreak: core.lossStreak,
    day: core.day?.key,
    balance: core.account === undefined ? 'unknown' : moneyText(core.account.balance, exponent),
    breakers: Object.entries(core.breakers)
      .filter(([, breaker]) => breaker.tripped)
      .map(([name]) => name),
    state: digest(state),
  };
}
