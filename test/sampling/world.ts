import type { Stage } from '../../src/core/schema/stage.ts';

/** A cell as the reference reads it: times are integers or ISO 8601 text, integer ids are bigint. */
export type Cell = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, Cell>>;
export type TableName = 'impressions' | 'clicks' | 'items' | 'users' | 'candidates' | 'rejections';
export type Table = {
  /** Columns with their types in DuckDB, in which Parquet files have them. */
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
};

/** A mix of a stage: an entry's amount, or a map with options. */
export type EntryDraft = number | Record<string, unknown>;
export interface NegativesDraft extends Record<string, unknown> {
  per_positive?: number | Record<string, EntryDraft>;
  per_request?: number | Record<string, EntryDraft>;
  mix?: Record<string, EntryDraft>;
}
export interface StageDraft extends Record<string, unknown> {
  unit: 'positive' | 'request' | 'impression';
  negatives: NegativesDraft;
}
/** A ratio config as JSON; the places of the files come later. */
export interface ConfigDraft extends Record<string, unknown> {
  data: Partial<Record<TableName, Record<string, unknown> & { columns: Record<string, unknown> }>>;
  stages: Partial<Record<Stage, StageDraft>>;
}

/** Data and a config of one stage that draws from them. */
export interface World {
  readonly name: string;
  readonly stage: Stage;
  /** Of which window; `train` without. */
  readonly split?: 'train' | 'eval';
  readonly config: ConfigDraft;
  readonly tables: Partial<Record<TableName, Table>>;
}

/** JSON with integers of any size, and with NaN, which Python reads. */
export function exactJson(value: unknown): string {
  if (Number.isNaN(value)) return 'NaN';
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${exactJson(field)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The stage's part of the config. */
export function stageOf({ config, stage }: Pick<World, 'config' | 'stage'>): StageDraft {
  const draft = config.stages[stage];
  if (!draft) throw new Error(`the world has no stage ${stage}`);
  return draft;
}

/** Entries of a stage's mix, and under which key of the negatives they stand. */
export function entriesOf(negatives: NegativesDraft): {
  readonly key: 'mix' | 'per_positive' | 'per_request';
  readonly entries: Record<string, EntryDraft>;
} {
  if (negatives.mix) return { key: 'mix', entries: negatives.mix };
  for (const key of ['per_positive', 'per_request'] as const) {
    const entries = negatives[key];
    if (typeof entries === 'object') return { key, entries };
  }
  return { key: 'mix', entries: {} };
}
