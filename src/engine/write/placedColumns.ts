import type { Placement } from '../../core/sampling/placement.ts';
import { dayOf } from '../inputs/users/dayOf.ts';
import type { OutputColumn } from './layouts.ts';

/** SQL of the local day of a group, as days since 1970, given its time in microseconds. */
export function groupDay(time: string, timezone: string): string {
  return dayOf(`make_timestamp(CAST(${time} AS BIGINT))`, timezone);
}

/** Name of the hidden column with the day of a row. */
export const dayColumn = '@day';
/** Name of the hidden column with both mixed words of a row, which decides first. */
export const orderColumn = '@order';

/**
 * Hidden columns that order rows among each other, in the order in which they decide. Empty unless rows leave their
 * groups: otherwise the tables of groups have these values. The numbers of entries have the order of their names.
 */
export function hiddenColumns({ order, folder }: Placement, timezone: string): readonly OutputColumn[] {
  if (order !== 'shuffled_rows') return [];
  const ofList = (name: string, list: NonNullable<OutputColumn['list']>): OutputColumn => ({
    name,
    of: 'rows',
    list,
    sql: (element) => element,
  });
  return [
    ...(folder?.partitionBy
      ? [
          {
            name: dayColumn,
            of: 'group',
            list: null,
            sql: (_, _ids, valueOf) => groupDay(valueOf('time'), timezone),
          } satisfies OutputColumn,
        ]
      : []),
    ofList(orderColumn, 'row_order'),
    {
      name: '@place',
      of: 'group',
      list: null,
      values: ['place'],
      sql: (_, _ids, valueOf) => `CAST(${valueOf('place')} AS BIGINT)`,
    },
    ofList('@label', 'label'),
    ofList('@entry', 'entry'),
    ofList('@draw', 'draw'),
  ];
}

/** The sort columns in descending order. */
export const descending: ReadonlySet<string> = new Set(['@label']);
