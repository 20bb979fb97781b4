import type { Message } from '../message/message.ts';
import type { JsonValue } from './jsonValue.ts';

/** JSON Schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Writes a value as JSON, reads it from JSON, and describes it by a JSON schema. */
export interface Codec<T> {
  /** The schema. Adds the definitions that it refers to to `definitions`, by name. */
  schema(definitions: Map<string, JsonSchema>): JsonSchema;
  /** The JSON text. `indent`: the blanks at the start of its first line. */
  text(value: T, indent: string): string;
  /** @throws the error of `JsonValue` if the JSON has another type */
  read(json: JsonValue): T;
}

/** Type of the values of a codec. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** A key of a record that may be missing. */
export interface OptionalCodec<T> extends Codec<T> {
  readonly isOptional: true;
}

type Fields = Readonly<Record<string, Codec<unknown>>>;
type OptionalKey<F extends Fields> = { [K in keyof F]: F[K] extends OptionalCodec<unknown> ? K : never }[keyof F];
/** Type of the values of `record(fields)`. */
export type RecordOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKey<F>>]: ValueOf<F[K]> } & {
  readonly [K in OptionalKey<F>]?: ValueOf<F[K]> | undefined;
};

/** `tight`: all fields in one line. `spaced`: in one line with blanks. `block`: each field in its own line. */
type Layout = 'tight' | 'spaced' | 'block';

export const text = scalar({ type: 'string' }, (json) => json.text());
export const flag = scalar({ type: 'boolean' }, (json) => json.flag());
export const number = scalar({ type: 'number' }, (json) => json.number());
/** A number from 0 to 1. */
export const share = scalar({ type: 'number', minimum: 0, maximum: 1 }, (json) => json.number());
/** A whole number of at least 0. */
export const count = defined(
  'count',
  scalar({ type: 'integer', minimum: 0 }, (json) => json.count()),
);
export const sha256 = defined(
  'sha256',
  scalar({ type: 'string', pattern: '^[0-9a-f]{64}$' }, (json) => json.sha256()),
);

/** A codec of values that are JSON unchanged. `read` must accept what `schema` accepts. */
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

/** A list with each element in its own line, so that texts can be compared line by line. */
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

/** An object with any keys, whose values have the same type. */
export function dictionary<T>(codec: Codec<T>, layout: Layout = 'tight'): Codec<Readonly<Record<string, T>>> {
  const entries = pairs(codec, layout);
  return {
    ...entries,
    text: (values, indent) => entries.text(Object.entries(values), indent),
    read: (json) => Object.fromEntries(entries.read(json)),
  };
}

/** Like `dictionary`, as pairs of key and value: a JavaScript object would move keys such as `1` to the front. */
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

/** An object with these fields, in this order. Its JSON keys are the property names in snake_case. */
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

/** A codec whose schema is a named definition, to which other schemas refer. */
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
 * A codec that checks a condition which a schema cannot express. `expected`: noun phrase for a valid value, for the
 * error message. `key`: the key that the error is about; default: the whole value.
 */
export function checked<T>(codec: Codec<T>, isValid: (value: T) => boolean, expected: Message, key?: string): Codec<T> {
  return {
    ...codec,
    read(json) {
      const value = codec.read(json);
      return (key === undefined ? json : json.at(key)).must(value, isValid(value), expected);
    },
  };
}

/** The text of a JSON file. */
export function documentText<T>(codec: Codec<T>, value: T): string {
  return `${codec.text(value, '')}\n`;
}

/** The schema of a JSON file. */
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

/** Like JSON.stringify, but writes -0 as -0.0: `-0` would be read as the integer 0 by some programs. */
function jsonText(value: unknown): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${jsonText(field)}`).join(',')}}`;
}
