import fc from 'fast-check';
import type { Schema } from '../../src/protocol/schema/accept.ts';
import { declaredByColumn } from '../../src/protocol/schema/shapes.ts';

/** The parts of a schema that the protocol uses. */
interface Parts {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Parts>>;
  readonly item?: Parts;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly wrapped?: Parts;
  readonly pipe?: readonly Parts[];
  readonly requirement?: unknown;
}

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '9223372036854775807', '2026-11-20 07:00:00.000001', 'constructor', '__proto__', '曝光'),
);

const declared = fc.record(
  { role: fc.constantFrom('user', 'item'), config: texts, line: fc.nat() },
  { noNullPrototype: true },
);

/** A custom schema does not describe its values, so it is recognized by identity. */
const isOfDeclared = (parts: Parts): boolean => Object.is(parts, declaredByColumn);

/** Messages that a schema allows. */
export function allowed(schema: Schema): fc.Arbitrary<unknown> {
  return of(schema);
}

function of(parts: Parts): fc.Arbitrary<unknown> {
  const pieces = piecesOf(parts);
  const inner = pieces.find(({ type }) => type === 'strict_object' || type === 'array');
  const { type, entries, item, options = [], literal, wrapped } = inner ?? parts;
  switch (type) {
    case 'strict_object':
      return objects(entries ?? {});
    case 'array':
      return item ? fc.array(of(item), { maxLength: 4 }) : fc.constant([]);
    case 'string':
      return texts;
    case 'number': {
      const limits = (limit: string): number[] =>
        pieces.flatMap(({ type: kind, requirement }) => (kind === limit ? [Number(requirement)] : []));
      const least = Math.max(-1e9, ...limits('min_value'));
      const most = Math.min(Number.MAX_SAFE_INTEGER, ...limits('max_value'));
      return pieces.some(({ type: kind }) => kind === 'safe_integer')
        ? fc.integer({ min: least, max: most })
        : fc.double({ min: least, max: 1e9, noNaN: true }).filter((value) => !Object.is(value, -0));
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'literal':
      return fc.constant(literal);
    case 'picklist':
      return fc.constantFrom(...options);
    case 'nullable':
      return wrapped ? fc.option(of(wrapped)) : fc.constant(null);
    case 'exact_optional':
      return wrapped ? of(wrapped) : fc.constant(undefined);
    case 'union':
      return fc.oneof(...options.map((option) => of(option as Parts)));
    case 'custom':
      return fc.dictionary(
        texts,
        (isOfDeclared(parts) ? declared : fc.constantFrom('user', 'item', null)) as fc.Arbitrary<unknown>,
        { maxKeys: 3, noNullPrototype: true },
      );
    case 'unknown':
      return fc.jsonValue();
    default:
      throw new Error(`no arbitrary of ${type}`);
  }
}

/** A schema in a pipe may have its own pipe. */
function piecesOf({ pipe = [] }: Parts): readonly Parts[] {
  return pipe.flatMap((piece, k) => (k === 0 && piece.pipe ? piecesOf(piece) : [piece]));
}

function objects(entries: Readonly<Record<string, Parts>>): fc.Arbitrary<unknown> {
  const values = Object.fromEntries(Object.entries(entries).map(([name, part]) => [name, of(part)]));
  const requiredKeys = Object.keys(entries).filter((name) => entries[name]?.type !== 'exact_optional');
  return fc.record(values, { requiredKeys, noNullPrototype: true });
}

/** Values that are invalid everywhere, or dangerous somewhere. */
const strange = fc.constantFrom<unknown>(
  NaN,
  Infinity,
  -1,
  0.5,
  2 ** 53,
  -0,
  10n,
  '',
  'toString',
  'x'.repeat(1_000_001),
  null,
  undefined,
  true,
  [],
  [null],
  {},
  { uri: 7 },
  new Date(0),
  new Map(),
  Symbol('strange'),
  JSON.parse('{"__proto__": {"view": 1}}'),
  () => 'acted',
);

/** A message with one change: another value, a missing value, an extra key, or a list in its place. */
export function mutated(message: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(message);
  return fc
    .tuple(fc.constantFrom(...places), strange, fc.constantFrom('set', 'remove', 'add'))
    .map(([place, value, how]) => changed(message, place, value, how));
}

function placesOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))];
}

function changed(value: unknown, [key, ...rest]: readonly string[], strangeValue: unknown, how: string): unknown {
  if (key === undefined) return how === 'add' && isRecord(value) ? { ...value, extra: strangeValue } : strangeValue;
  if (Array.isArray(value))
    return value.map((element: unknown, k) =>
      String(k) === key ? changed(element, rest, strangeValue, how) : element,
    );
  if (!isRecord(value)) return strangeValue;
  const others = Object.entries(value).filter(([name]) => name !== key || how !== 'remove' || rest.length > 0);
  return Object.fromEntries(
    others.map(([name, inner]) => [name, name === key ? changed(inner, rest, strangeValue, how) : inner]),
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
