import { fail } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import type { SampleOutput, SamplingData } from '../../../protocol/sampling.ts';
import type { Tables } from '../../answers/tables.ts';

/** The source of a pass-through column: the row of the item, the row of the user, or the row's own exposure. */
export interface PassedColumn {
  readonly name: string;
  readonly from: 'items' | 'users' | 'impressions';
}

/**
 * Finds pass-through columns. Attributes of items and users in the config come first, then the columns of the
 * impressions, then other columns of items and users.
 * @throws FailureError if no file has the column
 */
export function passedColumns(
  { passThrough }: Pick<SampleOutput, 'passThrough'>,
  tables: Tables,
  { log: { impressions }, items, users }: SamplingData,
): PassedColumn[] {
  const has = (table: { readonly ref: Parameters<Tables['table']>[0] } | undefined, name: string): boolean =>
    table !== undefined && tables.table(table.ref).columns.some((column) => column.name === name);
  return passThrough.map((name): PassedColumn => {
    if (items?.attributes.includes(name)) return { name, from: 'items' };
    if (users?.attributes.includes(name)) return { name, from: 'users' };
    if (has(impressions, name)) return { name, from: 'impressions' };
    if (has(items, name)) return { name, from: 'items' };
    if (has(users, name)) return { name, from: 'users' };
    throw fail(
      'bad-request',
      message('output.pass_through names {0}, but the impressions, the items and the users have no such column', name),
      {
        place: { path: impressions.ref.path, column: name },
        advice: message('Remove it, or name a column that one of these files has.'),
      },
    );
  });
}
