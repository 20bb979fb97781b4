import { after, before } from 'node:test';
import { join } from 'node:path';
import type { Preview } from '../../src/core/sampling/answers.ts';
import type { PreviewGroup, PreviewRow } from '../../src/core/sampling/drawn.ts';
import { folder } from '../engine/fixture.ts';
import { Dice } from './dice.ts';
import { overridesOf, previewOf, requestOf } from './sampled.ts';
import { WorldFiles, type Format } from './worldFiles.ts';
import type { World } from './world.ts';

let files: WorldFiles;
/** Opens the database that `preview` writes with, for the tests of a file. */
export function writeShops(): void {
  before(async () => {
    files = await WorldFiles.open();
  });
  after(() => {
    files.close();
  });
}

export interface Asking {
  readonly users: readonly string[];
  readonly seed?: string;
  readonly format?: Format;
  /** Another row order gives other files. */
  readonly order?: string;
}

/** Writes a world and draws from it. */
export async function preview(
  world: World,
  { users, seed, format = 'parquet', order = 'one' }: Asking,
): Promise<Preview> {
  return await previewOf(
    await requestOf(await place(world, format, order), world.stage, {
      ...overridesOf(world),
      ...(seed === undefined ? {} : { seed }),
    }),
    users,
  );
}

const places = new Map<string, Promise<void>>();
let configs = 0;

/** Tables are written once per format and row order; configs are written every time. */
async function place(world: World, format: Format, order: string): Promise<string> {
  const directory = join(folder, `${world.name}-${format}-${order}`);
  const dice = new Dice(order);
  const data = places.get(directory) ?? files.writeTables(world.tables, directory, format, dice);
  places.set(directory, data);
  await data;
  return files.writeConfig(world, directory, format, `${configs++}.ratio.json`);
}

/** Groups of all users, by key. */
export function groupsOf({ users }: Pick<Preview, 'users'>): Map<string, PreviewGroup> {
  return new Map(users.flatMap(({ groups }) => groups.map((group) => [group.key, group] as const)));
}

/** Rows that an entry drew for a group. */
export function rowsOf({ rows }: PreviewGroup, entry: string): PreviewRow[] {
  return rows.filter((row) => row.entry === entry);
}

/** Item, draw and log q of each row: everything that an entry decides independently of the others. */
export function drawnOf(group: PreviewGroup, entry: string): string[] {
  return rowsOf(group, entry).map(({ item, draw, logQ }) => `${draw ?? ''} ${item} ${logQ ?? ''}`);
}
