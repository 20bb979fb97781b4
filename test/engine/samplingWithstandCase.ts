/** A config of the stage recall with these negatives per positive. */
export const config = (
  per: string,
  items = 'data/items.parquet',
  impressions = 'data/impressions.parquet',
): string => `version: 1
seed: 1
data:
  impressions: {path: ${impressions}, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: ${items}, columns: {item: item_id}}
events: {click: is_click}
stages:
  recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: ${per}}}
`;
/** The log: three users, named by what they clicked of the 20 items. */
export const impressions = (clicks = 'range < 5'): string => `
  SELECT 'all' AS user_id, 'i' || range AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (range) HOUR AS ts, 'ra' || range AS request_id, true AS is_click FROM range(20)
  UNION ALL SELECT 'none', 'i' || range, TIMESTAMP '2026-11-01' + INTERVAL (range) HOUR, 'rn' || range, false FROM range(20)
  UNION ALL SELECT 'few', 'i' || range, TIMESTAMP '2026-11-01' + INTERVAL (range) HOUR, 'rf' || range, ${clicks} FROM range(20)`;
export const items = `SELECT 'i' || range AS item_id FROM range(20)`;
