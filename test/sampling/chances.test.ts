import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreviewGroup } from '../../src/core/sampling/drawn.ts';
import { chiSquare } from './chance.ts';
import { makeShop, novemberDay, recallOf, shopWorld, type Shop } from './shop.ts';
import { groupsOf, preview, rowsOf, writeShops } from './shopFiles.ts';
import type { Row } from './world.ts';

// Seeds are fixed, so each test either always passes or always fails. A correct sampler with new seeds would break a
// limit once in a million tests: a tail of the chi-square distribution below 1e-6, or a sum more than 4.9 standard
// deviations from its expectation.
const falseAlarm = 1e-6;
const deviations = 4.9;

writeShops();
const seeds = Array.from({ length: 25 }, (_, k) => `seed ${k}`);

/**
 * Customers with the same history: they clicked `item-0` on the third day and `item-3` on the first, and were shown
 * `item-1` to `item-12`.
 */
function twins(count: number): {
  readonly shop: Shop;
  readonly users: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
} {
  const { items } = makeShop('twins', 1, 40);
  const rows: Row[] = [];
  const counts = new Map<string, number>();
  const users = Array.from({ length: count }, (_, u) => `twin-${u}`);
  const show = (user: string, number: number, time: number, clicked: boolean): void => {
    rows.push({
      user_id: user,
      item_id: `item-${number}`,
      ts: time,
      request_id: `${user}-${time}`,
      position: 1,
      is_viewed: true,
      is_click: clicked,
    });
    if (clicked) counts.set(`item-${number}`, (counts.get(`item-${number}`) ?? 0) + 1);
  };
  for (const user of users) {
    show(user, 3, novemberDay(1), true);
    show(user, 0, novemberDay(3), true);
    for (let number = 1; number <= 12; number++) show(user, number, novemberDay(2), false);
  }
  // Earlier clicks of other users make a few items popular.
  for (let number = 0; number < 40; number++)
    for (let k = 0; k < Math.floor(900 / (number + 1)); k++) show('other', number, novemberDay(1) - 1, true);
  const shop = makeShop('twins', 1, 40);
  return {
    shop: {
      ...shop,
      items,
      tables: { ...shop.tables, impressions: { types: shop.tables.impressions?.types ?? {}, rows } },
    },
    users,
    counts,
  };
}
const { shop, users, counts } = twins(160);
const world = shopWorld(
  shop,
  'recall',
  recallOf({
    popularity: 2,
    global_random: 5,
    exposed_unclicked: 4,
    same_attribute: { count: 3, match: ['city'], weight: 'popularity' },
  }),
);
/** The group of the positive on the third day. */
const third = (groups: Iterable<PreviewGroup>): PreviewGroup[] => [...groups].filter(({ item }) => item === 'item-0');
const at = novemberDay(3);
const acceptable = [...shop.items].filter(
  ([item, { created, removed }]) =>
    item !== 'item-0' && item !== 'item-3' && (created ?? 0) <= at && at < (removed ?? Infinity),
);

/** Probabilities proportional to weights. */
function shares(weights: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...weights.values()].reduce((sum, w) => sum + w, 0);
  return new Map([...weights].map(([item, w]) => [item, w / total]));
}

const expectations: Record<string, ReadonlyMap<string, number>> = {
  popularity: shares(
    new Map(acceptable.map(([item]) => [item, Math.floor(1024 * (counts.get(item) ?? 0) ** 0.75 + 0.5)])),
  ),
  global_random: shares(new Map(acceptable.map(([item]) => [item, 1]))),
  exposed_unclicked: shares(
    new Map(
      acceptable
        .filter(([item]) => Number(item.slice(5)) >= 1 && Number(item.slice(5)) <= 12)
        .map(([item]) => [item, 1]),
    ),
  ),
  same_attribute: shares(
    new Map(
      acceptable.filter(([, { city }]) => city === '杭州').map(([item]) => [item, 1024 * (counts.get(item) ?? 0)]),
    ),
  ),
};

test('draws follow the reported q, after exclusion and eligibility', async () => {
  const seen: Record<string, Map<string, number>> = {};
  for (const seed of seeds) {
    for (const group of third(groupsOf(await preview(world, { users, seed })).values())) {
      for (const entry of Object.keys(expectations)) {
        const first = rowsOf(group, entry).find(({ draw }) => draw === 0);
        assert.ok(first, `${group.key}: ${entry}`);
        const p = expectations[entry]?.get(first.item);
        assert.ok(p !== undefined && p > 0, `${first.item} cannot be drawn by ${entry}`);
        assert.ok(Math.abs((first.logQ ?? NaN) - Math.log(p)) < 1e-12, `${entry}: log q of ${first.item}`);
        const items = (seen[entry] ??= new Map<string, number>());
        items.set(first.item, (items.get(first.item) ?? 0) + 1);
      }
    }
  }
  for (const [entry, probabilities] of Object.entries(expectations)) {
    const { x, freedom, tail } = chiSquare(seen[entry] ?? new Map(), probabilities);
    assert.equal(
      [...(seen[entry] ?? new Map<string, number>()).values()].reduce((sum, n) => sum + n, 0),
      users.length * seeds.length,
    );
    assert.ok(freedom >= 5, entry);
    assert.ok(tail > falseAlarm, `${entry}: chi-square ${x.toFixed(1)} of ${freedom} degrees, tail ${tail}`);
  }
});

test('two seeds overlap as two independent samples without replacement do', async () => {
  const [a, b] = [
    groupsOf(await preview(world, { users, seed: 'a' })),
    groupsOf(await preview(world, { users, seed: 'b' })),
  ];
  for (const [entry, quota] of [
    ['global_random', 5],
    ['exposed_unclicked', 4],
  ] as const) {
    // Two samples of m out of n items share m²/n items on average, by the hypergeometric distribution.
    const n = expectations[entry]?.size ?? NaN;
    let common = 0;
    let groups = 0;
    for (const group of third(a.values())) {
      const other = b.get(group.key);
      assert.ok(other);
      const items = new Set(rowsOf(other, entry).map(({ item }) => item));
      common += rowsOf(group, entry).filter(({ item }) => items.has(item)).length;
      groups++;
    }
    const mean = (groups * quota ** 2) / n;
    const deviation = Math.sqrt((groups * quota * (quota / n) * (1 - quota / n) * (n - quota)) / (n - 1));
    assert.ok(
      Math.abs(common - mean) < deviations * deviation,
      `${entry}: ${common} in common, expected ${mean.toFixed(1)} ± ${(deviations * deviation).toFixed(1)}`,
    );
  }
});

test('quotas sum to N in every group and have their exact expectation', async () => {
  const asked = { popularity: 0.37, global_random: 0.05, exposed_unclicked: 0.33, exposed_random: 0.25 };
  const perPositive = 7;
  const mixed = shopWorld(shop, 'recall', recallOf(asked, perPositive));
  const sums = new Map<string, number>();
  let groups = 0;
  for (const seed of seeds.slice(0, 10)) {
    for (const { quotas, key } of groupsOf(await preview(mixed, { users, seed })).values()) {
      assert.equal(
        Object.values(quotas).reduce((sum, n) => sum + n, 0),
        perPositive,
        key,
      );
      for (const [entry, share] of Object.entries(asked)) {
        const quota = quotas[entry] ?? 0;
        assert.ok(Math.abs(quota - share * perPositive) < 1, `${entry} of ${key}: ${quota}`);
        sums.set(entry, (sums.get(entry) ?? 0) + quota);
      }
      groups++;
    }
  }
  for (const [entry, share] of Object.entries(asked)) {
    const part = (share * perPositive) % 1;
    const deviation = Math.sqrt(groups * part * (1 - part));
    const mean = groups * share * perPositive;
    assert.ok(
      Math.abs((sums.get(entry) ?? 0) - mean) <= deviations * deviation + 1e-9,
      `${entry}: ${sums.get(entry) ?? 0}, expected ${mean.toFixed(1)} ± ${(deviations * deviation).toFixed(1)}`,
    );
  }
});
