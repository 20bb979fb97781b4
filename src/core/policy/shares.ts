import type { ConfigDocument } from '../config/document.ts';
import type { Entry, StageView } from '../config/entries.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Source } from '../source/source.ts';

/**
 * An entry that draws something, and its share of the drawn negatives. In-batch negatives are never drawn, so they are
 * not counted.
 */
export interface Part {
  readonly entry: Entry;
  readonly source: Source;
  /**
   * From 0 to 1. The shares of a stage sum to 1, whether the config has shares or counts, and even if its shares sum to
   * more than 1.
   */
  readonly share: number;
}

/** Upper bound of the rounding error of shares written as decimals. */
const ROUNDING = 1e-9;

/**
 * The entries of a stage that draw something. Null if the mix is incomplete: an entry has no source or amount, an entry
 * does not fit its shape and was dropped, the shares do not sum to 1 yet, or no entry exists. A rule that reports
 * "only" or "none" must not judge a half-typed mix.
 */
export function partsOf(stage: StageView, document: ConfigDocument): readonly Part[] | null {
  let parts = partsCache.get(stage);
  if (parts === undefined) partsCache.set(stage, (parts = listedParts(stage, document)));
  return parts;
}

/** Cached, because half of the rules need the parts, and a stage is a view of one document. */
const partsCache = new WeakMap<StageView, readonly Part[] | null>();

function listedParts(stage: StageView, document: ConfigDocument): readonly Part[] | null {
  const at = mixAt(stage);
  const map = at === null ? null : document.locate(at).value;
  if (map?.kind !== 'map' || map.pairs.length !== stage.entries.length) return null;
  const parts: Part[] = [];
  let sum = 0;
  for (const entry of stage.entries) {
    const amount = entry.share ?? entry.quota;
    if (amount === null || entry.source === undefined) return null;
    sum += amount;
    if (amount > 0) parts.push({ entry, source: entry.source, share: amount });
  }
  if (stage.amounts === 'shares' && sum < 1 - ROUNDING) return null;
  return parts.map((part) => ({ ...part, share: part.share / sum }));
}

/** Path of the map of the entries: `mix`, or the counts. Null if a stage has no entries. */
export function mixAt({ entries: [first] }: StageView): ConfigPath | null {
  return first ? first.path.slice(0, -1) : null;
}

/** Path of the amount of an entry: the shorthand itself, or its `share` or `count`. */
export function amountAt({ path, options }: Entry): ConfigPath {
  return options.share !== undefined
    ? [...path, 'share']
    : typeof options.count === 'number'
      ? [...path, 'count']
      : path;
}

export function shareOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { share }) => sum + share, 0);
}

/** True if a share exceeds a limit by more than decimal rounding: 0.1 + 0.2 is not above 0.3. */
export function isAbove(share: number, limit: number): boolean {
  return share > limit + ROUNDING;
}

/** The part with the largest share. Ties are resolved by name, so that the order of the text has no effect. */
export function largest([first, ...others]: readonly [Part, ...Part[]]): Part {
  return others.reduce(
    (best, part) =>
      isAbove(part.share, best.share) || (!isAbove(best.share, part.share) && part.entry.name < best.entry.name)
        ? part
        : best,
    first,
  );
}

export function isSome<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}

/** The sorted names of entries for a message: `a, b`, or `a + b` if their amounts are added. */
export function namesOf(parts: readonly Part[], between = ', '): string {
  return parts
    .map(({ entry }) => entry.name)
    .sort()
    .join(between);
}

/**
 * A share for a message, in at most four digits: `60 %`, `33.33 %`. Measured shares have more (core/table/format.ts).
 */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

/** Negatives that every positive gets from its batch; 0 without `training.in_batch`. */
export function inBatchNegatives({ draft }: StageView): number {
  const inBatch = draft.training?.in_batch;
  return inBatch ? Math.max(0, (inBatch.batch_size ?? 0) - 1) : 0;
}

/** True if the config configures in-batch negatives, even if half typed. */
export function hasInBatch({ path }: StageView, document: ConfigDocument): boolean {
  return document.has([...path, 'training', 'in_batch']);
}
