export interface RepeatedRows {
  readonly rows: number;
  /** Rows beyond the first of their kind. */
  readonly repeated: number;
  /** Only if the lists of several entries may have common items. */
  readonly shared?: SharedNegatives;
}

/** Negatives that are in their group under several entries. */
export interface SharedNegatives {
  /** Negatives of these entries. */
  readonly rows: number;
  /** Those beyond the first of their group and item. */
  readonly repeated: number;
  /** By the entries that have the same item, most rows first. */
  readonly entries: readonly { readonly names: string; readonly repeated: number }[];
}
