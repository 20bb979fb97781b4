import { cascade } from '../../../core/audit/metrics/cascade.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Counting negatives of groups');

/** How many negatives of each entry a group has. */
export const cascadePhase: Phase = {
  label,
  metrics: ['cascade'],
  usesEntries: true,
  lacks: ({ sample }) =>
    !sample.hasLabel()
      ? message('there is no label column')
      : entryColumn({ sample }) === null
        ? message('there is no column with the source or the entry of the negatives')
        : sample.groupKey() === null
          ? message('the columns do not identify groups')
          : null,
  async run(world, work) {
    const { sample } = world;
    const entry = entryColumn(world) ?? '';
    const key = (sample.groupKey() ?? []).join(', ');
    // Groups without rows of an entry are not listed; their number pads the sorted counts with zeros in front.
    const found = await world.rows(
      `WITH per AS MATERIALIZED (SELECT ${key}, ${entry} AS e, count(*) FILTER (WHERE label = false) AS n FROM ${sample.sql} GROUP BY ALL),
        groups AS MATERIALIZED (SELECT count(*) AS groups FROM (SELECT DISTINCT ${key} FROM per)),
        counted AS (SELECT e, n, count(*) AS k FROM per WHERE n > 0 GROUP BY e, n),
        ranked AS (SELECT e, n, groups, sum(k) OVER (PARTITION BY e) AS listed, groups - sum(k) OVER (PARTITION BY e) + sum(k) OVER (PARTITION BY e ORDER BY n) AS r FROM counted, groups)
      SELECT e, any_value(groups), ${[5, 50, 95].map((q) => `min(n) FILTER (WHERE r >= greatest(1, ceil(${q} * groups / 100.0)))`).join(', ')}, any_value(groups - listed) FROM ranked GROUP BY e ORDER BY e`,
      label,
      work,
    );
    return {
      cascade: cascade.of(
        found.map((row) => {
          const groups = numberIn(row, 1);
          const zero = numberIn(row, 5);
          // A quantile below the first group with rows is 0.
          const at = (q: number, column: number): number =>
            Math.max(1, Math.ceil((q * groups) / 100)) <= zero ? 0 : numberIn(row, column);
          return { entry: textIn(row), groups, p5: at(5, 2), p50: at(50, 3), p95: at(95, 4), zero };
        }),
      ),
    };
  },
};
