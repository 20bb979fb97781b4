import { message, type Message } from '../message/message.ts';
import type { DatasetName } from '../config/definition/data.ts';
import type { KnownDataset } from './columnKinds.ts';

/** Columns that come from folder names: `dt` for `dt=2026-03-14`. */
export function folderColumns({ columns }: KnownDataset): string[] {
  return columns.filter(({ partition }) => partition).map(({ name }) => name);
}

/** Why a column cannot be the day of the folders; null if it is a column of the folder names. */
export function folderProblem(dataset: DatasetName, column: string, known: KnownDataset): Message | null {
  const folders = folderColumns(known);
  if (folders.includes(column)) return null;
  return folders.length === 0
    ? message('Not all files of data.{0} are in folders such as dt=2026-03-14', dataset)
    : message(
        '{0} is not a column of the folders of data.{1}: {2}',
        JSON.stringify(column),
        dataset,
        folders.join(', '),
      );
}
