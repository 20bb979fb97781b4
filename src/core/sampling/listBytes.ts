import { isBundled, type SampleLayout } from '../schema/sampleLayout.ts';
import type { SampleFormat } from '../table/sampleName.ts';
import { cellBytes } from './capacity.ts';
import type { RowOrder } from './placement.ts';

/** Number of values in the lists of all sequences, per group on average. */
export interface ValuesPerGroup {
  /** If each group has its lists. */
  readonly group: number;
  /** If the groups of a request share their lists. */
  readonly request: number;
  /** If the groups of a user share the steps, as in the layout `user`. */
  readonly user: number;
}

/** @param sequences number of columns of each sequence, and its counts, as in `HistoryLengths` */
export function valuesPerGroup(
  sequences: readonly Readonly<Record<'columns' | 'groups' | 'requests' | 'steps' | 'stored', number>>[],
): ValuesPerGroup {
  const values = { group: 0, request: 0, user: 0 };
  for (const { columns, groups, requests, steps, stored } of sequences) {
    if (groups === 0) continue;
    values.group += (columns * steps) / groups;
    values.request += (columns * (steps / groups) * requests) / groups;
    values.user += (columns * stored) / groups;
  }
  return values;
}

/** Number of values in the lists that a layout keeps in memory, per group. */
export function keptValues(values: ValuesPerGroup, layout: SampleLayout): number {
  return values[isBundled(layout) ? layout : 'group'];
}

/**
 * Bytes of a value in a Parquet file, rounded up from files of 300,000 exposures. `repeated`: the row before has the same
 * list. `near`: the row before has another list of the same user. `far`: other lists.
 */
const PARQUET_BYTES = { repeated: 0.2, near: 1, far: 5 };

/** About how many bytes the lists take in a file. */
export function listBytes(
  values: ValuesPerGroup,
  { rows, groups }: { readonly rows: number; readonly groups: number },
  { layout, format, order }: { readonly layout: SampleLayout; readonly format: SampleFormat; readonly order: RowOrder },
): number {
  const ofGroups = values.group * groups;
  const ofRequests = values.request * groups;
  const written = {
    long: values.group * rows,
    wide: ofGroups,
    grouped: ofGroups,
    request: ofRequests,
    user: values.user * groups,
  }[layout];
  if (format !== 'parquet') return written * cellBytes[format];
  const isFar = layout === 'user' || order !== 'user';
  const distinct =
    order === 'shuffled_rows' ? written : Math.min(written, order === 'shuffled' ? ofGroups : ofRequests);
  return distinct * (isFar ? PARQUET_BYTES.far : PARQUET_BYTES.near) + (written - distinct) * PARQUET_BYTES.repeated;
}
