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
 * The sequences of a sample file: those that are declared, then others by the names of their lists. A list with a role
 * belongs to the rows, not to a history. If a declaration names some lists of a sequence, the others stay part of it.
 */
export function sampleSequences(
  columns: readonly NamedList[],
  roles: SampleRoles,
  { planned, declared }: ConfigSequences,
): readonly SampleSequence[] {
  const existing = new Set(columns.map(({ name }) => name));
  const inFile = declared.flatMap((sequence): DeclaredSequence[] => {
    const lists = sequence.columns.filter(({ name }) => existing.has(name));
    return lists.some(isMain) ? [{ ...sequence, columns: lists }] : [];
  });
  return withGuesses(columns, roles, declared, inFile).map(({ name, columns: lists, separator }): SampleSequence => {
    const listOf = (role: string): NamedColumn | undefined => lists.find((list) => list.role === role);
    const [item, time, event] = ['item', 'time', 'event'].map(listOf);
    const plannedAs = planned.find((sequence) => sequence.name === name) ?? null;
    return {
      name,
      item: holdsItems(plannedAs) ? (item?.name ?? null) : null,
      time: time ? { ...roles['time'], name: time.name, ...(time.unit ? { unit: time.unit } : {}) } : null,
      event: event?.name ?? null,
      lists: lists.map((list) => list.name),
      planned: plannedAs,
      separator,
    };
  });
}

const isMain = ({ role }: DeclaredSequence['columns'][number]): boolean => role === 'item' || role === 'time';

/** The declared sequences with more lists of the file, and those that only the names of lists tell. */
function withGuesses(
  columns: readonly NamedList[],
  roles: SampleRoles,
  declared: readonly DeclaredSequence[],
  inFile: readonly DeclaredSequence[],
): readonly DeclaredSequence[] {
  const all = new Map(inFile.map((sequence) => [sequence.name, sequence]));
  const named = new Set(declared.flatMap((sequence) => sequence.columns.map(({ name }) => name)));
  for (const [name, lists] of listsByName(columns, roles)) {
    const owners = inFile.filter(
      (owner) =>
        owner.name === name || owner.columns.some((own) => lists.some(({ column }) => column.name === own.name)),
    );
    const owner = owners.find((one) => one.name === name) ?? (owners.length === 1 ? owners[0] : undefined);
    const taken = owner?.columns.flatMap(({ role }) => role || []) ?? [];
    const unnamed = lists.filter(({ column }) => !named.has(column.name));
    const rest = listRoles(unnamed, roles, taken.includes('item'));
    if (owner === undefined) {
      if (rest.some(isMain)) all.set(name, { name, columns: rest, separator: null });
    } else if (!rest.some(({ role }) => taken.includes(role)))
      all.set(owner.name, { ...owner, columns: [...owner.columns, ...rest] });
  }
  return [...all.values()];
}

interface StepList {
  readonly step: string;
  readonly column: NamedList;
}

/** Lists that may hold steps, by the sequence in their names. */
function listsByName(columns: readonly NamedList[], roles: SampleRoles): ReadonlyMap<string, readonly StepList[]> {
  const used = new Set(Object.values(roles).map((column) => column?.name));
  const sequences = new Map<string, StepList[]>();
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
  return sequences;
}

/** The lists of a sequence with their roles by name and type; an attribute of the steps has none. */
function listRoles(lists: readonly StepList[], roles: SampleRoles, hasItem: boolean): DeclaredSequence['columns'] {
  const guesses = guessRoles(lists.map(({ step, column }) => ({ name: step, type: stepType(column.type) })));
  const listOf = (role: 'item' | 'time' | 'event'): string | null =>
    (
      lists.find(({ step }) => step === role || step === roles[role]?.name) ??
      lists.find((_, k) => guesses[k]?.role === role)
    )?.column.name ?? null;
  const byRole = {
    item: listOf('item') ?? (hasItem ? null : onlyIds(lists.map(({ column }) => column))),
    time: listOf('time'),
    event: listOf('event'),
  };
  const roleIn = (name: string): string => Object.entries(byRole).find(([, list]) => list === name)?.[0] ?? '';
  return lists.map(({ column: { name } }) => ({ name, role: roleIn(name) }));
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
