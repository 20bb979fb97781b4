import { fail, type FailureError } from '../../message/failure.ts';
import { message } from '../../message/message.ts';

/** Version of the folder layout of an extract. */
export const extractVersion = '1';

/** Folder with the facts of an extract. It is written empty at first, and with its rows when all else is complete. */
export const manifestFolder = 'manifest';

/** Folders of an extract with counts over all users. */
export const countFolders = ['pools', 'pool_users', 'training_positives', 'batch_items'] as const;
export type CountFolder = (typeof countFolders)[number];

/** Folder of a data set. Event tables are numbered, because their names may not be valid folder names. */
export function datasetFolder(name: string, clicks: readonly string[]): string {
  const k = clicks.indexOf(name);
  return k < 0 ? name : `events_${k}`;
}

/** The failure for an extract whose job has not finished. `path`: what is missing. */
export function incompleteExtract(path: string): FailureError {
  return fail('not-found', message('The extract is not complete: {0} is missing or empty', path), {
    place: { path },
    advice: message('Wait until its Spark job has finished. If it has failed, run it again.'),
  });
}
