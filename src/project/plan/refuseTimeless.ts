import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { DataTables } from '../facts/dataTables.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';

/** @throws FailureError if an event comes from a table without times: it would be visible before it happened */
export function refuseTimeless({ name, table }: AskedEvent, tables: DataTables): void {
  if (table === undefined || tables.has(table, 'time')) return;
  throw refuse('sequence-time', message('The event {0} cannot be a step: data.{1} has no time', name, table), {
    advice: message('Name the column of the time in data.{0}.columns.', table),
  });
}
