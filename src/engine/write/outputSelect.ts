import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { ownerOf } from '../../core/data/columnOwner.ts';
import { isReservedName, type OutputRole } from '../../core/data/outputName.ts';
import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { plainPlacement, type Placement } from '../../core/sampling/placement.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import type { SampleFormat, SampleOutput } from '../../protocol/sampling.ts';
import { columnOf } from '../tables/roleTable.ts';
import type { Work } from '../database/connections.ts';
import { fitsInt64 } from '../database/fitsInt64.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { isAsOf, type PassedColumn } from '../../core/data/passThrough.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { carriedJoins, carriedOf, carriedSql } from './carriedTables.ts';
import { isAsOfList, type GroupList } from './drawnLists.ts';
import { noneDrawn } from './drawnTable.ts';
import { outcomeColumns } from './outcomeColumns.ts';
import { hiddenColumns } from './placedColumns.ts';
import { fileSql, textType } from './fileSql.ts';
import { idSql, type DrawnIds } from '../inputs/ids.ts';
import { joinedLayouts, listsOf, namesIn, plainLayouts, rowsSql, type OutputColumn } from './layouts.ts';
import type { OutputRows, RowsPart } from './outputRows.ts';
import { storedLog } from '../inputs/storedTables.ts';

/** The columns of a file, and the pass-through ones among them. */
export interface OutputColumns {
  readonly columns: readonly OutputColumn[];
  /** Columns that order the rows and are not written, with `shuffled_rows`. */
  readonly hidden: readonly OutputColumn[];
  readonly passed: readonly PassedColumn[];
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
  { names, layout, path, format, placement = plainPlacement }: SampleOutput,
  sampled: SampledTables,
  passed: readonly PassedColumn[],
): OutputColumns {
  const roles = columnsOf(plan, sampled, format, placement);
  const columns: OutputColumn[] = roles.map(([role, list, sql]) => ({
    name: names[role],
    list,
    sql,
    ...(role === 'group_id' ? { values: [role] } : {}),
    of: ownerOf(role),
  }));
  // A column of the log that the file already contains, such as the position, is not written twice.
  const own = new Map<string, string | undefined>(
    roles.map(([role]) => [
      names[role],
      (sampled.data.log.impressions.columns as Readonly<Record<string, AskedColumn | undefined>>)[role]?.name,
    ]),
  );
  columns.push(...outcomeColumns(plan));
  const further = passed.filter(
    ({ name, column, from, isSided }) => isSided || from !== 'impressions' || name !== column || own.get(name) !== name,
  );
  for (const one of further) {
    const { name, side } = one;
    const isOfGroup = side === 'context' || side === 'user';
    columns.push({
      name,
      list: null,
      ...(logSideOf(one) === 'context' ? { joins: 'context' } : isAsOf(one) ? { joins: 'as_of' } : {}),
      sql: () => passedSql(one),
      of: isOfGroup ? 'group' : 'rows',
    });
  }
  const seen = new Set<string>();
  const partition = placement.folder?.partitionBy?.column;
  for (const name of [...namesIn[layout](columns), ...(partition === undefined ? [] : [partition])]) {
    if (seen.has(name.toLowerCase())) {
      throw refuse('output-column-twice', message('The file would have two columns with the name {0}', name), {
        place: { path, column: name },
        setting:
          name === partition
            ? ['output', 'partition_by', 'column']
            : further.some((one) => one.name === name)
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
  const { position } = sampled.data.log.impressions.columns;
  for (const { name, column, from, side } of further) {
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
  const hidden = hiddenColumns(placement, sampled.timezone);
  const hasPosition = showsPosition(plan, sampled);
  return {
    columns,
    hidden,
    passed: further,
    showsPosition: hasPosition,
    lists: listsOf([...columns, ...hidden], further.length > 0 || hasPosition),
  };
}

/** The rows of a sample file, given the stored copies of `carryColumns`. `sampled`: the tables as opened. */
export async function outputSelect(
  plan: StagePlan,
  {
    layout,
    format,
    names,
    placement = plainPlacement,
  }: Pick<SampleOutput, 'layout' | 'format' | 'names' | 'placement'>,
  sampled: SampledTables,
  { columns: shown, hidden, passed: further, lists, showsPosition: hasPosition }: OutputColumns,
  ids: DrawnIds,
  work: Work,
): Promise<OutputRows> {
  const columns = [...shown, ...hidden];
  const carried = carriedOf(further);
  const ofExposure = further.some((one) => logSideOf(one) === 'exposure') || hasPosition;
  const ofContext = lists.includes('context');
  const logOf = (part: RowsPart | null, name: string, row: string): string =>
    `LEFT JOIN (SELECT *, rowid AS row FROM ${storedLog}${among(part?.origins)}) ${name} ON ${name}.row = r.${row}`;
  const joinsOf = (part: RowsPart | null): string[] => [
    ...(ofExposure ? [logOf(part, 'l', 'origin')] : []),
    ...(ofContext ? [logOf(part, 'g', 'context')] : []),
    ...carriedJoins(sampled, carried, ids),
  ];
  const rowsOf = (part: RowsPart | null): string => rowsSql(columns, joinsOf(part), ids, groupsOf(part));
  const joined = joinsOf(null).length > 0;
  // Types of the row values, for any layout.
  const types = await sampled.tables.columns(
    joined
      ? rowsOf(null)
      : plainLayouts.long(
          columns.map((column) => ({ ...column, sql: (element) => column.sql(element, ids) })),
          groupsOf(null),
        ),
    work,
  );
  // A teacher may be infinite. Grades are weights of the config.
  const finite = new Set(
    columnsOf(plan, sampled, format, placement).flatMap(([role]) => (role === 'teacher' ? [] : [names[role]])),
  );
  const sqlOf = fileSql(format);
  const written = (name: string, value: string, k: number): string =>
    types[k] ? sqlOf(value, types[k].type, finite.has(name)) : value;
  const found = { layout, columns: columns.length, ofContext, hasCopies: joined || lists.some(isAsOfList) };
  if (!joined)
    return {
      ...found,
      joined,
      sql: (part) =>
        plainLayouts[layout](
          columns.map((column, k) => ({
            ...column,
            sql: (element) => written(column.name, column.sql(element, ids), k),
          })),
          groupsOf(part),
        ),
    };
  return {
    ...found,
    joined,
    sql: (part) =>
      joinedLayouts[layout](
        columns.map(({ name, of: what }, k) => ({ name, of: what, value: written(name, `c${k}`, k) })),
        rowsOf(part),
      ),
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

function showsPosition(
  { unit }: StagePlan,
  {
    data: {
      log: { impressions },
    },
  }: SampledTables,
): boolean {
  return unit === 'impression' && impressions.columns.position !== undefined;
}

/** Roles, the lists from which they are computed, and their SQL over rows r and log rows l. */
function columnsOf(
  plan: StagePlan,
  sampled: SampledTables,
  format: SampleFormat,
  { groupId }: Placement,
): readonly (readonly [OutputRole, OutputColumn['list'], OutputColumn['sql']])[] {
  const { unit, entries, exposures, positives, logq, inBatch } = plan;
  const {
    data: {
      log: { impressions },
      candidates,
    },
  } = sampled;
  type Column = readonly [OutputRole, OutputColumn['list'], OutputColumn['sql']];
  // With only one entry, the draw number shows whether a row is a positive or a draw. Each list that is not needed
  // saves storage.
  const hasOneEntry = unit === 'positive' && entries.length === 1;
  // An exposure without an event is a negative of the entry that contains it.
  const byEntry = (
    role: OutputRole,
    text: (entry: { readonly name: string; readonly source: string }) => string,
  ): Column => {
    if (exposures)
      return [
        role,
        'label',
        (label) =>
          `CASE WHEN ${label} = 0 THEN ${quoteLiteral(text({ name: exposures.entry, source: 'exposed_unclicked' }))} END`,
      ];
    const texts = entries.map(text);
    const type = textType(format, texts);
    if (hasOneEntry)
      return [
        role,
        'draw',
        (draw) => `CASE WHEN ${draw} >= 0 THEN CAST(${quoteLiteral(texts[0] ?? '')} AS ${type}) END`,
      ];
    return [
      role,
      'entry',
      (entry) =>
        entries.length === 0
          ? 'CAST(NULL AS VARCHAR)'
          : // Of a positive, the entry is -1: element 0 is NULL. The type is written once, because it has all texts.
            `(CAST([${texts.map(quoteLiteral).join(', ')}] AS ${type}[]))[greatest(${entry}, -1) + 1]`,
    ];
  };
  // With one positive per group, the entry or the draw number shows whether a row is the positive. Other units need a
  // separate list.
  const ofPositive = (role: OutputRole, list: 'label' | 'weight', positive: string, other: string): Column =>
    unit === 'positive'
      ? [role, hasOneEntry ? 'draw' : 'entry', (value) => `CASE WHEN ${value} < 0 THEN ${positive} ELSE ${other} END`]
      : [role, list, (value) => value];
  const number = (
    role: OutputRole,
    list: 'log_q' | 'log_q_mix' | 'logq_correction' | 'log_q_batch' | 'logq_correction_batch' | 'keep' | 'teacher',
  ): Column => [role, list, (value) => `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END`];
  // With one entry, log q of the mix equals log q of the entry. Only the positive has a different value.
  const mix: Column = hasOneEntry
    ? [
        'log_q_mix',
        'log_q',
        (value) =>
          `CASE WHEN isnan(${value}) THEN CASE WHEN isnan(r.positive_log_q_mix) THEN NULL ELSE r.positive_log_q_mix END ELSE ${value} END`,
      ]
    : number('log_q_mix', 'log_q_mix');
  const requests = impressions.columns.request !== undefined || (unit === 'request' && candidates !== undefined);
  return [
    ['user', null, (_, { users }) => idSql(users, 'r."user"')],
    ['item', 'item', (item, { items }) => idSql(items, item)],
    ofPositive('label', 'label', 'CAST(1 AS TINYINT)', 'CAST(0 AS TINYINT)'),
    byEntry('source', ({ source }) => source),
    byEntry('entry', ({ name }) => name),
    ...(unit === 'positive'
      ? [['positive_item', null, (_: string, { items }: DrawnIds) => idSql(items, 'r.positive')] as const]
      : []),
    ...(requests
      ? [['request', null, (_: string, { requests: kind }: DrawnIds) => requestSql(sampled, kind)] as const]
      : []),
    ['time', null, () => timeSql(sampled)],
    ...(groupId ? [['group_id', null, () => 'r.group_id'] as const] : []),
    ...(showsPosition(plan, sampled)
      ? [
          [
            'position',
            null,
            () => `l.${quoteIdentifier(carriedColumn(impressions.columns.position?.name ?? ''))}`,
          ] as const,
        ]
      : []),
    ...(unit === 'impression'
      ? []
      : [
          ['draw', 'draw', (draw: string) => `CASE WHEN ${draw} < 0 THEN NULL ELSE ${draw} END`] as const,
          number('log_q', 'log_q'),
          mix,
          ...(logq === undefined ? [] : [number('logq_correction', 'logq_correction')]),
          ...(logq === undefined || inBatch === null
            ? []
            : [number('log_q_batch', 'log_q_batch'), number('logq_correction_batch', 'logq_correction_batch')]),
        ]),
    ofPositive('weight', 'weight', 'r.positive_weight', 'CAST(1 AS DOUBLE)'),
    ...(positives.hasKeepProbability ? [number('keep_prob', 'keep')] : []),
    ...(plan.teacher ? [number('teacher', 'teacher')] : []),
  ];
}

/** The request, in the type of the file that contains it. */
function requestSql(
  {
    tables,
    data: {
      log: { impressions },
      candidates,
    },
  }: SampledTables,
  kind: DrawnIds['requests'],
): string {
  const table = impressions.columns.request ? impressions : candidates;
  const column = table?.columns.request;
  const type = table && column ? columnOf(tables.table(table.ref), column.name) : undefined;
  const value = kind === 'int64' ? 'CASE WHEN r.known = 1 THEN r.request END' : 'r.request';
  // Unsigned ids may be larger than a signed 64-bit integer.
  if (column?.type === 'int64' && (type?.type.kind !== 'integer' || fitsInt64(type.sqlType)))
    return `CAST(${value} AS BIGINT)`;
  return column?.type === 'string' || type?.type.kind !== 'integer'
    ? `CAST(${value} AS VARCHAR)`
    : `CAST(${value} AS ${type.sqlType})`;
}

/**
 * The time of the group. If the log has times without a zone, it is a time in the zone of the config; else it is an
 * instant.
 */
function timeSql({
  tables,
  timezone,
  data: {
    log: { impressions },
  },
}: SampledTables): string {
  const { type } = columnOf(tables.table(impressions.ref), impressions.columns.time.name);
  const at = 'CAST(r.time AS BIGINT)';
  if (type.kind !== 'timestamp' || type.zoned) return `make_timestamptz(${at})`;
  // UTC needs no calendar, which takes longer than everything else.
  return timezone === 'UTC' ? `make_timestamp(${at})` : `timezone(${quoteLiteral(timezone)}, make_timestamptz(${at}))`;
}

function passedSql(passed: PassedColumn): string {
  const side = logSideOf(passed);
  if (side === null) return carriedSql(passed);
  return `${side === 'context' ? 'g' : 'l'}.${quoteIdentifier(carriedColumn(passed.column))}`;
}
