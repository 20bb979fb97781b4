import { message } from '../../../core/message/message.ts';
import type { InferAnswer } from '../../../protocol/infer.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { exposedPairs } from '../exposedPairs.ts';
import { inputItems } from '../itemCounts.ts';

const label = message('Inferring how the file was drawn');

/**
 * What draws from the corpus hit by chance, if the chance of an item is its positives to the power of the exponent: items
 * that the user was shown and did not choose, and items that the user chose. Null without classes, log or corpus.
 */
export async function hitsByChance(
  world: AuditWorld,
  exponent: number | null,
  work: Work,
): Promise<InferAnswer['byChance']> {
  if (exponent === null || !world.sample.isInferred || !world.inputs?.corpus()) return null;
  const items = await inputItems(world, work);
  const weight = exponent === 0 ? '1.0' : `power(popular, CAST(${exponent} AS DOUBLE))`;
  const [row] = await world.rows(
    `WITH pool AS MATERIALIZED (SELECT item, ${weight} AS w FROM ${items} WHERE listed = 1${exponent === 0 ? '' : ' AND popular > 0'}),
      users AS MATERIALIZED (SELECT "user", sum(w) FILTER (WHERE NOT clicked) AS shown, sum(w) FILTER (WHERE clicked) AS chosen FROM ${await exposedPairs(world, work)} JOIN pool USING (item) GROUP BY "user"),
      mass AS (SELECT sum(w) AS w FROM pool)
    SELECT sum(least(coalesce(u.shown, 0) / nullif(greatest(m.w - coalesce(u.chosen, 0), 0), 0), 1)) / count(*), sum(coalesce(u.chosen, 0) / m.w) / count(*), count(*)
    FROM ${world.sample.sql} s CROSS JOIN mass m LEFT JOIN users u ON u."user" = s."user" WHERE s.label = false AND m.w > 0`,
    label,
    work,
  );
  // A user who chose the whole pool has no draws, so that the first sum can lack a value.
  return numberIn(row, 2) === 0 ? null : { shown: numberIn(row), chosen: numberIn(row, 1) };
}
