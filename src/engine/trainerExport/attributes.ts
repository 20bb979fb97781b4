import { message, type Message } from '../../core/message/message.ts';
import type { LogicalType } from '../../core/table/type.ts';
import { typeName } from '../../core/table/type.ts';
import type { OpenTable } from '../tables/tables.ts';
import { columnOf } from '../tables/roleTable.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { carriedColumn } from '../inputs/columnNames.ts';

/** How a trainer interprets an attribute: one value or a list, discrete or numeric. */
export type AttributeKind = 'token' | 'float' | 'token_seq' | 'float_seq';

/** A column of the items or the users, as text for files of a trainer. */
export interface Attribute {
  readonly name: string;
  readonly kind: AttributeKind;
  /** True for a single number or flag, for which an empty text is not valid. */
  readonly numeric: boolean;
  /** SQL of its text over rows with the copied column. Separators are between the values of a list. NULL stays NULL. */
  text(separator: string): string;
  /** SQL of its values as a list of texts; null if it is not a list. */
  readonly values: string | null;
}

/** Attributes that a trainer can read, and one message for each attribute that it cannot read. */
export interface Attributes {
  readonly attributes: readonly Attribute[];
  readonly left: readonly Message[];
}

export function attributesOf(table: OpenTable, names: readonly string[]): Attributes {
  const attributes: Attribute[] = [];
  const left: Message[] = [];
  for (const name of new Set(names)) {
    const { type } = columnOf(table, name);
    const kind = kindOf(type);
    if (kind === null)
      left.push(message('{0} is left out: these files cannot contain values of the type {1}', name, typeName(type)));
    else attributes.push(attribute(name, quoteIdentifier(carriedColumn(name)), type, kind));
  }
  return { attributes, left };
}

/** How RecBole reads values of a type. Null: it cannot. */
export function kindOf(type: LogicalType): AttributeKind | null {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'string':
    case 'enum':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timestamp':
      return 'token';
    case 'float':
    case 'decimal':
      return 'float';
    case 'list': {
      const inner = kindOf(type.item);
      return inner === 'token' ? 'token_seq' : inner === 'float' ? 'float_seq' : null;
    }
    default:
      return null;
  }
}

/** @param column SQL of the column */
export function attribute(name: string, column: string, type: LogicalType, kind: AttributeKind): Attribute {
  if (type.kind !== 'list')
    return {
      name,
      kind,
      numeric: ['boolean', 'integer', 'float', 'decimal'].includes(type.kind),
      values: null,
      text: () => textOf(column, type),
    };
  // Unknown values of a list are dropped.
  const values = `list_filter(list_transform(${column}, lambda v: ${textOf('v', type.item)}), lambda t: t IS NOT NULL)`;
  return {
    name,
    kind,
    numeric: false,
    values,
    text: (separator) => `array_to_string(${values}, ${quoteLiteral(separator)})`,
  };
}

function textOf(x: string, type: LogicalType): string {
  return type.kind === 'boolean' ? `CAST(CAST(${x} AS INTEGER) AS VARCHAR)` : exactText(x, type);
}
