import { isShared, negativeName } from '../../data/columnOwner.ts';
import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import { hasSampleLists } from '../../schema/sampleLayout.ts';
import { holdsKind } from '../../table/holdsKind.ts';
import { typeName, type LogicalType } from '../../table/type.ts';
import { readTime } from '../groups/readTimes.ts';
import type { Grouping } from './grouping.ts';
import type { OutputColumn } from './outputColumn.ts';
import type { SparkJob } from '../sparkJob.ts';
import { call, col, fn, int, sql } from '../../relation/expression.ts';
import { columnsFrom, from, select, type Columns, type NamedColumns } from '../../relation/relation.ts';
import type { Expression, From, Join, Relation } from '../../relation/tree.ts';

/** A column of the file, and that of `LaidOut.rows` that has its value. */
export interface FileColumn {
  readonly name: string;
  readonly value: string;
  readonly type: LogicalType;
}

/** Rows of the file in any order: the columns of the file under plain names, and those of `hidden`. */
export interface LaidOut {
  readonly columns: readonly FileColumn[];
  readonly rows: Relation;
}

/** The rows `r` with their joins, and joins of rows of the file by `keys`, for the columns that are shared. */
interface RowSource {
  readonly from: From;
  readonly joins: readonly Join[];
  readonly later: readonly Join[];
  readonly keys: readonly string[];
}

interface ShownColumn {
  readonly name: string;
  readonly column: number;
  readonly list: 'negatives' | 'all' | null;
}

/** Names of the columns of a layout, with the column that each shows, and whether it is a list. */
export function columnsOf(columns: readonly OutputColumn[], layout: SparkJob['layout']): readonly ShownColumn[] {
  return columns.flatMap(({ name, owner }, column): ShownColumn[] => {
    if (layout === 'long' || (hasSampleLists(layout) && isShared(layout, owner))) return [{ name, column, list: null }];
    if (hasSampleLists(layout)) return [{ name, column, list: 'all' }];
    const single: ShownColumn[] = owner === 'label' || owner === 'negatives' ? [] : [{ name, column, list: null }];
    if (owner !== 'rows' && owner !== 'negatives') return single;
    return [...single, { name: negativeName(name), column, list: 'negatives' }];
  });
}

/**
 * One row for each sample, or in the other layouts for each group or bundle of groups. Lists have the order of the groups
 * and of their rows. docs/samples.md: Layouts.
 * @param hidden further columns; of a row of the file, those of its first group
 */
export function laidOut(
  columns: readonly OutputColumn[],
  hidden: NamedColumns,
  grouping: Grouping,
  layout: SparkJob['layout'],
  source: RowSource,
): LaidOut {
  const key = grouping.bundle?.key ?? grouping.key;
  const shown = columnsOf(columns, layout);
  const file = shown.map(({ name, column, list }, k): FileColumn => {
    const type = columns[column]?.type ?? { kind: 'string' };
    return { name, value: cell(k), type: list === null ? type : { kind: 'list', item: type } };
  });
  if (layout === 'long' || key === null) {
    const values = shown.map(({ column, list }, k) => {
      const value = valueOf(columns, column);
      return [cell(k), list === null ? value : call('listOf', value)] as const;
    });
    const joins = [...source.joins, ...source.later];
    return { columns: file, rows: select([...values, ...hidden], source.from, { joins }) };
  }
  return { columns: file, rows: mergedRows(columns, hidden, { ...grouping, key }, layout, source) };
}

const valueOf = (columns: readonly OutputColumn[], column: number): Expression => columns[column]?.value ?? int(0);

/** Rows of the file from several rows each, which `key` identifies. The parameters are those of `laidOut`. */
function mergedRows(
  columns: readonly OutputColumn[],
  hidden: NamedColumns,
  { key, rowOrder, bundle }: Grouping & { readonly key: NamedColumns },
  layout: SparkJob['layout'],
  source: RowSource,
): Relation {
  const shown = columnsOf(columns, layout);
  const listed = [...new Set(shown.flatMap(({ list, column }) => (list === null ? [] : [column])))];
  refuseMaps(listed.flatMap((column) => columns[column] ?? []));
  const isOf = {
    all: null,
    negatives: sql`${col('is_negative')} = ${int(1)}`,
    positive: sql`${col('is_negative')} = ${int(0)}`,
  };
  const order: NamedColumns = [...(bundle?.order ?? []), ...rowOrder.map((value, k) => [`place_${k}`, value] as const)];
  const hiddenNames = namesOf(hidden);
  const ofFirst = namesOf(bundle?.order ?? []);
  const isJoinedLater = ({ column }: { readonly column: number }): boolean => columns[column]?.isShared === true;
  const shared = source.later.length === 0 ? [] : source.keys.filter((name) => !hiddenNames.includes(name));
  const base = select(
    [
      ...key.map(([name, value]) => [`of_${name}`, value] as const),
      ...columns.flatMap(({ value }, k) => (isJoinedLater({ column: k }) ? [] : [[`v${k}`, value] as const])),
      ...order,
      ...(layout === 'wide' ? [['is_negative', sql`${int(1)} - ${col('own', 'r')}`] as const] : []),
      ...hidden.filter(([name]) => !ofFirst.includes(name)),
      ...columnsFrom(shared, 'r'),
    ],
    source.from,
    { joins: source.joins },
  );
  const lists = layout === 'wide' ? 'negatives' : 'all';
  // The rows of a group agree in these values, and the unit of the layout wide has one positive for each group.
  const single = ({ column }: { readonly column: number }): Expression => {
    const value = fn('first', col(`v${column}`));
    return isShared(layout, columns[column]?.owner ?? 'rows') ? value : sql`${value} FILTER (WHERE ${isOf.positive})`;
  };
  const groups = select(
    [
      ...shown.flatMap((one, k) => (one.list === null && !isJoinedLater(one) ? [[cell(k), single(one)] as const] : [])),
      [
        'members',
        {
          kind: 'structs',
          fields: [
            ...namesOf(order).map((name) => [name, col(name)] as const),
            ...listed.map((column) => [`v${column}`, col(`v${column}`)] as const),
          ],
          where: isOf[lists],
        },
      ],
      // Of several groups, the first has the earliest read time.
      ...[...hiddenNames.filter((name) => !ofFirst.includes(name)), ...shared].map(
        (name) => [name, fn(name === readTime ? 'min' : 'first', col(name))] as const,
      ),
    ],
    base,
    { groupBy: key.map(([name]) => col(`of_${name}`)) },
  );
  const values = shown.map((one, k) => {
    const isList = one.list !== null;
    const own = isList ? call('eachField', col('members', 'r'), col(`v${one.column}`)) : col(cell(k), 'r');
    return [cell(k), isJoinedLater(one) ? valueOf(columns, one.column) : own] as const;
  });
  const hiddenValues = hiddenNames.map((name) => {
    const ofMembers = call('eachField', col('members', 'r'), col(name));
    return [name, ofFirst.includes(name) ? call('elementAt', ofMembers, int(0)) : col(name, 'r')] as const;
  });
  return select([...values, ...hiddenValues], from(groups, 'r'), { joins: source.later });
}

const cell = (k: number): string => `c${k}`;

/** Spark sorts no structs with maps. @throws FailureError */
function refuseMaps(columns: readonly OutputColumn[]): void {
  const found = columns.find(({ type }) => holdsKind(type, 'map'));
  if (found)
    throw fail(
      'unsupported',
      message('A Spark job cannot write column {0} as a list: its type is {1}', found.name, typeName(found.type)),
      { advice: message('Use output.layout: long, or remove the column from output.pass_through.') },
    );
}

/** Names of columns. */
export function namesOf(columns: Columns): string[] {
  return columns.flatMap((one) => (typeof one === 'string' ? [one] : 'all' in one ? [] : [one[0]]));
}
