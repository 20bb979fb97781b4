import { unevenPartitions } from '../files/unevenPartitions.ts';
import type { Method } from './method.ts';

/** Value ranges from the footers, and partition columns with uneven values. */
export const metadata: Method<'metadata'> = async (datasets, { ref, columns }, context) => {
  const dataset = await datasets.get(ref, context);
  return {
    ranges: await dataset.source.ranges(columns, context),
    unevenPartitions: unevenPartitions(dataset.partitions),
  };
};
