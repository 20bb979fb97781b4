import { conditionColumns, conditionFlags } from '../../../core/config/eventConditions.ts';
import { message, type Message } from '../../../core/message/message.ts';
import { isNumeric } from '../../../core/table/type.ts';
import type { AskedTable } from '../../../protocol/askedTable.ts';
import { roleTable } from '../../tables/roleTable.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import { orNull } from '../../sql/notNan.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { SourceColumn } from '../../database/sourceColumn.ts';
import type { SampledTables } from '../sampledTables.ts';

/** What is counted in the column of an event, and the sentence about it. */
interface Suspicion {
  readonly column: SourceColumn;
  readonly sql: string;
  readonly say: (count: number) => Message;
}

/**
 * Rows whose value in the column of an event other tools may read in another way: NaN, which is not an event here, and
 * values of a flag that are neither 0 nor 1. One sentence each.
 */
export async function suspectEvents(
  { tables, data: { log }, timezone }: SampledTables,
  work: Work,
): Promise<Message[]> {
  const messages: Message[] = [];
  // Where an event is unknown, rows are dropped and counted.
  const dropped = new Set(log.events.flatMap((event) => ('unknown' in event ? conditionColumns(event) : [])));
  const used = new Set(log.events.flatMap(conditionColumns));
  const flags = new Set(log.events.flatMap(conditionFlags));
  for (const asked of [log.impressions, ...(log.clicks ?? [])]) {
    const table = tables.table(asked.ref);
    const isLog = asked === log.impressions;
    const suspicions = table.columns.flatMap((column): Suspicion[] => {
      const { name, type } = column;
      if (!used.has(name) || !isNumeric(type)) return [];
      const x = quoteIdentifier(name);
      const nan: Suspicion = {
        column,
        sql: `isnan(${x})`,
        say: (count) =>
          isLog
            ? message('Impressions with NaN in {0}, not counted as an event: {1}', name, count)
            : message('Clicks with NaN in {0}, not counted as an event: {1}', name, count),
      };
      const odd: Suspicion = {
        column,
        sql: `${orNull(x, type)} NOT IN (0, 1)`,
        say: (count) => message('Rows in which {0} is neither 0 nor 1, counted as the event: {1}', name, count),
      };
      return [...(type.kind === 'float' && !dropped.has(name) ? [nan] : []), ...(flags.has(name) ? [odd] : [])];
    });
    if (suspicions.length === 0) continue;
    const { where }: AskedTable = asked;
    const rows = roleTable(
      table,
      { ref: asked.ref, columns: {}, ...(where ? { where } : {}) },
      {
        timezone,
        more: Object.fromEntries(suspicions.map(({ column: { name } }) => [name, quoteIdentifier(name)])),
      },
    );
    const [counts] = await tables.rows(
      `SELECT ${suspicions.map(({ sql }) => `count(*) FILTER (WHERE ${sql})`).join(', ')} FROM ${rows}`,
      work,
    );
    suspicions.forEach(({ say }, k) => {
      const count = numberIn(counts, k);
      if (count > 0) messages.push(say(count));
    });
  }
  return messages;
}
