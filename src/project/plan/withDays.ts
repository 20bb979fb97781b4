import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import type { ConfigPath } from '../../core/config/tree.ts';
import { datasetPath, datasetsByDay } from '../../core/data/dataColumns.ts';
import type { Facts } from '../../core/data/facts.ts';
import { folderProblem } from '../../core/data/folderProblem.ts';
import { passThroughEntries } from '../../core/data/passThrough.ts';
import type { Message } from '../../core/message/message.ts';
import { reachOf } from '../../core/config/historyRules.ts';
import { sequencesOf } from '../../core/data/sequences.ts';
import { readDays, type ReadSettings } from '../../core/sampling/plan/readDays.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { DayRange } from '../../core/table/day.ts';
import { durationOf } from '../../core/schema/form.ts';
import { hasItems, type AskedTable } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';

/** The data of a plan, with the days that it uses of each table that declares a partition by day. */
export function withDays(data: SamplingData, plan: StagePlan, config: ConfigDraft): SamplingData {
  const { impressions, clicks } = data.log;
  const columns = new Map(datasetsByDay(config).map(({ dataset, column }) => [dataset, column]));
  const days = readDays(plan, {
    corpusFromLog: data.corpus === 'log',
    asOf: [...asOfAges(config), ...sequencesOf(config).map(reachOf)],
    matching: matchingOf(data),
  });
  const limited = <T extends AskedTable<string, string>>(name: DatasetName, table: T, { from, to }: DayRange): T => {
    const column = columns.get(name);
    return column === undefined ? table : { ...table, days: { column, from, to } };
  };
  const { candidates, passedCandidates, rejections } = data;
  return {
    ...data,
    log: {
      ...data.log,
      impressions: limited('impressions', impressions, days.impressions),
      ...(clicks ? { clicks: clicks.map((table) => limited(table.name, table, days.clicks)) } : {}),
    },
    ...(candidates ? { candidates: limited('candidates', candidates, days.candidates) } : {}),
    ...(passedCandidates ? { passedCandidates: limited('candidates', passedCandidates, days.candidates) } : {}),
    ...(rejections ? { rejections: limited('rejections', rejections, days.rejections) } : {}),
  };
}

/** A partition by day that does not name the folders of its files: its place, and why. Null without one. */
export function misnamedFolder(
  config: ConfigDraft,
  facts: Facts,
): { readonly at: ConfigPath; readonly problem: Message } | null {
  for (const { dataset, column } of datasetsByDay(config)) {
    const table = facts.dataset(dataset);
    const problem = table?.state === 'known' ? folderProblem(dataset, column, table) : null;
    if (problem) return { at: [...datasetPath(dataset), 'partition', 'column'], problem };
  }
  return null;
}

/** `max_age` of the columns that take the newest row of their item up to the time of the group. */
function asOfAges(config: ConfigDraft): (number | null)[] {
  return passThroughEntries(config).flatMap(({ keys: { from, side, max_age: age } }) => {
    if (side !== 'item' || (from !== undefined && from !== 'impressions')) return [];
    const milliseconds = age === undefined ? null : durationOf(age);
    return [milliseconds === null ? null : milliseconds * 1000];
  });
}

function matchingOf({ log: { impressions, clicks = [] } }: SamplingData): ReadSettings['matching'] {
  return clicks.filter(hasItems).map(({ columns, within }) => ({
    by: columns.request && impressions.columns.request ? 'request' : columns.time ? 'time' : 'pair',
    within,
  }));
}
