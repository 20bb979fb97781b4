import { relative, sep } from 'node:path';

/**
 * Partition values in the names of the folders from `root` to `folder`, both included, in Hive style:
 * `dt=2026-11-20/hour=07`. Parents of `root` are ignored. Values stay text, so `07` keeps its zero.
 */
export function partitionOf(root: string, folder: string): Record<string, string | null> {
  return Object.fromEntries(
    relative(root, folder)
      .split(sep)
      .flatMap((name): (readonly [string, string | null])[] => {
        const at = name.indexOf('=');
        return at > 0
          ? [
              [
                decode(name.slice(0, at)),
                name.slice(at + 1) === '__HIVE_DEFAULT_PARTITION__' ? null : decode(name.slice(at + 1)),
              ],
            ]
          : [];
      }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
