import { columnsOfEvent } from '../config/eventConditions.ts';
import type { ConfigDraft } from '../config/definition/config.ts';
import {
  dataTables,
  isFeatureTable,
  passedTableNamed,
  type PassedEntry,
  type PassedSide,
  type PassedTable,
} from '../config/definition/passThrough.ts';
import { dataColumns, datasetEntry, featureNames } from './dataColumns.ts';
import { featureKey, microsecondsOf, sideOfKey } from './featureTables.ts';

const fixedSides: { readonly [T in (typeof dataTables)[number]]: readonly [PassedSide, ...PassedSide[]] } = {
  impressions: ['exposure', 'context', 'user', 'item'],
  items: ['item'],
  users: ['user'],
  candidates: ['candidate'],
};
/** The sides that a column of the impressions can have. */
export const logSides: readonly PassedSide[] = fixedSides.impressions;

/** A data set of which columns can be copied. `key`: roles of the key of a table of features. */
export interface PassedSource {
  readonly table: PassedTable;
  readonly key: readonly string[];
}

/** The data sets of which a config can copy columns, in the order of the definition. */
export function passedSources(config: Pick<ConfigDraft, 'data'>): PassedSource[] {
  return [
    ...dataTables.flatMap((table) => (datasetEntry(config, table) ? [{ table, key: [] }] : [])),
    ...featureNames(config).map((table) => ({
      table,
      key: featureKey.filter((role) => dataColumns(config, table).some((column) => column.role === role)),
    })),
  ];
}

/** The sides that the columns of a data set can have. The first is the default. */
function sidesOf({ table, key }: PassedSource): readonly [PassedSide, ...PassedSide[]] {
  return isFeatureTable(table) ? [sideOfKey(key)] : fixedSides[table];
}

/** A column to copy, as the config writes it, with shorthands expanded. */
export interface AskedPass {
  readonly column: string;
  readonly from?: PassedTable | undefined;
  readonly side?: PassedSide | undefined;
  /** Name in the output; default: the name of the column. */
  readonly as?: string | undefined;
  /** As written: `7d`. */
  readonly max_age?: string | undefined;
  readonly default?: PassedDefault | undefined;
}

/** What replaces NULL. */
export type PassedDefault = NonNullable<Exclude<PassedEntry, string>['default']>;

/** A column to copy: where its values come from. */
export interface PassedColumn {
  readonly column: string;
  readonly from: PassedTable;
  readonly side: PassedSide;
  /** Name in the output. */
  readonly name: string;
  /** Microseconds after which an as-of value is NULL; null: never. */
  readonly maxAge: number | null;
  /** What replaces NULL; null: nothing. */
  readonly fallback: PassedDefault | null;
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
  /** `max_age` applies only to values as of a time. */
  | { readonly kind: 'max-age' }
  /** `default` would mark the rows without an exposure. */
  | { readonly kind: 'default' };

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
  const { column, from, ...more } = entry;
  return column === undefined
    ? null
    : { column, ...(from === undefined ? {} : { from: passedTableNamed(from) }), ...more };
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
 * Finds out where the values of a column come from. A table of features gives only columns that name it.
 * @param sources data sets that have the column
 */
export function passedColumn(
  { column, from: named, side: wanted, as, max_age: age, default: fallback }: AskedPass,
  sources: readonly PassedSource[],
): PassedColumn | PassProblem {
  const possible = sources.filter(({ table }) => (named === undefined ? !isFeatureTable(table) : table === named));
  const [source] = possible;
  if (source === undefined) return { kind: 'missing' };
  if (possible.length > 1) return { kind: 'several', tables: possible.map(({ table }) => table) };
  const from = source.table;
  const fits = sidesOf(source);
  const side = wanted ?? fits[0];
  if (!fits.includes(side)) return { kind: 'side', from, fits };
  if (age !== undefined && !isOfReadTime({ from, side })) return { kind: 'max-age' };
  if (fallback !== undefined && side === 'exposure') return { kind: 'default' };
  return {
    column,
    from,
    side,
    name: as ?? column,
    maxAge: microsecondsOf(age),
    fallback: fallback ?? null,
    isSided: wanted !== undefined,
  };
}

/** Whether a column comes from the newest log row of the item before the read time of the group. */
export function isAsOf({ from, side }: Pick<PassedColumn, 'from' | 'side'>): boolean {
  return from === 'impressions' && side === 'item';
}

/** Whether a column has the value as of the read time: of the newest log row of the item, or of a table of features. */
export function isOfReadTime(column: Pick<PassedColumn, 'from' | 'side'>): boolean {
  return isAsOf(column) || isFeatureTable(column.from);
}
