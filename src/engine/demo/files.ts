import type { DuckDBConnection } from '@duckdb/node-api';
import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import type { Staging } from './staging.ts';

const rowGroupRows = 122_880;

/** Writes query results to files of the staging folder and records their row counts. */
export class DemoFiles {
  /** Number of rows by relative path, in the order of writing. */
  readonly rows = new Map<string, number>();
  readonly #metadata: string;

  constructor(
    private readonly staging: Staging,
    private readonly connection: DuckDBConnection,
    metadata: Readonly<Record<string, string>>,
    private readonly signal: AbortSignal,
  ) {
    this.#metadata = Object.entries(metadata)
      .map(([key, value]) => `${quoteIdentifier(key)}: ${quoteLiteral(value)}`)
      .join(', ');
  }

  async parquet(path: string, select: string): Promise<void> {
    await this.#copy(
      path,
      select,
      `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows}, KV_METADATA {${this.#metadata}}`,
    );
  }

  /** The name determines format and compression: `.csv`, `.tsv`, `.jsonl`, plain or with `.gz` or `.zst`. */
  async text(path: string, select: string): Promise<void> {
    const format = path.includes('.jsonl')
      ? 'FORMAT json'
      : `FORMAT csv, HEADER, DELIMITER ${quoteLiteral(path.includes('.tsv') ? '\t' : ',')}`;
    const compression = path.endsWith('.gz') ? ', COMPRESSION gzip' : path.endsWith('.zst') ? ', COMPRESSION zstd' : '';
    await this.#copy(path, select, format + compression);
  }

  async drop(table: string): Promise<void> {
    await this.connection.run(`DROP TABLE ${quoteIdentifier(table)}`);
  }

  async #copy(path: string, select: string, options: string): Promise<void> {
    this.signal.throwIfAborted();
    const target = await this.staging.path(path);
    const result = await this.connection.run(`COPY (${select}) TO ${quoteLiteral(target)} (${options})`);
    this.rows.set(path, numberIn((await result.getRows())[0]));
  }
}
