import path from 'node:path';
import { negativeName } from '../../core/data/columnOwner.ts';
import { dataColumn, datasetEntry, sampleName } from '../../core/data/dataColumns.ts';
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

/** The rows of a sample file before and after the training cut. */
export function askSplitTimes({ config, samples, timezone }: SampleAsked): AskedQuestion<'split-times'> {
  const cut = config.window?.train?.to;
  if (cut === undefined) throw fail('bad-request', message('window.train has no end'));
  return { kind: 'split-times', timezone, samples, cut };
}

/** What the rows of a sample file need to have happened before, and when it must have happened. */
export function askFutureRows(asked: SampleAsked): AskedQuestion<'future-rows'> {
  const { config, tables, samples, timezone } = asked;
  const { plan, data } = drawnRequest(asked);
  const cut = plan.window.train?.to;
  if (cut === undefined) throw fail('bad-request', message('window.train has no end'));
  const isNamed = samples.columns.entry !== undefined;
  const lists = plan.entries.flatMap(({ name, source, draws }) =>
    draws.kind === 'list' ? [{ name: isNamed ? name : source, rows: draws.rows }] : [],
  );
  const named = {
    exposures: new Map<string, { before: boolean }>(),
    rejections: new Map<string, { before: boolean }>(),
  };
  const exposedLater = new Set<string>();
  for (const { name, rows } of lists) {
    if (rows.of !== 'exposures' && rows.of !== 'rejections') continue;
    const isOrdered = rows.of === 'rejections' || isOrderedExposure(rows.scope, plan.unit, data.log.impressions);
    const before = rows.before === true && isOrdered;
    // Entries of one source may differ. Then only the weaker condition holds for all of them.
    if (rows.of === 'exposures' && isOrdered && rows.scope !== 'request' && !rows.before) exposedLater.add(name);
    named[rows.of].set(name, { before: before && named[rows.of].get(name)?.before !== false });
  }
  return {
    kind: 'future-rows',
    timezone,
    samples,
    log: data.log,
    events: plan.positives.events.map(({ name }) => name),
    cut,
    knownUntil: config.window?.known_until ?? null,
    exposed: Object.fromEntries(named.exposures),
    exposedLater: [...exposedLater],
    rejected: Object.fromEntries(named.rejections),
    ...(tables.has('rejections', 'user', 'item', 'time') && named.rejections.size > 0
      ? { rejections: tables.table('rejections', ['user', 'item'], ['time'] as const) }
      : {}),
    ...teacherOf(asked, plan),
  };
}

/**
 * Whether exposures after the time of their group are wrong. In the unit request that time is the one of the
 * candidates, which come before their exposures. Without request ids, the other exposures of the group's request are
 * not known: `schema/no-request` reports it.
 */
function isOrderedExposure(scope: string, unit: StagePlan['unit'], { columns }: AskedLog['impressions']): boolean {
  return unit === 'positive' && (scope === 'user' || columns.request !== undefined);
}

/** Where the teacher's values of a sample file come from, if its rows name their requests. */
function teacherOf(
  { config, stage, tables, samples }: SampleAsked,
  { teacher }: StagePlan,
): Pick<AskedQuestion<'future-rows'>, 'teacher'> {
  if (teacher === undefined || samples.columns.request === undefined) return {};
  const { from } = teacher;
  const name = outputNames(config, stage.name).teacher;
  const column = from === 'impressions' ? teacher.column : dataColumn(config, from, teacher.column)?.name;
  const isThere = [name, negativeName(name)].some((one) => tables.hasColumn(sampleName(stage.name), one));
  const roles = ['user', 'item', 'time', 'request'] as const;
  return isThere && column !== undefined && tables.hasColumn(from, column) && tables.has(from, ...roles)
    ? { teacher: { name, from: tables.table(from, roles), column } }
    : {};
}

/** The groups of a sample file, and those of the file of the other split. */
export function askSplitOverlap(asked: SampleAsked): AskedQuestion<'split-overlap'> {
  const { samples, timezone } = asked;
  const { key, byPositive } = groupsOf(asked);
  return { kind: 'split-overlap', timezone, samples, key, byPositive, other: otherSamples(asked, key) };
}

/** The groups of a sample file. */
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

function otherSamples(
  { config, place, stage, samples }: SampleAsked,
  key: GroupKey,
): AskedQuestion<'split-overlap'>['other'] {
  const at = dataPlace(datasetEntry(config, sampleName(stage.name)) ?? {}, place, true);
  const other = 'path' in at ? otherSplit(at.path) : null;
  if (other === null || !('path' in at)) return null;
  const { layout, columns } = other.lock.output;
  const isLayout = (text: string): text is AskedSamples['layout'] => ['long', 'wide', 'grouped'].includes(text);
  if (!isLayout(layout) || key.some((role) => !columns.includes(samples.columns[role]?.name ?? ''))) return null;
  return {
    samples: { ...samples, layout, ref: lintRef(other.path, at.root) },
    name: path.basename(other.path),
    state: other.state,
  };
}
