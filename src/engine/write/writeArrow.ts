import { ArrowBatches } from '../arrow/arrowBatches.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { DrawnPart } from './drawnTable.ts';
import { rowGroupRows, rowsAtOnce, rowsParts } from './rowsParts.ts';
import { reportWriting, type Writer, type Writing } from './writing.ts';

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
    const total = {
      rows: this.#parts.reduce((sum, one) => sum + one.rows, 0),
      groups: this.#parts.reduce((sum, one) => sum + one.groups, 0),
    };
    const batchRows = rowGroupRows(rows, total, most ?? rowsAtOnce(tables.memoryBytes, columns.length));
    const metadata = Object.fromEntries(Object.entries(facts).map(([key, value]) => [`recsample.${key}`, value]));
    const batches = await ArrowBatches.create(file, columns, metadata, batchRows);
    try {
      for (const [k, part] of this.#parts.entries()) {
        reportWriting(work, k / this.#parts.length);
        for (const one of await rowsParts(tables, rows, part, most, work)) {
          await tables.each(
            rows.sql(one),
            async (chunk) => {
              if (work.signal?.aborted) throw cancelled();
              await batches.add(chunk);
            },
            work,
          );
        }
        if (part.ranks === undefined) await tables.run(`DROP TABLE ${part.table}`, work);
      }
      await batches.end();
    } finally {
      await batches.close();
    }
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
