import path from 'node:path';
import type { StarterFiles } from '../../core/config/starterColumns.ts';
import {
  rangedColumns,
  starterDatasets,
  type StarterDataset,
  type StarterFile,
} from '../../core/config/starterData.ts';
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
  const { format, columns } = await engine.call('open', { ref }, call);
  const traits = traitsOf(format);
  const names = rangedColumns(columns);
  const ranges = async (): Promise<StarterFile['ranges']> => {
    if (names.length === 0) return {};
    if (traits.hasStatistics) return (await engine.call('metadata', { ref, columns: names }, call)).ranges;
    const indices = names.map((name) => columns.findIndex((column) => column.name === name));
    const asked = { ref, view: everything, columns: indices, depth: 'base' as const };
    const { columns: profiles } = await engine.call('profile', asked, call);
    return Object.fromEntries(
      profiles.flatMap(({ name, min, max }) =>
        min === null || max === null ? [] : [[name, { min: String(min), max: String(max) }] as const],
      ),
    );
  };
  try {
    return { path: relative, columns, textual: traits.isText, ranges: await ranges() };
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
