import type { DrawnUser, PreviewRow } from '../../../core/sampling/drawn.ts';
import type { DrawnRows } from '../../../core/sampling/kernel/rowCounts.ts';
import { valueAt } from '../../../core/valueAt.ts';
import type { LoadedBlock } from '../../groups/block.ts';
import type { PassedCells } from './passedCells.ts';
import type { ShownColumns } from './shownColumns.ts';

/** Further values of a drawn row: copied columns, labels of further events, and why the teacher has no value. */
type RowValues = Pick<PreviewRow, 'passed' | 'teacherReason' | 'outcomes'>;

/** True if columns are copied from the exposures of the drawn items. */
export function needsExposures({ columns }: Pick<ShownColumns, 'columns'>): boolean {
  return columns.some(({ from, side }) => from === 'impressions' && side === 'exposure');
}

/**
 * The values of shown rows, by their place among them.
 * @param passed null without copied columns
 */
export function rowValues(
  { rows, shown }: { readonly rows: DrawnRows; readonly shown: readonly number[] },
  { teacher, outcomes, block, origins }: Pick<LoadedBlock, 'teacher' | 'outcomes' | 'block' | 'origins'>,
  passed: PassedCells | null,
): (place: number, isTaught: boolean) => RowValues {
  const reasons = teacher?.reasons(rows, block.groups, origins);
  const labels = outcomes?.texts(rows, block.groups, origins);
  return (place, isTaught) => ({
    ...(passed === null ? {} : { passed: valueAt(passed.cells, place) }),
    ...(labels ? { outcomes: labels(valueAt(shown, place)) } : {}),
    ...(reasons && !isTaught ? { teacherReason: reasons(valueAt(shown, place)) } : {}),
  });
}

/** Users whose rows have their values. */
export function withValues(users: readonly DrawnUser[], values: ReturnType<typeof rowValues>): readonly DrawnUser[] {
  let place = 0;
  return users.map((user) => ({
    ...user,
    groups: user.groups.map((group) => ({
      ...group,
      rows: group.rows.map((row) => ({ ...row, ...values(place++, row.teacher !== null) })),
    })),
  }));
}
