import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { auditSample, type Audited } from '../../src/project/audit/auditJob.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { rateInterval } from '../../src/core/statistics/rate.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { figure, longSql, measured, outcomeOf, samples, table, type Row } from './auditCase.ts';
import { engine, folder, parquet } from './fixture.ts';

const config = `version: 1
seed: audit
data:
  impressions: {path: impressions.parquet, columns: {user: user_id, item: item_id, time: ts}}
  items: {path: items.parquet, columns: {item: item_id, created: created_at}}
events: {click: is_click}
window: {train: {from: 2026-11-20, to: 2026-11-20T05:59:59}, eval: {from: 2026-11-20T06:00:00, to: 2026-11-21}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: 3
      exclude: {events: [click], within: train}
      mix:
        pool: {source: global_random, share: 0.5}
        list: {source: exposed_unclicked, share: 0.25, exclude: {events: [click], within: train, lookback: 1h}}
        hard: {source: popularity, exponent: 0.75, share: 0.25, exclude: none}
`;

interface World {
  readonly rows: readonly Row[];
  /** `hour`: from the start of the window. */
  readonly log: readonly {
    readonly user: number;
    readonly item: number;
    readonly hour: number;
    readonly click: boolean;
  }[];
  /** Hour of the creation of each item; null: always. */
  readonly items: ReadonlyMap<number, number | null>;
}

const worlds = fc.record({
  rows: samples,
  log: fc.array(
    fc.record({ user: fc.nat(4), item: fc.nat(9), hour: fc.integer({ min: -2, max: 12 }), click: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
  items: fc
    .array(fc.tuple(fc.nat(11), fc.option(fc.integer({ min: -5, max: 12 }))), { minLength: 1, maxLength: 12 })
    .map((pairs) => new Map(pairs)),
});

let count = 0;

async function audited({ rows, log, items }: World): Promise<Audited> {
  const own = join(folder, `world-${count++}`);
  mkdirSync(own);
  const at = (hour: number): string => `TIMESTAMP '2026-11-20' + INTERVAL (${hour}) HOUR`;
  const shown = log.map(({ user, item, hour, click }) => `(${user}, ${item}, ${at(hour)}, ${click})`);
  await parquet(
    join(own, 'impressions.parquet'),
    `SELECT * FROM (VALUES ${shown.join(', ')}) t(user_id, item_id, ts, is_click)`,
  );
  const corpus = [...items].map(([item, hour]) => `(${item}, ${hour === null ? 'NULL::TIMESTAMP' : at(hour)})`);
  await parquet(join(own, 'items.parquet'), `SELECT * FROM (VALUES ${corpus.join(', ')}) t(item_id, created_at)`);
  const sample = await parquet(join(own, 'sample.parquet'), longSql(rows));
  const path = join(own, 'recall.ratio.yaml');
  return await auditSample(
    {
      sample,
      of: {
        config: openConfig({ path, name: path, text: config, language: 'yaml', root: own }),
        stage: 'recall',
        split: null,
      },
      record: { lock: null, config: null, notices: [] },
      set: {},
      by: null,
      cache: null,
    },
    { engine, cache: new FactsCache(), trusted: true },
    {},
  );
}

function near(actual: unknown, expected: number | null, name: string): void {
  if (expected === null) assert.equal(actual, null, name);
  else
    assert.ok(
      typeof actual === 'number' && Math.abs(actual - expected) < 1e-9,
      `${name}: ${String(actual)} is not ${expected}`,
    );
}

/** Shares by item. */
function distribution(items: readonly number[]): Map<number, number> {
  const shares = new Map<number, number>();
  for (const item of items) shares.set(item, (shares.get(item) ?? 0) + 1 / items.length);
  return shares;
}

/** By entropies: JS = H((P + Q)/2) − (H(P) + H(Q))/2. */
function js(p: Map<number, number>, q: Map<number, number>): number | null {
  if (p.size === 0 || q.size === 0) return null;
  const h = (shares: readonly number[]): number => -shares.reduce((sum, x) => sum + (x > 0 ? x * Math.log2(x) : 0), 0);
  const all = [...new Set([...p.keys(), ...q.keys()])];
  return h(all.map((k) => ((p.get(k) ?? 0) + (q.get(k) ?? 0)) / 2)) - (h([...p.values()]) + h([...q.values()])) / 2;
}

suite('a sample next to its log and corpus, against a plain recomputation', () => {
  test('items, false negatives, time, users and weights', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { rows, log, items } = world;
        const { answer, stage, split } = await audited(world);
        assert.deepEqual([stage, split], ['recall', 'train']);
        const negatives = rows.filter(({ label }) => label === 0);
        const drawn = distribution(negatives.map(({ item }) => item));
        const corpus = distribution([...items.keys()]);
        const inTrain = (hour: number): boolean => hour >= 0 && hour < 6;
        const shown = distribution(log.filter(({ hour }) => inTrain(hour)).map(({ item }) => item));
        const distance = measured(answer, 'divergence');
        near(figure(distance, 'js'), js(drawn, corpus), 'js');
        near(figure(distance, 'js_exposures'), js(shown, corpus), 'js of the exposures');

        const clicksOf = (item: number): number =>
          log.filter((row) => row.item === item && row.click && row.hour < 6).length;
        const all = [...new Set([...rows.map(({ item }) => item), ...log.map(({ item }) => item), ...items.keys()])];
        const cover = measured(answer, 'coverage');
        const covered = [...items.keys()].filter((item) => drawn.has(item)).length;
        near(figure(cover, 'coverage'), covered / items.size, 'coverage');
        const gaps = all.map((item) => Math.abs((drawn.get(item) ?? 0) - (corpus.get(item) ?? 0)));
        near(figure(cover, 'l_infinity'), negatives.length === 0 ? null : Math.max(...gaps), 'l infinity');
        // Wasserstein-1 as the area between the distribution functions.
        const levels = [...new Set(all.map(clicksOf))].sort((a, b) => a - b);
        const upTo = (shares: Map<number, number>, level: number): number =>
          [...shares].reduce((sum, [item, share]) => sum + (clicksOf(item) <= level ? share : 0), 0);
        const area = levels.reduce((sum, level, k) => {
          const next = levels[k + 1];
          return next === undefined
            ? sum
            : sum + Math.abs(upTo(drawn, level) - upTo(corpus, level)) * (Math.log1p(next) - Math.log1p(level));
        }, 0);
        near(figure(cover, 'wasserstein'), negatives.length === 0 ? null : area, 'wasserstein');
        assert.equal(figure(measured(answer, 'popularity'), 'items'), all.length);
        for (const [k, side] of [
          distribution(rows.filter(({ label }) => label === 1).map(({ item }) => item)),
          drawn,
          corpus,
        ].entries()) {
          const line = table(measured(answer, 'popularity'), 'percentiles').map((row) => Number(row[k + 1]));
          near(
            line.reduce((sum, x) => sum + x, 0),
            side.size === 0 ? 0 : 1,
            'sum of a curve',
          );
        }

        const classes = negatives.map(({ user, item, hour, entry }) => {
          const chosen = log
            .filter((row) => row.user === user && row.item === item && row.click)
            .map((row) => row.hour);
          const reach = entry === 'list' ? hour - 1 : 0;
          if (chosen.some((at) => at < hour && at >= reach)) return `${entry} earlier`;
          return chosen.some((at) => at >= hour) ? `${entry} later` : `${entry} never`;
        });
        const number = (name: string): number => classes.filter((one) => one === name).length;
        for (const [entry, own, earlier, , , , , later] of table(measured(answer, 'false_negatives'), 'entries'))
          assert.deepEqual(
            [own, earlier, later],
            [
              negatives.filter((row) => row.entry === entry).length,
              number(`${String(entry)} earlier`),
              number(`${String(entry)} later`),
            ],
          );

        const perUser = [...new Set(negatives.map(({ user }) => user))].map((user) => {
          const own = classes.filter((_, k) => negatives[k]?.user === user);
          return { rows: own.length, hits: own.filter((one) => one.endsWith(' earlier')).length };
        });
        const hits = perUser.reduce((sum, own) => sum + own.hits, 0);
        const share = hits / negatives.length;
        const squares = perUser.reduce((sum, own) => sum + (own.hits - share * own.rows) ** 2, 0);
        const alike = perUser.reduce((sum, own) => sum + own.rows ** 2, 0) / negatives.length;
        const design =
          hits === 0 || hits === negatives.length ? alike : squares / (negatives.length * share * (1 - share));
        const earlier = measured(answer, 'false_negatives').figures.find(({ id }) => id === 'earlier');
        if (negatives.length > 0) {
          const interval = rateInterval({ rows: negatives.length, hits, design: Math.max(1, design) });
          assert.ok(Math.abs((earlier?.low ?? NaN) - interval.low) < 1e-5, 'low end, clustered by user');
          assert.ok(Math.abs((earlier?.high ?? NaN) - interval.high) < 1e-5, 'high end, clustered by user');
        }

        const times = measured(answer, 'time');
        assert.equal(figure(times, 'outside'), rows.filter(({ hour }) => !inTrain(hour)).length);
        assert.equal(figure(times, 'other_split'), rows.filter(({ hour }) => hour >= 6).length);
        assert.equal(
          figure(times, 'created_later'),
          rows.filter(({ item, hour }) => (items.get(item) ?? -Infinity) > hour).length,
        );

        const users = [...new Set(rows.map(({ user }) => user))].map(
          (user) => rows.filter((row) => row.user === user).length,
        );
        // Gini as the mean absolute difference of all pairs.
        const pairs = users.flatMap((x) => users.map((y) => Math.abs(x - y))).reduce((sum, x) => sum + x, 0);
        near(figure(measured(answer, 'users'), 'gini'), pairs / (2 * users.length * rows.length), 'gini of users');
        near(figure(measured(answer, 'users'), 'top_share'), Math.max(...users) / rows.length, 'top share');

        const total = rows.reduce((sum, { weight }) => sum + weight, 0);
        const weightSquares = rows.reduce((sum, { weight }) => sum + weight * weight, 0);
        const positive = rows.reduce((sum, { label, weight }) => sum + label * weight, 0);
        near(figure(measured(answer, 'weights'), 'effective_rows'), (total * total) / weightSquares, 'effective rows');
        near(figure(measured(answer, 'weights'), 'weighted_rate'), positive / total, 'weighted rate');
      }),
      { numRuns: 8 },
    );
  });

  test('ids of another type than those of the config: what compares them says so, and the rest goes on', async () => {
    const own = join(folder, 'texts');
    mkdirSync(own);
    await parquet(
      join(own, 'impressions.parquet'),
      `SELECT 1 AS user_id, 2 AS item_id, TIMESTAMP '2026-11-20' AS ts, true AS is_click`,
    );
    await parquet(join(own, 'items.parquet'), `SELECT 2 AS item_id, NULL::TIMESTAMP AS created_at`);
    const sample = await parquet(
      join(own, 'sample.parquet'),
      `SELECT 'u1' AS user_id, 'i2' AS item_id, 1 AS label, TIMESTAMP '2026-11-20' AS ts`,
    );
    const path = join(own, 'recall.ratio.yaml');
    const { answer } = await auditSample(
      {
        sample,
        of: {
          config: openConfig({ path, name: path, text: config, language: 'yaml', root: own }),
          stage: 'recall',
          split: null,
        },
        record: { lock: null, config: null, notices: [] },
        set: {},
        by: null,
        cache: null,
      },
      { engine, cache: new FactsCache(), trusted: true },
      {},
    );
    for (const [metric, role] of [
      ['divergence', 'item'],
      ['coverage', 'item'],
      ['false_negatives', 'user'],
    ] as const) {
      const outcome = outcomeOf(answer, metric);
      assert.ok(outcome.state === 'not-run');
      assert.deepEqual(outcome.because, {
        text: 'the ids of the sample in the role {0} are strings, but those of data.{1} are integers',
        args: [role, 'impressions'],
      });
    }
    assert.equal(figure(measured(answer, 'rows'), 'rows'), 1);
  });
});
