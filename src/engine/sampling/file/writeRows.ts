import { join } from 'node:path';
import type { SampleFormat, SampleOutput } from '../../../protocol/sampling.ts';
import type { Tables } from '../../answers/tables.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import type { OutputRows } from './outputRows.ts';
import { drawnCounts, rowsAtOnce, rowsParts, widthOf } from './rowsParts.ts';
import { writeArrow } from './writeArrow.ts';
import { writingText, type Writing } from './writing.ts';

/** Rows of a row group; DuckDB counts them in vectors. */
const [ROW_GROUP_ROWS, VECTOR_ROWS] = [122_880, 2048];

const formats: { readonly [F in SampleFormat]: (writing: Writing) => Promise<void> } = {
  parquet: async (all) => await copy(all, `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${all.rowGroupRows}, KV_METADATA {${Object.entries(all.facts).map(([key, value]) => `${quoteIdentifier(`recsample.${key}`)}: ${quoteLiteral(value)}`).join(', ')}}`),
  arrow: writeArrow,
  csv: async (all) => await copy(all, 'FORMAT csv, HEADER'),
  jsonl: async (all) => await copy(all, 'FORMAT json'),
};

/** Writes the rows of a sample file, so many at a time that memory holds them. */
export async function writeRows(tables: Tables, rows: OutputRows, file: string, { format, rowsAtOnce: most }: Pick<SampleOutput, 'format' | 'rowsAtOnce'>, facts: Readonly<Record<string, string>>, work: Work): Promise<void> {
  const counts = await drawnCounts(tables, work);
  const columns = (await tables.columns(rows.sql(null), work)).length;
  const rowsOfGroup = Math.max(1, counts.rows / Math.max(1, counts.groups));
  const rowsOfRow = rows.layout === 'long' ? 1 : rowsOfGroup;
  const width = rows.joined ? await widthOf(tables, rows, counts.groups, work) / rowsOfRow : 0;
  const atOnce = most ?? rowsAtOnce(tables.memoryBytes, columns, width);
  const parts = counts.rows <= atOnce ? [null] : await rowsParts(tables, counts, Math.max(1, Math.floor(atOnce / rowsOfGroup)), rows.joined, work);
  const rowGroupRows = Math.max(1, Math.floor(Math.min(ROW_GROUP_ROWS, atOnce) / rowsOfRow / VECTOR_ROWS)) * VECTOR_ROWS;
  await formats[format]({ tables, rows, parts, file, facts, rowGroupRows, work });
}

/** One statement writes a file: what memory does not hold at once is put aside in parts first. */
async function copy({ tables, rows, parts, file, rowGroupRows, work }: Writing, options: string): Promise<void> {
  const steps = rows.joined && parts.length > 1 ? parts.length + 1 : 1;
  const to = async (select: string, path: string, how: string, step: number): Promise<void> => {
    const progress: Work['progress'] = work.progress && (({ fraction, message: text }) => work.progress?.({ fraction: ((fraction ?? 0) + step) / steps, message: text }));
    await tables.statement(`COPY (${select}) TO ${quoteLiteral(path)} (${how})`, writingText, { signal: work.signal, progress });
  };
  if (steps === 1) {
    await to(rows.sql(null), file, options, 0);
    return;
  }
  const paths = parts.map((_, k) => join(tables.directory, `part-${k}.parquet`));
  for (const [k, part] of parts.entries()) await to(rows.sql(part), paths[k] ?? '', `FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rowGroupRows}`, k);
  await to(`SELECT * FROM read_parquet([${paths.map(quoteLiteral).join(', ')}], hive_partitioning = false)`, file, options, parts.length);
}
