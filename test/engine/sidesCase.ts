import { recallConfig } from './samplingCase.ts';

const text = recallConfig('{per_positive: {exposed_unclicked: {count: 2, mature_after: 1h}, global_random: 2}}')
  .replace('request: request_id}}', 'request: request_id, position: position}}')
  .replace(
    'events: {click',
    `  users: {path: data/users.parquet, columns: {user: user_id, attributes: [age]}}
  candidates: {path: data/candidates.parquet, columns: {user: user_id, item: item_id, request: request_id, time: ts, channel: channel, rank: rank, reached: reached, teacher: heavy}}
events: {click`,
  );

/** A config for each unit, on a world with the tables log, items, users and candidates. */
export const units = {
  positive: text,
  request: text
    .replaceAll('recall', 'coarse_ranking')
    .replace('unit: positive', 'unit: request')
    .replace('{per_positive: {', '{per_request: {ranked_unexposed: 2, coarse_filtered: {count: 3, by: channel}, '),
  impression: text
    .replaceAll('recall', 'fine_ranking')
    .replace('unit: positive', 'unit: impression')
    .replace(/negatives: .*/, 'negatives: {mix: {exposed_unclicked: 1}}'),
} as const;
export type Unit = keyof typeof units;
export const stages = { positive: 'recall', request: 'coarse_ranking', impression: 'fine_ranking' } as const;
