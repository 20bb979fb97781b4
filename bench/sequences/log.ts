import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export const logFile = 'log.parquet';
const REQUESTS = 200_000;
const EXPOSURES_OF_REQUEST = 10;
const USERS = 10_000;
const ITEMS = 100_000;
const DAYS = 20;
/** Share of the requests of the heavy user, in percent. */
const HEAVY = 30;
/** Of so many exposures, one is clicked. */
const EXPOSURES_OF_CLICK = 5;
/** Seconds between the exposures of a request, which users scroll through. */
const SCROLL = 2;

/**
 * Writes a log of 2 million exposures as one Parquet file, in no order: 200,000 requests of 10,000 users, every fifth
 * exposure clicked. A user's share of the log falls with the number of the user. Made once and always the same.
 * @param isHeavy true if one user has 30 % of the requests
 * @returns its folder
 */
export async function sequenceLog(cache: string, isHeavy: boolean): Promise<string> {
  const folder = path.join(cache, `sequences${isHeavy ? '-heavy' : ''}`);
  if (existsSync(folder)) return realpathSync(folder);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const unit = (value: string): string => `(hash(${value}) % 1000000007) / 1000000007.0`;
  const user = `CAST(floor(${USERS} * pow(${unit('request_id * 4')}, 1.5)) AS BIGINT)`;
  try {
    await connection.run(`COPY (
      SELECT 9007199254740993 + 13 * ${isHeavy ? `CASE WHEN hash(request_id * 4 + 1) % 100 < ${HEAVY} THEN 0 ELSE ${user} END` : user} AS user_id,
        7000000000000000001 + (CAST(floor(exp(${unit('i * 2')} * ln(${ITEMS / EXPOSURES_OF_REQUEST}.0))) AS BIGINT) * ${EXPOSURES_OF_REQUEST} + position) * 40503 % 100019 AS item_id, request_id,
        make_timestamp(1793491200000000 + (CAST(hash(request_id * 4 + 2) % (${DAYS} * 86400 - 60) AS BIGINT) + ${SCROLL} * position) * 1000000) AS ts,
        CAST(position AS INTEGER) AS position, hash(i * 2 + 1) % ${EXPOSURES_OF_CLICK} = 0 AS is_click
      FROM (SELECT i, i // ${EXPOSURES_OF_REQUEST} AS request_id, i % ${EXPOSURES_OF_REQUEST} AS position FROM range(${REQUESTS * EXPOSURES_OF_REQUEST}) t(i))
    ) TO '${path.join(unfinished, logFile)}' (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  renameSync(unfinished, folder);
  return realpathSync(folder);
}

/** Stages that write the exposures of the log as rows: each as a group of its own, or with those of its request. */
const stages = {
  impression:
    'fine_ranking: {unit: impression, positives: {events: {click: 1}}, negatives: {mix: {exposed_unclicked: 1}}}',
  request: `coarse_ranking: {unit: request, positives: {events: {click: 1}}, negatives: {per_request: {exposed_unclicked: ${EXPOSURES_OF_REQUEST}}, exclude: none, on_shortfall: keep}}`,
} as const;

/** The rows of a config. */
export interface SequenceRows {
  readonly unit: keyof typeof stages;
  readonly layout: 'long' | 'request' | 'user';
  /** Maximum number of clicks of a history; 0: rows without histories. */
  readonly length: number;
}

/** Writes a config next to the log. @returns its path */
export function sequenceConfig(folder: string, { unit, layout, length }: SequenceRows): string {
  const file = path.join(folder, `${unit}-${layout}-${length}.ratio.yaml`);
  const sequences = `\n  sequences: {clicks: {events: [click], length: ${length}, available_after: 1m}}`;
  writeFileSync(
    file,
    `version: 1
seed: bench
data:
  impressions:
    path: ${logFile}
    columns: {user: user_id, item: item_id, time: ts, request: request_id, position: position}
events: {click: is_click}
window: {train: {from: 2026-11-01, to: 2026-11-${DAYS}}}
stages:
  ${stages[unit]}
output:
  layout: ${layout}${length === 0 ? '' : sequences}
`,
  );
  return file;
}
