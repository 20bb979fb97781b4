import { dirname } from 'node:path';
import { partsOfTable } from '../../core/data/catalogTable.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { SparkInputs, SparkEventTable, SparkPeriod, SparkTable, SparkWindows } from '../../core/spark/sparkJob.ts';
import { formatTraits } from '../../core/table/sampleName.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import type { SparkInputsRequest } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { hasGlob } from '../files/glob.ts';
import { isBelow, pathBelow, slashed } from '../files/pathBelow.ts';
import { otherFile } from '../files/sparkListing.ts';
import { passedColumns } from './passThrough.ts';
import { stepCopies } from '../sequences/stepCopies.ts';
import { stepTables } from '../sequences/stepsSql.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { dailyCount } from '../../core/source/options.ts';
import { boundsOf } from '../inputs/world/bounds.ts';
import { wallOfEnd } from '../inputs/world/dayCounts.ts';
import { firstInstants, microsecondsOfDay } from '../inputs/world/localTime.ts';
import type { Bounds } from '../inputs/world/within.ts';

/**
 * Facts about the data that a Spark job needs: types, files, and windows in microseconds.
 * @throws FailureError if no file has a copied column
 */
export async function sparkInputsOf(
  { plan, data, copies }: SparkInputsRequest,
  { sampled }: { readonly sampled: SampledTables },
  work: Work,
): Promise<SparkInputs> {
  const { log, items, users, candidates, passedCandidates, rejections } = data;
  const asked = { impressions: log.impressions, items, users, candidates: candidates ?? passedCandidates, rejections };
  const tables: Record<string, SparkTable> = {};
  for (const [name, table] of Object.entries(asked)) if (table) tables[name] = await tableOf(sampled, table, work);
  const clicks: SparkEventTable[] = [];
  for (const table of log.clicks ?? []) {
    const { name, within, unmatched } = table;
    clicks.push({ name, within, unmatched, table: await tableOf(sampled, table, work) });
  }
  return {
    tables,
    ...(data.corpus ? { corpus: data.corpus } : {}),
    ...(items?.isList ? { isItemList: true } : {}),
    clicks,
    events: log.events.map(({ name, table, ...condition }) => ({
      name,
      condition,
      ...(table === undefined ? {} : { table }),
    })),
    pickColumns: log.impressions.used ?? [],
    userAttributes: users?.attributes ?? [],
    windows: await windowsOf(sampled, plan, work),
    passed: passedColumns(copies, sampled.tables, data, plan.unit),
    sequences: (copies.sequences ?? []).map((sequence) => ({
      ...sequence,
      copies: stepCopies(sampled, sequence, stepTables(log)),
    })),
  };
}

async function tableOf(
  { tables }: SampledTables,
  { ref, columns, where, days }: AskedTable,
  work: Work,
): Promise<SparkTable> {
  const { format, compression, partitionColumns } = tables.fileSet(ref);
  const roles = Object.fromEntries(
    Object.entries<AskedColumn>(columns).map(([role, { name, unit, type }]) => [
      role,
      { name, ...(unit === undefined ? {} : { unit }), ...(type === undefined ? {} : { type }) },
    ]),
  );
  const rows = {
    columns: tables.table(ref).columns.map(({ name, type }) => ({ name, type })),
    roles,
    ...(where === undefined ? {} : { where }),
    ...(days === undefined || !partitionColumns.includes(days.column) ? {} : { days }),
  };
  if (ref.columns) {
    const isPlain = {
      ...{ isPattern: false, isPartitioned: false, isNested: false, realPlaces: [], otherFile: null },
      ...{ compression: 'none', text: null },
    };
    return { format: 'parquet', path: ref.path, table: partsOfTable(ref.path) ?? [ref.path], ...isPlain, ...rows };
  }
  const { text } = formatTraits[format].isText ? await tables.table(ref).facts(work) : { text: null };
  const path = slashed(ref.path);
  const set = tables.fileSet(ref);
  // A name that exists is no pattern, whatever its characters.
  const isPattern = hasGlob(path) && !set.files.every((file) => isBelow(file.path, ref.path));
  const names = set.files.flatMap((file) => pathBelow(ref.path, file.path).split('/').slice(0, -1));
  const isNested = isPattern ? path.includes('**') : names.some((name) => !name.includes('='));
  return {
    format,
    path,
    isPattern,
    table: null,
    isPartitioned: partitionColumns.length > 0,
    compression,
    text: text && { delimiter: text.delimiter, hasHeader: text.header },
    isNested,
    realPlaces: [
      ...new Set(set.files.map(({ path: file, realPath }) => (file === ref.path ? realPath : dirname(realPath)))),
    ],
    otherFile: isNested ? null : await otherFile(ref.path, isPattern, set),
    ...rows,
  };
}

/** The same windows as `Worlds.windows`, except for ends that only the rows know. */
async function windowsOf(
  sampled: SampledTables,
  { window, split, entries }: StagePlan,
  work: Work,
): Promise<SparkWindows> {
  const train = await boundsOf(sampled, window.train, work);
  const asOf: Record<string, number> = {};
  for (const { draws } of entries) {
    const count = draws.kind === 'pool' ? draws.weight?.count : undefined;
    if (count === undefined || count === 'exposures' || count.asOf === null || count.asOf === 'day') continue;
    asOf[count.asOf] = (await boundsOf(sampled, { to: count.asOf }, work)).to;
  }
  if (split === 'train')
    return { train: periodOf(train), split: periodOf(train), knownUntil: endOf(train.to), asOf, afterCut: {} };
  const afterCut = await afterCutOf(sampled, entries, train.to, work);
  const evaluated = await boundsOf(sampled, window.eval, work);
  if (window.knownUntil === null)
    return { train: periodOf(train), split: periodOf(evaluated), knownUntil: null, asOf, afterCut };
  const { to } = await boundsOf(sampled, { to: window.knownUntil }, work);
  const ends = { from: evaluated.from, to: Math.min(evaluated.to, to) };
  return { train: periodOf(train), split: periodOf(ends), knownUntil: endOf(to), asOf, afterCut };
}

async function afterCutOf(
  { tables, timezone }: SampledTables,
  entries: StagePlan['entries'],
  cut: number,
  work: Work,
): Promise<SparkWindows['afterCut']> {
  if (!Number.isFinite(cut)) return {};
  const afterCut: Record<string, number | null> = {};
  for (const entry of entries) {
    const count = dailyCount(entry);
    if (count === null) continue;
    const wall = await wallOfEnd(tables, cut + 1, timezone, work);
    if (wall % microsecondsOfDay === 0) continue;
    if (count.window === null) afterCut[entry.name] = null;
    else [afterCut[entry.name] = null] = await firstInstants(tables, [wall - count.window], timezone, work);
  }
  return afterCut;
}

function periodOf({ from, to }: Bounds): SparkPeriod {
  return { from: endOf(from), to: endOf(to) };
}

function endOf(at: number): number | null {
  return Number.isFinite(at) ? at : null;
}
