export interface RepeatedRows {
  readonly rows: number;
  /** Repeated rows, without the first of equal rows. */
  readonly repeated: number;
  /** Only if several entries may draw the same item. */
  readonly shared?: SharedNegatives;
}

/** Negatives whose item is in their group under several entries. */
export interface SharedNegatives {
  /** Negatives of these entries. */
  readonly rows: number;
  /** Repeated rows, without the first of a group and item. */
  readonly repeated: number;
  /** By the entries that have the same item, most rows first. */
  readonly entries: readonly { readonly names: string; readonly repeated: number }[];
}
