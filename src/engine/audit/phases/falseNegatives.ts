import { falseNegatives, type ChosenNegatives } from '../../../core/audit/metrics/falseNegatives.ts';
import { clusteredRate } from '../../../core/statistics/rate.ts';
import { message } from '../../../core/message/message.ts';
import { insideSql } from '../../tables/log.ts';
import { squares } from '../../answers/userRates.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { hasRequests, requestSql } from '../exposedPairs.ts';
import { userEntries } from '../groupCounts.ts';
import type { Phase } from '../phase.ts';
import { chosenNegatives } from '../shownRows.ts';

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
    const { inputs, request } = world;
    const requests = hasRequests(world);
    const chosen = `SELECT "user", item, time${requests ? `, ${requestSql(world, 'request')} AS request` : ''} FROM ${inputs?.log() ?? ''} WHERE ${world.isPositive()}`;
    const sums = (of: (k: number) => string): string => classes.map(of).join(', ');
    const same = requests ? 'bool_or(c.request = n.request)' : 'false';
    const found = await world.rows(
      `WITH classes AS (SELECT n.entry, n."user", n.n, CASE WHEN ${same} THEN 0 WHEN bool_or(c.time < n.time AND ${reachSql(world)}) THEN 1 WHEN bool_or(c.time >= n.time) THEN 2 END AS class
          FROM ${await chosenNegatives(world, work)} n JOIN (${chosen}) c ON c."user" = n."user" AND c.item = n.item GROUP BY n.entry, n."user", n.item, n.time, n.request, n.n),
        counted AS (SELECT e AS entry, "user", n::DOUBLE AS n, ${sums((k) => `0 AS x${k}`)} FROM ${await userEntries(world, work)}
          UNION ALL SELECT entry, "user", 0, ${sums((k) => `coalesce(sum(n) FILTER (WHERE class = ${k}), 0)`)} FROM classes GROUP BY entry, "user"),
        users AS (SELECT entry, "user", grouping(entry) AS "is all", sum(n) AS n, ${sums((k) => `sum(x${k})::DOUBLE AS x${k}`)} FROM counted GROUP BY GROUPING SETS ((entry, "user"), ("user")))
      SELECT "is all", entry, sum(n) AS rows, ${squares('n', 'n')}, ${sums((k) => `sum(x${k}), ${squares(`x${k}`, `x${k}`)}, ${squares(`x${k}`, 'n')}`)} FROM users GROUP BY "is all", entry ORDER BY rows DESC, entry`,
      label,
      work,
    );
    const free = new Set(
      request.plan?.entries.flatMap(({ name, source, exclude }) => (exclude === null ? [name, source] : [])),
    );
    const whole = found.find((row) => numberIn(row) === 1);
    return {
      false_negatives: falseNegatives.of({
        all: chosenIn(whole, requests),
        entries: found
          .filter((row) => row !== whole)
          .map((row) => ({
            entry: textIn(row, 1),
            ...chosenIn(row, requests),
            excludes: !free.has(textIn(row, 1) ?? ''),
          })),
      }),
    };
  },
};

/** Chosen in the same request, earlier, and later. */
const classes = [0, 1, 2] as const;

function chosenIn(row: readonly unknown[] | undefined, requests: boolean): ChosenNegatives {
  const [rows = 0, squares = 0, ...sums] = (row?.slice(2) ?? []).map(Number);
  const [sameRequest, earlier, later] = classes.map((k) => {
    const [x = 0, xx = 0, xy = 0] = sums.slice(3 * k, 3 * k + 3);
    return clusteredRate({ x, y: rows, xx, xy, yy: squares });
  });
  const none = { rows, hits: 0, design: 1 };
  return { rows, sameRequest: requests ? (sameRequest ?? none) : null, earlier: earlier ?? none, later: later ?? none };
}

/**
 * SQL of whether the exclusion of a negative's entry reaches back to the choice: its lookback, else the window's start.
 */
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
