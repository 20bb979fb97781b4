import { unevenPartitions } from '../files/unevenPartitions.ts';
import type { Method } from './method.ts';

/** Value ranges from the footers, and partition columns with uneven values. */
export const metadata: Method<'metadata'> = async (sessions, { ref, columns }, context) => {
  const session = await sessions.get(ref, context);
  return {
    ranges: await session.source.ranges(columns, context),
    unevenPartitions: unevenPartitions(session.partitions),
  };
};
