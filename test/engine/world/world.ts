import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seeded } from '../../../src/core/sampling/rng.ts';
import { parquet } from '../fixture.ts';
import {
  cellOf,
  dayMoment,
  day,
  momentOf,
  second,
  sqlType,
  timeForms,
  type Moment,
  type TimeForm,
  type Zone,
  zones,
} from './times.ts';

/** A cell that may be NULL. */
type Maybe<T> = T | null;
export interface Impression {
  readonly user: Maybe<string>;
  readonly item: Maybe<string>;
  readonly time: Maybe<Moment>;
  readonly request: Maybe<string>;
  readonly position: Maybe<number>;
  readonly click: Maybe<boolean>;
  readonly play: Maybe<number>;
  readonly feed: Maybe<string>;
}
export interface Item {
  readonly item: Maybe<string>;
  readonly created: Maybe<Moment>;
  readonly removed: Maybe<Moment>;
}
export interface Pair {
  readonly user: Maybe<string>;
  readonly item: Maybe<string>;
  readonly request: Maybe<string>;
}
export interface Sample extends Pair {
  readonly label: Maybe<boolean>;
  readonly source: Maybe<string>;
  readonly positive: Maybe<string>;
  readonly time: Maybe<Moment>;
  readonly position: Maybe<number>;
}

/** How the files of a world are written. */
export interface Writing {
  readonly format: 'parquet' | 'csv';
  /** In text files some integers get leading zeros; they are still the same numbers. */
  readonly ids: 'int64' | 'string';
  readonly layout: 'long' | 'grouped';
  readonly zone: Zone;
  readonly forms: { readonly impressions: TimeForm; readonly items: TimeForm; readonly samples: TimeForm };
}

/**
 * A few users and items over a few days, so that everything occurs: repeated exposures, later clicks, refusals, gaps.
 */
export interface World extends Writing {
  readonly root: string;
  readonly impressions: readonly Impression[];
  /** Purchases in a separate file. */
  readonly clicks: Pair[];
  readonly items: readonly Item[];
  readonly rejections: readonly Pair[];
  readonly candidates: readonly Pair[];
  readonly samples: Sample[];
  readonly from: Moment;
  readonly to: Moment;
}

export const window = { from: '2026-11-05', to: '2026-11-08' } as const;
const start = Date.parse('2026-11-04T00:00:00Z') * 1000;

/** The world of a seed, written as the seed or the arguments decide. */
export async function makeWorld(seed: string, root: string, asked: Partial<Writing> = {}): Promise<World> {
  const generator = seeded(`world ${seed}`);
  const double = (): number => generator.double();
  const below = (n: number): number => Math.floor(double() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const maybe = <T>(make: () => T, nulls = 0.06): Maybe<T> => (double() < nulls ? null : make());
  const many = <T>(n: number, make: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => make(k));
  const form = (): TimeForm => one(timeForms);
  const writing: Writing = {
    format: one(['parquet', 'csv']),
    ids: one(['int64', 'string']),
    layout: 'long',
    zone: one(Object.keys(zones) as Zone[]),
    forms: { impressions: form(), items: form(), samples: form() },
    ...asked,
  };
  const { zone, forms } = writing;
  // 64-bit ids that differ only in the last digit.
  const id = (base: bigint, n: number) => (): string => String(base + BigInt(below(n)));
  const [user, item, request, sampled] = [
    id(7_203_685_477_500_600_520n, 20),
    id(4_820_193_308_562_714_770n, 9),
    id(1n, 30),
    id(1n, 18),
  ];
  const at = (): number => start + below(6) * day + below(96) * 900 * second + below(3) * 123_457;
  const stored = (which: keyof Writing['forms'], raw: Maybe<number>): Maybe<Moment> =>
    raw === null ? null : momentOf(raw, forms[which], zone);
  const pair = (): Pair => ({ user: maybe(user), item: maybe(item), request: maybe(request) });
  const raws = {
    impressions: [] as Maybe<number>[],
    created: [] as Maybe<number>[],
    removed: [] as Maybe<number>[],
    samples: [] as Maybe<number>[],
  };
  const time = (which: keyof Writing['forms'], into: Maybe<number>[], nulls = 0.06): Maybe<Moment> => {
    const raw = maybe(at, nulls);
    into.push(raw);
    return stored(which, raw);
  };
  const world: World = {
    ...writing,
    root,
    from: dayMoment(window.from, zone),
    to: dayMoment(window.to, zone),
    impressions: many(160, () => ({
      ...pair(),
      time: time('impressions', raws.impressions),
      position: maybe(() => 1 + below(4)),
      click: maybe(() => double() < 0.3),
      play: maybe(() => below(14) / 2, 0.2),
      feed: maybe(() => one(['home', 'home', 'search'])),
    })),
    clicks: [],
    items: many(10, () => ({
      item: maybe(item),
      created: time('items', raws.created, 0.3),
      removed: time('items', raws.removed, 0.5),
    })),
    rejections: many(16, pair),
    candidates: many(40, pair),
    samples: [],
  };
  // Most purchases are of shown items; some belong to another user or another request.
  for (const { user: who, item: what, request: where } of many(18, () => one(world.impressions)))
    world.clicks.push(
      one([
        { user: who, item: what, request: where },
        { user: who, item: what, request: where },
        { ...pair(), item: what, request: where },
        { ...pair(), user: who, item: what },
      ]),
    );
  const label = (): Maybe<boolean> => maybe(() => double() < 0.35);
  const source = (): Maybe<string> =>
    maybe(() => one(['exposed_unclicked', 'global_random', 'rejected', 'host_refused']), 0.1);
  for (let k = 0; k < 140; k++) {
    const again = below(world.samples.length * 3);
    const twin = world.samples[again];
    // One row in three repeats an earlier one, or differs from it in its label or source.
    if (twin) raws.samples.push(raws.samples[again] ?? null);
    world.samples.push(
      twin
        ? { ...twin, ...one([{}, { label: label() }, { source: source() }]) }
        : {
            ...pair(),
            request: maybe(sampled),
            label: label(),
            source: source(),
            positive: maybe(item),
            time: time('samples', raws.samples),
            position: maybe(() => 1 + below(4)),
          },
    );
  }
  await write(world, raws);
  return world;
}

const idColumns: ReadonlySet<string> = new Set(['the user', 'it"em', '请求', 'pos item']);

type Column = readonly [name: string, type: string, cells: readonly Maybe<string>[]];

async function write(
  world: World,
  raws: {
    readonly impressions: readonly Maybe<number>[];
    readonly created: readonly Maybe<number>[];
    readonly removed: readonly Maybe<number>[];
    readonly samples: readonly Maybe<number>[];
  },
): Promise<void> {
  const { forms, zone, ids } = world;
  const idType = ids === 'int64' ? 'BIGINT' : 'VARCHAR';
  const text = (value: Maybe<string | number | boolean>): Maybe<string> => (value === null ? null : String(value));
  const times = (cells: readonly Maybe<number>[], which: keyof Writing['forms']): Maybe<string>[] =>
    cells.map((raw) => (raw === null ? null : cellOf(raw, forms[which], zone)));
  const pairs = (rows: readonly Pair[]): Column[] => [
    ['the user', idType, rows.map(({ user }) => user)],
    ['it"em', idType, rows.map(({ item }) => item)],
    ['请求', idType, rows.map(({ request }) => request)],
  ];
  await table(world, 'impressions', [
    ...pairs(world.impressions),
    ['ts', sqlType(forms.impressions), times(raws.impressions, 'impressions')],
    ['pos', 'INTEGER', world.impressions.map(({ position }) => text(position))],
    ['click', 'BOOLEAN', world.impressions.map(({ click }) => text(click))],
    ['play', 'DOUBLE', world.impressions.map(({ play }) => text(play))],
    ['feed', 'VARCHAR', world.impressions.map(({ feed }) => feed)],
  ]);
  await table(world, 'clicks', [...pairs(world.clicks), ['bought', 'BOOLEAN', world.clicks.map(() => 'true')]]);
  await table(world, 'items', [
    ['it"em', idType, world.items.map(({ item }) => item)],
    ['created', sqlType(forms.items), times(raws.created, 'items')],
    ['removed', sqlType(forms.items), times(raws.removed, 'items')],
  ]);
  await table(world, 'rejections', pairs(world.rejections));
  await table(world, 'candidates', [
    ...pairs(world.candidates),
    ['reached', 'VARCHAR', world.candidates.map(() => 'coarse')],
  ]);
  await table(
    world,
    'samples',
    [
      ...pairs(world.samples),
      ['label', 'BOOLEAN', world.samples.map(({ label }) => text(label))],
      ['src', 'VARCHAR', world.samples.map(({ source }) => source)],
      ['pos item', idType, world.samples.map(({ positive }) => positive)],
      ['ts', sqlType(forms.samples), times(raws.samples, 'samples')],
      ['pos', 'INTEGER', world.samples.map(({ position }) => text(position))],
    ],
    world.layout === 'grouped',
  );
}

async function table(
  { root, format, ids }: World,
  name: string,
  columns: readonly Column[],
  grouped = false,
): Promise<void> {
  const rows = columns[0]?.[2].map((_, k) => columns.map(([, , cells]) => cells[k] ?? null)) ?? [];
  const file = join(root, `${name}.${format}`);
  mkdirSync(dirname(file), { recursive: true });
  if (format === 'csv') {
    // Leading zeros belong to a text but not to a number.
    const padded = (value: string, k: number): string =>
      ids === 'int64' && idColumns.has(columns[k]?.[0] ?? '') && value.endsWith('3') ? `00${value}` : value;
    const cell = (value: Maybe<string>, k: number): string => (value === null ? '' : `"${padded(value, k)}"`);
    writeFileSync(
      file,
      [columns.map(([column]) => `"${column.replaceAll('"', '""')}"`), ...rows.map((row) => row.map(cell))]
        .map((line) => `${line.join(',')}\n`)
        .join(''),
    );
    return;
  }
  const quoted = columns.map(([column]) => `"${column.replaceAll('"', '""')}"`);
  const values = rows.map(
    (row) =>
      `(${row.map((value, k) => `CAST(${value === null ? 'NULL' : `'${value}'`} AS ${columns[k]?.[1] ?? 'VARCHAR'})`).join(', ')})`,
  );
  const select = `SELECT * FROM (VALUES ${values.join(', ')}) t(${quoted.join(', ')})`;
  // One row per user and request; values that differ within it are lists. No user has an empty group.
  const [user, item, request, ...others] = quoted;
  await parquet(
    file,
    grouped
      ? `SELECT ${[user, request].join(', ')}, ${[item, ...others].map((column) => `list(${String(column)}) AS ${String(column)}`).join(', ')} FROM (${select}) GROUP BY ALL
    UNION ALL SELECT NULL, NULL, ${[item, ...others].map(() => '[]').join(', ')}`
      : select,
  );
}
