import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { compareTexts } from '../../../core/sampling/compareTexts.ts';
import type { SampleSummary } from '../../../core/sampling/sampleSummary.ts';
import { lockText } from '../../../core/sampling/lock/lockText.ts';
import type { QTally } from '../../../core/sampling/lock/qTally.ts';
import {
  lockedDatasets,
  lockEnding,
  lockFormat,
  type FilesDigest,
  type LockedDataset,
  type SampleLock,
} from '../../../core/sampling/lock/sampleLock.ts';
import { settingsOf, sortedRecord } from '../../../core/sampling/lock/settings.ts';
import type { AskedTable } from '../../../protocol/askedTable.ts';
import type { SampleOrigin, SampleRequest, SamplingData } from '../../../protocol/sampling.ts';
import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import { digestFile, digestSets } from '../../digest/digestFiles.ts';
import { slashed } from '../../files/pathBelow.ts';
import type { Target } from './target.ts';

/** Digests of the data sets that a request reads. */
export type DataDigests = ReadonlyMap<LockedDataset, FilesDigest>;

/** The facts about a draw that its lock file records. */
export interface LockedRun {
  readonly request: SampleRequest;
  readonly digests: DataDigests;
  readonly columns: readonly string[];
  readonly summary: Pick<
    SampleSummary,
    'rows' | 'users' | 'groups' | 'positives' | 'negatives' | 'unreached' | 'withoutExposure' | 'entries'
  >;
  readonly q: QTally;
}

/** The name of the lock file of a sample file. */
export function lockName(path: string): string {
  return basename(path) + lockEnding;
}

/**
 * Digests of the files of all data sets that were opened for a request.
 * @throws FailureError if a file has changed since it was opened
 */
export async function digestData(tables: Tables, data: SamplingData, work: Work): Promise<DataDigests> {
  return await digestSets(
    tablesOf(data).map(({ name, table }) => ({ name, files: tables.filesOf(table.ref) })),
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
 * Writes the lock file of a complete sample file into the same unfinished folder, so that both are published together.
 */
export async function writeLock(
  { folder, file }: Pick<Target, 'folder' | 'file'>,
  run: LockedRun,
  origin: SampleOrigin,
  work: Work,
): Promise<void> {
  await writeFile(
    join(folder, lockName(run.request.output.path)),
    lockText(lockOf(run, origin, await digestFile(file, work))),
  );
}

function lockOf(
  { request: { plan, data, users, output }, digests, columns, summary, q }: LockedRun,
  origin: SampleOrigin,
  file: { readonly bytes: number; readonly sha256: string },
): SampleLock {
  const { rows, groups, positives, negatives, unreached, withoutExposure } = summary;
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
    users: users === null ? 'all' : [...new Set(users)].sort(compareTexts),
    config: { ...origin.config, variables: sortedRecord(Object.entries(origin.config.variables)) },
    plan: { sha256: createHash('sha256').update(JSON.stringify(plan)).digest('hex'), settings: settingsOf(plan, data) },
    data: Object.fromEntries(sets),
    output: { format: output.format, layout: output.layout, columns, rows, ...file },
    counts: {
      users: summary.users,
      groups,
      positives,
      negatives,
      unreached,
      ...(withoutExposure === undefined ? {} : { withoutExposure }),
    },
    entries: summary.entries.map(({ name, source, asked, drawn, shortGroups, shortfalls }, k) => ({
      name,
      source,
      asked,
      drawn,
      shortGroups,
      shortfalls,
      logQ: q.entry(k),
    })),
    logQMix: q.mix(),
  };
}

function tablesOf({
  log: { impressions, clicks },
  items,
  users,
  candidates,
  passedCandidates,
  rejections,
}: SamplingData): { readonly name: LockedDataset; readonly table: AskedTable }[] {
  const tables: Readonly<Record<LockedDataset, AskedTable | undefined>> = {
    impressions,
    clicks,
    items,
    users,
    candidates: candidates ?? passedCandidates,
    rejections,
  };
  return lockedDatasets.flatMap((name) => {
    const table = tables[name];
    return table ? [{ name, table }] : [];
  });
}
