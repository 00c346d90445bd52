/**
 * What happens to each frame between a client and the simulated broker, by the dice of a world:
 * lost, late, doubled, overtaken, cut, in pieces, or with a bit flipped.
 * Deliberately tells frames by their names only; what one means is for those who read it.
 */
import type { WireName } from '../../ctrader/wire/schema.gen.ts';
import type { Dice } from '../faults.ts';
import type { Prng } from '../prng.ts';
import type { ConnectionFaults, FaultAction, PassingFrame } from './faults.ts';

export interface FrameFateParts {
  readonly dice: Dice;
  readonly chance: Prng;
  /** True while nothing passes in that direction. */
  readonly isSilent: (direction: PassingFrame['direction']) => boolean;
  /** True when the line is to end with this answer to a login. */
  readonly endsLogin: () => boolean;
  /** True while nobody answers about the past. */
  readonly hidesPast: () => boolean;
}

const names = (...of: WireName[]): ReadonlySet<WireName> => new Set(of);

const REQUESTS = names(
  'ProtoOANewOrderReq',
  'ProtoOAClosePositionReq',
  'ProtoOAAmendPositionSLTPReq',
  'ProtoOACancelOrderReq',
);
const LOGIN = names(
  'ProtoOAApplicationAuthRes',
  'ProtoOAGetAccountListByAccessTokenRes',
  'ProtoOAAccountAuthRes',
  'ProtoOATraderRes',
  'ProtoOASymbolByIdRes',
  'ProtoOASubscribeSpotsRes',
);
const PAST = names('ProtoOADealListRes', 'ProtoOAOrderListRes');
const EXECUTION = names('ProtoOAExecutionEvent', 'ProtoOAOrderErrorEvent');

const DROP: FaultAction = { type: 'drop' };

/** One script for every connection of a world. */
export function frameFate(parts: FrameFateParts): ConnectionFaults {
  const { isSilent } = parts;
  return ({ direction, name }) => {
    if (isSilent(direction)) return DROP;
    if (name === undefined) return undefined;
    if (direction === 'in') return REQUESTS.has(name) ? requestFate(parts) : undefined;
    return answerFate(name, parts) ?? bytesFate(parts);
  };
}

function requestFate({ dice }: FrameFateParts): FaultAction | undefined {
  if (dice.fires('lostRequest')) return DROP;
  if (!dice.fires('lateRequest')) return undefined;
  return { type: 'delay', delayMs: dice.of('lateRequest').integer(500, 30_000) };
}

function answerFate(name: WireName, parts: FrameFateParts): FaultAction | undefined {
  const { dice } = parts;
  if (LOGIN.has(name)) return parts.endsLogin() ? { type: 'close' } : undefined;
  if (PAST.has(name)) return parts.hidesPast() || dice.fires('lostPass') ? DROP : undefined;
  if (name === 'ProtoOAReconcileRes') {
    if (dice.fires('voidPass')) return DROP;
    if (!dice.fires('latePass')) return undefined;
    return { type: 'delay', delayMs: dice.of('latePass').integer(200, 9_000) };
  }
  return EXECUTION.has(name) ? executionFate(dice) : undefined;
}

function executionFate(dice: Dice): FaultAction | undefined {
  if (dice.fires('strippedEvent') || dice.fires('lostReply')) return DROP;
  if (dice.fires('duplicateEvent')) return { type: 'duplicate' };
  if (dice.fires('lateEvent')) {
    return { type: 'delay', delayMs: dice.of('lateEvent').integer(4_900, 61_000) };
  }
  if (!dice.fires('reorderedEvent')) return undefined;
  return { type: 'delay', delayMs: dice.of('reorderedEvent').integer(20, 3_000) };
}

/** The longest prefix, a length of megabytes that never come, and a field of another wire type. */
const FLIPS = [
  { at: 0, mask: 0x80 },
  { at: 1, mask: 0x40 },
  { at: 4, mask: 0x07 },
] as const;

function bytesFate({ dice, chance }: FrameFateParts): FaultAction | undefined {
  if (dice.fires('cutFrame')) return { type: 'truncate', bytes: chance.integer(0, 12) };
  if (dice.fires('corruptFrame')) {
    const flip = FLIPS[chance.integer(0, FLIPS.length - 1)] ?? FLIPS[0];
    return { type: 'corrupt', ...flip };
  }
  return dice.fires('splitFrame') ? { type: 'split', size: chance.integer(1, 40) } : undefined;
}
