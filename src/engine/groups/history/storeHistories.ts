import type { HistoryCounts } from '../../../core/sampling/historyCounts.ts';
import { message } from '../../../core/message/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import { storedUsers } from '../../inputs/storedTables.ts';
import type { LoadedWorld } from '../../inputs/world/loadedWorld.ts';
import { countsOf, historiesOf } from './histories.ts';
import { historySql } from './historySql.ts';

/**
 * The past items of the users of `storedUsers`, ordered by user. Columns: `history`: index in `Histories.all`; `place`:
 * number of the user; `number` of the item, NULL for an id that is no item.
 */
export const storedHistories = '"stored histories"';

/**
 * Reads the histories of all stored users once, so that a block of users does not touch the rest.
 * @param read the tables as opened; stored ones do not have the column
 * @returns what each history excludes; empty, and no table, for a plan without histories
 */
export async function storeHistories(
  read: SampledTables,
  plan: StagePlan,
  world: LoadedWorld,
  work: Work,
): Promise<readonly HistoryCounts[]> {
  const histories = historiesOf(plan, world);
  if (histories.all.length === 0) return [];
  const users = `"user" IN (SELECT "user" FROM ${storedUsers})`;
  const selects = histories.all.map(
    (history, k) =>
      `SELECT ${k} AS history, CAST(u.number AS UINTEGER) AS place, h.number FROM ${historySql(read, history, users)} h JOIN ${storedUsers} u ON u."user" = h."user"`,
  );
  await read.tables.statement(
    `CREATE OR REPLACE TABLE ${storedHistories} AS ${selects.join(' UNION ALL ')} ORDER BY place`,
    message('Reading the log'),
    work,
  );
  const counts = await read.tables.rows(
    `SELECT CAST(count(number) AS DOUBLE), CAST(count(place) - count(number) AS DOUBLE) FROM range(${selects.length}) k LEFT JOIN ${storedHistories} ON history = k.range GROUP BY k.range ORDER BY k.range`,
    work,
  );
  return countsOf(
    histories,
    counts.map((row) => ({ items: numberIn(row, 0), unknown: numberIn(row, 1) })),
  );
}
