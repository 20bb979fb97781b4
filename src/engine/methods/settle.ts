import type { Method } from './method.ts';

export const settle: Method<'settle'> = async (datasets, { ref }, context) => {
  const dataset = await datasets.get(ref, context);
  await dataset.source.settle(context);
  return dataset.describe(ref);
};
