/**
 * The token pair of a running program: what is valid now, when it ends, and how it is renewed.
 * One owner at a time: renewing happens under a lock between processes, and the new pair is stored
 * before it is used (F92 F93 F94). Deliberately never asks again after the broker said no.
 */
import type { Clock, Timer } from '../../engine/index.ts';
import type { Secret } from '../secret.ts';
import { refreshPair, type TokenEndpoint, type TokenPair } from './grant.ts';
import type { SecretStore, StoredLogin } from './secret-store.ts';

/** Renewed when a tenth of the life is left, in a quiet moment: about three days before the end. */
const EARLY_PART = 0.1;
/** With less than this left it is renewed whatever happens in the market. */
const LAST_CALL_MS = 900_000;
/** How often the time that is left is looked at. */
const LOOK_MS = 60_000;
/** A token with a short life is looked at more often. */
const LOOKS = 40;
const LOOK_LEAST_MS = 250;
/** Waiting after a renewal that got no answer: doubled each time up to the longest. */
const RETRY_MS = { first: 60_000, longest: 3_600_000 } as const;
/**
 * A second "invalid" so soon after a renewal is a quarrel about the token, not its age (F94);
 * never in the second half of a short life, which may end a little earlier than we count.
 */
const QUARREL_MS = 600_000;

export type RenewalEnd =
  /** Renewed by us, or by another process that shares the store. */
  | { readonly status: 'renewed' }
  /** Only a person can go on: authorise again. */
  | { readonly status: 'refused'; readonly sentence: string }
  /** May be tried again later. */
  | { readonly status: 'unreachable'; readonly sentence: string };

export interface TokensParams {
  readonly store: SecretStore;
  readonly endpoint: TokenEndpoint;
  /** As it was read from the store. */
  readonly login: StoredLogin;
  /** Taken while renewing, shared by every process of this store; rejects when it is not free. */
  readonly lock: () => Promise<() => void>;
  readonly clock: Clock;
  /** True when no order is in flight: renewing ends the broker's session for a moment (F92). */
  readonly quiet: () => boolean;
  /** Sentences for the log; free of secrets. */
  readonly note: (level: 'info' | 'warn', sentence: string) => void;
  /** After every change of the pair. */
  readonly onChange?: (pair: TokenPair) => void;
}

export interface Tokens {
  /** The access token to use now. */
  current(): Secret;
  /** UTC milliseconds. */
  expiresAt(): number;
  /** Milliseconds until the access token ends; negative when it has ended. */
  expiresInMs(): number;
  /** Milliseconds the present access token lives in all. */
  lifeMs(): number;
  /** Calls after every change of the pair from now on, before the broker's goodbye is read. */
  watch(changed: () => void): void;
  /** Begins to look at the time that is left. */
  start(): void;
  /** Stops looking; resolves when a renewal under way has ended and is stored. */
  stop(): Promise<void>;
  /** Renews now; calls at the same time share one renewal. */
  renew(): Promise<RenewalEnd>;
  /** The broker called the token invalid: looks into the store first, then renews (F94). */
  distrust(refused: Secret): Promise<RenewalEnd>;
  /** True when somebody logged in again: the newer pair of the store is used from now on. */
  adopt(): Promise<boolean>;
  /**
   * A person logged in again: the pair is stored, then used, and the broker hears of it. Rejects
   * when it cannot be stored or another process does not let go of the lock; then nothing changed.
   */
  replace(pair: TokenPair): Promise<void>;
}

export const createTokens = (params: TokensParams): Tokens => new Owner(params);

const LOGIN_AGAIN = 'Run palm-oil-tui login to authorise again.';

class Owner implements Tokens {
  readonly #params: TokensParams;
  #pair: TokenPair;
  #isStored = true;
  #timer: Timer | undefined;
  #isRunning = false;
  #flight: Promise<RenewalEnd> | undefined;
  #failures = 0;
  #notBefore = 0;
  /** When the present pair was asked for, if this process did. */
  #renewedAt: number | undefined;
  readonly #watchers: (() => void)[] = [];

  constructor(params: TokensParams) {
    this.#params = params;
    this.#pair = params.login.pair;
  }

  current(): Secret {
    return this.#pair.accessToken;
  }

  expiresAt(): number {
    return this.#pair.expiresAt;
  }

  expiresInMs(): number {
    return this.#pair.expiresAt - this.#params.clock.wall();
  }

  watch(changed: () => void): void {
    this.#watchers.push(changed);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#look();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#timer?.cancel();
    await this.#flight;
    if (!this.#isStored) await this.#save();
  }

  renew(): Promise<RenewalEnd> {
    return this.#single(() => this.#renewLocked(this.#pair));
  }

  distrust(refused: Secret): Promise<RenewalEnd> {
    // Another token is in use already: the refusal was about the one before.
    if (refused.reveal() !== this.#pair.accessToken.reveal()) {
      return Promise.resolve({ status: 'renewed' });
    }
    return this.#single(async () => {
      const since = this.#params.clock.mono() - (this.#renewedAt ?? Number.NEGATIVE_INFINITY);
      if (since < Math.min(QUARREL_MS, this.lifeMs() / 2) && !(await this.#adoptNewer())) {
        const sentence = `The broker refuses a token that is minutes old. ${LOGIN_AGAIN}`;
        return { status: 'refused', sentence };
      }
      return this.#renewLocked(this.#pair);
    });
  }

  async adopt(): Promise<boolean> {
    await this.#flight;
    return this.#adoptNewer();
  }

  async replace(pair: TokenPair): Promise<void> {
    await this.#flight;
    const release = await this.#params.lock();
    try {
      await this.#params.store.save({ ...this.#params.login, pair });
      this.#isStored = true;
      this.#renewedAt = undefined;
      this.#take(pair);
    } finally {
      release();
    }
  }

  #single(work: () => Promise<RenewalEnd>): Promise<RenewalEnd> {
    this.#flight ??= work().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  /** `from` is what the caller wants replaced: a newer pair in the store is as good. */
  async #renewLocked(from: TokenPair): Promise<RenewalEnd> {
    let release: () => void;
    try {
      release = await this.#params.lock();
    } catch {
      return this.#later('Another process renews the token and does not finish.');
    }
    try {
      if (!same(from, this.#pair) || (await this.#adoptNewer())) return { status: 'renewed' };
      return await this.#renew();
    } finally {
      release();
    }
  }

  async #renew(): Promise<RenewalEnd> {
    const askedAt = this.#params.clock.mono();
    const answer = await refreshPair(this.#params.endpoint, this.#pair.refreshToken);
    if (answer.status === 'refused') {
      // F94: another program may have been faster without our lock; look once, never fight.
      if (await this.#adoptNewer()) return { status: 'renewed' };
      const sentence = `${answer.sentence} ${LOGIN_AGAIN}`;
      this.#notBefore = Number.POSITIVE_INFINITY;
      this.#params.note('warn', `The access token could not be renewed. ${sentence}`);
      return { status: 'refused', sentence };
    }
    if (answer.status === 'unreachable') return this.#later(answer.sentence);
    this.#isStored = false;
    const isStored = await this.#save(answer.pair);
    // The old pair is dead at the broker, so an unstored new one is still used (F93).
    this.#take(answer.pair);
    this.#isStored = isStored;
    this.#renewedAt = askedAt;
    const days = Math.floor((answer.pair.expiresAt - answer.pair.obtainedAt) / 86_400_000);
    if (isStored) this.#params.note('info', `The access token was renewed for ${days} days.`);
    return { status: 'renewed' };
  }

  #take(pair: TokenPair): void {
    this.#pair = pair;
    this.#failures = 0;
    this.#notBefore = 0;
    this.#params.onChange?.(pair);
    for (const changed of this.#watchers) changed();
  }

  /** True when the store holds another pair than ours: another process renewed it. */
  async #adoptNewer(): Promise<boolean> {
    let stored: StoredLogin | undefined;
    try {
      stored = await this.#params.store.load();
    } catch {
      return false;
    }
    const { clientId } = this.#params.endpoint.application;
    if (stored === undefined || stored.clientId !== clientId) return false;
    if (same(stored.pair, this.#pair) || stored.pair.obtainedAt < this.#pair.obtainedAt) {
      return false;
    }
    this.#take(stored.pair);
    this.#isStored = true;
    return true;
  }

  async #save(pair: TokenPair = this.#pair): Promise<boolean> {
    try {
      await this.#params.store.save({ ...this.#params.login, pair });
      this.#isStored = true;
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      this.#params.note(
        'warn',
        `The renewed token could not be stored and is only in memory; it is tried again. ${why}`,
      );
      return false;
    }
  }

  #later(sentence: string): RenewalEnd {
    const wait = Math.min(RETRY_MS.first * 2 ** this.#failures, RETRY_MS.longest);
    this.#failures += 1;
    this.#notBefore = this.#params.clock.mono() + wait;
    this.#params.note('warn', `The access token was not renewed yet. ${sentence}`);
    return { status: 'unreachable', sentence };
  }

  #look(): void {
    if (!this.#isRunning) return;
    const look = Math.max(LOOK_LEAST_MS, Math.min(LOOK_MS, this.lifeMs() / LOOKS));
    this.#timer = this.#params.clock.after(look, () => this.#look());
    if (this.#flight !== undefined) return;
    if (!this.#isStored) {
      void this.#save();
      return;
    }
    if (this.#isDue()) void this.renew();
  }

  #isDue(): boolean {
    const { clock, quiet } = this.#params;
    if (clock.mono() < this.#notBefore) return false;
    const left = this.expiresInMs();
    const early = this.lifeMs() * EARLY_PART;
    // A life of minutes has a last call within them.
    return left < Math.min(LAST_CALL_MS, early / 2) || (left < early && quiet());
  }

  lifeMs(): number {
    return this.#pair.expiresAt - this.#pair.obtainedAt;
  }
}

const same = (a: TokenPair, b: TokenPair): boolean =>
  a.accessToken.reveal() === b.accessToken.reveal();
