import { rmSync } from 'node:fs';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { overridesOf } from '../sampling/sampled.ts';
import { entriesOf, stageOf, type World } from '../sampling/world.ts';
import type { WorldFiles } from '../sampling/worldFiles.ts';
import { jobAndFile, queryRows } from './sparkJob.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

/** A kind of worlds that has what the demo does not have. */
interface Kind {
  readonly name: string;
  readonly fits: (world: World) => boolean;
}

const typeOf = (world: World, table: 'impressions' | 'items', column: string): string =>
  world.tables[table]?.types[column] ?? '';

export const textIds: Kind = {
  name: 'text ids, texts as times, clocks of New York',
  fits: (world) =>
    world.config['timezone'] === 'America/New_York' &&
    typeOf(world, 'impressions', 'user_id') === 'VARCHAR' &&
    typeOf(world, 'items', 'item_id') === 'VARCHAR' &&
    (typeOf(world, 'impressions', 'ts') === 'VARCHAR' || typeOf(world, 'items', 'created_at') === 'VARCHAR'),
};

export const notNumbers: Kind = {
  name: 'NaN, days as times, evaluation',
  fits: (world) =>
    world.split === 'eval' &&
    typeOf(world, 'impressions', 'is_click') === 'DOUBLE' &&
    [typeOf(world, 'items', 'created_at'), typeOf(world, 'items', 'removed_at')].includes('DATE'),
};

/** Worlds of a kind with two or three entries. */
function* worldsOf({ fits }: Kind): Iterable<World> {
  for (let k = 0; k < 20_000; k++) {
    const world = randomWorld(`on Spark ${k}`);
    const { unit, negatives } = stageOf(world);
    const count = Object.keys(entriesOf(negatives).entries).length;
    const shown = world.tables.impressions?.rows.length ?? 0;
    if (unit === 'positive' && count >= 2 && count <= 3 && shown > 60 && fits(world)) yield withoutUnsupported(world);
  }
}

/** The first world of a kind whose local file has rows of all entries, with its job and its rows. */
export async function firstWorld(files: WorldFiles, directory: string, kind: Kind): ReturnType<typeof jobAndFile> {
  for (const world of worldsOf(kind)) {
    rmSync(directory, { recursive: true, force: true });
    const config = await files.write(world, directory, 'parquet', new Dice(world.name));
    const found = await jobAndFile(config, world.stage, overridesOf(world));
    const [counts = '[]'] = await queryRows(
      `SELECT count(*), count(DISTINCT coalesce(entry, '')) FROM read_parquet('${found.file}')`,
    );
    const [rows, entries] = (JSON.parse(counts) as unknown[]).map(Number);
    if ((rows ?? 0) > 20 && (entries ?? 0) > 2) return found;
  }
  throw new Error(`no world is of this kind: ${kind.name}`);
}
