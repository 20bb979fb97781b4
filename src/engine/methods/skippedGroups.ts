import type { Method } from './method.ts';

export const skippedGroups: Method<'skippedGroups'> = async (datasets, { ref, view }, context) =>
  (await (await datasets.get(ref, context)).source.skippedGroups?.(view.filter, context)) ?? { total: 0, list: [] };
