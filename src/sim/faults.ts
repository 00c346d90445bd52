/**
 * The faults a world can suffer, how often each strikes, and the dice that decide it by seed.
 * Deliberately does nothing itself: `world-*.ts` act when the dice say so, and count what struck.
 */
import type { Prng } from './prng.ts';

interface FaultRow {
  readonly name: string;
  /** Rows of the fault catalogue it makes happen. */
  readonly ids: string;
  /** `hour`: expected strikes in a simulated hour; `chance`: per mille of the occasions. */
  readonly per: 'hour' | 'chance';
  readonly usual: number;
  readonly about: string;
}

/** `core`: the engine on a modelled link and disk; `full`: the client, its bytes, and a file. */
export type Depth = 'core' | 'full';

/** One row a fault; the order is the order of the report and of shrinking. */
export const FAULTS = [
  row('linkDrop', 'F02 F22', 'hour', 3, 'the link closes'),
  row('partitionIn', 'F01 F11', 'hour', 1, 'nothing reaches us; what we send arrives'),
  row('partitionOut', 'F01 F09', 'hour', 1, 'nothing of ours arrives'),
  row('partitionBoth', 'F01 F07', 'hour', 1, 'nothing passes in either direction'),
  row('flap', 'F08', 'hour', 0.7, 'the next connections die at a random stage'),
  row('crash', 'F82 F46', 'hour', 1.5, 'the process dies between two inputs'),
  row('crashAtEffect', 'F82 F35', 'hour', 2, 'the process dies between two effects of a step'),
  row('journalSlow', 'F86', 'hour', 2, 'a sync takes up to five seconds'),
  row('journalFails', 'F85', 'hour', 0.3, 'a write fails; a restart follows'),
  row('stopRemoved', 'F38', 'hour', 4, 'another client removes the stop'),
  row('stopMoved', 'F38 F39', 'hour', 3, 'another client moves stop or target'),
  row('serverClose', 'F45', 'hour', 2, 'the server closes our position by itself'),
  row('outsideClose', 'R14 R25', 'hour', 2, 'another client closes a part or all of it'),
  row('foreignPosition', 'F48', 'hour', 2, 'a person trades the same account'),
  row('taggedStranger', 'R08', 'hour', 0.3, 'a position with our label and no order of ours'),
  row('cashFlow', 'F58', 'hour', 0.7, 'a deposit or a withdrawal'),
  row('swapCharge', 'F55', 'hour', 2, 'swap is charged on an open position'),
  row('gap', 'F49', 'hour', 1, 'the price jumps, also through the stop'),
  row('frozenQuotes', 'F73', 'hour', 3, 'prices stop coming'),
  row('outlierQuote', 'F74', 'hour', 40, 'one or two prices far off, often as a bar begins'),
  row('oneSidedQuote', 'F71', 'hour', 40, 'an update of one side alone'),
  row('crossedQuote', 'F71', 'hour', 20, 'the bid is above the ask'),
  row('staleQuote', 'F75', 'hour', 20, 'a price with an older time than the last one'),
  row('strangeQuote', 'F25', 'hour', 20, 'a price of another symbol or connection'),
  row('wideSpread', 'F80', 'hour', 3, 'twenty times the usual spread'),
  row('clockJump', 'F64 F65 F66', 'hour', 1, 'the wall clock jumps, either way'),
  row('closeOnly', 'F52 F78', 'hour', 0.5, 'the symbol may only be closed'),
  row('noSentiment', 'F104', 'chance', 150, 'the news source abstains'),
  row('lostRequest', 'F28 F42', 'chance', 60, 'a request never arrives'),
  row('lostReply', 'F28 F11', 'chance', 60, 'a request is executed, every reply is lost'),
  row('lateRequest', 'F05', 'chance', 60, 'a request arrives up to thirty seconds late'),
  row('lateExecution', 'F34', 'chance', 10, 'an order is executed after it was believed dead'),
  row('refusal', 'F33 F44', 'chance', 70, 'a definitive refusal, each code in turn'),
  row('ambiguousRefusal', 'F19 F24', 'chance', 50, 'an error that proves nothing, executed or not'),
  row('partialFill', 'F31', 'chance', 150, 'the order fills in several deals'),
  row('partialCancel', 'F30', 'chance', 80, 'a part fills, the rest is cancelled'),
  row('slowFill', 'F29', 'chance', 40, 'accepted, and filled up to ten minutes later'),
  row('slippage', 'F49 F54', 'chance', 200, 'the fill is away from the quote'),
  row('missingStop', 'F37', 'chance', 120, 'the position comes without its stop'),
  row('closeRace', 'F43', 'chance', 120, 'a stop is faster than our close'),
  row('lateEvent', 'F28 F32', 'chance', 25, 'an execution event comes up to 61 seconds late'),
  row('duplicateEvent', 'F32 F57', 'chance', 60, 'an execution event comes twice'),
  row('reorderedEvent', 'F32', 'chance', 80, 'an execution event is overtaken by later ones'),
  row('strippedEvent', 'F14 F32', 'chance', 15, 'an execution event never comes'),
  row('voidPass', 'F47 R28', 'chance', 80, 'a reconciliation is answered in part or refused'),
  row('lostPass', 'F47 R28', 'chance', 50, 'a reconciliation is never answered'),
  row('latePass', 'P07', 'chance', 80, 'events overtake the reconciliation on its way'),
  row('historyGone', 'F47 R12', 'chance', 60, 'for minutes nobody answers about the past'),
  row('historyLags', 'F47 R11', 'hour', 1, 'closed in two parts unheard; the past shows the first'),
  row('quietPart', 'F42 R14', 'hour', 1, 'a part is closed as the close of ours fails, unheard'),
  row('contradiction', 'F16 R17', 'chance', 25, 'a look shows a position otherwise than it is'),
  row('authRefused', 'F20 F94', 'hour', 0.5, 'the next logins are refused'),
  row('diskLow', 'F85', 'hour', 0.5, 'free space falls below the least'),
  row('longTask', 'F123 F09', 'hour', 1.5, 'the process stands still for up to eight seconds'),
  row('splitFrame', 'F04', 'chance', 200, 'a frame comes in pieces of a few bytes'),
  row('cutFrame', 'F03', 'chance', 1, 'the line ends in the middle of a frame'),
  row('corruptFrame', 'F12 F13 F14', 'chance', 1, 'a bit of a frame is flipped'),
  row('maintenance', 'F24', 'hour', 0.5, 'the broker refuses everything for a while'),
] as const satisfies readonly FaultRow[];

export type FaultName = (typeof FAULTS)[number]['name'];

function row<N extends string, P extends FaultRow['per']>(
  name: N,
  ids: string,
  per: P,
  usual: number,
  about: string,
) {
  return { name, ids, per, usual, about } as const;
}

/** Strikes per hour or per mille of each fault; 0 is off. */
export type FaultPlan = Readonly<Record<FaultName, number>>;

const HOUR_MS = 3_600_000;

/** What exists at one depth only: bytes on the one side, the innards of the broker on the other. */
const ONLY: Readonly<Record<Depth, ReadonlySet<FaultName>>> = {
  full: new Set(['splitFrame', 'cutFrame', 'corruptFrame', 'maintenance']),
  core: new Set([
    'strangeQuote',
    'lateExecution',
    'refusal',
    'ambiguousRefusal',
    'partialFill',
    'partialCancel',
    'slowFill',
    'slippage',
    'missingStop',
    'closeRace',
    'historyLags',
    'quietPart',
    'contradiction',
    'authRefused',
  ]),
};

/** The faults that can strike at a depth. */
export const faultsAt = (depth: Depth): readonly (typeof FAULTS)[number][] =>
  FAULTS.filter(({ name }) => !ONLY[depth === 'core' ? 'full' : 'core'].has(name));

/** A swarm: some faults are off and some extreme, so that they meet differently every time. */
export function drawPlan(prng: Prng, without: readonly FaultName[] = []): FaultPlan {
  const rates = FAULTS.map(({ name, usual, per }) => {
    const draw = prng.integer(0, 99);
    const share = draw < 45 ? 0 : draw < 85 ? 1 : 4;
    const most = per === 'chance' ? 600 : Number.POSITIVE_INFINITY;
    return [name, without.includes(name) ? 0 : Math.min(most, usual * share)] as const;
  });
  return Object.fromEntries(rates) as Record<FaultName, number>;
}

/** Decides whether a fault strikes, from one stream a fault, and counts those that did. */
export interface Dice {
  /** On an occasion: true when it strikes, which is then counted. */
  fires(name: FaultName): boolean;
  /** Chance of that fault alone, so that leaving one out shifts no other. */
  of(name: FaultName): Prng;
  /** Milliseconds until it may strike next; undefined when it is off. */
  nextIn(name: FaultName): number | undefined;
  count(name: FaultName): void;
  armed(): boolean;
  /** From now on nothing strikes (the liveness phase). */
  disarm(): void;
  counts(): Readonly<Record<FaultName, number>>;
}

export function createDice(plan: FaultPlan, prng: Prng): Dice {
  const streams = new Map(FAULTS.map(({ name }) => [name, prng.stream(name)]));
  const counts = Object.fromEntries(FAULTS.map(({ name }) => [name, 0])) as Record<
    FaultName,
    number
  >;
  let isArmed = true;
  const of = (name: FaultName): Prng => streams.get(name) ?? prng;
  return {
    of,
    fires: (name) => {
      if (!isArmed || plan[name] === 0 || !of(name).chance(plan[name])) return false;
      counts[name] += 1;
      return true;
    },
    nextIn: (name) => {
      const rate = plan[name];
      return rate === 0 ? undefined : Math.ceil(of(name).uniform() * 2 * (HOUR_MS / rate)) + 1;
    },
    count: (name) => {
      counts[name] += 1;
    },
    armed: () => isArmed,
    disarm: () => {
      isArmed = false;
    },
    counts: () => counts,
  };
}
