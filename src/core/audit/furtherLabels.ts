import type { Column } from '../table/dataset.ts';
import { guessRoles } from '../table/guessRoles.ts';
import { isNumeric } from '../table/type.ts';
import type { SampleColumns } from './sampleColumns.ts';

/** More are not counted. */
const most = 20;

/** Columns of a sample file that hold labels in addition to the label of its rows: `label_…`, and names of labels. */
export function furtherLabels(
  columns: readonly Pick<Column, 'name' | 'type'>[],
  { columns: found }: SampleColumns,
): readonly string[] {
  const used = new Set(Object.values(found).flatMap(({ name, negatives }) => [name, negatives]));
  return columns
    .filter(({ name, type }) => !used.has(name) && (isNumeric(type) || type.kind === 'boolean'))
    .filter((column) => /^label_/i.test(column.name) || guessRoles([column])[0]?.role === 'label')
    .map(({ name }) => name)
    .slice(0, most);
}
