/** hyparquet, a Parquet reader in JavaScript; it reads the files of the folder in order. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { PAGE, positions, type Answer, type Task } from '../inspect/tasks.ts';

const [task, folder] = process.argv.slice(2) as [Task, string];
const say = (a: Answer): void => void process.stdout.write(JSON.stringify(a) + '\n');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.parquet'))
  .sort();

async function open(
  name: string,
): Promise<{ file: Awaited<ReturnType<typeof asyncBufferFromFile>>; metadata: FileMetaData }> {
  const file = await asyncBufferFromFile(path.join(folder, name));
  return { file, metadata: await parquetMetadataAsync(file) };
}

if (task === 'first') {
  const firstFile = await open(files[0] ?? '');
  await parquetReadObjects({ ...firstFile, compressors, rowStart: 0, rowEnd: PAGE });
  say({ event: 'ready' });
  say({ event: 'done', ms: [], peakMb: process.resourceUsage().maxRSS / 1024 });
} else if (task === 'anywhere') {
  const all = await Promise.all(files.map(open));
  const rows = all.reduce((sum, f) => sum + Number(f.metadata.num_rows), 0);
  const ms: number[] = [];
  for (const row of positions(rows, 20)) {
    let start = row;
    const rowFile = all.find((f) =>
      start < Number(f.metadata.num_rows) ? true : ((start -= Number(f.metadata.num_rows)), false),
    );
    if (!rowFile) continue;
    const t = performance.now();
    await parquetReadObjects({ ...rowFile, compressors, rowStart: start, rowEnd: start + PAGE });
    ms.push(performance.now() - t);
  }
  say({ event: 'done', ms, peakMb: process.resourceUsage().maxRSS / 1024 });
}
