import type { AsOfIndex } from './asOfIndex.ts';
import { listsOf } from './layouts.ts';
import type { OutputColumns } from './outputSelect.ts';

/** Replaces the joins of as-of columns by lists of the drawn groups, where the index has their values. */
export function withAsOfLists(output: OutputColumns, { lists }: AsOfIndex): OutputColumns {
  const byName = new Map([...lists].map(([{ name }, list]) => [name, list]));
  const columns = output.columns.map((column) => {
    const list = column.joins === 'as_of' ? byName.get(column.name) : undefined;
    return list === undefined
      ? column
      : { name: column.name, of: column.of, list, sql: (element: string): string => element };
  });
  const passed = output.passed.filter((one) => !lists.has(one));
  return {
    ...output,
    columns,
    passed,
    lists: listsOf([...columns, ...output.hidden], passed.length > 0 || output.showsPosition),
  };
}
