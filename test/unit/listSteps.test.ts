import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberText } from '../../webview/inspector/exactJson.ts';
import { elementText, microsecondsOf, orderedSteps } from '../../webview/inspector/steps.ts';

test('times as texts and as integers of each unit are the same instants', () => {
  const instant = Date.UTC(2026, 10, 20, 8, 30) * 1000;
  for (const text of [
    '2026-11-20 08:30:00',
    '2026-11-20 08:30:00+00',
    '2026-11-20T08:30:00Z',
    '1795163400',
    '1795163400000',
  ])
    assert.equal(microsecondsOf(text), instant, text);
  assert.equal(microsecondsOf('2026-11-20 08:30:00.000001'), instant + 1);
  assert.equal(microsecondsOf('2026-11-20 08:30:00.1'), instant + 100_000);
  assert.equal(microsecondsOf('2026-11-20'), Date.UTC(2026, 10, 20) * 1000);
  for (const text of ['', '7', 'yesterday', 'infinity']) assert.equal(microsecondsOf(text), null, text);
});

test('steps are the newest first, and steps at the time of the row are late', () => {
  const lists = [
    ['a', 'b', 'c', 'd'],
    ['2026-11-20 08:00:00', '2026-11-20 08:29:59.5', '2026-11-20 08:30:00', '2026-11-20 08:30:10'],
  ];
  assert.deepEqual(
    orderedSteps(lists, 1, '2026-11-20 08:30:00').map(({ index, age, isLate }) => [index, age, isLate]),
    [
      [3, -10, true],
      [2, 0, true],
      [1, 0, false],
      [0, 1800, false],
    ],
  );
  // Without the time of the row or of the steps, no step is late. Steps of an unknown time keep the order of the file.
  assert.deepEqual(
    orderedSteps(lists, 1, null).map(({ index, isLate }) => [index, isLate]),
    [
      [3, false],
      [2, false],
      [1, false],
      [0, false],
    ],
  );
  assert.deepEqual(
    orderedSteps(lists, -1, '2026-11-20 08:30:00').map(({ index }) => index),
    [0, 1, 2, 3],
  );
  const unknown = [
    ['a', 'b', 'c'],
    ['2026-11-20 08:00:00', null, '2026-11-20 09:00:00'],
  ];
  assert.deepEqual(
    orderedSteps(unknown, 1, '2026-11-20 08:30:00').map(({ index }) => index),
    [2, 0, 1],
  );
  assert.deepEqual(orderedSteps([[], []], 0, '2026-11-20'), []);
  // Lists that differ in length have a line for each element of the longest.
  assert.equal(orderedSteps([['a'], []], 1, '2026-11-20').length, 1);
});

test('elements keep their digits, markup and nesting', () => {
  const number = (source: string): NumberText => new NumberText(source);
  const values = [
    number('9007199254740993'),
    '<b>"x"</b>',
    null,
    [number('1'), [number('2.50')]],
    { a: number('1') },
    true,
    '',
  ];
  assert.deepEqual(values.map(elementText), [
    '9007199254740993',
    '<b>"x"</b>',
    null,
    '[1, [2.50]]',
    '{"a": 1}',
    'true',
    '',
  ]);
});
