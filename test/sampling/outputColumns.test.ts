import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { ownNames } from '../../src/core/data/outputName.ts';
import { sampleLayouts, type SampleLayout } from '../../src/core/schema/sampleLayout.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from '../engine/fixture.ts';
import { bothEngines } from './bothEngines.ts';
import { Dice } from './dice.ts';
import { withComposedEvents } from './eventOptions.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, requestOf } from './sampled.ts';
import { sidedColumns } from './sidedColumns.ts';
import { formats, type Format } from './worldFiles.ts';
import { stageOf, type World } from './world.ts';
import { testWorlds } from './worldParts.ts';
import { sortedRows, unnestedRows, writeParquet } from './parquetSample.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. The next one is large. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 28);

const { files, reference } = bothEngines();

const units = ['positive', 'request', 'positive', 'impression'];

type Passed = AskedPass & { readonly as: string };

/** What a world adds to the rows: labels of events, grades, and columns that are passed through. */
interface Asked {
  readonly events: readonly (string | { readonly event: string; readonly mature_after: string })[];
  readonly graded: boolean;
  readonly pass_through: readonly Passed[];
}

/** A column of every side that the data of a world support. Names are in order. */
function passThrough(world: World): Passed[] {
  const { config, stage } = world;
  const { data } = config;
  const hasRequests =
    stageOf({ config, stage }).unit === 'request' || data.impressions?.columns['request'] !== undefined;
  return [
    { as: 'a_exposure', column: 'mark' },
    { as: 'b_exposure', column: 'scene', side: 'exposure' },
    ...sidedColumns(world),
    ...(data.candidates && hasRequests
      ? ([
          { as: 'k_rank', column: 'rank' },
          { as: 'l_reached', column: 'reached', side: 'candidate' },
        ] as const)
      : []),
  ];
}

/**
 * Labels of every event of a world, and copied columns. One world of five has no columns, because they need a join with
 * the log. Another has no labels.
 */
function asked(world: World, number: number): Asked {
  const dice = new Dice(`labels ${world.name}`);
  const events = Object.keys(world.config.events ?? {}).map((event) =>
    dice.chance(0.4) ? { event, mature_after: dice.pick(['1s', '20h', '3d']) } : event,
  );
  const graded = dice.chance(0.7);
  const pass_through = number % 5 === 4 ? [] : passThrough(world);
  return number % 5 === 3 ? { events: [], graded: false, pass_through } : { events, graded, pass_through };
}

/**
 * A random world with the unit that follows in turn: random worlds seldom have the unit impression. Turns of unit,
 * format and events differ, so that their combinations occur. The reference finds the file of a column by its rows, so
 * no file of users is empty.
 */
function worldOf(number: number): { readonly world: World; readonly format: Format } {
  const round = Math.floor(number / units.length);
  const format = formats[(number + round) % formats.length] ?? 'parquet';
  for (let attempt = 0; ; attempt++) {
    const world = randomWorld(`columns ${number} ${attempt}`);
    if (stageOf(world).unit !== units[number % units.length] || world.tables.users?.rows.length === 0) continue;
    const isPlain = round % 4 < 2;
    return { world: isPlain ? world : withComposedEvents(world, new Dice(`composed ${number}`)), format };
  }
}

const nameOf = (event: Asked['events'][number]): string => (typeof event === 'string' ? event : event.event);

const text = (cell: unknown): string | null =>
  typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null;

/**
 * Rows of a sample as texts, in any order: user, item, label, the labels of events, the grade, and the columns that
 * were passed through.
 */
async function written(
  request: SamplingRequest,
  { events, graded, pass_through: copied }: Asked,
  directory: string,
  layout: SampleLayout,
): Promise<string[]> {
  const path = join(directory, `columns-${layout}.parquet`);
  await writeParquet(request, path, { layout, passThrough: copied });
  const labels = [...events.map((event) => `label_${nameOf(event)}`), ...(graded ? ['grade'] : [])];
  const passed = copied.map(({ as }) => as);
  const ofGroup = passed.filter((as) => /^[cdij]/.test(as));
  const ofRow = ['item', ...labels, ...passed.filter((as) => !ofGroup.includes(as))];
  const group = ['"user"', ...ofGroup].join(', ');
  const select = {
    long: `SELECT * FROM read_parquet('${path}')`,
    grouped: `SELECT ${group}, ${[...ofRow, 'label'].map((name) => `unnest(${name}) AS ${name}`).join(', ')} FROM read_parquet('${path}')`,
    wide: `SELECT ${[group, ...ofRow].join(', ')}, 1 AS label FROM read_parquet('${path}') UNION ALL
        SELECT ${[group, ...ofRow.map((name) => `unnest(negative_${name})`)].join(', ')}, 0 AS label FROM read_parquet('${path}')`,
    request: await unnestedRows(path),
    user: await unnestedRows(path),
  }[layout];
  const columns = [
    ...['"user"', 'item'].map((name) => [name, 'VARCHAR']),
    ['label', 'INTEGER'],
    ...labels.map((name) => [name, 'DOUBLE']),
    ...passed.map((name) => [name, 'VARCHAR']),
  ];
  return await sortedRows(
    `SELECT ${columns.map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`).join(', ')} FROM (${select})`,
  );
}

const seen = { ones: 0, unknown: 0, negativeOnes: 0, request: 0, positive: 0, impression: 0 };
const filled = new Map<string, number>();
const counts = { rows: 0, exposed: 0, drawn: 0 };

testWorlds(
  'labels of events, grades and passed-through columns equal those of the reference',
  { worlds, most: 4 },
  async (number) => {
    const { world: random, format } = worldOf(number);
    const output = asked(random, number);
    const columns = output.pass_through;
    const world: World = { ...random, config: { ...random.config, output } };
    const directory = join(folder, `columns-${number}`);
    try {
      const config = await files().write(world, directory, format, new Dice(world.name));
      const { users } = await reference().sample(world);
      const rows = users.flatMap(({ user, groups }) =>
        groups.flatMap((group) => group.rows.map((row) => ({ user, ...row }))),
      );
      const expected = rows
        .map(({ user, item, label, labels = {}, grade, passed = [] }) =>
          JSON.stringify([
            ...[user, item, label, ...Object.values(labels)],
            ...(grade === undefined ? [] : [grade]),
            ...passed.map(text),
          ]),
        )
        .sort();
      const request = await requestOf(config, world.stage, overridesOf(world));
      const preview = await engine.call('preview', {
        ...request,
        users: users.map(({ user }) => user),
        groupLimit: null,
        ...(columns.length === 0 ? {} : { copies: { names: ownNames, passThrough: columns } }),
      });
      const shown = preview.users.flatMap(({ user, groups }) =>
        groups.flatMap((group) =>
          group.rows.map(({ item, label, weight, outcomes = [], passed = [] }) =>
            JSON.stringify([
              ...[user, item, label, ...outcomes],
              ...(output.graded ? [label === 1 ? weight : 0] : []),
              ...passed.map(({ value }) => value),
            ]),
          ),
        ),
      );
      assert.deepEqual(shown.sort(), expected, `${world.name}: preview`);
      const layouts = sampleLayouts.filter((layout) => layout !== 'wide' || request.plan.unit === 'positive');
      for (const layout of layouts)
        assert.deepEqual(await written(request, output, directory, layout), expected, `${world.name}: ${layout}`);
      if (output.events.length > 0) seen[request.plan.unit]++;
      for (const { label, labels = {} } of rows)
        for (const value of Object.values(labels)) {
          if (value === null) seen.unknown++;
          if (value === 1) seen[label === 1 ? 'ones' : 'negativeOnes']++;
        }
      if (columns.length === 0) return;
      counts.rows += rows.length;
      for (const { draw, passed: cells = [] } of rows) {
        if (draw !== null) counts[cells[0] === null && cells[1] === null ? 'drawn' : 'exposed']++;
        columns.forEach(({ as }, column) => {
          if (draw !== null && cells[column] !== null) filled.set(as, (filled.get(as) ?? 0) + 1);
        });
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  () => {
    assert.ok(
      Object.values(seen).every((count) => count > 1),
      JSON.stringify(seen),
    );
    assert.ok(counts.rows > worlds * 10 && counts.exposed > worlds && counts.drawn > worlds, JSON.stringify(counts));
    assert.ok(filled.size === 12 && [...filled.values()].every((rows) => rows > worlds), JSON.stringify([...filled]));
  },
);
