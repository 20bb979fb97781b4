import { columnsOfEvent } from '../config/eventConditions.ts';
import type { ConfigDraft } from '../config/definition/config.ts';
import { passedTables, type PassedEntry, type PassedSide, type PassedTable } from '../config/definition/passThrough.ts';
import { durationOf } from '../schema/form.ts';
import { dataColumns, datasetEntry } from './dataColumns.ts';

/** The sides that the columns of a data set can have. The first is the default. */
export const sidesOf: { readonly [T in PassedTable]: readonly [PassedSide, ...PassedSide[]] } = {
  impressions: ['exposure', 'context', 'user', 'item'],
  items: ['item'],
  users: ['user'],
  candidates: ['candidate'],
};

/** A column to copy, as the config writes it, with shorthands expanded. */
export interface AskedPass {
  readonly column: string;
  readonly from?: PassedTable | undefined;
  readonly side?: PassedSide | undefined;
  /** Name in the output; default: the name of the column. */
  readonly as?: string | undefined;
  /** As written: `7d`. */
  readonly max_age?: string | undefined;
}

/** A column to copy: where its values come from. */
export interface PassedColumn {
  readonly column: string;
  readonly from: PassedTable;
  readonly side: PassedSide;
  /** Name in the output. */
  readonly name: string;
  /** Microseconds after which an as-of value is NULL; null: never. */
  readonly maxAge: number | null;
  /** Whether the config wrote the side. */
  readonly isSided: boolean;
}

/**
 * False for a column of the log that the rows have anyway, such as the position.
 * @param roleColumns the column of the log with a role, by the name of the role in the output
 */
export function isCopied(
  { name, column, from, isSided }: PassedColumn,
  roleColumns: ReadonlyMap<string, string | undefined>,
): boolean {
  return isSided || from !== 'impressions' || name !== column || roleColumns.get(name) !== name;
}

/** Why a column cannot be copied. */
export type PassProblem =
  /** No table has the column. */
  | { readonly kind: 'missing' }
  /** Several tables have the column, and `from` does not say which one counts. */
  | { readonly kind: 'several'; readonly tables: readonly PassedTable[] }
  /** The table has no such side. `fits`: the sides that it has. */
  | { readonly kind: 'side'; readonly from: PassedTable; readonly fits: readonly PassedSide[] }
  /** `max_age` applies only to as-of columns: from the impressions, with the side item. */
  | { readonly kind: 'max-age' };

/** An entry of `output.pass_through`, with shorthands expanded. `index`: its position in the list, from 0. */
export interface PassThroughEntry {
  readonly index: number;
  readonly keys: AskedPass;
}

/**
 * The entries of `output.pass_through`. A text that names a column with a role in the impressions, or of an event,
 * means that column of the impressions, even if other data sets have one of the same name.
 */
export function passThroughEntries(config: ConfigDraft): PassThroughEntry[] {
  const declared = declaredInLog(config);
  return (config.output?.pass_through ?? []).flatMap((entry, index) => {
    const expanded = askedPass(entry);
    if (expanded === null) return [];
    const isLog = expanded.from === undefined && expanded.side === undefined && declared.has(expanded.column);
    return [{ index, keys: isLog ? { ...expanded, from: 'impressions' as const } : expanded }];
  });
}

/** Expands a shorthand; null for an entry that is still being written. */
export function askedPass(entry: PassedEntry): AskedPass | null {
  if (typeof entry === 'string') return { column: entry };
  const { column, ...more } = entry;
  return column === undefined ? null : { column, ...more };
}

/** Columns of the impressions that have a role, or decide an event. */
export function declaredInLog(config: ConfigDraft): ReadonlySet<string> {
  const events = Object.keys(config.events ?? {}).flatMap((event) => columnsOfEvent(event, config));
  return new Set([...dataColumns(config, 'impressions').map(({ name }) => name), ...events]);
}

/**
 * The columns of the impressions that the config uses, by name: those with a role, of `where`, of events, of the teacher
 * and to copy. Between rows that are otherwise equal, their values decide.
 */
export function usedInLog(config: ConfigDraft): string[] {
  const teachers = Object.values(config.stages ?? {}).flatMap((stage) =>
    stage.teacher?.from === 'impressions' ? (stage.teacher.column ?? []) : [],
  );
  const passed = passThroughEntries(config)
    .filter(({ keys: { from } }) => from === undefined || from === 'impressions')
    .map(({ keys: { column } }) => column);
  const where = Object.keys(datasetEntry(config, 'impressions')?.where ?? {});
  return [...new Set([...declaredInLog(config), ...where, ...teachers, ...passed])];
}

/**
 * Finds out where the values of a column come from.
 * @param has whether a data set has the column; false for a data set that does not exist
 */
export function passedColumn(
  { column, from: named, side: wanted, as, max_age: age }: AskedPass,
  has: (table: PassedTable, column: string) => boolean,
): PassedColumn | PassProblem {
  const possible = passedTables.filter((table) => (named === undefined || table === named) && has(table, column));
  const [from] = possible;
  if (from === undefined) return { kind: 'missing' };
  if (possible.length > 1) return { kind: 'several', tables: possible };
  const side = wanted ?? sidesOf[from][0];
  if (!sidesOf[from].includes(side)) return { kind: 'side', from, fits: sidesOf[from] };
  if (age !== undefined && !isAsOf({ from, side })) return { kind: 'max-age' };
  const milliseconds = age === undefined ? null : durationOf(age);
  return {
    column,
    from,
    side,
    name: as ?? column,
    maxAge: milliseconds === null ? null : milliseconds * 1000,
    isSided: wanted !== undefined,
  };
}

/** Whether a column comes from the newest log row of the item before the read time of the group. */
export function isAsOf({ from, side }: Pick<PassedColumn, 'from' | 'side'>): boolean {
  return from === 'impressions' && side === 'item';
}
