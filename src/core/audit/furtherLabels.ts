import type { Column } from '../table/dataset.ts';
import { guessRoles } from '../table/guessRoles.ts';
import { isNumeric } from '../table/type.ts';
import type { SampleColumns } from './sampleColumns.ts';

/** Labels beyond this number are not counted. */
const maxLabels = 20;

/** Columns of a sample file that hold more labels than its column `label`, recognised by name and type. */
export function furtherLabels(
  columns: readonly Pick<Column, 'name' | 'type'>[],
  { columns: roleColumns }: SampleColumns,
): readonly string[] {
  const used = new Set(Object.values(roleColumns).flatMap(({ name, negatives }) => [name, negatives]));
  return columns
    .filter(({ name, type }) => !used.has(name) && (isNumeric(type) || type.kind === 'boolean'))
    .filter((column) => /^label_/i.test(column.name) || guessRoles([column])[0]?.role === 'label')
    .map(({ name }) => name)
    .slice(0, maxLabels);
}
