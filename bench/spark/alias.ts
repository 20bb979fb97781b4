import path from 'node:path';
import { shopFiles } from '../sample/files/shopFiles.ts';
import { markdownTable } from '../table.ts';
import { inFolders, localSample, requireEqual, sparkJob, type SparkBench } from './tools.ts';

const POSITIVES = 10_000;
const MILLIONS = [5, 10, 20, 50];
/** Larger pools are not drawn on this machine, to compare the rows. */
const COMPARED = 20;

/** Few positives from large pools: most of the job is the pool and its alias table. */
export async function benchAlias({ cache, version, spark, progress }: SparkBench): Promise<string> {
  const rows: string[][] = [];
  for (const millions of MILLIONS) {
    progress(`making ${millions} million items (once)`);
    const folder = await shopFiles(cache, POSITIVES, { items: millions * 1e6 });
    progress(`a pool of ${millions} million items`);
    const row = await inFolders(['spark', 'local'], async (folderOf) => {
      const { seconds, cpuSeconds, cpuSecondsOf, shuffleBytes, peakMb } = await sparkJob(folder, folderOf('spark'), {
        spark,
        settings: { 'spark.sql.shuffle.partitions': '32' },
      });
      if (millions <= COMPARED) {
        await localSample(folder, folderOf('local'));
        await requireEqual(path.join(folderOf('spark'), 'out'), path.join(folderOf('local'), 'out.parquet'));
      }
      const steps = [...cpuSecondsOf].filter(([step]) => /__(ranges|pool|size|sums|search|alias)$/.test(step));
      const ofPool = steps.reduce((sum, [, one]) => sum + one, 0);
      return [
        String(millions),
        seconds.toFixed(0),
        cpuSeconds.toFixed(0),
        ofPool.toFixed(0),
        (ofPool / millions).toFixed(2),
        (shuffleBytes / 1e6).toFixed(0),
        peakMb.toFixed(0),
        millions <= COMPARED ? 'yes' : 'not compared',
      ];
    });
    // Larger pools may need more than this machine has.
    progress(row.join(' | '));
    rows.push(row);
  }
  const head = [
    'million items',
    's',
    'CPU s of tasks',
    'CPU s of pool and alias table',
    'of a million items',
    'shuffle MB',
    'peak MB',
    'rows equal the local ones',
  ];
  return `Spark ${version}, ${POSITIVES.toLocaleString('en')} positives.

${markdownTable(
  head,
  head.map((title) => (title.startsWith('rows') ? 'left' : 'right')),
  rows,
)}`;
}
