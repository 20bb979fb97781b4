import { sequences } from '../../../core/audit/metrics/sequences.ts';
import { message } from '../../../core/message/message.ts';
import { sequencesIn } from '../../answers/historySql.ts';
import { countLists } from '../../answers/sequenceLists.ts';
import { countLogged } from '../../answers/sequenceLog.ts';
import type { Phase } from '../phase.ts';
import { historyFile } from '../valueSequences.ts';

/** Histories in the rows of the file, whatever its layout. */
export const sequencesPhase: Phase = {
  label: message('Reading the sequences'),
  metrics: ['sequences'],
  ofParts: false,
  isAsked: (world) =>
    sequencesIn(world.tables, historyFile(world.request, world.sample.found), world.request.sequences ?? []).length > 0,
  async run(world, work) {
    const { tables, request } = world;
    const { sequences: planned = [], timezone } = request;
    const file = historyFile(world.request, world.sample.found);
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
