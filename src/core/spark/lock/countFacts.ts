/** Facts for the lock file that are known before the job runs: kind, name, value. */
export type CountFact = readonly [kind: string, name: string, value: string];

/** Folder of the counts in the folder of the result. Readers of folders skip names that begin with `_`. */
export const countsFolder = '_recsample_counts';
