import { message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import { f64At } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { textColumn } from '../columnNames.ts';
import { unexposedPositives } from '../events/unmatchedSql.ts';
import { Kept } from '../kept.ts';
import type { SampledTables } from '../sampledTables.ts';
import { anyEvent, byItem } from '../world/counts.ts';
import type { DayTables } from '../world/dayTables.ts';
import type { LoadedWorld } from '../world/loadedWorld.ts';
import { valuesKey } from '../world/valuesKey.ts';
import type { Windows } from '../world/windows.ts';
import { within } from '../world/within.ts';
import { groupKey, loadGroupFacts, type GroupFacts } from './groupFacts.ts';

/** Numbers of positives of all users. Each is counted when first needed. */
export interface PositiveCounts {
  /** By item. */
  readonly positives: () => Promise<Float64Array>;
  /** By `valuesKey` of user attributes; null is the key of users without a value. */
  readonly positivesBy: (attributes: readonly string[]) => Promise<ReadonlyMap<string | null, number>>;
  /** Those that draw from each pool of an entry that counts by day. Missing: those of the tables. */
  readonly positivesByDay?: (tables: DayTables, attributes: readonly string[]) => Promise<Float64Array>;
}

/**
 * The positives that `downsample_hot`, the cap and `min_steps` leave in a sample. `load` gives them as a FROM item with
 * the columns `"user"`, `time` and `number`, the item. Equal keys mean equal positives.
 */
export interface Remaining {
  readonly key: string;
  readonly load: () => Promise<string>;
}

/** Caches the counts by what they depend on. */
export class CountedPositives {
  readonly #groups = new Kept<GroupFacts>(8);
  readonly #byValue = new Kept<readonly ValueCount[]>(8);
  readonly #byItem = new Kept<Float64Array>(4);

  async groups(sampled: SampledTables, plan: StagePlan, world: LoadedWorld, work: Work): Promise<GroupFacts> {
    return await this.#groups.get(
      groupKey(sampled, plan, world),
      async () => await loadGroupFacts(sampled, plan, world, work),
    );
  }

  /** Counts of all positives. */
  all(sampled: SampledTables, plan: StagePlan, world: LoadedWorld, work: Work): PositiveCounts {
    return {
      positives: async () => (await this.groups(sampled, plan, world, work)).positives,
      positivesBy: async (attributes) => {
        const key = JSON.stringify([attributes, groupKey(sampled, plan, world)]);
        const load = async (): Promise<ValueCount[]> =>
          await countByValues(sampled, positiveUsers(sampled, plan, world), attributes, '0', work);
        return totals(await this.#byValue.get(key, load));
      },
    };
  }

  /** Counts of the positives that remain in a sample. */
  remaining({ key, load }: Remaining, sampled: SampledTables, items: number, work: Work): PositiveCounts {
    const byValue = async (attributes: readonly string[], time: string): Promise<readonly ValueCount[]> =>
      await this.#byValue.get(
        JSON.stringify([attributes, time, key]),
        async () => await countByValues(sampled, await load(), attributes, time, work),
      );
    return {
      positives: async () =>
        await this.#byItem.get(key, async () => {
          const rows = await sampled.tables.columnar(
            `SELECT number, CAST(count(*) AS DOUBLE) FROM ${await load()} GROUP BY number`,
            message('Counting rows'),
            work,
          );
          return byItem(rows.unsigned(0), rows.numbers(1), items);
        }),
      positivesBy: async (attributes) => totals(await byValue(attributes, '0')),
      positivesByDay: async ({ choice, pools }, attributes) => {
        const groups = new Float64Array(pools.length);
        // In all time zones, days begin at a quarter of an hour.
        for (const { count, time, values } of await byValue(attributes, 'epoch_us(time) // 900000000 * 900000000')) {
          const { pool } = choice.of(time, values);
          if (pool >= 0) groups[pool] = f64At(groups, pool) + count;
        }
        return groups;
      },
    };
  }
}

/** SQL of the users of all positives of the split, as a FROM item. */
function positiveUsers(sampled: SampledTables, { positives: { events } }: StagePlan, windows: Windows): string {
  const { split, knownUntil } = windows;
  const positive = anyEvent(
    sampled,
    events.map(({ name }) => name),
    knownUntil,
  );
  const unexposed = unexposedPositives(sampled, events, { split, knownUntil });
  return `(SELECT "user" FROM ${sampled.log()} WHERE (${positive}) AND ${within('time', split)}${unexposed === null ? '' : ` UNION ALL SELECT "user" FROM ${unexposed}`})`;
}

/** Number of rows whose users have the same values, at one time. */
interface ValueCount {
  readonly count: number;
  readonly time: number;
  readonly values: Readonly<Record<string, string | null>>;
  /** `valuesKey` of the values. */
  readonly key: string | null;
}

/** @param time SQL of the times that are counted apart */
async function countByValues(
  sampled: SampledTables,
  from: string,
  attributes: readonly string[],
  time: string,
  work: Work,
): Promise<ValueCount[]> {
  const users = attributes.length === 0 ? null : sampled.users(attributes);
  if (attributes.length > 0 && users === null) return [];
  const own = attributes.map((name) => `, u.${quoteIdentifier(textColumn(name))}`).join('');
  const rows = await sampled.tables.columnar(
    `SELECT CAST(count(*) AS DOUBLE), CAST(${time} AS DOUBLE) AS "at"${own} FROM ${from} l ${users === null ? '' : `LEFT JOIN ${users} u ON u."user" = l."user"`} GROUP BY ALL`,
    message('Counting events'),
    work,
  );
  const [counts, times] = [rows.numbers(0), rows.numbers(1)];
  const columns = attributes.map((name, k) => [name, rows.texts(k + 2)] as const);
  return Array.from({ length: rows.rows }, (_, row) => {
    const values = Object.fromEntries(columns.map(([name, texts]) => [name, texts[row] ?? null]));
    return { count: f64At(counts, row), time: f64At(times, row), values, key: valuesKey(attributes, values) };
  });
}

function totals(counts: readonly ValueCount[]): ReadonlyMap<string | null, number> {
  const byKey = new Map<string | null, number>();
  for (const { count, key } of counts) byKey.set(key, count + (byKey.get(key) ?? 0));
  return byKey;
}
