import { fail, type FailureError } from '../../message/failure.ts';
import { message } from '../../message/message.ts';

/** Version of the folders of an extract. */
export const extractVersion = '1';

/** Folder with what is known of an extract: written first without rows, and last. */
export const manifestFolder = 'manifest';

/** Folders of an extract with what the whole data count, by what they hold. */
export const countFolders = ['pools', 'pool_users', 'training_positives', 'batch_items'] as const;
export type CountFolder = (typeof countFolders)[number];

/** Folder of a data set: the tables of events have numbers, since their names are those of the config. */
export function datasetFolder(name: string, clicks: readonly string[]): string {
  const k = clicks.indexOf(name);
  return k < 0 ? name : `events_${k}`;
}

/** The failure for an extract whose job has not finished. `named`: what is missing. */
export function incompleteExtract(named: string): FailureError {
  return fail('not-found', message('The extract is not complete: {0} is missing or empty', named), {
    place: { path: named },
    advice: message('Wait until its Spark job has finished. If it has failed, run it again.'),
  });
}
