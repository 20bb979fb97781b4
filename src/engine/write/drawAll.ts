import { refuse } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import type { EffectiveShares, TeacherCoverage } from '../../core/sampling/drawn.ts';
import type { DrawnRows, RowCounts } from '../../core/sampling/kernel/rowCounts.ts';
import type { QTally } from '../../core/sampling/lock/qTally.ts';
import { f64At, i16At, u32At, valueAt } from '../../core/valueAt.ts';
import type { SampleRequest } from '../../protocol/sampling.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { emptyTally, type Tally } from '../groups/group.ts';
import { noCoverage, sumOfCoverage } from '../groups/teacherValues.ts';
import { emptyWindow } from '../inputs/emptyPlan.ts';
import { noticesOf } from '../groups/notices.ts';
import { drawingThreads } from '../draw/threads/drawingThreads.ts';
import { DrawThreads } from '../draw/threads/drawThreads.ts';
import { LocalDrawBatchRunner, type DrawBatchRunner } from '../draw/threads/drawBatchRunner.ts';
import type { GroupList } from './drawnLists.ts';
import { batches, begun, blocks } from './drawBatches.ts';
import { drawnBatch, type DrawnBatch } from './drawnBatch.ts';
import type { FileOrder } from './fileOrder.ts';
import type { DrawnTables, DrawnPart, DrawnTable } from './drawnTable.ts';
import { laterExposures, laterNotices } from '../groups/laterExposures.ts';
import type { FileBlock } from '../groups/columnarBlock.ts';
import type { DrawSource } from './readSource.ts';
import type { Writer } from './writing.ts';
import type { DuckDBConnection } from '@duckdb/node-api';

/** Maximum number of tables by day for drawing with threads. Sharing a table takes longer than building it. */
const MAX_SHARED_TABLES = 1000;

/** The result of drawing for a file. */
export interface Drawn {
  readonly counts: RowCounts;
  readonly rows: number;
  readonly q: QTally;
  /** Null without negatives, and for a plan without `logq`. */
  readonly effective: EffectiveShares | null;
  /** All users in the log and the candidates. */
  readonly users: readonly string[];
  /** Numbers of rows that were dropped or merged. */
  readonly tally: Tally;
  /** Number of rows that were not exposed themselves; 0 if the columns need no exposures. */
  readonly unexposed: number;
  /** Null if the stage has no teacher. */
  readonly coverage: readonly TeacherCoverage[] | null;
  readonly notices: readonly Message[];
}

/** Sources, users and targets of a draw. */
export interface DrawJob extends Omit<DrawSource, 'sampled' | 'columns'> {
  readonly plan: SampleRequest['plan'];
  /** True if the request names users. `ranges` then has only these. */
  readonly some: boolean;
  readonly into: DrawnTables;
  /** The values of each row. */
  readonly lists: readonly GroupList[];
  /** Null if the order of the file is that of drawing. */
  readonly fileOrder: FileOrder | null;
  readonly writer: Writer;
  /** Creates the drawer. Called once, while the first block is read. */
  readonly drawer: () => DrawBatchRunner;
  readonly work: Work;
}

/**
 * Draws with threads if there are several, and if there is something to draw.
 * @param configuredThreads null if the config sets no number
 */
export function drawerOf(
  plan: SampleRequest['plan'],
  {
    world,
    ids: { items },
    ranges,
  }: Pick<DrawJob, 'world' | 'ranges'> & { readonly ids: Pick<DrawJob['ids'], 'items'> },
  configuredThreads: number | null,
  { threads, drawWorker }: DatasetOptions,
): DrawBatchRunner {
  const tables = world.dayTables.reduce((sum, one) => sum + (one?.pools.length ?? 0), 0);
  const isQuick = tables > MAX_SHARED_TABLES || plan.entries.length === 0;
  const count = isQuick ? 1 : drawingThreads(ranges, configuredThreads, threads);
  return count > 1 && drawWorker !== undefined
    ? new DrawThreads(count, drawWorker, plan, world, items.kind === 'int64' ? items.words : null)
    : new LocalDrawBatchRunner(plan, world);
}

/**
 * Draws block by block, in the order of the file, and passes each part to the writer. The next block is read while the
 * current one is drawn. Closes the drawer at the end.
 * @throws FailureError for a shortfall with `on_shortfall: fail`, or after a cancellation
 */
export async function drawAll(job: DrawJob): Promise<Drawn> {
  const { plan, world, stored, ranges, ids, writer, work } = job;
  const total = ranges.reduce((sum, { rows }) => sum + rows, 0);
  const tally = emptyTally();
  const standIns = plan.entries.map(() => 0);
  let [count, unexposed] = [0, 0];
  const later = plan.entries.map(() => ({ rows: 0, later: 0 }));
  let coverage: Drawn['coverage'] = plan.teacher ? noCoverage(plan) : null;
  const first = begun(0, job);
  const drawer = job.drawer();
  try {
    await stored.tables.use(async (connection) => {
      const parts = new DrawnParts(job.into, connection, job.mostRows, async (part) => {
        await writer.add(part);
      });
      for await (const { rows, made, range, fraction } of batches(
        blocks(job, first, tally, standIns),
        drawer,
        plan,
        job.sequences?.maxSteps,
        job.bundled?.inOrder === false,
      )) {
        if (work.signal?.aborted) throw cancelled();
        refuseShortfall(plan, made, rows);
        const batch = drawnBatch(made, range.first, rows, {
          ids,
          lists: job.lists,
          batchPool: world.batchPool,
          asOf: job.asOf,
          fileOrder: job.fileOrder,
        });
        await parts.append(batch);
        count += rows.count;
        unexposed += batch.unexposed;
        laterExposures(rows, made.block).forEach((more, entry) => {
          const counts = valueAt(later, entry);
          counts.rows += more.rows;
          counts.later += more.later;
        });
        if (coverage && batch.coverage) coverage = sumOfCoverage(coverage, batch.coverage);
        work.progress?.({
          fraction: (range.before + range.rows * fraction) / Math.max(1, total),
          message: message('Drawing'),
          phase: 'drawing',
        });
      }
      await parts.end();
    }, work);
    const { counts, q, effective } = await drawer.totals();
    return {
      counts,
      rows: count,
      q,
      effective,
      tally,
      unexposed,
      coverage,
      users: ranges.flatMap((range) => range.users),
      notices: [
        ...emptyWindow(plan, world, counts.groups, job.some),
        ...noticesOf(
          plan,
          world,
          { tally: { ...tally, downsampled: counts.downsampled }, standIns },
          { some: job.some, changed: false },
        ),
        ...laterNotices(plan.entries, later),
      ],
    };
  } finally {
    await drawer.close();
  }
}

/** With `on_shortfall: fail`, the first shortfall ends the draw. */
export function refuseShortfall(
  { stage, onShortfall, entries }: SampleRequest['plan'],
  { block: { groups, users } }: FileBlock,
  rows: DrawnRows,
): void {
  if (onShortfall !== 'fail' || rows.shortCount === 0) return;
  const group = u32At(rows.shortGroup, 0);
  const user = users[groups.offsets.findIndex((offset) => offset > group) - 1] ?? '';
  const name = entries[i16At(rows.shortEntry, 0)]?.name ?? '';
  throw refuse(
    'shortfall',
    message(
      '{0} finds only {1} of {2} rows for user {3}, and on_shortfall is fail',
      name,
      f64At(rows.shortDrawn, 0),
      f64At(rows.shortAsked, 0),
      printableId(user),
    ),
    {
      setting: ['stages', stage, 'negatives', 'on_shortfall'],
      advice: message(
        'Preview this user to see why. Then request fewer rows from the entry, or write on_shortfall: keep.',
      ),
    },
  );
}

/**
 * Collects draw batches in tables with a limited number of rows, or with one group, and passes each table on when it is
 * full. The groups alone decide where a table ends, not how they arrive. So the files are equal for any number of
 * drawing threads.
 */
class DrawnParts {
  #table: DrawnTable | null = null;

  /** @param take receives each full part; the next part starts after it has finished */
  constructor(
    private readonly tables: DrawnTables,
    private readonly connection: DuckDBConnection,
    private readonly mostRows: number,
    private readonly take: (part: DrawnPart) => Promise<void>,
  ) {}

  async append(batch: DrawnBatch): Promise<void> {
    for (let from = 0; from < batch.groups;) {
      const table = (this.#table ??= await this.tables.next(this.connection));
      const fitting = fittingGroups(batch, from, this.mostRows - table.rows);
      // A single group may have more rows.
      const to = table.rows === 0 ? Math.max(fitting, from + 1) : fitting;
      if (to > from) table.append(batch, from, to);
      if (to < batch.groups) await this.end();
      from = to;
    }
  }

  /** Passes on the remaining rows. */
  async end(): Promise<void> {
    const table = this.#table;
    this.#table = null;
    if (table !== null) await this.take(table.close());
  }
}

/** End (exclusive) of the groups from `from` that together have at most this many rows. */
function fittingGroups({ groups, offsets }: DrawnBatch, from: number, rows: number): number {
  const maxOffset = u32At(offsets, from) + rows;
  let to = from;
  while (to < groups && u32At(offsets, to + 1) <= maxOffset) to++;
  return to;
}
