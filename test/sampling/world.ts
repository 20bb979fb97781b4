import type { Stage } from '../../src/core/schema/stage.ts';

/** A cell in the form of the reference: times are integers or ISO 8601 text, integer ids are bigint. */
export type Cell = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, Cell>>;
export type TableName = 'impressions' | 'clicks' | 'items' | 'users' | 'candidates' | 'rejections';
export type Table = {
  /** Columns with their DuckDB types in Parquet files. */
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
};

/** An entry of a mix: its amount, or a map with options. */
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
/** A ratio config as JSON; file paths are added later. */
export interface ConfigDraft extends Record<string, unknown> {
  data: Partial<Record<TableName, Record<string, unknown> & { columns: Record<string, unknown> }>>;
  stages: Partial<Record<Stage, StageDraft>>;
}

/** Data, and a config with one stage that samples from them. */
export interface World {
  readonly name: string;
  readonly stage: Stage;
  /** The split; default: `train`. */
  readonly split?: 'train' | 'eval';
  readonly config: ConfigDraft;
  readonly tables: Partial<Record<TableName, Table>>;
}

/** JSON with integers of any size and with NaN; Python can read it. */
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

/** Entries of a stage's mix, and the key below `negatives` that contains them. */
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
