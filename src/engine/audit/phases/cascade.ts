import { cascade, type CascadeCounts } from '../../../core/audit/metrics/cascade.ts';
import { message } from '../../../core/message/message.ts';
import type { Rows, Work } from '../../database/connections.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { groupCounts } from '../groupCounts.ts';
import { nullsLast } from '../nullsLast.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Counting negatives of groups');

/** How many negatives of each entry a group has. */
export const cascadePhase: Phase = {
  label,
  metrics: ['cascade'],
  usesEntries: true,
  needs: ['label', 'entry', 'groups'],
  async run(world, work) {
    const groups = await groupCounts(world, work);
    const found = groups?.entries
      ? await ofColumns(world, { sql: groups.sql, entries: groups.entries }, work)
      : await ofRows(world, work);
    return { cascade: cascade.measure(countsIn(found)) };
  },
};

/** How many groups have how many negatives of an entry: the entry, negatives above 0, groups, and the number of all groups. */
type Sizes = Rows;

async function ofColumns(
  world: AuditWorld,
  { sql, entries }: { readonly sql: string; readonly entries: readonly (string | null)[] },
  work: Work,
): Promise<Sizes> {
  const [row] = await world.rows(`SELECT count(*) FROM ${sql}`, label, work);
  const sizes: Sizes = [];
  for (const [k, entry] of entries.entries()) {
    const found = await world.rows(
      `SELECT n${k}, count(*) FROM ${sql} WHERE n${k} > 0 GROUP BY n${k} ORDER BY n${k}`,
      label,
      work,
    );
    for (const [size = null, groups = null] of found) sizes.push([entry, size, groups, numberIn(row)]);
  }
  return sizes;
}

/** Too many entries for columns of their own. */
async function ofRows(world: AuditWorld, work: Work): Promise<Sizes> {
  const key = (world.sample.groupKey() ?? []).join(', ');
  return await world.rows(
    `WITH per AS MATERIALIZED (SELECT ${key}, ${entryColumn(world) ?? ''} AS e, count(*) FILTER (WHERE label = false) AS n FROM ${world.sample.sql} GROUP BY ALL)
    SELECT e, n, count(*), (SELECT count(*) FROM (SELECT DISTINCT ${key} FROM per)) FROM per WHERE n > 0 GROUP BY e, n ORDER BY e, n`,
    label,
    work,
  );
}

function countsIn(found: Sizes): CascadeCounts {
  const byEntry = new Map<string | null, Rows>();
  for (const row of found) byEntry.set(textIn(row), [...(byEntry.get(textIn(row)) ?? []), row]);
  const entries = [...byEntry].sort(([one], [other]) => nullsLast(one, other));
  return entries.map(([entry, sizes]) => {
    const groups = numberIn(sizes[0], 3);
    const zero = groups - sizes.reduce((sum, row) => sum + numberIn(row, 2), 0);
    // Groups without rows of the entry come first.
    const at = (q: number): number => {
      const rank = Math.max(1, Math.ceil((q * groups) / 100));
      let below = zero;
      if (rank <= below) return 0;
      for (const row of sizes) if ((below += numberIn(row, 2)) >= rank) return numberIn(row, 1);
      return numberIn(sizes.at(-1), 1);
    };
    return { entry, groups, p5: at(5), p50: at(50), p95: at(95), zero };
  });
}
