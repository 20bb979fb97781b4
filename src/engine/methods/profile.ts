import { tableSequences } from '../../core/data/sampleSequences.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Method } from './method.ts';

/** Profiles of columns over the rows of a filter. */
export const profile: Method<'profile'> = async (datasets, { ref, view, columns, depth = 'whole' }, context) => {
  const dataset = await datasets.get(ref, context);
  await dataset.source.settle(context);
  const { profileColumns } = await import('../profile/profile.ts');
  const started = performance.now();
  const chosen = dataset.columns(columns);
  const described = dataset.describe(ref).columns;
  const sequences = tableSequences(described, ref.sequences);
  try {
    const profiles = await profileColumns(
      dataset,
      view.filter,
      chosen.map((column, k) => ({
        column,
        role: described[valueAt(columns, k)]?.role ?? null,
        sequence: sequences.find(({ lists }) => lists.includes(column.name)),
      })),
      depth,
      context,
    );
    return { columns: profiles, milliseconds: performance.now() - started };
  } catch (error) {
    throw await dataset.failure(error);
  }
};
