import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { folder } from '../engine/fixture.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import type { World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { resultRows } from './duckdbDialect.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';
import { compareWorld } from './worldOnDuckdb.ts';

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

/** Stages that draw from what a user has seen or rejected. In some groups, the attempts end before the group is full. */
const stages: readonly { readonly name: string; readonly stage: World['config']['stages'] }[] = [
  {
    name: 'request, then user',
    stage: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1, long_play: 2 } },
        negatives: {
          per_positive: {
            exposed_unclicked: 30,
            few: {
              source: 'exposed_unclicked',
              count: 9,
              scope: 'user',
              exclude: { events: ['impressions'], lookback: '300h' },
            },
          },
          exclude: { events: ['click'], lookback: '2d' },
        },
        training: { logq: 'shares' },
      },
    },
  },
  {
    name: 'user and rejections, refilled, per request',
    stage: {
      coarse_ranking: {
        unit: 'request',
        positives: { events: { click: 1 } },
        negatives: {
          per_request: {
            mine: { source: 'exposed_unclicked', scope: 'user', count: 5 },
            rejected: { count: 6, before: true },
          },
          exclude: 'none',
          on_shortfall: 'refill',
          refill_from: 'mine',
        },
        training: { logq: 'corpus' },
      },
    },
  },
];

/** Random data with a user who has seen and rejected more than 1,024 items. */
function heavyWorld(): World {
  for (let k = 0; k < 500; k++) {
    const world = randomWorld(`heavy on Spark ${k}`);
    const { items, impressions } = world.config.data;
    const shown = world.tables.impressions;
    const hasLives = items?.columns['created'] !== undefined && items.columns['removed'] !== undefined;
    if (!shown || shown.rows.length < 1200 || !hasLives || impressions?.columns['request'] === undefined) continue;
    const { user, item, time } = impressions.columns;
    const rejections = { kind: 'by_user', columns: { user, item, ...(time === undefined ? {} : { time }) } };
    return {
      ...world,
      tables: { ...world.tables, rejections: shown },
      config: { ...world.config, data: { ...world.config.data, rejections } },
    };
  }
  throw new Error('no world has a heavy user');
}

for (const { name, stage } of stages)
  test(`a Spark job draws from users with more than 1,024 candidates like the local file: ${name}`, async () => {
    const random = heavyWorld();
    const { window: _window, ...config } = random.config;
    const [only] = Object.keys(stage);
    const world = withoutUnsupported({
      ...random,
      stage: only as World['stage'],
      split: 'train',
      config: { ...config, stages: stage },
    });
    const directory = join(folder, 'spark-heavy');
    try {
      const { script, timezone, found } = await compareWorld(files, world, directory);
      assert.equal(found, null);
      const steps = script.sections.flatMap((section) => section.steps.map((step) => step.name));
      const drawn = steps.filter((step) => step.endsWith('__heavy__drawn'));
      assert.equal(drawn.length, 2);
      const rows = drawn.map((step) => `SELECT count(*) AS n, 0 AS ended FROM "${step}"`);
      const ended = drawn
        .map((step) => step.replace(/__drawn$/, ''))
        .map(
          (step) =>
            `SELECT 0, count(*) FROM "${step}__counts" c JOIN "${step}__values" v USING ("user", k0, k1) WHERE c.asked < least(v.quota, c.size)`,
        );
      const query = `SELECT CAST(sum(n) AS INTEGER), CAST(sum(ended) AS INTEGER) FROM (${[...rows, ...ended].join(' UNION ALL ')})`;
      const [counts = '[]'] = await resultRows(script, timezone, query);
      const [count, endedGroups] = JSON.parse(counts) as [number, number];
      assert.ok(count > 100, `${count} draws of heavy users`);
      assert.ok(endedGroups > 0, `${endedGroups} groups whose attempts ended`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
