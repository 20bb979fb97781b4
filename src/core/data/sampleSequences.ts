import { sequenceList } from '../audit/sequenceList.ts';
import type { NamedColumn } from '../audit/sampleColumns.ts';
import type { Column } from '../table/dataset.ts';
import { guessRoles } from '../table/guessRoles.ts';
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
}

/** The columns of the roles of a sample file. */
export type SampleRoles = Readonly<Partial<Record<string, NamedColumn>>>;
type NamedList = Pick<Column, 'name' | 'type'>;

/**
 * The sequences of a sample file, by the names of its lists. A list with a role belongs to the rows, not to a history.
 * @param planned `output.sequences` of the config
 */
export function sampleSequences(
  columns: readonly NamedList[],
  roles: SampleRoles,
  planned: readonly Sequence[],
): readonly SampleSequence[] {
  const used = new Set(Object.values(roles).map((column) => column?.name));
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
    const guesses = guessRoles(lists.map(({ step, column }) => ({ name: step, type: itemType(column.type) })));
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
        item,
        time: time === null ? null : { ...roles['time'], name: time },
        event: listOf('event'),
        lists: lists.map(({ column }) => column.name),
        planned: planned.find((sequence) => sequence.name === name) ?? null,
      },
    ];
  });
}

/** The sequences of any table. Lists with a role, such as embeddings, belong to no sequence. */
export function tableSequences(columns: readonly Column[]): readonly SampleSequence[] {
  return sampleSequences(
    columns,
    Object.fromEntries(columns.flatMap(({ name, role }) => (role ? [[role.role, { name }]] : []))),
    [],
  );
}

const stepRoles: ReadonlySet<string> = new Set(['item', 'time', 'event']);

function roleOf(step: string, { type }: NamedList): string | null {
  return guessRoles([{ name: step, type: itemType(type) }])[0]?.role ?? null;
}

/** A sequence of one list of integers or texts, such as `click_seq`, holds items. */
function onlyIds([first, ...others]: readonly NamedList[]): string | null {
  if (first === undefined || others.length > 0) return null;
  const { kind } = itemType(first.type);
  return kind === 'integer' || kind === 'string' ? first.name : null;
}
