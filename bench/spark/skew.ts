import path from 'node:path';
import { MIN_OF_PART } from '../../src/core/spark/groups/splitUsers.ts';
import { shopFiles } from '../sample/files/shopFiles.ts';
import { markdownTable } from '../table.ts';
import { inFolders, localSample, randJob, requireEqual, sparkJob, type SparkBench } from './tools.ts';

const POSITIVES = 300_000;
/** More tasks than cores, none of which Spark joins to larger ones: so the largest can be seen. */
const settings = { 'spark.sql.shuffle.partitions': '64', 'spark.sql.adaptive.coalescePartitions.enabled': 'false' };

/**
 * A log in which a user has a tenth of the positives, and an item three tenths of the impressions. The job of
 * `recsample spark`, the same job without parts of users, and a job with `rand()`: their largest tasks.
 * @throws Error if the rows of the jobs and of the local file differ
 */
export async function benchSkew({ cache, version, spark, progress }: SparkBench): Promise<string> {
  progress(`making ${POSITIVES.toLocaleString('en')} skewed positives (once)`);
  const folder = await shopFiles(cache, POSITIVES, { skewed: true });
  const withoutParts = (text: string): string =>
    text.replace(`greatest(${MIN_OF_PART}L, `, 'greatest(1000000000000000L, ');
  const tools = {
    'recsample spark': sparkJob,
    'without parts of users': sparkJob,
    'Spark with rand()': randJob,
  };
  const names = Object.keys(tools) as (keyof typeof tools)[];
  const rows = await inFolders([...names, 'local'], async (folderOf) => {
    await localSample(folder, folderOf('local'));
    const all: string[][] = [];
    for (const name of names) {
      progress(`skew: ${name}`);
      const isWhole = name === 'without parts of users';
      const options = { spark, settings, ...(isWhole ? { edit: withoutParts } : {}) };
      const { seconds, cpuSeconds, shuffleBytes, largest } = await tools[name](folder, folderOf(name), options);
      if (tools[name] === sparkJob)
        await requireEqual(path.join(folderOf(name), 'out'), path.join(folderOf('local'), 'out.parquet'));
      all.push([
        name,
        seconds.toFixed(1),
        cpuSeconds.toFixed(0),
        (shuffleBytes / 1e6).toFixed(0),
        largest?.step ?? '',
        largest?.cpuSeconds.toFixed(1) ?? '',
        largest?.timesMedian === Infinity ? 'median 0' : (largest?.timesMedian.toFixed(1) ?? ''),
      ]);
    }
    return all;
  });
  const head = ['tool', 's', 'CPU s of tasks', 'shuffle MB', 'longest task', 'its CPU s', 'its records / median'];
  return `Spark ${version}, ${POSITIVES.toLocaleString('en')} positives, 64 tasks for each shuffle. The rows of both jobs equal those of the local file.

${markdownTable(
  head,
  head.map((title) => (title === 'tool' || title === 'longest task' ? 'left' : 'right')),
  rows,
)}`;
}
