import type { Method } from './method.ts';

/** Opens files in their current state and describes their content without reading all of it. */
export const open: Method<'open'> = async (datasets, { ref, together }, context) => {
  const dataset = await datasets.get(ref, context, { fresh: ref.fingerprint === undefined, together });
  return dataset.describe(ref);
};
