import type { OutputRole } from './outputName.ts';

/**
 * Which rows of a group a column belongs to. `group`: one value for the group. `rows`: a value for each row. `label`: the
 * same, but the layout wide has no such column. `positives` and `negatives`: NULL in the other rows.
 */
export type ColumnOwner = 'group' | 'label' | 'rows' | 'positives' | 'negatives';

const ofGroup = new Set<OutputRole>(['user', 'positive_item', 'request', 'time', 'group_id']);
const ofNegatives = new Set<OutputRole>(['source', 'entry', 'draw', 'log_q']);

export function ownerOf(role: OutputRole): ColumnOwner {
  if (ofGroup.has(role)) return 'group';
  if (ofNegatives.has(role)) return 'negatives';
  if (role === 'logq_correction_batch') return 'positives';
  return role === 'label' ? 'label' : 'rows';
}

/** Name of the list of the negatives of a column, in the layout wide. */
export const negativeName = (name: string): string => `negative_${name}`;
