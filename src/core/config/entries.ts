import { sourceOf } from '../source/sources.ts';
import type { Source } from '../source/source.ts';
import type { ConfigDraft } from './definition/config.ts';
import type { EntryOptions, Exclude, StageDraft } from './definition/stage.ts';
import { stages, type Stage } from '../schema/stage.ts';
import type { ConfigPath } from './tree.ts';

/** One entry of a mix, or of the counts, with its shorthand expanded. */
export interface Entry {
  readonly name: string;
  /** Undefined if neither the name nor `source` is a known source. */
  readonly source: Source | undefined;
  /** Share of the negatives as written; null if the entry has a count or no valid share. */
  readonly share: number | null;
  /** Requested negatives per group of this entry: the count, or share × total. Null if unknown. */
  readonly quota: number | null;
  /** Valid options of the source. */
  readonly options: EntryOptions;
  /**
   * The exclusion of the entry, else of the stage, else undefined. `rejected` of kind `by_owner` defaults to `none`.
   */
  readonly exclude: Exclude | undefined;
  /** Path of the entry. */
  readonly path: ConfigPath;
}

export type CountKey = 'per_positive' | 'per_request';

/** A stage as rules and previews see it: shorthands are expanded; defaults are filled in only where documented. */
export interface StageView {
  readonly name: Stage;
  readonly path: ConfigPath;
  readonly draft: StageDraft;
  readonly unit: StageDraft['unit'];
  /** The keys of `CountKey` in the stage. */
  readonly countKeys: readonly CountKey[];
  /** Requested negatives per group over all entries; null if unknown, and for the unit impression. */
  readonly total: number | null;
  /** `shares` of a mix, or `counts`; null if the stage has neither. */
  readonly amounts: 'shares' | 'counts' | null;
  /** In text order. */
  readonly entries: readonly Entry[];
}

/** The stages of a config, in the order of the funnel. */
export function stageViews(config: ConfigDraft): StageView[] {
  return stages.flatMap((name) => {
    const draft = config.stages?.[name];
    return draft ? [stageView(name, draft, config)] : [];
  });
}

function stageView(name: Stage, draft: StageDraft, config: ConfigDraft): StageView {
  const path: ConfigPath = ['stages', name];
  const negatives = draft.negatives ?? {};
  const countKeys = (['per_positive', 'per_request'] as const).filter((key) => negatives[key] !== undefined);
  const counted = countKeys.find((key) => typeof negatives[key] === 'object');
  const numbered = countKeys.find((key) => typeof negatives[key] === 'number');
  const number = numbered === undefined ? null : (negatives[numbered] as number);
  // Only positives: the trainer takes all negatives from the batch.
  const isOnlyPositives = numbered === 'per_positive' && number === 0;
  const amounts = negatives.mix ? 'shares' : counted || isOnlyPositives ? 'counts' : null;
  const map =
    negatives.mix ??
    (counted === undefined ? {} : (negatives[counted] as Readonly<Record<string, number | EntryOptions>>));
  const parentKey = negatives.mix ? 'mix' : (counted ?? '');
  const byOwner = config.data?.rejections?.kind === 'by_owner';
  const entries = Object.entries(map).map(([key, value]): Entry => {
    const options: EntryOptions = typeof value === 'number' ? {} : value;
    const source = sourceOf(options.source ?? key);
    const amount = typeof value === 'number' ? value : amounts === 'shares' ? options.share : options.count;
    const share = amounts === 'shares' && typeof amount === 'number' ? amount : null;
    const quota =
      typeof amount !== 'number' || draft.unit === 'impression'
        ? null
        : amounts === 'counts'
          ? amount
          : number === null
            ? null
            : number * amount;
    const exclude = options.exclude ?? (source?.name === 'rejected' && byOwner ? 'none' : undefined);
    return {
      name: key,
      source,
      share,
      quota,
      options,
      exclude: exclude ?? negatives.exclude,
      path: ['stages', name, 'negatives', parentKey, key],
    };
  });
  const counts = entries.every(({ quota }) => quota !== null)
    ? entries.reduce((sum, { quota }) => sum + (quota ?? 0), 0)
    : null;
  const total = draft.unit === 'impression' ? null : amounts === 'counts' ? counts : number;
  return { name, path, draft, unit: draft.unit, countKeys, total, amounts, entries };
}
