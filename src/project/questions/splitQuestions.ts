import path from 'node:path';
import { negativeName } from '../../core/data/columnOwner.ts';
import { dataColumn, datasetEntry, sampleName } from '../../core/data/dataColumns.ts';
import { isSampleLayout } from '../../core/schema/sampleLayout.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { groupKey, type GroupKey } from '../../core/policy/sampleKeys.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { outputNames } from '../plan/sampleOutput.ts';
import type { AskedQuestion, AskedSamples } from '../../protocol/answers.ts';
import type { AskedLog } from '../../protocol/askedTable.ts';
import { dataPlace } from '../facts/dataPlace.ts';
import { drawnRequest, type SampleAsked } from './drawnQuestions.ts';
import { otherSplit } from './otherSplit.ts';
import { lintRef } from '../facts/probeDataset.ts';

/** Asks how many rows of a sample file lie before and after the training cut. */
export function askSplitTimes({ config, samples, timezone }: SampleAsked): AskedQuestion<'split-times'> {
  const cut = config.window?.train?.to;
  if (cut === undefined) throw fail('bad-request', message('window.train has no end'));
  return { kind: 'split-times', timezone, samples, cut };
}

/** Asks which rows of a sample file use exposures, events or rejections from after the time of their group. */
export function askFutureRows(params: SampleAsked): AskedQuestion<'future-rows'> {
  const { config, tables, samples, timezone } = params;
  const { plan, data } = drawnRequest(params);
  const cut = plan.window.train?.to;
  if (cut === undefined) throw fail('bad-request', message('window.train has no end'));
  const hasEntry = samples.columns.entry !== undefined;
  const lists = plan.entries.flatMap(({ name, source, draws }) =>
    draws.kind === 'list' ? [{ name: hasEntry ? name : source, rows: draws.rows }] : [],
  );
  const conditions = {
    exposures: new Map<string, { before: boolean }>(),
    rejections: new Map<string, { before: boolean }>(),
  };
  const exposedLater = new Set<string>();
  for (const { name, rows } of lists) {
    if (rows.of !== 'exposures' && rows.of !== 'rejections') continue;
    const isOrdered = rows.of === 'rejections' || isOrderedExposure(rows.scope, plan.unit, data.log.impressions);
    const isBefore = rows.before === true && isOrdered;
    // Entries of one source may differ. Then only the weaker condition holds for all of them.
    if (rows.of === 'exposures' && isOrdered && rows.scope !== 'request' && !rows.before) exposedLater.add(name);
    conditions[rows.of].set(name, { before: isBefore && conditions[rows.of].get(name)?.before !== false });
  }
  return {
    kind: 'future-rows',
    timezone,
    samples,
    log: data.log,
    events: plan.positives.events.map(({ name }) => name),
    cut,
    knownUntil: config.window?.known_until ?? null,
    exposed: Object.fromEntries(conditions.exposures),
    exposedLater: [...exposedLater],
    rejected: Object.fromEntries(conditions.rejections),
    ...(tables.has('rejections', 'user', 'item', 'time') && conditions.rejections.size > 0
      ? { rejections: tables.table('rejections', ['user', 'item'], ['time'] as const) }
      : {}),
    ...teacherOf(params, plan),
  };
}

/**
 * True if exposures after the time of their group are wrong. In the unit request they are right, because that time is
 * when candidates were recalled, before any exposure. Without request ids, exposures of the group's own request cannot
 * be told apart; `schema/no-request` reports that.
 */
function isOrderedExposure(scope: string, unit: StagePlan['unit'], { columns }: AskedLog['impressions']): boolean {
  return unit === 'positive' && (scope === 'user' || columns.request !== undefined);
}

/** The source column of the teacher's values; empty if the file lacks request ids or the data lack the column. */
function teacherOf(
  { config, stage, tables, samples }: SampleAsked,
  { teacher }: StagePlan,
): Pick<AskedQuestion<'future-rows'>, 'teacher'> {
  if (teacher === undefined || samples.columns.request === undefined) return {};
  const { from } = teacher;
  const name = outputNames(config, stage.name).teacher;
  const column = from === 'impressions' ? teacher.column : dataColumn(config, from, teacher.column)?.name;
  const isInSample = [name, negativeName(name)].some((column) => tables.hasColumn(sampleName(stage.name), column));
  const roles = ['user', 'item', 'time', 'request'] as const;
  return isInSample && column !== undefined && tables.hasColumn(from, column) && tables.has(from, ...roles)
    ? { teacher: { name, from: tables.table(from, roles), column } }
    : {};
}

/** Asks which groups are both in a sample file and in the file of the other split. */
export function askSplitOverlap(asked: SampleAsked): AskedQuestion<'split-overlap'> {
  const { samples, timezone } = asked;
  const { key, byPositive } = groupsOf(asked);
  return { kind: 'split-overlap', timezone, samples, key, byPositive, other: otherSamples(asked, key)?.file ?? null };
}

/** Asks which groups of a sample file lack positives or negatives. */
export function askEmptyGroups(asked: SampleAsked): AskedQuestion<'empty-groups'> {
  const { samples, timezone } = asked;
  return { kind: 'empty-groups', timezone, samples, ...groupsOf(asked) };
}

function groupsOf({ stage, samples }: SampleAsked): { readonly key: GroupKey; readonly byPositive: boolean } {
  const key = groupKey(stage, Object.keys(samples.columns));
  if (!key)
    throw fail('bad-request', message('the columns of the sample file do not distinguish one group from another'));
  return { key, byPositive: stage.unit === 'positive' };
}

/** The eval file of a training file, if it has columns of these roles. */
export function evaluatedSamples(
  asked: SampleAsked,
  roles: readonly (keyof AskedSamples['columns'])[],
): AskedQuestion<'sequence-log'>['evaluated'] {
  const other = otherSamples(asked, roles);
  return other?.split === 'eval' ? other.file : null;
}

function otherSamples(
  { config, place, stage, samples }: SampleAsked,
  roles: readonly (keyof AskedSamples['columns'])[],
): { readonly split: string; readonly file: NonNullable<AskedQuestion<'split-overlap'>['other']> } | null {
  const location = dataPlace(datasetEntry(config, sampleName(stage.name)) ?? {}, place, true);
  const other = 'path' in location ? otherSplit(location.path) : null;
  if (other === null || !('path' in location)) return null;
  const { layout, columns } = other.lock.output;
  if (!isSampleLayout(layout) || roles.some((role) => !columns.includes(samples.columns[role]?.name ?? '')))
    return null;
  return {
    split: other.lock.split,
    file: {
      samples: { ...samples, layout, ref: lintRef(other.path, location.root) },
      name: path.basename(other.path),
      state: other.state,
    },
  };
}
