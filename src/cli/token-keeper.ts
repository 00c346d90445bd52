/**
 * Between the tokens and the session of a run: a refused token is replaced while the session waits,
 * a new login is found while it stands still, and the person hears when a login nears its end.
 * Deliberately decides neither when a token is renewed nor when a session is dialled.
 */
import type { RenewalEnd, Tokens } from '../ctrader/oauth/tokens.ts';
import type { Secret } from '../ctrader/secret.ts';
import { type BrokerEvent, type Clock, type Snapshot, type Timer, wall } from '../engine/index.ts';
import type { Broker } from '../engine/ports.ts';
import type { Log } from '../runtime/log.ts';
import { systemClock } from '../runtime/loop.ts';
import type { Config } from './config.ts';
import { timeLeft } from './login-note.ts';
import { readNote } from './login-place.ts';

export interface TokenKeeperParts {
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** What a session does with the news about its token. */
  readonly session: {
    tokenRenewed(): void;
    tokenForfeited(reason: string): void;
  };
  /** The end of the newest login as its note tells it, UTC milliseconds; nothing is opened. */
  readonly notedEnd: () => number | undefined;
  /** A line a person should see, free of secrets. */
  readonly alert: (sentence: string) => void;
}

export interface TokenKeeper {
  /** The token to present now. */
  present(): Secret;
  heard(event: BrokerEvent): void;
  start(): void;
  stop(): void;
}

/** While the session stands still, this often is looked for a new login; and at the time left. */
const LOOK_MS = 10_000;
/** Long after it should have been renewed, an hour before the end, and at the end. */
const ALERT_PARTS = [0.05, 0.01, 0] as const;

export const createTokenKeeper = (parts: TokenKeeperParts): TokenKeeper => new Keeper(parts);

class Keeper implements TokenKeeper {
  readonly #parts: TokenKeeperParts;
  #presented: Secret;
  #isHalted = false;
  #timer: Timer | undefined;
  #isStopped = false;
  /** How many of the alerts were given for the token that ends then. */
  #told = { end: 0, count: 0 };
  #life: number;

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts;
    this.#presented = parts.tokens.current();
    this.#life = parts.tokens.lifeMs();
    // Told before the broker's goodbye to the old token is read: that one is no quarrel (F92).
    parts.tokens.watch(() => {
      if (!this.#isStopped) parts.session.tokenRenewed();
    });
  }

  present(): Secret {
    this.#presented = this.#parts.tokens.current();
    return this.#presented;
  }

  heard(event: BrokerEvent): void {
    if (event.type !== 'link') return;
    this.#isHalted = event.state === 'AUTH_HALT';
    if (event.tokenRefused !== true || this.#isHalted) return;
    // What was refused is what was presented: a token renewed since then is not under suspicion.
    void this.#parts.tokens.distrust(this.#presented).then((end) => this.#tell(end));
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  /**
   * Without an answer of the token server nothing is told: the session's ladder asks again. A
   * refusal that came after the change must be told of it once more.
   */
  #tell(end: RenewalEnd): void {
    if (this.#isStopped) return;
    if (end.status === 'renewed') this.#parts.session.tokenRenewed();
    if (end.status === 'refused') this.#parts.session.tokenForfeited(end.sentence);
  }

  #look(): void {
    if (this.#isStopped) return;
    this.#timer = this.#parts.clock.after(LOOK_MS, () => this.#look());
    this.#warn();
    if (this.#isHalted) void this.#seekLogin();
  }

  /** Opening a store may ask a keychain: only after the note tells of another login. */
  async #seekLogin(): Promise<void> {
    const { tokens, notedEnd } = this.#parts;
    const end = notedEnd();
    if (end !== undefined && end !== tokens.expiresAt()) await tokens.adopt();
  }

  #warn(): void {
    const { tokens, clock, alert } = this.#parts;
    const end = tokens.expiresAt();
    if (this.#told.end !== end) {
      this.#told = { end, count: 0 };
      this.#life = tokens.lifeMs();
    }
    const left = tokens.expiresInMs();
    const due = ALERT_PARTS.filter((part) => left <= this.#life * part).length;
    if (due <= this.#told.count) return;
    this.#told = { end, count: due };
    const words = left <= 0 ? 'has ended' : `ends in ${timeLeft(end, clock.wall())}`;
    alert(`The login ${words} and was not renewed: run palm-oil-tui login.`);
  }
}

/** The keeper of a run: the note is the one on the disk, and the log is where a person looks. */
export const keeperOf = (
  { config, log }: { readonly config: Config; readonly log: Log },
  tokens: Tokens,
  session: TokenKeeperParts['session'],
): TokenKeeper =>
  createTokenKeeper({
    tokens,
    session,
    clock: systemClock(),
    notedEnd: () => readNote(config)?.expiresAt,
    alert: (sentence) => log.warn(sentence, { alert: 'login' }),
  });

/** The end of the login beside the picture of the engine, which knows no tokens. */
export const withLogin = (picture: Snapshot, tokens: Tokens | undefined): Snapshot =>
  tokens === undefined ? picture : { ...picture, login: { expiresAt: wall(tokens.expiresAt()) } };

/** First who would open it again. */
export function closeLink(hands: {
  readonly keeper: TokenKeeper | undefined;
  readonly broker: Broker;
}): Promise<void> {
  hands.keeper?.stop();
  return hands.broker.stop();
}
