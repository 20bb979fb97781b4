import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { StoryExposure, UserStory } from '../../src/protocol/sampling.ts';
import { StoryAxis, revealing, wholeExtent, zoomed } from '../../webview/preview/storyAxis.ts';
import { samePlace, storyLanes } from '../../webview/preview/storyLanes.ts';
import { StoryReading } from '../../webview/preview/storyReading.ts';

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
