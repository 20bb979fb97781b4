import { open, type FileHandle } from 'node:fs/promises';
import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api';
import ddb from '@duckdb/node-bindings';
import { ArrowFile, type ArrowField } from '../../core/table/arrowFile.ts';
import { logicalType } from '../database/logicalType.ts';
import { writeAll } from '../files/appendFile.ts';
import { columnBuilder } from './columnBuilder.ts';

/** A batch is written when it has this many bytes. */
const BATCH_BYTES = 64_000_000;

/** Writes chunks of DuckDB to an Arrow IPC file without compression, one record batch at a time. */
export class ArrowBatches {
  readonly #arrow: ArrowFile;
  readonly #builders: readonly ReturnType<typeof columnBuilder>[];
  /** Rows that are not yet in the file. */
  #held = 0;

  private constructor(
    private readonly handle: FileHandle,
    fields: readonly ArrowField[],
    metadata: Readonly<Record<string, string>>,
    private readonly batchRows: number,
  ) {
    this.#arrow = new ArrowFile(fields, metadata);
    this.#builders = fields.map(({ type }) => columnBuilder(type));
  }

  /**
   * @param file absolute path of a file that does not exist
   * @param batchRows most rows of a record batch, up to one chunk more
   */
  static async create(
    file: string,
    columns: readonly { readonly name: string; readonly type: DuckDBType }[],
    metadata: Readonly<Record<string, string>>,
    batchRows: number,
  ): Promise<ArrowBatches> {
    const fields = columns.map(({ name, type }) => ({ name, type: logicalType(type) }));
    return new ArrowBatches(await open(file, 'wx'), fields, metadata, batchRows);
  }

  /** Resolves after the disk has accepted what was complete. */
  async add({ chunk, rowCount }: DuckDBDataChunk): Promise<void> {
    this.#builders.forEach((builder, column) => {
      builder.append(ddb.data_chunk_get_vector(chunk, column), 0, rowCount);
    });
    this.#held += rowCount;
    if (this.#held >= this.batchRows || this.#builders.reduce((sum, { bytes }) => sum + bytes, 0) >= BATCH_BYTES)
      await this.#flush();
  }

  /** Writes the remaining rows and the end of the file. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#write(this.#arrow.end());
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async #flush(): Promise<void> {
    if (this.#held === 0) return;
    const columns = this.#builders.map((builder) => builder.column());
    await this.#write(this.#arrow.batch(columns, this.#held));
    for (const builder of this.#builders) builder.clear();
    this.#held = 0;
  }

  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) await writeAll(this.handle, piece);
  }
}
