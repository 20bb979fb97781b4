import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';
import { exposedPairs } from './exposedPairs.ts';

/**
 * SQL of the class of a row of the sample `s`, and of the joins that it needs. Null if the file names the sources of its
 * negatives, or if the log is not known.
 * A negative is `exposed_unclicked` if its user has an exposure of the item without a positive event until the end of the
 * split, `exposed_clicked` if all its exposures have one; else `candidate` if a recall channel returned the item for the
 * request, or for the user if the sample has no requests; else `corpus_only`; else `unknown`.
 */
export async function classSql(
  world: AuditWorld,
  work: Work,
): Promise<{ readonly value: string; readonly join: string } | null> {
  const { sample, inputs } = world;
  if (
    inputs === null ||
    !sample.hasLabel() ||
    !sample.has('user') ||
    sample.has('entry') ||
    sample.has('source') ||
    world.differentIds('user') !== null ||
    world.differentIds('item') !== null
  )
    return null;
  const joins = [` LEFT JOIN ${await exposedPairs(world, work)} e ON e."user" = s."user" AND e.item = s.item`];
  const tests = ["WHEN e.unclicked THEN 'exposed_unclicked'", "WHEN e.item IS NOT NULL THEN 'exposed_clicked'"];
  const candidates = world.candidates();
  const key = sample.has('request') ? 'request' : candidates?.columns.user ? '"user"' : null;
  if (candidates !== null && key !== null) {
    const pairs = `(SELECT DISTINCT CAST(${key} AS VARCHAR) AS k, item FROM ${candidates.sql})`;
    joins.push(` LEFT JOIN ${pairs} k ON k.k = CAST(s.${key} AS VARCHAR) AND k.item = s.item`);
    tests.push("WHEN k.item IS NOT NULL THEN 'candidate'");
  }
  const corpus = inputs.corpus();
  if (corpus !== null) {
    joins.push(` LEFT JOIN (SELECT DISTINCT item FROM ${corpus} WHERE item IS NOT NULL) c ON c.item = s.item`);
    tests.push("WHEN c.item IS NOT NULL THEN 'corpus_only'");
  }
  return {
    value: `CASE WHEN s.label = false THEN CASE ${tests.join(' ')} ELSE 'unknown' END END`,
    join: joins.join(''),
  };
}
