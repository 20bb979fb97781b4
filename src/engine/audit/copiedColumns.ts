import type { Column } from '../../core/table/dataset.ts';
import { isReservedName } from '../../core/data/outputName.ts';
import type { SampleColumns } from '../../core/audit/sampleColumns.ts';

/** More are not counted. */
const most = 200;

/** Columns of a sample file without a role that RecSample does not write itself: features, and other copied columns. */
export function copiedColumns(
  columns: readonly Pick<Column, 'name'>[],
  { columns: found }: SampleColumns,
  labels: readonly string[],
): readonly string[] {
  const used = [...labels, ...Object.values(found).flatMap(({ name }) => name ?? [])];
  return columns
    .map(({ name }) => name)
    .filter((name) => !isReservedName(name, used))
    .slice(0, most);
}
