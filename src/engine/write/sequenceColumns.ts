import { stepColumnName, type Sequence } from '../../core/data/sequences.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import { idSql } from '../inputs/ids.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { sequenceList } from '../sequences/sequenceLists.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { OutputColumn } from './layouts.ts';
import { timeSql } from './roleColumns.ts';

/**
 * The list columns of sequences, such as `clicks__item_id`. Items and times have the names and the types of the log. All
 * rows of a group share the lists.
 */
export function sequenceColumns(
  sequences: readonly Sequence[],
  names: Pick<SampleOutput['names'], 'item' | 'time'>,
  sampled: SampledTables,
): OutputColumn[] {
  return sequences.flatMap((sequence) =>
    sequence.columns.map((column): OutputColumn => {
      const list = quoteIdentifier(sequenceList(sequence.name, stepColumnName(column)));
      const each = (value: string): string => `list_transform(r.${list}, lambda x: ${value})`;
      const name = column === 'item' || column === 'time' ? names[column] : stepColumnName(column);
      return {
        name: `${sequence.name}__${name}`,
        list: null,
        of: 'group',
        values: [list],
        sql: (_, { items }) =>
          column === 'item'
            ? each(idSql(items, 'x'))
            : column === 'time'
              ? each(timeSql(sampled, 'epoch_us(x)'))
              : `r.${list}`,
      };
    }),
  );
}
