import { unevenPartitions } from '../files/unevenPartitions.ts';
import type { Method } from './method.ts';

/** Ranges from footers, and how the folders partition the files. */
export const metadata: Method<'metadata'> = async (sessions, { ref, columns }, context) => {
  const session = await sessions.get(ref, context);
  return {
    ranges: await session.source.ranges(columns, context),
    unevenPartitions: unevenPartitions(session.partitions),
  };
};
