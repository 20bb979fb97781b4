import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../engine/fixture.ts';
import { compareWorld } from '../spark/worldOnDuckdb.ts';
import { bothEngines } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { difference } from './difference.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, previewOf, requestOf, sampledOf } from './sampled.ts';
import { entriesOf, exactJson, stageOf, type World } from './world.ts';
import { chosenWorlds, testWorlds } from './worldParts.ts';

const { files, reference } = bothEngines();

/** The world without its table of items. Null if no entry draws from the corpus, or one needs the table. */
function withoutItems(world: World): World | null {
  const { items, ...data } = world.config.data;
  const { items: _rows, ...tables } = world.tables;
  const stage = stageOf(world);
  const { key, entries } = entriesOf(stage.negatives);
  const drawn = Object.entries(entries).map(([name, entry]) => ({
    source: typeof entry === 'object' && typeof entry['source'] === 'string' ? entry['source'] : name,
    needsTable: typeof entry === 'object' && 'where' in entry,
  }));
  const isFromCorpus = drawn.some(({ source }) => source === 'global_random' || source === 'popularity');
  const isPossible = !drawn.some(({ source, needsTable }) => source === 'same_attribute' || needsTable);
  if (items === undefined || !isFromCorpus || !isPossible) return null;
  const negatives = { ...stage.negatives, [key]: entries };
  const stages = { [world.stage]: { ...stage, negatives } };
  return { ...world, config: { ...world.config, data, stages }, tables };
}

const worldOf = chosenWorlds((k) => withoutItems(randomWorld(`items of the log ${k}`)));

let negatives = 0;

testWorlds(
  'without a table of items, the engine, the reference and the Spark job draw the same items of the log',
  { worlds: 24, most: 6 },
  async (k) => {
    const world = worldOf(k);
    const expected = await reference().sample(world);
    const directory = join(folder, `log-items-${k}`);
    const config = await files().write(world, directory, 'parquet', new Dice(world.name));
    const preview = await previewOf(
      await requestOf(config, world.stage, overridesOf(world)),
      expected.users.map(({ user }) => user),
    );
    assert.equal(
      difference(sampledOf(preview), expected),
      null,
      exactJson({ config: world.config, split: world.split, tables: world.tables }),
    );
    const { rows } = await compareWorld(files(), { world, users: null }, join(folder, `log-items-spark-${k}`));
    negatives += rows;
    rmSync(directory, { recursive: true, force: true });
  },
  () => assert.ok(negatives > 500, `${negatives} rows`),
);
