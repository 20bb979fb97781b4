/**
 * The newest clicks before each request, as lists in each exposure, as one would write it in SQL for large data: clicks
 * are numbered once, and each request looks up two blocks of them. Joining all clicks of a user to each of its rows does
 * not end. Usage: sequencesSql.mjs FOLDER OUT LENGTH LAYOUT.
 */
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { logFile } from '../sequences/log.ts';

const [folder = '', out = '', length = '', layout = ''] = process.argv.slice(2);
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
const copied = `user_id, item_id, log.request_id, ts, position, CAST(is_click AS TINYINT) AS label`;
const listed = (names: readonly string[], order: string): string =>
  names.map((name) => `list(${name} ORDER BY ${order}) AS ${name}`).join(', ');
const copy = async (select: string): Promise<void> => {
  await run(`COPY (${select}) TO '${out}' (FORMAT parquet, COMPRESSION zstd)`);
};
if (layout === 'user') {
  // Histories are slices of the clicks from the first that one of them has.
  await run(
    `CREATE TABLE slices AS SELECT user_id, request_id, n AS last, greatest(n - ${length}, 0) AS first FROM numbered WHERE kind = 0 AND n > 0`,
  );
  await run(
    `CREATE TABLE users AS SELECT user_id, min(first) AS first, max(last) AS last FROM slices GROUP BY user_id`,
  );
  const clicks = `SELECT s.user_id, list(item_id ORDER BY n) AS clicks__item_id, list(m ORDER BY n) AS clicks__ts FROM numbered s JOIN users u ON u.user_id = s.user_id AND n > first AND n <= last WHERE kind = 1 GROUP BY s.user_id`;
  const names = ['item_id', 'request_id', 'ts', 'position', 'label', 'clicks__from', 'clicks__to'];
  await copy(`SELECT r.*, coalesce(clicks__item_id, []) AS clicks__item_id, coalesce(clicks__ts, []) AS clicks__ts FROM (
    SELECT user_id, ${listed(names, 'ts, request_id, position')} FROM (
      SELECT log.user_id, ${copied.replace('user_id, ', '')}, CAST(coalesce(s.first - u.first, 0) AS INTEGER) AS clicks__from, CAST(coalesce(s.last - u.first, 0) AS INTEGER) AS clicks__to
      FROM log LEFT JOIN slices s ON s.request_id = log.request_id LEFT JOIN users u ON u.user_id = log.user_id) GROUP BY user_id
  ) r LEFT JOIN (${clicks}) c ON c.user_id = r.user_id ORDER BY r.user_id`);
} else {
  await run(`CREATE TABLE blocks AS SELECT user_id, b, list({'n': n, 'item_id': item_id, 'ts': m} ORDER BY n) AS steps FROM (
    SELECT *, (n - 1) // ${length} + o AS b FROM numbered, (VALUES (0), (1)) AS v(o) WHERE kind = 1) GROUP BY user_id, b`);
  await run(`CREATE TABLE histories AS SELECT r.request_id, list_filter(b.steps, lambda s: s.n <= r.n AND s.n > r.n - ${length}) AS steps
    FROM numbered r JOIN blocks b ON b.user_id = r.user_id AND b.b = (r.n - 1) // ${length} WHERE r.kind = 0 AND r.n > 0`);
  const lists = `SELECT request_id, list_transform(steps, lambda s: s.item_id) AS clicks__item_id, list_transform(steps, lambda s: s.ts) AS clicks__ts FROM histories`;
  const rows =
    layout === 'long'
      ? `(SELECT ${copied} FROM log)`
      : `(SELECT user_id, request_id, ${listed(['item_id', 'ts', 'position', 'label'], 'ts, position')} FROM (SELECT ${copied} FROM log) GROUP BY user_id, request_id)`;
  await copy(
    `SELECT r.*, coalesce(clicks__item_id, []) AS clicks__item_id, coalesce(clicks__ts, []) AS clicks__ts FROM ${rows} r LEFT JOIN (${lists}) h ON h.request_id = r.request_id`,
  );
}
