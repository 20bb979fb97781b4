import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editedLines, lineChanges, linesOf } from '../../src/extension/preview/lineChanges.ts';
import { SplitGestures } from '../../src/extension/preview/splitGestures.ts';

// Tests how slider values are written into the text of an editor.
test('the changes between two texts of as many lines make the second out of the first', () => {
  const line = fc.string({ unit: fc.constantFrom('0', '.', '4', ' ', 'a') });
  fc.assert(
    fc.property(fc.array(fc.tuple(line, line), { minLength: 1 }), (pairs) => {
      const [from, to] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      const changes = lineChanges(from, to) ?? assert.fail('as many lines');
      const edits = changes.map(({ line: at, start, end, text }) => ({
        range: { start: { line: at, character: start }, end: { line: at, character: end } },
        text,
      }));
      assert.deepEqual(editedLines(from, edits), to);
    }),
  );
});

test('a change is the least of its line; texts of other lengths have none', () => {
  assert.deepEqual(lineChanges(linesOf('a: 0.40 # b\r\nc: 1'), linesOf('a: 0.45 # b\nc: 1')), [
    { line: 0, start: 6, end: 7, text: '5' },
  ]);
  assert.equal(lineChanges(['a'], ['a', 'b']), null);
});

const file = 'file:///a';
const steps = (gestures: SplitGestures, how: 'undo' | 'redo' | 'edit', ...texts: readonly string[]): boolean[] =>
  texts.map((text) => gestures.stopsInside(file, text, how));

test('an undo that stops inside a gesture continues to its end; another one does not', () => {
  const gestures = new SplitGestures();
  gestures.begin(file, '0');
  for (const text of ['4', '6', '9']) {
    gestures.wrote(file, text);
    gestures.saved(file);
  }
  assert.deepEqual(steps(gestures, 'undo', '6', '4', '0'), [true, true, false]);
  assert.deepEqual(steps(gestures, 'redo', '4', '6', '9'), [true, true, false]);
  // The same text typed and undone by the user.
  assert.deepEqual([...steps(gestures, 'edit', '4', '5'), ...steps(gestures, 'undo', '4')], [false, false, false]);
  assert.equal(gestures.stopsInside('file:///b', '4', 'undo'), false);
  gestures.forget(file);
  assert.deepEqual(steps(gestures, 'undo', '6'), [false]);
});

test('a save is known late, when the gesture has written newer texts', () => {
  const gestures = new SplitGestures();
  gestures.begin(file, '0');
  for (const text of ['4', '6', '9']) gestures.wrote(file, text);
  // Saved: 4.
  gestures.saved(file);
  assert.deepEqual(steps(gestures, 'undo', '4', '0'), [true, false]);
});

test('texts of a gesture that was not saved are not steps of it', () => {
  const gestures = new SplitGestures();
  gestures.begin(file, '0');
  for (const text of ['4', '9']) gestures.wrote(file, text);
  assert.deepEqual(steps(gestures, 'undo', '0'), [false]);
  assert.deepEqual([...steps(gestures, 'edit', '4', '9'), ...steps(gestures, 'undo', '4')], [false, false, false]);
});
