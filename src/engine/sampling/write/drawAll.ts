import { fail } from '../../../core/message/failure.ts';
import { message, type Message } from '../../../core/message/message.ts';
import { printableId } from '../../../core/message/printable.ts';
import type { EffectiveShares, TeacherCoverage } from '../../../core/sampling/drawn.ts';
import type { DrawnRows, RowCounts } from '../../../core/sampling/kernel/rowCounts.ts';
import type { QTally } from '../../../core/sampling/lock/qTally.ts';
import { f64At, i16At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { SampleRequest } from '../../../protocol/sampling.ts';
import { cancelled } from '../../../core/queue/cancelled.ts';
import type { Work } from '../../database/connections.ts';
import type { DatasetOptions } from '../../openDataset.ts';
import { blockOf } from '../groups/block.ts';
import { emptyTally, type Tally } from '../groups/group.ts';
import { PastItems } from '../groups/history/pastItems.ts';
import { noCoverage, sumOfCoverage } from '../groups/teacherValues.ts';
import { emptyWindow } from '../inputs/emptyPlan.ts';
import { noticesOf } from '../groups/notices.ts';
import { rowsPerGroup } from '../inputs/rowLimit.ts';
import { drawingThreads } from '../draw/threads/drawingThreads.ts';
import { DrawThreads } from '../draw/threads/drawThreads.ts';
import { LocalDrawBatchRunner, type DrawBatchRunner, type DrawBatchRows } from '../draw/threads/drawBatchRunner.ts';
import { loadUsers } from '../inputs/users/loadUsers.ts';
import type { GroupList } from '../draw/drawnLists.ts';
import { DrawnParts } from './drawnParts.ts';
import { drawnBatch } from '../draw/drawnBatch.ts';
import type { Placer } from '../draw/placer.ts';
import type { DrawnTables } from './drawnTable.ts';
import { isColumnar, positiveBlock, type FileBlock } from '../groups/positiveBlock.ts';
import type { DrawSource } from './readSource.ts';
import type { UserRange } from '../groups/userRanges.ts';
import type { Writer } from './writing.ts';

/** Rows to draw before other tasks may run: about 10 ms and a few megabytes. */
const BATCH_ROWS = 50_000;

/** Most tables by day that are shared with threads: sharing each of them takes longer than building it. */
const MOST_SHARED_TABLES = 1000;

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
  /** Number of rows without an own exposure, if exposures are needed. */
  readonly unexposed: number;
  /** Null if the stage has no teacher. */
  readonly coverage: readonly TeacherCoverage[] | null;
  readonly notices: readonly Message[];
}

/** Sources, users and targets of a draw. */
export interface DrawJob extends Omit<DrawSource, 'sampled' | 'columns'> {
  readonly plan: SampleRequest['plan'];
  /** True if users were named. Other users of the log have no range. */
  readonly some: boolean;
  readonly into: DrawnTables;
  /** The values of each row. */
  readonly lists: readonly GroupList[];
  /** Null if the order of the file is that of drawing. */
  readonly placer: Placer | null;
  readonly writer: Writer;
  /** Creates the drawer. Called once, while the first block is read. */
  readonly drawer: () => DrawBatchRunner;
  readonly work: Work;
}

/**
 * Draws with threads if there are several.
 * @param asked null: no number was configured
 */
export function drawerOf(
  plan: SampleRequest['plan'],
  { world, ids: { items }, ranges }: Pick<DrawJob, 'world' | 'ids' | 'ranges'>,
  asked: number | null,
  { threads, drawWorker }: DatasetOptions,
): DrawBatchRunner {
  const tables = world.dayTables.reduce((sum, one) => sum + (one?.pools.length ?? 0), 0);
  const count = tables > MOST_SHARED_TABLES ? 1 : drawingThreads(ranges, asked, threads);
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
        rowsPerGroup(plan),
      )) {
        if (work.signal?.aborted) throw cancelled();
        refuseShortfall(plan, made, rows);
        const batch = drawnBatch(made, range.first, rows, {
          ids,
          lists: job.lists,
          batchPool: world.batchPool,
          asOf: job.asOf,
          placer: job.placer,
        });
        await parts.append(batch);
        count += rows.count;
        unexposed += batch.unexposed;
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
      ],
    };
  } finally {
    await drawer.close();
  }
}

interface Block {
  readonly made: FileBlock;
  readonly range: UserRange & { readonly before: number };
}
interface DrawBatch extends Block {
  readonly rows: DrawBatchRows;
  /** Fraction of the groups of the block. */
  readonly fraction: number;
}

/** Starts to build the block of a range; null after the last one. */
function begun(k: number, job: DrawJob): Promise<FileBlock> | null {
  const range = job.ranges[k];
  if (!range) return null;
  const made = madeOf(range, job);
  // Mark as handled; the awaiter still sees the rejection.
  made.catch(() => undefined);
  return made;
}

/**
 * The blocks of all ranges in order. The first is already started. Each further block is built while the previous one
 * is drawn from.
 */
async function* blocks(
  job: DrawJob,
  first: Promise<FileBlock> | null,
  tally: Tally,
  standIns: number[],
): AsyncGenerator<Block, void, undefined> {
  const { ranges } = job;
  let [next, before] = [first, 0];
  for (const [k, range] of ranges.entries()) {
    const made = await next;
    next = begun(k + 1, job);
    if (made === null) return;
    for (const kind of Object.keys(tally) as (keyof Tally)[]) tally[kind] += made.tally[kind];
    made.standIns.forEach((more, entry) => {
      standIns[entry] = valueAt(standIns, entry) + more;
    });
    yield { made, range: { ...range, before } };
    before += range.rows;
  }
}

async function madeOf(
  range: UserRange,
  { plan, world, stored, ids: { requests }, grouping, work: { signal } }: DrawJob,
): Promise<FileBlock> {
  // No progress per block: only the progress of the whole is reported.
  const work: Work = { signal };
  if (isColumnar(plan, stored))
    return await positiveBlock(range, plan, world, stored, { hot: grouping.hot, requests }, work);
  const past = await PastItems.loadStored(range, plan, world, stored, work);
  return blockOf(plan, world, await loadUsers(stored, range.users, work, range.chosen), { ...grouping, past });
}

/** Draw batches, in the order of their groups. The rows are valid until the next batch is requested. */
async function* batches(
  made: AsyncIterable<Block>,
  drawer: DrawBatchRunner,
  perGroup: number,
): AsyncGenerator<DrawBatch, void, undefined> {
  const groups = Math.max(1, Math.floor(BATCH_ROWS / perGroup));
  const asked: { readonly rows: Promise<DrawBatchRows>; readonly block: Block; readonly fraction: number }[] = [];
  const first = async (): Promise<DrawBatch | null> => {
    const next = asked.shift();
    return next ? { ...next.block, fraction: next.fraction, rows: await next.rows } : null;
  };
  for await (const block of made) {
    const {
      block: {
        groups: { count },
      },
    } = block.made;
    drawer.start(block.made.block);
    for (let from = 0; from < count; from += groups) {
      if (asked.length === drawer.ahead) {
        const next = await first();
        if (next) yield next;
      }
      const to = Math.min(count, from + groups);
      const rows = drawer.draw(from, to);
      rows.catch(() => undefined);
      asked.push({ rows, block, fraction: to / count });
    }
  }
  for (let next = await first(); next !== null; next = await first()) yield next;
}

/** With `on_shortfall: fail`, the first shortfall ends the draw. */
function refuseShortfall(
  { onShortfall, entries }: SampleRequest['plan'],
  { block: { groups, users } }: FileBlock,
  rows: DrawnRows,
): void {
  if (onShortfall !== 'fail' || rows.shortCount === 0) return;
  const group = u32At(rows.shortGroup, 0);
  const user = users[groups.offsets.findIndex((offset) => offset > group) - 1] ?? '';
  const name = entries[i16At(rows.shortEntry, 0)]?.name ?? '';
  throw fail(
    'bad-request',
    message(
      '{0} finds only {1} of {2} rows for user {3}, and on_shortfall is fail',
      name,
      f64At(rows.shortDrawn, 0),
      f64At(rows.shortAsked, 0),
      printableId(user),
    ),
    {
      advice: message(
        'Preview this user to see why. Then request fewer rows from the entry, or write on_shortfall: keep.',
      ),
    },
  );
}
