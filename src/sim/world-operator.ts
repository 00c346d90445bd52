/**
 * The person at the keyboard of a world: resets what tripped, closes, flattens, kills now and then.
 * Deliberately acts on what the engine shows only, and never on positions that are not ours.
 */
import {
  BREAKERS,
  type ClientOrderId,
  type CommandBody,
  commandId,
  type Event,
  untrusted,
} from '../engine/index.ts';
import type { EngineState } from '../engine/state.ts';
import type { Prng } from './prng.ts';
import type { VirtualClock } from './virtual-clock.ts';

const OPERATOR = untrusted('world operator');

export interface OperatorParts {
  readonly clock: VirtualClock;
  readonly chance: Prng;
  readonly everyMs: number;
  readonly isActive: () => boolean;
  /** Undefined while the process is dead. */
  readonly state: () => EngineState | undefined;
  readonly post: (event: Event) => void;
  /** Looks elsewhere: does the broker know that order? */
  readonly knows: (id: ClientOrderId) => boolean;
}

export function createOperator(parts: OperatorParts): void {
  const { clock, chance, everyMs, isActive, state, post, knows } = parts;
  let count = 0;
  const command = (body: CommandBody): void => {
    count += 1;
    const id = commandId(`k${count}`);
    post({ type: 'command', command: { id, role: 'operator', by: OPERATOR, body } });
  };
  const look = (): void => {
    clock.after(chance.integer(everyMs / 2, 2 * everyMs), () => {
      if (!isActive()) return;
      const now = state();
      if (now !== undefined) {
        rule(now, knows, command);
        act(now, chance, command);
      }
      look();
    });
  };
  look();
}

/** T14: what stayed in doubt for too long is looked up elsewhere, and ruled on. */
function rule(
  { core }: EngineState,
  knows: OperatorParts['knows'],
  command: (body: CommandBody) => void,
): void {
  for (const { id, state } of core.orders) {
    if (state !== 'QUARANTINED' || knows(id)) continue;
    command({ type: 'verdict', ruling: { type: 'absent', orderId: id }, reason: OPERATOR });
  }
}

function act(state: EngineState, chance: Prng, command: (body: CommandBody) => void): void {
  const { core, at } = state;
  for (const breaker of BREAKERS) {
    if (!core.breakers[breaker].tripped || !chance.chance(800)) continue;
    command({ type: 'resetBreaker', breaker, reason: OPERATOR });
  }
  if (core.arming.state === 'unarmed') {
    command({ type: 'arm', account: core.account?.login ?? '' });
  } else if (core.arming.state === 'armed' && chance.chance(50)) command({ type: 'disarm' });
  if (core.tradingState !== 'active') command({ type: 'setTradingState', state: 'active' });
  const mine = core.positions.find((position) => position.ours);
  const what = chance.integer(0, 99);
  if (what < 12 && mine !== undefined) {
    const seen = { seq: at.seq, volume: mine.volume };
    command({ type: 'closePosition', positionId: mine.id, seen });
  } else if (what < 15) command({ type: 'flatten' });
  else if (what < 18) command({ type: 'kill', flatten: chance.chance(500) });
  else if (what < 20) command({ type: 'setTradingState', state: 'halted' });
}
