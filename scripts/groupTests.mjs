// Small files of tests share a process: to start Node and to load the modules takes longer than most of their tests.
import { isLong } from './testSeconds.mjs';

/** Most files in a process. More would gain little, and the other processors wait for the last process of a run. */
const most = 8;

/** Folders of which the files may share a process. */
const folders = ['test/unit', 'test/engine', 'test/server', 'test/cli', 'test/repo', 'test/sampling', 'test/spark'];

/** @param name a file of tests, relative to the clone */
const isSmall = (name) => folders.some((folder) => name.startsWith(`${folder}/`)) && !isLong(name);

/**
 * Deals small files in turns, because files with similar names take a similar time.
 * @param names sorted files of tests, relative to the clone
 * @returns the files of each process: the same for the same names
 */
export function groupsOf(names) {
  const small = names.filter(isSmall);
  const count = Math.ceil(small.length / most);
  const groups = Array.from({ length: count }, (_, k) => small.filter((_, index) => index % count === k));
  return [...names.filter((name) => !isSmall(name)).map((name) => [name]), ...groups];
}
