import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { dateText, startOfDay } from '../../../examples/demo/calendar.ts';
import { requestsPerTurn, type World } from '../../../examples/demo/world.ts';
import { BlockAppender } from '../database/blockAppender.ts';
import type { DemoFiles } from './files.ts';
import { selects } from './statements.ts';

/**
 * Writes the logs day by day and fills the tables `sample`, `refusals`, `dislikes` and `actions`. While DuckDB compresses one day,
 * the next day is generated, so at most two days are in memory.
 * @param progress fraction of the whole log, index of the day
 */
export async function writeDays(
  world: World,
  filling: DuckDBConnection,
  files: DemoFiles,
  progress: (fraction: number, day: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { logs, scale } = world;
  const lasting = [
    { block: logs.sample, appender: await BlockAppender.create(filling, 'sample', logs.sample.columns) },
    { block: logs.refusals, appender: await BlockAppender.create(filling, 'refusals', logs.refusals.columns) },
    { block: logs.dislikes, appender: await BlockAppender.create(filling, 'dislikes', logs.dislikes.columns) },
    { block: logs.actions, appender: await BlockAppender.create(filling, 'actions', logs.actions.columns) },
  ];
  let copying: Promise<void> = Promise.resolve();
  for (let index = 0; index < scale.days; index++) {
    const tables = { impressions: `impressions_${index}`, candidates: `candidates_${index}` };
    const impressions = await BlockAppender.create(filling, tables.impressions, logs.impressions.columns);
    const candidates = await BlockAppender.create(filling, tables.candidates, logs.candidates.columns);
    const day = world.day(index);
    while (!day.done) {
      day.advance(requestsPerTurn);
      impressions.append(logs.impressions);
      candidates.append(logs.candidates);
      for (const { block, appender } of lasting) appender.append(block);
      progress((index + day.fraction) / scale.days, index);
      // Yield, so that a cancellation can arrive.
      await setImmediate();
      if (signal.aborted) break;
    }
    impressions.close();
    candidates.close();
    await copying;
    signal.throwIfAborted();
    const partition = `dt=${dateText(startOfDay(scale.days, index))}`;
    copying = copyDay(files, tables, partition);
    // Mark as handled. The next await still sees the failure.
    copying.catch(() => undefined);
  }
  await copying;
  for (const { appender } of lasting) appender.close();
}

async function copyDay(
  files: DemoFiles,
  tables: { readonly impressions: string; readonly candidates: string },
  partition: string,
): Promise<void> {
  await files.parquet(`data/impressions/${partition}/part-0.parquet`, selects.impressions(tables.impressions));
  await files.drop(tables.impressions);
  await files.parquet(`data/candidates/${partition}/part-0.parquet`, selects.candidates(tables.candidates));
  await files.drop(tables.candidates);
}
