import { formatOfName, type Format } from '../../core/table/sampleName.ts';

/** A data set found on disk: one file, or a folder of partitions. */
export interface FoundSample {
  /** Absolute path of the file or folder. */
  readonly path: string;
  readonly folder: boolean;
  /** Number of files in it; 1 for a file. */
  readonly files: number;
  /** Format of its first file; null if its name indicates none. */
  readonly format: Format | null;
}

/** `dt=2026-03-14`: a folder of a hive partition. */
const PARTITION = /^[^=]+=/;
/** `part-00000-….parquet`: one of many files that a cluster job wrote as one data set. */
const PART = /^part-/;

/**
 * Groups files into data sets, sorted by path. Folders of hive partitions are one data set, named after the folder that
 * contains them. So is a folder with two or more `part-…` files of one format and nothing else. `roots` are the
 * searched folders; only folders below a root count as partitions. Otherwise a workspace that is itself a partition
 * would become the data set around it.
 */
export function groupSamples(files: readonly string[], roots: readonly string[]): FoundSample[] {
  const partitioned = new Map<string, string[]>();
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const partition = partitionedFolder(file, roots);
    const groups = partition === null ? byFolder : partitioned;
    const folder = partition ?? file.slice(0, Math.max(0, file.lastIndexOf(separatorOf(file))));
    const group = groups.get(folder);
    if (group) group.push(file);
    else groups.set(folder, [file]);
  }
  const found: FoundSample[] = [...partitioned].map(([path, inside]) => dataset(path, true, inside));
  for (const [folder, inside] of byFolder) {
    const formats = new Set(inside.map((file) => JSON.stringify(formatOfName(file))));
    const parts =
      inside.length > 1 && formats.size === 1 && inside.every((file) => PART.test(file.slice(folder.length + 1)));
    if (parts) found.push(dataset(folder, true, inside));
    else found.push(...inside.map((path) => dataset(path, false, [path])));
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The folder that contains the hive partitions of a file; null if the file is in none. */
export function partitionedFolder(file: string, roots: readonly string[]): string | null {
  const separator = separatorOf(file);
  const segments = file.split(separator);
  const above = Math.max(
    0,
    ...roots.filter((root) => file.startsWith(root + separator)).map((root) => root.split(separator).length),
  );
  const first = segments.findIndex((segment, k) => k >= above && k < segments.length - 1 && PARTITION.test(segment));
  return first < 0 ? null : segments.slice(0, first).join(separator);
}

const separatorOf = (file: string): string => (file.includes('\\') ? '\\' : '/');

function dataset(path: string, folder: boolean, [first = path, ...others]: readonly string[]): FoundSample {
  return { path, folder, files: others.length + 1, format: formatOfName(first)?.format ?? null };
}
