import { isDeepStrictEqual } from 'node:util';
import type { AuditRole, SampleColumns } from '../../core/audit/sampleColumns.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import type { AskedColumn } from '../../protocol/askedTable.ts';
import type { CountedSample, SharedCounts } from './countedSample.ts';
import { entryRole } from './rowNames.ts';
import type { Tables } from './tables.ts';

/**
 * What an audit has counted of the same rows, with the same columns in the roles of the question. Null if it has not.
 */
export function matchingAuditCounts(tables: Tables, samples: AskedSamples): CountedSample | null {
  const { ref, layout, where, days } = samples;
  const counted = tables.counts.get(ref.path);
  if (!counted || layout !== 'long' || where || days) return null;
  const own: Readonly<Partial<Record<string, SampleColumns['columns'][AuditRole]>>> = counted.columns;
  const isSame = Object.entries<AskedColumn | undefined>(samples.columns).every(
    ([role, column]) =>
      column?.name === own[role]?.name && column?.type === own[role]?.type && column?.unit === own[role]?.unit,
  );
  const naming = own.entry ? 'entry' : own.source ? 'source' : null;
  return isSame && naming === entryRole(samples) && (own.user === undefined) === (samples.columns.user === undefined)
    ? counted
    : null;
}

/** What an audit has counted for a question with the same parameters. Null if it has not. */
export function sharedCounts<K extends keyof SharedCounts>(
  tables: Tables,
  samples: AskedSamples,
  kind: K,
  params: SharedCounts[K]['params'],
): SharedCounts[K]['counts'] | null {
  const shared = matchingAuditCounts(tables, samples)?.shared[kind];
  return shared && isDeepStrictEqual(shared.params, params) ? shared.counts : null;
}
