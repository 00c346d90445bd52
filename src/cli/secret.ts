/**
 * A value that prints as a fixed mask under every conversion (F98).
 * Deliberately offers one loud way out: `reveal()`, called only where bytes leave for their owner.
 */

const MASK = '••••••';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The real text. Never store, log, or put the result into an error. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}
