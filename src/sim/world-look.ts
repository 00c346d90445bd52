/**
 * What one complete look at the broker of a world shows: the truth, without the newest past while
 * the history lags, and once in a while with one thing contradicted.
 * Deliberately knows no link: whether and when a look is answered is for the broker.
 */
import type { BrokerPosition, BrokerSnapshot, Wall } from '../engine/index.ts';
import type { Dice } from './faults.ts';
import { snapshotOf } from './paper-events.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { contradicted, type Ended } from './world-contradictions.ts';
import type { WorldDesk } from './world-desk.ts';

export interface WorldLookParts {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly desk: WorldDesk;
}

const KEPT = 8;

export class WorldLook {
  readonly #parts: WorldLookParts;
  /** While the history lags: from when on it shows nothing, and until when. */
  #lag: { readonly from: Wall; readonly until: number } | undefined;
  /** What the last look showed, and what was over by then. */
  #shown: readonly BrokerPosition[] = [];
  #over: readonly Ended[] = [];

  constructor(parts: WorldLookParts) {
    this.#parts = parts;
  }

  /** For so long the history does not show what happens from now on. */
  hidePast(milliseconds: number): void {
    const { clock } = this.#parts;
    this.#lag = { from: clock.wall(), until: clock.mono() + milliseconds };
  }

  heal(): void {
    this.#lag = undefined;
  }

  take(historyFrom: Wall | undefined): BrokerSnapshot {
    const { clock, dice } = this.#parts;
    const truth = this.#truth(historyFrom);
    this.#remember(truth.positions);
    if (!dice.armed() || !dice.fires('contradiction')) return truth;
    return contradicted(truth, this.#over, clock.mono(), dice.of('contradiction')) ?? truth;
  }

  #truth(historyFrom: Wall | undefined): BrokerSnapshot {
    const { clock, desk } = this.#parts;
    const lag = this.#lag;
    const isLagging = lag !== undefined && clock.mono() < lag.until && historyFrom !== undefined;
    const now = isLagging ? lag.from : clock.wall();
    const whole = snapshotOf(desk.state(), { historyFrom, now });
    if (!isLagging) return whole;
    const isSeen = ({ time }: { readonly time: Wall }) => time < now;
    const { deals, endedOrders } = whole;
    return { ...whole, deals: deals.filter(isSeen), endedOrders: endedOrders.filter(isSeen) };
  }

  #remember(positions: readonly BrokerPosition[]): void {
    const at = this.#parts.clock.mono();
    const ended = this.#shown.filter(({ id }) => !positions.some((one) => one.id === id));
    this.#over = [...this.#over, ...ended.map((position) => ({ position, at }))].slice(-KEPT);
    this.#shown = positions;
  }
}
