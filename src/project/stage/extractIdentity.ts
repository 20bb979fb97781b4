import { createHash } from 'node:crypto';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { datasetEntry, datasetsOf, stageOfSamples } from '../../core/data/dataColumns.ts';
import { isAsOf, type PassedColumn } from '../../core/data/passThrough.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { CountFact } from '../../core/spark/lock/countFacts.ts';
import { compareTexts } from '../../core/sampling/compareTexts.ts';

/**
 * What the rows of an extract depend on, by name: digests of parts of the config and of the plan. Shares, seeds and
 * shortfalls are not among them unless draws are in the extract, so that they may be changed and previewed.
 */
export function extractIdentity(config: ConfigDraft, plan: StagePlan, passed: readonly PassedColumn[]): CountFact[] {
  const { stage, unit, split, timezone, window, positives, trainPositives, exposures, outcomes, teacher } = plan;
  const { seed, epoch, amounts, onShortfall, refillFrom, logq, inBatch } = plan;
  const resampled = { positives, trainPositives };
  const isBatched = logq !== undefined && inBatch !== null;
  const isThinned = [positives, trainPositives].some(
    (limits) => limits !== undefined && (limits.hotThreshold !== null || limits.maxPerUserPerDay !== null),
  );
  const isDrawn = passed.some(isAsOf);
  const text = (name: string, value: string): CountFact => ['same', name, value];
  const digest = (name: string, value: unknown): CountFact => text(name, sha256(canonical(value)));
  return [
    text('stage', stage),
    text('split', split),
    text('unit', unit),
    text('timezone', timezone),
    digest('window', window),
    digest('events', config.events),
    ...datasetsOf(config)
      .filter((name) => stageOfSamples(name) === null)
      .map((name) => {
        const { path: _path, partition: _partition, ...entry } = datasetEntry(config, name) ?? {};
        return digest(`data.${name}`, entry);
      }),
    digest('positives', resampled),
    digest('training', [isBatched, exposures, outcomes, teacher]),
    digest('output.pass_through', passed),
    ...plan.entries.map(({ name, draws }) => digest(`negatives.${name}`, draws)),
    digest(
      'negatives',
      // Which days are read depends on what is excluded.
      plan.entries.map(({ name, exclude }) => [name, exclude]),
    ),
    ...(isDrawn || (isBatched && isThinned) ? [text('seed', seed), text('epoch', String(epoch))] : []),
    ...(isDrawn
      ? [digest('shares', [amounts, onShortfall === 'refill', refillFrom, plan.entries.map(({ amount }) => amount)])]
      : []),
  ];
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => compareTexts(a, b)))
      : item,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
