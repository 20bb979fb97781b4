import { Dice } from './dice.ts';
import type { ConfigDraft, EntryDraft, Row, StageDraft, Table, TableName, World } from './world.ts';

/** A small world for tests: a shop with a changing catalogue, and customers who click. */
export interface Shop {
  readonly tables: Partial<Record<TableName, Table>>;
  readonly impressions: readonly {
    readonly user: string;
    readonly item: string;
    readonly time: number;
    readonly request: string;
    readonly clicked: boolean;
  }[];
  readonly items: ReadonlyMap<
    string,
    { readonly created: number | null; readonly removed: number | null; readonly city: string }
  >;
}

/** A day in November 2026 at 00:00 UTC, in microseconds. */
export const novemberDay = (day: number): number => Date.UTC(2026, 10, day) * 1000;
const day = 86_400_000_000;

/** `users` customers with six requests each, and `items` items; the first items are shown most. */
export function makeShop(seed: string, users: number, items: number): Shop {
  const dice = new Dice(seed);
  const catalogue = new Map(
    Array.from(
      { length: items },
      (_, k) =>
        [
          `item-${k}`,
          {
            created: k % 5 === 1 ? novemberDay(dice.whole(1, 6)) : null,
            removed: k % 7 === 2 ? novemberDay(dice.whole(4, 9)) : null,
            city: k % 3 === 0 ? '杭州' : 'Oslo',
          },
        ] as const,
    ),
  );
  const impressions: Shop['impressions'][number][] = [];
  const rows: Row[] = [];
  const candidates: Row[] = [];
  for (let u = 0; u < users; u++) {
    for (let r = 0; r < 6; r++) {
      const request = `r-${u}-${r}`;
      const time = novemberDay(1) + Math.floor(dice.unit() * 8 * day);
      const shown = dice.some([...new Set(Array.from({ length: 8 }, () => Math.floor(dice.unit() ** 3 * items)))], 6);
      for (const [k, number] of shown.entries()) {
        const clicked = dice.chance(0.25);
        impressions.push({ user: `user-${u}`, item: `item-${number}`, time, request, clicked });
        rows.push({
          user_id: `user-${u}`,
          item_id: `item-${number}`,
          ts: time,
          request_id: request,
          position: k + 1,
          is_viewed: dice.chance(0.8),
          is_click: clicked,
        });
      }
      for (let k = 0; k < 30; k++) {
        candidates.push({
          user_id: `user-${u}`,
          request_id: request,
          item_id: `item-${dice.whole(0, items - 1)}`,
          channel: dice.pick(['hot', 'i2i', 'cf']),
          rank: k + 1,
          reached: dice.pick(['coarse', 'coarse', 'fine']),
          score: dice.unit(),
        });
      }
    }
  }
  return {
    impressions,
    items: catalogue,
    tables: {
      impressions: {
        types: {
          user_id: 'VARCHAR',
          item_id: 'VARCHAR',
          ts: 'BIGINT',
          request_id: 'VARCHAR',
          position: 'INTEGER',
          is_viewed: 'BOOLEAN',
          is_click: 'BOOLEAN',
        },
        rows,
      },
      items: {
        types: { item_id: 'VARCHAR', created_at: 'BIGINT', removed_at: 'BIGINT', city: 'VARCHAR' },
        rows: [...catalogue].map(([item, { created, removed, city }]) => ({
          item_id: item,
          created_at: created,
          removed_at: removed,
          city,
        })),
      },
      candidates: {
        types: {
          user_id: 'VARCHAR',
          request_id: 'VARCHAR',
          item_id: 'VARCHAR',
          channel: 'VARCHAR',
          rank: 'INTEGER',
          reached: 'VARCHAR',
          score: 'DOUBLE',
        },
        rows: candidates,
      },
    },
  };
}

const us = (column: string): { readonly column: string; readonly unit: string } => ({ column, unit: 'us' });

/** A config with one stage for a shop. */
export function shopWorld(
  shop: Shop,
  stage: World['stage'],
  draft: StageDraft,
  more: Partial<ConfigDraft> = {},
): World {
  return {
    name: 'shop',
    stage,
    tables: shop.tables,
    config: {
      version: 1,
      seed: 'shop',
      data: {
        impressions: {
          columns: {
            user: 'user_id',
            item: 'item_id',
            time: us('ts'),
            request: 'request_id',
            position: 'position',
            viewed: 'is_viewed',
          },
        },
        items: {
          columns: { item: 'item_id', created: us('created_at'), removed: us('removed_at'), attributes: ['city'] },
        },
        candidates: {
          columns: {
            user: 'user_id',
            item: 'item_id',
            request: 'request_id',
            channel: 'channel',
            rank: 'rank',
            reached: 'reached',
            score: 'score',
          },
        },
      },
      events: { click: 'is_click' },
      window: { train: { from: '2026-11-01', to: '2026-11-10' } },
      stages: { [stage]: draft },
      ...more,
    },
  };
}

/** Recall with a mix of shares, or of counts if no number per positive is given. */
export function recallOf(entries: Record<string, EntryDraft>, perPositive?: number): StageDraft {
  return {
    unit: 'positive',
    positives: { events: { click: 1 } },
    negatives: perPositive === undefined ? { per_positive: entries } : { per_positive: perPositive, mix: entries },
  };
}
