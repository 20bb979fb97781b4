import type { DeclaredSequence } from '../../core/audit/sampleColumns.ts';
import { sequenceList } from '../../core/audit/sequenceList.ts';
import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { sampleSequences, type SampleRoles, type SampleSequence } from '../../core/data/sampleSequences.ts';
import { sliceColumn, type Sequence } from '../../core/data/sequences.ts';
import { negativeName } from '../../core/data/columnOwner.ts';
import { itemType } from '../../core/data/columnKinds.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { typeName, type LogicalType } from '../../core/table/type.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { blanks } from '../groups/history/historySql.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { instantOf, type Instant } from '../tables/instant.ts';
import { columnOf, labelOf } from '../tables/roleTable.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';

/** A sample file with its columns by role. */
export interface HistoryFile {
  readonly ref: DatasetRef;
  readonly layout: SampleLayout;
  readonly columns: SampleRoles;
  /** Lists that the config declares to be sequences. */
  readonly sequences?: readonly DeclaredSequence[];
}

/** The sequences of a sample file. */
export function sequencesIn(
  tables: Tables,
  file: HistoryFile,
  planned: readonly Sequence[],
): readonly SampleSequence[] {
  const table = tables.table(file.ref);
  const ends = slicesOf(table, file).flatMap(({ from, to }) => [from, to]);
  const lists = table.columns.filter(({ name }) => !ends.includes(name));
  return sampleSequences(lists, file.columns, { planned, declared: file.sequences ?? [] });
}

/** A list of steps in the layout user, and the columns with the slice of each sample. */
interface Slice {
  readonly list: string;
  readonly from: string;
  readonly to: string;
}

function slicesOf({ columns }: OpenTable, { layout }: HistoryFile): Slice[] {
  if (layout !== 'user') return [];
  const names = new Set(columns.map(({ name }) => name));
  return columns.flatMap((column): Slice[] => {
    const sequence = sequenceList(column)?.sequence ?? '';
    const [from, to] = [sliceColumn(sequence, 'from'), sliceColumn(sequence, 'to')];
    return names.has(from) && names.has(to) && ![from, to].includes(column.name)
      ? [{ list: column.name, from, to }]
      : [];
  });
}

/** One row for each sample of a file in the layout user, with the history of the sample. */
function slicedRows(table: OpenTable, file: HistoryFile): string {
  const slices = slicesOf(table, file);
  const ofRows = [
    ...Object.values(file.columns).flatMap((column) => column?.name ?? []),
    ...slices.flatMap(({ from, to }) => [from, to]),
  ];
  const lists = table.columns.filter(({ name, type }) => type.kind === 'list' && ofRows.includes(name));
  const rows = lists.map(({ name }) => `unnest(${quoteIdentifier(name)}) AS ${quoteIdentifier(name)}`);
  const steps = slices.map(
    ({ list, from, to }) =>
      `${quoteIdentifier(list)}[${quoteIdentifier(from)} + 1 : ${quoteIdentifier(to)}] AS ${quoteIdentifier(list)}`,
  );
  return `(SELECT * ${replacing(steps)} FROM (SELECT * ${replacing(rows)} FROM ${table.relation()}))`;
}

const replacing = (values: readonly string[]): string => (values.length === 0 ? '' : `REPLACE (${values.join(', ')})`);

/** SQL over the rows of a sample file, in which each row is one history. Ids are texts. */
export class HistorySql {
  readonly from: string;
  /** Columns of texts that are read as lists of texts. */
  readonly #split: ReadonlySet<string>;

  constructor(
    private readonly table: OpenTable,
    private readonly file: HistoryFile,
    sequences: readonly SampleSequence[],
    private readonly timezone: string,
  ) {
    const replaced = sequences.flatMap((sequence) =>
      sequence.lists.flatMap((name): [name: string, sql: string][] => {
        const sql = splitList(table, name, sequence);
        return sql === null ? [] : [[name, `${sql} AS ${quoteIdentifier(name)}`]];
      }),
    );
    this.#split = new Set(replaced.map(([name]) => name));
    const relation = file.layout === 'user' ? slicedRows(table, file) : table.relation();
    this.from =
      replaced.length === 0
        ? relation
        : `(SELECT * REPLACE (${replaced.map(([, sql]) => sql).join(', ')}) FROM ${relation})`;
  }

  static of(tables: Tables, file: HistoryFile, sequences: readonly SampleSequence[], timezone: string): HistorySql {
    return new HistorySql(tables.table(file.ref), file, sequences, timezone);
  }

  /** The id of a row. Null if the file has none, or one for each sample of the row. */
  id(role: 'user' | 'request'): string | null {
    const column = this.#scalar(role);
    return column && exactText(column.x, column.type);
  }

  /** The time of a row; null as for `id`. */
  time(): Instant | null {
    const column = this.#scalar('time');
    const unit = this.file.columns['time']?.unit;
    return column && instantOf(column.x, column.type, { unit, ...this.#place(column.name) });
  }

  /** The items of the positives, or of the negatives, of a row, as a list. Empty if the file has no labels. */
  items(label: boolean): string {
    const { layout, columns } = this.file;
    const [item, labels] = [columns['item']?.name ?? '', columns['label']?.name ?? ''];
    if (layout === 'wide') {
      const list = negativeName(item);
      if (label) return this.#has(item) ? `[${this.#text(item, quoteIdentifier(item))}]` : '[]';
      return this.#has(list) ? this.stepItems(list) : '[]';
    }
    if (!this.#has(item) || !this.#has(labels)) return '[]';
    const type = itemType(columnOf(this.table, labels).type);
    const holds = (x: string): string => `${label ? '' : 'NOT '}${labelOf(x, type, labels, this.table.path)}`;
    const [items, values] = [quoteIdentifier(item), quoteIdentifier(labels)];
    if (layout === 'long' || layout === 'user')
      return `CASE WHEN ${holds(values)} THEN [${this.#text(item, items)}] ELSE [] END`;
    const pairs = `list_filter(list_zip(${items}, ${values}), lambda x: ${holds('x[2]')})`;
    return `list_transform(${pairs}, lambda x: ${this.#text(item, 'x[1]')})`;
  }

  /** The items that the labels of a row are about: its own, and that of the positive of its group. */
  kin(): string {
    const positive = this.#scalar('positive_item');
    const others = positive === null ? [] : [`[${exactText(positive.x, positive.type)}]`];
    return `list_concat(${[this.items(true), this.items(false), ...others].join(', ')})`;
  }

  /** The items of the steps, as texts. */
  stepItems(name: string): string {
    return each(quoteIdentifier(name), (x) => this.#text(name, x));
  }

  /** The item of one step as text. `index`: from 1, or from -1 backward. NULL beyond the list. */
  stepItem(name: string, index: number): string {
    return this.#text(name, `${quoteIdentifier(name)}[${index}]`);
  }

  /** The times of the steps. Of a day, its first instant. */
  stepTimes({ name, unit }: NonNullable<SampleSequence['time']>): string {
    return each(quoteIdentifier(name), (x) => stepInstant(x, this.#stepType(name), { unit, ...this.#place(name) }));
  }

  /** An item as text. `name`: its column, or that of the list that has it. */
  #text(name: string, x: string): string {
    return exactText(x, this.#stepType(name));
  }

  #stepType(name: string): LogicalType {
    return this.#split.has(name) ? { kind: 'string' } : itemType(columnOf(this.table, name).type);
  }

  #place(name: string): { readonly timezone: string; readonly name: string; readonly path: string } {
    return { timezone: this.timezone, name, path: this.table.path };
  }

  #has(name: string): boolean {
    return this.table.columns.some((column) => column.name === name);
  }

  #scalar(role: string): { readonly name: string; readonly x: string; readonly type: LogicalType } | null {
    const name = this.file.columns[role]?.name;
    if (name === undefined || !this.#has(name)) return null;
    const { type } = columnOf(this.table, name);
    const x = quoteIdentifier(name);
    if (type.kind !== 'list') return { name, x, type };
    if (this.file.layout === 'user') return { name, x, type: type.item };
    // The history of a request is that of its earliest row.
    return this.file.layout === 'request' && role === 'time' ? { name, x: `list_min(${x})`, type: type.item } : null;
  }
}

/**
 * SQL of a list of texts from a JSON array, or from a text with separators as `exclude.history` reads it. Null for a
 * column that is a list already.
 * @throws FailureError for a text without a separator
 */
function splitList(table: OpenTable, name: string, { name: sequence, separator }: SampleSequence): string | null {
  const { type } = columnOf(table, name);
  const x = quoteIdentifier(name);
  if (type.kind === 'list') return null;
  if (type.kind === 'json') return `json_extract_string(${x}, '$[*]')`;
  if (type.kind !== 'string')
    throw fail('bad-request', message('{0} has no lists: it is of type {1}', name, typeName(type)), {
      place: { path: table.path, column: name },
    });
  if (separator === null)
    throw fail('bad-request', message('column {0} has texts: a sequence needs a separator, such as ","', name), {
      place: { path: table.path, column: name },
      advice: message('Set {0} in the config, or give {1}.', 'separator', `--separator ${sequence}=TEXT`),
    });
  const steps = `string_split(${exactText(x, type)}, ${quoteLiteral(separator)})`;
  return `list_filter(list_transform(${steps}, lambda x: trim(x, ${blanks})), lambda x: x <> '')`;
}

/** Unix times of 9 digits or more; the digits tell their unit, as in `likelyEpochUnit`. */
const epochForms = { s: '[0-9]{9,11}', ms: '[0-9]{12,14}', us: '[0-9]{15,17}' } as const;

/** The first instant of a step. Numbers without a unit are read by their size; other texts are ISO 8601. */
function stepInstant(x: string, type: LogicalType, options: Parameters<typeof instantOf>[2]): string {
  const isText = type.kind === 'string';
  if (!isText && (type.kind !== 'integer' || options.unit !== undefined)) return instantOf(x, type, options).from;
  const integer: LogicalType = { kind: 'integer', bits: 64, signed: true };
  const digits = `CAST(${x} AS VARCHAR)`;
  const cases = (['s', 'ms', 'us'] as const).map((size) => {
    const number = instantOf(`CAST(${x} AS BIGINT)`, integer, { ...options, unit: options.unit ?? size });
    return `WHEN regexp_full_match(${digits}, '${epochForms[size]}') THEN ${number.from}`;
  });
  return `(CASE ${cases.join(' ')}${isText ? ` ELSE ${instantOf(x, type, options).from}` : ''} END)`;
}

/** Applies SQL to every element of a list. */
function each(list: string, sql: (x: string) => string): string {
  return sql('x') === 'x' ? list : `list_transform(${list}, lambda x: ${sql('x')})`;
}
