import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnobSliders, type KnobChange } from '../../../webview/preview/knobSliders.ts';
import type { Knob } from '../../../src/protocol/preview.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
function knobOf(id: string, kind: Knob['kind'], value: number, max = 1): Knob {
  return {
    id,
    kind,
    entry: id,
    source: null,
    family: null,
    unit: null,
    value,
    min: 0,
    max,
    step: kind === 'count' ? 1 : 0.01,
    range,
  };
}
const knobs = [
  knobOf('a', 'share', 0.3),
  knobOf('b', 'share', 0.4),
  knobOf('c', 'share', 0.2),
  knobOf('d', 'share', 0.1),
  knobOf('n', 'count', 10, 20),
];
const [a, b] = knobs as [Knob, Knob];

/** Moves along a path in one gesture, and returns what is shown and what was written. */
async function moved(
  path: readonly { readonly value: number; readonly alone: boolean }[],
  knob = a,
): Promise<{ readonly shown: number[]; readonly changes: KnobChange[]; readonly steps: number }> {
  const changes: KnobChange[] = [];
  const sliders = new KnobSliders(
    (turn) => {
      changes.push(turn);
      return Promise.resolve(true);
    },
    () => assert.fail('lost'),
  );
  sliders.adopt(knobs, true);
  for (const { value, alone } of path) sliders.slide(knob, value, alone);
  sliders.settle();
  await sliders.written();
  return { shown: knobs.map((each) => sliders.currentValue(each)), changes, steps: sliders.steps };
}

test('where a gesture ends decides what it leaves, not what it passed on the way', async () => {
  const place = fc.record({ value: fc.integer({ min: 0, max: 100 }).map((n) => n / 100), alone: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(place, { maxLength: 12 }), place, async (path, end) => {
      const [direct, detour] = [await moved([end]), await moved([...path, end])];
      assert.deepEqual(detour.shown, direct.shown);
      const last = (changes: readonly KnobChange[]): Record<string, number> =>
        Object.fromEntries((changes.at(-1)?.values ?? []).map(({ id, value }) => [id, value]));
      // Other values that the detour changed are restored.
      assert.deepEqual(
        { a: 0.3, b: 0.4, c: 0.2, d: 0.1, ...last(detour.changes) },
        { a: 0.3, b: 0.4, c: 0.2, d: 0.1, ...last(direct.changes) },
      );
    }),
  );
});

test('a gesture is one undo step; one that ends where it began is no step', async () => {
  assert.equal(
    (
      await moved([
        { value: 0.5, alone: false },
        { value: 0.6, alone: false },
      ])
    ).steps,
    1,
  );
  const back = await moved([
    { value: 0.5, alone: false },
    { value: 0.3, alone: false },
  ]);
  assert.deepEqual([back.steps, back.shown], [0, [0.3, 0.4, 0.2, 0.1, 10]]);
});

test('a slider keeps its range during a gesture, even if the text allows more', () => {
  const sliders = new KnobSliders(
    () => new Promise(() => undefined),
    () => undefined,
  );
  sliders.adopt(knobs, true);
  sliders.slide(knobs[4] ?? a, 20, true);
  const grown = knobOf('n', 'count', 20, 100);
  sliders.adopt([...knobs.slice(0, 4), grown], true);
  assert.equal(sliders.ends(grown).max, 20);
});

test('a text that somebody else changed ends the gesture', async () => {
  const sliders = new KnobSliders(
    () => Promise.resolve(true),
    () => undefined,
  );
  sliders.adopt(knobs, true);
  sliders.slide(a, 0.5, true);
  await sliders.written();
  sliders.adopt([{ ...a, value: 0.5 }, ...knobs.slice(1)], true);
  assert.equal(sliders.currentValue({ ...a, value: 0.5 }), 0.5);
  sliders.adopt([{ ...a, value: 0.9 }, { ...b, value: 0.05 }, ...knobs.slice(2)], true);
  assert.deepEqual(
    [sliders.currentValue({ ...a, value: 0.9 }), sliders.currentValue({ ...b, value: 0.05 })],
    [0.9, 0.05],
  );
});
