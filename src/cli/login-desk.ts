/**
 * A login from inside the running console: the same grant as the verb `login`, its answer by the
 * browser of this machine or pasted, its tokens into the store the run already opened.
 * Deliberately asks nothing on the terminal: that one belongs to the screen.
 */
import {
  CALLBACK_LIMIT_MS,
  type Callback,
  type Expected,
  isLoopbackRedirect,
  type Listening,
  listenForCallback,
  newState,
  readPasted,
} from '../ctrader/oauth/authorize.ts';
import { exchangeCode, grantAddress, OAUTH_ADDRESSES } from '../ctrader/oauth/grant.ts';
import type { Tokens } from '../ctrader/oauth/tokens.ts';
import type { Clock } from '../engine/index.ts';
import type { LoginDesk, LoginStep } from '../ui/login.ts';
import type { Config } from './config.ts';
import { timeLeft } from './login-note.ts';
import { endpointOf } from './login-place.ts';

export interface LoginDeskParts {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Shows the address in the browser of this machine; false where there is none. */
  readonly browse: (address: string) => Promise<boolean>;
}

type Tell = (step: LoginStep) => void;

/** One login that waits for its answer. */
interface Turn {
  readonly address: string;
  readonly expected: Expected;
  readonly tell: Tell;
  readonly beganAt: number;
  readonly hint: string;
  readonly listening: Extract<Listening, { status: 'listening' }> | undefined;
}

const PASTE_HINT =
  'The browser then shows an address that may be an error page: copy it and paste it here ' +
  'within a minute.';

export const createLoginDesk = (parts: LoginDeskParts): LoginDesk => new Desk(parts);

class Desk implements LoginDesk {
  readonly #parts: LoginDeskParts;
  #turn: Turn | undefined;
  #begun = 0;

  constructor(parts: LoginDeskParts) {
    this.#parts = parts;
  }

  begin(tell: Tell): void {
    this.cancel();
    this.#begun += 1;
    const number = this.#begun;
    void this.#open(number, tell).catch((error: unknown) => {
      tell({ state: 'failed', sentence: sentenceOf(error) });
    });
  }

  answer(text: string): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const read = readPasted(text, turn.expected);
    // A wrong paste ends nothing: the page is still open. A bare code is vouched for by whoever
    // pasted it.
    if (read.type === 'failed') this.#wait(turn, read.sentence);
    else void this.#finish(turn, { ...read, proven: true });
  }

  cancel(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#begun += 1;
    turn?.listening?.close();
    turn?.tell({ state: 'failed', sentence: 'The login was given up: nothing has changed.' });
  }

  async #open(number: number, tell: Tell): Promise<void> {
    const { config, clock, browse } = this.#parts;
    const { redirectUri } = config;
    const expected = { redirectUri, state: newState() };
    const address = grantAddress({
      authorizeUrl: config.authUrl ?? OAUTH_ADDRESSES.authorize,
      clientId: endpointOf(config).application.clientId,
      scope: config.login?.scope ?? 'trading',
      ...expected,
    });
    const turn = (more: Partial<Turn>): Turn => ({
      address,
      expected,
      tell,
      beganAt: clock.mono(),
      hint: PASTE_HINT,
      listening: undefined,
      ...more,
    });
    const listening = isLoopbackRedirect(redirectUri)
      ? await listenForCallback({
          ...expected,
          clock,
          note: (sentence) => this.#turn && this.#wait(this.#turn, sentence),
        })
      : undefined;
    const isHeard = listening?.status === 'listening';
    if (number !== this.#begun) {
      if (isHeard) listening.close();
      return;
    }
    if (!isHeard) {
      const pasted = turn({});
      clock.after(CALLBACK_LIMIT_MS, () => {
        if (this.#turn === pasted) void this.#finish(pasted, LATE);
      });
      this.#wait(pasted, listening?.sentence);
      return;
    }
    const isOpen = await browse(address);
    const hint = isOpen
      ? 'A browser was asked to show it. From another computer: paste its last address here.'
      : PASTE_HINT;
    const mine = turn({ hint, listening });
    this.#wait(mine);
    const answer = await listening.answer;
    if (this.#turn === mine) await this.#finish(mine, answer);
  }

  #wait(turn: Turn, trouble?: string): void {
    this.#turn = turn;
    const leftMs = CALLBACK_LIMIT_MS - (this.#parts.clock.mono() - turn.beganAt);
    const { address, hint } = turn;
    const more = trouble === undefined ? {} : { trouble };
    turn.tell({ state: 'waiting', address, leftMs, hint, ...more });
  }

  async #finish(turn: Turn, answer: Callback): Promise<void> {
    this.#turn = undefined;
    turn.listening?.close();
    if (answer.type === 'failed') {
      turn.tell({ state: 'failed', sentence: answer.sentence });
      return;
    }
    turn.tell({ state: 'exchanging' });
    turn.tell(await this.#exchange(turn, answer));
  }

  async #exchange(
    { expected: { redirectUri } }: Turn,
    { code, proven }: Extract<Callback, { type: 'code' }>,
  ): Promise<LoginStep> {
    if (!proven) return { state: 'failed', sentence: UNPROVEN };
    const { config, tokens, clock } = this.#parts;
    try {
      const granted = await exchangeCode(endpointOf(config), { code, redirectUri });
      if (granted.status !== 'granted') return { state: 'failed', sentence: granted.sentence };
      await tokens.replace(granted.pair);
      const left = timeLeft(granted.pair.expiresAt, clock.wall());
      return { state: 'done', sentence: `Logged in: the new access is in use, ${left} left.` };
    } catch (error) {
      return { state: 'failed', sentence: sentenceOf(error) };
    }
  }
}

const LATE: Callback = {
  type: 'failed',
  sentence: 'Nobody answered within five minutes, so the login was given up.',
};
const UNPROVEN =
  'The answer carried no proof that it belongs to this login: begin again and paste the address.';

const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'The login failed.';
