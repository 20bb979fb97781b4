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

test('an undo that stops inside a gesture continues to its end; another one does not', () => {
  const gestures = new SplitGestures();
  gestures.add('file:///a', { start: '0', end: '9', stops: new Set(['4', '6']) });
  const steps = (how: 'undo' | 'redo' | 'edit', ...texts: readonly string[]): boolean[] =>
    texts.map((text) => gestures.stopsInside('file:///a', text, how));
  assert.deepEqual(steps('undo', '6', '4', '0'), [true, true, false]);
  assert.deepEqual(steps('redo', '4', '6', '9'), [true, true, false]);
  // The same text typed and undone by the user.
  assert.deepEqual([...steps('edit', '4', '5'), ...steps('undo', '4')], [false, false, false]);
  assert.equal(gestures.stopsInside('file:///b', '4', 'undo'), false);
  gestures.forget('file:///a');
  assert.deepEqual(steps('undo', '6'), [false]);
});
