import type { SourceFile } from './fileSet.ts';

/**
 * Apparent type of a partition value. Folder names are text, so only their form shows the type that a reader would
 * infer.
 */
type ValueKind = 'integer' | 'day' | 'text';

function kindOf(value: string): ValueKind {
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
    const kinds = new Set<ValueKind>();
    for (const { partition } of files) {
      if (!Object.hasOwn(partition, name)) return true;
      const value = partition[name];
      if (value !== null && value !== undefined) kinds.add(kindOf(value));
    }
    return kinds.size > 1;
  });
}
