import { message } from '../../core/message/message.ts';
import { isTitle } from '../../core/sampling/idOfText.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { FoundUser } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { textColumn } from '../inputs/columnNames.ts';
import { unexposedPositives } from '../inputs/events/unmatchedSql.ts';
import { requestSql } from '../inputs/requestSql.ts';
import { amongUsers } from '../inputs/users/loadUsers.ts';
import type { Sampling } from './openSamplingData.ts';

type SampledOnly = Pick<Sampling, 'data' | 'sampled'>;

interface Wanted {
  readonly plan: StagePlan;
  readonly text: string;
  readonly limit: number;
}

/**
 * The user with this id, or the users of the log with this name. The table of users answers first, because the log may
 * have thousands of times as many rows: it is read only if a name is equal, and then only for these users.
 */
export async function namedUsers(
  { plan, text, limit }: Wanted,
  { data, sampled }: SampledOnly,
  work: Work,
): Promise<FoundUser[]> {
  const column = sampled.data.users?.title;
  const table = column === undefined ? null : sampled.users([column]);
  if (table === null || column === undefined) return [];
  const wanted = quoteLiteral(text);
  const rows = await sampled.tables.columnar(
    `SELECT id, title FROM (SELECT CAST("user" AS VARCHAR) AS id, CAST(${quoteIdentifier(textColumn(column))} AS VARCHAR) AS title FROM ${table})
      WHERE id = ${wanted} OR contains(lower(title), lower(${wanted}))
      ORDER BY id = ${wanted} DESC, coalesce(lower(title) = lower(${wanted}), false) DESC, id LIMIT ${Math.max(0, Math.floor(limit))}`,
    message('Looking for users'),
    work,
  );
  const titles = rows.texts(1);
  const found = rows.texts(0).map((user, row) => named(user ?? '', titles[row] ?? null));
  if (found[0]?.user === text) return found.slice(0, 1);
  const equal = found.filter(({ title = null }) => isTitle(title, text));
  if (equal.length === 0) return [];
  const logged = await inLog([text, ...equal.map(({ user }) => user)], plan, { data, sampled }, work);
  return logged.has(text) ? [named(text, null)] : equal.filter(({ user }) => logged.has(user));
}

const named = (user: string, title: string | null): FoundUser => ({
  user,
  title,
  impressions: 0,
  positiveImpressions: 0,
});

/** Filters the users to those with log rows or requests. */
async function inLog(
  users: readonly string[],
  plan: StagePlan,
  { data, sampled }: SampledOnly,
  work: Work,
): Promise<ReadonlySet<string>> {
  const { unit, positives } = plan;
  const { split, knownUntil } = await data.worlds.windows(sampled, plan, work);
  const chosen = amongUsers(users, sampled.userKind());
  const unexposed = unexposedPositives(sampled, positives.events, { split, knownUntil });
  const places = [
    sampled.log(),
    ...(unit === 'request' ? [`(${requestSql(sampled)})`] : []),
    ...(unexposed === null ? [] : [unexposed]),
  ];
  const rows = await sampled.tables.columnar(
    places.map((place) => `SELECT CAST("user" AS VARCHAR) AS id FROM ${place} WHERE ${chosen}`).join(' UNION '),
    message('Looking for users'),
    work,
  );
  return new Set(rows.texts(0).flatMap((id) => id ?? []));
}
