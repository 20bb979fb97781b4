/**
 * Ten negatives for every click, by popularity to the power of 0.75, as one would write it in SQL. Each click gets
 * fourteen attempts. Exposed items and repetitions are dropped, and the first ten stay. If fourteen attempts do not
 * suffice, the group stays short, and the output says so. log q leaves out the items excluded for the user. Usage:
 * sampleSql.mjs FOLDER OUT.
 */
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { impressions, items } from '../sample/files/shopFiles.ts';

const ATTEMPTS = 14;
const NEGATIVES = 10;
const [folder = '', out = ''] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const log = `read_parquet('${path.join(folder, impressions)}')`;
await connection.run(
  `CREATE TABLE positives AS SELECT row_number() OVER (ORDER BY user_id, ts, request_id) AS g, user_id, item_id, request_id, ts FROM ${log} WHERE is_click`,
);
await connection.run(`CREATE TABLE shown AS SELECT DISTINCT user_id, item_id FROM ${log}`);
await connection.run(`CREATE TABLE pool AS SELECT item_id, w, sum(w) OVER (ORDER BY item_id) - w AS start, sum(w) OVER () AS total FROM (
  SELECT item_id, pow(count(*), 0.75) AS w FROM positives SEMI JOIN read_parquet('${path.join(folder, items)}') USING (item_id) GROUP BY item_id)`);
await connection.run(`CREATE TABLE drawn AS SELECT g, item_id, w, total, k FROM (
  SELECT g, user_id, k, hash(g, k, 'bench') / 18446744073709551616.0 * (SELECT any_value(total) FROM pool) AS at FROM positives, range(${ATTEMPTS}) t(k)) d ASOF JOIN pool ON d.at >= pool.start
  ANTI JOIN shown ON shown.user_id = d.user_id AND shown.item_id = pool.item_id`);
await connection.run(`CREATE TABLE kept AS SELECT *, row_number() OVER (PARTITION BY g ORDER BY k) - 1 AS draw FROM (SELECT g, item_id, any_value(w) AS w, any_value(total) AS total, min(k) AS k FROM drawn GROUP BY g, item_id)
  QUALIFY draw < ${NEGATIVES}`);
await connection.run(`COPY (
  SELECT user_id, r.item_id, label, source, p.item_id AS positive_item, request_id, ts, draw, log_q FROM (
    SELECT g, item_id, 1::TINYINT AS label, NULL AS source, NULL AS draw, NULL AS log_q FROM positives UNION ALL SELECT g, item_id, 0, 'popularity', draw, ln(w / total) FROM kept) r JOIN positives p USING (g)
  ORDER BY g, label DESC, draw) TO '${out}' (FORMAT parquet, COMPRESSION zstd)`);
const reader = await connection.runAndReadAll(
  `SELECT (SELECT count(*) FROM positives) * ${NEGATIVES} - (SELECT count(*) FROM kept)`,
);
process.stdout.write(`${String(reader.getRows()[0]?.[0])} negatives short\n`);
