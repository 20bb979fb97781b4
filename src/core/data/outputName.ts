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

/** Names of the columns of a file: each role names its own column. */
export const ownNames = Object.fromEntries(outputRoles.map((role) => [role, role])) as Readonly<
  Record<OutputRole, string>
>;

/** Names of columns that RecSample writes: those of every file by default, and the grade of some. */
const written: readonly string[] = [...outputRoles, 'grade'];
/** Beginnings of the names of columns that RecSample writes: lists of negatives, and labels of further events. */
const prefixes = ['negative_', 'label_'];

/**
 * Whether a copied column must not have a name in the output, whatever the case of its letters.
 * @param own names that this output gives to columns of RecSample
 */
export function isReservedName(name: string, own: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return (
    prefixes.some((prefix) => lower.startsWith(prefix)) ||
    [...written, ...own].some((one) => one.toLowerCase() === lower)
  );
}
