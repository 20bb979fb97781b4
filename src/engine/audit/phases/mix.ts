import { mix, type EntryAmounts, type MixCounts } from '../../../core/audit/metrics/mix.ts';
import { message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { rateOf, sharesByName } from '../../answers/userRates.ts';
import type { Work } from '../../database/connections.ts';
import { textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { userEntries } from '../groupCounts.ts';
import { overviewOf } from '../overview.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting negatives by source');

/** Negatives by entry of the mix, or by source if the file has no entries. */
export const mixPhase: Phase = {
  label,
  metrics: ['mix'],
  usesEntries: true,
  needs: ['label', 'entry'],
  async run(world, work) {
    const { entries } = await overviewOf(world, work);
    return { mix: mix.measure({ entries: entries ?? [], designs: await designsOf(world, work), ...amountsOf(world) }) };
  },
};

/** How alike the rows of a user are, by entry; empty without users. As in `data/mix`. */
async function designsOf(world: AuditWorld, work: Work): Promise<NonNullable<MixCounts['designs']>> {
  if (!world.sample.has('user')) return new Map();
  const counted = `(SELECT e AS name, "user" AS who, n::DOUBLE AS x FROM ${await userEntries(world, work)})`;
  const found = await world.rows(sharesByName(counted), label, work);
  return new Map(found.map(([name, ...sums]) => [textIn([name ?? null]), rateOf(sums.map(Number)).design]));
}

/** The class that the rows of an entry have if their source is inferred. */
function classOf(draws: StagePlan['entries'][number]['draws']): string {
  if (draws.kind === 'pool') return 'corpus_only';
  return draws.rows.of === 'candidates' ? 'candidate' : 'exposed_unclicked';
}

/** SQL of the column that names the entry of a negative; null if there is none. */
export function entryColumn({ sample }: Pick<AuditWorld, 'sample'>): string | null {
  return sample.entryColumn();
}

/** Amounts by entry that the config asks for, and that the lock file records. */
function amountsOf({ request, sample }: AuditWorld): Pick<MixCounts, 'configured' | 'recorded' | 'shortfalls'> {
  const { plan, recorded } = request;
  const sources = new Map(plan?.entries.map(({ name, source }) => [name, source]));
  // A file without entries names only the sources, and one without sources has inferred classes.
  const classes = new Map(plan?.entries.map(({ name, draws }) => [name, classOf(draws)]));
  const named = (entry: string): string =>
    sample.has('entry') ? entry : ((sample.isInferred ? classes : sources).get(entry) ?? entry);
  const summed = (amounts: EntryAmounts): EntryAmounts => {
    const sums = new Map<string, number>();
    for (const { entry, amount } of amounts) sums.set(named(entry), (sums.get(named(entry)) ?? 0) + amount);
    return [...sums].map(([entry, amount]) => ({ entry, amount }));
  };
  return {
    configured: plan && summed(plan.entries.map(({ name, amount }) => ({ entry: name, amount }))),
    recorded: recorded && summed(recorded.map(({ entry, drawn }) => ({ entry, amount: drawn }))),
    shortfalls: recorded && recorded.map(({ entry, shortfalls }) => ({ entry: named(entry), ...shortfalls })),
  };
}
