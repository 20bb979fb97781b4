import type { EventCondition } from '../../config/eventConditions.ts';
import type { Where } from '../../source/where.ts';
import { changesBetween, type PlanChange } from './planChanges.ts';

/** The default of `within`, the time between an impression and its event. */
const DEFAULT_WITHIN_MICROS = 86_400_000_000;

/** A data set that a stage reads: its files, its columns by role, and the filter of its rows. */
interface SourceTable {
  readonly ref: { readonly path: string };
  readonly columns: Readonly<Record<string, SourceColumn | undefined>>;
  readonly where?: Where;
}
/** A table of events. `within`: microseconds between an impression and its event. */
interface EventTable extends SourceTable {
  readonly name: string;
  readonly within: number;
  readonly unmatched: string;
}
interface SourceColumn {
  readonly name: string;
  readonly unit?: string;
  readonly type?: string;
}
type NamedEvent = EventCondition & { readonly name: string };

/** All data that a stage reads. */
export interface ReadData {
  readonly log: {
    readonly impressions: SourceTable;
    readonly clicks?: readonly EventTable[];
    readonly events: readonly NamedEvent[];
  };
  readonly items?: SourceTable;
  readonly corpus?: 'log';
  readonly users?: SourceTable;
  readonly candidates?: SourceTable;
  readonly rejections?: SourceTable;
}

/**
 * Differences of the data of two stages, by config path. If only one stage reads a data set, only its file path is
 * reported. An event that only one stage uses is skipped, because the plans of the stages already differ in it.
 */
export function dataChanges(a: ReadData, b: ReadData): PlanChange[] {
  const [left, right] = [tablesOf(a), tablesOf(b)];
  return [
    ...[...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
      tableChanges(`data.${name}`, left.get(name), right.get(name)),
    ),
    ...changesBetween(new Map(readingValues(a)), new Map(readingValues(b))),
    ...a.log.events.flatMap((event) => {
      const other = b.log.events.find(({ name }) => name === event.name);
      return other ? change(`events.${event.name}`, eventText(event), eventText(other)) : [];
    }),
  ];
}

/** Config values that decide how the data of a stage are read, by config path, without the paths of the files. */
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

/** Non-default settings of event tables, and where the items come from if there is no `data.items`. */
function readingValues({ log: { clicks }, corpus }: ReadData): (readonly [string, string])[] {
  const matching = (clicks ?? []).flatMap(({ name, within, unmatched }) => [
    ...(within === DEFAULT_WITHIN_MICROS ? [] : [[`data.${name}.within`, `${within / 1_000_000}s`] as const]),
    ...(unmatched === 'exclude' ? [] : [[`data.${name}.unmatched`, unmatched] as const]),
  ]);
  const itemsOfLog = [['data.items.created', 'first_seen'] as const, ['data.items.from', 'impressions'] as const];
  return [...matching, ...(corpus === 'log' ? itemsOfLog : [])];
}

function tablesOf({ log, items, users, candidates, rejections }: ReadData): ReadonlyMap<string, SourceTable> {
  const { impressions } = log;
  const eventTables = Object.fromEntries((log.clicks ?? []).map((table) => [table.name, table]));
  return new Map(
    Object.entries({ impressions, ...eventTables, items, users, candidates, rejections }).flatMap(([name, table]) =>
      table ? [[name, table]] : [],
    ),
  );
}

function tableChanges(path: string, a: SourceTable | undefined, b: SourceTable | undefined): PlanChange[] {
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

function columnText(column: SourceColumn | undefined): string | null {
  if (!column) return null;
  const { name, unit, type } = column;
  return [name, unit, type].filter((value) => value !== undefined).join(', ');
}

function whereText(where: Where | undefined): string | null {
  return where ? JSON.stringify(where) : null;
}

/** A condition as text. Quotes distinguish the text "1" from the number 1. */
function eventText(event: EventCondition): string {
  if ('not' in event) return `not (${eventText(event.not)})`;
  if ('all' in event) return `all (${event.all.map(eventText).join(', ')})`;
  if ('any' in event) return `any (${event.any.map(eventText).join(', ')})`;
  if ('known' in event) return `known (${eventText(event.known)})`;
  if ('unknown' in event) return `unknown (${eventText(event.unknown)})`;
  const { column, op, value } = event;
  return op === undefined ? column : `${column} ${op} ${JSON.stringify(value)}`;
}
