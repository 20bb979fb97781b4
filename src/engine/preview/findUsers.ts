import { message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { f64At } from '../../core/valueAt.ts';
import type { FoundUser, UserChoice, UsersRequest } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { textColumn } from '../inputs/columnNames.ts';
import { requestSql } from '../inputs/requestSql.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { namedUsers } from './namedUsers.ts';
import type { Sampling } from './openSamplingData.ts';
import { unexposedPositives } from '../inputs/events/unmatchedSql.ts';
import { within } from '../inputs/world/within.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import type { Windows } from '../inputs/world/windows.ts';

const table = '"sampled users"';
type SampledOnly = Pick<Sampling, 'data' | 'sampled'>;

/**
 * Finds users of the log; see `UserChoice`. Users with groups come first, except in a search, because others have
 * nothing to preview.
 * @param isTitled true to read also the names of users, from the whole table of users
 */
export async function findUsers(
  { plan, choice, limit, without }: UsersRequest,
  { data, sampled }: SampledOnly,
  work: Work,
  isTitled = true,
): Promise<FoundUser[]> {
  if (choice.kind === 'named') return await namedUsers({ plan, text: choice.text, limit }, { data, sampled }, work);
  await ensureTable(plan, { data, sampled }, work);
  const unwanted = without.length === 0 ? 'true' : `id NOT IN (${without.map(quoteLiteral).join(', ')})`;
  const column = isTitled ? sampled.data.users?.title : undefined;
  const named = column === undefined ? null : sampled.users([column]);
  const title = named === null || column === undefined ? 'NULL' : `n.${quoteIdentifier(textColumn(column))}`;
  const rows = await sampled.tables.columnar(
    `SELECT id, CAST(shown AS DOUBLE), CAST(chosen AS DOUBLE), title FROM (SELECT u.*, CAST(${title} AS VARCHAR) AS title FROM ${table} u${named === null ? '' : ` LEFT JOIN ${named} n ON CAST(n."user" AS VARCHAR) = u.id`})
      WHERE ${unwanted}${choice.kind === 'search' ? ` AND (starts_with(id, ${quoteLiteral(choice.text)}) OR contains(lower(title), lower(${quoteLiteral(choice.text)})))` : ''}
      ORDER BY ${orderOf(choice)}, "user" LIMIT ${Math.max(0, Math.floor(limit))}`,
    message('Looking for users'),
    work,
  );
  const [impressions, positiveImpressions, titles] = [rows.numbers(1), rows.numbers(2), rows.texts(3)];
  return rows.texts(0).map((user, row) => ({
    user: user ?? '',
    ...(named === null ? {} : { title: titles[row] ?? null }),
    impressions: f64At(impressions, row),
    positiveImpressions: f64At(positiveImpressions, row),
  }));
}

/** Number of users with groups. */
export async function countUsers(plan: StagePlan, { data, sampled }: SampledOnly, work: Work): Promise<number> {
  await ensureTable(plan, { data, sampled }, work);
  const [row] = await sampled.tables.rows(`SELECT count(*) FROM ${table} WHERE grouped`, work);
  return numberIn(row);
}

/** Up to `limit` users with groups; empty only if no user has groups. Stops reading the log at the limit. */
export async function anyUsers(
  plan: StagePlan,
  { data, sampled }: SampledOnly,
  limit: number,
  work: Work,
): Promise<readonly string[]> {
  const { split, knownUntil } = await data.worlds.windows(sampled, plan, work);
  const inside = within('time', split);
  const names = plan.positives.events.map(({ name }) => name);
  const unexposed = unexposedPositives(sampled, plan.positives.events, { split, knownUntil });
  const rows = {
    positive: [
      `${sampled.log()} WHERE ${inside} AND (${anyEvent(sampled, names, knownUntil)})`,
      ...(unexposed === null ? [] : [unexposed]),
    ],
    impression: [`${sampled.log()} WHERE ${inside}`],
    request: plan.unit === 'request' ? [`(${requestSql(sampled)}) WHERE ${inside}`] : [],
  }[plan.unit];
  const users = rows.map((from) => `SELECT "user" FROM ${from}`).join(' UNION ALL ');
  const found = await sampled.tables.rows(
    `SELECT DISTINCT CAST("user" AS VARCHAR) FROM (SELECT "user" FROM (${users}) WHERE "user" IS NOT NULL LIMIT 1000)`,
    work,
  );
  return found.slice(0, limit).map(([user]) => String(user));
}

async function ensureTable(plan: StagePlan, { data, sampled }: SampledOnly, work: Work): Promise<void> {
  const window = await data.worlds.windows(sampled, plan, work);
  await data.userTable.ensure(
    JSON.stringify([
      plan.unit,
      plan.positives.events.map(({ name }) => sampled.eventKey(name)),
      String(window.split.from),
      String(window.split.to),
    ]),
    async () => {
      await makeTable(sampled, plan, window, work);
    },
  );
}

function orderOf(choice: Exclude<UserChoice, { kind: 'named' }>): string {
  switch (choice.kind) {
    case 'search':
      return `id = ${quoteLiteral(choice.text)} DESC, coalesce(lower(title) = lower(${quoteLiteral(choice.text)}), false) DESC`;
    case 'random':
      return `grouped DESC, md5(concat(${quoteLiteral(String(choice.salt))}, '/', id))`;
    case 'heaviest':
      return 'grouped DESC, shown DESC';
    case 'coldest':
      return 'grouped AND chosen > 0 DESC, shown';
  }
}

/**
 * Creates a table of every user of the log and of its requests, with impressions and positives in the split, and
 * whether the user has groups.
 */
async function makeTable(
  sampled: SampledTables,
  { unit, positives }: StagePlan,
  { split, knownUntil }: Windows,
  work: Work,
): Promise<void> {
  const inside = within('time', split);
  const positive = anyEvent(
    sampled,
    positives.events.map(({ name }) => name),
    knownUntil,
  );
  const logged = `SELECT "user", count(*) FILTER (WHERE ${inside}) AS shown, count(*) FILTER (WHERE (${positive}) AND ${inside}) AS chosen FROM ${sampled.log()} GROUP BY "user"`;
  const grouped = { positive: 'chosen > 0', impression: 'shown > 0', request: 'false' }[unit];
  const requests =
    unit === 'request'
      ? ` UNION ALL SELECT DISTINCT "user", 0, 0, true FROM (${requestSql(sampled)}) WHERE ${inside}`
      : '';
  const unexposed = unexposedPositives(sampled, positives.events, { split, knownUntil });
  const more = unexposed === null ? '' : ` UNION ALL SELECT "user", 0, count(*) FROM ${unexposed} GROUP BY "user"`;
  await sampled.tables.rows(
    `CREATE OR REPLACE TABLE ${table} AS SELECT "user", CAST("user" AS VARCHAR) AS id, sum(shown) AS shown, sum(chosen) AS chosen, bool_or(grouped) AS grouped
      FROM (SELECT *, ${grouped} AS grouped FROM (${logged}${more})${requests}) GROUP BY "user"`,
    work,
  );
}
