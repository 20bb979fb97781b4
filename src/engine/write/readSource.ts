import { isBundled } from '../../core/schema/sampleLayout.ts';
import { isByDay, isPlaced, plainPlacement } from '../../core/sampling/placement.ts';
import { fitsBoth } from '../../core/sampling/capacity.ts';
import { keptValues, valuesPerGroup } from '../../core/sampling/listBytes.ts';
import type { HistoryCounts } from '../../core/sampling/historyCounts.ts';
import type { SampleRequest } from '../../protocol/sampling.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import type { blockOf } from '../groups/block.ts';
import { loadBatchPool, needsBatchPool } from '../groups/batches/batchPool.ts';
import { storedHistories, storeHistories } from '../groups/history/storeHistories.ts';
import { Facts } from '../inputs/facts/facts.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { hasFileOrder, isSorted } from './fileOrder.ts';
import { drawingThreads } from '../draw/threads/drawingThreads.ts';
import { Worlds, type LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { SequenceLists } from '../sequences/sequenceLists.ts';
import { storeShortOfFile } from '../sequences/shortHistories.ts';
import { AsOfIndex } from './asOfIndex.ts';
import type { Bundling } from './bundles.ts';
import { carriedOf, carryColumns } from './carriedTables.ts';
import { checkDrawing, checkReading, type Places } from './checkCapacity.ts';
import { idsOf, kindOfIds, type DrawnIds } from '../inputs/ids.ts';
import { carriedColumns, logSideOf, outputColumns, type OutputColumns } from './outputSelect.ts';
import { passedColumns } from './passThrough.ts';
import { isColumnar } from '../groups/columnarBlock.ts';
import { rowsOfPart } from './rowsParts.ts';
import { storedLog, StoredTables } from '../inputs/storedTables.ts';
import { userRanges, type UserRange } from '../groups/userRanges.ts';
import { writesLater } from './wholeProgress.ts';
import { carrying } from './wideRowGroup.ts';
import { listsOf, type OutputColumn } from './layouts.ts';
import { LogLists } from './logLists.ts';
import type { CopiedList } from './drawnLists.ts';

/** Default number of log rows in a block of users. */
const BLOCK_ROWS = 200_000;

/** The loaded data of a request, complete before the first row is drawn. */
export interface DrawSource {
  /** The tables as opened. */
  readonly sampled: SampledTables;
  readonly stored: StoredTables;
  readonly world: LoadedWorld;
  readonly ranges: readonly UserRange[];
  readonly ids: DrawnIds;
  readonly grouping: Parameters<typeof blockOf>[3];
  readonly columns: OutputColumns;
  /** Null if the rows have no as-of columns. */
  readonly asOf: AsOfIndex | null;
  /** Null if the rows copy nothing from the log, or only joins can. */
  readonly logLists: LogLists | null;
  /** Null if the rows have no sequences. */
  readonly sequences: SequenceLists | null;
  /** How groups share rows of `DrawnTables`; null if each has its own. */
  readonly bundled: (Omit<Bundling, 'days'> & { readonly byDay: boolean }) | null;
  /** Counts of `exclude.history`, one for each history; empty if the plan has none. */
  readonly histories: readonly HistoryCounts[];
  /** Maximum number of drawn rows in one table. */
  readonly mostRows: number;
}

/**
 * Reads the data to draw from, and checks memory and disk space for the drawn rows.
 * @param places `written`: parts that are written at the same time; `threads`: threads that may draw
 * @throws FailureError if the data cannot be read, or if memory or disk space is too small
 */
export async function readSource(
  { plan, data, users, output, threads: configuredThreads, blockRows = BLOCK_ROWS }: SampleRequest,
  tables: Tables,
  places: Places & { readonly written: number; readonly threads: number },
  work: Work,
): Promise<DrawSource> {
  const sampled = await SampledTables.open(tables, data, plan.timezone, work);
  const passed = passedColumns(output, tables, data, plan.unit);
  const wanted = outputColumns(plan, output, sampled, passed);
  const { capacity } = places;
  const worlds = new Worlds(capacity && (() => capacity.memory()));
  const { count } = await worlds.numbers(sampled, work);
  const carried = carriedColumns(plan, sampled, passed);
  if (users === null) await checkReading(sampled, carried.length, places, work);
  const load = async (): Promise<LoadedWorld> => await worlds.world(sampled, plan, work);
  const store = async (): Promise<StoredTables> =>
    await carrying(
      { tables, ref: data.log.impressions.ref, columns: carried },
      work,
      async () => await StoredTables.make(sampled, users, carried, work),
    );
  const [loaded, stored] = fitsBoth({ items: count, copiedColumns: carried.length, limit: tables.memoryBytes })
    ? await atOnce(load, store)
    : [await load(), await store()];
  await storeShortOfFile({ sampled, plan, world: loaded }, users, work);
  // The stored log only has the rows of the named users.
  const world = await withBatchPool({ sampled: users === null ? stored : sampled, plan, world: loaded }, work);
  const hot = await new Facts(worlds).hot(sampled, plan, world, work);
  const histories = await storeHistories(sampled, plan, world, work);
  const sequences = await SequenceLists.make(sampled, output, work);
  const { ranges, ids: userIds } = await userRanges(stored, blockRows, work, [
    ...(histories.length === 0 ? [] : [storedHistories]),
    ...(sequences?.stepTables ?? []),
  ]);
  const ids: DrawnIds = {
    users: userIds,
    items: idsOf(world.items.texts, world.items.sqlType),
    requests:
      isColumnar(plan, stored) && data.log.impressions.columns.request
        ? await kindOfIds(tables, storedLog, 'request', work)
        : 'text',
  };
  // Stored in tables, so that the sources are read only once even if the rows are written in many parts.
  await carryColumns(sampled, carriedOf(wanted.passed), ids, world.split, work);
  const asOf = wanted.lists.includes('as_of')
    ? await AsOfIndex.load(tables, wanted.passed, world.items.count, work)
    : null;
  const logLists = await LogLists.of(tables, wanted.columns, work);
  const columns = withLists(wanted, asOf, logLists);
  const listValues = (await sequences?.valuesPerGroup(plan, world, work)) ?? valuesPerGroup([]);
  const mostRows = output.rowsAtOnce ?? rowsAtOnceOf(columns, keptValues(listValues, output.layout), tables);
  // `aside` counts, for each part that is written, its rows and a copy of them, and one part that is being filled.
  await checkDrawing(
    { plan, world, stored, ranges },
    {
      columns: columns.columns.length,
      valuesPerGroup: listValues,
      output,
      aside: (2 * places.written + 1) * mostRows,
      copies: copiesOf(output),
      threads: drawingThreads(ranges, configuredThreads ?? null, places.threads),
    },
    places,
    work,
  );
  return {
    sampled,
    stored,
    world,
    ranges,
    ids,
    columns,
    asOf,
    logLists,
    sequences,
    bundled: bundledOf(plan, output),
    histories,
    mostRows,
    grouping: {
      hot,
      candidates: data.candidates !== undefined,
      kind: stored.userKind(),
      exposures: passed.some((column) => logSideOf(column) === 'exposure'),
      readTimes: asOf !== null || sequences !== null,
      words: plan.unit !== 'impression' || plan.exposures?.downsample !== null || hasFileOrder(output.placement),
    },
  };
}

function rowsAtOnceOf(
  { columns, passed, showsPosition }: OutputColumns,
  listValues: number,
  { memoryBytes }: Tables,
): number {
  return rowsOfPart(memoryBytes, columns.length + Math.ceil(listValues), passed.length > 0 || showsPosition);
}

async function withBatchPool(source: Parameters<typeof loadBatchPool>[0], work: Work): Promise<LoadedWorld> {
  const { plan, world } = source;
  return needsBatchPool(plan) ? { ...world, batchPool: await loadBatchPool(source, work) } : world;
}

function bundledOf(
  { unit }: SampleRequest['plan'],
  { layout, placement = plainPlacement, sequences }: SampleRequest['output'],
): DrawSource['bundled'] {
  if (isBundled(layout)) return { by: layout, inOrder: false, byDay: isByDay(placement) };
  // A history is stored once for the groups of a request that follow each other. Shards count groups.
  const hasHistories = sequences !== undefined && unit !== 'request';
  return hasHistories && layout === 'long' && !hasFileOrder(placement) && !isPlaced(placement)
    ? { by: 'request', inOrder: true, byDay: false }
    : null;
}

/** Number of simultaneous copies of all drawn rows. 0 if rows are written while others are still drawn. */
function copiesOf({ format, placement = plainPlacement }: SampleRequest['output']): number {
  if (isSorted(placement)) return 2;
  return writesLater({ format, placement }) ? 1 : 0;
}

/**
 * Runs two tasks concurrently. If both fail, throws the error of the first, so that the message is always the same. If
 * only the first fails, the second may continue until its tables are closed.
 */
async function atOnce<A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  const started = second();
  // Mark as handled; it is awaited later, if at all.
  started.catch(() => undefined);
  return [await first(), await started];
}

/** Replaces joins by lists of the drawn groups, for the columns whose values are in memory. */
function withLists(output: OutputColumns, asOf: AsOfIndex | null, logLists: LogLists | null): OutputColumns {
  const byName = new Map([...(asOf?.lists ?? [])].map(([{ name }, list]) => [name, list]));
  const listOf = (column: Pick<OutputColumn, 'name'>): CopiedList | null =>
    byName.get(column.name) ?? logLists?.listOf(column) ?? null;
  const columns = output.columns.map((column): OutputColumn => {
    const list = listOf(column);
    return list === null ? column : { name: column.name, of: column.of, list, sql: (element) => element };
  });
  const passed = output.passed.filter((column) => listOf(column) === null);
  const showsPosition = output.showsPosition && columns.some(({ ofLog }) => ofLog);
  return {
    ...output,
    columns,
    passed,
    showsPosition,
    lists: listsOf([...columns, ...output.hidden], passed.length > 0 || showsPosition),
  };
}
