import type { Preview } from '../../src/core/sampling/answers.ts';
import type { Expected, SampledBatch } from './reference.ts';

/** The first total of a preview of all users that differs from the reference's sum, in words; null if all agree. */
export function totalsDifference(
  { totals, facts, inBatch }: Pick<Preview, 'totals' | 'facts' | 'inBatch'>,
  expected: Expected,
): string | null {
  const groups = expected.users.flatMap(({ groups: own }) => own);
  const rows = groups.flatMap((group) => group.rows);
  const positives = rows.filter(({ label }) => label === 1).length;
  const { positives_dropped: dropped = 0, negatives_thinned_out: thinned = 0 } = expected.counts;
  const figures: [string, number, number][] = [
    ['groups', totals.groups, groups.length],
    ['groups of all users', facts.groups, groups.length + dropped + thinned],
    ['positives', totals.positives, positives],
    ['positives of all users', facts.positives, positives + dropped],
    ['negatives', totals.negatives, rows.length - positives],
    ...totals.entries.flatMap(({ name, asked, drawn, repeated = 0, shortGroups }): [string, number, number][] => {
      const own = rows.filter(({ entry }) => entry === name).length;
      const short = groups.flatMap(({ shortfall }) => shortfall[name] ?? []);
      const missing = short.reduce((sum, one) => sum + one.asked - one.drawn, 0);
      const dropped = groups.flatMap((group) => group.repeated.filter(({ entry }) => entry === name)).length;
      return [
        [`${name} drawn`, drawn, own],
        [`${name} repeated`, repeated, dropped],
        [`${name} asked`, asked, own + dropped + missing],
        [`${name} short`, shortGroups, short.length],
      ];
    }),
  ];
  if (inBatch)
    figures.push(
      ...inBatchFigures(
        inBatch,
        groups.flatMap(({ in_batch: own }) => own ?? []),
      ),
    );
  const wrong =
    figures.find(([, ours, there]) => ours !== there) ??
    effectiveFigures(totals, expected).find(([, ours, there]) => !(Math.abs(ours - there) <= tolerance));
  return wrong ? `${wrong[0]}: ${wrong[1]}, expected ${wrong[2]}` : null;
}

/** Sums in another order. */
const tolerance = 1e-12;

function effectiveFigures(
  { entries, effective }: Preview['totals'],
  { effective: there }: Expected,
): [string, number, number][] {
  if (!effective || !there) return [['effective shares', effective ? 1 : 0, there ? 1 : 0]];
  return [
    ...entries.map(({ name }, e): [string, number, number] => [
      `effective share of ${name}`,
      effective.entries[e] ?? NaN,
      there.entries[name] ?? NaN,
    ]),
    ['effective share in batch', effective.inBatch ?? 0, there.in_batch ?? 0],
  ];
}

function inBatchFigures(
  { positives, batches, negatives, masked, falseNegatives }: NonNullable<Preview['inBatch']>,
  groups: readonly SampledBatch[],
): [string, number, number][] {
  const sum = (of: (group: SampledBatch) => number): number => groups.reduce((all, group) => all + of(group), 0);
  return [
    ['positives in batches', positives, groups.length],
    ['batches', batches, new Set(groups.map(({ batch }) => batch)).size],
    ['in-batch negatives', negatives, sum((group) => group.others - group.masked)],
    ['masked', masked, sum((group) => group.masked)],
    ['false negatives', falseNegatives, sum((group) => group.false_negatives)],
  ];
}
