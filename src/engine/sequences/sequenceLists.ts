import { DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import { sliceEnds, stepColumnName, type Sequence } from '../../core/data/sequences.ts';
import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { SequenceTally, type SequenceCounts } from '../../core/sampling/sequenceCounts.ts';
import { valuesPerGroup, type ValuesPerGroup } from '../../core/sampling/listBytes.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { Histories, type History } from '../../core/sampling/kernel/histories.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { f64At, u32At, valueAt } from '../../core/valueAt.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { cutOffsOf } from './cutOffs.ts';
import { fixedWidth } from '../database/fixedWidth.ts';
import type { ListValues, NestedColumn, NestedValues } from '../database/nestedAppender.ts';
import { fixedRowValues, textRowValues, type RowValues } from '../database/rowValues.ts';
import type { FileBlock } from '../groups/columnarBlock.ts';
import type { UserRange } from '../groups/userRanges.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { storedUsers } from '../inputs/storedTables.ts';
import type { Windows } from '../inputs/world/windows.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { historyLengths } from './historyLengths.ts';
import { stepRows } from './stepRows.ts';
import { stepTables, type StepTable } from './stepsSql.ts';
import { untimedSteps } from './untimedSteps.ts';

/** A list column of a sequence: what it holds of each step, and where the values come from. */
interface ListColumn {
  /** Name of the list in a table of drawn groups. */
  readonly list: string;
  readonly kind: NestedColumn['kind'];
  /** Column of the table of steps; null for values that depend on the row. */
  readonly column: string | null;
  readonly of: 'step' | 'age' | 'session' | 'from' | 'to';
}

/** The stored steps of a sequence. */
interface StoredSequence {
  readonly sequence: Sequence;
  readonly table: string;
  readonly columns: readonly ListColumn[];
  readonly tally: SequenceTally;
}

/** The name of the list of a column. It never equals the name of a list of draws. */
export const sequenceList = (sequence: string, column: string): string => `${sequence} ${column}`;

/** The histories of drawn groups, from steps that are stored by user. */
export class SequenceLists {
  private constructor(
    private readonly sampled: SampledTables,
    private readonly sequences: readonly StoredSequence[],
  ) {}

  /** Stores the steps of each sequence in the order of users. Null without sequences. */
  static async make(
    sampled: SampledTables,
    { sequences, layout }: Pick<SampleOutput, 'sequences' | 'layout'>,
    work: Work,
  ): Promise<SequenceLists | null> {
    if (sequences === undefined) return null;
    const tables = stepTables(sampled.data.log);
    const stored: StoredSequence[] = [];
    for (const [k, sequence] of sequences.entries())
      stored.push(withSlices(layout, await storeSteps(sampled, sequence, quoteIdentifier(`steps ${k}`), tables, work)));
    return new SequenceLists(sampled, stored);
  }

  get columns(): readonly NestedColumn[] {
    return this.sequences.flatMap(({ columns }) => columns.map(({ list: name, kind }) => ({ name, kind, list: true })));
  }

  /** Maximum number of steps of a group, of all sequences. */
  get maxSteps(): number {
    return this.sequences.reduce((sum, { sequence }) => sum + sequence.length, 0);
  }

  /** SQL of the tables of steps. The column `place` is the number of the user. */
  get stepTables(): string[] {
    return this.sequences.map(({ table }) => table);
  }

  /** About how many values the lists of a group have. */
  async valuesPerGroup(plan: StagePlan, windows: Windows, work: Work): Promise<ValuesPerGroup> {
    const sequences = this.sequences.map(({ sequence, table }) => ({ sequence, steps: table }));
    const lengths = await historyLengths(this.sampled, plan, windows, sequences, work);
    return valuesPerGroup(
      lengths.map((counts, k) => ({ ...counts, columns: valueAt(this.sequences, k).columns.length })),
    );
  }

  /** The histories that were written so far. */
  counts(): SequenceCounts[] {
    return this.sequences.map(({ tally }) => tally.counts());
  }

  /** Reads the steps of a range of users. @param readTime of each group of the range, in microseconds */
  async load({ first, users }: UserRange, readTime: Float64Array, { signal }: Work): Promise<LoadedSequences> {
    const loaded: LoadedSequence[] = [];
    for (const { sequence, table, columns, tally } of this.sequences) {
      const ofSteps = columns.flatMap(({ column }) => column ?? []);
      const rows = await this.sampled.tables.columnar(
        `SELECT ${['place', 'us', 'subject', ...ofSteps.map(quoteIdentifier)].join(', ')} FROM ${table} WHERE place >= ${first} AND place < ${first + users.length} ORDER BY rowid`,
        message('Reading the steps of {0}', sequence.name),
        { signal },
      );
      const offsets = new Uint32Array(users.length + 1);
      for (const user of rows.unsigned(0)) offsets[user - first + 1] = u32At(offsets, user - first + 1) + 1;
      for (let user = 0; user < users.length; user++)
        offsets[user + 1] = u32At(offsets, user + 1) + u32At(offsets, user);
      let next = 3;
      const values = columns.map(({ list, kind, column, of }): LoadedColumn => {
        if (column === null || typeof kind === 'string') return { list, of, values: null };
        const width = fixedWidth(kind);
        const read =
          width !== null && kind.typeId !== DuckDBTypeId.VARCHAR
            ? fixedRowValues(rows.fixed(next, width), width)
            : textRowValues(rows.texts(next));
        next++;
        return { list, of, values: read };
      });
      const cutOffs = await cutOffsOf(this.sampled, sequence, readTime, { signal });
      loaded.push({
        sequence,
        tally,
        cutOffs,
        offsets,
        time: rows.numbers(1),
        subject: rows.unsigned(2),
        columns: values,
      });
    }
    return new LoadedSequences(loaded);
  }
}

/**
 * Stores the steps of the users of the stored log, in the order of users and steps.
 * @param table SQL of the name of the new table
 * @throws FailureError if a copied column is missing or has several sources
 */
async function storeSteps(
  sampled: SampledTables,
  sequence: Sequence,
  table: string,
  tables: readonly StepTable[],
  work: Work,
): Promise<StoredSequence> {
  const { sql, order, columnOf } = stepRows(sampled, sequence, tables);
  await sampled.tables.statement(
    `CREATE TABLE ${table} AS SELECT CAST(u.number AS UINTEGER) AS place, CAST(dense_rank() OVER (PARTITION BY u.number ORDER BY item) AS UINTEGER) AS subject, CAST(epoch_us(time) AS DOUBLE) AS us, s.*
     FROM ${sql} s JOIN ${storedUsers} u ON u."user" = s."user" ORDER BY place, ${order}`,
    message('Reading the steps of {0}', sequence.name),
    work,
  );
  const types = await sampled.tables.columns(`SELECT * FROM ${table}`, work);
  const untimed = await untimedSteps(sampled, sequence, work);
  const columns = sequence.columns.map((column): ListColumn => {
    const list = sequenceList(sequence.name, stepColumnName(column));
    if (column === 'age' || column === 'session') return { list, kind: 'int64', column: null, of: column };
    const source = columnOf(column);
    const type = types.find((other) => other.name === source)?.type;
    if (type && fixedWidth(type) === null && type.typeId !== DuckDBTypeId.VARCHAR)
      throw refusedType(sequence, column, type);
    return { list, kind: type ?? 'text', column: source, of: 'step' };
  });
  return { sequence, table, columns, tally: new SequenceTally(sequence.name, sequence.length, untimed) };
}

/** In the layout user, each sample has the bounds of its slice. */
function withSlices(layout: SampleOutput['layout'], stored: StoredSequence): StoredSequence {
  if (layout !== 'user') return stored;
  const slices = sliceEnds.map((of): ListColumn => ({
    list: sequenceList(stored.sequence.name, of),
    kind: 'int32',
    column: null,
    of,
  }));
  return { ...stored, columns: [...stored.columns, ...slices] };
}

/** Values without a fixed width, such as lists, have no place in a list of steps. */
function refusedType({ name }: Sequence, column: Sequence['columns'][number], type: DuckDBType): FailureError {
  return refuse(
    'output-column-side',
    message('The sequence {0} cannot copy {1}: its type is {2}', name, stepColumnName(column), String(type)),
    {
      setting: ['output', 'sequences', name, 'columns'],
      advice: message('Copy columns of numbers, times or texts.'),
    },
  );
}

interface LoadedColumn {
  readonly list: string;
  readonly of: ListColumn['of'];
  /** The values of steps, by their number. Null for values that depend on the row. */
  readonly values: RowValues | null;
}

interface LoadedSequence extends Pick<StoredSequence, 'sequence' | 'tally'> {
  /** By group of the range, in microseconds. */
  readonly cutOffs: Float64Array;
  /** Steps of user k of the range: offsets[k] … offsets[k + 1] − 1. */
  readonly offsets: Uint32Array;
  readonly time: Float64Array;
  /** Number of the item or value of each step, within its user. */
  readonly subject: Uint32Array;
  readonly columns: readonly LoadedColumn[];
}

/** A block with the steps of its users; without sequences, they are missing. */
export interface BlockWithSteps extends FileBlock {
  readonly sequences?: LoadedSequences;
}

/** Groups that share rows of the file. */
export interface SharedRows {
  /** By row of the file, the index of its first group. */
  readonly first: Uint32Array;
  /** By group, the index of its row of the file. */
  readonly of: Uint32Array;
  /** By sample, the index of its group. */
  readonly groups: Uint32Array;
}

/** Steps from … to − 1 of a user. */
interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** The steps of a range of users. */
export class LoadedSequences {
  constructor(private readonly sequences: readonly LoadedSequence[]) {}

  /**
   * The lists of some groups of the range.
   * @param drawn numbers of the groups, ascending
   */
  values(
    { offsets, readTime }: Pick<Groups, 'offsets' | 'readTime'>,
    drawn: Uint32Array,
    shared: SharedRows | null,
  ): Record<string, NestedValues | ListValues> {
    return Object.assign(
      {},
      ...this.sequences.map((sequence) => {
        const histories = historiesOf(sequence, offsets, readTime, drawn);
        return shared && isSliced(sequence)
          ? slicedValues(sequence, histories, shared)
          : listValues(sequence, histories, shared?.first ?? null);
      }),
    ) as Record<string, NestedValues | ListValues>;
  }
}

/** @param shown indices of the histories that rows of the file have; null: all */
function listValues(
  { sequence, time, columns }: LoadedSequence,
  histories: readonly GroupHistory[],
  shown: Uint32Array | null,
): Record<string, ListValues> {
  const hasAges = columns.some(({ of }) => of === 'age');
  const steps: number[] = [];
  const sessions: number[] = [];
  const ages: number[] = [];
  const rows = shown ? Array.from(shown, (k) => valueAt(histories, k)) : histories;
  const ends = new Uint32Array(rows.length + 1);
  for (const [k, { first, history, readTime }] of rows.entries()) {
    const order = sequence.isNewestFirst ? history.steps.toReversed() : history.steps;
    for (const step of order) {
      steps.push(first + step);
      if (hasAges) ages.push(Math.floor((readTime - f64At(time, first + step)) / 1_000_000));
    }
    if (history.sessions)
      for (const session of sequence.isNewestFirst ? history.sessions.toReversed() : history.sessions)
        sessions.push(session);
    ends[k + 1] = steps.length;
  }
  const numbers = Int32Array.from(steps);
  return Object.fromEntries(
    columns.map(({ list, of, values }) => [
      list,
      { offsets: ends, elements: values?.(numbers) ?? int64Values(of === 'age' ? ages : sessions) },
    ]),
  );
}

const isSliced = ({ columns }: Pick<LoadedSequence, 'columns'>): boolean => columns.some(({ of }) => of === 'from');

/** The steps of each row of the file, from the first that a history has to the last, and the slices of its samples. */
function slicedValues(
  { columns }: LoadedSequence,
  histories: readonly GroupHistory[],
  { first: { length: count }, of, groups }: SharedRows,
): Record<string, NestedValues | ListValues> {
  const stored: (StepRange | undefined)[] = Array.from({ length: count });
  const ranges = histories.map(({ first, history: { steps } }): StepRange | null => {
    const [oldest, newest] = [steps[0], steps.at(-1)];
    return oldest === undefined || newest === undefined ? null : { from: first + oldest, to: first + newest + 1 };
  });
  for (const [k, range] of ranges.entries()) {
    if (range === null) continue;
    const { from, to } = stored[u32At(of, k)] ?? range;
    stored[u32At(of, k)] = { from: Math.min(from, range.from), to: Math.max(to, range.to) };
  }
  const steps: number[] = [];
  const ends = new Uint32Array(count + 1);
  for (const [k, range] of stored.entries()) {
    for (let step = range?.from ?? 0; step < (range?.to ?? 0); step++) steps.push(step);
    ends[k + 1] = steps.length;
  }
  const numbers = Int32Array.from(steps);
  const boundOf = (end: 'from' | 'to'): Int32Array =>
    Int32Array.from(groups, (k) => {
      const range = valueAt(ranges, k);
      return range === null ? 0 : range[end] - (stored[u32At(of, k)]?.from ?? 0);
    });
  return Object.fromEntries(
    columns.map(({ list, of: end, values }) => [
      list,
      end === 'from' || end === 'to' ? boundOf(end) : { offsets: ends, elements: values?.(numbers) ?? numbers },
    ]),
  );
}

/** The history of a group. `first`: number of the first step of its user. */
interface GroupHistory {
  readonly first: number;
  readonly history: History;
  /** In microseconds. */
  readonly readTime: number;
}

/**
 * The histories of groups, in their order, counted. Those of a user are computed in the order of their cut-offs, and
 * groups of one read time share theirs.
 */
function historiesOf(
  { sequence, tally, cutOffs, offsets, time, subject }: LoadedSequence,
  groupsOfUsers: Uint32Array,
  readTime: Float64Array,
  drawn: Uint32Array,
): GroupHistory[] {
  const results: GroupHistory[] = [];
  const cutOffOf = (k: number): number => f64At(cutOffs, u32At(drawn, k));
  for (let [user, from] = [0, 0]; from < drawn.length;) {
    while (u32At(groupsOfUsers, user + 1) <= u32At(drawn, from)) user++;
    let to = from;
    while (to < drawn.length && u32At(drawn, to) < u32At(groupsOfUsers, user + 1)) to++;
    const [first, end] = [u32At(offsets, user), u32At(offsets, user + 1)];
    const histories = new Histories({ time: time.subarray(first, end), item: subject.subarray(first, end) }, sequence);
    const order = Array.from({ length: to - from }, (_, k) => from + k).sort((a, b) => cutOffOf(a) - cutOffOf(b));
    let last: GroupHistory | undefined;
    for (const k of order) {
      const row = { cutOff: cutOffOf(k), readTime: f64At(readTime, u32At(drawn, k)) };
      if (last?.readTime !== row.readTime) last = { first, history: histories.of(row), readTime: row.readTime };
      results[k] = last;
      const { steps } = last.history;
      tally.add(
        steps.length,
        steps.length === 0 ? 0 : row.readTime - f64At(time, first + valueAt(steps, steps.length - 1)),
      );
    }
    from = to;
  }
  return results;
}

/** Non-negative integers as 64-bit values: two words each, low word first. */
function int64Values(values: readonly number[]): Uint32Array {
  const words = new Uint32Array(2 * values.length);
  values.forEach((value, k) => {
    words[2 * k] = value >>> 0;
    words[2 * k + 1] = Math.floor(value / 2 ** 32);
  });
  return words;
}
