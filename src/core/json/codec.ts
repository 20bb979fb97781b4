import type { Message } from '../message/message.ts';
import type { JsonValue } from './jsonValue.ts';

/** JSON Schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a value is written as JSON and read from it, and the schema of both. */
export interface Codec<T> {
  /** Adds the definitions that the schema refers to. */
  schema(definitions: Map<string, JsonSchema>): JsonSchema;
  /** `indent`: the blanks at the start of the line that the text continues. */
  text(value: T, indent: string): string;
  /** @throws as `JsonValue` does */
  read(json: JsonValue): T;
}

/** The values that a codec writes. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** A key of a record that may be missing. */
export interface OptionalCodec<T> extends Codec<T> {
  readonly isOptional: true;
}

type Fields = Readonly<Record<string, Codec<unknown>>>;
type OptionalKey<F extends Fields> = { [K in keyof F]: F[K] extends OptionalCodec<unknown> ? K : never }[keyof F];
/** The values of a record of these fields. */
export type RecordOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKey<F>>]: ValueOf<F[K]> } & {
  readonly [K in OptionalKey<F>]?: ValueOf<F[K]> | undefined;
};

/** How the fields of an object are laid out: on a line, on a line with blanks, or each on its own line. */
type Layout = 'tight' | 'spaced' | 'block';

export const text = scalar({ type: 'string' }, (json) => json.text());
export const flag = scalar({ type: 'boolean' }, (json) => json.flag());
export const number = scalar({ type: 'number' }, (json) => json.number());
/** From 0 to 1. */
export const share = scalar({ type: 'number', minimum: 0, maximum: 1 }, (json) => json.number());
/** Whole and not negative. */
export const count = defined(
  'count',
  scalar({ type: 'integer', minimum: 0 }, (json) => json.count()),
);
export const sha256 = defined(
  'sha256',
  scalar({ type: 'string', pattern: '^[0-9a-f]{64}$' }, (json) => json.sha256()),
);

/** A value of one JSON type, or of several. */
export function scalar<T>(schema: JsonSchema, read: (json: JsonValue) => T): Codec<T> {
  return { schema: () => schema, text: (value) => jsonText(value), read };
}

export function oneOf<T extends string | number>(...values: readonly T[]): Codec<T> {
  return scalar(values.length === 1 ? { const: values[0] } : { enum: values }, (json) => json.oneOf(values));
}

export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    schema: (definitions) => orNull(codec.schema(definitions)),
    text: (value, indent) => (value === null ? 'null' : codec.text(value, indent)),
    read: (json) => json.orNull((inner) => codec.read(inner)),
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema['type'] === 'string') return { ...schema, type: [schema['type'], 'null'] };
  return Array.isArray(schema['enum'])
    ? { ...schema, enum: [...(schema['enum'] as unknown[]), null] }
    : { anyOf: [schema, { type: 'null' }] };
}

export function optional<T>(codec: Codec<T>): OptionalCodec<T> {
  return { ...codec, isOptional: true };
}

export function list<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    schema: (definitions) => ({ type: 'array', items: codec.schema(definitions) }),
    text: (values, indent) => `[${values.map((value) => codec.text(value, indent)).join(',')}]`,
    read: (json) => json.list().map((item) => codec.read(item)),
  };
}

/** A list with an element a line, so that two texts can be compared line by line. */
export function lines<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    ...list(codec),
    text: (values, indent) =>
      inLines(
        '[]',
        values.map((value) => codec.text(value, `${indent}  `)),
        indent,
      ),
  };
}

export function pair<A, B>(first: Codec<A>, second: Codec<B>): Codec<readonly [A, B]> {
  return {
    schema: (definitions) => ({
      type: 'array',
      items: [first.schema(definitions), second.schema(definitions)],
      minItems: 2,
      maxItems: 2,
    }),
    text: ([a, b], indent) => `[${first.text(a, indent)},${second.text(b, indent)}]`,
    read: (json) => [first.read(json.item(0)), second.read(json.item(1))],
  };
}

/** An object whose keys are names. */
export function dictionary<T>(codec: Codec<T>, layout: Layout = 'tight'): Codec<Readonly<Record<string, T>>> {
  const entries = pairs(codec, layout);
  return {
    ...entries,
    text: (values, indent) => entries.text(Object.entries(values), indent),
    read: (json) => Object.fromEntries(entries.read(json)),
  };
}

/** The same for pairs of a name and a value: a JavaScript object would move names such as `1` to the front. */
export function pairs<T>(codec: Codec<T>, layout: Layout = 'tight'): Codec<readonly (readonly [string, T])[]> {
  return {
    schema: (definitions) => ({ type: 'object', additionalProperties: codec.schema(definitions) }),
    text: (values, indent) =>
      fieldsText(
        values.map(([name, value]) => [name, codec, value] as const),
        layout,
        indent,
      ),
    read: (json) => json.entries().map(([name, value]) => [name, codec.read(value)] as const),
  };
}

/** An object with these keys, in this order. A key is the name of its property in snake_case. */
export function record<F extends Fields>(fields: F, layout: Layout = 'tight'): Codec<RecordOf<F>> {
  const keys = Object.entries(fields).map(([property, codec]) => ({
    property,
    codec,
    key: property.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    isOptional: 'isOptional' in codec,
  }));
  return {
    schema: (definitions) => ({
      type: 'object',
      additionalProperties: false,
      required: keys.flatMap(({ key, isOptional }) => (isOptional ? [] : [key])),
      properties: Object.fromEntries(keys.map(({ key, codec }) => [key, codec.schema(definitions)])),
    }),
    text(value, indent) {
      const values: Readonly<Record<string, unknown>> = value;
      return fieldsText(
        keys.flatMap(({ property, key, codec, isOptional }) => {
          const field = values[property];
          return isOptional && field === undefined ? [] : [[key, codec, field] as const];
        }),
        layout,
        indent,
      );
    },
    read(json) {
      return Object.fromEntries(
        keys.flatMap(({ property, key, codec, isOptional }) => {
          const field = isOptional ? json.optional(key) : json.at(key);
          return field === null ? [] : [[property, codec.read(field)] as const];
        }),
      ) as RecordOf<F>;
    },
  };
}

function fieldsText(
  fields: readonly (readonly [key: string, codec: Codec<unknown>, value: unknown])[],
  layout: Layout,
  indent: string,
): string {
  const [colon, inner] = layout === 'block' ? [': ', `${indent}  `] : [layout === 'spaced' ? ': ' : ':', indent];
  const texts = fields.map(([key, codec, value]) => `${jsonText(key)}${colon}${codec.text(value, inner)}`);
  return layout === 'block' ? inLines('{}', texts, indent) : `{${texts.join(layout === 'spaced' ? ', ' : ',')}}`;
}

function inLines([open, close]: string, texts: readonly string[], indent: string): string {
  return texts.length === 0
    ? `${open}${close}`
    : `${open}\n${texts.map((text) => `${indent}  ${text}`).join(',\n')}\n${indent}${close}`;
}

/** The schema of the codec is a definition, which other parts refer to. */
export function defined<T>(name: string, codec: Codec<T>): Codec<T> {
  return {
    ...codec,
    schema(definitions) {
      if (!definitions.has(name)) definitions.set(name, codec.schema(definitions));
      return { $ref: `#/definitions/${name}` };
    },
  };
}

export function described<C extends Codec<unknown>>(codec: C, description: string): C {
  return { ...codec, schema: (definitions) => ({ ...codec.schema(definitions), description }) };
}

/**
 * A value that fulfils a condition which no schema states. `expected`: how a failure names such a value. `key`: the key
 * that the failure is about, if it is not the whole value.
 */
export function checked<T>(codec: Codec<T>, holds: (value: T) => boolean, expected: Message, key?: string): Codec<T> {
  return {
    ...codec,
    read(json) {
      const value = codec.read(json);
      return (key === undefined ? json : json.at(key)).must(value, holds(value), expected);
    },
  };
}

/** A whole JSON text. */
export function documentText<T>(codec: Codec<T>, value: T): string {
  return `${codec.text(value, '')}\n`;
}

/** The schema of whole JSON texts. */
export function documentSchema<T>(title: string, codec: Codec<T>): JsonSchema {
  const definitions = new Map<string, JsonSchema>();
  const schema = codec.schema(definitions);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...schema,
    ...(definitions.size === 0 ? {} : { definitions: Object.fromEntries(definitions) }),
  };
}

/** JSON.stringify for data: -0 stays negative, with a fraction, because some readers take -0 for the integer 0. */
function jsonText(value: unknown): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${jsonText(field)}`).join(',')}}`;
}
