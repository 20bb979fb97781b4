import { message } from '../../core/message/message.ts';
import type { Connections, Rows, Work } from '../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { SourceColumn } from '../database/sourceColumn.ts';
import type { Selection } from './source.ts';
import { ownValue } from '../../core/ownValue.ts';
import { withoutTwins } from '../database/twinNames.ts';
import { unreadableSql } from '../database/unreadable.ts';

/** With fewer rows, a scan for row numbers is as fast as an index. */
const INDEX_ROWS = 1_000_000;
/** Memory of one index entry in bytes, measured. */
const INDEX_BYTES = 9;
const TABLE = '"@mirror"';
/** SQL name of the column in the copied relation that holds the file number. */
export const FILE_COLUMN = '"@@file"';

/** Facts about the source files of a copy. */
export interface MirroredFile {
  readonly partition: Readonly<Record<string, string | null>>;
}

/**
 * An in-memory copy of a data set with an index on the row number. The rows of one sorted page are spread over the
 * whole file, and reading them from Parquet takes as long as reading everything.
 */
export class Mirror {
  #ready = false;

  constructor(
    private readonly connections: Connections,
    relation: string,
    private readonly rowColumn: string,
    private readonly columns: readonly SourceColumn[],
    private readonly files: readonly MirroredFile[],
    rows: number,
  ) {
    void this.#build(relation, rows);
  }

  /**
   * Memory that a mirror will need, from the widths of the types. If values have no fixed width, at least twice the
   * size on disk.
   */
  static estimate(columns: readonly SourceColumn[], rows: number, bytesOnDisk: number): number {
    const own = columns.filter(isStored);
    const fixed = own.reduce((sum, c) => sum + width(c.type), INDEX_BYTES + 8) * rows;
    return own.some((c) => c.type.kind === 'list' || c.type.kind === 'map' || c.type.kind === 'string')
      ? Math.max(fixed, bytesOnDisk * 2)
      : fixed;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /**
   * A FROM item with all columns and the row number. Partition values are not stored in each row, because they follow
   * from the file number.
   */
  relation(): string {
    if (this.columns.every(isStored)) return TABLE;
    const values = (name: string): string =>
      `[${this.files.map((f) => textOrNull(ownValue(f.partition, name) ?? null)).join(', ')}]`;
    const stored = [this.rowColumn, ...this.columns.filter(isStored).map((c) => c.name)].map(quoteIdentifier);
    const others = withoutTwins(this.columns)
      .filter((c) => !isStored(c))
      .map((c) =>
        c.type.kind === 'unreadable'
          ? unreadableSql(c)
          : `(${values(c.name)})[${FILE_COLUMN} + 1] AS ${quoteIdentifier(c.name)}`,
      );
    return `(SELECT ${[...stored, ...others].join(', ')} FROM ${TABLE})`;
  }

  async lookup(wanted: readonly number[], selection: Selection, work: Work): Promise<Rows> {
    const row = quoteIdentifier(this.rowColumn);
    return await this.connections.rows(
      `SELECT ${[row, ...selection.sql].join(', ')} FROM ${this.relation()} WHERE ${row} IN (${wanted.join(', ')})`,
      work,
    );
  }

  async #build(relation: string, rows: number): Promise<void> {
    const row = quoteIdentifier(this.rowColumn);
    const own = this.columns.filter(isStored);
    const text = message('Copying the data into memory for sorted pages');
    const type = rows < 2 ** 31 ? 'INTEGER' : 'BIGINT';
    const columns = [`CAST(${row} AS ${type}) AS ${row}`, ...own.map((c) => quoteIdentifier(c.name))];
    if (this.columns.some((c) => c.partition)) columns.push(FILE_COLUMN);
    try {
      await this.connections.long(`CREATE TABLE ${TABLE} AS SELECT ${columns.join(', ')} FROM ${relation}`, text);
      if (rows > INDEX_ROWS) await this.connections.long(`CREATE INDEX "@mirror_row" ON ${TABLE} (${row})`, text);
      this.#ready = true;
    } catch {
      // Damaged pages or too little memory: the copy only improves speed, and a later read reports the reason.
      await this.connections.rows(`DROP TABLE IF EXISTS ${TABLE}`).catch(() => undefined);
    }
  }
}

/** False for partition columns and for unreadable columns. */
function isStored(column: SourceColumn): boolean {
  return !column.partition && column.type.kind !== 'unreadable';
}

function textOrNull(value: string | null): string {
  return value === null ? 'NULL' : quoteLiteral(value);
}

function width(type: LogicalType): number {
  switch (type.kind) {
    case 'boolean':
      return 1;
    case 'integer':
    case 'float':
      return type.bits / 8;
    case 'decimal':
      return type.precision > 18 ? 16 : 8;
    case 'date':
    case 'enum':
      return 4;
    case 'time':
    case 'timestamp':
      return 8;
    case 'struct':
      return type.fields.reduce((sum, f) => sum + width(f.type), 1);
    case 'list':
      return 16 + (type.size ?? 8) * width(type.item);
    default:
      return 16;
  }
}
