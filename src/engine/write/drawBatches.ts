import { userOf } from '../../core/sampling/kernel/search.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { u32At, valueAt } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import type { DrawBatchRows, DrawBatchRunner } from '../draw/threads/drawBatchRunner.ts';
import { blockOf } from '../groups/block.ts';
import type { Tally } from '../groups/group.ts';
import { PastItems } from '../groups/history/pastItems.ts';
import { storedShortHistories } from '../groups/shortHistories.ts';
import { isColumnar, columnarBlock, type FileBlock } from '../groups/columnarBlock.ts';
import type { UserRange } from '../groups/userRanges.ts';
import type { DrawnIds } from '../inputs/ids.ts';
import { rowsPerGroup } from '../inputs/rowLimit.ts';
import { loadUsers } from '../inputs/users/loadUsers.ts';
import { dayStarts } from '../inputs/world/localTime.ts';
import type { FileRowsBlock } from './bundles.ts';
import type { DrawSource } from './readSource.ts';

/** Rows to draw before other tasks may run: about 10 ms and a few megabytes. */
const BATCH_ROWS = 50_000;
/** Maximum number of steps of the histories of a batch: about 100 megabytes. A single group may have more. */
const BATCH_STEPS = 2_000_000;

/** The users of a draw, and where their rows are read. */
export interface BlockSource
  extends
    Pick<DrawSource, 'world' | 'stored' | 'ranges' | 'grouping'>,
    Partial<Pick<DrawSource, 'sequences' | 'bundled' | 'logLists'>> {
  readonly plan: StagePlan;
  readonly ids: Pick<DrawnIds, 'requests'>;
  readonly work: Pick<Work, 'signal'>;
}

/** The block of a range of users. `before`: log rows of the ranges before it. */
interface Block {
  readonly made: FileRowsBlock;
  readonly range: UserRange & { readonly before: number };
}
/** The rows of some groups of a block. */
interface DrawBatch extends Block {
  readonly rows: DrawBatchRows;
  /** Fraction of the groups of the block. */
  readonly fraction: number;
}

/** Starts to build the block of a range; null after the last one. */
export function begun(k: number, job: BlockSource): Promise<FileRowsBlock> | null {
  const range = job.ranges[k];
  if (!range) return null;
  const made = withSteps(range, job);
  // Mark as handled; the awaiter still sees the rejection.
  made.catch(() => undefined);
  return made;
}

/**
 * The blocks of all ranges in order. The first is already started. Each further block is built while the previous one
 * is drawn from.
 */
export async function* blocks(
  job: BlockSource,
  first: Promise<FileRowsBlock> | null,
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

async function withSteps(range: UserRange, job: BlockSource): Promise<FileRowsBlock> {
  const { sequences, bundled, logLists, stored } = job;
  const work = { signal: job.work.signal };
  const block = await madeOf(range, job);
  const { readTime, time } = block.block.groups;
  return {
    ...block,
    ...(sequences ? { sequences: await sequences.load(range, readTime, work) } : {}),
    ...(logLists ? { logValues: await logLists.load(range, work) } : {}),
    ...(bundled
      ? {
          bundling: {
            by: bundled.by,
            inOrder: bundled.inOrder,
            days: bundled.byDay ? await dayStarts(stored.tables, time, stored.timezone, work) : null,
          },
        }
      : {}),
  };
}

async function madeOf(
  range: UserRange,
  { plan, world, stored, ids: { requests }, grouping, work: { signal } }: BlockSource,
): Promise<FileBlock> {
  // No progress per block: only the progress of the whole is reported.
  const work: Work = { signal };
  if (isColumnar(plan, stored))
    return await columnarBlock(
      range,
      plan,
      world,
      stored,
      {
        hot: grouping.hot,
        requests,
        readTimes: (grouping.readTimes ?? false) || plan.positives.minSteps !== undefined,
        words: grouping.words ?? true,
      },
      work,
    );
  const past = await PastItems.loadStored(range, plan, world, stored, work);
  const short = await storedShortHistories(range, plan, stored, work);
  return blockOf(plan, world, await loadUsers(stored, range.users, work, range.chosen), { ...grouping, past, short });
}

/**
 * Draw batches, in the order of their groups. The rows are valid until the next batch is requested.
 * @param maxSteps maximum number of steps of a group
 * @param hasWholeUsers true if a batch has all groups of its users
 */
export async function* batches(
  made: AsyncIterable<Block>,
  drawer: DrawBatchRunner,
  plan: StagePlan,
  maxSteps = 0,
  hasWholeUsers = false,
): AsyncGenerator<DrawBatch, void, undefined> {
  const groups = Math.max(1, Math.floor(Math.min(BATCH_ROWS / rowsPerGroup(plan), BATCH_STEPS / maxSteps)));
  const asked: { readonly rows: Promise<DrawBatchRows>; readonly block: Block; readonly fraction: number }[] = [];
  const first = async (): Promise<DrawBatch | null> => {
    const next = asked.shift();
    return next ? { ...next.block, fraction: next.fraction, rows: await next.rows } : null;
  };
  for await (const block of made) {
    const {
      block: {
        groups: { count, offsets },
      },
    } = block.made;
    drawer.start(block.made.block);
    for (let from = 0; from < count;) {
      if (asked.length === drawer.ahead) {
        const next = await first();
        if (next) yield next;
      }
      const end = Math.min(count, from + groups);
      const to = hasWholeUsers ? u32At(offsets, 1 + userOf(offsets, end - 1)) : end;
      const rows = drawer.draw(from, to);
      rows.catch(() => undefined);
      asked.push({ rows, block, fraction: to / count });
      from = to;
    }
  }
  for (let next = await first(); next !== null; next = await first()) yield next;
}
