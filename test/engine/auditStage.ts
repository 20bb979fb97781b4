import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SampleRecord } from '../../src/project/audit/sampleRecord.ts';
import { auditRequestOf, auditSample, type AuditOptions, type Audited } from '../../src/project/audit/auditJob.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import type { AuditRequest } from '../../src/protocol/audit.ts';
import type { EngineClient, EngineMethod } from '../../src/protocol/engine.ts';
import { engine, folder, parquet } from './fixture.ts';

type Split = 'train' | 'eval';
/** How the requests of a file are written. */
export type RequestType = 'VARCHAR' | 'BIGINT';

/** A row of a small log. `hour`: from the start of the training window. */
export interface Shown {
  readonly user: number;
  readonly item: number;
  readonly request: string | null;
  readonly hour: number;
  readonly click: boolean;
}

export interface Candidate {
  readonly request: string | null;
  readonly item: number;
  readonly rank: number;
}

/** A sample without a source column has `entry: null` in every row. */
export interface Sampled {
  readonly user: number;
  readonly item: number;
  readonly label: 0 | 1;
  readonly entry: string | null;
  readonly request: string | null;
  readonly positive: number;
  readonly hour: number;
}

export interface StageWorld {
  readonly log: readonly Shown[];
  readonly candidates: readonly Candidate[];
  /** The city of each item. */
  readonly items: ReadonlyMap<number, string>;
  /** The tier of each user. */
  readonly users: ReadonlyMap<number, string>;
  /** Of the log and of the candidates; texts without it. */
  readonly requests?: RequestType;
}

const defaultMix = `pool: {source: popularity, exponent: 1, share: 0.5}
        list: {source: exposed_unclicked, share: 0.25}
        even: {source: global_random, share: 0.25}`;

const configWith = (mix: string): string => `version: 1
seed: audit
data:
  impressions: {path: impressions.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: items.parquet, columns: {item: item_id}}
  users: {path: users.parquet, columns: {user: user_id}}
  candidates: {path: candidates.parquet, columns: {request: request_id, item: item_id, rank: rank}}
events: {click: is_click, first: {column: item_id, op: "<", value: 5}}
window: {train: {from: 2026-11-20, to: 2026-11-20}, eval: {from: 2026-11-21, to: 2026-11-21}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: 4
      exclude: {events: [click], within: train}
      mix:
        ${mix}
`;

/** Uniform numbers in [0, 1), the same in each run. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const at = (hour: number): string => `TIMESTAMP '2026-11-20' + INTERVAL (${hour}) HOUR`;
const requestSql = (request: string | null, type: RequestType): string =>
  `${request === null ? 'NULL' : `'${request}'`}::${type}`;
let worlds = 0;

/** Writes the inputs of a stage; returns their folder. */
export async function writtenWorld({
  log,
  candidates,
  items,
  users,
  requests = 'VARCHAR',
}: StageWorld): Promise<string> {
  const own = join(folder, `stage-${worlds++}`);
  mkdirSync(own);
  const table = async (name: string, columns: string, rows: readonly string[]): Promise<string> =>
    await parquet(join(own, name), `SELECT * FROM (VALUES ${rows.join(', ')}) t(${columns})`);
  await table(
    'impressions.parquet',
    'user_id, item_id, request_id, ts, is_click',
    log.map((row) => `(${row.user}, ${row.item}, ${requestSql(row.request, requests)}, ${at(row.hour)}, ${row.click})`),
  );
  await table(
    'items.parquet',
    'item_id, city',
    [...items].map(([item, city]) => `(${item}, '${city}')`),
  );
  await table(
    'users.parquet',
    'user_id, tier',
    [...users].map(([user, tier]) => `(${user}, '${tier}')`),
  );
  await table(
    'candidates.parquet',
    'request_id, item_id, rank',
    candidates.map(({ request, item, rank }) => `(${requestSql(request, requests)}, ${item}, ${rank})`),
  );
  return own;
}

/** Writes a sample file. `isNamed`: with the column `entry`. `negative`: the label of negatives. */
export async function writtenSample(
  own: string,
  rows: readonly Sampled[],
  isNamed: boolean,
  { negative = 0, requests = 'VARCHAR' }: { readonly negative?: number; readonly requests?: RequestType } = {},
): Promise<string> {
  const values = rows.map(
    (row) =>
      `(${row.user}, ${row.item}, ${row.label === 0 ? negative : 1}, ${requestSql(row.request, requests)}, ${at(row.hour)}${isNamed ? `, ${row.entry === null ? 'NULL' : `'${row.entry}'`}, ${row.positive}` : ''})`,
  );
  return await parquet(
    join(own, `sample-${worlds++}.parquet`),
    `SELECT * FROM (VALUES ${values.join(', ')}) t(user_id, item_id, label, request_id, ts${isNamed ? ', entry, positive_item' : ''})`,
  );
}

const record: SampleRecord = { lock: null, config: null, notices: [] };

/** Compares a sample with the recall stage of the config of its folder. */
function stageOptions(
  own: string,
  sample: string,
  mix = defaultMix,
  split: Split | null = null,
  edit: (config: string) => string = (config) => config,
): AuditOptions {
  const path = join(own, 'recall.ratio.yaml');
  return {
    sample,
    of: {
      config: openConfig({ path, name: path, text: edit(configWith(mix)), language: 'yaml', root: own }),
      stage: 'recall',
      split,
    },
    record,
    set: {},
    by: null,
    cache: null,
  };
}

/** What the engine is asked for such an audit. */
export async function stageRequest(own: string, sample: string): Promise<AuditRequest> {
  return await auditRequestOf(stageOptions(own, sample), { engine, cache: new FactsCache(), trusted: true }, {});
}

export async function auditedStage(
  own: string,
  sample: string,
  more: Partial<Pick<AuditOptions, 'by' | 'input' | 'cache'>> & {
    readonly baseline?: string;
    /** Entries of the config. */
    readonly mix?: string;
    /** Changes the config. */
    readonly edit?: (config: string) => string;
    readonly split?: Split;
    /** Called with each method that the engine is asked for, and its parameters. */
    readonly asked?: (method: EngineMethod, params: unknown) => void;
  } = {},
): Promise<Audited> {
  const { baseline, asked, mix, split, edit, ...rest } = more;
  const listened: EngineClient = {
    call: async (method, params, context) => {
      asked?.(method, params);
      return await engine.call(method, params, context);
    },
  };
  return await auditSample(
    {
      ...stageOptions(own, sample, mix, split, edit),
      ...rest,
      ...(baseline === undefined ? {} : { baseline: { sample: baseline, record } }),
    },
    { engine: listened, cache: new FactsCache(), trusted: true },
    {},
  );
}
