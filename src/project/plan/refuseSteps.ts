import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { datasetPath } from '../../core/data/dataColumns.ts';
import { valueColumnOf } from '../../core/data/eventTables.ts';
import { mixedEvent, mixedSteps, type Sequence } from '../../core/data/sequences.ts';
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

/** @throws FailureError if some steps of a sequence have items and others values, or if `without` has values */
export function refuseMixed(sequence: Sequence, config: ConfigDraft): void {
  for (const name of sequence.without) refuseWithoutItem(name, config);
  const other = mixedEvent(sequence, config);
  if (other !== null) throw refuse('event-columns', mixedSteps(sequence, other));
}

/** Returns the event. @throws FailureError if its table has neither items nor values */
export function withSubject(event: AskedEvent, tables: DataTables): AskedEvent {
  const { table } = event;
  if (table === undefined || tables.has(table, 'item') || tables.has(table, 'value')) return event;
  throw refuse('column-undeclared', message('data.{0} has neither the column item nor the column value', table), {
    setting: [...datasetPath(table), 'columns'],
  });
}

/** @throws FailureError if an event has no item */
export function refuseWithoutItem(name: string, config: ConfigDraft): void {
  if (valueColumnOf(name, config) === null) return;
  throw refuse('event-columns', message('the event {0} has no item: it can only be a step of a sequence', name));
}
