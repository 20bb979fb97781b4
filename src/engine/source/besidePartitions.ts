import { message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { foldName } from '../sql/foldName.ts';
import type { FileSet } from '../files/fileSet.ts';
import type { Shape } from './shape.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';

/** The columns of the folder names of a data set. Their values are text. */
export function partitionColumns({ partitionColumns: names }: Pick<FileSet, 'partitionColumns'>): SourceColumn[] {
  return names.map((name) => ({ name, type: { kind: 'string' }, sqlType: 'VARCHAR', partition: true }));
}

/** Display names of file columns: `dt_1` if a folder name defines a column `dt`, so that neither hides the other. */
export function besidePartitions(names: readonly string[], partitions: readonly string[]): string[] {
  const taken = new Set([...names, ...partitions].map(foldName));
  return names.map((name) => {
    if (!partitions.some((p) => foldName(p) === foldName(name))) return name;
    let k = 1;
    while (taken.has(foldName(`${name}_${k}`))) k++;
    return `${name}_${k}`;
  });
}

/** Reports which file columns have another display name because of the folders. */
export function renamedBesideFolders(shapes: readonly Pick<Shape, 'fileNames'>[]): Notice[] {
  const names = new Map(shapes.flatMap(({ fileNames }) => [...fileNames]));
  return [...names].flatMap(([shown, stored]) => (shown === stored ? [] : renamedNotice(stored, shown)));
}

function renamedNotice(stored: string, shown: string): Notice {
  return {
    severity: 'info',
    code: 'types-differ',
    message: message(
      'Folders and files both have a column {0}. The column of the files is shown as {1}',
      stored,
      shown,
    ),
  };
}
