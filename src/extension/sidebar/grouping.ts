import { formatOfName } from '../../core/table/sampleName.ts';

/** A data set found on disk: one file, or a folder of partitions. */
export interface FoundSample {
  /** Absolute path of the file or folder. */
  readonly path: string;
  readonly folder: boolean;
  /** Number of files in it; 1 for a file. */
  readonly files: number;
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
  const partitioned = new Map<string, number>();
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const separator = file.includes('\\') ? '\\' : '/';
    const segments = file.split(separator);
    const above = Math.max(
      0,
      ...roots.filter((root) => file.startsWith(root + separator)).map((root) => root.split(separator).length),
    );
    const first = segments.findIndex((segment, k) => k >= above && k < segments.length - 1 && PARTITION.test(segment));
    const folder = segments.slice(0, first < 0 ? -1 : first).join(separator);
    if (first < 0) byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
    else partitioned.set(folder, (partitioned.get(folder) ?? 0) + 1);
  }
  const found: FoundSample[] = [...partitioned].map(([path, count]) => ({ path, folder: true, files: count }));
  for (const [folder, inside] of byFolder) {
    const formats = new Set(inside.map((file) => JSON.stringify(formatOfName(file))));
    const parts =
      inside.length > 1 && formats.size === 1 && inside.every((file) => PART.test(file.slice(folder.length + 1)));
    if (parts) found.push({ path: folder, folder: true, files: inside.length });
    else found.push(...inside.map((path) => ({ path, folder: false, files: 1 })));
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
