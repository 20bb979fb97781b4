import { exposedRequests } from '../../../core/audit/metrics/exposedRequests.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import { splitSql } from '../byColumn.ts';
import { exposedPairs } from '../inferredClass.ts';
import type { Phase } from '../phase.ts';
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
    const { sample, inputs } = world;
    const entry = entryColumn(world) ?? 'CAST(NULL AS VARCHAR)';
    const split = splitSql(world, 's') ?? 'CAST(NULL AS VARCHAR)';
    const own = await world.once(
      'exposed requests',
      `SELECT DISTINCT "user", item, CAST(request AS VARCHAR) AS request FROM ${inputs?.log() ?? ''} WHERE ${world.untilSplit('time')} AND request IS NOT NULL`,
      label,
      work,
    );
    const found = await world.rows(
      `SELECT s.split, s.entry, count(*) AS rows, count(e.item), count(r.item)
      FROM (SELECT "user", item, CAST(request AS VARCHAR) AS request, ${entry} AS entry, ${split} AS split FROM ${sample.sql} s WHERE label = false) s
        LEFT JOIN ${await exposedPairs(world, work)} e ON e."user" = s."user" AND e.item = s.item
        LEFT JOIN ${own} r ON r."user" = s."user" AND r.item = s.item AND r.request = s.request
      GROUP BY s.split, s.entry ORDER BY s.split, rows DESC, s.entry`,
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
