import type { ConfigDraft, Row, Table, World } from './world.ts';

/** One shown item, as the log has it. */
export interface Shown {
  /** Number of the row in the log, from 0: the column `row_no`. */
  readonly row: number;
  readonly user: string;
  readonly item: string;
  /** Microseconds since the epoch, UTC. */
  readonly time: number;
  /** Empty if the log has no requests. */
  readonly request: string;
  readonly clicked: boolean;
}

/** What a user did to an item outside of the impressions. */
export interface Action {
  readonly user: string;
  readonly item: string;
  readonly time: number;
}

/** First and last microsecond of a split. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A log that a test makes, and everything that a test may ask about it. */
export interface ActionLog {
  readonly name: string;
  readonly shown: readonly Shown[];
  /** Events of `data.clicks`. */
  readonly visits: readonly Action[];
  readonly rejections: readonly Action[];
  /** The corpus: the time from which an item exists, null: always; and its category. */
  readonly items: ReadonlyMap<string, { readonly created: number | null; readonly category: string }>;
  readonly users: ReadonlyMap<string, { readonly region: string }>;
  /** Value of `item_rate` in the log row of an item at a time. */
  readonly rateOf: (item: string, time: number) => number;
  /** Value of `device` in a log row. */
  readonly deviceOf: (shown: Shown) => string;
  readonly train: Span;
  readonly eval: Span;
  /** `window.known_until`; null: the newest impression or visit. */
  readonly knownUntil: number | null;
  readonly window: Readonly<Record<'train' | 'eval', { readonly from: string; readonly to: string }>>;
  readonly data: ConfigDraft['data'];
  readonly events: Readonly<Record<string, unknown>>;
  readonly tables: World['tables'];
}

export const hour = 3_600_000_000;
export const day = 24 * hour;

/** A time column in microseconds. */
export const micros = (column: string): { readonly column: string; readonly unit: 'us' } => ({ column, unit: 'us' });

/** A value from 0 to 0.999 that depends on the item and the hour alone: log rows of equal times have equal values. */
export function hourlyRate(item: string, time: number): number {
  return ((Number(item.replace(/^\D+/, '')) * 37 + Math.floor(time / hour) * 101) % 1000) / 1000;
}

/** A table of user, item and time. */
export function actionTable(actions: readonly Action[], idType: 'VARCHAR' | 'BIGINT'): Table {
  return {
    types: { user_id: idType, item_id: idType, done_at: 'BIGINT', action: 'VARCHAR' },
    rows: actions.map(({ user, item, time }): Row => {
      const id = (text: string): string | number => (idType === 'BIGINT' ? Number(text) : text);
      return { user_id: id(user), item_id: id(item), done_at: time, action: 'visit' };
    }),
  };
}

/** ISO 8601 without zone, to the second. */
export const timeText = (time: number): string => new Date(time / 1000).toISOString().slice(0, 19);
