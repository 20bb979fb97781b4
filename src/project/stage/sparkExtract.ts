import { conditionColumns } from '../../core/config/eventConditions.ts';
import { dataColumns, datasetEntry, datasetsOf } from '../../core/data/dataColumns.ts';
import { generateExtract } from '../../core/spark/extract/generateExtract.ts';
import { unusedRoots } from '../../core/spark/inputs/sources.ts';
import type { Script } from '../../core/spark/script.ts';
import type { SparkJob } from '../../core/spark/sparkJob.ts';
import { sparkPythonText } from '../../core/spark/pythonText.ts';
import { sparkSqlText, type SparkHead } from '../../core/spark/sparkText.ts';
import type { CallContext } from '../../protocol/engine.ts';
import { extractIdentity } from './extractIdentity.ts';
import type { DrawableStage } from '../plan/resolveStage.ts';
import { placesOf, refuseOverlaps, type SparkScript, type SparkScriptOptions } from './sparkScript.ts';
import type { StageJob } from './stageJob.ts';

/**
 * The Spark job that pulls what a preview of some users needs, as text. Files are opened for the types of their columns.
 * @throws FailureError as `sparkScript`
 */
export async function sparkExtract(
  job: StageJob,
  stage: DrawableStage,
  options: SparkScriptOptions & { readonly users: readonly string[] },
  call: Partial<CallContext>,
): Promise<SparkScript> {
  const sparkJob = await job.sparkJob(stage, call);
  const script = extractScript(job, stage, sparkJob, options);
  const facts = job.sampleFacts(stage.request.plan, options);
  const places = placesOf(job, facts['plan_sha256'] ?? '', options, 'extract');
  await refuseOverlaps(job, sparkJob, script, { places, directory: options.directory }, call);
  const { timezone } = stage.request.plan;
  const head: SparkHead = [
    ...Object.entries(facts),
    ['timezone', timezone],
    ['output', places.output],
    ['work', places.work],
  ];
  const write = options.ending === '.py' ? sparkPythonText : sparkSqlText;
  return { text: write(script, head, timezone, places), places, unusedRoots: unusedRoots(sparkJob, options.roots) };
}

/** Its statements. `ofAll`: the job of all users. */
export function extractScript(
  job: StageJob,
  stage: DrawableStage,
  ofAll: SparkJob,
  { users, version, roots }: Pick<SparkScriptOptions, 'version' | 'roots'> & { readonly users: readonly string[] },
): Script {
  const sparkJob = { ...ofAll, users: [...new Set(users)] };
  const { generator = '', config_sha256: digest = '' } = job.sampleFacts(stage.request.plan, { version, users });
  return generateExtract(
    sparkJob,
    {
      columns: wantedColumns(job, sparkJob),
      facts: [
        ['run', 'generator', generator],
        ['run', 'config_sha256', digest],
        ...extractIdentity(job.config.read.config, sparkJob.plan, stage.copied),
      ],
    },
    roots,
  );
}

/** The columns of each data set that the config names. */
function wantedColumns(
  { config: { read } }: StageJob,
  { plan, inputs }: SparkJob,
): ReadonlyMap<string, readonly string[]> {
  const { config } = read;
  const ofPlan: Readonly<Record<string, readonly string[]>> = {
    impressions: [
      ...inputs.pickColumns,
      ...plan.entries.flatMap(({ exclude }) => exclude?.history?.column ?? []),
      ...(plan.teacher?.from === 'impressions' ? [plan.teacher.column] : []),
    ],
    items: plan.entries.flatMap(({ draws }) => (draws.kind === 'pool' ? Object.keys(draws.where ?? {}) : [])),
  };
  return new Map(
    datasetsOf(config).map((name) => [
      name,
      [
        ...dataColumns(config, name).map((column) => column.name),
        ...Object.keys(datasetEntry(config, name)?.where ?? {}),
        ...inputs.passed.flatMap(({ from, column }) => (from === name ? [column] : [])),
        // The row of a step is in the impressions or a table of events. Columns that a data set lacks are left out.
        ...inputs.sequences.flatMap(({ copies, where }) => [
          ...copies.map(({ column }) => column),
          ...Object.keys(where),
        ]),
        ...inputs.events.flatMap(({ condition, table = 'impressions' }) =>
          table === name ? conditionColumns(condition) : [],
        ),
        ...(ofPlan[name] ?? []),
      ],
    ]),
  );
}
