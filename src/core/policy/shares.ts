import type { ConfigDocument } from '../config/document.ts';
import type { Entry, StageView } from '../config/entries.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Source } from '../sampling/source.ts';

/** An entry that draws something, and its part of the negatives that are drawn. In-batch negatives are never drawn, so they are not counted. */
export interface Part {
  readonly entry: Entry;
  readonly source: Source;
  /** From 0 to 1; those of a stage sum to 1, whether the config says shares or counts, and also where its shares sum to more than 1. */
  readonly share: number;
}

/** Shares that are written as decimals miss their sum by less than this. */
const ROUNDING = 1e-9;

/**
 * The entries of a stage that draw something. Null where the mix is not known as a whole: an entry without source or amount, one
 * that did not fit its shape and was left out, shares that do not come to 1 yet, or no entry at all. A rule that says "only" or "none"
 * must not take a half-typed mix for the whole.
 */
export function partsOf(stage: StageView, document: ConfigDocument): readonly Part[] | null {
  let known = listed.get(stage);
  if (known === undefined) listed.set(stage, (known = listedParts(stage, document)));
  return known;
}

/** Half of the rules ask for the parts, and a stage is a view of one document: they are made once. */
const listed = new WeakMap<StageView, readonly Part[] | null>();

function listedParts(stage: StageView, document: ConfigDocument): readonly Part[] | null {
  const at = mixAt(stage);
  const written = at === null ? null : document.locate(at).value;
  if (written?.kind !== 'map' || written.pairs.length !== stage.entries.length) return null;
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

/** Where the map of the entries stands: `mix`, or the counts. Null where a stage has no entries. */
export function mixAt({ entries: [first] }: StageView): ConfigPath | null {
  return first ? first.path.slice(0, -1) : null;
}

/** Where the amount of an entry stands: the shorthand itself, or its `share` or `count`. */
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

/** True where a share is above a limit by more than the rounding of decimals: 0.1 + 0.2 is not above 0.3. */
export function isAbove(share: number, limit: number): boolean {
  return share > limit + ROUNDING;
}

/** The part with the largest share; of equals, that of the first name, so that the order of the text means nothing. */
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

/** The names of entries for a message, in the order of their names: `a, b`, or `a + b` where their amounts are added. */
export function namesOf(parts: readonly Part[], between = ', '): string {
  return parts
    .map(({ entry }) => entry.name)
    .sort()
    .join(between);
}

/** A share as a person would write it, in at most four digits: `60 %`, `33.33 %`. Measured shares have more (core/table/format.ts). */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

/** Negatives that every positive gets from its batch; 0 without `training.in_batch`. */
export function inBatchNegatives({ draft }: StageView): number {
  const inBatch = draft.training?.in_batch;
  return inBatch ? Math.max(0, (inBatch.batch_size ?? 0) - 1) : 0;
}

/** True where the config says that the trainer makes in-batch negatives, be it half typed. */
export function hasInBatch({ path }: StageView, document: ConfigDocument): boolean {
  return document.has([...path, 'training', 'in_batch']);
}
