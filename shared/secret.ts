/**
 * A secret or token on its way through the engine. Printing, serialising or interpolating it gives a placeholder, so
 * that no log, error or report can hold it by accident; `reveal()` is the only way to the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** The first characters of a long value, for telling tokens apart by eye; a short one is hidden whole. */
  masked(): string {
    return this.#value.length >= 24 ? `${this.#value.slice(0, 6)}…••••` : '••••••••';
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  get [Symbol.toStringTag](): string {
    return 'secret';
  }

  /** What Node's `util.inspect`, and so `console.log`, shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
