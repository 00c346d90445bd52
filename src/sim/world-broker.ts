/**
 * The broker of a world: a connection that lives, dies and lies, in front of the faulty desk.
 * Deliberately the shape of every Broker: generations, SYNCING with a snapshot first, READY last.
 */

import { LIMITS } from '../engine/config.ts';
import {
  type BrokerEvent,
  type BrokerQuery,
  type BrokerRequest,
  type Generation,
  generation,
  type InstrumentStatus,
  type LinkState,
  untrusted,
  type Wall,
} from '../engine/index.ts';
import { listedAs } from './exchange-money.ts';
import { FCPO_ID, fcpoInstrument } from './fcpo.ts';
import { createWorldDesk, type RequestDesk } from './world-desk.ts';
import { WorldLook } from './world-look.ts';
import type { WorldBrokerParts, WorldSide, WrongQuote } from './world-side.ts';

/** After this much silence the client gives the link up: 35 s, a probe, 5 s. */
const SILENCE_MS = 40_000;
const STAGES: readonly LinkState[] = ['CONNECTING', 'APP_AUTH', 'ACCOUNT_AUTH', 'SYNCING'];

/** Events that tell about money; quotes and the link are delivered in order or not at all. */
const EXECUTION = new Set<BrokerEvent['type']>(['orderUpdate', 'deal', 'protection', 'account']);

export class WorldBroker implements WorldSide {
  readonly desk: RequestDesk;
  readonly #look: WorldLook;
  readonly #parts: WorldBrokerParts;
  #generation = generation(0);
  #state: LinkState = 'DISCONNECTED';
  #isSubscribed = false;
  /** Ends of the partitions, and how many connections die young. */
  #pastGoneUntil = 0;
  #refusing = 0;
  #authRefusals = 0;
  #silentIn = 0;
  #silentOut = 0;
  #doomed = 0;
  #attempts = 0;
  #readySince = 0;
  #lastDelivery = 0;
  #isStopped = true;
  #frozenUntil = 0;

  constructor(parts: WorldBrokerParts) {
    this.#parts = parts;
    this.desk = createWorldDesk({
      options: parts.options,
      clock: parts.clock,
      dice: parts.dice,
      generation: () => this.#generation,
      tell: (event) => this.#tell(event),
    });
    const { clock, dice } = parts;
    this.#look = new WorldLook({ clock, dice, desk: this.desk });
  }

  state(): LinkState {
    return this.#state;
  }

  /** A process begins: nothing is known of an older connection. */
  connect(): void {
    this.#isStopped = false;
    this.#attempts = 0;
    this.#authRefusals = 0;
    this.#dial(0);
  }

  /** The process died: the connection with it, what was sent is on its way. */
  abandon(): void {
    this.#isStopped = true;
    this.#state = 'DISCONNECTED';
    this.#generation = generation(this.#generation + 1);
    this.#isSubscribed = false;
  }

  send(request: BrokerRequest): void {
    const { clock, dice, post } = this.#parts;
    const about = { generation: this.#generation, requestId: request.requestId };
    if (!this.#isOnline()) {
      const description = untrusted('not connected; nothing was sent');
      post({
        type: 'requestFailed',
        ...about,
        definitive: true,
        code: 'NOT_CONNECTED',
        description,
      });
      return;
    }
    post({ type: 'sent', ...about });
    if (clock.mono() < this.#silentOut || dice.fires('lostRequest')) return;
    clock.after(this.#latency(), () => this.desk.receive(request));
  }

  query(query: BrokerQuery): void {
    const { clock, dice, market } = this.#parts;
    const asked = this.#generation;
    if (!this.#isOnline() || clock.mono() < this.#silentOut) return;
    if (query.type === 'bars') {
      const bars = market.history(query.count, clock.wall());
      const { instrumentId, timeframeMs } = query;
      this.#tell({ type: 'barsLoaded', instrumentId, timeframeMs, bars, asOf: clock.wall() });
      return;
    }
    if (dice.fires('lostPass')) return;
    clock.after(this.#latency(), () => {
      if (asked === this.#generation) this.#answerPass(query.historyFrom);
    });
  }

  subscribe(): void {
    const { clock } = this.#parts;
    const asked = this.#generation;
    clock.after(2 * this.#latency(), () => {
      if (asked !== this.#generation || this.#state !== 'SYNCING') return;
      if (clock.mono() < this.#silentIn) return;
      this.#isSubscribed = true;
      // READY follows a two-sided price, so a frozen feed has thawed.
      this.#frozenUntil = 0;
      this.quote(true);
      this.#become('READY');
      this.#readySince = clock.mono();
    });
  }

  /** The market moved: the exchange sees it at once, we see it when the link lets us. */
  quote(initial: boolean): void {
    const { clock, market, post } = this.#parts;
    const { bid, ask } = market.now();
    const time = clock.wall();
    if (!initial) {
      this.desk.apply({ type: 'quote', instrumentId: FCPO_ID, bid, ask, time, initial });
    }
    if (!this.hears()) return;
    const about = { instrumentId: FCPO_ID, generation: this.#generation };
    post({ type: 'quote', ...about, bid, ask, time, initial });
  }

  /** True when a price that comes now reaches the engine. */
  hears(): boolean {
    const now = this.#parts.clock.mono();
    return this.#isSubscribed && now >= this.#silentIn && now >= this.#frozenUntil;
  }

  generation(): Generation {
    return this.#generation;
  }

  freeze(milliseconds: number): void {
    this.#frozenUntil = this.#parts.clock.mono() + milliseconds;
  }

  hidePast(milliseconds: number): void {
    this.#look.hidePast(milliseconds);
  }

  /** What a model of requests cannot tell from a refusal of each. */
  maintain(): boolean {
    return false;
  }

  changeSymbol(status: InstrumentStatus): void {
    const { clock, options } = this.#parts;
    const listing = listedAs(this.desk.state(), FCPO_ID);
    if (listing === undefined) return;
    const instrument = { ...fcpoInstrument(options.sessions), status };
    this.desk.apply({ type: 'list', listing: { ...listing, instrument }, time: clock.wall() });
    this.drop('the symbol changed');
  }

  misquote(wrong: WrongQuote): void {
    const { clock, market, post } = this.#parts;
    const { bid, ask } = market.now();
    const about = { instrumentId: FCPO_ID, generation: this.#generation };
    post({ type: 'quote', ...about, bid, ask, time: clock.wall(), initial: false, ...wrong });
  }

  /** The session ends, and the next logins are refused for good. */
  refuseLogins(count: number): boolean {
    if (!this.drop('the token was refused')) return false;
    this.#refusing = count;
    return true;
  }

  doom(connections: number): void {
    this.#doomed = connections;
    this.drop('flapping');
  }

  partition(direction: 'in' | 'out' | 'both', milliseconds: number): void {
    const { clock } = this.#parts;
    const until = clock.mono() + milliseconds;
    if (direction !== 'out') this.#silentIn = until;
    if (direction !== 'in') this.#silentOut = until;
    const asked = this.#generation;
    // Whoever hears nothing gives up first: we after 40 s, the broker after 10 s without us.
    const patience = direction === 'out' ? 10_000 + SILENCE_MS / 2 : SILENCE_MS;
    if (milliseconds < patience) return;
    clock.after(patience, () => {
      if (asked === this.#generation) this.drop('silence');
    });
  }

  /** The link closes; whatever was on its way to us is lost. */
  drop(reason: string): boolean {
    if (this.#isStopped || this.#state === 'DISCONNECTED') return false;
    this.#isSubscribed = false;
    this.#become('DISCONNECTED', reason);
    this.#retry();
    return true;
  }

  /** The liveness phase: partitions end, connections live. */
  heal(): void {
    this.#silentIn = 0;
    this.#silentOut = 0;
    this.#frozenUntil = 0;
    this.#doomed = 0;
    this.#look.heal();
    this.#refusing = 0;
  }

  #retry(): void {
    const { clock, chance } = this.#parts;
    if (clock.mono() - this.#readySince > 60_000 && this.#readySince > 0) this.#attempts = 0;
    const most = Math.min(60_000, 1_000 * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#readySince = 0;
    this.#dial(chance.integer(200, most));
  }

  #dial(delayMs: number): void {
    const { clock } = this.#parts;
    const from = this.#generation;
    clock.after(delayMs, () => {
      if (this.#isStopped || from !== this.#generation) return;
      this.#generation = generation(from + 1);
      this.#stage(0);
    });
  }

  #stage(index: number): void {
    const { clock, chance } = this.#parts;
    const state = STAGES[index];
    if (state === undefined) {
      this.#synchronise();
      return;
    }
    const asked = this.#generation;
    this.#become(state);
    if (state === 'ACCOUNT_AUTH' && this.#refusing > 0) {
      this.#refuseLogin();
      return;
    }
    if (state === 'SYNCING') this.#authRefusals = 0;
    if (this.#doomed > 0 && chance.chance(400)) {
      this.#doomed -= 1;
      this.drop('flapping');
      return;
    }
    clock.after(2 * this.#latency(), () => {
      if (this.#isStopped || asked !== this.#generation) return;
      const isSilent = clock.mono() < Math.max(this.#silentIn, this.#silentOut);
      if (isSilent) clock.after(10_000, () => asked === this.#generation && this.drop('timeout'));
      else this.#stage(index + 1);
    });
  }

  /** As the client does it: it tries again, and after three refusals a person must come. */
  #refuseLogin(): void {
    const { dice } = this.#parts;
    this.#refusing -= 1;
    this.#authRefusals += 1;
    const isHalted = this.#authRefusals >= LIMITS.authRefusals;
    this.#isSubscribed = false;
    this.#become(isHalted ? 'AUTH_HALT' : 'DISCONNECTED', 'the login was refused');
    if (!isHalted) this.#retry();
    else this.#dial(dice.of('authRefused').integer(10_000, 300_000));
  }

  #synchronise(): void {
    const { dice } = this.#parts;
    const state = this.desk.state();
    const listing = listedAs(state, FCPO_ID);
    if (listing === undefined) return;
    const about = { generation: this.#generation };
    this.#tell({ type: 'account', account: state.account });
    this.#tell({ type: 'instrument', instrument: listing.instrument, ...about });
    if (!dice.fires('voidPass')) {
      this.#answerPass(undefined);
      return;
    }
    this.#voidPass();
    this.drop('the first snapshot was incomplete');
  }

  #answerPass(historyFrom: Wall | undefined): void {
    const { clock, dice } = this.#parts;
    const isSync = this.#state === 'SYNCING';
    if (!isSync && (this.#isHistoryGone(historyFrom) || dice.fires('voidPass'))) {
      this.#voidPass();
      return;
    }
    const snapshot = this.#look.take(historyFrom);
    const event = {
      type: 'brokerSnapshot',
      generation: this.#generation,
      pass: { complete: true, snapshot },
    } as const;
    if (isSync || !dice.fires('latePass')) {
      this.#tell(event);
      return;
    }
    const asked = this.#generation;
    clock.after(dice.of('latePass').integer(200, 9_000), () => {
      if (asked === this.#generation) this.#tell(event);
    });
  }

  /** Long enough that what only the past can prove is never proven in time (T13, R12). */
  #isHistoryGone(historyFrom: Wall | undefined): boolean {
    const { clock, dice } = this.#parts;
    if (historyFrom === undefined || !dice.armed()) return false;
    if (clock.mono() < this.#pastGoneUntil) return true;
    if (!dice.fires('historyGone')) return false;
    const spell = dice.of('historyGone').integer(330_000, 720_000);
    this.#pastGoneUntil = clock.mono() + spell;
    return true;
  }

  #voidPass(): void {
    const pass = { complete: false, reason: untrusted('page 2 timed out') } as const;
    this.#tell({ type: 'brokerSnapshot', generation: this.#generation, pass });
  }

  #become(state: LinkState, reason?: string): void {
    const { post } = this.#parts;
    this.#state = state;
    const why = reason === undefined ? {} : { reason: untrusted(reason) };
    const count = this.#authRefusals;
    const refused = count === 0 ? {} : { authRefusals: count };
    post({ type: 'link', state, generation: this.#generation, ...why, ...refused });
  }

  /** Towards the engine: in order and once, unless the dice want otherwise. */
  #tell(event: BrokerEvent): void {
    const { clock, dice } = this.#parts;
    if (!this.#isOnline() || clock.mono() < this.#silentIn) return;
    if (!EXECUTION.has(event.type)) {
      this.#deliver(event, this.#inOrder());
      return;
    }
    if (dice.fires('strippedEvent')) return;
    if (dice.fires('duplicateEvent')) {
      this.#deliver(event, this.#inOrder());
      this.#deliver(event, dice.of('duplicateEvent').integer(1, 20_000));
    } else if (dice.fires('lateEvent')) {
      const chance = dice.of('lateEvent');
      const late = [4_900, 5_100, 20_000, 59_000, 61_000];
      this.#deliver(event, late[chance.integer(0, late.length - 1)] ?? 5_100);
    } else if (dice.fires('reorderedEvent')) {
      this.#deliver(event, dice.of('reorderedEvent').integer(20, 3_000));
    } else {
      this.#deliver(event, this.#inOrder());
    }
  }

  #inOrder(): number {
    const now = this.#parts.clock.mono();
    this.#lastDelivery = Math.max(this.#lastDelivery, now + this.#latency());
    return this.#lastDelivery - now;
  }

  #deliver(event: BrokerEvent, delayMs: number): void {
    const { clock, post } = this.#parts;
    const asked = this.#generation;
    clock.after(delayMs, () => {
      if (asked !== this.#generation || !this.#isOnline()) return;
      if (clock.mono() >= this.#silentIn) post(event);
    });
  }

  #latency(): number {
    return this.#parts.chance.integer(1, this.#parts.options.latencyMs);
  }

  #isOnline(): boolean {
    return !this.#isStopped && (this.#state === 'SYNCING' || this.#state === 'READY');
  }
}
