import type { ConfigDraft } from '../config/definition/config.ts';
import type { SequenceDraft } from '../config/definition/sequences.ts';
import { exposureSteps, historyRules, type HistoryRules } from '../config/historyRules.ts';
import { dataColumn } from './dataColumns.ts';
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
}

/** The sequences of `output.sequences`, without those that are still being written. */
export function sequencesOf({ output }: Pick<ConfigDraft, 'output'>): readonly Sequence[] {
  return Object.entries(output?.sequences ?? {}).flatMap(([name, draft]) => sequenceOf(name, draft) ?? []);
}

function sequenceOf(name: string, draft: SequenceDraft): Sequence | null {
  const rules = historyRules(name, draft);
  return (
    rules && {
      ...rules,
      columns: (draft.columns ?? ['item', 'time']).flatMap((column) =>
        isStepColumn(column) ? column : (askedPass(column) ?? []),
      ),
      isNewestFirst: draft.newest_first ?? false,
    }
  );
}

/** A sequence without lists, to count the steps of histories. */
export const sequenceWithoutLists = (rules: HistoryRules): Sequence => ({
  ...rules,
  columns: [],
  isNewestFirst: false,
});

/** A column that a sequence copies: from the row of the step (`impressions`), or an attribute of its item (`items`). */
export type StepCopy = Pick<PassedColumn, 'column' | 'name'> & { readonly from: 'impressions' | 'items' };

/** The name of a column of a step, without the name of its sequence. */
export function stepColumnName(column: Sequence['columns'][number]): string {
  return typeof column === 'string' ? column : (column.as ?? column.column);
}

/** The name of the list of a column in the file, without the name of its sequence: item and time are named as in the log. */
export function listColumnName(column: Sequence['columns'][number], config: ConfigDraft): string {
  const isRole = column === 'item' || column === 'time';
  return (isRole ? dataColumn(config, 'impressions', column)?.name : undefined) ?? stepColumnName(column);
}

/** The columns of the file that hold the lists of sequences. */
export function listNames(config: ConfigDraft): string[] {
  return sequencesOf(config).flatMap(({ name, columns }) =>
    columns.map((column) => `${name}__${listColumnName(column, config)}`),
  );
}

/** The declared events that a sequence needs, with the name of the sequence. */
export function eventsOfSteps({
  name: sequence,
  events,
  without,
}: HistoryRules): { readonly name: string; readonly sequence: string }[] {
  return [...events.map(({ name }) => name), ...without]
    .filter((name) => name !== exposureSteps)
    .map((name) => ({ name, sequence }));
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
