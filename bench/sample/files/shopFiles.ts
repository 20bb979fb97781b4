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
export async function shopFiles(
  cache: string,
  positives: number,
  { items: count = ITEMS, skewed = false }: ShopKind = {},
): Promise<string> {
  const kind = `${skewed ? '-skewed' : ''}${count === ITEMS ? '' : `-${count}-items`}`;
  const folder = path.join(cache, `shop-${positives}${kind}`);
  if (existsSync(folder)) {
    writeConfigs(folder, count);
    return realpathSync(folder);
  }
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const users = Math.max(1, Math.round(positives / POSITIVES_OF_USER));
  // Ids above 2^53.
  const modulus = coprime(STEP, count + 9);
  const item = (rank: string): string => `7000000000000000001 + CAST(${rank} AS BIGINT) * ${STEP} % ${modulus}`;
  const write = async (file: string, select: string): Promise<void> => {
    await connection.run(`COPY (${select}) TO '${path.join(unfinished, file)}' (FORMAT parquet, COMPRESSION zstd)`);
  };
  try {
    await write(
      items,
      `SELECT ${item('i')} AS item_id, CAST(i % 200 AS INTEGER) AS category FROM range(${count}) t(i) ORDER BY item_id`,
    );
    const unit = '(hash(i * 3 + 2) % 1000000007) / 1000000007.0';
    await write(
      impressions,
      `SELECT 9007199254740993 + ${skewed ? 'CASE WHEN hash(i * 3 + 4) % 10 = 0 THEN 0 ELSE ' : ''}CAST(hash(i * 3 + 1) % ${users} AS BIGINT) * 13${skewed ? ' END' : ''} AS user_id,
      ${item(`${skewed ? 'CASE WHEN hash(i * 3 + 5) % 10 < 3 THEN 0 ELSE ' : ''}least(${count - 1}, CAST(floor(exp(${unit} * ln(${count + 1}.0))) AS BIGINT) - 1)${skewed ? ' END' : ''}`)} AS item_id,
      CAST(i AS BIGINT) + 5000000000 AS request_id, make_timestamp(1793491200000000 + CAST(hash(i * 3) % (${DAYS} * 86400) AS BIGINT) * 1000000) AS ts, i % 2 = 0 AS is_click FROM range(${2 * positives}) t(i)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  writeConfigs(unfinished, count);
  renameSync(unfinished, folder);
  return realpathSync(folder);
}

/** Further shops. */
interface ShopKind {
  /** Number of items. Of another number than usual, every item is in the pool, also those without clicks. */
  readonly items?: number;
  /** True for skewed data: one user has 10 % of the impressions, and one item 30 %. */
  readonly skewed?: boolean;
}

/** This step spreads popular items over all positions. */
const STEP = 40503;

/** The least number from `least` on that has no factor in common with another. */
function coprime(other: number, least: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return divisor(other, least) === 1 ? least : coprime(other, least + 1);
}

function writeConfigs(folder: string, count: number): void {
  const finalConfig = count === ITEMS ? config : config.replace('count: click}', 'count: click, smoothing: 1}');
  writeFileSync(path.join(folder, shopConfig), finalConfig);
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
