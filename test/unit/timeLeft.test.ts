import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message, render } from '../../src/core/message/message.ts';
import { progressText, TimeLeft, timeLeftText } from '../../src/core/report/timeLeft.ts';

test('a job of one pace has the rest of its time left, at every step', () => {
  const left = new TimeLeft();
  for (let second = 0; second <= 100; second++) {
    const told = left.estimate(second / 100, second * 1000);
    if (second < 2) assert.equal(told, null);
    else assert.ok(Math.abs((told ?? NaN) - (100 - second) * 1000) < 1, `${second}: ${told}`);
  }
});

test('no time is shown at the beginning or while the progress is unknown', () => {
  const left = new TimeLeft();
  assert.equal(left.estimate(null, 0), null);
  assert.equal(left.estimate(0, 60_000), null, 'the wait before does not count');
  assert.equal(left.estimate(0.01, 63_000), null);
  assert.equal(left.estimate(0.1, 70_000), 90_000);
  assert.equal(left.estimate(null, 71_000), null);
});

test('the pace is that of the later half, so a slow start does not count and a stall shows', () => {
  const left = new TimeLeft();
  for (let second = 0; second <= 10; second++) left.estimate(second / 100, second * 1000);
  // From here on five times as fast: 0.05 per second, until 24 s.
  for (let second = 11; second < 24; second++) left.estimate(0.1 + (second - 10) * 0.05, second * 1000);
  const quick = left.estimate(0.8, 24_000) ?? NaN;
  assert.ok(Math.abs(quick - 4000) < 1, `${quick}`);
  assert.ok((left.estimate(0.8, 30_000) ?? NaN) > quick);
  assert.equal(left.estimate(1, 31_000), 0);
});

test('progress that goes back restarts the estimate', () => {
  const left = new TimeLeft();
  left.estimate(0, 0);
  assert.notEqual(left.estimate(0.5, 10_000), null);
  assert.equal(left.estimate(0.1, 11_000), null);
  assert.equal(left.estimate(0.2, 15_000), 32_000);
});

test('a step every millisecond gives the same estimate as one per second', () => {
  const left = new TimeLeft();
  for (let step = 0; step < 50_000; step++) left.estimate(step / 100_000, step);
  assert.ok(Math.abs((left.estimate(0.5, 50_000) ?? NaN) - 50_000) < 1);
});

test('times are rounded up: seconds, fives of them, minutes, hours', () => {
  const text = (milliseconds: number): string => render(timeLeftText(milliseconds));
  assert.deepEqual(
    [0, 400, 1001, 9_999, 10_001, 12_000, 44_000, 60_000, 61_000, 600_001, 5_400_000, 5_460_000].map(text),
    [
      '1 s left',
      '1 s left',
      '2 s left',
      '10 s left',
      '15 s left',
      '15 s left',
      '45 s left',
      '60 s left',
      '2 min left',
      '11 min left',
      '90 min left',
      '1 h 31 min left',
    ],
  );
});

test('a line shows the step, the progress and the time left, if known', () => {
  const drawing = message('Drawing');
  assert.equal(render(progressText({ fraction: null, message: drawing }, null)), 'Drawing');
  assert.equal(render(progressText({ fraction: 0.439, message: drawing }, null)), 'Drawing, 43 %');
  assert.equal(render(progressText({ fraction: 0.439, message: drawing }, 12_000)), 'Drawing, 43 %, 15 s left');
});
