import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sources } from '../../src/core/source/sources.ts';
import { folder } from '../engine/fixture.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { entriesOf, stageOf, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { testWorlds } from '../sampling/worldParts.ts';
import { everyWorlds, type EveryWorld } from './everyWorld.ts';
import { outputs, withOutput } from './outputs.ts';
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

interface RandomWorld extends EveryWorld {
  /** One of `outputs`; null: its own. */
  readonly output: (typeof outputs)[number] | null;
}

/**
 * Random worlds. A third of them have events without an impression, which are rare. Three of five have further outputs,
 * and some have a job for some users.
 */
function comparedWorlds(): RandomWorld[] {
  const found: RandomWorld[] = [];
  for (let k = 0; found.length < worlds; k++) {
    const place = found.length;
    const random = withoutUnsupported(randomWorld(`spark ${k}`));
    const output = place % 5 > 2 ? null : (outputs[place % outputs.length] ?? null);
    const world = output === null ? random : withOutput(random, output);
    if (world === null || (place >= (worlds * 2) / 3 && !('clicks' in world.config.data))) continue;
    const users = place % 6 === 5 ? someUsers(world) : [];
    found.push({ world, users: users.length === 0 ? null : users, output });
  }
  return found;
}

/** Every third user of a world. */
function someUsers({ tables }: World): string[] {
  const all = (tables.impressions?.rows ?? []).map((row) => row['user_id'] ?? null);
  return [...new Set(all.flatMap((user) => (user === null ? [] : [String(user)])))].filter((_, k) => k % 3 === 0);
}

const all = comparedWorlds();
/** What the compared worlds had. */
const compared = new Map<string, number>();
const count = (kind: string, number = 1): void => {
  compared.set(kind, (compared.get(kind) ?? 0) + number);
};

testWorlds(
  'the statements of a Spark job give the rows, files, days and lock files of the local file',
  { worlds, most: 4, usesReference: false },
  async (k) => {
    const one = all[k];
    assert.ok(one);
    const directory = join(folder, `spark-${k}`);
    // Every fourth computes the rows of a view at each read, as Spark does. If two reads differ, so does the result.
    const found = await compareWorld(files, one, directory, { recomputesViews: k % 4 === 3 });
    rmSync(directory, { recursive: true, force: true });
    count('rows', found.rows);
    for (const kind of [found.layout, ...found.lockParts]) count(kind);
    if (one.users !== null) count('users');
    if (found.isByDay) count('days');
  },
  () => {
    const unused = outputs.filter((output) => !all.some((one) => one.output === output));
    assert.deepEqual(unused, [], 'outputs of no world');
    const most = JSON.stringify([...compared]);
    assert.ok((compared.get('rows') ?? 0) > worlds * 3, most);
    for (const kind of [
      'event_counts',
      'history_counts',
      'users',
      'days',
      'long',
      'wide',
      'grouped',
      'request',
      'user',
    ])
      assert.ok((compared.get(kind) ?? 0) > 0, `${kind}: ${most}`);
  },
);

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
