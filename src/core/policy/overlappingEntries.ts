import type { Entry } from '../config/entries.ts';
import { sources } from '../source/sources.ts';

/** Sources that may draw the items of a source, by its name. One source of each pair declares it. */
const rivals: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  sources.map(({ name, overlaps }) => [
    name,
    sources.filter((other) => overlaps?.[other.name] ?? other.overlaps?.[name]).map((other) => other.name),
  ]),
);
/**
 * An entry is compared with at most this many entries of a source, so that a large file does not take quadratic time.
 */
const MAX_OVERLAPS = 100;

/** Pairs of entries that draw from the same items. Each entry is paired with its earlier entries. */
export function* overlappingEntries(
  entries: readonly Entry[],
): Iterable<{ readonly earlier: Entry; readonly later: Entry }> {
  const entriesBySource = new Map<string, Entry[]>();
  for (const later of entries) {
    const name = later.source?.name ?? '';
    for (const earlier of (rivals[name] ?? []).flatMap((rival) => entriesBySource.get(rival) ?? []))
      if (drawSameItems(earlier, later)) yield { earlier, later };
    const earlierEntries = entriesBySource.get(name);
    if (!earlierEntries) entriesBySource.set(name, [later]);
    else if (earlierEntries.length < MAX_OVERLAPS) earlierEntries.push(later);
  }
}

/** True if both entries take items of lists, which are short. */
export function areLists(...entries: readonly Entry[]): boolean {
  return entries.every(({ source }) => source?.draws === 'list');
}

function drawSameItems(a: Entry, b: Entry): boolean {
  const [source, otherSource] = [a.source?.name ?? '', b.source?.name ?? ''];
  const isDeclared =
    a.source?.overlaps?.[otherSource]?.(a.options, b.options) ??
    b.source?.overlaps?.[source]?.(b.options, a.options) ??
    false;
  return isDeclared && !excludesShown(a, b) && !excludesShown(b, a);
}

/** True if an entry leaves out everything that another one draws, because it was shown. */
function excludesShown({ exclude }: Entry, other: Entry): boolean {
  if (other.source?.isExposed !== true || exclude === undefined || exclude === 'none') return false;
  return exclude.lookback === undefined && exclude.events?.includes('impressions') === true;
}
