import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { attempt, FailureError } from '../../core/message/failure.ts';
import type { AskedLog } from '../../protocol/askedTable.ts';
import { askedEventTables } from './askedEventTables.ts';
import type { DataTables } from './dataTables.ts';
import { resolveEvent } from './resolveEvent.ts';

/**
 * The log with all events of the config whose columns exist, since a list of another tool may hold any of them.
 * @throws FailureError if the impressions do not match the config
 */
export function askedStepLog(config: ConfigDraft, tables: DataTables): AskedLog {
  const impressions = tables.table('impressions', ['user', 'item', 'time'], ['request', 'position'] as const);
  const events = Object.keys(config.events ?? {}).flatMap((name) => {
    const event = attempt(() => resolveEvent(name, config, tables));
    return event instanceof FailureError ? [] : [event];
  });
  return { impressions, ...askedEventTables(config, tables, undefined), events };
}
