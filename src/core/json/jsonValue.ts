import { message, type Message } from '../message/message.ts';

/** Path into a JSON text: keys, and list indices from 0. */
export type JsonPath = readonly (string | number)[];

/**
 * A value of unvalidated JSON with its path. Each method reads it as one type, and throws the error that `refuse`
 * returns if the value has another type.
 */
export class JsonValue {
  constructor(
    private readonly value: unknown,
    private readonly path: JsonPath,
    private readonly refuse: (path: JsonPath, expected: Message) => Error,
  ) {}

  text(): string {
    if (typeof this.value !== 'string') throw this.refuse(this.path, message('a string'));
    return this.value;
  }

  /** One of the given values. */
  oneOf<T extends string | number>(values: readonly T[]): T {
    const match = values.find((value) => value === this.value);
    if (match === undefined) throw this.refuse(this.path, message('one of {0}', values.join(', ')));
    return match;
  }

  /** A SHA-256 digest in hexadecimal. */
  sha256(): string {
    if (typeof this.value !== 'string' || !/^[0-9a-f]{64}$/.test(this.value))
      throw this.refuse(this.path, message('a SHA-256 of 64 hexadecimal digits'));
    return this.value;
  }

  /** Returns `value` if `isValid`; else throws an error that names what was `expected`. */
  must<T>(value: T, isValid: boolean, expected: Message): T {
    if (!isValid) throw this.refuse(this.path, expected);
    return value;
  }

  /** A whole number of at least 0. */
  count(): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value) || this.value < 0)
      throw this.refuse(this.path, message('a whole number of at least 0'));
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value))
      throw this.refuse(this.path, message('a number'));
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.refuse(this.path, message('true or false'));
    return this.value;
  }

  scalar(): string | number | boolean | null {
    const { value } = this;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value;
    throw this.refuse(this.path, message('a text, a number, true, false or null'));
  }

  list(): JsonValue[] {
    if (!Array.isArray(this.value)) throw this.refuse(this.path, message('a list'));
    return this.value.map((value: unknown, k) => this.#inner(k, value));
  }

  /** An element of a list. If it is missing, reading it throws. */
  item(index: number): JsonValue {
    return this.list()[index] ?? this.#inner(index, undefined);
  }

  /** The value of a key. If the key is missing, reading the value throws. */
  at(key: string): JsonValue {
    return this.#inner(key, this.#object().get(key));
  }

  /** The value of a key; null if the key is missing. */
  optional(key: string): JsonValue | null {
    const values = this.#object();
    return values.has(key) ? this.#inner(key, values.get(key)) : null;
  }

  /** Keys and values of an object. */
  entries(): (readonly [string, JsonValue])[] {
    return [...this.#object()].map(([key, value]) => [key, this.#inner(key, value)] as const);
  }

  /** Null for a JSON null, else the read value. */
  orNull<T>(read: (value: JsonValue) => T): T | null {
    return this.value === null ? null : read(this);
  }

  isText(): boolean {
    return typeof this.value === 'string';
  }

  #object(): ReadonlyMap<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.refuse(this.path, message('an object'));
    return new Map<string, unknown>(Object.entries(this.value));
  }

  #inner(step: string | number, value: unknown): JsonValue {
    return new JsonValue(value, [...this.path, step], this.refuse);
  }
}
