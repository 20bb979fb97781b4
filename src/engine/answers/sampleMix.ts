import type { RecordedEntry } from '../../core/data/facts.ts';
import type { SampleLock } from '../../core/sampling/lock/sampleLock.ts';
import { matchingAuditCounts } from '../tables/askedCounts.ts';
import type { QuestionAnswerer } from './question.ts';
import { entryRole } from '../tables/rowNames.ts';
import { sampleLocks } from './sampleLocks.ts';
import { sampleTable } from './samples.ts';
import { rateOf, sharesByName } from './userRates.ts';

/** Negatives by entry, and the entries that the lock files record. */
export const sampleMix: QuestionAnswerer<'sample-mix'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, timezone }, tables, work) {
    const by = entryRole(samples);
    const locks = await sampleLocks(tables, samples.ref);
    const user = samples.columns.user === undefined ? 'NULL' : '"user"';
    const entries = matchingAuditCounts(tables, samples)?.userEntries ?? null;
    const perUser =
      entries === null
        ? `SELECT name, who, count(*)::DOUBLE AS x FROM (SELECT ${by} AS name, ${user} AS who FROM ${sampleTable(tables, samples, timezone)} WHERE NOT label AND ${by} IS NOT NULL) GROUP BY ALL`
        : `SELECT e AS name, "user" AS who, n::DOUBLE AS x FROM ${entries} WHERE e IS NOT NULL`;
    const counts = by === null ? [] : await tables.rows(sharesByName(`(${perUser})`), work);
    return {
      by,
      counts: counts.map(([name, ...sums]) => {
        const { hits, design } = rateOf(sums.map(Number));
        return { name: String(name), rows: hits, design };
      }),
      recorded: locks === null ? null : recordedEntries(locks),
    };
  },
};

/** The entries of all runs. The partitions of one run record the same entries, so they count once. */
function recordedEntries(locks: readonly SampleLock[]): RecordedEntry[] {
  const runs = new Map(locks.map((lock) => [JSON.stringify([lock.plan, lock.split, lock.users, lock.counts]), lock]));
  const entries = new Map<string, RecordedEntry>();
  for (const { name, source, asked, refilled = 0, drawn } of [...runs.values()].flatMap((run) => run.entries)) {
    const before = entries.get(name) ?? { name, source, asked: 0, refilled: 0, drawn: 0 };
    entries.set(name, {
      name,
      source,
      asked: before.asked + asked,
      refilled: before.refilled + refilled,
      drawn: before.drawn + drawn,
    });
  }
  return [...entries.values()];
}
