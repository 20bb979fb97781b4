import {
  count,
  defined,
  described,
  documentText,
  flag,
  lines,
  list,
  nullable,
  number,
  oneOf,
  optional,
  pairs,
  record,
  scalar,
  text,
  type ValueOf,
} from '../json/codec.ts';
import { render } from '../message/message.ts';
import { rowsDigest } from '../sampling/lock/sampleLock.ts';
import { columnProblems } from '../table/columnProblems.ts';
import type { Column } from '../table/dataset.ts';
import type { ColumnProfile } from '../table/profile.ts';
import { roles } from '../table/role.ts';

import { formats } from '../table/sampleName.ts';
import { typeName } from '../table/type.ts';
import { valueAt } from '../valueAt.ts';
import type { InspectReport } from './inspectReport.ts';

const cell = defined(
  'scalar',
  described(
    scalar({ type: ['string', 'number', 'boolean', 'null'] }, (json) => json.scalar()),
    'Exact. A number for integers of at most 32 bits and finite floats. Text for 64-bit integers, decimals, dates, times, timestamps and non-finite floats. Lists, structs and maps are their JSON text.',
  ),
);

const inspectedColumn = defined(
  'column',
  record({
    name: text,
    type: described(text, 'Logical type, such as int64, double, decimal(18, 4), timestamp[µs, UTC], list<float>[64].'),
    role: nullable(oneOf(...roles)),
    unreadable: optional(
      described(
        text,
        'Only if the column is not read: why. Then nulls and distinct are null, and the sample does not have the column.',
      ),
    ),
    nulls: nullable(count),
    distinct: nullable(record({ value: count, exact: described(flag, 'False for an estimate.') })),
    min: cell,
    max: cell,
    mean: nullable(number),
    quantiles: nullable(
      record({
        of: described(
          oneOf('value', 'length'),
          'Of the values, or of the lengths: characters of a text, elements of a list.',
        ),
        p5: cell,
        p25: cell,
        p50: cell,
        p75: cell,
        p95: cell,
        exact: described(flag, 'False for estimates.'),
      }),
    ),
    list: optional(
      described(
        record({
          shortest: described(nullable(count), 'Elements of the shortest list. Null if all lists are NULL.'),
          longest: nullable(count),
          empty: described(count, 'Rows with an empty list.'),
          full: described(count, 'Rows with a list of the largest length.'),
          order: described(
            nullable(record({ lists: count, ascending: count, descending: count })),
            'Null if the elements are no times. Lists with two times or more and no NULL, and how many of them ascend and descend. Equal times do both.',
          ),
          sequence: described(nullable(text), 'The behavior sequence that the list belongs to, by its name.'),
          uneven: described(count, 'Rows in which the first list of the sequence has another length.'),
        }),
        'Only for lists. quantiles has the quantiles of their lengths.',
      ),
    ),
    top: described(list(record({ value: cell, count })), 'The most frequent values.'),
    problems: optional(
      described(
        list(text),
        'Only if the column has a problem, the worst first; docs/inspector.md lists them. Never localised.',
      ),
    ),
  }),
);

const groups = record(
  {
    by: described(list(text), 'Names of the columns whose equal values make a group.'),
    total: described(count, 'Number of all groups.'),
    list: lines(
      record({
        key: described(
          list(nullable(text)),
          'Exact text of the values of the columns of by; for --group-by day, the day.',
        ),
        rows: described(count, 'Rows for which --where holds.'),
        all: described(count, 'Rows with and without --where.'),
        positives: described(nullable(count), 'Null without a label of 0 and 1.'),
        mix: described(list(record({ source: text, rows: count })), 'Rows that are not positive, by source.'),
      }),
    ),
  },
  'spaced',
);

/** The output of `recsample inspect --format json`. */
export const inspectOutput = record(
  {
    path: described(text, 'As written on the command line.'),
    format: oneOf(...formats),
    rows: described(count, 'Rows for which --where holds; all rows without it.'),
    bytes: described(count, 'Bytes on disk, all files together.'),
    columns: described(
      lines(inspectedColumn),
      'Those of --columns, in that order; all columns without it. Profiles cover the rows of --where.',
    ),
    labels: described(
      nullable(
        record({
          column: text,
          positive: described(count, 'Rows whose label is not zero, or true.'),
          negative: described(count, 'Rows whose label is zero, or false.'),
        }),
      ),
      'Of the column with the role label, over the rows of --where; null without such a column. NULL labels are in neither count.',
    ),
    digest: optional(
      described(rowsDigest, 'Only with --digest. Equal for equal rows in any order, see docs/digest.md.'),
    ),
    groups: optional(
      described(
        groups,
        'Only with --group-by: the first groups, as many as --rows asks for. The sample is then empty.',
      ),
    ),
    sample: described(
      lines(pairs(cell, 'spaced')),
      'The first rows, as many as --rows asks for (5 by default), in the order of the file. Keys are column names, which are unique.',
    ),
  },
  'block',
);

/** The report as JSON text, one column and one row per line. Never translated. */
export function inspectJson(report: InspectReport): string {
  const { dataset, sample } = report;
  return documentText(inspectOutput, {
    ...report,
    format: dataset.format,
    bytes: dataset.bytes,
    columns: report.columns.map((column) => columnOf(column, dataset.columns)),
    digest: report.digest ?? undefined,
    groups: report.groups ? groupsOf(report.groups) : undefined,
    sample: sample.rows.map((row) => sample.columns.map(({ name }, k) => [name, row[k] ?? null] as const)),
  });
}

function groupsOf({ by, total, sources, list }: NonNullable<InspectReport['groups']>): ValueOf<typeof groups> {
  return {
    by,
    total,
    list: list.map((group) => ({
      ...group,
      mix: sources.map((source, k) => ({ source, rows: valueAt(group.mix, k) })),
    })),
  };
}

function columnOf(column: ColumnProfile, all: readonly Column[]): ValueOf<typeof inspectedColumn> {
  const { type, quantiles, of } = column;
  const problems = type.kind === 'unreadable' ? [] : columnProblems(column, column, all);
  return {
    ...column,
    type: typeName(type),
    role: column.role?.role ?? null,
    ...(type.kind === 'unreadable' ? { unreadable: render(type.reason), nulls: null, distinct: null } : {}),
    quantiles: quantiles && { of, ...quantiles },
    list: column.list && {
      ...column.list,
      empty: column.list.emptyLists,
      full: column.steps?.full ?? 0,
      order: column.steps?.order ?? null,
      sequence: column.list.sequence?.name ?? null,
      uneven: column.list.sequence?.uneven ?? 0,
    },
    problems: problems.length === 0 ? undefined : problems.map(({ text }) => render(text)),
  };
}
