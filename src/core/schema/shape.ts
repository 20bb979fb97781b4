import type { Message } from '../message/message.ts';

/**
 * Describes the allowed values of a part of the config. One definition gives the TypeScript type (`TypeOf`), the JSON
 * Schema, the check with its ranges, completion, hover and the reference page.
 */
export type Shape<T = unknown> = ShapeOf & Typed<T>;

type ShapeOf =
  | TextShape
  | NumberShape
  | BooleanShape
  | ChoiceShape
  | ListShape
  | RecordShape
  | DictionaryShape
  | EitherShape
  | DependentShape;

/** Carries the type of the value; never set. */
interface Typed<T> {
  readonly typed?: T;
}
export type TypeOf<S> = S extends Typed<infer T> ? T : never;

/** Meaning of a text. It decides completions and which form is valid. */
export type Meaning =
  | 'plain'
  /** A file, folder or glob, relative to the config. */
  | 'path'
  /** A column of the data set that contains it; under `events`, of `impressions`. */
  | 'column'
  /** A name under `events`. */
  | 'event'
  /** A name under `output.sequences`. */
  | 'sequence'
  /** A name under `events`, or `impressions`. */
  | 'count'
  /** An item attribute: a name in `data.items.columns.attributes`. */
  | 'item-attribute'
  /** A user attribute: a name in `data.users.columns.attributes`. */
  | 'user-attribute'
  /** A name of the mix or of the counts of the same stage. */
  | 'entry'
  /** A role of `data.candidates.columns`; with `from: impressions` next to it, a column of the impressions. */
  | 'teacher-column'
  /** `30m`, `12h`, `7d`: a whole number and s, m, h or d. */
  | 'duration'
  /** A duration, or `none`. */
  | 'period'
  /** `above_last_click+2`. */
  | 'last-click'
  /** `2026-11-20` or `2026-11-20T10:00:00`. */
  | 'day'
  /** The text between two ids: at least one character. */
  | 'separator'
  /** A format of days: `yyyyMMdd`. */
  | 'day-format'
  /** An IANA time zone. */
  | 'timezone'
  /** A column that is copied to the output. */
  | 'pass-through'
  /** The data set of a column that is copied: an entry of `data`, or a name under `data.features`. */
  | 'passed-table'
  /** `recommended`, `strict`, or the path of a policy file. */
  | 'policy';

export interface TextShape {
  readonly kind: 'text';
  readonly meaning: Meaning;
}
export interface NumberShape {
  readonly kind: 'number';
  readonly integer: boolean;
  /** Inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** True if the lower bound itself is excluded. */
  readonly above?: boolean;
}
export interface BooleanShape {
  readonly kind: 'boolean';
}
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly choices: readonly Choice[];
  /** The rule that reports any other value; `config/type` if not set. */
  readonly rule?: 'config/version';
}
export interface Choice {
  readonly value: string | number;
  readonly doc: Message;
}
export interface ListShape {
  readonly kind: 'list';
  readonly item: Shape;
  readonly min?: number;
  readonly max?: number;
}
/** A map with known keys. */
export interface RecordShape {
  readonly kind: 'record';
  readonly fields: Readonly<Record<string, Field>>;
}
/** A map whose keys are names that the author of the config chooses. */
export interface DictionaryShape {
  readonly kind: 'dictionary';
  /** What a key names, for completion and hover. */
  readonly keys: Meaning | 'source';
  readonly value: Shape;
  readonly doc: Message;
}
/** One of several shapes. The kind of the YAML value (scalar, list, map) decides which. */
export interface EitherShape {
  readonly kind: 'either';
  readonly options: readonly Shape[];
}
/** A record whose fields depend on the source of the entry: its key `source`, else its own name. */
export interface DependentShape {
  readonly kind: 'dependent';
  readonly cases: Readonly<Record<string, RecordShape>>;
  /** Fields if the source is unknown. */
  readonly otherwise: RecordShape;
}

/** A shape other than `either`. */
export type PlainShape = Exclude<Shape, { readonly kind: 'either' }>;

/** The alternatives of a shape. Called for every value of a config, so each list is computed once. */
export function alternatives(shape: Shape): readonly PlainShape[] {
  let cached = cachedAlternatives.get(shape);
  if (!cached)
    cachedAlternatives.set(shape, (cached = shape.kind === 'either' ? shape.options.flatMap(alternatives) : [shape]));
  return cached;
}
const cachedAlternatives = new WeakMap<Shape, readonly PlainShape[]>();

/** One key of a record. */
export interface Field<T = unknown> {
  readonly shape: Shape<T>;
  readonly doc: Message;
  readonly required: boolean;
  /** Default value, in config syntax. */
  readonly fallback?: string;
  /** Example value, in config syntax. */
  readonly example?: string;
  /** Further text for the hover and the reference page: a formula, a source, a pitfall. */
  readonly more?: Message;
}

type FieldValues<F extends Readonly<Record<string, Field>>> = {
  readonly [K in keyof F]?: F[K] extends Field<infer T> ? T : never;
};

export function text<T extends string = string>(meaning: Meaning = 'plain'): Shape<T> {
  return { kind: 'text', meaning };
}
export function number(bounds: Omit<NumberShape, 'kind' | 'integer'> = {}): Shape<number> {
  return { kind: 'number', integer: false, ...bounds };
}
export function integer(bounds: Omit<NumberShape, 'kind' | 'integer'> = {}): Shape<number> {
  return { kind: 'number', integer: true, ...bounds };
}
export function boolean(): Shape<boolean> {
  return { kind: 'boolean' };
}
/** One of the listed values, each with its meaning. */
export function choice<const T extends string | number>(
  choices: Readonly<Record<T, Message>>,
  more?: Pick<ChoiceShape, 'rule'>,
): Shape<T>;
export function choice(
  choices: Readonly<Record<string | number, Message>>,
  more: Pick<ChoiceShape, 'rule'> = {},
): Shape<string | number> {
  // A key that looks like a number is a number in the config.
  return {
    kind: 'choice',
    choices: Object.entries(choices).map(([value, doc]) => ({
      value: /^\d+$/.test(value) ? Number(value) : value,
      doc,
    })),
    ...more,
  };
}
export function list<T>(
  item: Shape<T>,
  bounds: { readonly min?: number; readonly max?: number } = {},
): Shape<readonly T[]> {
  return { kind: 'list', item, ...bounds };
}
/** Every field of the type is optional, because a config is also read while it is being written. */
export function record<F extends Readonly<Record<string, Field>>>(fields: F): RecordShape & Typed<FieldValues<F>> {
  return { kind: 'record', fields };
}
export function dictionary<T>(
  keys: DictionaryShape['keys'],
  value: Shape<T>,
  doc: Message,
): Shape<Readonly<Record<string, T>>> {
  return { kind: 'dictionary', keys, value, doc };
}
export function either<S extends readonly Shape[]>(...options: S): Shape<TypeOf<S[number]>> {
  return { kind: 'either', options };
}
export function field<T>(shape: Shape<T>, doc: Message, more: Partial<Omit<Field, 'shape' | 'doc'>> = {}): Field<T> {
  return { shape, doc, required: false, ...more };
}
