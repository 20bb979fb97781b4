import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ITEMS } from '../shop.ts';

/** Average positives per user; the same number of other impressions. */
const POSITIVES_OF_USER = 10;
const DAYS = 20;

/** File names of a shop and of its config. */
export const shopConfig = 'shop.ratio.yaml';
/** The same config with one option more: the file name of each, and what is written into the config. */
export const optionConfigs = {
  'as_of: day': {
    file: 'shop.day.ratio.yaml',
    change: (text: string) => text.replace('count: click}', 'count: click, as_of: day}'),
  },
  'an as-of column': {
    file: 'shop.asof.ratio.yaml',
    change: (text: string) =>
      `${text}output:\n  pass_through: [{column: request_id, from: impressions, side: item, as: newest_request}]\n`,
  },
  'order: shuffled': {
    file: 'shop.shuffled.ratio.yaml',
    change: (text: string) => `${text}output: {order: shuffled}\n`,
  },
} as const;
export const impressions = 'impressions.parquet';
export const items = 'items.parquet';

/**
 * Writes a shop as Parquet files with a recall config. It has `positives` clicked impressions and the same number of
 * others, about ten positives per user, and 500,000 items by Zipf's law. Each positive gets ten negatives by popularity
 * to the power of 0.75, without items that the user was shown. Made once and always the same.
 * @returns its folder
 */
export async function shopFiles(cache: string, positives: number): Promise<string> {
  const folder = path.join(cache, `shop-${positives}`);
  if (existsSync(folder)) {
    writeConfigs(folder);
    return realpathSync(folder);
  }
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const users = Math.max(1, Math.round(positives / POSITIVES_OF_USER));
  // Ids above 2^53. A prime step spreads popular items over all positions.
  const item = (rank: string): string => `7000000000000000001 + CAST(${rank} AS BIGINT) * 40503 % 500009`;
  const write = async (file: string, select: string): Promise<void> => {
    await connection.run(`COPY (${select}) TO '${path.join(unfinished, file)}' (FORMAT parquet, COMPRESSION zstd)`);
  };
  try {
    await write(
      items,
      `SELECT ${item('i')} AS item_id, CAST(i % 200 AS INTEGER) AS category FROM range(${ITEMS}) t(i) ORDER BY item_id`,
    );
    const unit = '(hash(i * 3 + 2) % 1000000007) / 1000000007.0';
    await write(
      impressions,
      `SELECT 9007199254740993 + CAST(hash(i * 3 + 1) % ${users} AS BIGINT) * 13 AS user_id, ${item(`least(${ITEMS - 1}, CAST(floor(exp(${unit} * ln(${ITEMS + 1}.0))) AS BIGINT) - 1)`)} AS item_id,
      CAST(i AS BIGINT) + 5000000000 AS request_id, make_timestamp(1793491200000000 + CAST(hash(i * 3) % (${DAYS} * 86400) AS BIGINT) * 1000000) AS ts, i % 2 = 0 AS is_click FROM range(${2 * positives}) t(i)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  writeConfigs(unfinished);
  renameSync(unfinished, folder);
  return realpathSync(folder);
}

function writeConfigs(folder: string): void {
  writeFileSync(path.join(folder, shopConfig), config);
  for (const { file, change } of Object.values(optionConfigs)) writeFileSync(path.join(folder, file), change(config));
}

const config = `version: 1
seed: bench
data:
  impressions:
    path: ${impressions}
    columns: {user: user_id, item: item_id, time: ts, request: request_id}
  items:
    path: ${items}
    columns: {item: item_id, attributes: [category]}
events:
  click: is_click
window:
  train: {from: 2026-11-01, to: 2026-11-${DAYS}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: 10
      exclude: {events: [impressions], within: train}
      on_shortfall: keep
      mix:
        popularity: {share: 1, exponent: 0.75, count: click}
    training: {loss: sampled_softmax}
`;
