import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categories, cities, regions } from '../../examples/demo/places.ts';
import { scales } from '../../examples/demo/scale.ts';
import { requestsPerTurn, World } from '../../examples/demo/world.ts';
import { BulkGenerator } from '../../src/core/sampling/rng.ts';
import { f64At, u8At } from '../../src/core/valueAt.ts';

interface Click {
  readonly user: number;
  readonly item: number;
}

/** The clicks of a world, day by day. */
function clicksByDay(world: World): readonly (readonly Click[])[] {
  const index = (ids: Int32Array): Map<bigint, number> =>
    new Map(Array.from(new BigInt64Array(ids.buffer), (id, at) => [id, at]));
  const [users, items] = [index(world.users.id), index(world.items.id)];
  return Array.from({ length: world.scale.days }, (_, day) => {
    const clicks: Click[] = [];
    const today = world.day(day);
    while (!today.done) {
      today.advance(requestsPerTurn);
      const { data, length } = world.logs.impressions;
      const [userIds, itemIds] = [new BigInt64Array(data.user_id.buffer), new BigInt64Array(data.item_id.buffer)];
      for (let row = 0; row < length; row++) {
        const [user, item] = [users.get(userIds[row] ?? 0n), items.get(itemIds[row] ?? 0n)];
        if (data.is_click[row] === 1 && user !== undefined && item !== undefined) clicks.push({ user, item });
      }
      const { impressions, candidates, sample, refusals, dislikes, actions } = world.logs;
      for (const block of [impressions, candidates, sample, refusals, dislikes, actions]) block.length = 0;
    }
    return clicks;
  });
}

/** Embeddings of one kind of feature, `size` values an entry. */
class Table {
  readonly values: Float64Array;
  constructor(count: number, size: number, random: BulkGenerator) {
    this.values = Float64Array.from({ length: count * size }, () => 0.2 * (random.unit() - 0.5));
  }
}

/**
 * A factorization machine with pairwise loss (S. Rendle et al., "BPR", 2009): the vector of a user is the sum of those
 * of the user and the region; of an item, the sum of those of the item, the city and the category.
 */
function trained(world: World, clicks: readonly Click[], epochs: number): (user: number, item: number) => number {
  const size = 16;
  const random = new BulkGenerator('model');
  const { items, users } = world;
  const table = (count: number): Table => new Table(count, size, random);
  const forUser = [table(users.count), table(regions.length)] as const;
  const forItem = [table(items.count), table(cities.length), table(categories.length)] as const;
  const bias = new Float64Array(items.count);
  const userRows = (user: number) => [user, u8At(users.region, user)] as const;
  const itemRows = (item: number) => [item, u8At(items.city, item), u8At(items.category, item)] as const;
  const sum = (tables: readonly Table[], rows: readonly number[], k: number): number =>
    tables.reduce((total, { values }, t) => total + f64At(values, (rows[t] ?? 0) * size + k), 0);
  const add = (tables: readonly Table[], rows: readonly number[], k: number, by: number): void =>
    tables.forEach(({ values }, t) => {
      const at = (rows[t] ?? 0) * size + k;
      values[at] = f64At(values, at) + by * (t === 0 ? 1 : 0.3);
    });
  const score = (user: number, item: number): number => {
    let total = f64At(bias, item);
    for (let k = 0; k < size; k++) total += sum(forUser, userRows(user), k) * sum(forItem, itemRows(item), k);
    return total;
  };
  const rate = 0.05;
  for (let step = 0; step < epochs * clicks.length; step++) {
    const click = clicks[random.integerBelow(clicks.length)];
    const other = random.integerBelow(items.count);
    if (!click) continue;
    const { user, item } = click;
    const slope = rate / (1 + Math.exp(score(user, item) - score(user, other)));
    bias[item] = f64At(bias, item) + slope;
    bias[other] = f64At(bias, other) - slope;
    const [u, i, j] = [userRows(user), itemRows(item), itemRows(other)];
    for (let k = 0; k < size; k++) {
      const [a, b, c] = [sum(forUser, u, k), sum(forItem, i, k), sum(forItem, j, k)];
      add(forUser, u, k, slope * (b - c));
      add(forItem, i, k, slope * a);
      add(forItem, j, k, -slope * a);
    }
  }
  return score;
}

/** Mean NDCG@20 of the clicked items among the whole corpus. */
function ndcg(clicks: readonly Click[], items: number, score: (user: number, item: number) => number): number {
  let total = 0;
  for (const { user, item } of clicks) {
    const own = score(user, item);
    let rank = 0;
    for (let other = 0; other < items; other++) if (other !== item && score(user, other) >= own) rank++;
    if (rank < 20) total += 1 / Math.log2(rank + 2);
  }
  return total / clicks.length;
}

test('a small model learns more from the clicks of the demo than popularity tells', () => {
  const world = new World({ ...scales.small, users: 1500, items: 3000, impressions: 100_000 }, 'demo');
  const days = clicksByDay(world);
  const train = days.slice(0, -1).flat();
  const known = new Set(train.map(({ user }) => user));
  const last = (days.at(-1) ?? []).filter(({ user }) => known.has(user)).slice(0, 120);
  const popularity = new Float64Array(world.items.count);
  for (const { item } of train) popularity[item] = f64At(popularity, item) + 1;
  const byPopularity = ndcg(last, world.items.count, (_user, item) => f64At(popularity, item));
  const byModel = ndcg(last, world.items.count, trained(world, train, 8));
  assert.ok(last.length > 50);
  assert.ok(byModel > 1.5 * byPopularity, `model ${byModel}, popularity ${byPopularity}`);
});
