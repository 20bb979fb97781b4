import { message, type Message } from '../../../core/message/message.ts';
import type { AskedTable } from '../../../protocol/askedTable.ts';
import { whereSql } from '../../tables/roleTable.ts';
import type { Work } from '../../database/connections.ts';
import type { SampledTables } from '../sampledTables.ts';

/** Data sets without valid rows: their files are empty, or no row passes their `where`. One sentence each. */
export async function emptyData(
  { tables, data: { log, items, users, candidates, rejections } }: SampledTables,
  work: Work,
): Promise<Message[]> {
  const named: Readonly<Record<string, AskedTable<string, string> | undefined>> = {
    impressions: log.impressions,
    ...Object.fromEntries((log.clicks ?? []).map((table) => [table.name, table])),
    items,
    users,
    candidates,
    rejections,
  };
  const said: Message[] = [];
  for (const [name, asked] of Object.entries(named)) {
    if (!asked) continue;
    const table = tables.table(asked.ref);
    const { columns } = table;
    const any = async (condition: string): Promise<boolean> =>
      (await tables.rows(`SELECT 1 FROM ${table.relation()} WHERE ${condition} LIMIT 1`, work)).length > 0;
    if (await any(asked.where ? whereSql(asked.where, columns) : 'true')) continue;
    said.push(
      asked.where && (await any('true'))
        ? message('No row of data.{0} passes its where', name)
        : message('data.{0} has no rows', name),
    );
  }
  return said;
}
