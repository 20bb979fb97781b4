import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SampleLayout, SamplingRequest } from '../../src/protocol/sampling.ts';
import { folder } from '../engine/fixture.ts';
import { bothEngines, skip } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { withComposedEvents } from './eventOptions.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, previewOf, requestOf } from './sampled.ts';
import { formats } from './worldFiles.ts';
import { stageOf, type World } from './world.ts';
import { sortedRows, writeParquet } from './parquetSample.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);

const { files, reference } = bothEngines();

const units = ['positive', 'request', 'positive', 'impression'];

interface Asked {
  readonly events: readonly (string | { readonly event: string; readonly mature_after: string })[];
  readonly graded: boolean;
  readonly pass_through?: readonly { readonly column: string; readonly as: string }[];
}

/** Labels of every event of a world. Copied columns need a join with the log, so not every world has one. */
function asked({ config }: World, dice: Dice): Asked {
  const events = Object.keys(config.events ?? {}).map((event) =>
    dice.chance(0.4) ? { event, mature_after: dice.pick(['1s', '20h', '3d']) } : event,
  );
  return {
    events,
    graded: dice.chance(0.7),
    ...(dice.chance(0.5) ? { pass_through: [{ column: 'mark', as: 'mark_of_row' }] } : {}),
  };
}

const nameOf = (event: Asked['events'][number]): string => (typeof event === 'string' ? event : event.event);

/** Rows of a sample as texts, in any order: user, item, label, the labels of events, and the grade. */
async function written(
  request: SamplingRequest,
  { events, graded, pass_through: copied = [] }: Asked,
  directory: string,
  layout: SampleLayout,
): Promise<string[]> {
  const path = join(directory, `labels-${layout}.parquet`);
  await writeParquet(request, path, { layout, passThrough: copied });
  const own = [...events.map((event) => `label_${nameOf(event)}`), ...(graded ? ['grade'] : [])];
  const ofRow = ['item', ...own];
  const select = {
    long: `SELECT * FROM read_parquet('${path}')`,
    grouped: `SELECT "user", ${[...ofRow, 'label'].map((name) => `unnest(${name}) AS ${name}`).join(', ')} FROM read_parquet('${path}')`,
    wide: `SELECT "user", ${ofRow.join(', ')}, 1 AS label FROM read_parquet('${path}') UNION ALL
        SELECT "user", ${ofRow.map((name) => `unnest(negative_${name})`).join(', ')}, 0 AS label FROM read_parquet('${path}')`,
  }[layout];
  return await sortedRows(
    `SELECT ${['"user"', 'item'].map((name) => `CAST(${name} AS VARCHAR)`).join(', ')}, CAST(label AS INTEGER), ${own.map((name) => `CAST(${name} AS DOUBLE)`).join(', ')} FROM (${select})`,
  );
}

test(`labels of events equal those of the reference in ${worlds} random worlds`, { skip }, async () => {
  const seen = { ones: 0, unknown: 0, negativeOnes: 0, request: 0, positive: 0, impression: 0 };
  for (let k = 0, tried = 0; tried < worlds; k++) {
    const plain = randomWorld(`outcomes ${k}`);
    // Random worlds seldom have the unit impression.
    if (stageOf(plain).unit !== units[tried % units.length]) continue;
    tried++;
    const random = k % 2 === 0 ? plain : withComposedEvents(plain, new Dice(`composed ${k}`));
    const output = asked(random, new Dice(`labels ${k}`));
    const world: World = { ...random, config: { ...random.config, output } };
    const directory = join(folder, `outcomes-${k}`);
    try {
      const config = await files().write(
        world,
        directory,
        formats[k % formats.length] ?? 'parquet',
        new Dice(world.name),
      );
      const { users } = await reference().sample(world);
      const rows = users.flatMap(({ user, groups }) =>
        groups.flatMap((group) => group.rows.map((row) => ({ user, ...row }))),
      );
      const expected = rows
        .map(({ user, item, label, labels = {}, grade }) =>
          JSON.stringify([user, item, label, ...Object.values(labels), ...(grade === undefined ? [] : [grade])]),
        )
        .sort();
      const request = await requestOf(config, world.stage, overridesOf(world));
      const preview = await previewOf(
        request,
        users.map(({ user }) => user),
      );
      const shown = preview.users.flatMap(({ user, groups }) =>
        groups.flatMap((group) =>
          group.rows.map(({ item, label, weight, outcomes = [] }) =>
            JSON.stringify([user, item, label, ...outcomes, ...(output.graded ? [label === 1 ? weight : 0] : [])]),
          ),
        ),
      );
      assert.deepEqual(shown.sort(), expected, `${world.name}: preview`);
      const layouts = ['long', 'grouped', ...(request.plan.unit === 'positive' ? (['wide'] as const) : [])] as const;
      for (const layout of layouts)
        assert.deepEqual(await written(request, output, directory, layout), expected, `${world.name}: ${layout}`);
      seen[request.plan.unit]++;
      for (const { label, labels = {} } of rows)
        for (const value of Object.values(labels)) {
          if (value === null) seen.unknown++;
          if (value === 1) seen[label === 1 ? 'ones' : 'negativeOnes']++;
        }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  assert.ok(
    Object.values(seen).every((count) => count > 1),
    JSON.stringify(seen),
  );
});
