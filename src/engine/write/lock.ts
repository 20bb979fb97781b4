import { namedUnknownCounts } from '../../core/sampling/unknownCounts.ts';
import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { relative, dirname, join } from 'node:path';
import { plainPlacement } from '../../core/sampling/placement.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import type { EventCounts } from '../../core/sampling/eventCounts.ts';
import { namedHistoryCounts } from '../../core/sampling/historyCounts.ts';
import { namedSequenceCounts } from '../../core/sampling/sequenceCounts.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import type { SampleSummary } from '../../core/sampling/sampleSummary.ts';
import { lockText } from '../../core/sampling/lock/lockFile.ts';
import type { QTally } from '../../core/sampling/lock/qTally.ts';
import {
  inLockOrder,
  lockFormat,
  type FilesDigest,
  type LockedDataset,
  type LockedOutput,
  type LockedRows,
  type SampleLock,
} from '../../core/sampling/lock/sampleLock.ts';
import { settingsOf, sortedRecord } from '../../core/sampling/lock/settings.ts';
import type { AskedTable } from '../../protocol/askedTable.ts';
import type { SampleOrigin, SampleRequest, SamplingData } from '../../protocol/sampling.ts';
import { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { digestFile, digestOf, digestSets } from '../files/digestFiles.ts';
import { slashed } from '../files/pathBelow.ts';
import type { WrittenFile } from './placedWriter.ts';
import type { SampleTarget } from './sampleTarget.ts';
import { FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { isDigested, type RowsDigest } from '../../core/table/rowsDigest.ts';
import { digestRows } from '../digest/digestRows.ts';

/** Digests of the data sets that a request reads. */
export type DataDigests = ReadonlyMap<LockedDataset, FilesDigest>;

/** The facts about a draw that its lock file records. */
export interface LockedRun {
  readonly request: SampleRequest;
  readonly digests: DataDigests;
  readonly columns: readonly string[];
  readonly summary: Pick<
    SampleSummary,
    | 'users'
    | 'groups'
    | 'positives'
    | 'negatives'
    | 'unreached'
    | 'withoutExposure'
    | 'shortHistories'
    | 'entries'
    | 'effective'
    | 'teacher'
    | 'events'
    | 'histories'
    | 'sequences'
    | 'unknown'
  >;
  readonly q: QTally;
  /** In microseconds. */
  readonly knownUntil: number;
  readonly files: readonly WrittenFile[];
  readonly options: DatasetOptions;
}

/**
 * Digests of the files of all data sets that were opened for a request.
 * @throws FailureError if a file has changed since it was opened
 */
export async function digestData(tables: Tables, data: SamplingData, work: Work): Promise<DataDigests> {
  return await digestSets(
    tablesOf(data).map(({ name, table }) => ({ name, files: tables.filesOf(table) })),
    work,
  );
}

/** Facts about data and shortfalls that the file itself contains, if its format supports metadata. */
export function carriedFacts(digests: DataDigests, entries: SampleSummary['entries']): Record<string, string> {
  const missing = entries.flatMap(({ name, shortfalls }) =>
    Object.values(shortfalls).some((rows) => rows > 0) ? [{ name, ...shortfalls }] : [],
  );
  return {
    ...Object.fromEntries([...digests].map(([name, { sha256 }]) => [`data.${name}_sha256`, sha256])),
    shortfalls: JSON.stringify(missing),
  };
}

/**
 * Writes the lock files of finished sample files, next to them, so that they are published together. A file, a folder
 * without partitions and each partition get one lock file.
 */
export async function writeLocks(
  target: Pick<SampleTarget, 'lockOf'>,
  run: LockedRun,
  origin: SampleOrigin,
  work: Work,
): Promise<void> {
  const { request } = run;
  for (const partition of new Set(run.files.map((file) => file.partition))) {
    const files = run.files.filter((file) => file.partition === partition);
    const locked: LockedRows[] = [];
    for (const { path, name, rows } of files) locked.push({ path: name, rows, ...(await digestFile(path, work)) });
    const isDigested = request.digest ?? (request.output.placement ?? plainPlacement).folder !== null;
    const digest = isDigested ? await digestWritten(files, run.options, work) : undefined;
    await writeFile(
      target.lockOf(partition),
      lockText({ ...lockOf(run, origin, partition, locked), ...(digest === undefined ? {} : { digest }) }),
    );
  }
}

/** The `output` of a lock file. */
function outputOf(
  { request: { output }, columns }: LockedRun,
  partition: string | null,
  files: readonly LockedRows[],
): LockedOutput {
  const { format, layout, placement = plainPlacement } = output;
  const partitionBy = placement.folder?.partitionBy ?? null;
  const { sha256, bytes } = placement.folder === null && files[0] ? files[0] : digestOf(files);
  return {
    format,
    layout,
    order: placement.order,
    shards: placement.folder?.shards ?? null,
    partition:
      partitionBy === null ? null : { ...partitionBy, value: partition?.slice(partitionBy.column.length + 1) ?? '' },
    columns,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    bytes,
    sha256,
  };
}

function lockOf(
  run: LockedRun,
  origin: SampleOrigin,
  partition: string | null,
  files: readonly LockedRows[],
): SampleLock {
  const {
    request: { plan, data, users },
    digests,
    summary,
    q,
    knownUntil,
  } = run;
  const { groups, positives, negatives, unreached, withoutExposure, shortHistories } = summary;
  const sets = tablesOf(data).flatMap(({ name, table: { ref } }) => {
    const digest = digests.get(name);
    return digest ? [[name, { path: slashed(relative(origin.folder, ref.path)), ...digest }] as const] : [];
  });
  return {
    format: lockFormat,
    generator: origin.generator,
    stage: plan.stage,
    unit: plan.unit,
    seed: plan.seed,
    epoch: plan.epoch,
    split: plan.split,
    knownUntil: Number.isFinite(knownUntil) ? isoTime(knownUntil) : null,
    users: users === null ? 'all' : [...new Set(users)].sort(compareTexts),
    config: { ...origin.config, variables: sortedRecord(Object.entries(origin.config.variables)) },
    plan: { sha256: createHash('sha256').update(JSON.stringify(plan)).digest('hex'), settings: settingsOf(plan, data) },
    data: Object.fromEntries(sets),
    output: outputOf(run, partition, files),
    files,
    counts: {
      users: summary.users,
      groups,
      positives,
      negatives,
      unreached,
      ...(withoutExposure === undefined ? {} : { withoutExposure }),
      ...(shortHistories === undefined ? {} : { shortHistories }),
    },
    ...(summary.events === undefined ? {} : { eventCounts: Object.fromEntries(summary.events.flatMap(eventCounts)) }),
    ...(summary.histories === undefined ? {} : { historyCounts: namedHistoryCounts(summary.histories) }),
    ...(summary.sequences === undefined ? {} : { sequenceCounts: namedSequenceCounts(summary.sequences) }),
    ...(summary.unknown === undefined ? {} : { unknownCounts: namedUnknownCounts(summary.unknown) }),
    ...(summary.teacher === undefined ? {} : { teacher: summary.teacher }),
    entries: summary.entries.map(({ name, source, asked, refilled, drawn, repeated, shortGroups, shortfalls }, k) => ({
      name,
      source,
      asked,
      ...(refilled === undefined ? {} : { refilled }),
      drawn,
      ...(repeated === undefined ? {} : { repeated }),
      shortGroups,
      shortfalls,
      ...(plan.logq === undefined ? {} : { effectiveShare: rounded(summary.effective?.entries[k] ?? null) }),
      logQ: q.entry(k),
    })),
    logQMix: q.mix(),
  };
}

function eventCounts({ name, matched, unmatched }: EventCounts): [string, number][] {
  return [
    [`${name}.matched`, matched],
    [`${name}.unmatched`, unmatched],
  ];
}

/** The last digits of a sum over groups can depend on the threads. */
function rounded(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1e6) / 1e6;
}

function tablesOf({
  log: { impressions, clicks },
  items,
  users,
  candidates,
  passedCandidates,
  rejections,
}: SamplingData): { readonly name: LockedDataset; readonly table: AskedTable }[] {
  const tables: Readonly<Record<string, AskedTable | undefined>> = {
    impressions,
    ...Object.fromEntries((clicks ?? []).map((table) => [table.name, table])),
    items,
    users,
    candidates: candidates ?? passedCandidates,
    rejections,
  };
  return inLockOrder(Object.keys(tables)).flatMap((name) => {
    const table = tables[name];
    return table ? [{ name, table }] : [];
  });
}

/**
 * Digest of the rows of files in one folder, as `recsample inspect --digest` computes it for the folder. Undefined if
 * the files have no columns: JSON Lines without rows.
 */
async function digestWritten(
  files: readonly WrittenFile[],
  options: DatasetOptions,
  work: Work,
): Promise<RowsDigest | undefined> {
  const [first] = files;
  if (first === undefined) return undefined;
  // A single file has other files next to it.
  const path = files.length === 1 ? first.path : dirname(first.path);
  const ref = { id: path, path };
  let tables: Tables;
  try {
    tables = await Tables.open([ref], join(options.temporaryDirectory, randomUUID()), options, work);
  } catch (error) {
    if (error instanceof FailureError && files.every(({ rows }) => rows === 0)) return undefined;
    throw error;
  }
  try {
    const table = tables.table(ref);
    return await digestRows(
      table.relation(),
      table.columns.filter(isDigested),
      async (sql) => await tables.statement(sql, message('Computing the digest'), work),
    );
  } finally {
    await tables.close();
  }
}
