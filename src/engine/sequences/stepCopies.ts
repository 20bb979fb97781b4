import { passedColumn, type PassedColumn, type PassedSource } from '../../core/data/passThrough.ts';
import type { Sequence, StepCopy } from '../../core/data/sequences.ts';
import { refuse } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { typeName } from '../../core/table/type.ts';
import type { OpenTable } from '../tables/tables.ts';
import { hasColumn, tablesOf, type StepTable } from './stepsSql.ts';

/**
 * The columns that a sequence copies, and where their values come from.
 * @param tables all tables of events
 * @throws FailureError if no table has a column, also of `where`; if a step cannot have it; or if tables differ in its type
 */
export function stepCopies(sampled: SampledTables, sequence: Sequence, tables: readonly StepTable[]): StepCopy[] {
  const { log, items } = sampled.data;
  const refs = tablesOf(sequence, tables).map(({ asked }) => asked.ref);
  // No step with a value is an impression.
  const rows = (sequence.value === undefined ? [log.impressions.ref, ...refs] : refs).map((ref) =>
    sampled.tables.table(ref),
  );
  for (const name of Object.keys(sequence.where))
    if (!rows.some((row) => hasColumn(row, name)))
      throw refuse('output-column-missing', message('No step of {0} has the column {1}', sequence.name, name), {
        place: { path: refs[0]?.path ?? log.impressions.ref.path, column: name },
        setting: ['output', 'sequences', sequence.name, 'where'],
        advice: message('Remove it from where, or name a column of the table that has the events.'),
      });
  const attributes = items ? [sampled.tables.table(items.ref)] : [];
  return sequence.columns.flatMap((asked): StepCopy[] => {
    if (typeof asked === 'string') return [];
    const { column } = asked;
    const refused = (kind: 'missing' | 'several' | 'side', what: Message, advice: Message): Error =>
      refuse(`output-column-${kind}`, what, {
        place: { path: log.impressions.ref.path, column },
        setting: ['output', 'sequences', sequence.name, 'columns'],
        advice,
      });
    const having = (tables: readonly OpenTable[], table: StepCopy['from']): PassedSource[] =>
      tables.some((row) => hasColumn(row, column)) ? [{ table, key: [] }] : [];
    const source = passedColumn(asked, [...having(rows, 'impressions'), ...having(attributes, 'items')]);
    if ('kind' in source && source.kind === 'several')
      throw refused(
        'several',
        message('{0} is a column of several data sets: {1}', column, source.tables.join(', ')),
        message('Write {0} or {1}.', `{column: ${column}, from: impressions}`, `{column: ${column}, from: items}`),
      );
    if ('kind' in source && source.kind === 'missing')
      throw refused(
        'missing',
        message('The sequence {0} names the column {1}, but no step and no item has it', sequence.name, column),
        message('Remove it, or name a column of the table that has the events, or of the items.'),
      );
    if ('kind' in source || (source.from === 'impressions' && source.side !== 'exposure') || !isOfStep(source.from))
      throw refused(
        'side',
        message('{0} is not a column of a step', column),
        message('A step has the columns of its own row and the attributes of its item. Remove side and max_age.'),
      );
    const types = new Set(source.from === 'impressions' ? typesOf(column, rows) : []);
    if (types.size > 1)
      throw refused(
        'several',
        message('{0} has several types in the steps of {1}: {2}', column, sequence.name, [...types].join(', ')),
        message('Remove it from the columns of the sequence, or write it with one type in all data sets.'),
      );
    return [{ column, name: source.name, from: source.from }];
  });
}

/** Types of a column. Integers of any width are one type, and so are floats: the widest of them holds all values. */
function typesOf(column: string, rows: readonly OpenTable[]): string[] {
  return rows.flatMap(({ columns }) =>
    columns
      .filter(({ name }) => name === column)
      .map(({ type }) => (type.kind === 'integer' || type.kind === 'float' ? type.kind : typeName(type))),
  );
}

const isOfStep = (from: PassedColumn['from']): from is StepCopy['from'] => from === 'impressions' || from === 'items';
