/**
 * Name of how rows are digested, see docs/digest.md. Another way needs another name: digests of different names say
 * nothing of each other.
 */
export const digestAlgorithm = 'recsample-rows-1';

/**
 * Columns that a digest leaves out unless they are asked for, those of the layout wide included: engines differ in the
 * last digit of a logarithm.
 */
const inexact: ReadonlySet<string> = new Set(['log_q', 'log_q_mix', 'negative_log_q', 'negative_log_q_mix']);

/** What tells the rows of two data sets apart, whatever their order. */
export interface RowsDigest {
  readonly algorithm: typeof digestAlgorithm;
  /** Rows that it covers. */
  readonly rows: number;
  /** 32 hexadecimal digits. */
  readonly value: string;
  /** Names of the columns that it covers, ordered by their UTF-8 bytes. */
  readonly columns: readonly string[];
}

/** True for a column that a digest covers where none are chosen. */
export function isDigested({ name }: { readonly name: string }): boolean {
  return !inexact.has(name);
}
