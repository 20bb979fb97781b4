import { relative, sep } from 'node:path';

/**
 * Partition values that the folders between `root` and `folder` (both included by name of the folder, not of its parents) state, Hive
 * style: `dt=2026-11-20/hour=07`. Values stay text, so that `07` keeps its zero.
 */
export function partitionOf(root: string, folder: string): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  for (const name of relative(root, folder).split(sep)) {
    const at = name.indexOf('=');
    if (at > 0) values[decode(name.slice(0, at))] = name.slice(at + 1) === '__HIVE_DEFAULT_PARTITION__' ? null : decode(name.slice(at + 1));
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
