import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { carriedColumn } from '../inputs/columnNames.ts';
import { storedLog, storedUsers, type StoredTables } from '../inputs/storedTables.ts';
import { within, type Bounds } from '../inputs/world/within.ts';
import type { UserPairs } from './trialData.ts';

/** Distinct pairs that were shown, with 1 where it holds. */
export interface Exposures extends UserPairs {
  readonly inTrain: Uint8Array;
  readonly inEval: Uint8Array;
  /** Shown in the evaluated window in a row of the slice. */
  readonly inSlice: Uint8Array;
}

/** Reads which items were shown to the stored users in two windows. */
export async function readExposures(
  { tables }: StoredTables,
  { train, evaluated }: Readonly<Record<'train' | 'evaluated', Bounds>>,
  slice: { readonly column: string; readonly value: string } | null,
  work: Work,
): Promise<Exposures> {
  const [inTrain, inEval] = [within('l.time', train), within('l.time', evaluated)];
  const inSlice = slice ? `coalesce(${sliceText(slice.column)} = ${quoteLiteral(slice.value)}, false)` : 'false';
  const rows = await tables.columnar(
    `SELECT CAST(u.number AS UINTEGER), CAST(l.number AS UINTEGER), bool_or(${inTrain}), bool_or(${inEval}), bool_or(${inEval} AND ${inSlice})
      FROM ${storedLog} l JOIN ${storedUsers} u ON u."user" = l."user" WHERE ${inTrain} OR ${inEval} GROUP BY 1, 2 ORDER BY 1, 2`,
    message('Reading the log'),
    work,
  );
  return {
    users: rows.unsigned(0),
    items: rows.unsigned(1),
    inTrain: rows.flags(2),
    inEval: rows.flags(3),
    inSlice: rows.flags(4),
  };
}

/** The most values that an error names. */
const FEW = 5;

/** Some values of the column of a slice in the evaluated window, as text, ascending. */
export async function sliceValues(
  { tables }: StoredTables,
  evaluated: Bounds,
  column: string,
  work: Work,
): Promise<readonly string[]> {
  const value = sliceText(column);
  const rows = await tables.columnar(
    `SELECT DISTINCT ${value} FROM ${storedLog} l WHERE ${within('l.time', evaluated)} AND ${value} IS NOT NULL ORDER BY 1 LIMIT ${FEW}`,
    message('Reading the log'),
    work,
  );
  return rows.texts(0).flatMap((text) => text ?? []);
}

const sliceText = (column: string): string => `CAST(l.${quoteIdentifier(carriedColumn(column))} AS VARCHAR)`;
