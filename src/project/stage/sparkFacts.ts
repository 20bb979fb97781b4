import path from 'node:path';
import { settingsOf } from '../../core/sampling/lock/settings.ts';
import { isCopied } from '../../core/data/passThrough.ts';
import { partitionFacts } from '../../core/spark/lock/readCounts.ts';
import type { CountFact } from '../../core/spark/lock/countFacts.ts';
import type { SparkJob } from '../../core/spark/sparkJob.ts';
import type { SampleOrigin, SamplingRequest } from '../../protocol/sampling.ts';
import { slashed } from '../slashed.ts';

/** What the lock file of a Spark job says, and is known before the job runs. */
export function sparkFacts(
  { plan, inputs, names, layout, placement, users }: SparkJob,
  data: SamplingRequest['data'],
  { generator, config, folder }: SampleOrigin,
  planDigest: string,
): CountFact[] {
  const partition = placement.folder?.partitionBy ?? null;
  const roles = [
    'user',
    'item',
    'request',
    'time',
    ...(plan.unit === 'impression' ? (['position'] as const) : []),
  ] as const;
  const roleColumns = new Map(roles.map((role) => [names[role], inputs.tables.impressions?.roles[role]?.name]));
  const exposed = inputs.passed.some(
    (column) => column.from === 'impressions' && column.side === 'exposure' && isCopied(column, roleColumns),
  );
  const factsOf = (kind: string, values: Readonly<Record<string, string>>): CountFact[] =>
    Object.entries(values).map(([name, value]) => [kind, name, value]);
  return [
    ...factsOf('run', {
      generator,
      stage: plan.stage,
      unit: plan.unit,
      seed: plan.seed,
      epoch: String(plan.epoch),
      split: plan.split,
    }),
    ...factsOf('config', { path: config.path, sha256: config.sha256 }),
    ...factsOf('variable', config.variables),
    ...factsOf('plan', {
      sha256: planDigest,
      ...(plan.logq === undefined ? {} : { logq: plan.logq }),
      ...(plan.distinct ? { distinct: 'true' } : {}),
    }),
    ...plan.entries.map(({ name }, k): CountFact => ['entry', String(k), name]),
    ...plan.entries.map(({ source }, k): CountFact => ['source', String(k), source]),
    ...(plan.refillFrom === null ? [] : factsOf('refill', { from: String(plan.refillFrom) })),
    ...(plan.teacher ? factsOf('teacher', { on: plan.teacher.on }) : []),
    ...(plan.exposures ? factsOf('exposures', { entry: plan.exposures.entry }) : []),
    ...(exposed ? factsOf('copied', { exposures: 'true' }) : []),
    ...[...Object.entries(inputs.tables), ...inputs.clicks.map(({ name, table }) => [name, table] as const)].map(
      ([name, table]): CountFact => [
        'data',
        name,
        table.table === null ? slashed(path.relative(folder, table.path)) : table.path,
      ],
    ),
    ...factsOf('output', {
      layout,
      // The rows of a folder that Spark writes have no order unless the config asks for one.
      order: placement.order === 'user' ? 'any' : placement.order,
      ...(partition === null
        ? {}
        : { [partitionFacts.column]: partition.column, [partitionFacts.format]: partition.format }),
    }),
    ...(users ?? []).map((user): CountFact => ['user', user, 'true']),
    ...factsOf('setting', settingsOf(plan, data)),
  ];
}
