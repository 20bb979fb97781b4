import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typeOfSpark } from '../../src/core/table/sparkType.ts';
import { sparkTypeOf } from './duckdbDialect.ts';
import { describe } from './fileRows.ts';

/**
 * Writes a config of the fine ranking stage of a demo whose data are tables of the catalog, and a Python program that
 * creates the tables.
 */
export async function writeCatalogTables(
  demo: string,
  { config, program }: { readonly config: string; readonly program: string },
): Promise<void> {
  const at = (...parts: readonly string[]): string => join(demo, ...parts);
  const statements = ['CREATE DATABASE IF NOT EXISTS lake'];
  let text = readFileSync(at('configs', 'fine_ranking.ratio.yaml'), 'utf8');
  for (const [name, files] of [
    ['impressions', 'data/impressions/dt=*/*.parquet'],
    ['items', 'data/items.parquet'],
  ] as const) {
    const isByDay = name === 'impressions';
    const types = (await describe(`read_parquet('${at(files)}', hive_partitioning = false)`))
      .map(([column, type]) => [column, sparkTypeOf(type)] as const)
      // The stage does not use the others.
      .filter(([, type]) => typeOfSpark(type) !== null)
      .map(([column, type]) => `${column}: ${JSON.stringify(type)}`);
    const declared = `{${[...types, ...(isByDay ? ['dt: date'] : [])].join(', ')}}`;
    const partition = isByDay ? '\n    partition: {column: dt, day_of: time}' : '';
    text = text.replace(`path: ../${files}`, `table: lake.\`${name}\`\n    types: ${declared}${partition}`);
    statements.push(
      `CREATE TABLE lake.${name} USING parquet ${isByDay ? 'PARTITIONED BY (dt) ' : ''}AS SELECT * FROM parquet.\`${files.replace('/dt=*/*.parquet', '')}\``,
    );
  }
  writeFileSync(at(config), text);
  const session = ['from pyspark.sql import SparkSession', 'spark = SparkSession.builder.getOrCreate()'];
  const made = statements.map((one) => `spark.sql(${JSON.stringify(one)})`);
  writeFileSync(at(program), `${[...session, ...made].join('\n')}\n`);
}
