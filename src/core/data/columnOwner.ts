import type { OutputRole } from './outputName.ts';

/**
 * The rows of a group that have values in a column. `group`: one value for the group. `rows`: a value for each row.
 * `label`: like `rows`, but the layout wide has no such column. `positives`, `negatives`: NULL in the other rows.
 */
export type ColumnOwner = 'group' | 'label' | 'rows' | 'positives' | 'negatives';

const groupRoles = new Set<OutputRole>(['user', 'positive_item', 'request', 'time', 'group_id']);
const negativeRoles = new Set<OutputRole>(['source', 'entry', 'draw', 'log_q']);

export function ownerOf(role: OutputRole): ColumnOwner {
  if (groupRoles.has(role)) return 'group';
  if (negativeRoles.has(role)) return 'negatives';
  if (role === 'logq_correction_batch') return 'positives';
  return role === 'label' ? 'label' : 'rows';
}

/** Name of the column with the list of the negatives' values, in the layout wide. */
export const negativeName = (name: string): string => `negative_${name}`;
