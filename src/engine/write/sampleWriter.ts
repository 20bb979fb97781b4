import { basename } from 'node:path';
import { plainPlacement } from '../../core/sampling/placement.ts';
import type { SampleRequest } from '../../protocol/sampling.ts';
import type { Tables } from '../tables/tables.ts';
import type { Work } from '../database/connections.ts';
import { FileOrder, hasFileOrder } from './fileOrder.ts';
import { GroupBuffer } from './groupBuffer.ts';
import type { OutputRows } from './outputRows.ts';
import { PlacedWriter, type WrittenFile } from './placedWriter.ts';
import type { DrawSource } from './readSource.ts';
import { RowBuffer } from './rowBuffer.ts';
import type { SampleTarget } from './sampleTarget.ts';
import { writerOf } from './writers.ts';
import type { Writer } from './writing.ts';

/** Writes the samples of a request to a file or a folder. */
export interface SampleWriter {
  readonly writer: Writer;
  /** The written files, after `finish`. `rows`: number of all samples. */
  files(rows: number): readonly WrittenFile[];
}

/** Computes what the order of a request needs; null if its order is that of drawing, without ids of groups. */
export function fileOrderOf(
  { plan, output: { placement = plainPlacement } }: SampleRequest,
  source: DrawSource,
): FileOrder | null {
  if (!hasFileOrder(placement)) return null;
  return new FileOrder(plan, placement, source.world.items.hashWords, source.bundled !== null);
}

/** @param threads parts that are written at the same time */
export async function sampleWriter(
  { plan: { timezone }, output }: SampleRequest,
  { ids, columns, mostRows }: Pick<DrawSource, 'ids' | 'columns' | 'mostRows'>,
  {
    tables,
    rows,
    target,
    fileOrder,
    threads,
  }: {
    readonly tables: Tables;
    readonly rows: OutputRows;
    readonly target: SampleTarget;
    readonly fileOrder: FileOrder | null;
    readonly threads: number;
  },
  work: Work,
): Promise<SampleWriter> {
  const { format, rowsAtOnce, placement = plainPlacement } = output;
  const common = {
    tables,
    integerIds: ids.users.kind === 'int64' && ids.items.kind === 'int64',
    ...(rowsAtOnce === undefined ? {} : { rowsAtOnce }),
    threads,
    work,
  };
  if (placement.order === 'user' && placement.folder === null) {
    const path = await target.pathOf(null, null);
    return {
      writer: writerOf(format, { ...common, rows, file: path }),
      files: (count) => [{ partition: null, path, name: basename(output.path), rows: count }],
    };
  }
  const buffer =
    placement.order === 'shuffled_rows' && fileOrder !== null
      ? new RowBuffer(tables, rows, columns, fileOrder, rowsAtOnce, work)
      : new GroupBuffer(tables, rows, placement, timezone, rowsAtOnce, work);
  const writer = new PlacedWriter(
    {
      ...common,
      format,
      placement,
      mostRows,
      pathOf: async (partition, name) => await target.pathOf(partition, name),
    },
    buffer,
  );
  return {
    writer,
    files: () => writer.files.map((file) => (file.name === '' ? { ...file, name: basename(output.path) } : file)),
  };
}
