import { join } from 'node:path';
import type { FileSet } from './fileSet.ts';
import { globMatcher } from './glob.ts';
import { isBelow, slashed } from './pathBelow.ts';

/** Whether a data set, if it is a folder or a glob, contains the files of a folder. */
export function lists(dataset: string, files: FileSet['files'], folder: string): boolean {
  if (files.every((file) => isBelow(file.path, dataset))) return isBelow(folder, dataset);
  const matcher = globMatcher(slashed(dataset));
  return ['part.parquet', 'day=1/part.parquet'].some((name) => matcher.test(slashed(join(folder, name))));
}
