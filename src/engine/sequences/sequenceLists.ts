import { DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import { stepColumnName, type Sequence } from '../../core/data/sequences.ts';
import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { SequenceTally, type SequenceCounts } from '../../core/sampling/sequenceCounts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { Histories, type History } from '../../core/sampling/kernel/histories.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { f64At, u32At } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import { cutOffsOf } from './cutOffs.ts';
import { fixedWidth } from '../database/fixedWidth.ts';
import type { ListValues, NestedColumn } from '../database/nestedAppender.ts';
import { fixedRowValues, textRowValues, type RowValues } from '../database/rowValues.ts';
import type { FileBlock } from '../groups/positiveBlock.ts';
import type { UserRange } from '../groups/userRanges.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { storedUsers } from '../inputs/storedTables.ts';
import type { Windows } from '../inputs/world/windows.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { historyLengths } from './historyLengths.ts';
import { stepRows } from './stepRows.ts';
import { stepTables, type StepTable } from './stepsSql.ts';

/** A list column of a sequence: what it holds of each step, and where the values come from. */
interface ListColumn {
  /** Name of the list in a table of drawn groups. */
  readonly list: string;
  readonly kind: NestedColumn['kind'];
  /** Column of the table of steps; null for values that depend on the row. */
  readonly column: string | null;
  readonly of: 'step' | 'age' | 'session';
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
    sequences: readonly Sequence[] | undefined,
    work: Work,
  ): Promise<SequenceLists | null> {
    if (sequences === undefined) return null;
    const tables = stepTables(sampled.data.log);
    const stored: StoredSequence[] = [];
    for (const [k, sequence] of sequences.entries())
      stored.push(await storeSteps(sampled, sequence, quoteIdentifier(`steps ${k}`), tables, work));
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

  /** About how many values the lists of a group have, of all sequences. */
  async valuesPerGroup(plan: StagePlan, windows: Windows, work: Work): Promise<number> {
    let values = 0;
    for (const { sequence, table, columns } of this.sequences) {
      const { steps, groups } = await historyLengths(this.sampled, plan, windows, sequence, table, work);
      values += groups === 0 ? 0 : (columns.length * steps) / groups;
    }
    return values;
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
  const columns = sequence.columns.map((column): ListColumn => {
    const list = sequenceList(sequence.name, stepColumnName(column));
    if (column === 'age' || column === 'session') return { list, kind: 'int64', column: null, of: column };
    const source = columnOf(column);
    const type = types.find((other) => other.name === source)?.type;
    if (type && fixedWidth(type) === null && type.typeId !== DuckDBTypeId.VARCHAR)
      throw refusedType(sequence, column, type);
    return { list, kind: type ?? 'text', column: source, of: 'step' };
  });
  return { sequence, table, columns, tally: new SequenceTally(sequence.name, sequence.length) };
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

/** The steps of a range of users. */
export class LoadedSequences {
  constructor(private readonly sequences: readonly LoadedSequence[]) {}

  /**
   * The lists of some groups of the range.
   * @param drawn numbers of the groups, ascending
   */
  values({ offsets, readTime }: Pick<Groups, 'offsets' | 'readTime'>, drawn: Uint32Array): Record<string, ListValues> {
    return Object.assign(
      {},
      ...this.sequences.map((sequence) => this.#listsOf(sequence, offsets, readTime, drawn)),
    ) as Record<string, ListValues>;
  }

  #listsOf(
    loaded: LoadedSequence,
    groupsOfUsers: Uint32Array,
    readTime: Float64Array,
    drawn: Uint32Array,
  ): Record<string, ListValues> {
    const { sequence, tally, time, columns } = loaded;
    const hasAges = columns.some(({ of }) => of === 'age');
    const steps: number[] = [];
    const sessions: number[] = [];
    const ages: number[] = [];
    const ends = new Uint32Array(drawn.length + 1);
    for (const [k, { first, history }] of historiesOf(loaded, groupsOfUsers, readTime, drawn).entries()) {
      const now = f64At(readTime, u32At(drawn, k));
      const newest = history.steps.at(-1);
      tally.add(history.steps.length, newest === undefined ? 0 : now - f64At(time, first + newest));
      const order = sequence.isNewestFirst ? history.steps.toReversed() : history.steps;
      for (const step of order) {
        steps.push(first + step);
        if (hasAges) ages.push(Math.floor((now - f64At(time, first + step)) / 1_000_000));
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
}

/** The history of a group. `first`: number of the first step of its user. */
interface GroupHistory {
  readonly first: number;
  readonly history: History;
}

/** The histories of groups, in their order. Those of a user are computed in the order of their cut-offs. */
function historiesOf(
  { sequence, cutOffs, offsets, time, subject }: LoadedSequence,
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
    for (const k of order) {
      const row = { cutOff: cutOffOf(k), readTime: f64At(readTime, u32At(drawn, k)) };
      results[k] = { first, history: histories.of(row) };
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
