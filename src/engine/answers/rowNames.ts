import type { AskedSamples } from '../../protocol/answers.ts';

/** The role that names the entry of a row: `entry`, else `source`; null if the file has neither. */
export function namingRole({ columns }: AskedSamples): 'entry' | 'source' | null {
  return columns.entry ? 'entry' : columns.source ? 'source' : null;
}
