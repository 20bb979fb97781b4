import { Dice } from '../sampling/dice.ts';
import { withEventOptions } from '../sampling/eventOptions.ts';
import { randomTables, type Traits } from '../sampling/randomTables.ts';
import { roleOfTime } from '../sampling/timeForms.ts';
import type { Cell, ConfigDraft, Row, StageDraft, Table, World } from '../sampling/world.ts';

/**
 * Worlds that hold everything at once: every source and unit, both splits, the options of draws and output; text and
 * 64-bit ids, Unicode, NULL, NaN, duplicates, ties, empty lists, a user with more than 1,024 items, and a zone whose
 * clocks change.
 */

/** Names that need quotes everywhere. */
const renamed: Readonly<Record<string, string>> = {
  user_id: 'user id',
  item_id: 'order',
  ts: 'timestamp',
  request_id: 'select',
  is_click: 'is click',
  play_time: 'Spielzeit ✓',
  is_viewed: 'group by',
  mark: 'NULL',
  scene: 'case',
  city: '城市',
  category: 'from',
  price: 'where',
  region: 'table',
  level: 'join',
  hist: 'array<string>',
  uid: 'values',
  iid: 'using',
  rid: 'lateral view',
  done_at: 'current_date',
  created_at: 'created at',
  removed_at: 'interval',
};

const traits: Traits = {
  zone: 'America/New_York',
  userKind: 'VARCHAR',
  itemKind: 'BIGINT',
  requestKind: 'VARCHAR',
  coarse: true,
  size: 'ordinary',
  hasItems: true,
  hasUsers: true,
  hasCandidates: true,
  candidateUser: true,
  candidateTime: true,
  hasRejections: true,
  hasClicks: true,
  clickRequest: true,
  flags: 'DOUBLE',
  times: { impressions: 'us', candidates: 'us', rejections: 'date', created: 'date', removed: 'zoned' },
};

const training = { in_batch: { batch_size: 7, weight: 0.3 }, logq: 'shares' };
const window = {
  train: { from: '2026-10-31', to: '2026-11-08T15:30:00' },
  eval: { from: '2026-11-09', to: '2026-11-12' },
};
const history = { column: 'hist', separator: ', ' };
const exclude = { events: ['click'], lookback: '3d', history };
const popular = { source: 'popularity', count: 'click', exponent: 0.75 };
const shared = {
  rejected: { count: 2, before: true },
  hard_rank: { count: 2, ranks: [1, 4] },
  hard_score: { count: 2, skip: 1, top: 6, by: 'score', exclude: { events: ['impressions'], within: 'all', history } },
  ranked_unexposed: { count: 2, by: 'channel' },
  coarse_filtered: 2,
  exposed_random: { count: 1, weight: 'impressions' },
};

const recall: StageDraft = {
  unit: 'positive',
  positives: {
    events: { click: 1, long_play: 2, buy: 0.5 },
    downsample_hot: { threshold: 0.05 },
    max_per_user_per_day: 3,
    min_steps: { 行为: 1 },
  },
  negatives: {
    per_positive: {
      ...shared,
      exposed_unclicked: { count: 3, seen: 'viewed' },
      'Ünïcode 负样本': { source: 'global_random', count: 3, where: { price: { op: '>', value: 20 } } },
      same_attribute: { count: 2, match: ['city', 'category'], weight: 'popularity' },
    },
    exclude,
    on_shortfall: 'refill',
    refill_from: 'Ünïcode 负样本',
  },
  training,
};

const coarse: StageDraft = {
  unit: 'request',
  positives: { events: { click: 1, strong: 2 } },
  negatives: {
    per_request: 14,
    mix: {
      exposed_unclicked: { share: 0.2, scope: 'user', mature_after: '12h' },
      daily: { ...popular, share: 0.2, as_of: 'day', window: '2d', group_by: ['region', 'level'], smoothing: 0.5 },
      fixed: { ...popular, share: 0.1, as_of: '2026-11-05', group_by: 'region' },
      global_random: 0.1,
      rejected: { share: 0.1, exclude: 'none' },
      hard_rank: { share: 0.1, ranks: [2, 100], channel: 'i2i' },
      hard_score: { share: 0.1, by: 'teacher' },
      coarse_filtered: { share: 0.1, by: 'channel' },
    },
    exclude,
  },
  training: { logq: 'corpus', in_batch: { batch_size: 64 } },
  teacher: { column: 'teacher', kind: 'probability', on: 'exposed' },
};

const fine: StageDraft = {
  unit: 'impression',
  positives: { events: { click: 1, buy: 2 } },
  negatives: {
    mix: { exposed_unclicked: { share: 1, seen: 'above_last_click+2', mature_after: '30m' } },
    downsample: 0.5,
    calibration: 'weight',
  },
  teacher: { column: 'mark', from: 'impressions', kind: 'score', on: 'all' },
};

const pass = [
  { as: 'shown', column: 'mark' },
  { as: 'context', column: 'scene', side: 'context' },
  { as: 'newest', column: 'mark', side: 'item', max_age: '30h' },
  { as: '价格', column: 'price' },
  { as: 'end', column: 'region', from: 'users' },
];
/** Sequences of each unit: together all keys, also events of the table as parts of steps. */
const sequences = {
  positive: {
    recent: {
      ...{ events: { impressions: 0, click: 1, buy: 4 }, length: 3, available_after: '20h', dedup: 'item' },
      columns: [
        ...['item', 'time', 'age', 'event', 'actions'],
        { column: 'mark', as: 'm' },
        { column: 'city', as: 'c' },
      ],
    },
    行为: {
      ...{ events: ['click'], length: 5, as_of: 'day', available_after: '6h', session: { gap: '20h', keep: 2 } },
      columns: ['item', 'time', 'session'],
    },
  },
  request: {
    skips: {
      ...{ events: ['impressions', 'buy'], without: ['click'], length: 4, available_after: '1h' },
      ...{ dedup: 'consecutive', newest_first: true, columns: ['item', 'time', 'actions', 'event'] },
    },
  },
  impression: {
    weighted: { events: { click: 0.5, buy: 1 }, length: 2, available_after: '0s', dedup: 'item', lookback: '4d' },
    feed: {
      ...{ events: ['impressions'], length: 2, available_after: '0s', where: { scene: 'feed' } },
      columns: ['item', 'age', { column: 'scene', as: 's' }],
    },
  },
};
const outcomes = { events: ['click', { event: 'buy', mature_after: '20h' }], graded: true };
const days = { partition_by: { column: 'day of', format: 'yyyyMMdd' } };

/** A world that holds everything, and its users with rows in its own job; null: all. */
export interface EveryWorld {
  readonly world: World;
  readonly users: readonly string[] | null;
}

/** One world for each unit. */
export function everyWorlds(): readonly EveryWorld[] {
  return [
    everyWorld('everything, heavy', { ...traits, size: 'heavy' }, 'recall', recall, {
      ...{ layout: 'wide', order: 'shuffled', shards: 2, group_id: true },
      ...days,
      pass_through: pass,
      sequences: sequences.positive,
      ...outcomes,
    }),
    everyWorld(
      'everything, by request',
      { ...traits, userKind: 'BIGINT', itemKind: 'VARCHAR' },
      'coarse_ranking',
      coarse,
      {
        layout: 'request',
        pass_through: [...pass, { as: 'a', column: 'rank' }],
        sequences: sequences.request,
        ...outcomes,
      },
      'eval',
      true,
    ),
    everyWorld('everything, shown', traits, 'fine_ranking', fine, {
      ...{ order: 'shuffled_rows', shards: 3, pass_through: pass, sequences: sequences.impression },
      ...days,
      ...outcomes,
    }),
  ];
}

function everyWorld(
  name: string,
  of: Traits,
  stage: World['stage'],
  draft: StageDraft,
  output: Record<string, unknown>,
  split: World['split'] = 'train',
  hasUsers = false,
): EveryWorld {
  for (let k = 0; k < 500; k++) {
    const dice = new Dice(`${name} ${k}`);
    const tables = withPast(randomTables(dice, of), dice);
    const rows = tables.impressions?.rows ?? [];
    const found = [...new Set(rows.map((row) => row['user_id'] ?? null))].filter((user) => user !== null).map(String);
    if (rows.length < 90 || found.length < 3) continue;
    const config: ConfigDraft = {
      version: 1,
      seed: '种子 ✓',
      epoch: 2,
      timezone: of.zone,
      window,
      data: dataOf(of),
      events: {
        click: 'is_click',
        long_play: { column: 'play_time', op: '>=', value: 7 },
        buy: { column: 'bought', op: '=', value: 1 },
        strong: {
          any: [{ all: ['is_click', { not: { column: 'play_time', op: '<', value: 9 } }] }, { event: 'long_play' }],
        },
      },
      stages: { [stage]: draft },
      output,
    };
    const events = withEventOptions({ config, tables }, dice);
    const { clicks } = events.config.data;
    if (clicks?.columns['time'] === undefined) continue;
    const data = { ...events.config.data, clicks: { ...clicks, unmatched: 'positive' } };
    const world: World = { name, stage, split, config: { ...events.config, data }, tables: events.tables };
    return { world: withNames(world), users: hasUsers ? found.filter((_, n) => n % 3 !== 2) : null };
  }
  throw new Error(`no data for ${name}`);
}

function dataOf({ times }: Traits): ConfigDraft['data'] {
  return {
    impressions: {
      columns: {
        user: 'user_id',
        item: 'item_id',
        time: roleOfTime(times.impressions, 'ts'),
        request: 'request_id',
        position: 'position',
        viewed: 'is_viewed',
      },
    },
    clicks: { columns: { user: 'uid', item: 'iid', request: 'rid' } },
    items: {
      columns: { item: 'item_id', created: 'created_at', removed: 'removed_at', attributes: ['city', 'category'] },
      where: { status: ['online', 'offline'] },
    },
    users: { columns: { user: 'user_id', attributes: ['region', 'level'] } },
    candidates: {
      columns: {
        ...{ item: 'item_id', request: 'request_id', channel: 'channel', rank: 'rank', reached: 'reached' },
        ...{ score: 'score', teacher: 'teacher', user: 'user_id', time: roleOfTime(times.candidates, 'ts') },
      },
    },
    rejections: { kind: 'by_user', columns: { user: 'user_id', item: 'item_id', time: 'ts' } },
  };
}

/** Past items in the impressions: known and unknown ids, blanks, none. */
function withPast(tables: World['tables'], dice: Dice): World['tables'] {
  const { impressions } = tables;
  if (!impressions) return tables;
  const known = impressions.rows.map((row) => row['item_id'] ?? null);
  const past = (): Cell =>
    dice.pick([
      null,
      '',
      ` ${String(dice.pick(known))}, gone, `,
      [dice.pick(known), dice.pick(known), '1.5'].join(', '),
    ]);
  const rows = impressions.rows.map((row): Row => ({ ...row, hist: past() }));
  return { ...tables, impressions: { types: { ...impressions.types, hist: 'VARCHAR' }, rows } };
}

const newName = (name: string): string => renamed[name] ?? name;

/** The world with columns whose names need quotes. */
function withNames(world: World): World {
  const table = ({ types, rows }: Table): Table => ({ types: keyed(types), rows: rows.map((row) => keyed(row)) });
  const tables = Object.entries(world.tables).map(([name, one]) => [name, table(one)] as const);
  return {
    ...world,
    tables: Object.fromEntries(tables),
    config: named(world.config) as ConfigDraft,
  };
}

function keyed<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [newName(name), value]));
}

function named(value: unknown): unknown {
  if (typeof value === 'string') return newName(value);
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [newName(key), named(one)]));
}
