import type { KnownColumns, SampleColumns } from '../../core/audit/sampleColumns.ts';
import { FailureError, type FailureCode } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { columnOf } from '../tables/roleTable.ts';
import { AuditWorld } from './auditWorld.ts';
import { byColumn, byValueSql, missingByReason } from './byColumn.ts';
import { idKindOf, SampleRelation, type IdKind, type RelationOptions } from './sampleRelation.ts';
import { exposedPairs } from './exposedPairs.ts';
import { valueSequences } from './valueSequences.ts';

/** Opens the sample and the inputs of its stage. */
export async function openAudit(
  request: AuditRequest,
  tables: Tables,
  work: Work,
  expected: AuditWorld['expected'] = () => Promise.resolve(null),
): Promise<AuditWorld> {
  const { ref, timezone, data } = request;
  const inputs = data === null ? null : await SampledTables.open(tables, data, timezone, work);
  const by = byColumn(request, tables);
  const options = { timezone, by: by?.from === 'sample' ? by.column : null, ids: logIds(request, tables) };
  const { found } = SampleRelation.of(tables.table(ref), request.known, options);
  const known = await withValueSequences(request, found, tables, work);
  const sample = SampleRelation.of(tables.table(ref), known, options);
  return await stored(
    new AuditWorld(
      { ...request, known },
      tables,
      sample,
      { inputs, expected, counts: {}, made: new Map(), numbers: { next: 0 }, short: new Set() },
      by,
    ),
    'sample',
    work,
  );
}

/** What is known about the columns, with the sequences that values tell. */
async function withValueSequences(
  request: AuditRequest,
  found: SampleColumns,
  tables: Tables,
  work: Work,
): Promise<KnownColumns> {
  const { known } = request;
  const byValues = await valueSequences(request, found, tables, work);
  const names = new Set(byValues.map(({ name }) => name));
  return { ...known, sequences: [...(known.sequences ?? []).filter(({ name }) => !names.has(name)), ...byValues] };
}

/** The same inputs with the sample to compare with. */
export async function openBaseline(
  world: AuditWorld,
  { ref, known }: NonNullable<AuditRequest['baseline']>,
  work: Work,
): Promise<AuditWorld> {
  const { tables, request } = world;
  const sample = SampleRelation.of(tables.table(ref), known, {
    timezone: request.timezone,
    by: null,
    ids: logIds(request, tables),
  });
  return await stored(world.withSample(sample, null, 'baseline'), 'baseline', work);
}

/** How the ids of the log compare, if the stage has one. */
export function logIds({ data }: Pick<AuditRequest, 'data'>, tables: Tables): RelationOptions['ids'] {
  if (data === null) return {};
  const { ref, columns } = data.log.impressions;
  const kind = (asked: AskedColumn | undefined): IdKind | undefined =>
    asked && idKindOf(columnOf(tables.table(ref), asked.name).type, asked.type);
  const item = kind(columns.item);
  return { user: kind(columns.user), item, positive_item: item, request: kind(columns.request) };
}

type Copied = 'sample' | 'baseline';

/** The table of the computed rows. */
const copyOf = (name: Copied): string => quoteIdentifier(`audited ${name}`);

/** Frees the computed rows, if there are any. The world cannot be counted any more. */
export async function dropCopies({ tables }: AuditWorld, work: Work): Promise<void> {
  for (const name of ['sample', 'baseline'] as const) await tables.run(`DROP TABLE IF EXISTS ${copyOf(name)}`, work);
}

/** A value that does not have the type of its role, or rows that do not fit, concern only some phases. */
const onlySome: ReadonlySet<FailureCode> = new Set(['bad-request', 'out-of-memory']);
/** Each statement opens each file. From more files, the rows are copied once. */
const mostFiles = 64;

/**
 * The rows with the columns `@by` and `@class`. The phases read a file of the layout long themselves, each only the
 * columns that it needs: copies of all columns need time and memory. Rows of other layouts, and those with values from
 * other tables, are computed once, as a table. If they cannot all be computed, or do not fit, each phase computes the
 * rows that it needs.
 */
async function stored(world: AuditWorld, name: Copied, work: Work): Promise<AuditWorld> {
  const { tables, sample, by } = world;
  const value = missingByReason(world) === null ? byValueSql(world) : null;
  const inferred = await classSql(world, work);
  const { files } = tables.fileSet(
    name === 'sample' ? world.request.ref : (world.request.baseline ?? world.request).ref,
  );
  if (value === null && inferred === null && sample.found.layout === 'long' && files.length <= mostFiles) return world;
  const columns = [
    's.*',
    ...(value === null ? [] : [`${value.value} AS "@by"`]),
    ...(inferred === null ? [] : [`${inferred.value} AS "@class"`]),
  ];
  const select = `SELECT ${columns.join(', ')} FROM ${sample.sql} s${value?.join ?? ''}${inferred?.join ?? ''}`;
  const table = copyOf(name);
  const from = (sql: string): AuditWorld => world.withSample(sample.withRows(sql, inferred !== null), by);
  try {
    // The phase of the baseline may run again.
    await tables.statement(`CREATE OR REPLACE TABLE ${table} AS ${select}`, message('Reading the sample'), work);
    return from(table);
  } catch (error) {
    if (!(error instanceof FailureError) || !onlySome.has(error.failure.code)) throw error;
    return from(`(${select})`);
  }
}

/**
 * SQL of the class of a row of the sample `s`, and of the joins that it needs. Null if the file names the sources of
 * its negatives, or if the log is not known. A negative is `exposed_unclicked` if its user has an exposure of the item
 * without a positive event until the end of the split, `exposed_clicked` if all its exposures have one; else
 * `candidate` if a recall channel returned the item for the request, or for the user if the sample has no requests;
 * else `corpus_only`; else `unknown`.
 */
async function classSql(
  world: AuditWorld,
  work: Work,
): Promise<{ readonly value: string; readonly join: string } | null> {
  const { sample, inputs } = world;
  if (
    inputs === null ||
    !sample.hasLabel() ||
    !sample.has('user') ||
    sample.has('entry') ||
    sample.has('source') ||
    world.differentIds('user') !== null ||
    world.differentIds('item') !== null
  )
    return null;
  const joins = [` LEFT JOIN ${await exposedPairs(world, work)} e ON e."user" = s."user" AND e.item = s.item`];
  const tests = ["WHEN e.unclicked THEN 'exposed_unclicked'", "WHEN e.item IS NOT NULL THEN 'exposed_clicked'"];
  const candidates = world.candidates();
  const key = sample.has('request') ? 'request' : candidates?.columns.user ? '"user"' : null;
  if (candidates !== null && key !== null) {
    const pairs = `(SELECT DISTINCT CAST(${key} AS VARCHAR) AS k, item FROM ${candidates.sql})`;
    joins.push(` LEFT JOIN ${pairs} k ON k.k = CAST(s.${key} AS VARCHAR) AND k.item = s.item`);
    tests.push("WHEN k.item IS NOT NULL THEN 'candidate'");
  }
  const corpus = inputs.corpus();
  if (corpus !== null) {
    joins.push(` LEFT JOIN (SELECT DISTINCT item FROM ${corpus} WHERE item IS NOT NULL) c ON c.item = s.item`);
    tests.push("WHEN c.item IS NOT NULL THEN 'corpus_only'");
  }
  return {
    value: `CASE WHEN s.label = false THEN CASE ${tests.join(' ')} ELSE 'unknown' END END`,
    join: joins.join(''),
  };
}
