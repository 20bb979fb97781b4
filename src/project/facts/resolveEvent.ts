import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import { tablesOfEvent } from '../../core/data/eventTables.ts';
import type { DataTables } from './dataTables.ts';

/**
 * The condition under which the named event holds.
 * @throws FailureError if the config declares no such event, or no table or several tables of events have its column
 */
export function resolveEvent(name: string, config: ConfigDraft, tables: DataTables): AskedEvent {
  const event = declaredEvent(name, config);
  const possible = tablesOfEvent(name, config);
  const found = possible.filter((table) => tables.hasColumn(table, event.column));
  const [table, other] = found;
  if (table === undefined)
    throw fail(
      'bad-request',
      message('the files of data.{0} have no column {1}', possible[0] ?? 'impressions', event.column),
    );
  if (table === 'impressions') return event;
  if (other !== undefined)
    throw fail(
      'bad-request',
      message('data.{0} and data.{1} both have the column {2} of the event {3}', table, other, event.column, name),
      {
        advice: message('Add {0} to the table that has the event.', `events: [${name}]`),
      },
    );
  return { ...event, table };
}

function declaredEvent(name: string, { events = {} }: ConfigDraft): AskedEvent {
  const event = Object.hasOwn(events, name) ? events[name] : undefined;
  if (typeof event === 'string') return { name, column: event };
  if (event?.column === undefined || event.op === undefined || event.value === undefined)
    throw fail('bad-request', message('there is no event {0} under events', name));
  return { name, column: event.column, op: event.op, value: event.value };
}
