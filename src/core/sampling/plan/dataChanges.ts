import type { EventCondition } from '../../config/eventConditions.ts';
import type { Where } from '../../source/where.ts';
import type { PlanChange } from './planChanges.ts';

/** A data set that a stage is drawn from: its files, the roles of their columns, and the filter of its rows. */
interface ReadTable {
  readonly ref: { readonly path: string };
  readonly columns: Readonly<Record<string, ReadColumn | undefined>>;
  readonly where?: Where;
}
/** A table of events. `within`: microseconds. */
interface ReadEventTable extends ReadTable {
  readonly name: string;
  readonly within: number;
  readonly unmatched: string;
}
interface ReadColumn {
  readonly name: string;
  readonly unit?: string;
  readonly type?: string;
}
type ReadEvent = EventCondition & { readonly name: string };

/** All data that a stage is drawn from. */
export interface ReadData {
  readonly log: {
    readonly impressions: ReadTable;
    readonly clicks?: readonly ReadEventTable[];
    readonly events: readonly ReadEvent[];
  };
  readonly items?: ReadTable;
  readonly corpus?: 'log';
  readonly users?: ReadTable;
  readonly candidates?: ReadTable;
  readonly rejections?: ReadTable;
}

/**
 * Differences of the data of two stages, by the paths of a config. A data set that only one side reads is represented
 * by its path. An event that only one side uses is skipped, because it follows from other differences.
 */
export function dataChanges(a: ReadData, b: ReadData): PlanChange[] {
  const [left, right] = [tablesOf(a), tablesOf(b)];
  return [
    ...[...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
      tableChanges(`data.${name}`, left.get(name), right.get(name)),
    ),
    ...readingChanges(a, b),
    ...a.log.events.flatMap((event) => {
      const other = b.log.events.find(({ name }) => name === event.name);
      return other ? change(`events.${event.name}`, eventText(event), eventText(other)) : [];
    }),
  ];
}

/** How the data of a stage are read, with the names and texts of `dataChanges`; without the location of the files. */
export function dataValues(data: ReadData): ReadonlyMap<string, string> {
  const texts = [...tablesOf(data)].flatMap(([name, { columns, where }]) => [
    ...Object.entries(columns).map(([role, column]) => [`data.${name}.columns.${role}`, columnText(column)] as const),
    [`data.${name}.where`, whereText(where)] as const,
  ]);
  return new Map(
    [
      ...texts,
      ...readingValues(data),
      ...data.log.events.map((event) => [`events.${event.name}`, eventText(event)] as const),
    ].flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  );
}

/** How tables of events are matched, and which items exist if no table says it, without the defaults. */
function readingValues({ log: { clicks }, corpus }: ReadData): (readonly [string, string])[] {
  const matching = (clicks ?? []).flatMap(({ name, within, unmatched }) => [
    ...(within === DAY ? [] : [[`data.${name}.within`, `${within / 1_000_000}s`] as const]),
    ...(unmatched === 'exclude' ? [] : [[`data.${name}.unmatched`, unmatched] as const]),
  ]);
  const items = [['data.items.created', 'first_seen'] as const, ['data.items.from', 'impressions'] as const];
  return [...matching, ...(corpus === 'log' ? items : [])];
}

function readingChanges(a: ReadData, b: ReadData): PlanChange[] {
  const [left, right] = [new Map(readingValues(a)), new Map(readingValues(b))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) =>
    change(path, left.get(path) ?? null, right.get(path) ?? null),
  );
}

/** The default of `within`. */
const DAY = 86_400_000_000;

function tablesOf({
  log: { impressions, clicks },
  items,
  users,
  candidates,
  rejections,
}: ReadData): ReadonlyMap<string, ReadTable> {
  const eventTables = Object.fromEntries((clicks ?? []).map((table) => [table.name, table]));
  return new Map(
    Object.entries({ impressions, ...eventTables, items, users, candidates, rejections }).flatMap(([name, table]) =>
      table ? [[name, table]] : [],
    ),
  );
}

function tableChanges(path: string, a: ReadTable | undefined, b: ReadTable | undefined): PlanChange[] {
  const files = change(`${path}.path`, a?.ref.path ?? null, b?.ref.path ?? null);
  if (!a || !b) return files;
  const roles = [...new Set([...Object.keys(a.columns), ...Object.keys(b.columns)])];
  return [
    ...files,
    ...roles.flatMap((role) =>
      change(`${path}.columns.${role}`, columnText(a.columns[role]), columnText(b.columns[role])),
    ),
    ...change(`${path}.where`, whereText(a.where), whereText(b.where)),
  ];
}

function change(path: string, a: string | null, b: string | null): PlanChange[] {
  return a === b ? [] : [{ path, a, b }];
}

function columnText(column: ReadColumn | undefined): string | null {
  if (!column) return null;
  const { name, unit, type } = column;
  return [name, unit, type].filter((part) => part !== undefined).join(', ');
}

function whereText(where: Where | undefined): string | null {
  return where ? JSON.stringify(where) : null;
}

/** Texts are quoted, because they differ from numbers with the same digits. */
function eventText(event: EventCondition): string {
  if ('not' in event) return `not (${eventText(event.not)})`;
  if ('all' in event) return `all (${event.all.map(eventText).join(', ')})`;
  if ('any' in event) return `any (${event.any.map(eventText).join(', ')})`;
  if ('known' in event) return `known (${eventText(event.known)})`;
  if ('unknown' in event) return `unknown (${eventText(event.unknown)})`;
  const { column, op, value } = event;
  return op === undefined ? column : `${column} ${op} ${JSON.stringify(value)}`;
}
