import { numberIn } from '../database/numberIn.ts';
import { sharedCounts } from '../tables/askedCounts.ts';
import type { SharedCounts } from '../tables/countedSample.ts';
import type { QuestionAnswerer } from './question.ts';
import { withinPeriodSql } from '../tables/log.ts';
import { sampleLocks } from './sampleLocks.ts';
import { examples, sampleTable } from './samples.ts';

/** Rows before and after the training cut. */
export const splitTimes: QuestionAnswerer<'split-times'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, cut, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const isBefore = withinPeriodSql('time', { to: cut }, timezone);
    const counts = async (): Promise<SharedCounts['split-times']['counts']> => {
      const [row] = await tables.rows(
        `SELECT count(*), count(*) FILTER (WHERE ${isBefore}), count(*) FILTER (WHERE NOT ${isBefore}) FROM ${table}`,
        work,
      );
      return { rows: numberIn(row), before: numberIn(row, 1), after: numberIn(row, 2) };
    };
    const { rows, before, after } = sharedCounts(tables, samples, 'split-times', cut) ?? (await counts());
    const split = await recordedSplit(tables, samples.ref);
    const isWrong = split === 'eval' ? isBefore : `NOT ${isBefore}`;
    const wrong = split === null ? (before > 0 ? after : 0) : split === 'eval' ? before : after;
    return {
      rows,
      split,
      before,
      after,
      examples:
        wrong === 0
          ? []
          : await examples(
              tables,
              `(SELECT * FROM ${table} WHERE time IS NOT NULL AND ${isWrong})`,
              samples,
              ['user', 'item', 'request', 'time', 'source', 'entry'],
              work,
            ),
    };
  },
};

/** The split that the lock files of a sample record; null without one, or if they differ. */
export async function recordedSplit(
  ...[tables, ref]: Parameters<typeof sampleLocks>
): Promise<'train' | 'eval' | null> {
  const splits = new Set((await sampleLocks(tables, ref))?.map(({ split }) => split));
  const [split] = splits;
  return splits.size === 1 && (split === 'train' || split === 'eval') ? split : null;
}
