import path from 'node:path';
import { settingsOf } from '../../core/sampling/lock/settings.ts';
import { partitionFacts } from '../../core/spark/lock/readCounts.ts';
import type { CountFact } from '../../core/spark/lock/countFacts.ts';
import type { SparkJob } from '../../core/spark/sparkJob.ts';
import type { SampleOrigin, SamplingRequest } from '../../protocol/sampling.ts';
import { slashed } from '../slashed.ts';

/** What the lock file of a Spark job says, and is known before the job runs. */
export function sparkFacts(
  { plan, inputs, layout, placement, users }: SparkJob,
  data: SamplingRequest['data'],
  { generator, config, folder }: SampleOrigin,
  planDigest: string,
): CountFact[] {
  const by = placement.folder?.partitionBy ?? null;
  const exposed = inputs.passed.some(({ from, side }) => from === 'impressions' && side === 'exposure');
  const of = (kind: string, values: Readonly<Record<string, string>>): CountFact[] =>
    Object.entries(values).map(([name, value]) => [kind, name, value]);
  return [
    ...of('run', {
      generator,
      stage: plan.stage,
      unit: plan.unit,
      seed: plan.seed,
      epoch: String(plan.epoch),
      split: plan.split,
    }),
    ...of('config', { path: config.path, sha256: config.sha256 }),
    ...of('variable', config.variables),
    ...of('plan', {
      sha256: planDigest,
      ...(plan.logq === undefined ? {} : { logq: plan.logq }),
      ...(plan.distinct ? { distinct: 'true' } : {}),
    }),
    ...plan.entries.map(({ name }, k): CountFact => ['entry', String(k), name]),
    ...plan.entries.map(({ source }, k): CountFact => ['source', String(k), source]),
    ...(plan.refillFrom === null ? [] : of('refill', { from: String(plan.refillFrom) })),
    ...(plan.teacher ? of('teacher', { on: plan.teacher.on }) : []),
    ...(plan.exposures ? of('exposures', { entry: plan.exposures.entry }) : []),
    ...(exposed ? of('copied', { exposures: 'true' }) : []),
    ...[...Object.entries(inputs.tables), ...inputs.clicks.map(({ name, table }) => [name, table] as const)].map(
      ([name, table]): CountFact => [
        'data',
        name,
        table.table === null ? slashed(path.relative(folder, table.path)) : table.path,
      ],
    ),
    ...of('output', {
      layout,
      // The rows of a folder that Spark writes have no order unless the config asks for one.
      order: placement.order === 'user' ? 'any' : placement.order,
      ...(by === null ? {} : { [partitionFacts.column]: by.column, [partitionFacts.format]: by.format }),
    }),
    ...(users ?? []).map((user): CountFact => ['user', user, 'true']),
    ...of('setting', settingsOf(plan, data)),
  ];
}
