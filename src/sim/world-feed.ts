/**
 * Prices and news of a world: when they come, which of them are wrong, and what really arrived.
 * Deliberately decides on no fault itself; it remembers what was heard for the checkers.
 */
import { sessionAt } from '../engine/calendar.ts';
import { type Event, type Price, wall } from '../engine/index.ts';
import type { Dice } from './faults.ts';
import { FCPO_ID } from './fcpo.ts';
import type { Prng } from './prng.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Hearing } from './world-checks.ts';
import type { WorldMarket } from './world-market.ts';
import type { WorldOptions } from './world-options.ts';
import type { WorldSide, WrongQuote } from './world-side.ts';

/** Makes a wrong price out of the right one. */
export type MakeQuote = (bid: Price, ask: Price) => WrongQuote;

export interface FeedParts {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly chance: Prng;
  readonly market: WorldMarket;
  readonly broker: WorldSide;
  /** Whether the broker side itself tells how far our clock is off. */
  readonly measuresSkew: boolean;
  /** How far our wall clock is off. */
  readonly skew: () => number;
  readonly post: (event: Event) => void;
}

const SKEW_EVERY_MS = 15_000;

export class WorldFeed {
  readonly #parts: FeedParts;
  #hearing: Hearing;
  #special: MakeQuote | undefined;
  /** Such a price waits until that bar is over. */
  #specialAfter = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    const { bid } = parts.market.now();
    this.#hearing = { generation: 0, bidAt: undefined, askAt: undefined, bid };
  }

  start(): void {
    this.#tickMarket();
    this.#tickSentiment();
    if (!this.#parts.measuresSkew) this.#tickSkew();
  }

  hearing(): Hearing {
    return this.#hearing;
  }

  isOpen(): boolean {
    const { options, clock } = this.#parts;
    return sessionAt(options.sessions, clock.wall()).state === 'open';
  }

  /** Asks for one wrong price. */
  next(make: MakeQuote, when: 'as a bar begins' | undefined): void {
    this.#special = make;
    this.#specialAfter = when === undefined ? 0 : this.#bar();
  }

  /** What reaches us of the market, whatever the engine makes of it. */
  hear(event: Event): void {
    const { broker, market, clock } = this.#parts;
    if (event.type !== 'quote' || event.instrumentId !== FCPO_ID) return;
    if (event.generation !== broker.generation()) return;
    const { bid } = market.now();
    const isNear = (side: Price | undefined): boolean =>
      side !== undefined && Math.abs(side - bid) * 100 <= bid * 6;
    const old = this.#hearing.generation === event.generation ? this.#hearing : undefined;
    const now = clock.mono();
    this.#hearing = {
      generation: event.generation,
      bidAt: isNear(event.bid) ? now : old?.bidAt,
      askAt: isNear(event.ask) ? now : old?.askAt,
      bid,
    };
  }

  #tickMarket(): void {
    const { options, clock, chance, market, broker } = this.#parts;
    const { tickMs } = options;
    clock.after(chance.integer(Math.ceil(tickMs / 4), 2 * tickMs), () => {
      if (this.isOpen()) {
        market.move(clock.wall());
        this.#quoteSpecially();
        broker.quote(false);
      }
      this.#tickMarket();
    });
  }

  /** A price that is wrong in some way comes just before the next right one. */
  #quoteSpecially(): void {
    const { broker, market } = this.#parts;
    const make = this.#special;
    if (make === undefined || this.#bar() <= this.#specialAfter || !broker.hears()) return;
    this.#special = undefined;
    const { bid, ask } = market.now();
    broker.misquote(make(bid, ask));
  }

  #bar(): number {
    return Math.floor(this.#parts.clock.wall() / this.#parts.options.config.timeframeMs);
  }

  /** The client's estimate of how far our clock is off, from the stamps of what it hears. */
  #tickSkew(): void {
    const { clock, broker, skew, post } = this.#parts;
    clock.after(SKEW_EVERY_MS, () => {
      const skewMs = skew();
      const heard = this.isOpen() && broker.hears();
      if (heard) post({ type: 'clockSkew', generation: broker.generation(), skewMs });
      this.#tickSkew();
    });
  }

  #tickSentiment(): void {
    const { clock, chance, market, dice, skew, post } = this.#parts;
    clock.after(chance.integer(40_000, 150_000), () => {
      const drift = market.drift();
      // The news is for the turn of the phase: that is what an entry against it needs.
      const score = drift === 0 ? chance.integer(-100, 100) : drift < 0 ? 70 : -70;
      const reading = {
        score,
        confidence: 80,
        source: 'world',
        simulated: true,
        askedAt: wall(clock.wall() + skew()),
        citations: [],
      };
      post({ type: 'sentiment', reading: dice.fires('noSentiment') ? undefined : reading });
      this.#tickSentiment();
    });
  }
}
