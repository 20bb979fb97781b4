import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import type { DataTables } from './dataTables.ts';

/**
 * The condition under which the named event holds.
 * @throws FailureError if the config declares no such event, and neither the impressions nor the clicks have its column
 */
export function resolveEvent(name: string, config: ConfigDraft, tables: DataTables): AskedEvent {
  const event = declaredEvent(name, config);
  if (!tables.hasColumn('impressions', event.column) && !tables.hasColumn('clicks', event.column))
    throw fail('bad-request', message('the files of data.{0} have no column {1}', 'impressions', event.column));
  return event;
}

function declaredEvent(name: string, { events = {} }: ConfigDraft): AskedEvent {
  const event = Object.hasOwn(events, name) ? events[name] : undefined;
  if (typeof event === 'string') return { name, column: event };
  if (event?.column === undefined || event.op === undefined || event.value === undefined)
    throw fail('bad-request', message('there is no event {0} under events', name));
  return { name, column: event.column, op: event.op, value: event.value };
}
