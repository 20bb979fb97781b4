import { historyParts, leftOutParts } from '../../src/core/report/sequenceSteps.ts';
import type { PassedValues } from '../../src/core/sampling/passedValues.ts';
import type { PlanEntry, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { durationText } from '../../src/core/schema/durationText.ts';
import { dailyCount } from '../../src/core/source/options.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup, UserStory } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';
import type { GroupHistory } from './historyTexts.ts';
import type { ExcludedPart } from './storyExcludes.ts';
import { instantOfWall } from './wallTime.ts';
import { secondTime, shortTime } from './texts.ts';

/** The time that a fact covers: a lane under the others. Milliseconds since 1970; null if there is no bound. */
export interface StorySpan {
  readonly name: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly kind: 'excluded' | 'counted' | 'read';
  /** Times of the marks on the lane, such as excluded items. */
  readonly marks: readonly { readonly item: string; readonly at: number }[];
}

/** One sentence about what decides the rows of a group, with its details. Its number is its place in the list. */
export interface StoryFact {
  readonly title: string;
  readonly lines: readonly string[];
  /** `steps`: the lane of the sequence with this name. */
  readonly place: 'group' | 'edge' | 'span' | { readonly steps: string };
  readonly span: StorySpan | null;
}

export interface FactInput {
  readonly story: UserStory;
  readonly group: PreviewGroup;
  readonly plan: StagePlan;
  readonly passed: PassedValues | undefined;
  /** The histories of the group, by sequence. */
  readonly histories: readonly GroupHistory[];
}

/**
 * Facts that decide the rows of a group, from the config and the log; only those that apply. `excludes`: the
 * excludes of the group.
 */
export function storyFacts(input: FactInput, excludes: readonly ExcludedPart[]): StoryFact[] {
  return [
    windowFact(input),
    ...excludes.map((part) => excludedFact(part, input, excludes.length)),
    ...countFacts(input),
    ...columnsFact(input),
    ...input.histories.map((history) => historyFact(history, input.plan)),
    ...cutFact(input),
  ];
}

const fact = (
  title: string,
  lines: readonly string[],
  place: StoryFact['place'],
  span: StorySpan | null,
): StoryFact => ({
  title,
  lines,
  place,
  span,
});

function windowFact({ story, group, plan }: FactInput): StoryFact {
  const positives = group.rows.filter(({ label }) => label === 1).length;
  return fact(
    plan.split === 'train' ? t('The group is in the train window') : t('The group is in the eval window'),
    [
      periodText(story.window.from, story.window.to, plan.timezone),
      t('Positives: {0} · negatives: {1}', formatCount(positives), formatCount(group.rows.length - positives)),
    ],
    'group',
    null,
  );
}

function excludedFact(
  { exclude, entries, from, to, items, isWhole }: ExcludedPart,
  input: FactInput,
  of: number,
): StoryFact {
  const { plan, group } = input;
  const later = items.filter(({ time }) => Date.parse(time) > Date.parse(group.time)).length;
  const isPart = of > 1 || entries.length < plan.entries.length;
  return fact(
    isWhole
      ? t('Excluded items: {0}', formatCount(items.length))
      : t('Excluded items: at least {0}', formatCount(items.length)),
    [
      `${exclude.events.join(', ')} · ${periodText(from, to, plan.timezone)}`,
      ...(exclude.lookback === null ? [] : [t('lookback: {0} before the group', durationText(exclude.lookback))]),
      ...(later === 0
        ? []
        : [t('Later than the group: {0}. An item that the user chooses later is not a negative.', formatCount(later))]),
      ...(exclude.history ? [t('The items in the column {0} are excluded too.', exclude.history.column)] : []),
      ...(isPart ? [t('Entries: {0}', entries.join(', '))] : []),
    ],
    'span',
    {
      name: t('excluded items'),
      kind: 'excluded',
      from: from === null ? null : Date.parse(from),
      to: to === null ? null : Date.parse(to),
      marks: items.map(({ item, time }) => ({ item, at: Date.parse(time) })),
    },
  );
}

/** Entries that count the same rows are one fact. */
function countFacts({ story, group, plan }: FactInput): StoryFact[] {
  const factsByKey = new Map<string, { readonly names: string[]; readonly fact: (names: string) => StoryFact }>();
  const add = (key: string, name: string, factOf: (names: string) => StoryFact): void => {
    const existing = factsByKey.get(key);
    if (existing) existing.names.push(name);
    else factsByKey.set(key, { names: [name], fact: factOf });
  };
  for (const entry of plan.entries) {
    const { before, of, window } = dailyEnd(entry, group);
    if (before !== null) add(JSON.stringify([before, of, window]), entry.name, dailyFact(before, of, window, plan));
    for (const count of story.counts.filter(({ entry: name }) => name === entry.name))
      add(JSON.stringify([count.of, count.from, count.to]), entry.name, (names) => {
        const isLater = count.to !== null && Date.parse(count.to) > Date.parse(group.time);
        return fact(
          count.to === null
            ? t('Popularity is counted over all times')
            : t('Popularity is counted until {0}', shortTime(count.to, plan.timezone)),
          [
            `${count.of.join(', ')} · ${periodText(count.from, count.to, plan.timezone)}`,
            ...(isLater ? [t('The counts include times after the group.')] : []),
            t('Entries: {0}', names),
          ],
          'span',
          countedSpan(
            count.from === null ? null : Date.parse(count.from),
            count.to === null ? null : Date.parse(count.to),
          ),
        );
      });
  }
  return [...factsByKey.values()].map((one) => one.fact(one.names.join(', ')));
}

function dailyFact(
  before: string,
  of: string,
  window: number | null,
  { timezone }: StagePlan,
): (names: string) => StoryFact {
  const end = instantOfWall(before, timezone);
  const start = window === null ? null : instantOfWall(before, timezone, window / 1000);
  return (names) =>
    fact(
      t('Popularity is counted before {0}', before),
      [
        window === null ? of : `${of} · ${durationText(window)}`,
        t('Events of the day itself do not count.'),
        t('Entries: {0}', names),
      ],
      'span',
      end === null ? null : countedSpan(start, end - 1),
    );
}

const countedSpan = (from: number | null, to: number | null): StorySpan => ({
  name: t('popularity as of'),
  kind: 'counted',
  from,
  to,
  marks: [],
});

/** End of the group's daily popularity counts, taken from a drawn row. */
function dailyEnd(
  entry: PlanEntry,
  { rows }: PreviewGroup,
): { readonly before: string | null; readonly of: string; readonly window: number | null } {
  const count = dailyCount(entry);
  const row = rows.find(({ entry: name, why }) => name === entry.name && why.kind === 'pool');
  const before = count && row?.why.kind === 'pool' ? (row.why.before ?? null) : null;
  return { before, of: count?.of ?? '', window: count?.window ?? null };
}

function columnsFact({ group, passed }: FactInput): StoryFact[] {
  const columns = passed?.columns ?? [];
  const sideColumns = columns.flatMap(({ from, side, name }, k) =>
    from === 'impressions' && side === 'item' ? [{ name, k }] : [],
  );
  if (sideColumns.length === 0) return [];
  const groupTime = Date.parse(group.time);
  const marks = group.rows.flatMap((row) => {
    const source = row.passed?.[sideColumns[0]?.k ?? -1]?.source ?? null;
    const time = source === null ? null : (passed?.sources[source]?.time ?? null);
    return time === null ? [] : [{ item: row.item, at: Date.parse(time) }];
  });
  return [
    fact(
      t('Item columns are read before the read time of the group'),
      [sideColumns.map(({ name }) => name).join(', '), t('From the latest impression of each item, of any user.')],
      'span',
      { name: t('item columns as of'), kind: 'read', from: null, to: groupTime, marks },
    ),
  ];
}

function historyFact({ sequence, history, steps }: GroupHistory, { timezone }: StagePlan): StoryFact {
  const leftOut = leftOutParts(sequence, history).map(say);
  return fact(
    t('History {0}', sequence.name),
    [
      ...historyParts(sequence, history, steps, (iso) => secondTime(iso, timezone)).map(say),
      ...(leftOut.length === 0 ? [] : [t('left out: {0}', leftOut.join(' · '))]),
    ],
    { steps: sequence.name },
    null,
  );
}

function cutFact({ story, plan }: FactInput): StoryFact[] {
  const { to } = story.train;
  if (plan.split !== 'train' || to === null || plan.entries.some(({ exclude }) => exclude?.within === 'all')) return [];
  const later = story.exposures.filter(({ time }) => time > to).length;
  // A count with a later `as_of` uses it.
  if (later === 0 || story.counts.some((count) => count.to === null || Date.parse(count.to) > Date.parse(to)))
    return [];
  return [
    fact(
      t('Nothing after {0} is used for train', shortTime(to, plan.timezone)),
      [
        t(
          'Exposures after the training cut: {0}. They form no groups, and their events exclude nothing.',
          formatCount(later),
        ),
      ],
      'edge',
      null,
    ),
  ];
}

/** A period in words; both ends included. */
function periodText(from: string | null, to: string | null, timezone: string): string {
  const text = (time: string): string => shortTime(time, timezone);
  if (from !== null && to !== null) return t('{0} to {1}', text(from), text(to));
  if (from !== null) return t('from {0}', text(from));
  return to === null ? t('all times') : t('until {0}', text(to));
}
