import {
  integer,
  integerOf,
  readCompact,
  struct,
  structs,
  structsOf,
  text,
  writeCompact,
  writtenStructs,
  type CompactStruct,
  type CompactValue,
} from './compactStruct.ts';

/** Field ids in parquet.thrift. */
const file = { rows: 3, rowGroups: 4, facts: 5 } as const;
const rowGroup = { columns: 1, offset: 5, ordinal: 7 } as const;
const chunk = { offset: 2, metadata: 3, offsetIndex: 4, columnIndex: 6 } as const;
const metadata = { dataPage: 9, indexPage: 10, dictionaryPage: 11, bloomFilter: 14 } as const;
const fact = { key: 1, value: 2 } as const;

/**
 * Merges the footers of Parquet files with one schema. The result describes a file with all row groups, one after the
 * other.
 */
export class JoinedFooter {
  readonly #rowGroups: Uint8Array[] = [];
  #first: CompactStruct | null = null;
  #rows = 0n;

  /**
   * Adds the row groups of another file.
   * @param moved number of bytes by which they are shifted compared to that file
   * @throws RangeError if it is not a footer
   */
  add(footer: Uint8Array, moved: number): void {
    const found = readCompact(footer);
    this.#first ??= found;
    this.#rows += integerOf(found, file.rows);
    for (const group of structsOf(found, file.rowGroups))
      this.#rowGroups.push(writeCompact(this.#movedGroup(group, BigInt(moved))));
  }

  /** The merged footer, with key-value metadata. */
  bytes(facts: Readonly<Record<string, string>>): Uint8Array {
    const keyed = Object.entries(facts).map(
      ([key, value]) =>
        new Map([
          [fact.key, text(key)],
          [fact.value, text(value)],
        ]),
    );
    return writeCompact(
      new Map<number, CompactValue>([
        ...(this.#first ?? []),
        [file.rows, integer(this.#rows)],
        [file.rowGroups, writtenStructs(this.#rowGroups)],
        ...(keyed.length === 0 ? [] : [[file.facts, structs(keyed)] as const]),
      ]),
    );
  }

  #movedGroup(group: CompactStruct, by: bigint): CompactStruct {
    const columns = structsOf(group, rowGroup.columns).map((one) => {
      const own = one.get(chunk.metadata);
      const offsets = shifted(one, [chunk.offset, chunk.offsetIndex, chunk.columnIndex], by);
      return own && 'fields' in own
        ? new Map([...offsets, [chunk.metadata, struct(shifted(own.fields, Object.values(metadata), by))]])
        : offsets;
    });
    const ordinal = group.get(rowGroup.ordinal);
    const numbered: CompactStruct =
      ordinal && 'value' in ordinal
        ? new Map([[rowGroup.ordinal, { ...ordinal, value: BigInt(this.#rowGroups.length) } as CompactValue]])
        : new Map();
    return new Map([...shifted(group, [rowGroup.offset], by), [rowGroup.columns, structs(columns)], ...numbered]);
  }
}

/**
 * Shifts those fields that are offsets in the file. An offset of 0 means "not set", because no page can precede the
 * magic bytes of the file.
 */
function shifted(fields: CompactStruct, places: readonly number[], by: bigint): CompactStruct {
  return new Map(
    [...fields].map(([id, value]) => [
      id,
      places.includes(id) && integerOf(fields, id) !== 0n ? integer(integerOf(fields, id) + by) : value,
    ]),
  );
}
