import path from 'node:path';

/** A path with `/`, as lock files and Spark have it. */
export function slashed(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}
