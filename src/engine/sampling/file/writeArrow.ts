import { open, type FileHandle } from 'node:fs/promises';
import ddb from '@duckdb/node-bindings';
import { ArrowFile } from '../../../core/table/arrowFile.ts';
import { columnBuilder } from '../../arrow/columnBuilder.ts';
import { cancelled } from '../../database/connections.ts';
import { logicalType } from '../../database/logicalType.ts';
import { writingText, type Writing } from './writing.ts';

/** A batch is written when it has so many rows or bytes. */
const [BATCH_ROWS, BATCH_BYTES] = [122_880, 64_000_000];

/** Writes an Arrow IPC file (Feather V2) without compression, a record batch at a time: the next is made when the disk has taken the one before. */
export async function writeArrow({ tables, rows, parts, file, facts, rowGroupRows, work }: Writing): Promise<void> {
  const columns = await tables.columns(rows.sql(null), work);
  const fields = columns.map(({ name, type }) => ({ name, type: logicalType(type) }));
  const arrow = new ArrowFile(fields, Object.fromEntries(Object.entries(facts).map(([key, value]) => [`recsample.${key}`, value])));
  const builders = fields.map(({ type }) => columnBuilder(type));
  const handle = await open(file, 'wx');
  try {
    let held = 0;
    const flush = async (): Promise<void> => {
      if (held === 0) return;
      await writeAll(handle, arrow.batch(builders.map((builder) => builder.column()), held));
      for (const builder of builders) builder.clear();
      held = 0;
    };
    for (const [k, part] of parts.entries()) {
      work.progress?.({ fraction: k / parts.length, message: writingText });
      await tables.each(rows.sql(part), async ({ chunk, rowCount }) => {
        if (work.signal?.aborted) throw cancelled();
        builders.forEach((builder, column) => builder.append(ddb.data_chunk_get_vector(chunk, column), 0, rowCount));
        held += rowCount;
        if (held >= Math.min(BATCH_ROWS, rowGroupRows) || builders.reduce((sum, { bytes }) => sum + bytes, 0) >= BATCH_BYTES) await flush();
      }, work);
    }
    await flush();
    await writeAll(handle, arrow.end());
  } finally {
    await handle.close();
  }
}

/** Writes all bytes, be they taken in pieces or not. */
async function writeAll(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) from += (await handle.write(piece, from, piece.length - from)).bytesWritten;
  }
}
