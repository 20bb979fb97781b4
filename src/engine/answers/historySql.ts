import { sequenceList } from '../../core/audit/sequenceList.ts';
import type { SampleLayout } from '../../core/schema/sampleLayout.ts';
import { sampleSequences, type SampleRoles, type SampleSequence } from '../../core/data/sampleSequences.ts';
import { sliceColumn, type Sequence } from '../../core/data/sequences.ts';
import { negativeName } from '../../core/data/columnOwner.ts';
import { itemType } from '../../core/data/columnKinds.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { exactText } from '../sql/cellText.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { instantOf, type Instant } from '../tables/instant.ts';
import { columnOf, labelOf } from '../tables/roleTable.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';

/** A sample file with its columns by role. */
export interface HistoryFile {
  readonly ref: DatasetRef;
  readonly layout: SampleLayout;
  readonly columns: SampleRoles;
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
  return sampleSequences(lists, file.columns, planned);
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

  constructor(
    private readonly table: OpenTable,
    private readonly file: HistoryFile,
    private readonly timezone: string,
  ) {
    this.from = file.layout === 'user' ? slicedRows(table, file) : table.relation();
  }

  static of(tables: Tables, file: HistoryFile, timezone: string): HistorySql {
    return new HistorySql(tables.table(file.ref), file, timezone);
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
    const type = itemType(columnOf(this.table, name).type);
    return each(quoteIdentifier(name), (x) => instantOf(x, type, { unit, ...this.#place(name) }).from);
  }

  /** An item as text. `name`: its column, or that of the list that has it. */
  #text(name: string, x: string): string {
    return exactText(x, itemType(columnOf(this.table, name).type));
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

/** Applies SQL to every element of a list. */
function each(list: string, sql: (x: string) => string): string {
  return sql('x') === 'x' ? list : `list_transform(${list}, lambda x: ${sql('x')})`;
}
