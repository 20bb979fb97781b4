/** The role of a column in a generated file. */
export const outputRoles = [
  'user',
  'item',
  'label',
  'source',
  'entry',
  'positive_item',
  'request',
  'time',
  'group_id',
  'position',
  'draw',
  'log_q',
  'log_q_mix',
  'logq_correction',
  'log_q_batch',
  'logq_correction_batch',
  'weight',
  'keep_prob',
  'teacher',
] as const;
export type OutputRole = (typeof outputRoles)[number];

/** Default names of the columns of a file: the name of the role. */
export const ownNames = Object.fromEntries(outputRoles.map((role) => [role, role])) as Readonly<
  Record<OutputRole, string>
>;

/** Names of columns that RecSample writes by default, and the grade. */
const writtenNames: readonly string[] = [...outputRoles, 'grade'];
/** Prefixes of columns that RecSample writes: lists of negatives, and labels of further events. */
const prefixes = ['negative_', 'label_'];

/**
 * True if a copied column must not have this name in the output. Letter case is ignored.
 * @param ownColumnNames names of RecSample's columns in this output
 */
export function isReservedName(name: string, ownColumnNames: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return (
    prefixes.some((prefix) => lower.startsWith(prefix)) ||
    [...writtenNames, ...ownColumnNames].some((reserved) => reserved.toLowerCase() === lower)
  );
}
