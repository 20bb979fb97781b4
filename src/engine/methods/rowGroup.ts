import type { Method } from './method.ts';

export const rowGroup: Method<'rowGroup'> = async (datasets, { ref, file, index }, context) =>
  (await (await datasets.get(ref, context)).source.groupStatistics?.(file, index, context)) ?? { total: 0, list: [] };
