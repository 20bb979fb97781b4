import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { refuse } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import { untimedTexts } from '../../core/report/writtenSequenceText.ts';
import { entryTotals } from '../../core/sampling/entryTotals.ts';
import { shardName } from '../../core/sampling/placement.ts';
import { formatDay } from '../../core/schema/dayFormat.ts';
import { formatCount } from '../../core/table/format.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { Progress } from '../../protocol/engine.ts';
import type { SampleRequest, SampleSummary } from '../../protocol/sampling.ts';
import { Tables } from '../tables/tables.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import { BackgroundTask } from '../../core/queue/backgroundTask.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { refsOf } from '../inputs/sampledTables.ts';
import { drawAll, drawerOf, type Drawn } from './drawAll.ts';
import { drawFailure } from './drawFailure.ts';
import { DrawnTables } from './drawnTable.ts';
import { emptySampleFailure } from './emptySample.ts';
import { namesIn } from './layouts.ts';
import { carriedFacts, digestData, writeLocks, type DataDigests } from './lock.ts';
import { outputSelect } from './outputSelect.ts';
import type { WrittenFile } from './placedWriter.ts';
import { readSource, type DrawSource } from './readSource.ts';
import { openTarget, type SampleTarget } from './sampleTarget.ts';
import { fileOrderOf, sampleWriter, type SampleWriter } from './sampleWriter.ts';

/**
 * Most parts that are written at the same time, however many threads there are, because each keeps its rows in memory.
 */
const MAX_WRITTEN = 4;

/** A sample on its way into a target. */
interface Drawing {
  readonly request: SampleRequest;
  readonly options: DatasetOptions;
  readonly target: SampleTarget;
  readonly tables: Tables;
  /** Computes digests of the data in the background: this thread is mostly idle while data is read and drawn. */
  readonly digesting: BackgroundTask<DataDigests, Progress>;
  /** When the run began, in milliseconds. */
  readonly started: number;
  readonly work: Work;
}

/**
 * Draws the rows of a plan for all or some users and writes them to a file or a folder, completely or not at all.
 * @throws FailureError if the data cannot be read, there are no rows, a shortfall must not be kept, the file cannot be
 * written, or after a cancellation; then no part of the file remains
 */
export async function drawFile(request: SampleRequest, engine: DatasetOptions, work: Work): Promise<SampleSummary> {
  const options = { ...engine, memoryBytes: request.memoryBytes ?? engine.memoryBytes };
  const started = performance.now();
  try {
    const target = await openTarget(request.output, work);
    try {
      return await fill({ request, options, target, started, work });
    } catch (error) {
      await target.discard();
      throw error;
    }
  } catch (error) {
    throw work.signal?.aborted ? cancelled() : drawFailure(error, request.output.path, options.temporaryDirectory);
  }
}

/** Opens the data of a sample, and closes it when the sample is published or has failed. */
async function fill(run: Omit<Drawing, 'tables' | 'digesting'>): Promise<SampleSummary> {
  const { request, options, target, work } = run;
  const { data, output } = request;
  const threads = request.threads ?? options.threads;
  const folder = join(options.temporaryDirectory, randomUUID());
  const tables = await Tables.open(refsOf(data), folder, { ...options, threads }, work, target.folder);
  const digesting = new BackgroundTask(work, async (own: Work) =>
    tellsItsData(output) ? await digestData(tables, data, own) : new Map(),
  );
  try {
    await refuseInput(output, tables, expectedFiles(output, target.realPath));
    return await draw({ ...run, tables, digesting });
  } finally {
    await digesting.stop();
    await tables.close();
  }
}

/** Reads what the plan needs, and writes the rows that it draws into the target. */
async function draw(drawing: Drawing): Promise<SampleSummary> {
  const { request, options, target, tables, work } = drawing;
  const { plan, users, output } = request;
  const threads = request.threads ?? options.threads;
  const written = Math.min(threads, MAX_WRITTEN);
  const places = {
    target: dirname(output.path),
    temporary: dirname(options.temporaryDirectory),
    capacity: options.capacity,
  };
  const source = await readSource(request, tables, { ...places, written, threads }, work);
  const { ids, columns } = source;
  const fileOrder = fileOrderOf(request, source);
  const into = new DrawnTables(
    ids,
    columns.lists,
    [...(fileOrder?.columns ?? []), ...(source.sequences?.columns ?? [])],
    new Map([...(source.asOf?.kinds ?? []), ...(source.logLists?.kinds ?? [])]),
    source.bundled?.by ?? null,
  );
  await tables.use(async (connection) => {
    await into.prepare(connection);
  }, work);
  const rows = await outputSelect(plan, output, source, work);
  const samples = await sampleWriter(request, source, { tables, rows, target, fileOrder, threads: written }, work);
  const { writer } = samples;
  try {
    const began = performance.now();
    const drawn = await drawAll({
      ...source,
      plan,
      some: users !== null,
      drawer: () => drawerOf(plan, source, request.threads ?? null, options),
      into,
      lists: columns.lists,
      fileOrder,
      writer,
      work,
    });
    const milliseconds = performance.now() - began;
    if (drawn.rows === 0 && request.allowEmpty !== true)
      throw await emptySampleFailure(
        { ...source, plan, tally: drawn.tally, groups: drawn.counts.groups, some: users !== null },
        work,
      );
    return await publish(drawing, source, samples, drawn, milliseconds);
  } finally {
    await writer.stop();
  }
}

/** Completes the files and their lock files, and moves them to their place. @param drawing milliseconds of the draw */
async function publish(
  { request, options, target, tables, digesting, started, work }: Drawing,
  source: DrawSource,
  samples: SampleWriter,
  drawn: Drawn,
  drawing: number,
): Promise<SampleSummary> {
  const { plan, users, output } = request;
  const { columns, world } = source;
  const digests = await digesting.result(work);
  const { exposed } = columns;
  const rows = summaryOf(plan, source, drawn, exposed);
  const { groups, positives, negatives, entries } = rows;
  await samples.writer.finish({
    ...output.facts,
    groups: String(groups),
    positives: String(positives),
    negatives: String(negatives),
    entries: JSON.stringify(entries),
    ...carriedFacts(digests, entries),
  });
  const files = samples.files(drawn.rows);
  if (output.origin) {
    const names = namesIn[output.layout](columns.columns);
    const { knownUntil } = world;
    const run = { request, digests, columns: names, summary: rows, q: drawn.q, knownUntil, files, options };
    await writeLocks(target, run, output.origin, work);
  }
  await tables.checkCurrent();
  // Now the days are known. A glob may match only some of them.
  if (output.placement?.folder) {
    const places = files.map(({ partition, name }) => join(target.realPath, partition ?? '', name));
    await refuseInput(output, tables, places);
  }
  if (work.signal?.aborted) throw cancelled();
  const bytes = await target.publish();
  return {
    ...rows,
    ...folderSummary(output, files),
    bytes,
    notices: [
      ...unknown(users, drawn.users),
      ...nullNotices(exposed, drawn),
      ...drawn.notices,
      ...(rows.sequences ?? []).flatMap(untimedTexts),
    ],
    milliseconds: { drawing, total: performance.now() - started },
  };
}

/** Figures about the rows for the lock file and the report. @param exposed columns that need an exposure of the row */
function summaryOf(
  plan: SampleRequest['plan'],
  { world, histories, sequences }: DrawSource,
  { counts, rows, users, unexposed, effective, coverage, tally }: Drawn,
  exposed: readonly string[],
): Omit<SampleSummary, 'bytes' | 'notices' | 'milliseconds' | 'files' | 'partitions'> {
  const { groups, positives, negatives, unreached } = counts;
  return {
    rows,
    users: users.length,
    groups,
    positives,
    negatives,
    unreached,
    ...(exposed.length === 0 ? {} : { withoutExposure: unexposed }),
    ...(plan.positives.minSteps === undefined ? {} : { shortHistories: tally.short }),
    entries: entryTotals(plan, counts),
    ...(effective === null ? {} : { effective }),
    ...(coverage ? { teacher: coverage } : {}),
    ...(world.events.length === 0 ? {} : { events: world.events }),
    ...(world.unknown.length === 0 ? {} : { unknown: world.unknown }),
    ...(histories.length === 0 ? {} : { histories }),
    ...(sequences === null ? {} : { sequences: sequences.counts() }),
  };
}

/**
 * @param files places of the sample files
 * @throws FailureError if the config reads files that the output replaces, or would read the new ones
 */
export async function refuseInput(
  { path, placement }: SampleRequest['output'],
  tables: Tables,
  files: readonly string[],
): Promise<void> {
  const isFolder = (placement?.folder ?? null) !== null;
  const what = isFolder
    ? message('The config reads this folder: the samples would be read as its data')
    : message('The config reads this file or its folder: the samples would be read as its data');
  await tables.refuseOutput(files, isFolder ? path : null, (dataset) =>
    refuse('output-in-input', what, {
      place: { path },
      advice: message('Write outside of the data set {0}.', dataset),
    }),
  );
}

/** Names that the files of an output will have, before the days are known. */
export function expectedFiles({ format, placement }: SampleRequest['output'], realPath: string): string[] {
  const folder = placement?.folder;
  if (!folder) return [realPath];
  const { shards, partitionBy } = folder;
  const partition = partitionBy === null ? '' : `${partitionBy.column}=${formatDay('2026-11-20', partitionBy.format)}`;
  return [join(realPath, partition, shardName(0, shards, traitsOf(format).written[0] ?? format))];
}

/** Figures of a summary about the files of a folder. */
function folderSummary(
  { placement }: SampleRequest['output'],
  files: readonly WrittenFile[],
): Pick<SampleSummary, 'files' | 'partitions'> {
  if (!placement?.folder) return {};
  if (placement.folder.partitionBy === null) return { files: files.length };
  return { files: files.length, partitions: [...new Set(files.flatMap(({ partition }) => partition ?? []))] };
}

/** True if the file, or a lock file next to it, records its source data. */
function tellsItsData({ origin, facts }: SampleRequest['output']): boolean {
  return origin !== undefined || Object.keys(facts).length > 0;
}

/** Reports how many negatives have NULL in log columns, because they have no exposure with these values. */
function nullNotices(columns: readonly string[], { unexposed, counts: { negatives } }: Drawn): Message[] {
  if (columns.length === 0 || unexposed === 0) return [];
  return [
    message(
      '{0} of {1} negatives have no exposure of their own: their {2} from data.impressions is NULL',
      formatCount(unexposed),
      formatCount(negatives),
      columns.join(', '),
    ),
  ];
}

/** Named users without rows in the log. */
function unknown(named: readonly string[] | null, found: readonly string[]): Message[] {
  const known = new Set(found);
  return (named ?? [])
    .filter((user) => !known.has(user))
    .map((user) => message('The log has no rows of user {0}', printableId(user)));
}
