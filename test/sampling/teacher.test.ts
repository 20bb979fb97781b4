import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TeacherCoverage } from '../../src/core/sampling/drawn.ts';
import { folder } from '../engine/fixture.ts';
import { bothEngines } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, previewOf, requestOf } from './sampled.ts';
import { formats } from './worldFiles.ts';
import { chosenWorlds, testWorlds } from './worldParts.ts';
import { stageOf, type World } from './world.ts';
import { sortedRows, writeParquet } from './parquetSample.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);

const { files, reference } = bothEngines();

/** The world with a teacher of the candidates or of the log; null if its unit has none. */
function taught(random: World, dice: Dice): World | null {
  const { config, stage } = random;
  const draft = stageOf(random);
  if (draft.unit === 'positive') return null;
  const from = config.data.candidates && dice.chance(0.6) ? 'candidates' : 'impressions';
  const column = from === 'candidates' ? dice.pick(['teacher', 'score', 'rank']) : 'mark';
  const kind = dice.pick(['probability', 'score'] as const);
  const teacher = { column, from, kind, on: dice.pick(['exposed', 'all'] as const) };
  return { ...random, config: { ...config, stages: { ...config.stages, [stage]: { ...draft, teacher } } } };
}

const counted = (coverage: readonly TeacherCoverage[] | undefined): unknown =>
  coverage?.filter(({ trusted }) => trusted > 0);

const seen = { rows: 0, values: 0, untrusted: 0, candidates: 0, impressions: 0 };
/** With the number of its name. */
const worldAt = chosenWorlds((k) => {
  const world = taught(randomWorld(`taught ${k}`), new Dice(`teacher ${k}`));
  return world && { k, world };
});

async function tryWorld(number: number): Promise<void> {
  const { k, world } = worldAt(number);
  const directory = join(folder, `taught-${k}`);
  try {
    const config = await files().write(
      world,
      directory,
      formats[k % formats.length] ?? 'parquet',
      new Dice(world.name),
    );
    const { users, teacher: coverage } = await reference().sample(world);
    const expected = users
      .flatMap(({ user, groups }) =>
        groups.flatMap(({ rows }) =>
          rows.map(({ item, label, entry, teacher = null }) => JSON.stringify([user, item, label, entry, teacher])),
        ),
      )
      .sort();
    const request = await requestOf(config, world.stage, overridesOf(world));
    const preview = await previewOf(
      request,
      users.map(({ user }) => user),
    );
    const shown = preview.users.flatMap(({ user, groups }) =>
      groups.flatMap(({ rows }) =>
        rows.map(({ item, label, entry, teacher = null }) => JSON.stringify([user, item, label, entry, teacher])),
      ),
    );
    assert.deepEqual(shown.sort(), expected, world.name);
    assert.deepEqual(counted(preview.totals.teacher), counted(coverage), world.name);
    for (const { rows } of preview.users.flatMap(({ groups }) => groups))
      for (const row of rows) {
        assert.equal(row.teacher === null, row.teacherReason !== undefined, world.name);
        seen.rows++;
        if (row.teacher !== null) seen.values++;
        if (row.teacherReason === 'untrusted') seen.untrusted++;
      }
    seen[request.plan.teacher?.from ?? 'candidates']++;
    const file = await written(request, directory);
    assert.deepEqual(file.rows, expected, world.name);
    assert.deepEqual(counted(file.coverage), counted(coverage), world.name);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

testWorlds('the teacher is that of the reference, in preview and file', { worlds, most: 8 }, tryWorld, () => {
  assert.ok(
    Object.values(seen).every((count) => count > 4),
    JSON.stringify(seen),
  );
});

/** The rows of a sample file, and the coverage of its report. */
async function written(
  request: Awaited<ReturnType<typeof requestOf>>,
  directory: string,
): Promise<{ readonly rows: string[]; readonly coverage: readonly TeacherCoverage[] | undefined }> {
  const path = join(directory, 'taught.parquet');
  const { teacher } = await writeParquet(request, path);
  const rows = await sortedRows(
    `SELECT CAST("user" AS VARCHAR), CAST(item AS VARCHAR), CAST(label AS INTEGER), CAST(entry AS VARCHAR), teacher FROM read_parquet('${path}')`,
  );
  return { rows, coverage: teacher };
}
