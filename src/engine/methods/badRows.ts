import type { Method } from './method.ts';

export const badRows: Method<'badRows'> = async (datasets, { ref, limit }, context) =>
  await (await datasets.get(ref, context)).source.badRows(limit, context);
