import type { SourceFile } from './discover.ts';

/**
 * Apparent type of a partition value. Folder names are text, so only their form shows the type that a reader would
 * infer.
 */
type Look = 'integer' | 'day' | 'text';

function lookOf(value: string): Look {
  if (/^-?\d+$/.test(value)) return 'integer';
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'day' : 'text';
}

/**
 * Partition columns whose values appear to have different types, or that only some files have, in alphabetical order.
 * NULL matches every type.
 */
export function unevenPartitions(files: readonly Pick<SourceFile, 'partition'>[]): string[] {
  const names = [...new Set(files.flatMap(({ partition }) => Object.keys(partition)))].sort();
  return names.filter((name) => {
    const looks = new Set<Look>();
    for (const { partition } of files) {
      if (!Object.hasOwn(partition, name)) return true;
      const value = partition[name];
      if (value !== null && value !== undefined) looks.add(lookOf(value));
    }
    return looks.size > 1;
  });
}
