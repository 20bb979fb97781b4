/**
 * The newest clicks before each request, as lists in each exposure, as one would write it in SQL for large data: clicks
 * are numbered once, and each request looks up two blocks of them. Joining all clicks of a user to each of its rows does
 * not end. Usage: sequencesSql.mjs FOLDER OUT LENGTH.
 */
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { logFile } from '../sequences/log.ts';

const [folder = '', out = '', length = ''] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const run = async (sql: string): Promise<void> => {
  await connection.run(sql);
};
await run(
  `CREATE TABLE log AS SELECT * FROM read_parquet('${path.join(folder, logFile)}') ORDER BY user_id, ts, request_id, position`,
);
// A request sorts before the clicks of its cut-off: they are not visible.
await run(`CREATE TABLE numbered AS SELECT *, sum(kind) OVER (PARTITION BY user_id ORDER BY m, kind, request_id, position ROWS UNBOUNDED PRECEDING) AS n FROM (
  SELECT user_id, ts AS m, 1 AS kind, request_id, position, item_id FROM log WHERE is_click UNION ALL
  SELECT user_id, min(ts) - INTERVAL 1 MINUTE, 0, request_id, NULL, NULL FROM log GROUP BY user_id, request_id)`);
await run(`CREATE TABLE blocks AS SELECT user_id, b, list({'n': n, 'item_id': item_id, 'ts': m} ORDER BY n) AS steps FROM (
  SELECT *, (n - 1) // ${length} + o AS b FROM numbered, (VALUES (0), (1)) AS v(o) WHERE kind = 1) GROUP BY user_id, b`);
await run(`CREATE TABLE histories AS SELECT r.request_id, list_filter(b.steps, lambda s: s.n <= r.n AND s.n > r.n - ${length}) AS steps
  FROM numbered r JOIN blocks b ON b.user_id = r.user_id AND b.b = (r.n - 1) // ${length} WHERE r.kind = 0 AND r.n > 0`);
await run(`COPY (SELECT user_id, item_id, log.request_id, ts, position, CAST(is_click AS TINYINT) AS label,
  coalesce(clicks__item_id, []) AS clicks__item_id, coalesce(clicks__ts, []) AS clicks__ts FROM log LEFT JOIN (
    SELECT request_id, list_transform(steps, lambda s: s.item_id) AS clicks__item_id, list_transform(steps, lambda s: s.ts) AS clicks__ts FROM histories) h ON h.request_id = log.request_id
  ) TO '${out}' (FORMAT parquet, COMPRESSION zstd)`);
