import { falseNegatives } from '../../../core/audit/metrics/falseNegatives.ts';
import { message } from '../../../core/message/message.ts';
import { countFalseNegatives, type SampleRows } from '../../answers/falseNegatives.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';

/** Negatives whose user chose the item: earlier within the reach of the exclusion, in the same request, or later. */
export const falseNegativesPhase: Phase = {
  label: message('Looking for false negatives'),
  metrics: ['false_negatives'],
  usesEntries: true,
  needs: ['label'],
  missingReason(world) {
    const { choices } = world.request;
    if (!world.sample.has('user', 'time')) return message('it needs the columns {0}', 'user, time');
    const reason = world.missingInputsReason() ?? world.differentIds('user') ?? world.differentIds('item');
    return reason ?? (choices !== null && 'because' in choices ? choices.because : null);
  },
  async run(world, work) {
    const { inputs, request } = world;
    const { choices } = request;
    // `missingReason` has said why.
    if (inputs === null || choices === null || 'because' in choices) return {};
    const counts = await countFalseNegatives(rowsOf(world), choices, inputs, work);
    world.share('false-negatives', { params: choices, counts });
    return { false_negatives: falseNegatives.measure(counts) };
  },
};

function rowsOf({ sample }: AuditWorld): SampleRows {
  return {
    sql: sample.sql,
    name: sample.entryColumn(),
    role: sample.has('entry') ? 'entry' : 'source',
    hasRequests: sample.has('request'),
  };
}
