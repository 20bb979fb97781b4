import { fail, type FailureError } from '../message/failure.ts';
import { message, type Message } from '../message/message.ts';
import { dailyCount, groupedBy } from '../source/options.ts';
import type { PlanEntry } from '../sampling/plan/stagePlan.ts';
import type { SparkJob } from './sparkJob.ts';

/** What a script cannot do yet: its name in the config, and whether a job needs it. The only list of these. */
const missing: readonly { readonly name: string; readonly isNeeded: (job: SparkJob) => boolean }[] = [
  {
    name: 'exclude.history',
    isNeeded: ({ plan }) => plan.entries.some(({ exclude }) => exclude !== null && 'history' in exclude),
  },
  {
    name: 'popularity, group_by or as_of: day with smoothing',
    isNeeded: ({ plan }) =>
      plan.entries.some(
        (entry) => isByValue(entry) && entry.draws.kind === 'pool' && entry.draws.weight?.smoothing !== 0,
      ),
  },
  {
    name: 'popularity, as_of: day without window',
    isNeeded: ({ plan }) => plan.entries.some((entry) => dailyCount(entry)?.window === null),
  },
  {
    name: 'popularity, as_of: day with window.train.to that is no day',
    isNeeded: ({ plan }) =>
      plan.entries.some((entry) => dailyCount(entry) !== null) &&
      !/^\d{4}-\d{2}-\d{2}$/.test(plan.window.train?.to ?? ''),
  },
  { name: 'on_shortfall: fail', isNeeded: ({ plan }) => plan.onShortfall === 'fail' },
  {
    name: 'training.in_batch with logq and --split eval',
    isNeeded: ({ plan }) => plan.trainPositives !== undefined,
  },
  { name: 'data.clicks', isNeeded: ({ inputs }) => inputs.events.some(({ table }) => table !== undefined) },
  { name: 'output.events', isNeeded: ({ plan }) => plan.outcomes !== undefined },
  { name: 'output.layout', isNeeded: ({ layout }) => layout !== 'long' },
  { name: 'output.order', isNeeded: ({ placement }) => placement.order !== 'user' },
  { name: 'output.group_id', isNeeded: ({ placement }) => placement.groupId },
  { name: 'output.shards', isNeeded: ({ placement }) => (placement.folder?.shards ?? 1) > 1 },
  { name: 'output.partition_by', isNeeded: ({ placement }) => (placement.folder?.partitionBy ?? null) !== null },
];

/**
 * Refuses a job with parts that the generator does not know, all of them by name. A script that left them out would draw
 * other rows than the preview.
 */
export function unsupportedFailure(job: SparkJob): FailureError | null {
  const names = missing.filter(({ isNeeded }) => isNeeded(job)).map(({ name }) => name);
  const formats = Object.entries(job.inputs.tables)
    .filter(([, table]) => table.format !== 'parquet')
    .map(([name, { format }]) => `data.${name}: ${format}`);
  const all = [...names, ...formats, ...unknownOptions(job)];
  if (all.length === 0) return folderFailure(job);
  return fail('unsupported', message('A Spark job cannot do this yet: {0}', all.join(', ')), {
    advice: message('Sample on this machine with {0}, or remove it from the config.', 'recsample sample'),
  });
}

/** Spark reads a folder and its partitions, but skips other folders in it. */
function folderFailure({ inputs }: SparkJob): FailureError | null {
  const nested = Object.entries(inputs.tables).find(([, { isNested }]) => isNested);
  if (!nested) return null;
  const [name, { path }] = nested;
  const advice: Message = message('Write partitions as {0}, or a pattern that names the files.', 'name=value');
  return fail('unsupported', message('data.{0} has files in folders that Spark would skip', name), {
    place: { path },
    advice,
  });
}

/** Whether the counts of an entry depend on the user or on the day of a group. */
function isByValue(entry: PlanEntry): boolean {
  return dailyCount(entry) !== null || groupedBy(entry).length > 0;
}

const knownExclude = new Set(['events', 'within', 'lookback', 'history']);

/** Options of `exclude` that are newer than the generator. It must not leave them out silently. */
function unknownOptions({ plan }: SparkJob): string[] {
  const keys = plan.entries.flatMap(({ exclude }) => Object.keys(exclude ?? {}));
  return [...new Set(keys.filter((key) => !knownExclude.has(key)))].map((key) => `exclude.${key}`);
}
