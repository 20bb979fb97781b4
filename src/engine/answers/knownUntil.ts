import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { Work } from '../database/connections.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { instantOf } from '../tables/instant.ts';
import { withinPeriodSql } from '../tables/log.ts';
import { recordedSplit } from './splitTimes.ts';
import type { Tables } from '../tables/tables.ts';

/** The ends of the windows of a config, as written. */
export interface SplitEnds {
  readonly cut: string;
  /** Of eval; null: as far as the log goes. */
  readonly knownUntil: string | null;
}

/**
 * SQL of the time until which the outcomes of a sample file are known; null if there is no limit. A file without a lock
 * file is evaluation data if all of its rows come after the training cut.
 * @param table SQL of the rows of the file
 */
export async function knownUntilSql(
  tables: Tables,
  {
    table,
    ref,
    timezone,
    cut,
    knownUntil,
  }: SplitEnds & { readonly table: string; readonly ref: DatasetRef; readonly timezone: string },
  work: Work,
): Promise<string | null> {
  const split = await recordedSplit(tables, ref);
  const [row] =
    split === null
      ? await tables.rows(
          `SELECT bool_and(NOT ${withinPeriodSql('time', { to: cut }, timezone)}) FROM ${table} WHERE time IS NOT NULL`,
          work,
        )
      : [];
  const isEval = split === null ? row?.[0] === true : split === 'eval';
  const until = isEval ? knownUntil : cut;
  return until === null ? null : instantOf(quoteLiteral(until), { kind: 'string' }, { timezone, name: 'window' }).to;
}
