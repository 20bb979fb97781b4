/** Names of columns that RecSample writes: those of every file by default, and those of some options. */
const written = [
  'user',
  'item',
  'label',
  'source',
  'entry',
  'positive_item',
  'request',
  'time',
  'position',
  'draw',
  'log_q',
  'log_q_mix',
  'weight',
  'keep_prob',
  'teacher',
  'grade',
  'group_id',
  'logq_correction',
  'logq_correction_batch',
  'log_q_batch',
];
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
