import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { categories, cities, regions } from '../../../examples/demo/places.ts';
import { actions, channels, dislikes, refusals, sources, stages } from '../../../examples/demo/logs.ts';
import { statuses } from '../../../examples/demo/items.ts';
import { activities, devices } from '../../../examples/demo/users.ts';

/** SQL of a list element, selected by a column of 0-based indices. */
function named(list: readonly string[], column: string): string {
  return `([${list.map(quoteLiteral).join(', ')}])[${quoteIdentifier(column)} + 1]`;
}

const listing = `title, ${named(
  cities.map((c) => c.name),
  'city',
)} AS city, CASE WHEN (${JSON.stringify(cities.map((c) => c.chinese))})[city + 1]
  THEN ${named(
    categories.map((c) => c.chinese),
    'category',
  )} ELSE ${named(
    categories.map((c) => c.english),
    'category',
  )} END AS category`;

/** SELECT statements that turn the tables of the demo world into the columns of the files. Every ORDER BY is total. */
export const selects = {
  items: `SELECT item_id, ${listing}, ${named(statuses, 'status')} AS status, created_at,
    nullif(removed_at, TIMESTAMP '1970-01-01') AS removed_at, price, (nullif(rating, -1)::DECIMAL(5,0) / 100)::DECIMAL(3,2) AS rating, reviews, item_emb::FLOAT[] AS item_emb
    FROM items ORDER BY items.item_id`,
  itemsText: `SELECT item_id, ${listing}, ${named(statuses, 'status')} AS status, created_at,
    nullif(removed_at, TIMESTAMP '1970-01-01') AS removed_at, price, (nullif(rating, -1)::DECIMAL(5,0) / 100)::DECIMAL(3,2) AS rating, reviews
    FROM items ORDER BY items.item_id`,
  users: `SELECT user_id, ${named(
    regions.map((r) => r.name),
    'region',
  )} AS region, ${named(activities, 'activity')} AS activity,
    ${named(
      regions.map((r) => r.language),
      'region',
    )} AS language, DATE '1970-01-01' + registered AS registered_on, nullif(born, -1) AS birth_year
    FROM users ORDER BY users.user_id`,
  impressions: (table: string) =>
    `SELECT * REPLACE (${named(devices, 'device')} AS device, nullif(teacher_score, 'NaN') AS teacher_score) FROM ${quoteIdentifier(table)}`,
  candidates: (
    table: string,
  ) => `SELECT user_id, item_id, request_id, ts, ${named(channels, 'channel')} AS channel, recall_rank, ${named(stages, 'reached')} AS reached,
    nullif(coarse_score, 'NaN') AS coarse_score, nullif(fine_score, 'NaN') AS fine_score, nullif(teacher_score, 'NaN') AS teacher_score FROM ${quoteIdentifier(table)}`,
  rejections: `SELECT user_id, item_id, ts, ${named(refusals, 'reason')} AS reason FROM refusals ORDER BY ts, user_id, item_id`,
  dislikes: `SELECT user_id, item_id, ts, ${named(dislikes, 'reason')} AS reason FROM dislikes ORDER BY ts, user_id, item_id`,
  actions: `SELECT user_id, item_id, ts, ${named(actions, 'action')} AS action FROM actions ORDER BY ts, user_id, item_id, action`,
  sample: (
    embeddings: boolean,
  ) => `SELECT s.user_id, i.item_id, ${listing}, s.label, ${named(sources, 'source')} AS source, p.item_id AS positive_item, s.ts,
    nullif(s.draw, -1) AS draw, nullif(s.log_q, 'NaN') AS log_q${embeddings ? ', i.item_emb::FLOAT[] AS item_emb' : ''}
    FROM sample s JOIN items i ON s.item = i.item JOIN (SELECT item, item_id FROM items) p ON s.positive = p.item ORDER BY s.user_id, s.ts, s.row`,
};
