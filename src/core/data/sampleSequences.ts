import { sequenceList } from '../audit/sequenceList.ts';
import type { DeclaredSequence, NamedColumn } from '../audit/sampleColumns.ts';
import type { Column } from '../table/dataset.ts';
import { guessRoles } from '../table/guessRoles.ts';
import type { LogicalType } from '../table/type.ts';
import { itemType } from './columnKinds.ts';
import type { Sequence } from './sequences.ts';

/** A behavior sequence in a sample file: lists that hold a value of each step. They are of equal length in a row. */
export interface SampleSequence {
  readonly name: string;
  /** Columns of the file; null if the sequence has no such list. */
  readonly item: string | null;
  readonly time: NamedColumn | null;
  readonly event: string | null;
  /** All its lists. */
  readonly lists: readonly string[];
  /** As the config computes it; null if it does not. */
  readonly planned: Sequence | null;
  /** The text between two steps, for columns of texts; null for lists. */
  readonly separator: string | null;
}

/** The columns of the roles of a sample file. */
export type SampleRoles = Readonly<Partial<Record<string, NamedColumn>>>;
type NamedList = Pick<Column, 'name' | 'type'>;

/** What a config says about the sequences of a file. */
export interface ConfigSequences {
  /** `output.sequences`. */
  readonly planned: readonly Sequence[];
  /** Of the file, in `data.samples`. Columns that it lacks are ignored. */
  readonly declared: readonly DeclaredSequence[];
}

/**
 * The sequences of a sample file: those that the config declares, then others by the names of their lists. A list with a
 * role belongs to the rows, not to a history.
 */
export function sampleSequences(
  columns: readonly NamedList[],
  roles: SampleRoles,
  { planned, declared }: ConfigSequences,
): readonly SampleSequence[] {
  const existing = new Set(columns.map(({ name }) => name));
  const plannedAs = (name: string): Sequence | null => planned.find((sequence) => sequence.name === name) ?? null;
  const listed = declared.flatMap(({ name, columns: lists, separator }): SampleSequence[] => {
    const inFile = lists.filter((list) => existing.has(list.name));
    const listOf = (role: string): DeclaredSequence['columns'][number] | null =>
      inFile.find((list) => list.role === role) ?? null;
    const [item, time, event] = ['item', 'time', 'event'].map(listOf);
    if (!item && !time) return [];
    return [
      {
        name,
        item: holdsItems(plannedAs(name)) ? (item?.name ?? null) : null,
        time: time ? { ...roles['time'], name: time.name, ...(time.unit ? { unit: time.unit } : {}) } : null,
        event: event?.name ?? null,
        lists: inFile.map((list) => list.name),
        planned: plannedAs(name),
        separator,
      },
    ];
  });
  return [...listed, ...guessedSequences(columns, roles, { declared, listed, plannedAs })];
}

function guessedSequences(
  columns: readonly NamedList[],
  roles: SampleRoles,
  {
    declared,
    listed,
    plannedAs,
  }: Pick<ConfigSequences, 'declared'> & {
    readonly listed: readonly SampleSequence[];
    readonly plannedAs: (name: string) => Sequence | null;
  },
): readonly SampleSequence[] {
  const used = new Set([
    ...Object.values(roles).map((column) => column?.name),
    ...declared.flatMap((sequence) => sequence.columns.map(({ name }) => name)),
  ]);
  const sequences = new Map<string, { readonly step: string; readonly column: NamedList }[]>();
  for (const column of columns) {
    const match = used.has(column.name) ? null : sequenceList(column);
    if (match === null) continue;
    const { step, isSure } = match;
    const isStep = isSure || stepRoles.has(roleOf(step, column) ?? step);
    // Such lists need not have the lengths of others. If the name does not end in `_list`, each is a history of ids.
    if (!isStep && match.sequence.toLowerCase() === 'list') continue;
    const sequence = isStep ? match.sequence : column.name;
    sequences.set(sequence, [...(sequences.get(sequence) ?? []), { step, column }]);
  }
  return [...sequences].flatMap(([name, lists]): SampleSequence[] => {
    if (listed.some((sequence) => sequence.name === name)) return [];
    const guesses = guessRoles(lists.map(({ step, column }) => ({ name: step, type: stepType(column.type) })));
    const listOf = (role: 'item' | 'time' | 'event'): string | null =>
      (
        lists.find(({ step }) => step === role || step === roles[role]?.name) ??
        lists.find((_, k) => guesses[k]?.role === role)
      )?.column.name ?? null;
    const item = listOf('item') ?? onlyIds(lists.map(({ column }) => column));
    const time = listOf('time');
    if (item === null && time === null) return [];
    return [
      {
        name,
        item: holdsItems(plannedAs(name)) ? item : null,
        time: time === null ? null : { ...roles['time'], name: time },
        event: listOf('event'),
        lists: lists.map(({ column }) => column.name),
        planned: plannedAs(name),
        separator: null,
      },
    ];
  });
}

/** The sequences of any table. Lists with a role, such as embeddings, belong to no sequence. */
export function tableSequences(
  columns: readonly Column[],
  declared: readonly DeclaredSequence[] = [],
): readonly SampleSequence[] {
  return sampleSequences(
    columns,
    Object.fromEntries(columns.flatMap(({ name, role }) => (role ? [[role.role, { name }]] : []))),
    { planned: [], declared },
  );
}

/** Values, such as search words, are not compared with the items of the log. */
const holdsItems = (planned: Sequence | null): boolean => planned?.value === undefined;

/** The type of one step: of a JSON array, a text. */
function stepType(type: LogicalType): LogicalType {
  return type.kind === 'json' ? { kind: 'string' } : itemType(type);
}

const stepRoles: ReadonlySet<string> = new Set(['item', 'time', 'event']);

function roleOf(step: string, { type }: NamedList): string | null {
  return guessRoles([{ name: step, type: stepType(type) }])[0]?.role ?? null;
}

/** A sequence of one list of integers or texts, such as `click_seq`, holds items. */
function onlyIds([first, ...others]: readonly NamedList[]): string | null {
  if (first === undefined || others.length > 0) return null;
  const { kind } = stepType(first.type);
  return kind === 'integer' || kind === 'string' ? first.name : null;
}
