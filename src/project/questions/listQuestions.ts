import type { DataTables } from '../facts/dataTables.ts';
import type { ListPlan, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AskedQuestion, AskedSamples } from '../../protocol/answers.ts';
import { drawnRequest, type SampleAsked } from './drawnQuestions.ts';

const undistinguished = message('the columns of the sample file do not distinguish one entry from another');

interface NamedList {
  readonly name: string | null;
  readonly list: ListPlan;
}

/** The candidates that the negatives of some entries come from. */
export function askCandidateRows(asked: SampleAsked): AskedQuestion<'candidate-rows'> {
  const { tables, samples, timezone } = asked;
  const { plan } = drawnRequest(asked);
  const entries = namedLists(plan, samples).flatMap(({ name, list: { rows } }) =>
    rows.of === 'candidates'
      ? [
          {
            name,
            ranks: rows.keep.by === 'rank' ? rows.keep.ranks : null,
            channel: rows.keep.by === 'rank' ? rows.keep.channel : null,
          },
        ]
      : [],
  );
  return { kind: 'candidate-rows', timezone, samples, candidates: candidatesOf(tables), entries: distinct(entries) };
}

function candidatesOf(tables: DataTables): AskedQuestion<'candidate-rows'>['candidates'] {
  return tables.table('candidates', ['item', 'request'], ['channel', 'rank'] as const);
}

/** The exposures of unclicked rows, and which of them the config takes. */
export function askUnseenRows(asked: SampleAsked): AskedQuestion<'unseen-rows'> {
  const { config, samples, timezone } = asked;
  const { plan, data } = drawnRequest(asked);
  const cut = plan.window.train?.to;
  if (cut === undefined) throw fail('bad-request', message('window.train has no end'));
  const { exposures } = plan;
  const entries =
    exposures !== null
      ? [{ name: null, seen: exposures.seen, matureAfter: exposures.matureAfter }]
      : namedLists(plan, samples).flatMap(({ name, list: { rows } }) =>
          rows.of === 'exposures' ? [{ name, seen: rows.seen, matureAfter: rows.matureAfter }] : [],
        );
  if (entries.length === 0) throw fail('bad-request', message('no entry of the stage draws unclicked exposures'));
  const distinctEntries = distinct(entries);
  if (distinctEntries.length === 0) throw fail('bad-request', undistinguished);
  const byRequest =
    exposures !== null && samples.columns.request !== undefined && data.log.impressions.columns.request !== undefined;
  return {
    kind: 'unseen-rows',
    timezone,
    samples,
    log: data.log,
    entries: distinctEntries,
    byRequest,
    cut,
    knownUntil: config.window?.known_until ?? null,
  };
}

/** The lists of a plan. Name: as in the sample file; null if the file has no names and the plan has only one entry. */
function namedLists({ entries }: StagePlan, { columns }: AskedSamples): NamedList[] {
  const isNamed = columns.entry !== undefined || columns.source !== undefined;
  if (!isNamed && entries.length > 1) throw fail('bad-request', undistinguished);
  return entries.flatMap(({ name, source, draws }) =>
    draws.kind === 'list' ? [{ name: !isNamed ? null : columns.entry ? name : source, list: draws }] : [],
  );
}

/** Names of several entries with different options are left out: the file does not say which of them drew a row. */
function distinct<T extends { readonly name: string | null }>(entries: readonly T[]): T[] {
  return entries.filter(
    (entry, k) =>
      entries.every(({ name }, j) => j === k || name !== entry.name) ||
      (entries.findIndex(({ name }) => name === entry.name) === k &&
        entries.every((other) => other.name !== entry.name || JSON.stringify(other) === JSON.stringify(entry))),
  );
}
