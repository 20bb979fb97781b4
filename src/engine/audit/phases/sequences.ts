import { sequences } from '../../../core/audit/metrics/sequences.ts';
import { message } from '../../../core/message/message.ts';
import { sequencesIn, type HistoryFile } from '../../answers/historySql.ts';
import { countLists } from '../../answers/sequenceLists.ts';
import { countLogged } from '../../answers/sequenceLog.ts';
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
    const file = fileOf(world);
    const counts = await countLists(file, planned, timezone, tables, work);
    world.share('sequence-lists', { params: planned, counts });
    const log = world.inputs === null ? undefined : request.stepLog;
    if (!log || world.differentIds('user') !== null || world.differentIds('item') !== null)
      return { sequences: sequences.measure({ lists: counts, logged: [] }) };
    const logged = await countLogged(file, { planned, log, timezone }, tables, work);
    world.share('sequence-log', { params: { planned, log }, counts: logged });
    return { sequences: sequences.measure({ lists: counts, logged }) };
  },
};

function fileOf({ sample, request }: AuditWorld): HistoryFile {
  const { ref, known } = request;
  const { layout, columns } = sample.found;
  const named = Object.entries(columns).flatMap(([role, { name, negatives: _, ...column }]) =>
    name === null ? [] : [[role, { ...column, name }] as const],
  );
  return { ref, layout, columns: Object.fromEntries(named), sequences: known.sequences ?? [] };
}
