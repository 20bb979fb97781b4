import { message, type Message } from '../message/message.ts';
import type { Preview } from '../sampling/answers.ts';
import { formatCount, formatPercent } from '../table/format.ts';

/** NULLs of a copied column among the rows that a preview shows. */
export interface ShownNulls {
  readonly column: string;
  readonly positives: { readonly rows: number; readonly nulls: number };
  readonly negatives: { readonly rows: number; readonly nulls: number };
}

/** NULLs by copied column. Users whose rows are not shown do not count. */
export function shownNulls({ users, passed }: Pick<Preview, 'users' | 'passed'>): ShownNulls[] {
  const rows = users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  return (passed?.columns ?? []).map(({ name }, k) => {
    const countOf = (label: number): ShownNulls['positives'] => {
      const matches = rows.filter((row) => row.label === label);
      return { rows: matches.length, nulls: matches.filter((row) => row.passed?.[k]?.value === null).length };
    };
    return { column: name, positives: countOf(1), negatives: countOf(0) };
  });
}

/** How often copied columns are NULL, by label; only columns with a NULL. */
export function nullTexts(preview: Pick<Preview, 'users' | 'passed'>): Message[] {
  const text = ({ rows, nulls }: ShownNulls['positives']): readonly [string, string, string] => [
    formatCount(nulls),
    formatCount(rows),
    rows === 0 ? '–' : formatPercent(nulls / rows),
  ];
  return shownNulls(preview)
    .filter(({ positives, negatives }) => positives.nulls + negatives.nulls > 0)
    .map(({ column, positives, negatives }) =>
      message(
        '{0} is NULL in {1} of {2} positives shown ({3}) and in {4} of {5} negatives shown ({6})',
        column,
        ...text(positives),
        ...text(negatives),
      ),
    );
}
