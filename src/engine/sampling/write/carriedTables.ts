import type { DatasetRef } from '../../../protocol/datasetRef.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { carriedColumn, itemNumbers, type SampledTables } from '../inputs/sampledTables.ts';
import { storedUsers } from '../inputs/storedTables.ts';
import { carrying } from './wideRowGroup.ts';

/** Item columns that are copied to the output, by `item`. */
export const carriedItems = '"carried items"';
/** User columns that are copied to the output, by `"user"`. */
export const carriedUsers = '"carried users"';

/**
 * Stores the columns of the corpus and of the users that the file includes.
 * @returns which of the two tables exist
 */
export async function carryAttributes(
  sampled: SampledTables,
  { items, users }: { readonly items: readonly string[]; readonly users: readonly string[] },
  work: Work,
): Promise<{ readonly items: boolean; readonly users: boolean }> {
  const named = (names: readonly string[], table: string): string =>
    names.map((name) => `${table}.${quoteIdentifier(carriedColumn(name))}`).join(', ');
  const { tables, data } = sampled;
  const make = async (ref: DatasetRef, columns: readonly string[], statement: string): Promise<void> => {
    await carrying({ tables, ref, columns }, work, async () => await tables.rows(statement, work));
  };
  const corpus = items.length === 0 ? null : sampled.corpus({ carried: items });
  if (data.items && corpus !== null)
    await make(
      data.items.ref,
      items,
      `CREATE TABLE ${carriedItems} AS SELECT n.item, ${named(items, 'c')} FROM ${corpus} c JOIN ${itemNumbers} n ON n.item = c.item`,
    );
  const known = users.length === 0 ? null : sampled.users([], users);
  if (data.users && known !== null)
    await make(
      data.users.ref,
      users,
      `CREATE TABLE ${carriedUsers} AS SELECT u."user", ${named(users, 'd')} FROM ${known} d JOIN ${storedUsers} u ON u."user" = d."user"`,
    );
  return { items: corpus !== null, users: known !== null };
}
