import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isAsOf } from '../../src/core/data/passThrough.ts';
import { dailyCount } from '../../src/core/source/options.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { testWorlds } from '../sampling/worldParts.ts';
import { extractOf, openedExtract, openedStage, previewedUsers } from './extractWorld.ts';
import { heavyStage, heavyStages } from './heavyWorld.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 20);

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

const drawn = { rows: 0, otherUsers: 0, parts: new Set<string>() };

testWorlds(
  'an extract shows the rows of its users',
  { worlds, most: 5, usesReference: false },
  async (k) => {
    const world = withoutUnsupported(randomWorld(`extract ${k}`));
    const directory = join(folder, `spark-extract-${k}`);
    const overrides = overridesOf(world);
    try {
      const dice = new Dice(`${world.name} on Spark`);
      const picked = dice.pick(['parquet', 'parquet', 'csv', 'jsonl'] as const);
      // A column without values has a type in Parquet alone, and Spark refuses to compare texts with numbers.
      const hasPrices = world.tables.items?.rows.some(({ price }) => price !== null) ?? true;
      const config = await files.write(world, directory, hasPrices ? picked : 'parquet', dice);
      const whole = await openedStage(config, world.stage, overrides);
      const { plan } = whole.stage.request;
      const choice = { kind: 'random', salt: k } as const;
      const { answer: found } = await whole.job.ask(whole.stage, 'sampleUsers', { choice, limit: 9, without: [] }, {});
      const users = found.map(({ user }) => user).filter((_, n) => n % 3 !== 1);
      if (users.length === 0) return;
      const expected = await previewedUsers(whole, users);
      await extractOf(whole, users, join(directory, 'extract'));
      const extract = await openedExtract(whole, world.stage, overrides, join(directory, 'extract'));
      assert.deepEqual(await previewedUsers(extract, users), expected, world.name);
      for (const part of Object.keys(extract.stage.request.data.extract ?? {})) drawn.parts.add(part);
      if (whole.stage.copied.some(isAsOf)) drawn.parts.add('newest values of items');
      if (plan.entries.some((entry) => dailyCount(entry) !== null)) drawn.parts.add('days');
      const groups = expected.flatMap((user) => user.groups);
      drawn.rows += groups.reduce((sum, group) => sum + group.rows.length, 0);
      drawn.otherUsers += found.length - users.length;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  () => {
    const { rows, otherUsers, parts } = drawn;
    for (const part of ['pools', 'poolUsers', 'trainingPositives', 'batchItems', 'days', 'newest values of items'])
      assert.ok(parts.has(part), `no world has ${part}`);
    assert.ok(rows > worlds && otherUsers >= worlds / 4, `${rows} rows, ${otherUsers} other users`);
  },
);

for (const { name, stage } of heavyStages)
  test(`an extract shows the rows of users with more than 1,024 candidates: ${name}`, async () => {
    const world = heavyStage(stage);
    const directory = join(folder, 'spark-extract-heavy');
    try {
      const config = await files.write(world, directory, 'parquet', new Dice(world.name));
      const whole = await openedStage(config, world.stage, { split: 'train' });
      const choice = { kind: 'heaviest' } as const;
      const { answer } = await whole.job.ask(whole.stage, 'sampleUsers', { choice, limit: 2, without: [] }, {});
      const users = answer.map(({ user }) => user);
      assert.ok((answer[0]?.impressions ?? 0) > 1024, `${answer[0]?.impressions ?? 0} impressions`);
      await extractOf(whole, users, join(directory, 'extract'));
      const extract = await openedExtract(whole, world.stage, { split: 'train' }, join(directory, 'extract'));
      const expected = await previewedUsers(whole, users);
      assert.deepEqual(await previewedUsers(extract, users), expected);
      assert.ok(expected.some(({ groups }) => groups.some(({ rows }) => rows.length > 5)));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
