import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { conditionColumns } from '../../core/config/eventConditions.ts';
import { ownValue } from '../../core/ownValue.ts';
import { columnOf, type RoleOptions } from '../tables/roleTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';
import { orNull } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { carriedColumn } from './columnNames.ts';

/** The open files, and what is read from them. */
interface Picking {
  readonly tables: Tables;
  readonly data: Pick<SamplingData, 'log'>;
}

/** How rows that are otherwise equal are ordered: columns to add to the rows, and SQL to order by. */
export interface PickOrder {
  readonly more: NonNullable<RoleOptions['more']>;
  readonly terms: readonly string[];
}

/**
 * The pick order of impressions: smallest user, request and position, then the smallest tuple of the columns that the
 * config uses, by name. NULL and NaN come first.
 * @param carried used columns that the rows also have as `carriedColumn`
 */
export function pickOrder({ tables, data }: Picking, carried: readonly string[]): PickOrder {
  const {
    impressions: { ref, columns, used = [] },
    events,
  } = data.log;
  const table = tables.table(ref);
  const own = new Set(table.columns.map(({ name }) => name));
  const roles = Object.values(columns).map(({ name }) => name);
  const tied = new Set([columns.user, columns.time, columns.request, columns.position].map((column) => column?.name));
  const names = [...roles, ...events.flatMap(conditionColumns), ...used, ...carried].filter(
    (name) => own.has(name) && !tied.has(name),
  );
  const { more, terms } = tupleOrder(table, names, carried, { [columns.item.name]: 'item' });
  const position = columns.position ? { [picked('position')]: valueSql(table, columns.position.name) } : {};
  return {
    more: { ...position, ...more },
    terms: [
      '"user" NULLS FIRST',
      ...(columns.request ? ['request NULLS FIRST'] : []),
      ...(columns.position ? [`${quoteIdentifier(picked('position'))} NULLS FIRST`] : []),
      ...terms,
    ],
  };
}

/**
 * The order of the smallest tuple of some columns, by name, NULL and NaN first.
 * @param carried those that the rows also have as `carriedColumn`; wide values are not sorted twice
 * @param roles SQL of the value of columns whose role gives them a type, by name
 */
export function tupleOrder(
  table: OpenTable,
  columns: readonly string[],
  carried: readonly string[],
  roles: Readonly<Record<string, string>> = {},
): PickOrder {
  const names = [...new Set(columns)].sort(compareTexts);
  const role = (name: string): string | undefined =>
    ownValue(roles, name) ?? (carried.includes(name) ? valueSql(table, name, carriedColumn(name)) : undefined);
  return {
    more: Object.fromEntries(
      names.filter((name) => role(name) === undefined).map((name) => [picked(`of ${name}`), valueSql(table, name)]),
    ),
    terms: names.map((name) => `${role(name) ?? quoteIdentifier(picked(`of ${name}`))} NULLS FIRST`),
  };
}

/** The SQL name of a column to order by. It never equals the name of a role. */
function picked(name: string): string {
  return `pick ${name}`;
}

/** A column as rows are ordered by it. @param as its name in the rows */
export function valueSql(table: OpenTable, name: string, as = name): string {
  const { type } = columnOf(table, name);
  return orNull(quoteIdentifier(as), type);
}
