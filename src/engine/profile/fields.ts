import type { LogicalType } from '../../core/table/type.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { traitOf, type Trait } from './trait.ts';

/** Most fields of a struct that are profiled, as each costs as much as a column. */
export const MOST_FIELDS = 100;

interface Field {
  readonly path: readonly string[];
  readonly type: LogicalType;
}

/** The fields of a struct; an inner struct is replaced by its fields. Fields without a name cannot be read by name. */
export function fieldsOf(type: LogicalType, path: readonly string[] = []): Field[] {
  if (type.kind !== 'struct') return [{ path, type }];
  return type.fields.flatMap(({ name, type: inner }) => (name === '' ? [] : fieldsOf(inner, [...path, name])));
}

/** The fields as columns of a relation. A field of a NULL struct is NULL. */
export function flatFields(
  { sql }: Trait,
  fields: readonly Field[],
  from: string,
): { readonly from: string; readonly traits: readonly Trait[] } {
  const columns = fields.map(({ path }, k) => {
    const value = path.reduce((outer, name) => `struct_extract(${outer}, ${quoteLiteral(name)})`, sql);
    return `${value} AS ${fieldColumn(k)}`;
  });
  return {
    from: `(SELECT ${columns.join(', ')} FROM ${from})`,
    traits: fields.map(({ path, type }, k) =>
      traitOf({ column: { name: path.join('.'), type }, role: null }, fieldColumn(k)),
    ),
  };
}

const fieldColumn = (place: number): string => quoteIdentifier(`field ${place}`);
