import { message, render, type Translate } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { formatCount, formatPercent } from '../table/format.ts';
import type { GroupsReport } from './inspectReport.ts';
import type { Cell } from './textTable.ts';

/** The groups of a text report: a title, the head and the rows of a table, and the widest cells of its columns. */
export interface GroupTable {
  readonly title: string;
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  readonly limits: readonly number[];
}

export function groupTable({ by, total, sources, list }: GroupsReport, translate: Translate): GroupTable {
  const text = (m: Parameters<typeof render>[0]): string => render(m, translate);
  const isFiltered = list.some(({ rows, all }) => rows < all);
  const right = (cell: string): Cell => ({ text: cell, align: 'right' });
  return {
    title: text(
      list.length === total
        ? total === 1
          ? message('1 group')
          : message('{0} groups', formatCount(total))
        : message('First {0} of {1} groups', formatCount(list.length), formatCount(total)),
    ),
    head: [
      ...by.map((name): Cell => ({ text: printable(name) })),
      right(text(message('rows'))),
      ...(isFiltered ? [right(text(message('of')))] : []),
      right(text(message('positives'))),
      right(''),
      { text: text(message('negatives')) },
    ],
    rows: list.map(({ key, rows, all, positives, mix }): Cell[] => [
      ...key.map((value): Cell => (value === null ? { text: 'NULL', tone: 'faint' } : { text: printable(value) })),
      right(formatCount(rows)),
      ...(isFiltered ? [right(formatCount(all))] : []),
      right(positives === null ? '–' : formatCount(positives)),
      right(positives === null || rows === 0 ? '' : formatPercent(positives / rows)),
      {
        text: mix.flatMap((n, k) => (n === 0 ? [] : [`${printable(sources[k] ?? '')} ${formatCount(n)}`])).join(', '),
      },
    ]),
    limits: [...by.map(() => 32), 14, ...(isFiltered ? [14] : []), 14, 8, Infinity],
  };
}
