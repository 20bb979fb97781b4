import { exposedRequests } from '../../../core/audit/metrics/exposedRequests.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import { splitSql } from '../byColumn.ts';
import type { Phase } from '../phase.ts';
import { exposedRowCounts, exposuresLabel } from '../shownRows.ts';
import { entryColumn } from './mix.ts';

/** Counts exposed negatives, and those exposed in the request of their own row. */
export const exposedRequestsPhase: Phase = {
  label: exposuresLabel,
  metrics: ['exposed_requests'],
  usesEntries: true,
  needs: ['label'],
  missingReason(world) {
    const { sample, request } = world;
    if (!sample.has('user', 'request')) return message('it needs the columns {0}', 'user, request');
    const inputsReason = world.missingInputsReason();
    if (inputsReason) return inputsReason;
    if (!request.data?.log.impressions.columns.request) return message('data.impressions has no request column');
    return world.differentIds('user') ?? world.differentIds('item');
  },
  async run(world, work) {
    const { sample } = world;
    const nullText = 'CAST(NULL AS VARCHAR)';
    const entry = entryColumn(world) ?? nullText;
    const split = splitSql(world, 's') ?? nullText;
    const counts = await world.rows(
      `WITH negatives AS (
        SELECT ${split} AS split, ${entry} AS entry, count(*) AS rows FROM ${sample.sql} s WHERE label = false GROUP BY ALL)
      SELECT negatives.split, negatives.entry, negatives.rows, coalesce(exposed.n, 0), coalesce(exposed.same, 0)
      FROM negatives
      LEFT JOIN ${await exposedRowCounts(world, work)} exposed ON exposed.label = false
        AND exposed.split IS NOT DISTINCT FROM negatives.split
        AND exposed.entry IS NOT DISTINCT FROM negatives.entry
      ORDER BY negatives.split, negatives.rows DESC, negatives.entry`,
      exposuresLabel,
      work,
    );
    return {
      exposed_requests: exposedRequests.measure(
        counts.map((row) => ({
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
