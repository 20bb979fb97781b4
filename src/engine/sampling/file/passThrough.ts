import { fail } from '../../../core/report/failure.ts';
import { message } from '../../../core/report/message.ts';
import { guessRoles } from '../../../core/table/guessRoles.ts';
import type { SampleOutput, SamplingData } from '../../../protocol/sampling.ts';
import type { Tables } from '../../answers/tables.ts';

/** Where a pass-through column comes from. `shown`: the exposure of the row itself, so that drawn items have none; `impressions`: the group's. */
export interface PassedColumn {
  readonly name: string;
  readonly from: 'items' | 'users' | 'impressions' | 'shown';
}

/**
 * Finds pass-through columns: attributes of items and users that the config names come first, then the columns of the impressions, then other columns of items and
 * users. Of the impressions, the position, what came into view, the columns of events and how long was watched belong to the exposure; the rest, such as the device, to its request.
 * @throws FailureError where no file has the column
 */
export function passedColumns({ passThrough, exposureColumns }: Pick<SampleOutput, 'passThrough' | 'exposureColumns'>, tables: Tables, { log: { impressions }, items, users }: SamplingData): PassedColumn[] {
  const has = (table: { readonly ref: Parameters<Tables['table']>[0] } | undefined, name: string): boolean => table !== undefined && tables.table(table.ref).columns.some((column) => column.name === name);
  const shown = tables.table(impressions.ref).columns;
  // What was watched is known after the exposure, be it named as an event or not.
  const watched = guessRoles(shown).flatMap((guess, k) => (guess?.role === 'play-time' ? [shown[k]?.name] : []));
  const exposure = new Set([...exposureColumns, ...watched]);
  return passThrough.map((name): PassedColumn => {
    if (items?.attributes.includes(name)) return { name, from: 'items' };
    if (users?.attributes.includes(name)) return { name, from: 'users' };
    if (has(impressions, name)) return { name, from: exposure.has(name) ? 'shown' : 'impressions' };
    if (has(items, name)) return { name, from: 'items' };
    if (has(users, name)) return { name, from: 'users' };
    throw fail('bad-request', message('output.pass_through names {0}, which is no column of the impressions, the items or the users', name), {
      place: { path: impressions.ref.path, column: name }, advice: message('Take it out, or name a column that one of these files has.'),
    });
  });
}
