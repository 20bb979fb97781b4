import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { discover } from '../readers/discover.ts';
import type { FileSet } from '../files/fileSet.ts';
import { fingerprintOf } from '../files/fingerprint.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { checkContent } from '../readers/checkContent.ts';

/** A data set of `Tables`, with the files as found when it was opened. */
export interface OpenedSet {
  readonly ref: DatasetRef;
  readonly set: FileSet;
  readonly fingerprint: string;
}

/** Finds the files of a data set. Fails with `changed` if its fingerprint no longer matches. */
export async function openedSet(ref: DatasetRef): Promise<OpenedSet> {
  if (ref.columns) return { ref, set: noFiles(ref.columns), fingerprint: '' };
  const set = await discover(ref.path, ref);
  const fingerprint = fingerprintOf(set.files);
  if (ref.fingerprint !== undefined && fingerprint !== ref.fingerprint) throw changed(ref.path);
  await mapFiles(set.files, async (file) => await checkContent(file.path, set, file.bytes));
  return { ref, set, fingerprint };
}

/** The files of a table of Spark, which has none here. */
function noFiles(columns: NonNullable<DatasetRef['columns']>): FileSet {
  const partitionColumns = columns.filter(({ partition }) => partition).map(({ name }) => name);
  return { format: 'parquet', compression: 'none', files: [], partitionColumns, notices: [] };
}

/** True if the files of an open data set are unchanged, so that it need not be opened again. */
export async function isSameSet({ ref: own, fingerprint }: OpenedSet, ref: DatasetRef): Promise<boolean> {
  if (own.columns || ref.columns)
    return own.id === ref.id && JSON.stringify(own.columns) === JSON.stringify(ref.columns);
  if (own.path !== ref.path || own.format !== ref.format || (ref.fingerprint ?? fingerprint) !== fingerprint)
    return false;
  return await discover(ref.path, ref).then(
    ({ files }) => fingerprintOf(files) === fingerprint,
    () => false,
  );
}

export function changed(path: string): Error {
  return fail('changed', message('The file has changed since it was opened'), {
    place: { path },
    advice: message('Reload it to see the current file.'),
  });
}
