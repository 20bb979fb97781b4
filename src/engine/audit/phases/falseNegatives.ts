import { falseNegatives } from '../../../core/audit/metrics/falseNegatives.ts';
import { message } from '../../../core/message/message.ts';
import { insideSql } from '../../answers/log.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Looking for false negatives');

/** Negatives whose user chose the item: in the same request, earlier within the reach of the exclusion, or later. */
export const falseNegativesPhase: Phase = {
  label,
  metrics: ['false_negatives'],
  usesEntries: true,
  lacks: (world) =>
    !world.sample.hasLabel()
      ? message('there is no label column')
      : !world.sample.has('user', 'time')
        ? message('it needs the columns {0}', 'user, time')
        : (world.lacksInputs() ?? world.differentIds('user') ?? world.differentIds('item')),
  async run(world, work) {
    const { sample, inputs, request } = world;
    const entry = entryColumn(world) ?? 'CAST(NULL AS VARCHAR)';
    const requests = sample.has('request') && request.data?.log.impressions.columns.request !== undefined;
    const chosen = `SELECT "user", item, time${requests ? ', CAST(request AS VARCHAR) AS request' : ''} FROM ${inputs?.log() ?? ''} WHERE ${world.isPositive()}`;
    const row = `SELECT row_number() OVER () AS r, "user", item, time, ${entry} AS entry${requests ? ', CAST(request AS VARCHAR) AS request' : ''} FROM ${sample.sql} WHERE label = false`;
    const same = requests ? 'bool_or(c.request = n.request)' : 'false';
    // Only negatives of a chosen pair are joined with the times of the choices.
    const found = await world.rows(
      `WITH chosen AS MATERIALIZED (${chosen}), negatives AS MATERIALIZED (${row}),
        classes AS (SELECT n.r, n.entry, CASE WHEN ${same} THEN 0 WHEN bool_or(c.time < n.time AND ${reachSql(world)}) THEN 1 WHEN bool_or(c.time >= n.time) THEN 2 END AS class
          FROM negatives n JOIN chosen c ON c."user" = n."user" AND c.item = n.item GROUP BY n.r, n.entry, n.time)
      SELECT n.entry, count(*) AS rows, ${[0, 1, 2].map((k) => `count(*) FILTER (WHERE class = ${k})`).join(', ')}
      FROM negatives n LEFT JOIN (SELECT r, class FROM classes) c ON c.r = n.r GROUP BY n.entry ORDER BY rows DESC, n.entry`,
      label,
      work,
    );
    const free = new Set(
      request.plan?.entries.flatMap(({ name, source, exclude }) => (exclude === null ? [name, source] : [])),
    );
    return {
      false_negatives: falseNegatives.of(
        found.map((own) => ({
          entry: textIn(own),
          rows: numberIn(own, 1),
          sameRequest: requests ? numberIn(own, 2) : null,
          earlier: numberIn(own, 3),
          later: numberIn(own, 4),
          excludes: !free.has(textIn(own) ?? ''),
        })),
      ),
    };
  },
};

/** SQL of whether the exclusion of a negative's entry reaches back to the choice: its lookback, else the window's start. */
function reachSql({ request: { plan, timezone }, sample }: AuditWorld): string {
  const from = plan?.window.train?.from;
  const window = insideSql('c.time', from === undefined ? {} : { from }, timezone);
  const named = (entry: { readonly name: string; readonly source: string }): string =>
    sample.has('entry') ? entry.name : entry.source;
  const lookbacks = (plan?.entries ?? []).flatMap((entry) => {
    const lookback = entry.exclude?.lookback ?? null;
    return lookback === null
      ? []
      : [`WHEN n.entry = ${quoteLiteral(named(entry))} THEN c.time >= n.time - to_microseconds(${BigInt(lookback)})`];
  });
  return lookbacks.length === 0 ? window : `(CASE ${lookbacks.join(' ')} ELSE ${window} END)`;
}
