import { rangedColumns, type StarterFile } from '../../core/config/starterData.ts';
import { everything } from '../../core/table/filter.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';

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
