import { DuckDBTypeId } from '@duckdb/node-api';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { ownerOf } from '../../core/data/columnOwner.ts';
import { isReservedName } from '../../core/data/outputName.ts';
import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { plainPlacement } from '../../core/sampling/placement.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { columnOf } from '../tables/roleTable.ts';
import { isCopied, isOfReadTime, type PassedColumn } from '../../core/data/passThrough.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { carriedJoins, carriedOf, carriedSql, type AsOfSource } from './carriedTables.ts';
import { asOfRowList, isCopiedList, type GroupList } from './drawnLists.ts';
import { passedTables } from './passThrough.ts';
import { noneDrawn } from './drawnTable.ts';
import { outcomeColumns } from './outcomeColumns.ts';
import { hiddenColumns } from './placedColumns.ts';
import { roleColumns, showsPosition } from './roleColumns.ts';
import { sequenceColumns } from './sequenceColumns.ts';
import { fileSql } from './fileSql.ts';
import type { DrawnIds } from '../inputs/ids.ts';
import {
  joinedLayouts,
  listsOf,
  namesIn,
  plainLayouts,
  rowsSql,
  type Bundle,
  type LogColumn,
  type OutputColumn,
} from './layouts.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';
import { storedLog } from '../inputs/storedTables.ts';

/** The columns of a file, and the pass-through ones among them. */
export interface OutputColumns {
  readonly columns: readonly OutputColumn[];
  /** Columns that order the rows and are not written, with `shuffled_rows`. */
  readonly hidden: readonly OutputColumn[];
  readonly passed: readonly PassedColumn[];
  /** Names of the pass-through columns that need an exposure of the row. */
  readonly exposed: readonly string[];
  readonly showsPosition: boolean;
  /** The lists that the columns need. */
  readonly lists: readonly GroupList[];
}

/**
 * The columns of a sample file: the columns of the stage, and the pass-through columns. The stage has a `positive_item`
 * in the unit positive, a request if the log has requests, and `keep_prob` with `downsample_hot`.
 * @throws FailureError if two columns would have the same name
 */
export function outputColumns(
  plan: StagePlan,
  { names, layout, path, format, placement = plainPlacement, sequences = [] }: SampleOutput,
  sampled: SampledTables,
  passed: readonly PassedColumn[],
): OutputColumns {
  const roles = roleColumns(plan, sampled, format, placement);
  const { position } = sampled.data.log.impressions.columns;
  const columns: OutputColumn[] = roles.map(([role, list, sql]) => ({
    name: names[role],
    list,
    sql,
    ...(role === 'group_id' ? { values: [role] } : {}),
    ...(role === 'position' && position ? { ofLog: logColumn(position.name, 'exposure'), isJoined: true } : {}),
    of: ownerOf(role),
  }));
  const columnsOfRoles = new Map(
    roles.map(([role]) => [
      names[role],
      (sampled.data.log.impressions.columns as Readonly<Record<string, AskedColumn | undefined>>)[role]?.name,
    ]),
  );
  columns.push(...outcomeColumns(plan));
  const further = passed.filter((column) => isCopied(column, columnsOfRoles));
  const asOf = carriedOf(further, sampled.data).asOf;
  const ofReadTime = further.filter(isOfReadTime);
  for (const one of further) {
    const { name, side } = one;
    const isOfGroup = side === 'context' || side === 'user';
    const logSide = logSideOf(one);
    columns.push({
      name,
      list: null,
      isJoined: true,
      ...(logSide === null ? {} : { ofLog: logColumn(one.column, logSide) }),
      ...(logSide === 'context' ? { joins: 'context' } : {}),
      ...asOfJoin(one, ofReadTime.indexOf(one), asOf),
      sql: () => withDefault(passedSql(one, ofReadTime.indexOf(one)), one, sampled),
      of: one.from === 'users' ? 'user' : isOfGroup ? 'group' : 'rows',
    });
  }
  columns.push(...sequenceColumns(sequences, layout, names, sampled));
  refuseTwice(plan, { layout, path, placement }, columns, further);
  refuseReserved({ names, path }, sampled, further);
  const hidden = hiddenColumns(placement, sampled.timezone);
  const hasPosition = showsPosition(plan, sampled);
  return {
    columns,
    hidden,
    passed: further,
    exposed: further.filter((one) => logSideOf(one) === 'exposure').map(({ name }) => name),
    showsPosition: hasPosition,
    lists: listsOf([...columns, ...hidden], further.length > 0 || hasPosition),
  };
}

const logColumn = (name: string, side: LogColumn['side']): LogColumn => ({ column: carriedColumn(name), side });

/** @throws FailureError if two columns have the same name */
function refuseTwice(
  plan: StagePlan,
  { layout, path, placement = plainPlacement }: Pick<SampleOutput, 'layout' | 'path' | 'placement'>,
  columns: readonly OutputColumn[],
  passed: readonly PassedColumn[],
): void {
  const seen = new Set<string>();
  const partition = placement.folder?.partitionBy?.column;
  for (const name of [...namesIn[layout](columns), ...(partition === undefined ? [] : [partition])]) {
    if (seen.has(name.toLowerCase())) {
      throw refuse('output-column-twice', message('The file would have two columns with the name {0}', name), {
        place: { path, column: name },
        setting:
          name === partition
            ? ['output', 'partition_by', 'column']
            : passed.some((one) => one.name === name)
              ? ['output', 'pass_through']
              : ['data', 'samples', plan.stage, 'columns'],
        advice:
          name === partition
            ? message('Choose another output.partition_by.column.')
            : message('Remove it from output.pass_through, or give the columns of data.samples different names.'),
      });
    }
    seen.add(name.toLowerCase());
  }
}

/** @throws FailureError if a copied column has a name that RecSample reserves */
function refuseReserved(
  { names, path }: Pick<SampleOutput, 'names' | 'path'>,
  sampled: SampledTables,
  passed: readonly PassedColumn[],
): void {
  const { position } = sampled.data.log.impressions.columns;
  for (const { name, column, from, side } of passed) {
    // The position of an exposure is the column that RecSample would write itself.
    const isPosition = side === 'exposure' && from === 'impressions' && column === position?.name;
    if ((isPosition && name === names.position) || !isReservedName(name, Object.values(names))) continue;
    throw refuse(
      'output-column-reserved',
      message('The file cannot have a pass-through column {0}: RecSample reserves the name', name),
      {
        place: { path, column: name },
        setting: ['output', 'pass_through'],
        advice: message('Give it another name in output.pass_through: {0}.', `{column: ${column}, as: …}`),
      },
    );
  }
}

/** The rows of a sample file, given the stored copies of `carryColumns`. */
export async function outputSelect(
  plan: StagePlan,
  {
    layout,
    format,
    names,
    placement = plainPlacement,
  }: Pick<SampleOutput, 'layout' | 'format' | 'names' | 'placement'>,
  {
    sampled,
    ids,
    bundled,
    columns: { columns: shown, hidden, passed: further, lists, showsPosition: hasPosition },
  }: {
    readonly sampled: SampledTables;
    readonly ids: DrawnIds;
    readonly bundled: { readonly by: Bundle } | null;
    readonly columns: OutputColumns;
  },
  work: Work,
): Promise<OutputRows> {
  const bundle = bundled?.by ?? null;
  const columns = [...shown, ...hidden];
  const carried = carriedOf(further, sampled.data);
  const ofExposure = further.some((one) => logSideOf(one) === 'exposure') || hasPosition;
  const ofContext = lists.includes('context');
  const logOf = (part: RowsPart | null, name: string, row: string): string =>
    `LEFT JOIN (SELECT *, rowid AS row FROM ${storedLog}${among(part?.origins)}) ${name} ON ${name}.row = r.${row}`;
  const joinsOf = (part: RowsPart | null): string[] => [
    ...(ofExposure ? [logOf(part, 'l', 'origin')] : []),
    ...(ofContext ? [logOf(part, 'g', 'context')] : []),
    ...carriedJoins(sampled, carried, ids),
    ...columns.flatMap(({ asOf, joins }) =>
      asOf === undefined || joins === undefined
        ? []
        : [`LEFT JOIN (SELECT *, rowid AS row FROM ${asOf}) ${joins} ON ${joins}.row = r.${joins}`],
    ),
  ];
  const rowsOf = (part: RowsPart | null, of: SampleLayout): string =>
    rowsSql(columns, joinsOf(part), ids, groupsOf(part), bundle, of);
  const joined = joinsOf(null).length > 0;
  // Types of the row values, for any layout.
  const types = await sampled.tables.columns(rowsOf(null, 'long'), work);
  // A teacher may be infinite. Grades are weights of the config.
  const finite = new Set(
    roleColumns(plan, sampled, format, placement).flatMap(([role]) => (role === 'teacher' ? [] : [names[role]])),
  );
  const sqlOf = fileSql(format);
  const written = (name: string, value: string, k: number): string =>
    types[k] ? sqlOf(value, types[k].type, finite.has(name)) : value;
  // Groups of a user share most steps of their histories.
  const hasLists = types.some(({ type }) => type.typeId === DuckDBTypeId.LIST);
  const found = {
    layout,
    columns: columns.length,
    logLists: lists.filter((list) => list === 'origin' || list === 'context'),
    hasCopies: joined || hasLists || lists.some(isCopiedList),
    joined,
  };
  const bound = columns.map((column, k) => ({
    ...column,
    value: written(column.name, `c${k}`, k),
    sql: (element: string, valueOf: (name: string) => string) =>
      written(column.name, column.sql(element, ids, valueOf), k),
  }));
  return {
    ...found,
    sql: (part) =>
      joined
        ? joinedLayouts[layout](bound, rowsOf(part, layout), groupsOf(part), bundle)
        : plainLayouts[layout](bound, groupsOf(part), bundle),
  };
}

/** SQL of the groups of a part. */
function groupsOf(part: RowsPart | null): string {
  const { table, groups } = part ?? { table: noneDrawn, groups: null };
  return groups === null ? table : `(SELECT *, rowid FROM ${table}${among(groups)})`;
}

function among(ends: RowsPart['origins'] | undefined): string {
  return ends === undefined ? '' : ` WHERE rowid BETWEEN ${ends[0]} AND ${ends[1]}`;
}

/** Names of the impression columns that the stored log needs. */
export function carriedColumns(
  { unit }: StagePlan,
  {
    data: {
      log: {
        impressions: {
          columns: { position },
        },
      },
    },
  }: SampledTables,
  passed: readonly PassedColumn[],
): string[] {
  const named = passed.filter((one) => logSideOf(one) !== null).map(({ column }) => column);
  return [...new Set([...named, ...(unit === 'impression' && position ? [position.name] : [])])];
}

/** The row of the stored log that a column comes from: the row's own exposure, or the one of the group. */
export function logSideOf({ from, side }: PassedColumn): 'exposure' | 'context' | null {
  if (from !== 'impressions' || side === 'item') return null;
  return side === 'exposure' ? 'exposure' : 'context';
}

/** The join of a column as of the read time, the `k`-th of them; nothing for other columns. */
function asOfJoin(
  { from }: PassedColumn,
  k: number,
  sources: readonly AsOfSource[],
): Pick<OutputColumn, 'joins' | 'asOf'> {
  const source = k < 0 ? undefined : sources.find((one) => one.from === from);
  return source ? { joins: asOfRowList(k), asOf: source.table } : {};
}

/** SQL of a copied value. @param k position among the columns as of the read time; -1 for others */
function passedSql(passed: PassedColumn, k: number): string {
  const side = logSideOf(passed);
  const value = quoteIdentifier(carriedColumn(passed.column));
  if (k >= 0) return `${asOfRowList(k)}.${value}`;
  if (side === null) return carriedSql(passed);
  return `${side === 'context' ? 'g' : 'l'}.${value}`;
}

/** SQL of a copied value, or its default in place of NULL. */
export function withDefault(value: string, { column, from, fallback }: PassedColumn, sampled: SampledTables): string {
  const asked = fallback === null ? undefined : passedTables(sampled.data).find(({ table }) => table === from)?.asked;
  if (asked === undefined) return value;
  const { sqlType } = columnOf(sampled.tables.table(asked.ref), column);
  return `coalesce(${value}, CAST(${quoteLiteral(String(fallback))} AS ${sqlType}))`;
}
