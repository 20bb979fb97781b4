import type { ConfigDraft } from '../../core/config/definition/config.ts';
import {
  conditionColumns,
  conditionComparisons,
  conditionOf,
  eventOfUnknown,
  isCondition,
  MAX_NESTING,
  type EventCondition,
  type NoCondition,
} from '../../core/config/eventConditions.ts';
import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { AskedEvent } from '../../protocol/askedTable.ts';
import { tablesOfEvent } from '../../core/data/eventTables.ts';
import type { DataTables } from './dataTables.ts';

/**
 * The condition under which the named event holds, or is unknown if the name is one of `unknownNames`.
 * @throws FailureError if the config declares no such event, no table has all of its columns, or several tables of
 * events have them, or a column has a type that the condition cannot compare
 */
export function resolveEvent(name: string, config: ConfigDraft, tables: DataTables): AskedEvent {
  const flaggedEvent = eventOfUnknown(name, config);
  const event = flaggedEvent ?? name;
  const declared = declaredEvent(event, config);
  const condition = flaggedEvent === null ? declared : { unknown: declared };
  const columns = conditionColumns(condition);
  const candidates = tablesOfEvent(event, config);
  const matches = candidates.filter((table) => columns.every((column) => tables.hasColumn(table, column)));
  const [table, other] = matches;
  if (table === undefined) throw noTable(event, columns, candidates, tables);
  tables.requireComparable(table, conditionComparisons(condition));
  if (table === 'impressions') return { name, ...condition };
  if (other !== undefined)
    throw refuse(
      'event-tables',
      message(
        'data.{0} and data.{1} both have the column {2} of the event {3}',
        table,
        other,
        columns.join(', '),
        name,
      ),
      { advice: message('Add {0} to the table that has the event.', `events: [${name}]`) },
    );
  return { name, ...condition, table };
}

function noTable(
  name: string,
  columns: readonly string[],
  candidates: ReturnType<typeof tablesOfEvent>,
  tables: DataTables,
): FailureError {
  const missing = columns.find((column) => !candidates.some((table) => tables.hasColumn(table, column)));
  if (missing !== undefined)
    return refuse(
      'event-columns',
      message('the files of data.{0} have no column {1}', candidates[0] ?? 'impressions', missing),
    );
  return refuse('event-columns', message('no table has all columns of the event {0}: {1}', name, columns.join(', ')));
}

function declaredEvent(name: string, config: ConfigDraft): EventCondition {
  const condition = conditionOf(name, config);
  if (!isCondition(condition)) throw refuse('event-undeclared', reason(condition));
  return condition;
}

function reason({ lacks, event }: NoCondition): ReturnType<typeof message> {
  switch (lacks) {
    case 'cycle':
      return message('the event {0} names itself, directly or by other events', event);
    case 'large':
      return message('the event {0} has too many parts', event);
    case 'deep':
      return message('the event {0} names events that name others, more than {1} deep', event, MAX_NESTING);
    case 'unknown':
    case 'incomplete':
      return message('there is no event {0} under events', event);
  }
}
