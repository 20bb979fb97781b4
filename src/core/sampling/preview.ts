import { f64At, i16At, u32At, valueAt } from '../valueAt.ts';
import type { DrawnUser, PreviewGroup, PreviewTotals, TeacherCoverage } from './drawn.ts';
import { entryTotals } from './entryTotals.ts';
import { PreviewRows } from './previewRows.ts';
import type { DrawnRows, RowCounts } from './kernel/rowCounts.ts';
import { rowsOf, type Rows } from './kernel/rows.ts';
import { EffectiveTally } from './effectiveShares.ts';
import { Refusal } from './kernel/drawer.ts';
import type { Sampler } from './kernel/sampler.ts';
import { Trace } from './kernel/trace.ts';
import type { IdTexts } from './world/idTexts.ts';
import type { UserBlock } from './world/world.ts';

export interface PreviewOptions {
  /** Id texts of the items. */
  readonly texts: IdTexts;
  /** Number of groups shown per user; totals are over all groups. Null: all. */
  readonly groupLimit: number | null;
  /** Number of the popularity bin of each item, from 0; -1 for items without one. */
  readonly bins: { readonly count: number; readonly ofItem: ArrayLike<number> };
  /** By entry: see `EntryTotals`. */
  readonly distances: readonly (number | null)[];
  /** Called after each user with the counts of all users so far. */
  readonly afterUser?: (entries: RowCounts['entries']) => void;
  /** Values of the teacher for all rows, NaN without one. Only if the stage has a teacher. */
  readonly teacher?: (rows: DrawnRows) => {
    readonly values: Float64Array;
    readonly coverage: readonly TeacherCoverage[];
  };
}

export interface DrawnPreview {
  readonly users: readonly DrawnUser[];
  readonly totals: PreviewTotals;
  /** Number of exposures that `downsample` dropped. */
  readonly downsampled: number;
  /** All rows of the block, and the numbers of those in `users`, in the same order. */
  readonly rows: DrawnRows;
  readonly shown: readonly number[];
}

/** Number of groups per batch, which takes a few milliseconds. */
const GROUPS_AT_ONCE = 256;

/**
 * Draws the users of a block. Yields the number of completed groups after each batch, so that the caller can report
 * progress, yield to other work, and stop.
 */
export function* previewOf(
  sampler: Sampler,
  block: UserBlock,
  options: PreviewOptions,
): Generator<number, DrawnPreview, void> {
  const { offsets } = block.groups;
  const rows = rowsOf(sampler.plan);
  const trace = new Trace();
  const groupCounts: number[] = [];
  for (let user = 0; user < block.users.length; user++) {
    const from = u32At(offsets, user);
    const to = u32At(offsets, user + 1);
    const shown = Math.min(to, from + (options.groupLimit ?? Infinity));
    const before = rows.downsampled;
    for (let start = from; start < to;) {
      // Only shown groups are traced.
      const end = Math.min(start + GROUPS_AT_ONCE, start < shown ? shown : to);
      sampler.draw(block, start, end, rows, start < shown ? { trace } : {});
      yield (start = end);
    }
    // A dropped exposure is not counted as a group.
    groupCounts.push(to - from - (rows.downsampled - before));
    options.afterUser?.(rows.entries);
  }
  const taught = options.teacher?.(rows);
  return {
    ...shownUsers(sampler, block, rows, trace, {
      groupCounts,
      limit: options.groupLimit ?? Infinity,
      texts: options.texts,
      teacher: taught?.values ?? null,
    }),
    rows,
    totals: { ...totalsOf(sampler, rows, options), ...(taught ? { teacher: taught.coverage } : {}) },
    downsampled: rows.downsampled,
  };
}

function shownUsers(
  sampler: Sampler,
  block: UserBlock,
  rows: Rows,
  trace: Trace,
  {
    groupCounts,
    limit,
    texts,
    teacher,
  }: {
    readonly groupCounts: readonly number[];
    readonly limit: number;
    readonly texts: IdTexts;
    readonly teacher: Float64Array | null;
  },
): Pick<DrawnPreview, 'users' | 'shown'> {
  const { offsets } = block.groups;
  const shown = new PreviewRows(sampler, { texts, teacher }, block, rows, trace);
  const users = block.users.map((user, u) => {
    const from = u32At(offsets, u);
    const to = u32At(offsets, u + 1);
    const groups: PreviewGroup[] = [];
    for (let g = from; g < to && groups.length < limit; g++) {
      const group = shown.group(g);
      if (group) groups.push(group);
    }
    return { user, groupCount: valueAt(groupCounts, u), groups };
  });
  return { users, shown: shown.numbers };
}

function totalsOf({ plan }: Sampler, rows: Rows, { bins, distances }: PreviewOptions): PreviewTotals {
  const positiveBins = new Array<number>(bins.count).fill(0);
  const entryBins = plan.entries.map(() => new Array<number>(bins.count).fill(0));
  // Without bins, only the totals are needed.
  for (let row = 0; bins.count > 0 && row < rows.count; row++) {
    const bin = valueAt(bins.ofItem, u32At(rows.item, row));
    const counts = rows.label[row] === 1 ? positiveBins : entryBins[i16At(rows.entry, row)];
    if (counts && bin >= 0 && bin < bins.count) counts[bin] = valueAt(counts, bin) + 1;
  }
  const refused = (reason: number): number => f64At(rows.refusals, reason);
  const effective = EffectiveTally.forPlan(plan);
  effective?.add(rows);
  const shares = effective?.shares() ?? null;
  return {
    groups: rows.groups,
    positives: rows.positives,
    negatives: rows.negatives,
    positiveBins,
    entryBins,
    rejections: {
      positive: refused(Refusal.positive),
      excluded: refused(Refusal.excluded),
      ineligible: refused(Refusal.ineligible),
      repeated: refused(Refusal.repeated),
    },
    entries: entryTotals(plan, rows).map((entry, e) => ({ ...entry, distance: distances[e] ?? null })),
    ...(shares === null ? {} : { effective: shares }),
  };
}
