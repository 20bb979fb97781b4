import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { PlanExclude, StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import type { PreviewGroup, PreviewUser, StoryExposure, UserStory } from '../../src/protocol/sampling.ts';
import { StoryAxis, revealing, wholeExtent, zoomed } from '../../webview/preview/storyAxis.ts';
import { positiveFrom, samePlace, storyLanes } from '../../webview/preview/storyLanes.ts';
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

test('the next positive is another one, also of a request with several, and is never before the mark', () => {
  const [first = '', ...times] = [1, 2, 3].map((day) => `2026-03-0${day}T08:00:00.000000Z`);
  const row = (item: string, label: 0 | 1) => ({ item, label, entry: label === 1 ? null : 'random', source: null });
  const groups = [
    { time: first, rows: [row('a', 1), row('b', 1), row('n', 0)] },
    { time: times[1], rows: [row('c', 1), row('n', 0)] },
  ];
  const log = story([first, ...times, '2026-03-04T08:00:00.000000Z']);
  const lanes = storyLanes(log, { groups } as unknown as PreviewUser, null);
  const positives = lanes.findIndex(({ kind }) => kind === 'positive');
  const negatives = lanes.findIndex(({ name }) => name === 'random');
  const found = (lane: number, place: number, step: 1 | -1): string | undefined => {
    const to = positiveFrom(lanes, { lane, place }, step);
    return to?.lane === positives ? lanes[positives]?.marks[to.place]?.item : undefined;
  };
  assert.deepEqual(
    [0, 1, 2].map((place) => [found(positives, place, -1), found(positives, place, 1)]),
    [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ],
  );
  assert.deepEqual([found(negatives, 0, 1), found(negatives, 1, -1)], ['c', 'b']);
  // Exposures of each day.
  assert.deepEqual(
    [0, 1, 2, 3].map((place) => [found(0, place, -1), found(0, place, 1)]),
    [
      ['a', 'a'],
      ['b', 'c'],
      ['c', 'c'],
      ['c', 'c'],
    ],
  );
  assert.deepEqual(positiveFrom(lanes, null, 1), { lane: positives, place: 0 });
  assert.equal(positiveFrom(storyLanes(log, null, null), null, 1), null);
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

test('a day of a zone begins when its clocks show midnight', () => {
  const at = (text: string, zone: string): string => new Date(instantOfWall(text, zone) ?? NaN).toISOString();
  assert.equal(at('2026-03-14', 'Asia/Shanghai'), '2026-03-13T16:00:00.000Z');
  // Clocks go forward at 02:00 on 8 March.
  assert.equal(at('2026-03-08', 'America/New_York'), '2026-03-08T05:00:00.000Z');
  assert.equal(at('2026-03-09', 'America/New_York'), '2026-03-09T04:00:00.000Z');
  // At midnight, clocks go from 00:00 to 01:00, or from 24:00 back to 23:00.
  assert.equal(at('2026-03-08', 'America/Havana'), '2026-03-08T05:00:00.000Z');
  assert.equal(at('2026-04-05', 'America/Santiago'), '2026-04-05T04:00:00.000Z');
  // 02:30 is twice.
  assert.equal(at('2026-10-25T02:30:00.000000', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z');
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
