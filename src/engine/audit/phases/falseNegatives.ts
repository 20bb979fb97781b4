import { falseNegatives } from '../../../core/audit/metrics/falseNegatives.ts';
import { message } from '../../../core/message/message.ts';
import type { Rows } from '../../database/connections.ts';
import { countFalseNegatives, type SampleRows } from '../../answers/falseNegatives.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';

const label = message('Looking for false negatives');

/** Negatives whose user chose the item: earlier within the reach of the exclusion, in the same request, or later. */
export const falseNegativesPhase: Phase = {
  label,
  metrics: ['false_negatives'],
  usesEntries: true,
  lacks: (world) => {
    const { sample, request } = world;
    if (!sample.hasLabel()) return message('there is no label column');
    if (!sample.has('user', 'time')) return message('it needs the columns {0}', 'user, time');
    const lacks = world.lacksInputs() ?? world.differentIds('user') ?? world.differentIds('item');
    return lacks ?? (request.choices !== null && 'because' in request.choices ? request.choices.because : null);
  },
  async run(world, work) {
    const { inputs, request } = world;
    const { choices } = request;
    // `lacks` has said why.
    if (inputs === null || choices === null || 'because' in choices) return {};
    const run = async (sql: string): Promise<Rows> => await world.rows(sql, label, work);
    const counts = await countFalseNegatives(rowsOf(world), choices, inputs, run);
    if (world.part === null) world.falseNegatives.counted = { choices, counts };
    return { false_negatives: falseNegatives.of(counts) };
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
