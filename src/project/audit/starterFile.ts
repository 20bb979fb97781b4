import path from 'node:path';
import type { StarterFiles } from '../../core/config/starterColumns.ts';
import {
  rangedColumns,
  starterDatasets,
  type StarterDataset,
  type StarterFile,
} from '../../core/config/starterData.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { everything } from '../../core/table/filter.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import { slashed } from '../slashed.ts';

/** A data set as a new config names it, with the ranges of its times, labels and scores. `relative`: its path there. */
export async function starterFile(
  engine: EngineClient,
  ref: DatasetRef,
  relative: string,
  call: Partial<CallContext>,
): Promise<StarterFile> {
  const dataset = await engine.call('open', { ref }, call);
  const { format, columns } = dataset;
  try {
    const ranges = await columnRanges(engine, ref, dataset, rangedColumns(columns), call);
    return { path: relative, columns, textual: traitsOf(format).isText, ranges };
  } finally {
    await engine.call('close', { id: ref.id });
  }
}

/**
 * The data sets of a new config. `paths`: absolute; `set`: roles that the user set; `target`: the file of the config,
 * absolute: the paths in it are relative to its folder.
 */
export async function starterFiles(
  engine: EngineClient,
  {
    paths,
    set = {},
    target,
  }: {
    readonly paths: Readonly<Partial<Record<StarterDataset, string>>>;
    readonly set?: Readonly<Partial<Record<StarterDataset, DatasetRef['roles']>>>;
    readonly target: string;
  },
  call: Partial<CallContext>,
): Promise<StarterFiles> {
  const files: Partial<Record<StarterDataset, StarterFile>> = {};
  for (const name of starterDatasets) {
    const file = paths[name];
    if (file === undefined) continue;
    const roles = set[name];
    const ref = { id: `new config ${file}`, path: file, ...(roles ? { roles } : {}) };
    files[name] = await starterFile(engine, ref, slashed(path.relative(path.dirname(target), file)), call);
  }
  return files;
}

/** Smallest and largest values as exact text, from the footers or else from the rows. */
export async function columnRanges(
  engine: EngineClient,
  ref: DatasetRef,
  { format, columns }: Pick<Dataset, 'format' | 'columns'>,
  names: readonly string[],
  call: Partial<CallContext>,
): Promise<StarterFile['ranges']> {
  if (names.length === 0) return {};
  const footers = traitsOf(format).hasStatistics
    ? (await engine.call('metadata', { ref, columns: names }, call)).ranges
    : {};
  const missing = names.filter((name) => !Object.hasOwn(footers, name));
  if (missing.length === 0) return footers;
  const indices = missing.map((name) => columns.findIndex((column) => column.name === name));
  const query = { ref, view: everything, columns: indices, depth: 'base' as const };
  const { columns: profiles } = await engine.call('profile', query, call);
  const read = profiles.flatMap(({ name, min, max }) =>
    min === null || max === null ? [] : [[name, { min: String(min), max: String(max) }] as const],
  );
  return { ...footers, ...Object.fromEntries(read) };
}
