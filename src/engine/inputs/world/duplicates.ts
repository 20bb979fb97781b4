import { refuse } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import type { SampledTables } from '../sampledTables.ts';

/** @throws FailureError if the corpus has two rows of an item */
export async function refuseDuplicates({ tables, data }: SampledTables, corpus: string, work: Work): Promise<void> {
  const [row] = await tables.rows(
    `SELECT min(CAST(item AS VARCHAR)), any_value(n) FROM (SELECT item, count(*) AS n FROM ${corpus} WHERE item IS NOT NULL GROUP BY item HAVING count(*) > 1 ORDER BY item LIMIT 1)`,
    work,
  );
  const [item, rows] = row ?? [];
  if (typeof item !== 'string' || !data.items) return;
  throw refuse(
    'repeated-item',
    message('The corpus has {0} rows of the item {1}', Number(rows), item === '' ? '""' : item),
    {
      place: { path: data.items.ref.path, column: data.items.columns.item.name },
      // The files may be those of the log too.
      setting: ['data', 'items', 'columns', 'item'],
      advice: message('Keep one row for each item: it is unknown which one is right.'),
    },
  );
}
