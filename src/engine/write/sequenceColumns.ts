import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { listNameOf, sliceColumn, sliceEnds, stepColumnName, type Sequence } from '../../core/data/sequences.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { sequenceList } from '../sequences/sequenceLists.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { OutputColumn } from './layouts.ts';
import { timeSql } from './roleColumns.ts';

/**
 * The list columns of sequences, such as `clicks__item_id`. Items and times have the names and the types of the log. All
 * rows of a request share the lists; in the layout user all rows of a user, and each has a slice, such as `clicks__from`.
 */
export function sequenceColumns(
  sequences: readonly Sequence[],
  layout: SampleLayout,
  names: Pick<SampleOutput['names'], 'item' | 'time'>,
  sampled: SampledTables,
): OutputColumn[] {
  return sequences.flatMap((sequence) => [
    ...sequence.columns.map((column): OutputColumn => {
      const list = quoteIdentifier(sequenceList(sequence.name, stepColumnName(column)));
      const each = (value: string): string => `list_transform(r.${list}, lambda x: ${value})`;
      return {
        name: `${sequence.name}__${listNameOf(column, sequence, names)}`,
        list: null,
        of: layout === 'user' ? 'user' : 'request',
        values: [list],
        sql: (_, { items }) =>
          column === 'item' && sequence.value === undefined
            ? widened(`r.${list}`, items.sqlType)
            : column === 'time'
              ? each(timeSql(sampled, 'epoch_us(x)'))
              : `r.${list}`,
      };
    }),
    ...(layout === 'user' ? sliceEnds : []).map((end): OutputColumn => {
      const value = quoteIdentifier(sequenceList(sequence.name, end));
      return {
        name: sliceColumn(sequence.name, end),
        list: null,
        of: 'rows',
        values: [value],
        sql: (_, _ids, valueOf) => valueOf(value),
      };
    }),
  ]);
}

/** SQL of a list of ids in the wider of its type and a further one: a table of events may have wider ids than the log. */
function widened(list: string, sqlType: string): string {
  return `CASE WHEN true THEN ${list} ELSE CAST(NULL AS ${sqlType}[]) END`;
}
