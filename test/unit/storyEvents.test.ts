import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserEvents, UserLog } from '../../src/engine/inputs/users/userRows.ts';
import { eventsOf } from '../../src/engine/preview/storyOfUser.ts';

test('an event that gets an impression until outcomes are known is a mark of that impression only', () => {
  // Item 0 was clicked at 5, before its impression at 10. The click of item 1 has no time.
  const log = {
    item: Uint32Array.of(0, 1),
    time: Float64Array.of(10, 20),
    events: { click: Uint8Array.of(1, 1) },
    eventTimes: { click: Float64Array.of(5, NaN) },
  } as unknown as UserLog;
  // Both are also events without an impression up to an earlier time. Item 2 was never shown.
  const unmatched = {
    item: Uint32Array.of(0, 1, 2),
    time: Float64Array.of(5, NaN, NaN),
    shown: Float64Array.of(10, 20, NaN),
    events: { click: Uint8Array.of(1, 1, 1) },
  } as unknown as UserEvents;
  const marks = (knownUntil: number): (number | null)[][] =>
    eventsOf({ log, unmatched }, ['click'], knownUntil).map(({ item, time, shown }) => [item, time, shown]);
  const shown = [
    [0, 5, 10],
    [1, 20, 20],
  ];
  assert.deepEqual(marks(20), [...shown, [2, NaN, null]]);
  assert.deepEqual(marks(15), [...shown, [1, NaN, null], [2, NaN, null]]);
});
