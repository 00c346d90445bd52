/**
 * The clock of a simulated run and who moves it.
 * Deliberately only for the simulator: anywhere else time is the machine's.
 */
import type { EngineState } from '../engine/state.ts';
import type { FileJournal } from '../runtime/journal.ts';
import type { Loop } from '../runtime/loop.ts';
import { createPacer, type Pacer } from '../runtime/pacer.ts';
import type { Market } from '../sim/market-types.ts';
import { createVirtualClock, type VirtualClock } from '../sim/virtual-clock.ts';
import type { ComposeParts } from './compose.ts';

/** Closed trading hours pass so much faster than open ones in the simulator. */
const IDLE_FACTOR = 60;

/** A restarted simulation goes on at the instant its journal ends. */
export function virtualClock(market: Market, state: EngineState): VirtualClock {
  const isResumed = state.at.wall > market.liveFrom;
  if (isResumed) market.fastForward(state.at.wall);
  return createVirtualClock(isResumed ? state.at.wall : market.liveFrom);
}

export interface PacerContext {
  readonly parts: ComposeParts;
  readonly virtual: VirtualClock;
  readonly market: Market;
  readonly loop: Loop;
  readonly journal: FileJournal;
}

export function pacerFor({ parts, virtual, market, loop, journal }: PacerContext): Pacer {
  // Nobody wants to watch the first login: its simulated half second passes like a closed market.
  let isConnected = false;
  const hasConnected = (): boolean => {
    isConnected ||= loop.state().core.link.state === 'READY';
    return isConnected;
  };
  return createPacer({
    time: virtual,
    loop,
    journal,
    speed: parts.config.speed,
    idle: () => !hasConnected() || isClosed(market, virtual),
    idleFactor: IDLE_FACTOR,
    until: parts.until,
    onEnd: parts.onEnd,
    onDefect: parts.onDefect,
  });
}

function isClosed(market: Market, virtual: VirtualClock): boolean {
  const now = virtual.wall();
  return market.sessions(now, (now + 1) as typeof now).length === 0;
}
