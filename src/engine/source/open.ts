import type { Work } from '../database/connections.ts';
import { ParquetSource } from './parquet.ts';
import type { Opening, Source } from './source.ts';
import { TextSource } from './text.ts';

/** Share of the memory limit for a copy that speeds up sorted pages. */
const MIRROR_SHARE = 0.75;

/** Opens the files of a data set with the reader for their format. */
export async function openSource(o: Opening, work: Work): Promise<Source> {
  if (o.files.format !== 'parquet') return await TextSource.open(o, work);
  return await ParquetSource.open(o.connections, o.path, o.files, o.memoryBytes * MIRROR_SHARE, work);
}
