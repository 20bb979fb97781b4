import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { PlanExclude, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { PreviewGroup, StoryExposure, UserStory } from '../../src/protocol/sampling.ts';
import { StoryAxis, revealing, wholeExtent, zoomed } from '../../webview/preview/storyAxis.ts';
import { positiveFrom, samePlace, storyLanes, type StoryMark } from '../../webview/preview/storyLanes.ts';
import { storyExcludes } from '../../webview/preview/storyExcludes.ts';
import { StoryReading } from '../../webview/preview/storyReading.ts';

import { instantOfWall } from '../../webview/preview/wallTime.ts';

const start = Date.parse('2026-03-01T08:00:00Z');

function story(times: readonly string[]): UserStory {
  const exposures = times.map((time, k): StoryExposure => ({
    item: `i${k}`,
    time,
    request: null,
    position: null,
    isChosen: false,
  }));
  return {
    known: true,
    exposures,
    events: [],
    total: { exposures: exposures.length, events: 0 },
    timeless: 0,
    kinds: ['click'],
    window: { from: null, to: null },
    train: { from: null, to: null },
    knownUntil: null,
    counts: [],
    titles: {},
  };
}

const page = Array.from({ length: 200 }, () => '2026-03-01T08:00:00.000000Z');
const later = '2026-03-02T08:00:00.000000Z';

test('exposures within one millisecond have places of their own', () => {
  const [shown] = storyLanes(story(['2026-03-01T08:00:00.000100Z', '2026-03-01T08:00:00.000200Z']), null, null);
  assert.deepEqual(
    shown?.marks.map(({ item, slot }) => [item, slot]),
    [
      ['i0', 0],
      ['i1', 1],
    ],
  );
});

test('an axis to scale has nothing outside a window that contains all marks', () => {
  const lanes = storyLanes(story([...page, later]), null, null);
  for (const kind of ['scaled', 'compressed'] as const) {
    const axis = new StoryAxis(lanes, kind, wholeExtent, 600);
    assert.ok(axis.edge(start - 1) <= 0, kind);
    assert.ok(axis.edge(Date.parse(later)) >= 600, kind);
    const between = axis.edge(start);
    assert.ok(between > 0 && between < 600, `${kind}: ${between}`);
  }
});

test('a zoomed axis moves to a mark far along a page of exposures', () => {
  const lanes = storyLanes(story(page), null, null);
  const mark = lanes[0]?.marks[150] ?? assert.fail('no mark');
  const zoomedIn = zoomed(wholeExtent, 64, 0);
  const share = new StoryAxis(lanes, 'compressed', zoomedIn, 600).share(mark.at, mark.slot);
  const x = new StoryAxis(lanes, 'compressed', revealing(zoomedIn, share), 600).x(mark.at, mark.slot);
  assert.ok(x >= 0 && x <= 600, String(x));
});

test('after another drawing, a mark is found again by its lane, item and time, or not at all', () => {
  const before = storyLanes(story([...page, later]), null, null);
  const after = storyLanes({ ...story([...page.slice(0, 1), later]), kinds: [] }, null, null);
  assert.deepEqual(samePlace(before, { lane: 0, place: 0 }, after), { lane: 0, place: 0 });
  assert.equal(samePlace(before, { lane: 0, place: 7 }, after), null);
  assert.equal(samePlace(before, { lane: 1, place: 0 }, after), null);
});

test('an event excludes by the time of its impression, until outcomes are known, or from the lookback on', () => {
  const time = (day: number): string => `2026-03-0${day}T08:00:00.000000Z`;
  const given: UserStory = {
    ...story([time(1), time(2), time(3), time(4)]),
    events: [
      { event: 'click', item: 'i0', time: time(3), shown: time(1) },
      { event: 'click', item: 'i1', time: time(2), shown: time(2) },
      { event: 'click', item: 'late', time: time(4), shown: time(3) },
      { event: 'buy', item: 'bought', time: time(3), shown: null },
      { event: 'click', item: 'own', time: time(2), shown: time(2) },
    ],
    train: { from: time(1), to: time(3) },
    knownUntil: time(3),
  };
  const group = { time: time(2), rows: [{ item: 'own', label: 1 }] } as unknown as PreviewGroup;
  const items = (exclude: Partial<NonNullable<PlanExclude>>): string[] => {
    const entry = { name: 'x', exclude: { events: ['click'], within: 'train', lookback: null, ...exclude } };
    const plan = { entries: [entry, { name: 'y', exclude: null }] } as unknown as StagePlan;
    return storyExcludes(given, group, plan).flatMap((part) => part.items.map(({ item }) => item));
  };
  assert.deepEqual(items({}), ['i0', 'i1']);
  assert.deepEqual(items({ events: ['buy', 'click'] }), ['i0', 'i1', 'bought']);
  assert.deepEqual(items({ within: 'all' }), ['i0', 'i1', 'late']);
  // The click of i0 is known later, but its impression is older than the lookback.
  assert.deepEqual(items({ lookback: 3_600_000_000 }), ['i1']);
  assert.deepEqual(items({ events: ['impressions'] }), ['i0', 'i1', 'i2']);
});

test('an exclusion ends at the microsecond, and a lookback may be before all dates', () => {
  const given: UserStory = {
    ...story([]),
    events: ['2026-03-01T08:00:00.000200Z', '2026-03-01T08:00:00.000300Z'].map((time, k) => ({
      event: 'click',
      item: `i${k}`,
      time,
      shown: null,
    })),
  };
  const group = { time: '2026-03-01T09:00:00.000300Z', rows: [] } as unknown as PreviewGroup;
  const items = (lookback: number): (string | null)[] => {
    const exclude = { events: ['click'], within: 'train', lookback };
    const plan = { entries: [{ name: 'x', exclude }] } as unknown as StagePlan;
    return storyExcludes(given, group, plan).flatMap(({ from, items: found }) => [
      from,
      ...found.map(({ item }) => item),
    ]);
  };
  assert.deepEqual(items(3_600_000_000), ['2026-03-01T08:00:00.000300Z', 'i1']);
  assert.deepEqual(items(1e19), [null, 'i0', 'i1']);
});

test('more items may be excluded by older marks, by events without a time, and by a history', () => {
  const isWhole = (more: Partial<UserStory>, history?: object): boolean | undefined => {
    const exclude = { events: ['click'], within: 'train', lookback: null, ...(history ? { history } : {}) };
    const group = { time: page[0], rows: [] } as unknown as PreviewGroup;
    const plan = { entries: [{ name: 'x', exclude }] } as unknown as StagePlan;
    return storyExcludes({ ...story([]), ...more }, group, plan)[0]?.isWhole;
  };
  assert.equal(isWhole({}), true);
  assert.equal(isWhole({ total: { exposures: 0, events: 1 } }), false);
  assert.equal(isWhole({ timeless: 1 }), false);
  assert.equal(isWhole({}, { column: 'seen' }), false);
});

test('the next positive passes all positives of a request, and is never before the mark', () => {
  const groups = [1, 2].map((day) => ({ time: `2026-03-0${day}T08:00:00.000000Z` }) as unknown as PreviewGroup);
  const positives = [0, 0, 1].map(
    (k, item) => ({ group: groups[k], item: `i${item}`, at: k * 100, slot: item }) as unknown as StoryMark,
  );
  const negative = { group: groups[0], item: 'n' } as unknown as StoryMark;
  const from = (mark: StoryMark | undefined, step: 1 | -1): number =>
    positiveFrom(positives, mark ?? assert.fail('no mark'), step);
  assert.deepEqual([from(positives[0], 1), from(positives[1], 1), from(positives[2], -1)], [1, 2, 1]);
  assert.deepEqual([from(negative, 1), from(negative, -1)], [2, -1]);
  // Exposures: at a positive, near to one but after it, and after all.
  const shown = [0, 10, 200].map((at) => ({ ...negative, group: null, at, slot: 1 }));
  assert.deepEqual(
    shown.map((mark) => [from(mark, -1), from(mark, 1)]),
    [
      [1, 1],
      [1, 2],
      [2, 3],
    ],
  );
});

test('a time without a mark is between the marks before and after it', () => {
  const lanes = storyLanes(story(['2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z', '2026-03-02T09:00:00Z']), null, null);
  for (const kind of ['scaled', 'compressed'] as const) {
    const axis = new StoryAxis(lanes, kind, wholeExtent, 600);
    const [a, b, c] = (lanes[0]?.marks ?? []).map(({ at, item }) => axis.placeOf(at, item));
    const between = axis.placeOf(start + 30 * 60_000, 'other');
    assert.ok((a ?? NaN) < between && between < (b ?? NaN) && (b ?? NaN) < (c ?? NaN), `${kind}: ${between}`);
  }
});

test('a day of a zone begins when its clocks show midnight', () => {
  const at = (text: string, zone: string): string => new Date(instantOfWall(text, zone) ?? NaN).toISOString();
  assert.equal(at('2026-03-14', 'Asia/Shanghai'), '2026-03-13T16:00:00.000Z');
  // Clocks go forward at 02:00 on 8 March.
  assert.equal(at('2026-03-08', 'America/New_York'), '2026-03-08T05:00:00.000Z');
  assert.equal(at('2026-03-09', 'America/New_York'), '2026-03-09T04:00:00.000Z');
  // Clocks skip midnight on 6 September in Santiago, and show 02:30 twice on 25 October in Berlin.
  assert.equal(at('2026-09-06', 'America/Santiago'), '2026-09-06T04:00:00.000Z');
  assert.equal(at('2026-10-25T02:30:00.000000', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z');
  // A window of a week is of calendar days: one of them has 23 hours.
  const week = 7 * 86_400_000;
  assert.equal(
    new Date(instantOfWall('2026-03-10', 'America/New_York', week) ?? NaN).toISOString(),
    '2026-03-03T05:00:00.000Z',
  );
  assert.equal(instantOfWall('soon', 'UTC'), null);
  assert.equal(instantOfWall('2026-03-14', 'Nowhere/City'), null);
});

test('the brush of the overview and the part of the axis are the same times', () => {
  const lanes = storyLanes(story([...page.slice(0, 1), '2026-03-01T20:00:00Z', later]), null, null);
  for (const kind of ['scaled', 'compressed'] as const) {
    const axis = new StoryAxis(lanes, kind, wholeExtent, 600);
    const { from, to } = axis.extentOf(0.25, 0.75);
    assert.ok(Math.abs(axis.timeShare(from) - 0.25) < 1e-6 && Math.abs(axis.timeShare(to) - 0.75) < 1e-6, kind);
    const least = axis.extentOf(0.5, 0.5);
    assert.ok(least.to - least.from > 0.001, kind);
  }
});

test('a story that failed or was cancelled says nothing about the next user', async () => {
  const ended = new Map([
    ['failed', new Error('broken')],
    ['cancelled', new FailureError({ code: 'cancelled', message: message('Cancelled') })],
  ]);
  const reading = new StoryReading(async ({ user }) => {
    const error = ended.get(user);
    if (error) throw error;
    return await Promise.resolve(story([later]));
  });
  const read = async (user: string): Promise<void> => {
    const idle = new Promise<void>((resolve) => {
      const stop = reading.subscribe(() => {
        stop();
        resolve();
      });
    });
    reading.want({ config: { uri: 'file:///a.yaml' }, stage: 'recall', split: 'train', user }, 1);
    assert.deepEqual([reading.answer, reading.failure, reading.cancelled], [null, null, false]);
    await idle;
  };
  await read('failed');
  assert.ok(reading.failure);
  await read('cancelled');
  assert.ok(reading.cancelled);
  await read('found');
  assert.equal(reading.answer?.exposures.length, 1);
});
