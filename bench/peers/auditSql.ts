/**
 * First questions of a data engineer about a sample file, in DuckDB: rows, and distinct pairs of user and item. Usage:
 * auditSql.ts SAMPLE. Prints an `AuditTaken` as JSON.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import type { AuditTaken } from '../audit/auditTaken.ts';

const [sample = ''] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const started = performance.now();
const before = process.cpuUsage();
await connection.runAndReadAll(
  `SELECT count(*), count(DISTINCT (user_id, item_id)) FROM read_parquet('${sample.replaceAll("'", "''")}')`,
);
const { user, system } = process.cpuUsage(before);
const clock = (performance.now() - started) / 1000;
const result: AuditTaken = { steps: [], first: clock, cpu: (user + system) / 1e6, clock };
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
