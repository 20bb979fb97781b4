import { refuse } from '../../../core/message/failure.ts';
import { historyKind } from '../../../core/table/historyKind.ts';
import { historyProblem, type HistoryColumn } from '../../../core/table/historyProblem.ts';
import type { LogicalType } from '../../../core/table/type.ts';
import { columnOf } from '../../tables/roleTable.ts';
import { exactText } from '../../sql/cellText.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { itemNumbers, type SampledTables } from '../../inputs/sampledTables.ts';
import { within, type Bounds } from '../../inputs/world/within.ts';

/** SQL name of the column with the past items. It never equals the name of a role. */
const past = quoteIdentifier('past items');

/** The past items of users: which column, and the impressions that count. */
export interface History {
  readonly plan: HistoryColumn;
  readonly bounds: Bounds;
  /** SQL type of the ids of items. */
  readonly itemType: string;
}

/**
 * SQL of the distinct past items of users, as a FROM item: `"user"`, `number` of the item, and `unknown`: the text of
 * an id that is no item; then `number` is NULL. Equal histories of a user are split once.
 * @param chosen SQL condition on a column `"user"`
 * @throws FailureError if the column does not exist, or has neither texts nor lists
 */
export function historySql(sampled: SampledTables, { plan, bounds, itemType }: History, chosen: string): string {
  const table = sampled.tables.table(sampled.data.log.impressions.ref);
  const { name, type } = columnOf(table, plan.column);
  const rows = sampled.exposures({ 'past items': pastSql(quoteIdentifier(name), type) });
  const distinct = `(SELECT DISTINCT "user", ${past} FROM ${rows} WHERE (${chosen}) AND ${within('time', bounds)} AND ${past} IS NOT NULL)`;
  // Each id is trimmed once per user, which takes a quarter of the time of trimming all of them.
  const split = `(SELECT DISTINCT "user", unnest(${idsSql(sampled, plan, type)}) AS id FROM ${distinct})`;
  const id = historyKind(type) === 'list' ? 'id' : `trim(id, ${blanks})`;
  const known = `(SELECT DISTINCT "user", ${id} AS id FROM ${split} WHERE ${id} <> '')`;
  return `(SELECT DISTINCT p."user", n.number, CASE WHEN n.number IS NULL THEN p.id END AS unknown
    FROM ${known} p LEFT JOIN ${itemNumbers} n ON n.item = ${hasUuidItems(sampled) ? uuidSql('p.id') : itemSql('p.id', itemType)})`;
}

/** True if item ids are UUIDs in the files. These are matched by their text in lower case. */
function hasUuidItems({ tables, data }: SampledTables): boolean {
  const { ref, columns } = data.items ?? data.log.impressions;
  return columnOf(tables.table(ref), columns.item.name).type.kind === 'uuid';
}

/** The text of a UUID that may be written in another way, such as in capitals; NULL if it is not one. */
function uuidSql(id: string): string {
  return `CAST(TRY_CAST(${id} AS UUID) AS VARCHAR)`;
}

/** Characters around an id that do not belong to it: a separator may be followed by spaces. */
export const blanks = `' ' || chr(9) || chr(10) || chr(13)`;

/** The column as a text, or as a list of texts. */
function pastSql(column: string, type: LogicalType): string {
  return type.kind === 'list'
    ? `list_transform(${column}, lambda x: ${exactText('x', type.item)})`
    : exactText(column, type);
}

/** A list of ids as texts. */
function idsSql({ tables, data }: SampledTables, plan: HistoryColumn, type: LogicalType): string {
  const problem = historyProblem({ type }, plan);
  if (problem !== null)
    throw refuse('entry-history', problem, {
      place: { path: tables.table(data.log.impressions.ref).path, column: plan.column },
    });
  if (historyKind(type) === 'list') return past;
  return `string_split(${past}, ${quoteLiteral(plan.separator ?? '')})`;
}

/** An id in the type of the items; NULL if it is not one. DuckDB would round 1.5 to 2. */
function itemSql(id: string, itemType: string): string {
  return itemType === 'VARCHAR'
    ? id
    : `CASE WHEN regexp_full_match(${id}, '[+-]?[0-9]+') THEN TRY_CAST(${id} AS ${itemType}) END`;
}
