// Small worlds with answers worked out by hand. Quotas exceed the lists, so the drawn items do not depend on the seed.

/** Times of the log: `day(2, 10)` is 2 November at 10:00. */
export const day = (date: number, hour = 10): string =>
  `TIMESTAMP '2026-11-${String(date).padStart(2, '0')} ${String(hour).padStart(2, '0')}:00:00'`;
export const shown = (
  rows: readonly (readonly [
    user: number | null,
    item: number | null,
    time: string,
    request: string | null,
    position: number,
    viewed: boolean,
    click: boolean,
    seconds?: number,
  ])[],
): string =>
  `SELECT * FROM (VALUES ${rows
    .map(
      ([user, item, time, request, position, viewed, click, seconds = 0]) =>
        `(CAST(${user ?? 'NULL'} AS BIGINT), CAST(${item ?? 'NULL'} AS BIGINT), CAST(${time} AS TIMESTAMP), ${request === null ? 'CAST(NULL AS VARCHAR)' : `'${request}'`}, ${position}, ${viewed}, ${click}, ${seconds})`,
    )
    .join(', ')}) t(user_id, item_id, ts, request_id, position, is_viewed, is_click, seconds)`;
export const corpus = (
  rows: readonly (readonly [item: number, city: string | null, status?: string, created?: string, removed?: string])[],
): string =>
  `SELECT * FROM (VALUES ${rows
    .map(
      ([item, city, status = 'online', created = 'NULL', removed = 'NULL']) =>
        `(CAST(${item} AS BIGINT), ${city === null ? 'CAST(NULL AS VARCHAR)' : `'${city}'`}, '${status}', CAST(${created} AS TIMESTAMP), CAST(${removed} AS TIMESTAMP), 'Item ${item}')`,
    )
    .join(', ')}) t(item_id, city, status, created_at, removed_at, title)`;

export const head = `version: 1
seed: hand
data:
  impressions: {path: data/impressions.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id, position: position, viewed: is_viewed}}
  items: {path: data/items.parquet, columns: {item: item_id, created: created_at, removed: removed_at, attributes: [city]}, where: {status: online}}
`;
export const events = `events: {click: is_click, long_play: {column: seconds, op: ">=", value: 7}}
window: {train: {from: 2026-11-01, to: 2026-11-10}, eval: {from: 2026-11-11, to: 2026-11-12}}
`;
export const recall = (negatives: string, positives = '{events: {click: 1, long_play: 2}}', more = ''): string =>
  `${head}${more}${events}stages:\n  recall:\n    unit: positive\n    positives: ${positives}\n    negatives:\n      ${negatives}\n`;
