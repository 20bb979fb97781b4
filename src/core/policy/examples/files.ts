import { message } from '../../message/message.ts';
import type { Column } from '../../table/dataset.ts';
import type { LogicalType } from '../../table/type.ts';
import type { DatasetFacts } from '../../data/facts.ts';

const types = {
  boolean: { kind: 'boolean' },
  int8: { kind: 'integer', bits: 8, signed: true },
  int32: { kind: 'integer', bits: 32, signed: true },
  int64: { kind: 'integer', bits: 64, signed: true },
  double: { kind: 'float', bits: 64 },
  decimal: { kind: 'decimal', precision: 9, scale: 2 },
  string: { kind: 'string' },
  empty: { kind: 'string' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', unit: 'us', zoned: false },
  vector: { kind: 'list', item: { kind: 'float', bits: 32 } },
  wide: {
    kind: 'unreadable',
    name: 'decimal(45, 2)',
    reason: message('decimals of more than {0} digits would not be exact', 38),
  },
  ids: { kind: 'list', item: { kind: 'integer', bits: 64, signed: true } },
  times: { kind: 'list', item: { kind: 'timestamp', unit: 'us', zoned: false } },
} as const satisfies Readonly<Record<string, LogicalType>>;

/**
 * Files with columns given as `name:type name:type`, for cases that do not use the files of the demo workspace. `empty`
 * is a column of text files without values.
 */
export function files(
  columns: string,
  overrides: Partial<Extract<DatasetFacts, { state: 'known' }>> = {},
): DatasetFacts {
  return {
    state: 'known',
    rows: 1000,
    files: 1,
    bytes: 10_000,
    fingerprint: 'case',
    ranges: {},
    unevenPartitions: [],
    textual: false,
    ...overrides,
    columns: columns.split(' ').map((text): Column => {
      const [name = '', type = ''] = text.split(':');
      const column = { name, type: types[type as keyof typeof types], role: null, partition: false };
      return type === 'empty' ? { ...column, hasValues: false } : column;
    }),
  };
}

/** Columns of the demo workspace's impressions, for cases that change one. */
export const impressionColumns =
  'user_id:int64 item_id:int64 ts:timestamp request_id:int64 position:int32 is_viewed:boolean is_click:int8 play_time:double device:string shown_price:decimal item_ctr:double teacher_score:double';
