import { open, type FileHandle } from 'node:fs/promises';
import ddb from '@duckdb/node-bindings';
import { ArrowFile } from '../../../core/table/arrowFile.ts';
import { columnBuilder } from '../../arrow/columnBuilder.ts';
import { cancelled } from '../../../core/queue/cancelled.ts';
import { logicalType } from '../../database/logicalType.ts';
import { writeAll } from '../../files/appendFile.ts';
import type { DrawnPart } from './drawnTable.ts';
import { rowGroupRows, rowsAtOnce, rowsParts } from './rowsParts.ts';
import { reportWriting, type Writer, type Writing } from './writing.ts';

/** A batch is written when it has this many bytes. */
const BATCH_BYTES = 64_000_000;

/**
 * Writes an Arrow IPC file (Feather V2) without compression, one record batch at a time. The next batch is built after
 * the disk has accepted the previous one. Its metadata is at the beginning, so writing starts only after all rows are
 * drawn.
 */
export class ArrowWriter implements Writer {
  readonly #parts: DrawnPart[] = [];

  constructor(private readonly writing: Writing) {}

  add(part: DrawnPart): Promise<void> {
    this.#parts.push(part);
    return Promise.resolve();
  }

  async finish(facts: Readonly<Record<string, string>>): Promise<void> {
    const { tables, rows, file, rowsAtOnce: most, work } = this.writing;
    reportWriting(work, 0);
    const columns = await tables.columns(rows.sql(null), work);
    const fields = columns.map(({ name, type }) => ({ name, type: logicalType(type) }));
    const arrow = new ArrowFile(
      fields,
      Object.fromEntries(Object.entries(facts).map(([key, value]) => [`recsample.${key}`, value])),
    );
    const builders = fields.map(({ type }) => columnBuilder(type));
    const total = {
      rows: this.#parts.reduce((sum, one) => sum + one.rows, 0),
      groups: this.#parts.reduce((sum, one) => sum + one.groups, 0),
    };
    const batchRows = rowGroupRows(rows, total, most ?? rowsAtOnce(tables.memoryBytes, columns.length));
    const handle = await open(file, 'wx');
    try {
      let held = 0;
      const flush = async (): Promise<void> => {
        if (held === 0) return;
        await writePieces(
          handle,
          arrow.batch(
            builders.map((builder) => builder.column()),
            held,
          ),
        );
        for (const builder of builders) builder.clear();
        held = 0;
      };
      for (const [k, part] of this.#parts.entries()) {
        reportWriting(work, k / this.#parts.length);
        for (const one of await rowsParts(tables, rows, part, most, work)) {
          await tables.each(
            rows.sql(one),
            async ({ chunk, rowCount }) => {
              if (work.signal?.aborted) throw cancelled();
              builders.forEach((builder, column) =>
                builder.append(ddb.data_chunk_get_vector(chunk, column), 0, rowCount),
              );
              held += rowCount;
              if (held >= batchRows || builders.reduce((sum, { bytes }) => sum + bytes, 0) >= BATCH_BYTES)
                await flush();
            },
            work,
          );
        }
        if (part.ranks === undefined) await tables.run(`DROP TABLE ${part.table}`, work);
      }
      await flush();
      await writePieces(handle, arrow.end());
    } finally {
      await handle.close();
    }
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

async function writePieces(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await writeAll(handle, piece);
}
