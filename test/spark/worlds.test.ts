import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sources } from '../../src/core/source/sources.ts';
import { folder } from '../engine/fixture.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { entriesOf, exactJson, stageOf } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { everyWorlds } from './everyWorld.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';
import { compareWorld } from './worldOnDuckdb.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 40);

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

test(`the statements of a Spark job give the rows of the local file in ${worlds} random worlds`, async () => {
  let rows = 0;
  for (let k = 0; k < worlds; k++) {
    const world = withoutUnsupported(randomWorld(`spark ${k}`));
    const directory = join(folder, `spark-${k}`);
    try {
      const { found, rows: own } = await compareWorld(files, world, directory);
      rows += own;
      assert.equal(
        found,
        null,
        `${world.name}: ${exactJson({ config: world.config, stage: world.stage, split: world.split })}`,
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  assert.ok(rows > worlds * 3, `${rows} rows`);
});

test('the worlds for Spark itself have every source, unit and split', () => {
  const all = everyWorlds().map(({ world }) => world);
  const drawn = all.flatMap((world) =>
    Object.entries(entriesOf(stageOf(world).negatives).entries).map(([name, entry]) =>
      typeof entry === 'object' && typeof entry['source'] === 'string' ? entry['source'] : name,
    ),
  );
  assert.deepEqual([...new Set(drawn)].sort(), sources.map(({ name }) => name).sort());
  assert.deepEqual(all.map((world) => stageOf(world).unit).sort(), ['impression', 'positive', 'request']);
  assert.deepEqual([...new Set(all.map(({ split }) => split))].sort(), ['eval', 'train']);
});
