import type { Method } from './method.ts';

/** Opens files in their current state and describes their content without reading all of it. */
export const open: Method<'open'> = async (datasets, { ref }, context) => {
  const dataset = await datasets.get(ref, context, ref.fingerprint === undefined);
  return dataset.describe(ref);
};
