/** What a job knows before it runs, for its lock file: kind, name, value. */
export type CountFact = readonly [kind: string, name: string, value: string];

/** Folder of the counts in the folder of the result. Readers of folders skip names that begin with `_`. */
export const countsFolder = '_recsample_counts';

/** Folder of the counts that is written last: the files of the result. */
export const resultFiles = 'files';
