import type { SparkJob } from '../sparkJob.ts';

/** What the counts for a lock file do not cover yet, and whether a job needs it. */
const missing: readonly { readonly name: string; readonly isNeeded: (job: SparkJob) => boolean }[] = [
  {
    name: 'exclude.history',
    isNeeded: ({ plan }) => plan.entries.some(({ exclude }) => exclude?.history !== undefined),
  },
  { name: 'output.layout', isNeeded: ({ layout }) => layout !== 'long' },
  {
    name: 'output.partition_by',
    isNeeded: ({ placement }) => (placement.folder?.partitionBy ?? null) !== null,
  },
  { name: '--users', isNeeded: ({ users }) => users !== null },
];

/** Names of what the counts of a job do not cover. `recsample lock` refuses its result by these names. */
export function uncountedOf(job: SparkJob): string[] {
  return missing.filter(({ isNeeded }) => isNeeded(job)).map(({ name }) => name);
}
