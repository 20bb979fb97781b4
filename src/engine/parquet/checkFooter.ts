import { checkCompact, wire, type KnownField, type KnownFields } from './compactStruct.ts';

const structs = (elementBytes: number, fields: KnownFields = {}): KnownField => ({
  of: wire.struct,
  elementBytes,
  fields,
});
const keyValues = structs(3);

const columnMetadata: KnownFields = {
  2: { of: wire.i32 },
  3: { of: wire.binary },
  8: keyValues,
  13: structs(7),
  16: { fields: { 2: { of: wire.i64 }, 3: { of: wire.i64 } } },
  17: { fields: { 2: { of: wire.i32 } } },
};
// A column chunk without its metadata cannot be read, so the bytes of both are required.
const columnChunks = structs(21, { 3: { fields: columnMetadata } });

/** The lists of FileMetaData in parquet.thrift, with the bytes of the required fields of their elements. */
const fileMetadata: KnownFields = {
  2: structs(3),
  4: structs(7, { 1: columnChunks, 4: structs(5) }),
  5: keyValues,
  7: structs(1),
};

/**
 * Checks that the memory that DuckDB takes for a footer is in proportion to its bytes. DuckDB takes up to 720 bytes for
 * each element that a list claims, outside of its memory limit and before it reads the first one.
 * @throws RangeError if it is not
 */
export function checkFooter(footer: Uint8Array): void {
  checkCompact(footer, fileMetadata);
}
