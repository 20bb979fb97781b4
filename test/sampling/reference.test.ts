import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placementOf } from '../../src/core/sampling/plan/placementOf.ts';
import { failureCode, folder } from '../engine/fixture.ts';
import { watchJoins } from '../engine/plannedJoins.ts';
import { bothEngines, skip } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { difference } from './difference.ts';
import { randomWorld } from './randomWorld.ts';
import { selfTest } from './reference.ts';
import { overridesOf, previewOf, requestOf, sampledOf } from './sampled.ts';
import { makeShop, recallOf, shopWorld } from './shop.ts';
import { shrunk } from './shrink.ts';
import { totalsDifference } from './totals.ts';
import { formats, type Format } from './worldFiles.ts';
import { exactJson, type Row, type TableName, type World } from './world.ts';
import { testWorlds } from './worldParts.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 80);

const { files, reference } = bothEngines();

const joinsOfAllPairs = watchJoins();

let written = 0;

/** How the engine and the reference differ on a world, including that only one of them fails; null if they agree. */
async function mismatch(candidate: World, format: Format): Promise<string | null> {
  const world = inSomeOrder(candidate);
  const expected = await reference().sample(world);
  const directory = join(folder, `world-${written++}`);
  try {
    const config = await files().write(world, directory, format, new Dice(`${world.name} as ${format}`));
    const placement = placementOf(world.config);
    const preview = await previewOf(
      { ...(await requestOf(config, world.stage, overridesOf(world))), placement },
      expected.users.map(({ user }) => user),
    );
    return difference(sampledOf(preview), expected) ?? totalsDifference(preview, expected);
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The order of the file says which positives are in a batch. */
function inSomeOrder(world: World): World {
  const dice = new Dice(`${world.name} output`);
  const order = dice.pick(['user', 'shuffled', 'shuffled_rows']);
  const days = dice.chance(0.3) ? { partition_by: { column: 'dt' } } : {};
  return { ...world, config: { ...world.config, output: { order, ...days } } };
}

const failed = (text: string | null): boolean => text?.startsWith('failed: ') === true;

test('the reference holds the golden vectors', { skip }, () => {
  const { code, output } = selfTest(join(import.meta.dirname, '..', 'golden', 'sampling', 'vectors.json'));
  assert.equal(code, 0, output);
  assert.match(output, /^36 vectors hold/);
});

testWorlds('the engine draws what the reference draws, row for row', { worlds, most: 10 }, async (k) => {
  const world = randomWorld(`world ${k}`);
  const format = formats[k % formats.length] ?? 'parquet';
  const found = await mismatch(world, format);
  if (found === null) return;
  const small = await shrunk(world, async (candidate) => {
    const text = await mismatch(candidate, format);
    return text !== null && failed(text) === failed(found);
  });
  assert.fail(
    `${world.name} as ${format}: ${found}\nthe smallest such world: ${(await mismatch(small, format)) ?? ''}\n${exactJson({ config: small.config, stage: small.stage, split: small.split, tables: small.tables })}`,
  );
});

test('no statement compares all pairs of rows of two tables', { skip }, () => {
  assert.deepEqual(joinsOfAllPairs, []);
});

const impossible: Record<string, (world: World) => World> = {
  'two rows of the corpus with one id': (world) => withRows(world, 'items', (rows) => [...rows, ...rows.slice(0, 1)]),
  'an id with the separator of keys': (world) =>
    withRows(world, 'impressions', (rows) =>
      rows.map((row) => ({ ...row, user_id: `${String(row['user_id'])}\u001f` })),
    ),
};
for (const [what, spoil] of Object.entries(impossible)) {
  test(`the engine refuses what the reference refuses: ${what}`, { skip }, async () => {
    const shop = shopWorld(makeShop('refused', 2, 20), 'recall', recallOf({ global_random: 2 }));
    assert.equal(await mismatch(shop, 'parquet'), null);
    const world = spoil(shop);
    await assert.rejects(reference().sample(world));
    const config = await files().write(world, join(folder, `world-${written++}`), 'parquet', new Dice(what));
    const request = await requestOf(config, 'recall');
    assert.ok(
      ['bad-request', 'unsupported'].includes(await failureCode(previewOf(request, ['user-0', 'user-0\u001f']))),
    );
  });
}

function withRows(world: World, name: TableName, change: (rows: readonly Row[]) => readonly Row[]): World {
  const table = world.tables[name];
  return table ? { ...world, tables: { ...world.tables, [name]: { ...table, rows: change(table.rows) } } } : world;
}
