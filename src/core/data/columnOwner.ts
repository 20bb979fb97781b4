import type { SampleLayout } from '../schema/sampleLayout.ts';
import type { OutputRole } from './outputName.ts';

/**
 * What the values of a column belong to. `user`, `request`, `group`: all rows of the user, the request or the group have
 * the same value. `rows`: each row has a value. `label`: like `rows`, but the layout wide has no such column.
 * `positives`, `negatives`: NULL in the other rows.
 */
export type ColumnOwner = 'user' | 'request' | 'group' | 'label' | 'rows' | 'positives' | 'negatives';

const groupRoles = new Set<OutputRole>(['positive_item', 'time', 'group_id']);
const negativeRoles = new Set<OutputRole>(['source', 'entry', 'draw', 'log_q']);

export function ownerOf(role: OutputRole): ColumnOwner {
  if (role === 'user' || role === 'request') return role;
  if (groupRoles.has(role)) return 'group';
  if (negativeRoles.has(role)) return 'negatives';
  if (role === 'logq_correction_batch') return 'positives';
  return role === 'label' ? 'label' : 'rows';
}

/** Name of the column with the list of the negatives' values, in the layout wide. */
export const negativeName = (name: string): string => `negative_${name}`;

const groupOwners: readonly ColumnOwner[] = ['user', 'request', 'group'];
const sharedOwners: Readonly<Record<SampleLayout, readonly ColumnOwner[]>> = {
  long: [],
  wide: groupOwners,
  grouped: groupOwners,
  request: ['user', 'request'],
  user: ['user'],
};

/** True if a column has one value for all samples of a row of the file. */
export const isShared = (layout: SampleLayout, owner: ColumnOwner): boolean => sharedOwners[layout].includes(owner);
