import { unknownIn } from '../../../core/sampling/plan/unknownIn.ts';
import { message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../sql/notNan.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import type { Windows } from '../world/windows.ts';
import { within } from '../world/within.ts';
import { anyEvent, byItem } from '../world/counts.ts';
import type { LoadedWorld } from '../world/loadedWorld.ts';
import { positiveSql } from '../positiveSql.ts';
import { requestKeySql, requestSql } from '../requestSql.ts';

/** Facts about the groups of all users, before `downsample_hot` and the cap. */
export interface GroupFacts {
  readonly groups: number;
  /** Number of positives by item. */
  readonly positives: Float64Array;
}

/** Key of everything that the groups of a plan depend on. */
export function groupKey(
  sampled: SampledTables,
  { unit, positives, exposures }: StagePlan,
  { split, knownUntil }: LoadedWorld,
): string {
  return JSON.stringify([
    unit,
    [...positives.events.map(({ name }) => name), ...unknownIn({ positives })].map((name) => sampled.eventKey(name)),
    String(split.from),
    String(split.to),
    unit === 'impression' ? exposures : null,
    unit === 'positive' ? null : String(knownUntil),
    sampled.data.candidates !== undefined,
  ]);
}

export async function loadGroupFacts(
  sampled: SampledTables,
  plan: StagePlan,
  world: LoadedWorld,
  work: Work,
): Promise<GroupFacts> {
  const rows = await sampled.tables.columnar(
    `SELECT n.number, CAST(c AS DOUBLE), CAST(g AS DOUBLE) FROM (${groupSql(sampled, plan, world)}) LEFT JOIN ${itemNumbers} n USING (item)`,
    message('Counting groups'),
    work,
  );
  const [groups = 0] = rows.numbers(2);
  return {
    groups: rows.rows === 0 ? 0 : groups,
    positives: byItem(
      rows.unsigned(0),
      rows.numbers(1).map((count) => (Number.isNaN(count) ? 0 : count)),
      world.items.count,
    ),
  };
}

/**
 * SQL of the item, its number of positives `c`, and the number of all groups `g`. If there are groups but no positives,
 * it gives one row without an item.
 */
function groupSql(sampled: SampledTables, plan: StagePlan, world: LoadedWorld): string {
  const names = plan.positives.events.map(({ name }) => name);
  const positive = anyEvent(sampled, names, world.knownUntil);
  const inside = within('time', world.split);
  const exists = within('time', { from: -Infinity, to: world.knownUntil });
  const counted = (from: string, groups: string): string =>
    `SELECT item, c, g FROM (SELECT ${groups} AS g) LEFT JOIN (SELECT item, count(*) AS c FROM ${from} GROUP BY item) ON true`;
  switch (plan.unit) {
    case 'positive':
      return `WITH p AS MATERIALIZED (${positiveSql(sampled, plan, world)}) ${counted('p', '(SELECT count(*) FROM p)')}`;
    case 'request':
      return `WITH requests AS MATERIALIZED (SELECT * FROM (${requestSql(sampled)}) WHERE ${inside}),
        p AS MATERIALIZED (SELECT DISTINCT l."user", l.key, l.item FROM (SELECT *, ${requestKeySql(sampled)} AS key FROM ${sampled.log()} WHERE (${positive}) AND ${exists}) l SEMI JOIN requests r ON r."user" = l."user" AND r.key = l.key)
        ${counted('p', '(SELECT count(*) FROM requests)')}`;
    case 'impression':
      return `WITH e AS MATERIALIZED (SELECT item, (${positive}) AS positive FROM ${exposureSql(sampled, plan, world)} WHERE ${inside})
        ${counted('(SELECT item FROM e WHERE positive)', '(SELECT count(*) FROM e)')}`;
  }
}

/** SQL conditions on a row of the log, by the same rules as `LabelledLog`: is it positive, is that known, is it mature? */
export function exposureTests(
  sampled: SampledTables,
  { exposures, positives }: Pick<StagePlan, 'exposures' | 'positives'>,
  { knownUntil }: Pick<Windows, 'knownUntil'>,
): Readonly<Record<'positive' | 'known' | 'mature', string>> {
  const matureAfter = exposures?.matureAfter ?? null;
  const any = anyEvent(
    sampled,
    positives.events.map(({ name }) => name),
    knownUntil,
  );
  const positive = `((${any}) AND ${within('time', { from: -Infinity, to: knownUntil })})`;
  return {
    positive,
    known: `(${positive} OR NOT (${anyEvent(sampled, unknownIn({ positives }), knownUntil)}))`,
    mature: matureAfter === null ? 'true' : within('time', { from: -Infinity, to: knownUntil - matureAfter }),
  };
}

/** Rows of the log that are seen and mature and whose label is known. */
export function exposureSql(sampled: SampledTables, plan: StagePlan, windows: Pick<Windows, 'knownUntil'>): string {
  const seen = plan.exposures?.seen ?? 'all';
  const { positive, known, mature: young } = exposureTests(sampled, plan, windows);
  const mature = `${young} AND ${known}`;
  const { position, viewed } = sampled.data.log.impressions.columns;
  if (seen === 'all') return `(SELECT * FROM ${sampled.log()} WHERE ${mature})`;
  if (seen === 'viewed')
    return `(SELECT * FROM ${sampled.log()} WHERE ${mature} AND ((${positive}) OR ${viewed ? 'coalesce(viewed, false)' : 'false'}))`;
  const at = position ? numberIn('position') : 'NULL';
  const last = `max(CASE WHEN ${positive} THEN ${at} END) OVER (PARTITION BY "user", ${requestKeySql(sampled)})`;
  return `(SELECT * FROM (SELECT *, ${last} AS last FROM ${sampled.log()}) WHERE ${mature} AND ((${positive}) OR coalesce(${at} <= last + ${seen.aboveLastClick}, false)))`;
}
