import type { ConfigDraft } from '../config/definition/config.ts';
import type { SequenceDraft } from '../config/definition/sequences.ts';
import { exposureSteps, historyRules, type HistoryRules } from '../config/historyRules.ts';
import { message, type Message } from '../message/message.ts';
import { ownValue } from '../ownValue.ts';
import type { DatasetName } from '../config/definition/data.ts';
import { clicksOf, dataColumn } from './dataColumns.ts';
import { tablesOfEvent, valueColumnOf } from './eventTables.ts';
import { askedPass, type AskedPass, type PassedColumn } from './passThrough.ts';

/** What a list of a sequence holds for each step, other than a copied column. */
export const stepColumns = ['item', 'time', 'age', 'event', 'actions', 'session'] as const;
export type StepColumn = (typeof stepColumns)[number];

/** In the layout user, ends of the slice that each row has of the stored steps: half open. */
export const sliceEnds = ['from', 'to'] as const;
/** The column of a file with such ends, one for each row. */
export const sliceColumn = (sequence: string, end: (typeof sliceEnds)[number]): string => `${sequence}__${end}`;

/** A behavior sequence of the output: the newest steps of the user before the read time of a row. */
export interface Sequence extends HistoryRules {
  readonly columns: readonly (StepColumn | AskedPass)[];
  readonly isNewestFirst: boolean;
  /** The column with what its steps are about, if they have no items. */
  readonly value?: string;
}

/** The sequences of `output.sequences`, without those that are still being written. */
export function sequencesOf(config: Pick<ConfigDraft, 'output' | 'data'>): readonly Sequence[] {
  return Object.entries(config.output?.sequences ?? {}).flatMap(
    ([name, draft]) => sequenceOf(name, draft, config) ?? [],
  );
}

function sequenceOf(name: string, draft: SequenceDraft, config: Pick<ConfigDraft, 'data'>): Sequence | null {
  const rules = historyRules(name, draft);
  const [value] = rules?.events.flatMap((event) => valueColumnOf(event.name, config) ?? []) ?? [];
  return (
    rules && {
      ...rules,
      columns: (draft.columns ?? ['item', 'time']).flatMap((column) =>
        isStepColumn(column) ? column : (askedPass(column) ?? []),
      ),
      isNewestFirst: draft.newest_first ?? false,
      ...(value === undefined ? {} : { value }),
    }
  );
}

/** A sequence without lists, to count the steps of histories. */
export const sequenceWithoutLists = (rules: HistoryRules): Sequence => ({
  ...rules,
  columns: [],
  isNewestFirst: false,
});

/** The first event of a sequence that its table of values does not have; null if all steps are alike. */
export function mixedEvent({ events, value }: Sequence, config: ConfigDraft): string | null {
  if (value === undefined) return null;
  const tables = events.map(({ name }) => clicksOf(config).find((table) => table.events?.includes(name))?.name);
  const table = events.findIndex(({ name }) => valueColumnOf(name, config) !== null);
  return events.find((_, k) => tables[k] !== tables[table])?.name ?? null;
}

export const mixedSteps = ({ name, value = '' }: Sequence, event: string): Message =>
  message('The steps of {0} have the value {1}, but {2} is not an event of that table', name, value, event);

/** A column that a sequence copies: from the row of the step (`impressions`), or an attribute of its item (`items`). */
export type StepCopy = Pick<PassedColumn, 'column' | 'name'> & { readonly from: 'impressions' | 'items' };

/** The name of a column of a step, without the name of its sequence. */
export function stepColumnName(column: Sequence['columns'][number]): string {
  return typeof column === 'string' ? column : (column.as ?? column.column);
}

/**
 * The name of the list of a column in the file, without the name of its sequence: item and time are named as in the log,
 * a value as in its table.
 */
export function listNameOf(
  column: Sequence['columns'][number],
  { value }: Pick<Sequence, 'value'>,
  names: Readonly<Record<'item' | 'time', string>>,
): string {
  if (column === 'item') return value ?? names.item;
  return column === 'time' ? names.time : stepColumnName(column);
}

/** As `listNameOf`, with the names of the config. */
export function listColumnName(
  column: Sequence['columns'][number],
  sequence: Pick<Sequence, 'value'>,
  config: ConfigDraft,
): string {
  const name = (role: 'item' | 'time'): string => dataColumn(config, 'impressions', role)?.name ?? role;
  return listNameOf(column, sequence, { item: name('item'), time: name('time') });
}

/** The columns of the file that hold the lists of sequences. */
export function listNames(config: ConfigDraft): string[] {
  return sequencesOf(config).flatMap((sequence) =>
    sequence.columns.map((column) => `${sequence.name}__${listColumnName(column, sequence, config)}`),
  );
}

/** The declared events that a sequence needs. */
export function eventsOfSteps({ events, without }: HistoryRules): string[] {
  return [...events.map(({ name }) => name), ...without].filter((name) => name !== exposureSteps);
}

/** The data sets whose rows can be steps of a sequence; none if the config does not declare one of its events. */
export function tablesOfSteps({ events }: Pick<HistoryRules, 'events'>, config: ConfigDraft): DatasetName[] {
  const names = events.map(({ name }) => name);
  if (names.some((name) => name !== exposureSteps && ownValue(config.events, name) === undefined)) return [];
  return [
    ...new Set(
      names.flatMap((name): DatasetName[] => (name === exposureSteps ? ['impressions'] : tablesOfEvent(name, config))),
    ),
  ];
}

/**
 * Keys of a sequence that the layout user does not have: it stores each step once, in the order of time, so a value
 * cannot depend on the row, and a history has no gap. Paths within the sequence, with the words of the config.
 */
export function unsliceable({ dedup, isNewestFirst, columns }: Sequence): {
  readonly at: readonly (string | number)[];
  readonly text: string;
}[] {
  return [
    ...(dedup === 'none' ? [] : [{ at: ['dedup'], text: `dedup: ${dedup}` }]),
    ...(isNewestFirst ? [{ at: ['newest_first'], text: 'newest_first' }] : []),
    ...columns.flatMap((column, index) =>
      column === 'age' || column === 'session' ? [{ at: ['columns', index], text: column }] : [],
    ),
  ];
}

/** Whether a row of the sequence is an exposure, rather than an event. */
export function hasExposureSteps({ events }: Pick<Sequence, 'events'>): boolean {
  return events.some((event) => event.name === exposureSteps);
}

const isStepColumn = (column: unknown): column is StepColumn => (stepColumns as readonly unknown[]).includes(column);
