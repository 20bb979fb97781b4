import { sequences } from '../../../core/audit/metrics/sequences.ts';
import { message } from '../../../core/message/message.ts';
import { sequencesIn, type HistoryFile } from '../../answers/historySql.ts';
import { countLists } from '../../answers/sequenceLists.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';

/** Histories in the rows of the file, whatever its layout. */
export const sequencesPhase: Phase = {
  label: message('Reading the sequences'),
  metrics: ['sequences'],
  ofParts: false,
  isAsked: (world) => sequencesIn(world.tables, fileOf(world), world.request.sequences ?? []).length > 0,
  async run(world, work) {
    const { tables, request } = world;
    const { sequences: planned = [], timezone } = request;
    const counts = await countLists(fileOf(world), planned, timezone, tables, work);
    world.share('sequence-lists', { params: planned, counts });
    return { sequences: sequences.measure({ lists: counts }) };
  },
};

function fileOf({ sample, request }: AuditWorld): HistoryFile {
  const { layout, columns } = sample.found;
  const named = Object.entries(columns).flatMap(([role, { name, negatives: _, ...column }]) =>
    name === null ? [] : [[role, { ...column, name }] as const],
  );
  return { ref: request.ref, layout, columns: Object.fromEntries(named) };
}
