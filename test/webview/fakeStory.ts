import type { FoundItem, PreviewGroup, SamplingFacts, StoryEvent, UserStory } from '../../src/protocol/sampling.ts';
import { isoTime, microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import { hash, titles } from './fakeData.ts';

const twins = ['4820193300000000001', '4820193300000000002'];

/** Two items with one title, and an item with a title of its own. */
export function foundItems(text: string): FoundItem[] {
  const all = [
    ...twins.map((item) => ({ item, title: 'Twin house' })),
    { item: '4820193300000000003', title: 'Lonely lighthouse' },
  ];
  const wanted = text.toLowerCase();
  return all.filter(({ item, title }) => item.startsWith(text) || title.toLowerCase().includes(wanted));
}

/**
 * Requests of six exposures each around the groups; every fifth exposure has a click, some events have no exposure.
 * @param isEarly true for a log that begins two days before the groups, with a click 40 s before every third
 */
export function fakeStory(
  groups: readonly PreviewGroup[],
  facts: SamplingFacts,
  count: number,
  unknown: boolean,
  isEarly = false,
): UserStory {
  if (unknown) return { ...emptyStory, known: false };
  const start = Date.parse(groups[0]?.time ?? '2026-03-01T08:00:00Z') - (isEarly ? 48 : 1) * 3_600_000;
  const own = groups.flatMap(({ item, time, request }) => (item === null ? [] : [{ item, time, request }]));
  const further = Array.from({ length: count }, (_, k) => ({
    item: String(4820193377516093441n + BigInt(k % 200) * 977_113n),
    time: new Date(start + Math.floor(k / 6) * 5_400_000 * (1 + hash(k - (k % 6), 5))).toISOString(),
    request: `r${Math.floor(k / 6)}`,
  }));
  const late = groups.flatMap(({ rows, time }, k) => {
    const item = rows.at(-1)?.item;
    if (!isEarly || k % 3 !== 2 || item === undefined) return [];
    return [{ item, time: isoTime(microsecondsOfIso(time) - 40e6), request: `late-${k}` }];
  });
  const chosen = new Set([...own, ...late].map(({ item }) => item));
  const exposures = [...own, ...late, ...further]
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .map((one, k) => ({
      ...one,
      position: String(k % 6),
      isChosen: k % 5 === 0 || chosen.has(one.item),
    }));
  const clicks = exposures
    .filter(({ isChosen }) => isChosen)
    .map(({ item, time }): StoryEvent => ({ event: 'click', item, time, shown: time }));
  const alone = Array.from({ length: Math.ceil(count / 20) }, (_, k): StoryEvent => {
    const at = new Date(start + k * 30_000_000).toISOString();
    return { event: 'purchase', item: twins[k % 2] ?? '', time: at, shown: null };
  });
  return {
    known: true,
    exposures,
    events: [...clicks, ...alone],
    total: { exposures: exposures.length + (count > 1000 ? 1234 : 0), events: clicks.length + alone.length },
    timeless: 0,
    kinds: ['click', 'purchase'],
    window: { from: exposures[4]?.time ?? null, to: groups.at(-1)?.time ?? null },
    train: { from: exposures[4]?.time ?? null, to: groups.at(-1)?.time ?? null },
    knownUntil: groups.at(-1)?.time ?? null,
    counts: [{ entry: 'popularity', of: ['click'], from: exposures[10]?.time ?? null, to: groups[1]?.time ?? null }],
    titles: Object.fromEntries(
      exposures.map(({ item }, k) => [item, facts.items[item]?.title ?? titles[k % titles.length] ?? item]),
    ),
  };
}

const emptyStory: UserStory = {
  known: true,
  exposures: [],
  events: [],
  total: { exposures: 0, events: 0 },
  timeless: 0,
  kinds: ['click', 'purchase'],
  window: { from: null, to: null },
  train: { from: null, to: null },
  knownUntil: null,
  counts: [],
  titles: {},
};
