import { conditionColumns } from '../../../../core/config/eventConditions.ts';
import { message, type Message } from '../../../../core/message/message.ts';
import type { AskedTable } from '../../../../protocol/askedTable.ts';
import { roleTable } from '../../../answers/roleTable.ts';
import type { Work } from '../../../database/connections.ts';
import { numberIn } from '../../../database/numberIn.ts';
import { quoteIdentifier } from '../../../sql/quote.ts';
import type { SampledTables } from '../sampledTables.ts';

/**
 * Number of rows with NaN in the column of an event. NaN is not an event here, but other tools count it as one. One
 * sentence per column.
 */
export async function nanEvents({ tables, data: { log }, timezone }: SampledTables, work: Work): Promise<Message[]> {
  const messages: Message[] = [];
  const used = new Set(log.events.flatMap(conditionColumns));
  for (const asked of [log.impressions, ...(log.clicks ?? [])]) {
    const table = tables.table(asked.ref);
    const columns = table.columns
      .filter(({ name, type }) => type.kind === 'float' && used.has(name))
      .map(({ name }) => name);
    if (columns.length === 0) continue;
    const { where }: AskedTable = asked;
    const rows = roleTable(
      table,
      { ref: asked.ref, columns: {}, ...(where ? { where } : {}) },
      { timezone, more: Object.fromEntries(columns.map((name) => [name, quoteIdentifier(name)])) },
    );
    const [counts] = await tables.rows(
      `SELECT ${columns.map((name) => `count(*) FILTER (WHERE isnan(${quoteIdentifier(name)}))`).join(', ')} FROM ${rows}`,
      work,
    );
    columns.forEach((name, k) => {
      const count = numberIn(counts, k);
      if (count === 0) return;
      messages.push(
        asked === log.impressions
          ? message('Impressions with NaN in {0}, not counted as an event: {1}', name, count)
          : message('Clicks with NaN in {0}, not counted as an event: {1}', name, count),
      );
    });
  }
  return messages;
}
