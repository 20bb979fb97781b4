// CPU time of building an Arrow column of 500,000 values of DuckDB, a tenth of them NULL.
import { DuckDBInstance } from '@duckdb/node-api';
import ddb from '@duckdb/node-bindings';
import { Field, Float32, Int64, List, makeBuilder, Utf8 } from 'apache-arrow';
import { columnBuilder } from '../../src/engine/arrow/columnBuilder.ts';
import { cpuTimes } from './alternatives.mjs';

const cases = [
  ['BIGINT', '(range + 9007199254740993)::BIGINT', { kind: 'integer', bits: 64, signed: true }, new Int64()],
  ['VARCHAR', "'item_' || range", { kind: 'string' }, new Utf8()],
  [
    'FLOAT[]',
    '[range, 1, 2, 3, 4, 5, 6, 7]::FLOAT[]',
    { kind: 'list', item: { kind: 'float', bits: 32 } },
    new List(new Field('item', new Float32(), true)),
  ],
];

const connection = await (await DuckDBInstance.create()).connect();
for (const [name, sql, type, arrowType] of cases) {
  const query = `SELECT CASE WHEN range % 10 = 3 THEN NULL ELSE ${sql} END FROM range(500000)`;
  const chunks = await (await connection.run(query)).fetchAllChunks();
  const times = cpuTimes({
    ours: () => {
      const builder = columnBuilder(type);
      for (const { chunk, rowCount } of chunks) builder.append(ddb.data_chunk_get_vector(chunk, 0), 0, rowCount);
      builder.column();
    },
    'apache-arrow': () => {
      const builder = makeBuilder({ type: arrowType, nullValues: [null] });
      for (const chunk of chunks) for (const value of chunk.getColumnValues(0)) builder.append(value?.items ?? value);
      builder.finish().flush();
    },
  });
  console.log(name, 'CPU ms:', times);
}
