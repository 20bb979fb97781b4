import type { Column, Dataset, FileFacts } from '../../src/core/table/dataset.ts';
import type { ColumnProfile, Histogram, ListFacts } from '../../src/core/table/profile.ts';
import type { PageColumn } from '../../src/core/table/page.ts';
import type { Role } from '../../src/core/table/role.ts';
import type { LogicalType } from '../../src/core/table/type.ts';

/** Computed from the row number alone, so that every row is known without storing it. */
export const titles = [
  '西湖边的露台民宿',
  '什刹海四合院东厢房',
  '河坊街老宅 · 近地铁',
  '龙井村茶园小院',
  '洱海海景双人房 · 含早',
  'Machiya by the Kamo river, quiet street',
  '玉林路小酒馆楼上',
  '宽窄巷子庭院三居',
  '古城北门白族小院',
  'Queens shared flat, 20 min to Midtown',
  '外滩江景一居室',
  'Alfama azulejo flat, river view',
  'Montmartre studio, rooftop',
];
export const cities = ['杭州', '北京', '大理', 'Kyoto', '成都', '上海', 'Lisboa', 'New York', 'Paris'];
const sources = [
  'exposed_unclicked',
  'exposed_unclicked',
  'exposed_unclicked',
  'popularity',
  'popularity',
  'popularity',
  'popularity',
  'global_random',
  'global_random',
  'hard_rank',
];

const int64: LogicalType = { kind: 'integer', bits: 64, signed: true };
const base: [string, LogicalType, Role | null][] = [
  ['user_id', int64, 'user'],
  ['item_id', int64, 'item'],
  ['title', { kind: 'string' }, null],
  ['city', { kind: 'enum' }, 'attribute'],
  ['label', { kind: 'integer', bits: 8, signed: true }, 'label'],
  ['source', { kind: 'string' }, 'source'],
  ['log_q', { kind: 'float', bits: 64 }, 'log-q'],
  ['ts', { kind: 'timestamp', unit: 'us', zoned: true }, 'time'],
  ['positive_item', int64, 'positive-item'],
  ['draw', { kind: 'integer', bits: 32, signed: true }, null],
  ['item_emb', { kind: 'list', item: { kind: 'float', bits: 32 }, size: 64 }, 'embedding'],
  [
    'context',
    {
      kind: 'struct',
      fields: [
        { name: 'device', type: { kind: 'string' } },
        { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
      ],
    },
    null,
  ],
];

export function fakeColumns(count: number): Column[] {
  return Array.from({ length: count }, (_, k): Column => {
    const [name, type, role] = base[k] ?? [`feature_${k}`, { kind: 'float', bits: 32 }, null];
    return {
      name,
      type,
      partition: false,
      role: role === null ? null : { role, set: false, reason: { text: 'Named {0}', args: [name] } },
    };
  });
}

/** A number in [0, 1) from a row and a column. */
export function hash(row: number, column: number): number {
  let h = Math.imul((row ^ 0x9e3779b9) >>> 0, 0x85ebca6b) ^ Math.imul(column + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

const pick = <T>(list: readonly T[], row: number, column: number, fallback: T): T =>
  list[Math.floor(hash(row, column) * list.length)] ?? fallback;
const isPositive = (row: number): boolean => row % 11 === 0;
export const itemId = (row: number): bigint => 4820193377516093441n + BigInt(Math.floor(hash(row, 1) * 3e9));

export function fakeValue(row: number, column: number): PageColumn['values'][number] {
  const group = Math.floor(row / 11);
  switch (column) {
    case 0:
      return 7203685477590228993n + BigInt(Math.floor(hash(Math.floor(row / 44), 0) * 1e9));
    case 1:
      return itemId(row);
    case 2:
      return row % 97 === 5 ? '' : pick(titles, row, 2, '');
    case 3:
      return row % 53 === 7 ? null : pick(cities, row, 3, '');
    case 4:
      return isPositive(row) ? 1 : 0;
    case 5:
      return isPositive(row) ? null : (sources[(row % 11) - 1] ?? 'rejected');
    case 6:
      return isPositive(row) ? null : -Math.round((5 + hash(row, 6) * 9) * 10_000) / 10_000;
    case 7:
      return `2026-03-${String(1 + (group % 14)).padStart(2, '0')} ${String(group % 24).padStart(2, '0')}:07:12.${String(Math.floor(hash(row, 7) * 1e6)).padStart(6, '0')}`;
    case 8:
      return itemId(group * 11);
    case 9:
      return isPositive(row) ? null : Math.floor(hash(row, 9) * 5);
    case 10:
      return JSON.stringify(
        Array.from({ length: 64 }, (_, k) => Math.round((hash(row, 100 + k) - 0.5) * 4000) / 10_000),
      );
    case 11:
      return JSON.stringify({
        device: pick(['ios', 'android', 'web'], row, 11, ''),
        tags: ['river', 'quiet', '含早'].slice(0, 1 + (row % 3)),
      });
    default:
      return Math.fround(Math.round(hash(row, column) * 1000) / 1000);
  }
}

/** A text that is longer than a page delivers, with emoji throughout. */
export const longTitle = Array.from({ length: 6000 }, (_, k) => (k % 7 === 3 ? '🎿' : String(k % 10))).join('');

const counts = (f: (k: number) => number, n = 32): number[] => Array.from({ length: n }, (_, k) => Math.round(f(k)));

function fakeHistogram(column: number, rows: number): Histogram {
  const share = rows / 32;
  if (column === 4)
    return {
      kind: 'parts',
      parts: [
        { value: 0, count: Math.round(rows * 0.9029) },
        { value: 1, count: Math.round(rows * 0.0971) },
      ],
    };
  if (column === 5)
    return {
      kind: 'parts',
      parts: [
        ['popularity', 0.3885],
        ['exposed_unclicked', 0.223],
        ['global_random', 0.194],
        ['hard_rank', 0.0966],
      ].map(([value, part]) => ({ value: value as string, count: Math.round(rows * (part as number)) })),
    };
  if (column === 7)
    return {
      kind: 'range',
      from: '2026-03-01 00:00:00.004000',
      to: '2026-03-14 23:59:59.981000',
      counts: counts((k) => share * (1 + Math.sin(k / 2.2) * 0.7)),
    };
  if ([0, 1, 3, 8].includes(column))
    return { kind: 'rank', counts: counts((k) => share / (1 + k * (0.12 + column / 10))) };
  if (column === 6)
    return {
      kind: 'range',
      from: -14.0016,
      to: -1.6094,
      counts: counts(
        (k) =>
          share *
          (k === 0 ? 2.2 : k === 20 ? 1.1 : Math.exp(-(((k - 10) / 4) ** 2)) + Math.exp(-(((k - 26) / 2) ** 2))),
      ),
    };
  if (column === 11) return { kind: 'none' };
  const of = column === 10 ? { of: 'norm' as const } : {};
  return { kind: 'range', ...of, from: 0, to: 1, counts: counts((k) => share * Math.exp(-(((k - 12) / 6) ** 2))) };
}

export function fakeProfile(column: Column, index: number, rows: number): ColumnProfile {
  const exactText = index === 0 || index === 1 || index === 8;
  const min = exactText
    ? '4820193377516093441'
    : index === 7
      ? '2026-03-01 00:00:00.004000'
      : index === 6
        ? -14.0016
        : index === 2
          ? 'Alfama azulejo flat, river view'
          : index === 3
            ? 'Kyoto'
            : 0;
  const max = exactText
    ? '5190284413028810337'
    : index === 7
      ? '2026-03-14 23:59:59.981000'
      : index === 6
        ? -1.6094
        : index === 2
          ? '龙井村茶园小院'
          : index === 3
            ? '杭州'
            : 1;
  const hasNulls = index === 6 || index === 9 || index === 5;
  const nulls = hasNulls ? Math.round(rows * 0.0971) : index === 3 ? Math.round(rows * 0.0031) : 0;
  const q = { p5: -14.0016, p25: -13.0247, p50: -10.512, p75: -4.2195, p95: -3.3322 };
  const lengths = { p5: 4, p25: 9, p50: 14, p75: 22, p95: 41 };
  const flat = { p5: 0, p25: 0.2, p50: 0.5, p75: 0.75, p95: 0.95 };
  const top =
    index === 6
      ? [-14.0016, -5.9915, -4.0073, -3.989, -3.9703]
      : index === 5
        ? ['popularity', 'exposed_unclicked', 'global_random', 'hard_rank']
        : index === 4
          ? [0, 1]
          : index === 3
            ? cities.slice(0, 5)
            : exactText
              ? ['4820193377516093441', '4820193380217640019', '5190284413028810337']
              : index === 2
                ? titles.slice(0, 5)
                : [];
  return {
    name: column.name,
    type: column.type,
    role: column.role,
    rows,
    nulls,
    distinct: {
      value: [312408, 861230, 1187902, 214, 2, 4, 2204871, 1801466][index] ?? 861058,
      exact: index < 6 && index !== 2,
    },
    min,
    max,
    mean: column.type.kind === 'float' ? -9.1034 : null,
    sd: column.type.kind === 'float' ? 3.8817 : null,
    quantiles:
      index === 6
        ? { ...q, exact: false }
        : index === 2
          ? { ...lengths, exact: true }
          : column.type.kind === 'float' || index === 9
            ? { ...flat, exact: true }
            : null,
    of: index === 2 ? 'length' : 'value',
    top: top.map((value, k) => ({
      value,
      count: Math.round((rows - nulls) * (index === 4 ? ([0.9029, 0.0971][k] ?? 0) : 0.2152 / (1 + k))),
    })),
    topExact: true,
    histogram: fakeHistogram(index, rows),
    ...(index === 10 ? { list: vectors } : {}),
    ...(column.type.kind === 'float' ? { notFinite: { nan: index === 13 ? 12 : 0, infinite: 0 } } : {}),
  };
}

const vectors: ListFacts = {
  sequence: null,
  shortest: 64,
  longest: 64,
  emptyLists: 0,
  listsWithNulls: 0,
  vectors: { min: 0, max: 1, mean: 0.4, zero: 17, notFinite: 0 },
};

/** A profile with the fields of the struct and the dimensions of the embedding. */
export function fakeNested(column: Column, index: number, rows: number): ColumnProfile {
  const profile = fakeProfile(column, index, rows);
  if (index === 10) {
    const means = Array.from({ length: 64 }, (_, k) => Math.sin(k / 5) / 4);
    return { ...profile, dimensions: { rows: 62_500, complete: false, means, sds: means.map(() => 0.3) } };
  }
  const [city, draw] = fakeColumns(10).filter((_, k) => k === 3 || k === 9);
  if (index !== 11 || !city || !draw) return profile;
  const list = [
    { ...fakeProfile(city, 3, rows), name: 'device' },
    { ...fakeProfile(draw, 9, rows), name: 'size.w' },
  ];
  return { ...profile, fields: { total: 2, list } };
}

export function fakeDataset(rows: number, columns: number): Dataset {
  return {
    path: '/data/out/recall.parquet',
    format: 'parquet',
    compression: 'none',
    files: 1,
    bytes: 1_420_318_002,
    rows,
    columns: fakeColumns(columns),
    notices: [],
    fingerprint: 'f1',
  };
}

export function fakeFacts(dataset: Dataset): FileFacts {
  const groups = 157;
  return {
    files: {
      total: 1,
      list: [
        {
          path: dataset.path,
          bytes: dataset.bytes,
          rows: dataset.rows,
          modified: Date.UTC(2026, 2, 14, 2, 41),
          partition: { dt: '2026-03-14' },
        },
      ],
    },
    partitionColumns: ['dt'],
    arrow: null,
    parquet: {
      createdBy: 'parquet-cpp-arrow version 15.0.2',
      version: '2.6',
      rowGroups: {
        total: groups,
        list: Array.from({ length: 40 }, (_, index) => ({
          file: 0,
          index,
          rows: 122_880,
          compressedBytes: 9_046_612 + index * 1000,
          uncompressedBytes: 21_046_612 + index * 900,
        })),
      },
      columns: {
        total: dataset.columns.length,
        list: dataset.columns.slice(0, 100).map((column, k) => ({
          name: column.name,
          physicalType: k < 2 ? 'INT64' : 'BYTE_ARRAY',
          codecs: ['ZSTD'],
          encodings: ['RLE_DICTIONARY', 'PLAIN'],
          compressedBytes: Math.round(420_000_000 / (k + 1)),
          uncompressedBytes: Math.round(900_000_000 / (k + 1)),
          statistics: k < 8,
        })),
      },
      keyValues: {
        total: 2,
        list: [
          {
            key: 'ARROW:schema',
            value: '/////1gCAAAQAAAAAAAKAA4ABgAFAAgACgAAAAABBAAQAAAAAAAKAAwAAAAEAAgACgAAAFQBAAAEAAAA'.repeat(6),
            bytes: 48_213,
          },
          { key: 'pandas', value: '{"index_columns": [], "creator": {"library": "pyarrow", "version": "15.0.2"}}' },
        ],
      },
    },
    text: null,
  };
}
