import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOOLEAN, DECIMAL, DOUBLE, DuckDBDataChunk, INTEGER, STRUCT, type DuckDBType } from '@duckdb/node-api';
import ddb from '@duckdb/node-bindings';
import type { LogicalType } from '../../src/core/table/type.ts';
import { columnBuilder } from '../../src/engine/arrow/columnBuilder.ts';

const types: readonly (readonly [string, DuckDBType, LogicalType, number])[] = [
  ['integers', INTEGER, { kind: 'integer', bits: 32, signed: true }, 4],
  ['floats', DOUBLE, { kind: 'float', bits: 64 }, 8],
  ['decimals', DECIMAL(9, 2), { kind: 'decimal', precision: 9, scale: 2 }, 4],
  ['booleans', BOOLEAN, { kind: 'boolean' }, 1],
];
for (const [name, type, logical, width] of types) {
  test(`an Arrow file contains no memory from below a NULL: ${name}`, () => {
    const rows = 8;
    const made = (garbage: number): readonly Uint8Array[] => {
      const chunk = DuckDBDataChunk.create([type], rows);
      const vector = ddb.data_chunk_get_vector(chunk.chunk, 0);
      // The values of rows 0, 2, 4 and 6 are ones. The other rows are NULL, and their values are arbitrary.
      const data = Uint8Array.from({ length: rows * width }, (_, at) =>
        Math.floor(at / width) % 2 === 0 ? Number(at % width === 0) : garbage,
      );
      ddb.copy_data_to_vector(vector, 0, data.buffer, 0, data.byteLength);
      ddb.vector_ensure_validity_writable(vector);
      ddb.copy_data_to_vector_validity(vector, 0, Uint8Array.of(0b01010101, 0, 0, 0, 0, 0, 0, 0).buffer, 0, 8);
      const builder = columnBuilder(logical);
      builder.append(vector, 0, 3);
      builder.append(vector, 3, rows - 3);
      const { values, validity, nulls } = builder.column();
      assert.equal(nulls, rows / 2);
      return [values.slice(), validity.slice()];
    };
    assert.deepEqual(made(1), made(0));
  });
}

test('a struct that is NULL has no fields, whatever memory has there', () => {
  const rows = 4;
  const made = (garbage: number): unknown => {
    const chunk = DuckDBDataChunk.create([STRUCT({ x: INTEGER })], rows);
    const vector = ddb.data_chunk_get_vector(chunk.chunk, 0);
    const data = Int32Array.of(1, garbage, 3, garbage);
    ddb.copy_data_to_vector(ddb.struct_vector_get_child(vector, 0), 0, data.buffer, 0, data.byteLength);
    ddb.vector_ensure_validity_writable(vector);
    ddb.copy_data_to_vector_validity(vector, 0, Uint8Array.of(0b0101, 0, 0, 0, 0, 0, 0, 0).buffer, 0, 8);
    const builder = columnBuilder({
      kind: 'struct',
      fields: [{ name: 'x', type: { kind: 'integer', bits: 32, signed: true } }],
    });
    builder.append(vector, 0, rows);
    const {
      nulls,
      validity,
      children: [x],
    } = builder.column();
    return {
      nulls,
      validity: [...validity],
      x: x && { nulls: x.nulls, validity: [...x.validity], values: [...x.values] },
    };
  };
  assert.deepEqual(made(7), made(0));
  assert.deepEqual(made(7), {
    nulls: 2,
    validity: [0b0101],
    x: { nulls: 2, validity: [0b0101], values: [1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0] },
  });
});
