/**
 * A text that must never be seen: every accidental way of printing it shows a fixed mask (I23).
 * It does not encrypt and does not store; `reveal()` is called where bytes are made, nowhere else.
 */
import { inspect } from 'node:util';

const MASK = '[secret]';

/** Prints as `[secret]` under String(), template text, JSON and util.inspect, whatever it holds. */
export interface Secret {
  /** The text itself: only for building the message that carries it. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

class MaskedText implements Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Wraps a text from configuration or the secret store. */
export const secret = (text: string): Secret => new MaskedText(text);

/** What the login needs. Read anew at every login, so a getter may hand out a rotated token. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly accessToken: Secret;
}
