import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fail } from '../../../core/report/failure.ts';
import { message, type Message } from '../../../core/report/message.ts';
import { printableId } from '../../../core/report/terminalText.ts';
import { entryTotals } from '../../../core/sampling/entryTotals.ts';
import type { SampleRequest, SampleSummary } from '../../../protocol/sampling.ts';
import { Tables } from '../../answers/tables.ts';
import { cancelled, type Work } from '../../database/connections.ts';
import { BackgroundTask } from '../../digest/backgroundTask.ts';
import type { SessionOptions } from '../../session.ts';
import { Facts } from '../facts/facts.ts';
import { itemNumbers, refsOf, SampledTables } from '../sampledTables.ts';
import { Worlds } from '../world/loadedWorld.ts';
import { checkDrawing, checkReading } from './checkRoom.ts';
import { drawAll, drawerOf } from './drawAll.ts';
import { drawFailure } from './drawFailure.ts';
import { kindOfIds, loadIds, type DrawnIds } from './ids.ts';
import { namesIn } from './layouts.ts';
import { carriedFacts, digestData, lockName, writeLock } from './lock.ts';
import { carriedColumns, outputColumns, outputSelect } from './outputSelect.ts';
import { passedColumns } from './passThrough.ts';
import { isColumnar } from './positiveBlock.ts';
import { storedLog, storedUsers, StoredTables } from './storedTables.ts';
import { Target } from './target.ts';
import { userRanges } from './userRanges.ts';
import { writeRows } from './writeRows.ts';

const BLOCK_ROWS = 200_000;

/**
 * Draws what a plan says for all users, or some, and writes it to a file: whole or not at all.
 *
 * @throws FailureError where the data cannot be read, a shortfall is not to be kept, the file cannot be written, or it was cancelled: then nothing is left of it
 */
export async function drawFile(request: SampleRequest, engine: SessionOptions, work: Work): Promise<SampleSummary> {
  const options = { ...engine, memoryBytes: request.memoryBytes ?? engine.memoryBytes };
  const { plan, data, users, output, blockRows = BLOCK_ROWS } = request;
  const started = performance.now();
  try {
    const target = await Target.open(output.path, output.within, [lockName(output.path)]);
    try {
      const tables = await Tables.open(refsOf(data), join(options.temporaryDirectory, randomUUID()), { ...options, threads: request.threads ?? options.threads }, work, target.folder);
      // Beside all else: while it is read and drawn the processor of this thread has time.
      const digesting = new BackgroundTask(work, async (own) => (tellsItsData(output) ? await digestData(tables, data, own) : new Map()));
      try {
        if (tables.reads(target.realPath)) throw fail('bad-request', message('The config reads this file or its folder; the samples would be taken for its data'), { place: { path: output.path }, advice: message('Write to another file.') });
        const sampled = new SampledTables(tables, data, plan.timezone);
        const passed = passedColumns(output, tables, data);
        const columns = outputColumns(plan, output, sampled, passed);
        const worlds = new Worlds();
        // It numbers the items.
        const world = await worlds.world(sampled, plan, work);
        const places = { target: dirname(output.path), temporary: dirname(options.temporaryDirectory), room: options.room };
        const carried = carriedColumns(plan, sampled, passed);
        if (users === null) await checkReading(sampled, carried.length, places, work);
        const stored = await StoredTables.make(sampled, users, carried, work);
        const hot = plan.positives.hotThreshold === null ? null : await new Facts(worlds).groups(sampled, plan, world, work);
        const ranges = await userRanges(stored, blockRows, work);
        const ids: DrawnIds = {
          users: await loadIds(stored, storedUsers, '"user"', ranges.flatMap((range) => range.users), work), items: await loadIds(sampled, itemNumbers, 'item', world.items.texts, work),
          requests: isColumnar(plan) && data.log.impressions.columns.request ? await kindOfIds(stored, storedLog, 'request', work) : 'text',
        };
        await checkDrawing({ plan, world, stored, ranges }, { columns: columns.columns.length, joined: carried.length + columns.passed.length > 0, format: output.format }, places, work);
        const drawing = performance.now();
        const drawer = drawerOf(plan, world, ids, ranges, request.threads ?? null, options);
        const drawn = await drawAll({ plan, world, stored, ranges, some: users !== null, ids, lists: columns.lists, drawer, grouping: { hot: hot && { counts: hot.positives, total: hot.groups }, candidates: data.candidates !== undefined, kind: stored.userKind() }, work });
        const drawingMilliseconds = performance.now() - drawing;
        const { counts: { groups, positives, negatives, unreached }, rows } = drawn;
        const entries = entryTotals(plan, drawn.counts);
        const select = await outputSelect(plan, output, sampled, columns, ids, work);
        const digests = await digesting.result(work);
        const summary = { rows, users: drawn.users.length, groups, positives, negatives, unreached, entries };
        const facts = { ...output.facts, groups: String(groups), positives: String(positives), negatives: String(negatives), entries: JSON.stringify(entries), ...carriedFacts(digests, entries) };
        await writeRows(tables, select, target.file, output, facts, work);
        if (output.origin) await writeLock(target, { request, digests, columns: namesIn[output.layout](columns.columns), summary, q: drawn.q }, output.origin, work);
        await tables.checkCurrent();
        if (work.signal?.aborted) throw cancelled();
        const bytes = await target.publish();
        return { ...summary, bytes, notices: [...unknown(users, drawn.users), ...drawn.notices], milliseconds: { drawing: drawingMilliseconds, total: performance.now() - started } };
      } finally {
        await digesting.stop();
        await tables.close();
      }
    } catch (error) {
      await target.discard();
      throw error;
    }
  } catch (error) {
    throw work.signal?.aborted ? cancelled() : drawFailure(error, output.path, options.temporaryDirectory);
  }
}

/** Whether the file, or a lock file beside it, says what data it comes from. */
function tellsItsData({ origin, facts }: SampleRequest['output']): boolean {
  return origin !== undefined || Object.keys(facts).length > 0;
}

/** Users that were named and have no rows in the log. */
function unknown(named: readonly string[] | null, found: readonly string[]): Message[] {
  const known = new Set(found);
  return (named ?? []).filter((user) => !known.has(user)).map((user) => message('The log has no rows of user {0}', printableId(user)));
}
