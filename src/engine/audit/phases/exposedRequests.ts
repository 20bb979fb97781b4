import { exposedRequests } from '../../../core/audit/metrics/exposedRequests.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import { splitSql } from '../byColumn.ts';
import type { Phase } from '../phase.ts';
import { shownRows } from '../shownRows.ts';
import { entryColumn } from './mix.ts';

const label = message('Looking for exposures of negatives');

/** Whether exposed negatives were shown in the row's own request. */
export const exposedRequestsPhase: Phase = {
  label,
  metrics: ['exposed_requests'],
  usesEntries: true,
  lacks: (world) =>
    !world.sample.hasLabel()
      ? message('there is no label column')
      : !world.sample.has('user', 'request')
        ? message('it needs the columns {0}', 'user, request')
        : (world.lacksInputs() ??
          (world.request.data?.log.impressions.columns.request === undefined
            ? message('data.impressions has no request column')
            : (world.differentIds('user') ?? world.differentIds('item')))),
  async run(world, work) {
    const { sample } = world;
    const entry = entryColumn(world) ?? 'CAST(NULL AS VARCHAR)';
    const split = splitSql(world, 's') ?? 'CAST(NULL AS VARCHAR)';
    const found = await world.rows(
      `WITH rows AS (SELECT ${split} AS split, ${entry} AS entry, count(*) AS rows FROM ${sample.sql} s WHERE label = false GROUP BY ALL)
      SELECT a.split, a.entry, a.rows, coalesce(e.n, 0), coalesce(e.same, 0)
      FROM rows a LEFT JOIN ${await shownRows(world, work)} e ON e.label = false AND e.split IS NOT DISTINCT FROM a.split AND e.entry IS NOT DISTINCT FROM a.entry
      ORDER BY a.split, a.rows DESC, a.entry`,
      label,
      work,
    );
    return {
      exposed_requests: exposedRequests.of(
        found.map((row) => ({
          split: textIn(row),
          entry: textIn(row, 1),
          rows: numberIn(row, 2),
          exposed: numberIn(row, 3),
          sameRequest: numberIn(row, 4),
        })),
      ),
    };
  },
};
