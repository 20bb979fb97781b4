/** Name of the digest algorithm (docs/digest.md). Digests of different algorithms cannot be compared. */
export const digestAlgorithm = 'recsample-rows-1';

/** Columns that digests exclude by default, with their lists of wide files: engines differ in the last digit. */
const inexact: ReadonlySet<string> = new Set(
  ['log_q', 'log_q_mix', 'logq_correction', 'log_q_batch', 'logq_correction_batch'].flatMap((name) => [
    name,
    `negative_${name}`,
  ]),
);

/** Digest that distinguishes the rows of two data sets, independent of their order. */
export interface RowsDigest {
  readonly algorithm: typeof digestAlgorithm;
  /** Number of covered rows. */
  readonly rows: number;
  /** 32 hexadecimal digits. */
  readonly value: string;
  /** Names of the covered columns, ordered by their UTF-8 bytes. */
  readonly columns: readonly string[];
}

/** True for a column that a digest covers by default. */
export function isDigested({ name }: { readonly name: string }): boolean {
  return !inexact.has(name);
}
