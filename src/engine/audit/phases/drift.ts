import { setImmediate } from 'node:timers/promises';
import { chanceOfPair } from '../../../core/statistics/chanceDivergence.ts';
import { sumOf } from '../../../core/statistics/itemCounts.ts';
import { drift, type DriftSide } from '../../../core/audit/metrics/drift.ts';
import type { AttributeShares } from '../../../core/audit/metrics/psi.ts';
import { f64At } from '../../../core/valueAt.ts';
import { message, type Message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import { attributesOf, sharesOf } from '../attributeShares.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { inputItems, sampleItems } from '../itemCounts.ts';
import { openBaseline } from '../openAudit.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Comparing with the baseline');
const samples = 19;
/** Larger samples have fewer random pairs. */
const drawnItems = 20e6;

/** The sample next to another one, the baseline. */
export const driftPhase: Phase = {
  label,
  metrics: ['drift'],
  ofParts: false,
  usesEntries: true,
  isAsked: ({ request: { baseline = null } }) => baseline !== null,
  needs: ['label'],
  async run(world, work) {
    const { baseline } = world.request;
    if (!baseline) return {};
    const other = await openBaseline(world, baseline, work);
    const because = differs(world, other);
    if (because) return { drift: { because } };
    const isLog = world.inputs !== null && world.differentIds('item') === null;
    const counted = async (own: AuditWorld, k: number): Promise<string> =>
      `(SELECT item, p AS p${k}, n AS n${k} FROM ${(await sampleItems(own, work)).sql} WHERE item IS NOT NULL) s${k}`;
    const of = (x: string): string => `CAST(coalesce(${x}, 0) AS DOUBLE)`;
    const popular = isLog ? 'popular' : 'coalesce(p0, 0) + coalesce(p1, 0)';
    const found = await world.tables.columnar(
      `SELECT ${[popular, 'p0', 'n0', 'p1', 'n1'].map(of).join(', ')} FROM ${await counted(other, 0)} FULL JOIN ${await counted(world, 1)} USING (item)${isLog ? ` LEFT JOIN ${await inputItems(world, work)} i USING (item)` : ''} ORDER BY 1 DESC, item`,
      label,
      work,
    );
    const [popularity, p0, n0, p1, n1] = [0, 1, 2, 3, 4].map((column) => found.numbers(column));
    if (!popularity || !p0 || !n0 || !p1 || !n1) return {};
    return {
      drift: drift.measure({
        baseline: { rows: await rowsOf(other, work), positives: p0, negatives: n0, entries: await mixOf(other, work) },
        sample: { rows: await rowsOf(world, work), positives: p1, negatives: n1, entries: await mixOf(world, work) },
        popularity,
        chance: { positives: await byChance(p0, p1, work), negatives: await byChance(n0, n1, work) },
        attributes: await attributes(world, other, work),
      }),
    };
  },
};

/** Why two samples cannot be compared; null if they can. */
function differs({ sample }: AuditWorld, { sample: other }: AuditWorld): Message | null {
  if (!other.hasLabel()) return message('the baseline has no label column');
  return sample.kind('item') === other.kind('item')
    ? null
    : message('the item ids of the baseline have another type than those of the sample');
}

async function rowsOf(world: AuditWorld, work: Work): Promise<number> {
  const [row] = await world.rows(`SELECT count(*) FROM ${world.sample.sql}`, label, work);
  return numberIn(row);
}

async function mixOf(world: AuditWorld, work: Work): Promise<DriftSide['entries']> {
  const entry = entryColumn(world);
  if (entry === null) return null;
  const found = await world.rows(
    `SELECT ${entry} AS e, count(*) AS n FROM ${world.sample.sql} WHERE label = false GROUP BY e ORDER BY n DESC, e`,
    label,
    work,
  );
  return new Map(found.map((row) => [textIn(row), numberIn(row, 1)]));
}

/** Random pairs from what both samples have together. */
async function byChance(then: Float64Array, now: Float64Array, { signal }: Work): Promise<number[]> {
  const both = then.map((x, k) => x + f64At(now, k));
  const sizes = [sumOf(then), sumOf(now)] as const;
  const repeats = Math.max(1, Math.min(samples, Math.floor(drawnItems / Math.max(1, both.length))));
  const found: number[] = [];
  for (let seed = 0; seed < repeats; seed++) {
    await setImmediate();
    signal?.throwIfAborted();
    const distance = chanceOfPair(both, sizes, seed);
    if (distance !== null) found.push(distance);
  }
  return found;
}

/** Negatives by the attributes of their items, and rows by those of their users. */
async function attributes(world: AuditWorld, other: AuditWorld, work: Work): Promise<AttributeShares[]> {
  const found: AttributeShares[] = [];
  if (world.inputs === null) return found;
  for (const of of ['items', 'users'] as const) {
    const role = of === 'items' ? 'item' : 'user';
    if (!world.sample.has(role) || !other.sample.has(role)) continue;
    if (world.differentIds(role) !== null || other.differentIds(role) !== null) continue;
    const rows = ({ sample }: AuditWorld): string =>
      `SELECT "${role}" AS id, count(*) AS n FROM ${sample.sql} WHERE ${of === 'items' ? 'label = false' : '"user" IS NOT NULL'} GROUP BY "${role}"`;
    for (const attribute of await attributesOf(world, of, work))
      found.push(await sharesOf(world, attribute, of, work, { rows: rows(world), input: rows(other) }));
  }
  return found;
}
