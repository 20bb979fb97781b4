import type { OutputRole } from '../../core/data/outputName.ts';
import type { Placement } from '../../core/sampling/placement.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { SampleFormat } from '../../protocol/sampling.ts';
import { fitsInt64 } from '../database/fitsInt64.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { idSql, type DrawnIds } from '../inputs/ids.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { columnOf } from '../tables/roleTable.ts';
import { textType } from './fileSql.ts';
import type { OutputColumn } from './layouts.ts';

/** A column of a stage: its role, the list from which it is computed, and its SQL over rows r and log rows l. */
type RoleColumn = readonly [OutputRole, OutputColumn['list'], OutputColumn['sql']];

/** The columns of a stage, without pass-through columns. */
export function roleColumns(
  plan: StagePlan,
  sampled: SampledTables,
  format: SampleFormat,
  { groupId }: Placement,
): RoleColumn[] {
  const { unit, positives } = plan;
  const { impressions } = sampled.data.log;
  const hasRequest =
    impressions.columns.request !== undefined || (unit === 'request' && sampled.data.candidates !== undefined);
  const columns: readonly (RoleColumn | false)[] = [
    ['user', null, (_, { users }) => idSql(users, 'r."user"')],
    ['item', 'item', (item, { items }) => idSql(items, item)],
    byLabel(plan, 'label', () => 'CAST(1 AS TINYINT)', 'CAST(0 AS TINYINT)'),
    byEntry(plan, format, 'source'),
    byEntry(plan, format, 'name'),
    unit === 'positive' && ['positive_item', null, (_, { items }, valueOf) => idSql(items, valueOf('positive'))],
    hasRequest && ['request', null, (_, { requests }, valueOf) => requestSql(sampled, requests, valueOf)],
    ['time', null, (_, _ids, valueOf) => timeSql(sampled, `CAST(${valueOf('time')} AS BIGINT)`)],
    groupId && ['group_id', null, (_, _ids, valueOf) => valueOf('group_id')],
    showsPosition(plan, sampled) && [
      'position',
      null,
      () => `l.${quoteIdentifier(carriedColumn(impressions.columns.position?.name ?? ''))}`,
    ],
    ...(unit === 'impression' ? [] : drawColumns(plan)),
    byLabel(plan, 'weight', (valueOf) => valueOf('positive_weight'), 'CAST(1 AS DOUBLE)'),
    positives.hasKeepProbability && number('keep_prob', 'keep'),
    plan.teacher !== undefined && number('teacher', 'teacher'),
  ];
  return columns.filter((column) => column !== false);
}

/** The draw number, and the probabilities of draws. */
function drawColumns(plan: StagePlan): RoleColumn[] {
  const { logq, inBatch } = plan;
  return [
    ['draw', 'draw', (draw) => `CASE WHEN ${draw} < 0 THEN NULL ELSE ${draw} END`],
    number('log_q', 'log_q'),
    // With one entry, log q of the mix equals log q of the entry. Only the positive has a different value.
    hasOneEntry(plan)
      ? [
          'log_q_mix',
          'log_q',
          (value, _, valueOf) => {
            const ofPositive = valueOf('positive_log_q_mix');
            return `CASE WHEN isnan(${value}) THEN CASE WHEN isnan(${ofPositive}) THEN NULL ELSE ${ofPositive} END ELSE ${value} END`;
          },
        ]
      : number('log_q_mix', 'log_q_mix'),
    ...(logq === undefined ? [] : [number('logq_correction', 'logq_correction')]),
    ...(logq === undefined || inBatch === null
      ? []
      : [number('log_q_batch', 'log_q_batch'), number('logq_correction_batch', 'logq_correction_batch')]),
  ];
}

/**
 * With only one entry, the draw number shows whether a row is a positive or a draw. Each list that is not needed saves
 * storage.
 */
function hasOneEntry({ unit, entries }: StagePlan): boolean {
  return unit === 'positive' && entries.length === 1;
}

/** A column of numbers. Lists store NaN for NULL. */
function number(role: OutputRole, list: OutputColumn['list']): RoleColumn {
  return [role, list, (value) => `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END`];
}

/**
 * With one positive per group, the entry or the draw number shows whether a row is the positive. Other units need a
 * separate list.
 */
function byLabel(
  plan: StagePlan,
  role: 'label' | 'weight',
  positive: (valueOf: (name: string) => string) => string,
  other: string,
): RoleColumn {
  if (plan.unit !== 'positive') return [role, role, (value) => value];
  const list = hasOneEntry(plan) ? 'draw' : 'entry';
  return [role, list, (value, _, valueOf) => `CASE WHEN ${value} < 0 THEN ${positive(valueOf)} ELSE ${other} END`];
}

/** The name of the entry, or its source. */
function byEntry(plan: StagePlan, format: SampleFormat, key: 'name' | 'source'): RoleColumn {
  const { entries, exposures } = plan;
  const role = key === 'name' ? 'entry' : 'source';
  // An exposure without an event is a negative of the entry that contains it.
  if (exposures) {
    const text = quoteLiteral(key === 'name' ? exposures.entry : 'exposed_unclicked');
    return [role, 'label', (label) => `CASE WHEN ${label} = 0 THEN ${text} END`];
  }
  const texts = entries.map((entry) => entry[key]);
  const type = textType(format, texts);
  const literals = texts.map(quoteLiteral);
  if (hasOneEntry(plan))
    return [role, 'draw', (draw) => `CASE WHEN ${draw} >= 0 THEN CAST(${literals.join('')} AS ${type}) END`];
  if (entries.length === 0) return [role, 'entry', () => 'CAST(NULL AS VARCHAR)'];
  // The entry of a positive is -1, so that it reads element 0, which is NULL. One cast serves all texts.
  return [role, 'entry', (entry) => `(CAST([${literals.join(', ')}] AS ${type}[]))[greatest(${entry}, -1) + 1]`];
}

export function showsPosition({ unit }: StagePlan, { data }: SampledTables): boolean {
  return unit === 'impression' && data.log.impressions.columns.position !== undefined;
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
  valueOf: (name: string) => string,
): string {
  const table = impressions.columns.request ? impressions : candidates;
  const column = table?.columns.request;
  const type = table && column ? columnOf(tables.table(table.ref), column.name) : undefined;
  const value =
    kind === 'int64' ? `CASE WHEN ${valueOf('known')} = 1 THEN ${valueOf('request')} END` : valueOf('request');
  // Unsigned ids may be larger than a signed 64-bit integer.
  if (column?.type === 'int64' && (type?.type.kind !== 'integer' || fitsInt64(type.sqlType)))
    return `CAST(${value} AS BIGINT)`;
  return column?.type === 'string' || type?.type.kind !== 'integer'
    ? `CAST(${value} AS VARCHAR)`
    : `CAST(${value} AS ${type.sqlType})`;
}

/**
 * A time of the log in a file. If the log has times without a zone, it is a time in the zone of the config; else it is
 * an instant.
 * @param us SQL of microseconds since 1970 UTC
 */
export function timeSql(
  {
    tables,
    timezone,
    data: {
      log: { impressions },
    },
  }: SampledTables,
  us: string,
): string {
  const { type } = columnOf(tables.table(impressions.ref), impressions.columns.time.name);
  if (type.kind !== 'timestamp' || type.zoned) return `make_timestamptz(${us})`;
  // UTC needs no calendar, which takes longer than everything else.
  return timezone === 'UTC' ? `make_timestamp(${us})` : `timezone(${quoteLiteral(timezone)}, make_timestamptz(${us}))`;
}
