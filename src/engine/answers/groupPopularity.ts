import { valueAt } from '../../core/valueAt.ts';
import { groupDifference, meanDifference, type Difference } from '../../core/statistics/clusterDifference.ts';
import type { Answers } from '../../core/data/facts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../database/connections.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { textColumn } from '../inputs/columnNames.ts';
import { Worlds } from '../inputs/world/loadedWorld.ts';
import { within } from '../inputs/world/within.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { QuestionAnswerer } from './question.ts';
import type { Tables } from '../tables/tables.ts';

type Group = Answers['group-popularity']['groups'][number];

/**
 * Groups with fewer users in one of the halves are left out. With 25, a group at twice the default limit of
 * `data/popularity-group` is found in 19 of 20 logs even if each user has one event: 0.3 ≥ (2.33 + 1.64) · 0.5 / √50.
 * Of fewer users, the variance between them is not known well enough for a bound of 99 %.
 */
const FEWEST_USERS = 25;
/** Attributes with more values are left out. */
const MAX_VALUES = 50;

/**
 * How far the popularity of groups of users is from that of all users. The total variation of two samples is biased
 * upward. So half of the users choose the items that their group prefers, and the other half measures how much more
 * often the group has them: a lower bound of the total variation on average.
 */
export const groupPopularity: QuestionAnswerer<'group-popularity'> = {
  tables: ({ request: { data }, users }) => [
    data.log.impressions.ref,
    ...(data.log.clicks ?? []).map(({ ref }) => ref),
    users.ref,
  ],
  async answer({ request: { plan, data }, users, attributes, timezone }, tables, work) {
    const counted = globalPopularity(plan);
    if (counted === null) return { entry: null, groups: [] };
    const sampled = await SampledTables.open(
      tables,
      { log: data.log, users: { ...users, attributes } },
      timezone,
      work,
    );
    const { train } = await new Worlds().windows(sampled, plan, work);
    const from = counted.window === null ? -Infinity : train.to - counted.window;
    const events = `SELECT "user", item FROM ${sampled.log()} WHERE ${sampled.event(counted.of, train.to)} AND ${within('time', { from, to: train.to })}`;
    const groups: Group[] = [];
    for (const attribute of attributes)
      groups.push(...(await ofAttribute(tables, { events, users: sampled.users([attribute]) ?? '', attribute }, work)));
    return { entry: counted.name, groups };
  },
};

/** The first entry that counts all users together. */
function globalPopularity({
  entries,
}: StagePlan): { readonly name: string; readonly of: string; readonly window: number | null } | null {
  for (const { name, source, draws } of entries)
    if (
      source === 'popularity' &&
      draws.kind === 'pool' &&
      draws.partition === null &&
      draws.weight !== null &&
      draws.weight.count !== 'exposures'
    )
      return { name, of: draws.weight.count.of, window: draws.weight.count.window };
  return null;
}

async function ofAttribute(
  tables: Tables,
  { events, users, attribute }: { readonly events: string; readonly users: string; readonly attribute: string },
  work: Work,
): Promise<Group[]> {
  const sums = 'sum(x), sum(n), sum(x * x), sum(x * n), sum(n * n)';
  const rows = await tables.rows(
    `WITH e AS MATERIALIZED (SELECT l."user", l.item, u.${quoteIdentifier(textColumn(attribute))} AS g, md5_number_lower(CAST(l."user" AS VARCHAR)) % 2 AS half FROM (${events}) l LEFT JOIN ${users} u ON u."user" = l."user"),
      sizes AS MATERIALIZED (SELECT g, half, count(*)::DOUBLE AS n, count(DISTINCT "user") AS users FROM e WHERE g IS NOT NULL GROUP BY ALL),
      kept AS MATERIALIZED (SELECT g FROM sizes WHERE users >= ${FEWEST_USERS} GROUP BY g HAVING count(*) = 2 AND (SELECT count(DISTINCT g) FROM sizes) <= ${MAX_VALUES}),
      own AS (SELECT g, half, item, count(*)::DOUBLE AS n FROM e WHERE g IN (SELECT g FROM kept) GROUP BY ALL),
      every AS (SELECT half, item, count(*)::DOUBLE AS n, sum(count(*)) OVER (PARTITION BY half) AS total FROM e GROUP BY half, item),
      preferred AS MATERIALIZED (SELECT o.g, 1 - o.half AS half, o.item FROM own o JOIN every a ON a.half = o.half AND a.item = o.item JOIN sizes s ON s.g = o.g AND s.half = o.half WHERE o.n / s.n > a.n / a.total),
      users AS MATERIALIZED (SELECT "user", half, any_value(g) AS own, count(*)::DOUBLE AS n FROM e GROUP BY "user", half),
      hits AS (SELECT p.g, e."user", count(*)::DOUBLE AS x FROM e JOIN preferred p ON p.half = e.half AND p.item = e.item GROUP BY ALL),
      judged AS MATERIALIZED (SELECT k.g, u.half, u.own IS NOT DISTINCT FROM k.g AS inside, u.n, coalesce(h.x, 0) AS x FROM users u CROSS JOIN kept k LEFT JOIN hits h ON h.g = k.g AND h."user" = u."user")
    SELECT g, half, inside, count(*), ${sums} FROM judged GROUP BY g, half, inside ORDER BY g, half, inside`,
    work,
  );
  const found = new Map<string, { users: number; events: number; parts: Difference[] }>();
  const outside = new Map<string, readonly number[]>();
  for (const [g, half, inside, users, ...numbers] of rows) {
    const key = JSON.stringify([g, Number(half)]);
    const own = numbers.map(Number);
    if (inside !== true) {
      outside.set(key, own);
      continue;
    }
    const rest = outside.get(key);
    const part = groupDifference(
      sumsOf(own),
      sumsOf(rest === undefined ? own : own.map((sum, k) => sum + valueAt(rest, k))),
    );
    const group = found.get(String(g)) ?? { users: 0, events: 0, parts: [] };
    found.set(String(g), group);
    group.users += Number(users);
    group.events += valueAt(own, 1);
    if (part !== null) group.parts.push(part);
  }
  return [...found].flatMap(([value, { users, events: count, parts }]) => {
    if (parts.length < 2) return [];
    const { value: difference, low } = meanDifference(parts);
    return [{ attribute, value, users, events: count, difference, low }];
  });
}

function sumsOf([x = 0, y = 0, xx = 0, xy = 0, yy = 0]: readonly number[]): Parameters<typeof groupDifference>[0] {
  return { x, y, xx, xy, yy };
}
